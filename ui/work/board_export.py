"""The board of the day as it leaves: a row for each group."""

from domain.paging import Page
from domain.tenancy import Actor
from services.work import board
from services.work.board import BoardLine, Risk

HEADINGS = ("By", "Group", "Breached", "At risk", "Due by midnight", "Not started in time")


async def pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[tuple[str, BoardLine]]:
    """All of it at once: groups are few."""
    found = await board.due_today(actor)
    hours = [BoardLine("", f"{one.hour:02}:00", one.risk) for one in found.hours]
    parts = {
        "Hour": hours,
        "Kind": found.kinds,
        "Client": found.clients,
        "Team": found.teams,
        "Owner": found.owners,
    }
    return Page(
        [("All", BoardLine("", "", found.all)), *((by, one) for by, lines in parts.items() for one in lines)]
    )


def cells(row: tuple[str, BoardLine]) -> tuple[object, ...]:
    """A group's row."""
    by, line = row
    risk: Risk = line.risk
    return by, line.name, risk.breached, risk.at_risk, risk.today, risk.unstarted
