"""`caseload incidents`: what keeps processes from going on, in every tenant, and having it tried now."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cli.house import opened
from services.operations import incidents
from services.operations.incident_views import PlatformIncident
from settings import Settings

app = typer.Typer(
    help="Incidents of every tenant, without anybody's data.", no_args_is_help=True, add_completion=False
)
_console = Console(highlight=False)


@app.command("list")
def list_open(limit: Annotated[int, typer.Option(help="Rows at most.")] = 200) -> None:
    """List the open incidents, those that fail longest first. 1 when there are any."""
    found: list[PlatformIncident] = _run(lambda: incidents.all_open(limit))
    if not found:
        _console.print("Every process goes on.")
        return
    table = Table(
        "Tenant", "Process", "What is wrong", "Step", "Code", "Tried", "Since", "Incident", box=None
    )
    for one in found:
        since = f"{one.first_failed_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(
            one.tenant, one.kind, one.words, one.activity, one.code, str(one.attempts), since, str(one.id)
        )
    _console.print(table)
    raise typer.Exit(1)


@app.command()
def retry(incident: Annotated[UUID, typer.Argument(help="The incident's id, as `list` shows it.")]) -> None:
    """Have what fails be tried now. 1 when there is no such open incident, or it was refused."""
    refused = _run(lambda: incidents.retry_as_platform(incident))
    if refused:
        _console.print(refused, style="red", markup=False)
        raise typer.Exit(1)
    _console.print("It is tried now.")


def _run(ask: Callable[[], Awaitable[Any]]) -> Any:
    settings = Settings.from_environment()

    async def asked() -> Any:
        async with opened(settings):
            return await ask()

    return asyncio.run(asked())
