"""`caseload audit`: seal the audit trail now, or verify that nothing sealed was altered."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.house import opened
from services.care import packets
from services.care.packets import PacketCheck
from services.tenancy import audit_trail
from services.tenancy.anchor import AnchorUnreadable
from services.tenancy.audit_trail import Verification
from settings import Settings

app = typer.Typer(help="The audit trail and its chain.", no_args_is_help=True, add_completion=False)
_console = Console(highlight=False)


@app.command()
def verify(
    tenant: Annotated[str | None, typer.Option(help="Subdomain of one tenant; without it, all.")] = None,
) -> None:
    """Recompute every hash and name the first broken link. 0 all whole, 1 broken or unreadable, 2 no such tenant."""
    try:
        found = _run(lambda: audit_trail.verify(tenant))
    except AnchorUnreadable as error:
        _console.print(f"The anchor file is damaged at {error}.", style="red", markup=False)
        raise typer.Exit(1) from None
    if tenant and not found:
        _console.print(f"There is no tenant {tenant!r}.", style="red", markup=False)
        raise typer.Exit(2)
    _console.print(_table(found))
    raise typer.Exit(1 if any(one.broken for one in found) else 0)


@app.command()
def seal() -> None:
    """Seal what is not sealed yet. The worker does it every few seconds."""
    _console.print(f"{_run(audit_trail.seal_all)} seals made.")


@app.command()
def packet(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The PDF of an evidence packet.")],
    tenant: Annotated[str, typer.Option(help="Subdomain of the tenant that kept it.")],
) -> None:
    """Check an evidence packet against what was kept and the sealed chain. 0 genuine, 1 not, 2 no such tenant."""
    body = file.read_bytes()
    found: PacketCheck | None = _run(lambda: packets.verify_file(tenant, body))
    if found is None:
        _console.print(f"There is no tenant {tenant!r}.", style="red", markup=False)
        raise typer.Exit(2)
    for step in found.steps:
        _console.print(
            f"{'holds' if step.holds else 'DOES NOT HOLD':14} {step.label}: {step.told}", markup=False
        )
    if found.superseded_by:
        _console.print("A later packet has taken its place.", markup=False)
    elif found.document_id and not found.in_force:
        _console.print("The month was computed again since, and rests on it no longer.", markup=False)
    raise typer.Exit(0 if found.genuine else 1)


def _run(ask: Callable[[], Awaitable[Any]]) -> Any:
    settings = Settings.from_environment()

    async def asked() -> Any:
        async with opened(settings):
            audit_trail.configure(settings.audit_anchor_file)
            return await ask()

    return asyncio.run(asked())


def _table(found: list[Verification]) -> Table:
    table = Table("Tenant", "Seals", "Rows", "Not sealed yet", "Anchored", "Chain", box=None)
    for one in found:
        chain = f"[red]broken: {one.broken.what}[/]" if one.broken else "[green]whole[/]"
        table.add_row(
            one.subdomain, str(one.seals), str(one.rows), str(one.unsealed), str(one.anchored), chain
        )
    return table
