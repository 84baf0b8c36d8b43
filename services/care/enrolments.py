"""Enrolments in care: begun, told what happened, handed to a coordinator, and seen by whose roster they are on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.enrolling import WORKFLOW
from activities.care.rosters import must_be_licensed, must_coordinate, put_all, tell_rosters
from database.care_reads import SAID, practice_of
from database.identity import time_ordered_id
from database.session import Session
from domain.care.activities import PROGRAMMES
from domain.care.enrolment import NOT_SAID, WORDS, Event, Said, Step, faults_of, following
from domain.care.entries import Programme
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.scope import OVERDUE, ROW, mine, must_not_be_anothers, rosters
from services.care.views import CareLine, CareNewsLine, CareView, line_of, view_of
from services.clientele import checks, records
from services.clientele.checks import Faults

LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class CareFacts:
    """Whom to enrol in what (ccm, pcm, apcm), with the practitioner of record. Without a coordinator: the asker's own
    roster, or for managers nobody's yet."""

    patient_id: UUID
    programme: str
    practitioner_id: UUID
    coordinator_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CareNews:
    """What happened; what is needed of the rest depends on the event. `words` is what was said, in its own words."""

    event: str
    on: date | None = None
    conditions: int = 0
    months_expected: int = 0
    significant_risk: bool = False
    complex_decisions: bool = False
    qmb: bool = False
    how: str = ""
    given_by: str = ""
    words: str = ""
    points: tuple[str, ...] = ()
    reason: str = ""


@door.query(Permission.CARE_VIEW, phi=True)
async def list_care(
    session: Session,
    step: str = "",
    programme: str = "",
    coordinator_id: UUID | None = None,
    client_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
    overdue: bool = False,
) -> Page[CareLine]:
    """Patients in care, the newest first; of one's own roster only, unless one manages care. `overdue`: only those whose
    care plan is overdue, or its review."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{ROW} AND ($2 = '' AND e.step <> 'ended' OR e.step = $2) AND ($3 = '' OR e.programme = $3)"
        " AND ($4::uuid IS NULL OR e.coordinator_id = $4) AND ($5::uuid IS NULL OR e.client_id = $5)"
        f" AND ($6::uuid IS NULL OR e.id < $6) AND (NOT $7 OR {OVERDUE}) ORDER BY e.id DESC LIMIT {size + 1}",
        await rosters(session),
        step,
        programme,
        coordinator_id,
        client_id,
        uuid_in(cursor) if cursor else None,
        overdue,
    )
    key = await session.key()
    lines = [line_of(key, row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def get_care(session: Session, id: UUID) -> CareView:
    """One enrolment with its history."""
    return await _shown(session, id)


async def _shown(session: Session, id: UUID) -> CareView:
    row = await mine(session, id)
    key = await session.key()
    events = await session.fetch(
        "SELECT at, event, step, actor_name, said FROM care_enrolment_events WHERE enrolment_id = $1 ORDER BY id DESC",
        id,
    )
    history = [
        CareNewsLine(
            one["at"],
            one["event"],
            one["step"],
            WORDS[Event(one["event"])],
            one["actor_name"],
            key.open_json(SAID, one["said"]) if one["said"] else {},
        )
        for one in events
    ]
    return view_of(key, row, history)


@door.answering(Permission.CARE_RECORD, _shown)
async def enrol(session: Session, facts: CareFacts) -> UUID:
    """Begin an enrolment; its process opens the work of each step."""
    return await begun(session, facts)


async def begun(session: Session, facts: CareFacts) -> UUID:
    """The same inside a transaction that does more."""
    client_id = await _checked(session, facts)
    identifier = time_ordered_id()
    manages = Permission.CARE_MANAGE in session.actor.permissions
    coordinator_id = facts.coordinator_id if manages else session.actor.user_id
    if coordinator_id is not None:
        await must_be_licensed(session, [(facts.patient_id, coordinator_id)])
    await session.execute(
        "INSERT INTO care_enrolments (tenant_id, id, client_id, patient_id, programme, practitioner_id, coordinator_id,"
        " created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        session.tenant_id,
        identifier,
        client_id,
        facts.patient_id,
        facts.programme,
        facts.practitioner_id,
        coordinator_id,
        session.actor.user_id,
    )
    start = {"tenant_id": session.tenant_id, "enrolment_id": identifier}
    await session.tell("start", process(session, identifier), "", start, workflow=WORKFLOW)
    return identifier


@door.answering(Permission.CARE_RECORD, _shown, of="care_enrolments")
async def tell_care(session: Session, id: UUID, news: CareNews) -> UUID:
    """Tell what happened: eligible, visited, consented, revoked, withdrawn. Consents are kept word for word, sealed."""
    row = await mine(session, id)
    event = _event_of(news.event)
    following(Step(row["step"]), event)
    said = _said(news)
    today = (await practice_of(session, row["client_id"])).today
    if faults := faults_of(event, said, Programme(row["programme"]), today, row["consented_on"]):
        raise Invalid(
            "care_enrolment.incomplete",
            "Something is missing.",
            "Mend the fields that are named.",
            fields=faults,
        )
    await tell_event(session, row, event, asdict(said))
    return id


async def tell_event(session: Session, row: Any, event: Event, said: Mapping[str, Any]) -> None:
    """Store a fact and tell the enrolment's process."""
    fact = {"tenant_id": session.tenant_id, "event_id": await keep_event(session, row, event, said)}
    await session.tell("update", process(session, row["id"]), "happened", fact)


async def keep_event(session: Session, row: Any, event: Event, said: Mapping[str, Any]) -> UUID:
    """Store a fact in the enrolment's history; its id."""
    kept = {name: value for name, value in said.items() if value}
    event_id: UUID = await session.value(
        "INSERT INTO care_enrolment_events (tenant_id, enrolment_id, event, step, said, actor_id, actor_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        session.tenant_id,
        row["id"],
        event.value,
        row["step"],
        (await session.key()).seal_json(SAID, kept),
        session.actor.user_id,
        session.actor.name,
    )
    return event_id


@door.command(Permission.CARE_MANAGE)
async def assign_coordinator(session: Session, ids: list[UUID], coordinator_id: UUID | None) -> int:
    """Put patients onto the roster of a coordinator who may have them, or onto nobody's; how many were moved. Those
    concerned are told."""
    moved = await put_all(session, ids, coordinator_id)
    await tell_rosters(session, moved, key=f"care_assigned:{time_ordered_id()}")
    return len(moved)


def process(session: Session, enrolment_id: UUID) -> str:
    """The id of an enrolment's process."""
    return f"{session.tenant_id}/care_enrolment/{enrolment_id}"


async def _checked(session: Session, facts: CareFacts) -> UUID:
    """The patient's practice, once everything fits together."""
    faults = Faults("care_enrolment")
    known = ", ".join(PROGRAMMES)
    faults.one_of("programme", facts.programme, PROGRAMMES, f"Choose one of: {known}.")
    faults.refuse()
    await must_not_be_anothers(session, facts.patient_id)
    await records.must_be_active(session, "patients", facts.patient_id, "patient_id", "patient")
    await records.must_be_active(
        session, "providers", facts.practitioner_id, "practitioner_id", "practitioner"
    )
    client_id: UUID = await session.value("SELECT client_id FROM patients WHERE id = $1", facts.patient_id)
    if client_id != await session.value(
        "SELECT client_id FROM providers WHERE id = $1", facts.practitioner_id
    ):
        faults.add(
            "practitioner_id", "practitioner.elsewhere", "Choose a practitioner of the patient's practice."
        )
    if facts.coordinator_id is not None:
        await must_coordinate(session, facts.coordinator_id)
    faults.refuse()
    there = await session.value(
        "SELECT 1 FROM care_enrolments WHERE patient_id = $1 AND programme = $2 AND step <> 'ended'",
        facts.patient_id,
        facts.programme,
    )
    if there:
        raise Conflict(
            "care_enrolment.there_already",
            "This patient is in this programme, or on the way into it.",
            "Go on with that enrolment, or end it first.",
        )
    return client_id


def _event_of(text: str) -> Event:
    if text not in {event.value for event in Event} - NOT_SAID:
        known = ", ".join(event.value for event in Event if event not in NOT_SAID)
        fault = FieldError("event", "event.unknown", f"Choose one of: {known}.")
        raise Invalid(
            "care_enrolment.event_unknown", "There is no such event.", fault.message, fields=(fault,)
        )
    return Event(text)


def _said(news: CareNews) -> Said:
    texts = {name: checks.clean(getattr(news, name)) for name in ("how", "given_by", "reason")}
    faults = Faults("care_enrolment")
    for name, value in texts.items():
        faults.text(name, value, checks.REASON_LONGEST)
    if len(news.words) > LONGEST_WORDS or "\0" in news.words:
        faults.add("words", "text.too_long", f"Use at most {LONGEST_WORDS} characters of plain text.")
    faults.refuse()
    return Said(
        on=news.on,
        conditions=news.conditions,
        months_expected=news.months_expected,
        significant_risk=news.significant_risk,
        complex_decisions=news.complex_decisions,
        qmb=news.qmb,
        words=news.words.strip(),
        points=tuple(dict.fromkeys(news.points)),
        **texts,
    )
