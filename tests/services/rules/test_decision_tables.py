"""Decision tables through their services: drafts with faults, tests that guard publishing, versions, roll back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from database.decision_tables import decide
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from services.rules.drafts import save_draft
from services.rules.publishing import publish, restore, take_as_draft, withdraw
from services.rules.reading import compare, get_table, get_version, list_decisions, list_tables
from services.rules.table_views import CaseFacts, GridFacts, GridRow
from tests.fixtures.tenancy import TenantFixture

CODE = "denial_playbooks"
TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")).date()
FACTS = {
    "denial_class": "coding", "payer_id": "60054", "medicare": False, "codes": [], "preventable": True,
    "amount_cents": 60_000, "days_to_appeal": 60, "days_to_file": None,
}  # fmt: skip


def grid(*rows: tuple[str, str, str]) -> GridFacts:
    """A grid of rows by class, amount and the priority answered."""
    made = [
        GridRow(f"r{number}", {"denial_class": one, "amount_cents": amount}, {"priority": priority})
        for number, (one, amount, priority) in enumerate(rows, 1)
    ]
    return GridFacts(["denial_class", "amount_cents"], ["priority"], made)


GOOD = grid(("coding", "> $500", "1"), ("coding", "", "3"))
TEST = CaseFacts("High coding", {"denial_class": "coding", "amount_cents": "$600"}, [{"priority": "1"}])


async def answer(tenant: TenantFixture) -> int | None:
    """The priority that the process is answered."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        made = await decide(session, CODE, FACTS, default={"priority": None})
    return made.value["priority"]


async def test_a_draft_is_kept_with_its_faults_and_its_tests_and_nothing_is_in_force_yet(
    north: TenantFixture, south: TenantFixture
) -> None:
    draft = await save_draft(north.admin, CODE, grid(("coding", "> > 5", "soon")), [TEST])
    assert {(one.row, one.column) for one in draft.problems} == {("r1", "amount_cents"), ("r1", "priority")}
    assert [one.passed for one in draft.results] == [False] and "row 1" in draft.results[0].message
    assert await answer(north) is None
    assert (await get_table(south.admin, CODE)).draft.grid.rows == []


async def test_a_published_draft_decides_and_its_version_is_kept(
    north: TenantFixture, south: TenantFixture
) -> None:
    draft = await save_draft(north.admin, CODE, GOOD, [TEST])
    assert draft.differs and not draft.problems
    assert [(one.passed, one.rows) for one in draft.results] == [(True, [1])]
    line = await publish(north.admin, CODE, TODAY, "Big ones first", draft.version)
    assert (line.version, line.state, line.rows, line.reason) == (1, "in_force", 2, "Big ones first")
    assert await answer(north) == 1 and await answer(south) is None
    shown = await get_table(north.admin, CODE)
    assert (shown.origin, shown.version, shown.draft.differs) == ("own", 1, False)
    assert (await get_version(north.admin, CODE, 1)).tests == [TEST]
    kept = (await list_decisions(north.admin, CODE)).items
    assert [(one.origin, one.version, one.rows) for one in kept] == [("own", 1, [1])]
    listed = {one.code: one for one in await list_tables(north.admin)}
    assert (listed[CODE].origin, listed[CODE].decisions, listed[CODE].by_table) == ("own", 1, 1)
    assert listed["clocks"].origin == "default"


async def test_publishing_is_refused_while_a_cell_is_wrong_or_a_test_fails(north: TenantFixture) -> None:
    with pytest.raises(Conflict, match="no draft"):
        await publish(north.admin, CODE, TODAY, "Why not")
    wrong = replace(TEST, expected=[{"priority": "4"}])
    for one, tests, words in (
        (grid(("coding", "> > 5", "1")), [], "cell"),
        (GOOD, [TEST, wrong], "do not pass: High coding"),
        (grid(), [], "no rows"),
    ):
        await save_draft(north.admin, CODE, one, tests)
        with pytest.raises(Invalid) as refused:
            await publish(north.admin, CODE, TODAY, "Now")
        assert words in refused.value.what_to_do
    assert await answer(north) is None


async def test_a_version_needs_a_reason_and_a_day_that_is_not_past(north: TenantFixture) -> None:
    await save_draft(north.admin, CODE, GOOD, [TEST])
    for day, reason in (
        (TODAY, "  "),
        (TODAY - timedelta(days=1), "Why"),
        (TODAY + timedelta(days=400), "Why"),
    ):
        with pytest.raises(Invalid):
            await publish(north.admin, CODE, day, reason)
    line = await publish(north.admin, CODE, TODAY + timedelta(days=3), "From the new contract")
    assert line.state == "scheduled"
    assert await answer(north) is None


async def test_rolling_back_publishes_the_earlier_version_again(north: TenantFixture) -> None:
    for priority in ("1", "5"):
        await save_draft(north.admin, CODE, grid(("coding", "", priority)), [])
        await publish(north.admin, CODE, TODAY, f"Priority {priority}")
    assert await answer(north) == 5
    line = await restore(north.admin, CODE, 1, "Too late for the big ones")
    assert (line.version, line.kind, line.restores) == (3, "restored", 1)
    assert await answer(north) == 1
    states = [(one.version, one.state) for one in (await get_table(north.admin, CODE)).versions]
    assert states == [(3, "in_force"), (2, "past"), (1, "past")]
    changed = await compare(north.admin, CODE, 2, 3)
    assert [(one.what, one.before["then.priority"], one.after["then.priority"]) for one in changed] == [
        ("changed", "5", "1")
    ]


async def test_a_withdrawn_table_leaves_the_default(north: TenantFixture) -> None:
    with pytest.raises(Conflict):
        await withdraw(north.admin, CODE, "Nothing there")
    await save_draft(north.admin, CODE, GOOD, [])
    await publish(north.admin, CODE, TODAY, "Now")
    await withdraw(north.admin, CODE, "Back to the playbooks")
    assert await answer(north) is None
    with pytest.raises(Conflict):
        await restore(north.admin, CODE, 2, "It has no rows")
    again = await take_as_draft(north.admin, CODE, 1)
    assert len(again.grid.rows) == 2


async def test_two_people_who_edit_the_same_draft_do_not_overwrite_one_another(north: TenantFixture) -> None:
    first = await save_draft(north.admin, CODE, GOOD, [])
    await save_draft(north.admin, CODE, grid(("duplicate", "", "4")), [], first.version)
    with pytest.raises(Conflict, match="Somebody else"):
        await save_draft(north.admin, CODE, GOOD, [], first.version)
    with pytest.raises(Conflict):
        await publish(north.admin, CODE, TODAY, "Seen by nobody", first.version)


async def test_viewing_editing_and_publishing_are_three_rights(north: TenantFixture) -> None:
    lead, biller = await north.actor("Team Lead"), await north.actor("Biller")
    await save_draft(lead, CODE, GOOD, [])
    with pytest.raises(NotAllowed):
        await publish(lead, CODE, TODAY, "Mine")
    for act in (get_table(biller, CODE), save_draft(biller, CODE, GOOD, []), list_decisions(biller)):
        with pytest.raises(NotAllowed):
            await act


async def test_a_table_that_is_not_in_the_catalogue_is_nowhere(north: TenantFixture) -> None:
    for act in (
        get_table(north.admin, "x"),
        save_draft(north.admin, "x", GOOD, []),
        get_version(north.admin, CODE, 9),
    ):
        with pytest.raises(NotFound):
            await act


async def test_what_cannot_be_stored_is_refused_while_typing(north: TenantFixture) -> None:
    twice = GridFacts(["denial_class"], ["priority"], [GridRow("a"), GridRow("a")])
    with pytest.raises(Invalid):
        await save_draft(north.admin, CODE, twice, [])
    with pytest.raises(Invalid):
        await save_draft(north.admin, CODE, grid(("a\0", "", "1")), [])
