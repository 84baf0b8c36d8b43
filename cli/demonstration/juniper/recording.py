"""Writes the months of work: time entries, decisions on what was entered late, and attempts to reach patients."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cli.demonstration.juniper.admitting import Admitted, id_at
from cli.demonstration.juniper.company import EACH, TEAMS
from cli.demonstration.juniper.company import coordinator as coordinator_person
from cli.demonstration.juniper.hiring import Staff
from cli.demonstration.juniper.history import Spent, month_of
from cli.demonstration.juniper.rhythm import last_day, stream
from cli.demonstration.masters import House
from database.care_outreach import NOTE as OUTREACH_NOTE
from database.care_reads import NOTE, REASON
from database.crypto import TenantKey
from database.session import Session, tenant_session
from domain.care.activities import Source

_NOTES = {
    "patient_call": ("Feels well; weight steady.", "Short of breath on stairs; told the practice.", "Readings look better.", "Asked about the flu shot.", "Wants to walk more."),
    "caregiver_call": ("Daughter will drive on Tuesday.", "Caregiver asks for respite."),
    "care_plan_review": ("Goals gone through; no change.", "Goal for the spring agreed."),
    "medication_management": ("List reconciled with the pharmacy.", "Refill ordered; two days left.", "Dose unclear; asked the practice."),
    "provider_coordination": ("Specialist's letter forwarded.", "Appointment moved up a week."),
    "referral": ("Referral to the dietitian sent.",),
    "results_review": ("Laboratory results read; kidney values steady.", "Blood pressure log looked through."),
    "education": ("Explained salt and reading labels.", "Inhaler technique practised by telephone."),
    "community_resources": ("Meals on weekdays arranged.",),
}  # fmt: skip
_REASONS = (
    "Telephone away from the desk",
    "The clock was not started",
    "Call on the way back from the practice",
)
_LATE = ("Found in my notes", "The system was down that day")
_IN_VAIN = {"no_answer": 0.55, "left_message": 0.35, "refused": 0.04, "wrong_number": 0.06}
_COLUMNS = (
    "tenant_id", "id", "enrolment_id", "patient_id", "staff_id", "staff_name", "credential", "activity", "starts_at",
    "ends_at", "source", "note", "reason", "recorded_by", "recorded_at",
)  # fmt: skip
_OUTREACH = ("tenant_id", "id", "enrolment_id", "patient_id", "by_user", "at", "channel", "outcome", "note")


async def record_month(
    house: House, staff: Staff, everybody: Sequence[Admitted], first: date, now: datetime
) -> int:
    """One month in one transaction, unless it holds time already; how many entries were added."""
    admin = await house.admin()
    until = last_day(first) + timedelta(days=1)
    async with tenant_session(admin) as session:
        there = await session.value(
            "SELECT 1 FROM care_time_entries WHERE tenant_id = current_tenant() AND starts_at >= $1 AND starts_at < $2"
            " LIMIT 1",
            datetime(first.year, first.month, 2, 12, tzinfo=now.tzinfo),
            datetime(until.year, until.month, 1, tzinfo=now.tzinfo),
        )
        if there:
            return 0
        spent = month_of(first, [one.facts for one in everybody], now)
        await _write(session, staff, everybody, spent, now)
        await session.audit(
            "demonstration.care_time",
            "tenants",
            session.tenant_id,
            detail={"month": f"{first:%Y-%m}", "entries": len(spent)},
        )
    return len(spent)


async def _write(
    session: Session, staff: Staff, everybody: Sequence[Admitted], spent: Sequence[Spent], now: datetime
) -> None:
    key, by_number = await session.key(), {one.facts.number: one for one in everybody}
    entries: list[tuple[Any, ...]] = []
    decisions: list[tuple[Any, ...]] = []
    tries: list[tuple[Any, ...]] = []
    for one in spent:
        patient = by_number[one.patient.number]
        entry = _entry(session.tenant_id, key, patient, one, now)
        entries.append(entry)
        if one.source is Source.BACK_DATED and entry[-1] + timedelta(days=1) < now:
            decided = entry[-1] + timedelta(hours=20)
            decisions.append((session.tenant_id, entry[1], True, _manager(staff, one), decided))
        if one.activity in ("patient_call", "caregiver_call"):
            tries.extend(_tries(session.tenant_id, key, patient, one))
    await session.copy("care_time_entries", _COLUMNS, entries)
    columns = ("tenant_id", "entry_id", "approved", "decided_by", "decided_at")
    await session.copy("care_time_decisions", columns, decisions)
    await session.copy("care_outreach", _OUTREACH, tries)


def _entry(tenant: UUID, key: TenantKey, one: Admitted, spent: Spent, now: datetime) -> tuple[Any, ...]:
    chance = stream("entry", one.facts.number, spent.starts_at.isoformat())
    by_clock = spent.source is Source.LIVE
    notes = _NOTES[spent.activity]
    note = key.seal(NOTE, chance.choice(notes).encode()) if chance.random() < 0.7 else None
    words = chance.choice(_LATE if spent.source is Source.BACK_DATED else _REASONS)
    reason = None if by_clock else key.seal(REASON, words.encode())
    recorded = spent.ends_at + (
        timedelta(days=spent.late) if by_clock or spent.late else timedelta(minutes=25)
    )
    return (
        tenant, id_at(spent.starts_at, tenant, "entry", one.facts.number), one.enrolment_id, one.patient_id,
        one.user_id, coordinator_person(one.facts.coordinator).name, "clinical", spent.activity, spent.starts_at,
        spent.ends_at, spent.source.value, note, reason, one.user_id, min(recorded, now),
    )  # fmt: skip


def _manager(staff: Staff, spent: Spent) -> UUID:
    """Who leads the coordinator's team."""
    place = spent.patient.coordinator // EACH
    return staff.managers[next(at for at, (_, places) in enumerate(TEAMS) if place in places)]


def _tries(tenant: UUID, key: TenantKey, one: Admitted, spent: Spent) -> Iterator[tuple[Any, ...]]:
    """The call itself, which reached somebody, and before it those in vain: more for who is hard to reach."""
    chance = stream("tries", one.facts.number, spent.starts_at.isoformat())
    in_vain = 0
    while in_vain < 3 and chance.random() < 0.55 - 0.1 * one.facts.engagement:
        in_vain += 1
    for number in range(in_vain, 0, -1):
        at = spent.starts_at - timedelta(minutes=47 * number)
        identifier = id_at(at, tenant, "try", number, one.facts.number)
        outcome = chance.choices(list(_IN_VAIN), list(_IN_VAIN.values()))[0]
        yield (tenant, identifier, one.enrolment_id, one.patient_id, one.user_id, at, "phone", outcome, None)
    channel = "video" if chance.random() < 0.06 else "phone"
    note = key.seal(OUTREACH_NOTE, b"Good time to call: mornings.") if chance.random() < 0.03 else None
    identifier = id_at(spent.starts_at, tenant, "try", 0, one.facts.number)
    yield (
        tenant, identifier, one.enrolment_id, one.patient_id, one.user_id, spent.starts_at, channel, "reached", note,
    )  # fmt: skip
