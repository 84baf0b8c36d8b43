"""The commands of `caseload`. Each imports what it needs only when it runs, so that `--help` is instant."""

import asyncio
import importlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from settings import Settings, SettingsError

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

app = typer.Typer(
    name="caseload",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a plain trace in the logs, never with locals: those may hold PHI
    rich_markup_mode="rich",
    help="Runs the work of medical billing, care coordination and multi-service practices.",
)

JsonFlag = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]


def main() -> None:
    """Run the command line; a setting that is missing or wrong ends it with a sentence, not a trace."""
    try:
        app(prog_name="caseload")
    except SettingsError as error:
        typer.secho(f"caseload: {error}", fg="red", err=True)
        raise SystemExit(2) from error


@app.command(rich_help_panel="Start here")
def up(
    port: Annotated[
        int, typer.Option(help="Port of the pages and the API; a busy one moves to the next.")
    ] = 8000,
    data: Annotated[Path | None, typer.Option(help="Folder of the data; kept between runs.")] = None,
    seed: Annotated[bool, typer.Option(help="Fill the demo tenants the first time.")] = True,
) -> None:
    """Start the whole platform on this machine: database, Temporal, practice clearinghouse, worker, web."""
    from cli.up import run

    raise SystemExit(run(_settings(), port, data, seed=seed))


@app.command(rich_help_panel="Start here")
def demo(as_json: JsonFlag = False) -> None:
    """Take a claim from registration to payment in a stack of its own, and prove every step."""
    from cli.demo import demo as tell

    raise SystemExit(tell(as_json))


@app.command(context_settings=PASS_ON, rich_help_panel="For developers")
def test(context: typer.Context) -> None:
    """Run every test, browser journeys included. Further arguments go to pytest."""
    from cli.checks import run_tests

    raise SystemExit(run_tests(context.args))


@app.command(rich_help_panel="For developers")
def check() -> None:
    """Check format, lint, types and the direction of imports."""
    from cli.checks import run_checks

    raise SystemExit(run_checks())


@app.command(rich_help_panel="For developers")
def bench(
    name: Annotated[str | None, typer.Argument(help="Which one; without it they are listed.")] = None,
    size: Annotated[int | None, typer.Option(min=1, help="How many, where a benchmark has a size.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure one thing beside its yardstick in the same run."""
    from cli.benches import run

    raise SystemExit(run(name, as_json, size))


@app.command(rich_help_panel="Roles of a deployment")
def web() -> None:
    """Serve pages, API and Piccolo Admin in one process."""
    _serve("web")


@app.command(rich_help_panel="Roles of a deployment")
def api() -> None:
    """Serve the API alone."""
    _serve("api")


@app.command(rich_help_panel="Roles of a deployment")
def ui() -> None:
    """Serve the pages and Piccolo Admin alone; a load balancer must keep a person on one replica."""
    _serve("ui")


@app.command(rich_help_panel="Roles of a deployment")
def worker() -> None:
    """Run workflows and activities."""
    from cli.worker import run

    run(_settings())


@app.command(rich_help_panel="Roles of a deployment")
def migrate() -> None:
    """Bring the database to the current schema, as its owner."""
    from database.migrate import migrate as forwards

    asyncio.run(forwards(_settings().required("owner_database_url")))
    typer.echo("The database has the current schema.")


@app.command(context_settings=PASS_ON, rich_help_panel="Roles of a deployment")
def sandbox(context: typer.Context) -> None:
    """The practice clearinghouse: `sandbox serve …`, `sandbox scenarios`; `sandbox --help` says more."""
    root = str(Path(__file__).resolve().parent.parent)
    os.environ["PYTHONPATH"] = root
    os.execv(sys.executable, [sys.executable, "-P", "-m", "sandbox", *context.args])


@app.command(hidden=True)
def seed() -> None:
    """Fill the demo tenants by running the real processes; `up` starts it the first time."""
    from cli.seed import run

    raise SystemExit(run(_settings()))


@app.command(context_settings=PASS_ON, rich_help_panel="Look inside")
def rules(context: typer.Context) -> None:
    """Print the catalogue of scrubbing rules, or keep the platform's decision tables: `rules tables`, `rules publish FILE`."""
    _hand_over("cli.rules", context)


@app.command("settings", rich_help_panel="Look inside")
def settings_table(as_json: JsonFlag = False) -> None:
    """Print every setting: its variable, default, current value and meaning."""
    from cli.listing import show_settings

    show_settings(_settings(), as_json)


@app.command(context_settings=PASS_ON, rich_help_panel="Look inside")
def x12(context: typer.Context) -> None:
    """Check or show an X12 file: `x12 check FILE`, `x12 show FILE`."""
    _hand_over("cli.x12", context)


@app.command(context_settings=PASS_ON, rich_help_panel="Look inside")
def audit(context: typer.Context) -> None:
    """Verify the audit chain: `audit verify`."""
    _hand_over("cli.audit", context)


@app.command(context_settings=PASS_ON, rich_help_panel="Look inside")
def incidents(context: typer.Context) -> None:
    """See what keeps processes from going on, and retry it: `incidents list`, `incidents retry ID`."""
    _hand_over("cli.incidents", context)


def _hand_over(module: str, context: typer.Context) -> None:
    """Let the Typer application of `module` take the rest of the command line."""
    importlib.import_module(module).app(args=context.args, prog_name=f"caseload {context.info_name}")


def _serve(role: str) -> None:
    from cli.web import run

    settings = _settings()
    run(role, settings.host, settings.port, settings)  # type: ignore[arg-type]


def _settings() -> Settings:
    return Settings.from_environment()
