"""A decision table of a demo company: which denials are worked first, published with its test."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cli.demonstration.masters import House
from services.rules.drafts import save_draft
from services.rules.publishing import publish
from services.rules.reading import get_table
from services.rules.table_views import CaseFacts, GridFacts, GridRow

TABLE = "denial_playbooks"
_GRID = GridFacts(
    ["denial_class", "amount_cents"],
    ["priority"],
    [
        GridRow("r1", {"denial_class": "coding", "amount_cents": "> $500"}, {"priority": "1"}),
        GridRow("r2", {"denial_class": "coding", "amount_cents": ""}, {"priority": "3"}),
    ],
)
_TEST = CaseFacts(
    "A large coding denial comes first",
    {"denial_class": "coding", "amount_cents": "$600"},
    [{"priority": "1"}],
)


async def decide_by_tables(house: House) -> bool:
    """Publish the table; False when that was done before."""
    admin = await house.admin()
    if (await get_table(admin, TABLE)).version:
        return False
    draft = await save_draft(admin, TABLE, _GRID, [_TEST])
    today = datetime.now(ZoneInfo("America/New_York")).date()
    await publish(admin, TABLE, today, "Large coding denials first", draft.version)
    return True
