"""Freezing a month of care: its time is locked, running clocks are cut at its end, and its patients are listed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.care.month_clocks import cut_clocks
from activities.care.month_messages import MonthStanding, MonthTask, PatientPortion, PortionTask
from activities.care.month_rows import ACTOR, change_step, lock_month, note
from database.care_codes import code_table, frozen_with
from database.session import Session, tenant_session
from domain.care.closing import Event, Step, patient_month_id
from domain.care.month import Month
from domain.refusals import Conflict
from domain.tenancy import workflow_actor

AT_ONCE = 24
_ZONES = """
SELECT coalesce(p.zone, t.time_zone) AS zone FROM tenants t LEFT JOIN care_practices p ON p.tenant_id = t.id
WHERE t.id = current_tenant() UNION SELECT time_zone FROM tenants WHERE id = current_tenant()
"""
# Whoever had consented on a day of the month, whoever has time in it, and whoever was billed for it before.
_PATIENTS = """
WITH days AS (
    SELECT e.tenant_id, e.patient_id, e.client_id, e.consented_on, e.ends_on,
        $1::timestamp AT TIME ZONE coalesce(p.zone, t.time_zone) AS begins,
        ($1::timestamp + interval '1 month') AT TIME ZONE coalesce(p.zone, t.time_zone) AS ends
    FROM care_enrolments e JOIN tenants t ON t.id = e.tenant_id
    LEFT JOIN care_practices p ON p.tenant_id = e.tenant_id AND p.client_id = e.client_id
    WHERE e.tenant_id = current_tenant())
SELECT patient_id, min(client_id::text)::uuid AS client_id FROM (
    SELECT patient_id, client_id FROM days d
    WHERE d.consented_on < ($1::timestamp + interval '1 month')::date AND (d.ends_on IS NULL OR d.ends_on >= $1::date)
        OR EXISTS (SELECT FROM care_time_entries c WHERE c.tenant_id = d.tenant_id AND c.patient_id = d.patient_id
            AND c.starts_at >= d.begins - interval '1 day' AND c.starts_at < d.ends AND c.ends_at > d.begins)
    UNION ALL
    SELECT p.patient_id, p.client_id FROM care_patient_months p
    JOIN care_month_claims k ON k.tenant_id = p.tenant_id AND k.patient_month_id = p.id AND NOT k.taken_back
    WHERE p.tenant_id = current_tenant() AND p.care_month_id = $2) found
GROUP BY patient_id
"""
_NEXT = """
SELECT id FROM care_patient_months WHERE tenant_id = current_tenant() AND care_month_id = $1 AND revision = $2
    AND outcome = 'waiting' AND NOT superseded AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4
"""
_FROZEN = """
UPDATE care_months SET frozen = true, frozen_at = clock_timestamp(), computing_at = clock_timestamp(), total = $2,
    codes = coalesce(codes, $3), done = 0, computed_at = NULL, closed_at = NULL WHERE id = $1
"""


async def zones_of(session: Session) -> list[str]:
    """The zones in which the tenant's months end: its own and those of its practices."""
    return [row["zone"] for row in await session.fetch(_ZONES)]


def ended_everywhere(zones: Sequence[str], month: date) -> datetime:
    """The moment at which a month has ended in all of these zones."""
    return max(datetime.fromtimestamp(Month(month.year, month.month, zone).window[1], UTC) for zone in zones)


async def must_have_ended(session: Session, month: date) -> None:
    """Refuse to close a month that still runs somewhere."""
    if datetime.now(UTC) < (ends := ended_everywhere(await zones_of(session), month)):
        raise Conflict(
            "care_month.not_over",
            f"{month:%B %Y} has not ended for every practice.",
            f"It can be closed from {ends:%Y-%m-%d %H:%M} UTC on.",
        )


@activity.defn
async def freeze_month(task: MonthTask) -> MonthStanding:
    """Lock the month's time, list its patients and keep the codes that it is reckoned with, once. Whoever is writing time
    of it is waited for; who comes later is refused."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        row = await lock_month(session, task.month_id)
        if row["revision"] != task.revision or row["step"] != Step.FREEZING:
            return MonthStanding(Step(row["step"]), row["revision"] != task.revision)
        await must_have_ended(session, row["month"])
        # Whoever stops a clock holds it before the month; in the same order nobody waits for each other.
        await session.execute("SELECT FROM care_timers ORDER BY user_id FOR UPDATE")
        await session.execute(
            "SELECT pg_advisory_xact_lock(care_month_lock(current_tenant(), $1))", row["month"]
        )
        unattended = await cut_clocks(session, datetime(row["month"].year, row["month"].month, 1, tzinfo=UTC))
        total = await _list_patients(session, row, unattended)
        codes = frozen_with(await code_table(session, row["month"]))
        await session.execute(_FROZEN, row["id"], total, codes)
        await change_step(session, row, Event.FROZEN)
        await note(session, row, Event.FROZEN, f"frozen:{task.revision}", {"patients": total})
        return MonthStanding(Step.COMPUTING)


async def _list_patients(session: Session, month: Any, unattended: Mapping[UUID, int]) -> int:
    """A row for each patient of this revision, in the place of those of the one before; their number."""
    patients = await session.fetch(_PATIENTS, month["month"], month["id"])
    await session.execute(
        "UPDATE care_patient_months SET superseded = true WHERE care_month_id = $1 AND NOT superseded",
        month["id"],
    )
    first, revision = month["month"], month["revision"]
    columns = (
        "tenant_id",
        "id",
        "care_month_id",
        "month",
        "client_id",
        "patient_id",
        "revision",
        "clocks_cut",
    )
    rows = [
        (
            session.tenant_id,
            patient_month_id(session.tenant_id, one["patient_id"], first, revision),
            month["id"],
            first,
            one["client_id"],
            one["patient_id"],
            revision,
            unattended.get(one["patient_id"], 0),
        )
        for one in patients
    ]
    await session.copy("care_patient_months", columns, rows)
    return len(rows)


@activity.defn
async def next_patients(task: PortionTask) -> PatientPortion:
    """Note how far the close has come; the patients whose turn it is."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        await session.execute(
            "UPDATE care_months SET done = $3 WHERE id = $1 AND revision = $2 AND done < $3",
            task.month_id,
            task.revision,
            task.done,
        )
        rows = await session.fetch(_NEXT, task.month_id, task.revision, task.after, AT_ONCE)
        return PatientPortion([row["id"] for row in rows])
