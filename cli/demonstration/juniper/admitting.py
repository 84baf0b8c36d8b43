"""Brings the patients in: with coverages, profiles, enrolments, consents and care plans, in one transaction."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.care.enrolling import WORKFLOW
from cli.demonstration.juniper.company import PLACES
from cli.demonstration.juniper.company import coordinator as coordinator_person
from cli.demonstration.juniper.hiring import Staff
from cli.demonstration.juniper.patients import CarePatient
from cli.demonstration.juniper.planning import plan_for
from cli.demonstration.masters import House
from database import clientele_phi as phi
from database.care_plans import BODY
from database.care_reads import SAID
from database.clientele_phi import Insured
from database.crypto import TenantKey
from database.session import Session, tenant_session
from domain.care.enrolment import CONSENT_POINTS, TRANSITIONS, Event, Step
from domain.care.month import Month
from domain.care.plan import as_json

PLAN_DUE_DAYS = 30
# Processes that wait for nobody are begun once the other companies stand, and slowly: the machine stays free for who looks.
STARTS_AFTER, STARTS_A_SECOND = timedelta(minutes=4), 5
_ORDER = (Event.ELIGIBLE, Event.VISITED, Event.CONSENTED, Event.PLANNED)
_DAYS_BEFORE = {Event.ELIGIBLE: -12, Event.VISITED: -5, Event.CONSENTED: 0, Event.PLANNED: 6}
_FACTS = {Step.REFERRED: 0, Step.VISIT: 1, Step.CONSENT: 2, Step.PLANNING: 3}
_WORDS = (
    "Yes, please go ahead.",
    "That is fine with me.",
    "I would like that, thank you.",
    "Yes, call me on weekdays.",
)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A patient as stored."""

    facts: CarePatient
    patient_id: UUID
    enrolment_id: UUID
    client_id: UUID
    user_id: UUID

    @property
    def on_a_roster(self) -> bool:
        """Who was only referred waits for somebody to take them."""
        return self.facts.step is not Step.REFERRED


def id_at(moment: datetime, *keys: object) -> UUID:
    """A UUID of version 7 that is the same for the same keys, and stands in lists where its moment belongs."""
    digest = hashlib.sha256("/".join(str(key) for key in keys).encode()).digest()
    number = (int(moment.timestamp() * 1000) << 80) | int.from_bytes(digest[:10], "big")
    number = number & ~(0xF << 76) | (7 << 76)
    return UUID(int=number & ~(0x3 << 62) | (0x2 << 62))


def at_noon(patient: CarePatient, day: date) -> datetime:
    """Noon of a day at the patient's practice."""
    return datetime.combine(day, time(12), ZoneInfo(PLACES[patient.place].zone))


def admitted(house: House, staff: Staff, everybody: Sequence[CarePatient], tenant: UUID) -> list[Admitted]:
    """Everybody with the ids that they are stored under, the same in every run."""
    return [
        Admitted(
            one,
            id_at(at_noon(one, one.since), tenant, "patient", one.number),
            id_at(at_noon(one, one.since), tenant, "enrolment", one.number),
            house.clients[one.place],
            staff.coordinators[one.coordinator],
        )
        for one in everybody
    ]


async def admit(house: House, everybody: Sequence[Admitted], today: date) -> int:
    """Store all of them unless they are there; how many were added."""
    admin = await house.admin()
    async with tenant_session(admin) as session:
        if await session.value("SELECT 1 FROM care_enrolments WHERE tenant_id = current_tenant() LIMIT 1"):
            return 0
        key = await session.key()
        await _people(session, key, everybody)
        await _coverages(session, key, house, everybody)
        await _profiles(session, everybody)
        await _enrolments(session, key, house, everybody, today)
        await _plans(session, key, everybody)
        await _processes(session, everybody)
        await session.audit(
            "demonstration.patients", "tenants", session.tenant_id, detail={"patients": len(everybody)}
        )
    return len(everybody)


async def _people(session: Session, key: TenantKey, everybody: Sequence[Admitted]) -> None:
    tenant = session.tenant_id
    columns = ("tenant_id", "id", "client_id", "account_number", "person", "birth_date_index")
    rows = [
        (
            tenant, one.patient_id, one.client_id, one.facts.account,
            phi.seal_person(key, one.facts.person, one.facts.phone),
            phi.birth_index(key, one.facts.person.birth_date),
        )
        for one in everybody
    ]  # fmt: skip
    await session.copy("patients", columns, rows)
    tokens: dict[str, list[bytes]] = {}
    for word in {w for one in everybody for w in (one.facts.person.last_name, one.facts.person.first_name)}:
        tokens[word] = key.prefixes(phi.NAME_INDEX, word)
    found = [
        (tenant, token, one.patient_id)
        for one in everybody
        for token in {*tokens[one.facts.person.last_name], *tokens[one.facts.person.first_name]}
    ]
    await session.copy("patient_name_tokens", ("tenant_id", "token", "patient_id"), found)


async def _coverages(session: Session, key: TenantKey, house: House, everybody: Sequence[Admitted]) -> None:
    columns = ("tenant_id", "patient_id", "payer_id", "subscriber", "member_id_index")
    rows = [
        (
            session.tenant_id, one.patient_id, house.payers[one.facts.payer],
            phi.seal_insured(key, Insured(one.facts.member_id)), phi.member_index(key, one.facts.member_id),
        )
        for one in everybody
    ]  # fmt: skip
    await session.copy("coverages", columns, rows)


async def _profiles(session: Session, everybody: Sequence[Admitted]) -> None:
    columns = ("tenant_id", "patient_id", "language", "zone", "state", "risk", "engagement", "specialisation")
    rows = [
        (
            session.tenant_id, one.patient_id, one.facts.language, PLACES[one.facts.place].zone,
            PLACES[one.facts.place].state, one.facts.risk, one.facts.engagement, one.facts.need,
        )
        for one in everybody
    ]  # fmt: skip
    await session.copy("care_profiles", columns, rows)


async def _enrolments(
    session: Session, key: TenantKey, house: House, everybody: Sequence[Admitted], today: date
) -> None:
    rows = [_enrolment(house, one, today, session.tenant_id) for one in everybody]
    await session.copy("care_enrolments", list(rows[0]), [tuple(row.values()) for row in rows])
    events = [event for one in everybody for event in _events(key, one, today, session.tenant_id)]
    columns = ("tenant_id", "id", "enrolment_id", "event", "step", "said", "actor_id", "actor_name", "at")
    await session.copy("care_enrolment_events", columns, [event[:-1] for event in events])
    await session.copy(
        "care_enrolment_steps",
        ("tenant_id", "event_id", "enrolment_id", "step"),
        [(event[0], event[1], event[2], event[-1]) for event in events],
    )


def _enrolment(house: House, one: Admitted, today: date, tenant: UUID) -> dict[str, Any]:
    facts, step = one.facts, one.facts.step
    known = _FACTS.get(step, 4)
    consented = facts.since if known >= 3 else None
    ends, alarm = _ending(one, today)
    stored = facts.since + timedelta(days=_DAYS_BEFORE[Event.PLANNED])
    return {
        "tenant_id": tenant,
        "id": one.enrolment_id,
        "client_id": one.client_id,
        "patient_id": one.patient_id,
        "programme": facts.programme,
        "practitioner_id": house.providers[facts.place][facts.practitioner],
        "coordinator_id": one.user_id if one.on_a_roster else None,
        "conditions": facts.conditions if known else 0,
        "complex_decisions": facts.complex_decisions and known > 0,
        "qmb": facts.qmb and known > 0,
        "step": step.value,
        "consented_on": consented,
        "plan_due_on": consented + timedelta(days=PLAN_DUE_DAYS) if consented else None,
        "review_on": plan_for(facts, stored).review_on if known == 4 else None,
        "ends_on": ends,
        "alarm_at": alarm,
        "created_by": one.user_id,
        "created_at": at_noon(facts, facts.since - timedelta(days=14)),
        "version": 1 + known,
    }


def _ending(one: Admitted, today: date) -> tuple[date | None, datetime | None]:
    """The last day of those who leave with this month, or left with the last."""
    zone = PLACES[one.facts.place].zone
    if one.facts.step is Step.ENDING:
        month = Month(today.year, today.month, zone)
        return month.last, datetime.fromtimestamp(month.window[1], UTC)
    if one.facts.step is Step.ENDED:
        return today.replace(day=1) - timedelta(days=1), None
    return None, None


def _events(key: TenantKey, one: Admitted, today: date, tenant: UUID) -> Iterator[tuple[Any, ...]]:
    """What was told of the enrolment so far, each with the step that it led to."""
    step, told = Step.REFERRED, list(_ORDER[: _FACTS.get(one.facts.step, 4)])
    if one.facts.step in (Step.ENDING, Step.ENDED):
        told.append(Event.REVOKED)
    if one.facts.step is Step.ENDED:
        told.append(Event.MONTH_OVER)
    name = coordinator_person(one.facts.coordinator).name
    for event in told:
        on = _day_of(event, one.facts, today)
        said = key.seal_json(SAID, _said(event, one.facts, on))
        moment = at_noon(one.facts, on)
        after = TRANSITIONS[step].events[event]
        identifier = id_at(moment, tenant, "event", event.value, one.facts.number)
        yield (
            tenant, identifier, one.enrolment_id, event.value, step.value, said, one.user_id, name, moment,
            after.value,
        )  # fmt: skip
        step = after


def _day_of(event: Event, facts: CarePatient, today: date) -> date:
    month = today.replace(day=1)
    if event is Event.MONTH_OVER:
        return month
    if event is Event.REVOKED:
        return month - timedelta(days=9) if facts.step is Step.ENDED else month
    return facts.since + timedelta(days=_DAYS_BEFORE[event])


def _said(event: Event, facts: CarePatient, on: date) -> dict[str, Any]:
    if event is Event.ELIGIBLE:
        told: dict[str, Any] = {
            "conditions": facts.conditions,
            "months_expected": 12,
            "significant_risk": True,
        }
        return told | {name: True for name in ("complex_decisions", "qmb") if getattr(facts, name)}
    if event is Event.CONSENTED:
        how = "written" if facts.number % 5 == 0 else "verbal"
        words = _WORDS[facts.number % len(_WORDS)]
        return {"on": on.isoformat(), "how": how, "given_by": "The patient", "words": words, "points": list(CONSENT_POINTS)}  # fmt: skip
    if event is Event.REVOKED:
        return {"on": on.isoformat(), "how": "verbal", "given_by": "The patient"}
    return {"on": on.isoformat()} if event is Event.VISITED else {}


async def _plans(session: Session, key: TenantKey, everybody: Sequence[Admitted]) -> None:
    columns = (
        "tenant_id", "id", "enrolment_id", "patient_id", "version", "body", "complete", "stored_on", "review_on",
        "stored_by", "stored_by_name", "stored_at",
    )  # fmt: skip
    rows = []
    for one in everybody:
        if one.facts.step.value in _FACTS:
            continue
        on = one.facts.since + timedelta(days=_DAYS_BEFORE[Event.PLANNED])
        plan, moment = plan_for(one.facts, on), at_noon(one.facts, on)
        identifier = id_at(moment, session.tenant_id, "plan", one.facts.number)
        rows.append(
            (
                session.tenant_id, identifier, one.enrolment_id, one.patient_id, 1,
                key.seal_json(BODY, as_json(plan)), True, on, plan.review_on, one.user_id,
                coordinator_person(one.facts.coordinator).name, moment,
            )
        )  # fmt: skip
    await session.copy("care_plans", columns, rows)


async def _processes(session: Session, everybody: Sequence[Admitted]) -> None:
    """Each enrolment's process is started: at once where it waits for a person, the others by and by."""
    going = sorted((one for one in everybody if one.facts.step is not Step.ENDED), key=_waits_for_nobody)
    now = datetime.now(UTC)
    columns = ("tenant_id", "id", "kind", "workflow", "workflow_id", "payload", "next_attempt_at")
    rows = []
    for number, one in enumerate(going):
        moment = now + _waits_for_nobody(one) * STARTS_AFTER + timedelta(seconds=number / STARTS_A_SECOND)
        start = {"tenant_id": str(session.tenant_id), "enrolment_id": str(one.enrolment_id)}
        process = f"{session.tenant_id}/care_enrolment/{one.enrolment_id}"
        identifier = id_at(now, process)
        rows.append((session.tenant_id, identifier, "start", WORKFLOW, process, json.dumps(start), moment))
    await session.copy("outbox", columns, rows)


def _waits_for_nobody(one: Admitted) -> bool:
    return not TRANSITIONS[one.facts.step].person
