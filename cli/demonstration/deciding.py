"""The decision tables of a demo company: three in force with their tests, and one of them changed in a draft."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cli.demonstration.masters import House
from domain.rules.catalogue import Hit
from domain.tenancy import Actor
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
# Findings that only warn: what the demo's claims come to stays as planned.
SCRUBBING = GridFacts(
    ["form", "procedures", "highest_line_cents"],
    ["id", "severity", "message", "citation"],
    [
        GridRow("lab", {"procedures": "83036, 80053"},
                {"id": "OWN-001", "severity": "warn", "message": "Keep the lab order with the claim.", "citation": "Office manual 4.2"},
                "two payers ask for it"),
        GridRow("high", {"form": "professional", "highest_line_cents": "> $500"},
                {"id": "OWN-002", "severity": "warn", "message": "Have a second person look at this charge.", "citation": "Office manual 2.1"}),
    ],
    Hit.COLLECT,
)  # fmt: skip
ROUTING = GridFacts(
    ["kind", "denial_class", "amount_cents"],
    ["priority"],
    [
        GridRow(
            "large", {"kind": "denial", "amount_cents": "> $500"}, {"priority": "1"}, "large denials first"
        ),
        GridRow("small", {"kind": "denial", "amount_cents": "< $25"}, {"priority": "5"}),
    ],
)
_MORE = GridRow("middle", {"kind": "denial", "amount_cents": "[$200..$500]"}, {"priority": "2"}, "to be tried on last month")  # fmt: skip
_TABLES: tuple[tuple[str, GridFacts, list[CaseFacts], str], ...] = (
    (TABLE, _GRID, [_TEST], "Large coding denials first"),
    ("scrubbing", SCRUBBING, [
        CaseFacts("A1c with its order", {"form": "professional", "procedures": "83036", "highest_line_cents": "$38"}, [{"id": "OWN-001"}]),
        CaseFacts("Plain visit", {"form": "professional", "procedures": "99213", "highest_line_cents": "$138"}, []),
    ], "What the office manual asks for"),
    ("routing", ROUTING, [
        CaseFacts("Large denial", {"kind": "denial", "amount_cents": "$612"}, [{"priority": "1"}]),
        CaseFacts("A held claim stays as it is", {"kind": "hold"}, []),
    ], "Large denials first"),
)  # fmt: skip


async def decide_by_tables(house: House) -> bool:
    """Publish the tables and change one of them in a draft; False when that was done before."""
    admin = await house.admin()
    if (await get_table(admin, TABLE)).version:
        return False
    for code, grid, tests, reason in _TABLES:
        await _published(admin, code, grid, tests, reason)
    tests = _TABLES[-1][2]
    await save_draft(admin, "routing", replace(ROUTING, rows=[*ROUTING.rows, _MORE]), tests)
    return True


async def _published(admin: Actor, code: str, grid: GridFacts, tests: list[CaseFacts], reason: str) -> None:
    draft = await save_draft(admin, code, grid, tests)
    today = datetime.now(ZoneInfo(admin.time_zone)).date()
    await publish(admin, code, today, reason, draft.version)
