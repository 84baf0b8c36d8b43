"""Months of care closed on a real Temporal: once, also when the worker dies in the middle, and again after a reopening."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import pytest_asyncio

from domain.care.closing import claim_id, patient_month_id
from domain.care.plan import Problem
from domain.refusals import Conflict
from services.care import months, time_entries, timers
from services.care.packets import packet_check
from services.care.time_entries import TimeFacts
from services.work import actions
from tests.fixtures.care import ZONE
from tests.fixtures.care_months import MonthDesk
from tests.fixtures.exchange import Exchange
from tests.fixtures.lifecycle import Crew, Walk, eventually


@pytest_asyncio.fixture
async def desk(crew: Crew, here: Exchange) -> MonthDesk:
    return await MonthDesk(here).open()


@pytest_asyncio.fixture
async def other_desk(crew: Crew, there: Exchange) -> MonthDesk:
    return await MonthDesk(there).open()


async def test_a_month_is_billed_once_though_the_worker_dies_and_both_tenants_close_at_once(
    crew: Crew, desk: MonthDesk, other_desk: MonthDesk, quick_redelivery: None
) -> None:
    ids = [*await desk.patients(4), *await desk.patients(1, seconds=1199)]
    others = await other_desk.patients(2, seconds=2400)
    await asyncio.gather(desk.close(), other_desk.close())

    async def begun() -> bool:
        return any(row["outcome"] == "billed" for row in (await desk.outcomes()).values())

    await eventually(begun)
    await crew.rest()
    await crew.work()
    closed = await desk.stands("closed")
    await other_desk.stands("closed")
    rows = await desk.outcomes()
    assert [rows[one]["outcome"] for one in ids] == ["billed"] * 4 + ["nothing"]
    tenant_id = desk.exchange.tenant.tenant_id
    frozen_at = (await desk.exchange.one("SELECT frozen_at FROM care_months"))["frozen_at"]
    for one in ids[:4]:
        assert rows[one]["id"] == patient_month_id(tenant_id, one, desk.month, 1)
        assert rows[one]["claim_ids"] == [claim_id(frozen_at, rows[one]["id"])]
        assert [line[:3] for line in await desk.lines(one)] == [("99490", 1, 6500)]
    assert set(await desk.claims()) == set(ids[:4])
    packets = await desk.exchange.rows("SELECT document_id, patient_id FROM care_packets")
    assert {row["patient_id"]: row["document_id"] for row in packets} == {
        one: rows[one]["packet_id"] for one in ids[:4]
    }
    assert len(packets) == 4
    assert {one.outcome: (one.patients, one.charge_cents) for one in closed.outcomes} == {
        "billed": (4, 26_000),
        "nothing": (1, 0),
    }
    assert [line[:3] for line in await other_desk.lines(others[0])] == [
        ("99490", 1, 6500),
        ("99439", 1, 5000),
    ]
    assert set(await other_desk.claims()) == set(others)
    with pytest.raises(Conflict, match="The month is closed"):
        await desk.close()


async def closed_with_late_time(desk: MonthDesk) -> UUID:
    """Close while late time of two more patients waits; what is decided on it reaches the month by itself. Whose was approved."""
    approved, refused = await desk.patients(2, seconds=900)
    for one in (approved, refused):
        await desk.late_time(one, 300)
    await desk.close()
    waiting = await desk.stands("exceptions")
    assert {one.code: one.patients for one in waiting.findings} == {
        "care.no_plan": 1,
        "care.approval_waits": 2,
    }
    await decided_late(desk, approved, "approve")
    await decided_late(desk, refused, "refuse")
    await eventually(lambda: has_come_to(desk, approved, "billed"))
    await eventually(lambda: has_come_to(desk, refused, "nothing"))
    return approved


async def packets_of(desk: MonthDesk) -> tuple[list[UUID], dict[UUID, bool]]:
    """Whose packets took the place of another, and whose last packet is in force."""
    kept = await desk.exchange.rows(
        "SELECT patient_id, document_id, supersedes FROM care_packets ORDER BY kept_at"
    )
    checked = [(one["patient_id"], await packet_check(desk.admin, one["document_id"])) for one in kept]
    superseding = [row["patient_id"] for row in kept if row["supersedes"]]
    return superseding, {one: check.in_force for one, check in checked}


async def test_exceptions_wait_for_people_and_a_reopened_month_corrects_only_what_changed(
    crew: Crew, desk: MonthDesk, there: Exchange
) -> None:
    same, more, less = await desk.patients(3)
    (unplanned,) = await desk.patients(1, plan=False)
    approved = await closed_with_late_time(desk)
    with pytest.raises(asyncpg.PostgresError, match="is locked"):
        await desk.more_time(same, 60)
    assert "no care plan" in (await desk.exchange.items("care_exception"))[0]["title"]
    await decide(desk, "compute_again")
    await decide(desk, "exclude", "The plan was never written")
    await desk.stands("closed")
    assert (await desk.outcomes())[unplanned]["outcome"] == "excluded"
    before = await desk.claims()
    assert set(before) == {same, more, less, approved}

    await reopened(desk)
    await desk.more_time(more, 2400 - 1500)
    await desk.take_back(less)
    assert (await desk.close()).revision == 2
    await desk.stands("exceptions")
    await decide(desk, "exclude")
    closed = await desk.stands("closed")
    rows, after = await desk.outcomes(), await desk.claims()
    outcomes = [rows[one]["outcome"] for one in (same, more, less, unplanned)]
    assert outcomes == ["billed", "billed", "nothing", "excluded"]
    assert {one: row["id"] for one, row in after.items()} == {one: row["id"] for one, row in before.items()}
    assert [line[:3] for line in await desk.lines(more)] == [("99490", 1, 6500), ("99439", 1, 5000)]

    async def withdrawn() -> bool:
        return (await desk.claims())[less]["closed_reason"] == "withdrawn"

    await eventually(withdrawn)
    versions = {row["claim_id"]: row["n"] for row in await desk.exchange.rows(_VERSIONS)}
    assert [versions[after[one]["id"]] for one in (same, more, less)] == [1, 2, 1]
    superseding, in_force = await packets_of(desk)
    assert superseding == [more]
    assert in_force == {same: True, more: True, less: False, approved: True}
    assert [one.label for one in closed.history][:3] == ["Closed", "Computed, with exceptions", "Time locked"]
    assert await there.count("care_months") == 0


async def test_time_of_a_locked_month_is_refused_and_running_clocks_are_cut_at_its_end(
    crew: Crew, desk: MonthDesk
) -> None:
    patient = (await desk.patients(1, seconds=900))[0]
    ends = datetime.combine(desk.month_after, time(0), ZoneInfo(ZONE))
    enrolment = await desk.exchange.one("SELECT id FROM care_enrolments WHERE patient_id = $1", patient)
    await desk.exchange.rows(
        "INSERT INTO care_timers (tenant_id, user_id, enrolment_id, activity, started_at, seen_at)"
        " VALUES ($1, $2, $3, 'patient_call', $4, $5) RETURNING id",
        desk.exchange.tenant.tenant_id,
        desk.desk.actor.user_id,
        enrolment["id"],
        ends - timedelta(seconds=300),
        ends + timedelta(seconds=60),
    )
    await desk.close()
    await desk.stands("closed")
    row = (await desk.outcomes())[patient]
    assert (row["outcome"], row["seconds"]) == ("billed", 1200)
    assert [line[3] for line in await desk.lines(patient)] == [ends.date() - timedelta(days=1)]
    clock = await timers.my_timer(desk.desk.actor)
    assert clock is not None and clock.started_at == ends
    facts = TimeFacts("patient_call", ends - timedelta(minutes=9), ends - timedelta(minutes=8), "Forgotten")
    with pytest.raises(Conflict, match="is closed") as locked:
        await time_entries.record_time(desk.desk.actor, enrolment["id"], facts)
    assert locked.value.code == "care_month.locked" and "reopened" in locked.value.what_to_do
    entry = await desk.exchange.rows("SELECT id FROM care_time_entries WHERE patient_id = $1", patient)
    with pytest.raises(Conflict, match="is closed"):
        await time_entries.void_time(desk.admin, entry[0]["id"], "A mistake")


async def test_paid_claims_are_replaced_where_the_month_changed_and_void_where_nothing_is_left(
    walk: Walk, quick_redelivery: None
) -> None:
    desk = await MonthDesk(walk).open()
    more, less, otherwise, moved, both = everybody = await desk.patients(5)
    await desk.also_in_pcm(both, await desk.practitioner())
    await months.close_month(desk.admin, desk.key, release=True)
    await desk.stands("closed")
    claims = await desk.claims()
    ccm, pcm = (await desk.outcomes())[both]["claim_ids"]
    assert ccm == claims[both]["id"]
    for one in (*(claims[one]["id"] for one in everybody), pcm):
        await walk.at_step(one, "closed")
    warned = (await walk.view(ccm)).findings
    assert [one.rule_id for one in warned] == ["CL-CAR-005"]
    await reopened(desk)
    await desk.more_time(more, 2400 - 1500)
    await desk.new_problems(otherwise, Problem("J449"), Problem("I10"))
    await desk.new_coverage(moved)
    await desk.take_back(less)
    await desk.take_back(both, "pcm")
    await desk.close()
    await desk.stands("closed")
    for one, frequency in ((more, "7"), (less, "8"), (otherwise, "7"), (moved, "8")):
        view = await walk.becomes(claims[one]["id"], lambda claim: claim.current_version == 2)
        assert (view.frequency, view.findings) == (frequency, [])
    assert (await walk.view(claims[otherwise]["id"])).draft.diagnoses == ("J449", "I10")
    assert (await walk.becomes(pcm, lambda claim: claim.current_version == 2)).frequency == "8"
    assert (await walk.view(ccm)).current_version == 1
    rows = await walk.rows(
        "SELECT patient_id, id, coverage_id FROM claims WHERE NOT id = ANY($1)",
        [pcm, *(one["id"] for one in claims.values())],
    )
    assert [(one["patient_id"], [one["id"]]) for one in rows] == [
        (moved, (await desk.outcomes())[moved]["claim_ids"])
    ]
    assert rows[0]["coverage_id"] != claims[moved]["coverage_id"]
    assert [line[:3] for line in await desk.lines(more)] == [("99490", 1, 6500), ("99439", 1, 5000)]


_VERSIONS = "SELECT claim_id, count(*)::int AS n FROM claim_versions GROUP BY claim_id"


async def decide(desk: MonthDesk, decision: str, comment: str = "Seen to") -> None:
    """Decide on the next exception."""
    item = (await eventually(lambda: desk.exchange.items("care_exception")))[0]
    await actions.take(desk.admin, item["id"])
    await actions.complete(desk.admin, item["id"], decision, comment)


async def decided_late(desk: MonthDesk, patient_id: UUID, decision: str) -> None:
    """A manager decides on time that was entered late."""
    manager = await desk.exchange.tenant.actor("Care Manager")
    asked = await desk.exchange.one(
        "SELECT a.id FROM approvals a JOIN care_time_entries t ON t.id = a.subject_id WHERE t.patient_id = $1",
        patient_id,
    )

    async def there() -> Any:
        items = await desk.exchange.items("approval")
        return next((one for one in items if one["subject_id"] == asked["id"]), None)

    item = await eventually(there)
    await actions.take(manager, item["id"])
    await actions.complete(manager, item["id"], decision, "Looked at")


async def has_come_to(desk: MonthDesk, patient_id: UUID, outcome: str) -> bool:
    """Whether a patient's month has come to this."""
    return bool((await desk.outcomes())[patient_id]["outcome"] == outcome)


async def reopened(desk: MonthDesk) -> None:
    """Ask for the month to be reopened, and have somebody else approve it."""
    manager = await desk.exchange.tenant.actor("Care Manager")
    asked = await months.ask_reopening(desk.admin, desk.key, "A call was entered for the wrong patient")
    assert asked.approval_reference
    item = (await eventually(lambda: desk.exchange.items("approval")))[0]
    await actions.take(manager, item["id"])
    await actions.complete(manager, item["id"], "approve")
    await desk.stands("reopened")
