"""`caseload rules …`: the platform's own decision tables, which decide for every company that has none of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.house import opened
from domain.refusals import Refusal
from services.rules import platform_tables
from services.rules.platform_tables import PlatformDraft
from settings import Settings

T = TypeVar("T")
Reason = Annotated[
    str, typer.Option(help="Why, in a few words; every company's audit trail keeps who and when.")
]
By = Annotated[str, typer.Option(help="Who publishes: your name.")]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=["%Y-%m-%d"], help="The first day (UTC) on which it holds; without it, today."
    ),
]
_console = Console(highlight=False)


def tables() -> None:
    """List the decision tables, and which the platform has published for all companies."""
    table = Table("Table", "Code", "Version", "Since", "Next from", "By", "Why", box=None)
    for one in _run(platform_tables.platform_tables):
        version = str(one.version) if one.version else "none"
        words = (
            one.name,
            one.code,
            version,
            _day(one.effective_from),
            _day(one.planned),
            one.published_by,
            one.reason,
        )
        table.add_row(*(escape(word) for word in words))
    _console.print(table)


def table(code: Annotated[str, typer.Argument(help="The table's code, as `tables` shows it.")]) -> None:
    """Print a table as the file that `publish` takes: the platform's version in force, else what holds without one."""
    typer.echo(_run(lambda: platform_tables.platform_table(code)))


def publish(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The table as JSON.")],
    reason: Reason = "",
    by: By = "",
    begins: From = None,
    dry_run: Annotated[bool, typer.Option(help="Only say what would be published.")] = False,
) -> None:
    """Publish a table for every company without one of its own. 1 when it is refused, or would be."""
    text = file.read_text(encoding="utf-8")
    draft = _run(lambda: platform_tables.look_for_all(text))
    _tell(draft)
    if dry_run:
        raise typer.Exit(1 if draft.refusal else 0)
    made = _run(lambda: platform_tables.publish_for_all(text, reason, by, _date(begins)))
    _console.print(f"Published as version {made}.")


def withdraw(
    code: Annotated[str, typer.Argument(help="The table's code, as `tables` shows it.")],
    reason: Reason = "",
    by: By = "",
    begins: From = None,
) -> None:
    """Take the platform's table out of force: what holds without one decides again."""
    made = _run(lambda: platform_tables.withdraw_for_all(code, reason, by, _date(begins)))
    _console.print(f"Withdrawn as version {made}.")


def _tell(draft: PlatformDraft) -> None:
    _console.print(
        f"{draft.name}: version {draft.version}, {draft.rows} rows. Today it would decide for {draft.decides_for} of"
        f" {draft.companies} companies; the others have a table of their own.",
        markup=False,
    )
    for one in draft.differences:
        _console.print(
            f"  row {one.row} {one.what}: {_cells(one.before)} -> {_cells(one.after)}", markup=False
        )
    for fault in draft.problems:
        place = " ".join(part for part in (fault.row and f"row {fault.row}", fault.column) if part)
        _console.print(f"  wrong: {place or 'table'}: {fault.message}", style="red", markup=False)
    for case in draft.results:
        said = "passes" if case.passed else f"FAILS: {case.message or case.answered}"
        _console.print(f"  test {case.name}: {said}", markup=False)
    if draft.refusal:
        _console.print(draft.refusal, style="red", markup=False)


def _cells(cells: dict[str, str]) -> str:
    return ", ".join(f"{key} {text}" for key, text in cells.items()) or "-"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(moment: datetime | None) -> date | None:
    return moment.replace(tzinfo=UTC).date() if moment else None


def _run(ask: Callable[[], Awaitable[T]]) -> T:
    settings = Settings.from_environment()

    async def asked() -> T:
        async with opened(settings):
            return await ask()

    try:
        return asyncio.run(asked())
    except Refusal as refusal:
        faults = " ".join(one.message for one in refusal.fields) or refusal.what_to_do
        _console.print(f"{refusal.title} {faults}", style="red", markup=False)
        raise typer.Exit(1) from None
