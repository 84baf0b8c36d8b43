"""A tenant's own codes of care: published from a day on, reckoned with by month, and kept by months that were closed."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.care.month_freezing import freeze_month
from activities.care.month_messages import MonthTask, PatientInput
from activities.care.month_patients import compute_patient
from activities.care.reckoning import month_at, reckoned
from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from database.care_codes import code_table
from database.care_reads import practice_of
from database.session import tenant_session
from domain.care.codes import STANDARD
from domain.refusals import Conflict, Invalid, NotAllowed
from domain.tenancy import Actor, workflow_actor
from services.care import terms
from services.care.code_trial import try_codes
from services.care.codes import care_codes
from services.care.terms import TermsFacts
from services.claims import capture
from services.rules.drafts import save_draft
from services.rules.publishing import publish, withdraw
from services.rules.reading import get_table
from services.rules.simulation import simulate
from services.rules.table_views import GridRow
from tests.fixtures.care_months import MonthDesk
from tests.fixtures.exchange import Exchange

TABLE = "care_codes"


async def draft(actor: Actor, row_of: str, /, **cells: str) -> Any:
    """The draft with other cells in a code's row; without cells the row is gone."""
    grid = (await get_table(actor, TABLE)).draft.grid
    rows = [
        GridRow(row.id, {}, row.then | cells) if row.then["code"] == row_of else row
        for row in grid.rows
        if cells or row.then["code"] != row_of
    ]
    return await save_draft(actor, TABLE, replace(grid, rows=rows), [])


async def counted(desk: MonthDesk, patient_id: UUID) -> dict[str, int]:
    """The units that the patient's last month comes to."""
    async with tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests")) as session:
        key = month_at(await practice_of(session, desk.exchange.client_id), desk.month)
        found = (await reckoned(session, [patient_id], key))[patient_id]
    return {one.code: one.units for one in found.lines}


async def test_a_month_goes_by_the_version_in_force_on_its_last_day_and_a_closed_one_keeps_it(
    here: Exchange, there: Exchange
) -> None:
    desk, other = await MonthDesk(here).open(), await MonthDesk(there).open()
    (patient,), (stranger,) = await desk.patients(1, 2400), await other.patients(1, 2400)
    assert await counted(desk, patient) == {"99490": 1, "99439": 1}
    shown = await draft(desk.admin, "99490", most_units="0")
    assert shown.differs and not shown.problems and not shown.warnings
    tried = await try_codes(desk.admin)
    assert (tried.patients, tried.billed_now, tried.billed_draft, tried.changed) == (1, 1, 1, 1)
    assert [(one.code, one.now, one.draft) for one in tried.units] == [("99490", 1, 1), ("99439", 1, 0)]
    assert (await try_codes(other.admin, desk.key)).changed == 0
    last = desk.month_after - timedelta(days=1)
    await publish(desk.admin, TABLE, last, "No add-on from this payer")
    assert await counted(desk, patient) == {"99490": 1}
    assert await counted(other, stranger) == {"99490": 1, "99439": 1}
    line = await desk.close()
    assert line.id is not None
    await freeze_month(MonthTask(here.tenant.tenant_id, line.id, 1))
    (row,) = (await desk.outcomes()).values()
    await compute_patient(PatientInput(here.tenant.tenant_id, row["id"]))
    snapshot = json.loads((await desk.outcomes())[patient]["snapshot"])
    closed, before = await care_codes(desk.admin, desk.key), await care_codes(desk.admin, "2020-01")
    assert snapshot["table_version"] == closed.version and closed.version.startswith("1 (")
    assert (closed.own, closed.frozen, before.own) == (True, True, False)
    await draft(desk.admin, "99490", seconds="1500")
    await publish(desk.admin, TABLE, last, "They ask for twenty-five minutes")
    assert await counted(desk, patient) == {"99490": 1}
    assert (await care_codes(desk.admin, desk.key)).version == closed.version
    running = await care_codes(desk.admin)
    assert [one.seconds for one in running.lines if one.code == "99490"] == [1500] and not running.frozen
    assert (await care_codes(other.admin)).version == STANDARD.on(date.today()).version


async def test_what_cannot_be_reckoned_with_is_not_published_and_what_is_left_undone_is_told(
    here: Exchange, there: Exchange
) -> None:
    desk = await MonthDesk(here).open()
    await desk.patients(1)
    today = date.today()
    for code, cells, words in (
        ("99490", {"seconds": "1199.5"}, "whole number"),
        ("99490", {"most_units": "-1"}, "between 0 and 999"),
        ("99490", {"programme": "ccx"}, "Choose one of"),
        ("99490", {"whose": "doctor"}, "Choose one of"),
        ("99491", {"code": "99490"}, "in force twice"),
        ("G0556", {"add_on": "99439"}, "Leave it empty"),
    ):
        before = (await get_table(desk.admin, TABLE)).draft.grid
        broken = await draft(desk.admin, code, **cells)
        assert words in broken.problems[0].message
        for act in (publish(desk.admin, TABLE, today, "Now"), try_codes(desk.admin)):
            with pytest.raises(Invalid):
                await act
        await save_draft(desk.admin, TABLE, before, [])
    await draft(desk.admin, "99490")
    assert (await draft(desk.admin, "99491")).warnings == ["No base code bills CCM: 1 patient is in it."]
    assert (await publish(desk.admin, TABLE, today - timedelta(days=40), "CCM ends here")).state == "in_force"
    with pytest.raises(Invalid, match="cannot begin"):
        await publish(desk.admin, TABLE, today - timedelta(days=400), "Long ago")
    with pytest.raises(Conflict, match="read whole"):
        await simulate(desk.admin, TABLE)
    with pytest.raises(NotAllowed):
        await care_codes(desk.desk.actor)
    assert (await get_table(there.tenant.admin, TABLE)).draft.warnings == []


async def test_a_version_that_is_broken_leaves_the_last_good_one_and_a_withdrawn_one_the_standard(
    here: Exchange, there: Exchange
) -> None:
    admin, owner, day = here.tenant.admin, here.tenant.owner, date.today()
    await draft(admin, "99490", seconds="1260")
    await publish(admin, TABLE, day, "Twenty-one minutes")
    await owner.execute(
        "INSERT INTO rule_versions (tenant_id, table_code, version, kind, content, tests, effective_from, reason)"
        " SELECT tenant_id, table_code, 2, kind, replace(content::text, '\"1260\"', '\"1260.5\"')::jsonb, tests,"
        " effective_from, 'A release before knew no better' FROM rule_versions WHERE table_code = $1",
        TABLE,
    )
    assert await _first_seconds(here, day) == 1260 and await _first_seconds(there, day) == 1200
    (fault,) = await owner.fetch("SELECT place, message FROM rule_faults")
    assert fault["place"] == "row 3, seconds" and "whole number" in fault["message"]
    await withdraw(admin, TABLE, "As Medicare says")
    assert await _first_seconds(here, day) == 1200


async def test_terms_take_the_codes_of_versions_that_are_published_for_later(
    here: Exchange, there: Exchange
) -> None:
    admin = here.tenant.admin
    await draft(admin, "99490", code="99480", add_on="99481")
    await publish(admin, TABLE, date.today() + timedelta(days=60), "The code set of next year")
    assert {"99480", "99481", "99490"} <= set(await terms.priced_codes(admin))
    assert "99480" not in await terms.priced_codes(there.tenant.admin)
    facts = TermsFacts(date.today(), "code", {"99480": 4_000})
    assert (await terms.set_terms(admin, here.client_id, facts)).rates == {"99480": 4_000}
    with pytest.raises(Invalid):
        await terms.set_terms(there.tenant.admin, there.client_id, facts)


async def test_a_claim_with_a_code_of_ones_own_is_scrubbed_as_one_for_care(
    here: Exchange, there: Exchange
) -> None:
    day = date.today().replace(day=1) - timedelta(days=9)
    await draft(here.tenant.admin, "99490", code="99480")
    await publish(here.tenant.admin, TABLE, day, "The code set of this year")
    assert [await _scrubbed(here, day - timedelta(days=number)) for number in (0, 1)] == [
        set(),
        {"CL-CAR-001"},
    ]
    assert [await _scrubbed(there, day - timedelta(days=number)) for number in (0, 1)] == [set(), set()]


async def _scrubbed(exchange: Exchange, day: date) -> set[str]:
    """The edits of care that a claim with 99480 on a day meets."""
    drafted = exchange.draft(6_500)
    line = replace(drafted.lines[0], procedure="99480", service_from=day, service_to=day)
    claim = await capture.create(exchange.tenant.admin, replace(drafted, lines=(line,)))
    await scrub_claim(ClaimTask(exchange.tenant.tenant_id, claim.id, 1))
    found = await exchange.rows("SELECT rule_id FROM claim_findings WHERE claim_id = $1", claim.id)
    return {row["rule_id"] for row in found if row["rule_id"].startswith("CL-CAR")}


async def _first_seconds(exchange: Exchange, day: date) -> int:
    async with tenant_session(workflow_actor(exchange.tenant.tenant_id, "tests")) as session:
        table = await code_table(session, day)
    return next(row.base_seconds for row in table.timed if row.code == "99490")
