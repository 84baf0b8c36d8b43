"""The running clock: one a person, kept on the server, so that reload, sleep, a second tab and a crash lose nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from database.care_reads import TIMER_NOTE, practice_of
from database.clientele_phi import open_person
from database.session import Session
from domain.care.activities import ACTIVITIES, LONGEST_SECONDS, Source
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from policies.permissions import Permission
from services import door
from services.care import time_rows
from services.care.scope import mine
from services.care.time_rows import LONGEST_NOTE, NewEntry, checked, must_count, now
from services.care.views import TimeView
from services.clientele.patient_rows import full_name

_RUNNING = """
SELECT t.*, p.person, e.programme, e.client_id FROM care_timers t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
WHERE t.tenant_id = current_tenant() AND t.user_id = $1
"""


@dataclass(frozen=True, slots=True)
class TimerView:
    """The asker's running clock (PHI). `idle` once nothing was done for the practice's time: the page asks then."""

    id: UUID
    enrolment_id: UUID
    patient_name: str
    programme: str
    activity: str
    activity_label: str
    started_at: datetime
    seen_at: datetime
    seconds: int
    idle: bool
    idle_seconds: int
    note: str


@door.query(Permission.CARE_RECORD, phi=True)
async def my_timer(session: Session) -> TimerView | None:
    """The clock that runs for the asker, in whatever tab it was started."""
    return await _running(session)


@door.command(Permission.CARE_RECORD, of="care_enrolments")
async def start_timer(session: Session, id: UUID, activity: str) -> TimerView:
    """Start the clock for a patient. Refused while another runs: time for two patients at once counts for none."""
    enrolment = await mine(session, id)
    must_count(enrolment)
    _must_be_known(activity)
    moment = now()
    started = await session.execute(
        "INSERT INTO care_timers (tenant_id, user_id, enrolment_id, activity, started_at, seen_at)"
        " VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (tenant_id, user_id) DO NOTHING",
        session.tenant_id,
        session.actor.user_id,
        id,
        activity,
        moment,
    )
    running = await _running(session)
    assert running is not None
    if not started:
        raise Conflict(
            "care_timer.runs_already",
            "Your clock is running already.",
            "Stop it first; it may run in another tab.",
        )
    return running


@door.command(Permission.CARE_RECORD)
async def touch_timer(session: Session, note: str | None = None, activity: str | None = None) -> TimerView:
    """Say that the person is there, and keep what they have typed so far."""
    if note is not None and (len(note) > LONGEST_NOTE or "\0" in note):
        words = f"Use at most {LONGEST_NOTE} characters of plain text."
        raise Invalid(
            "care_timer.note_refused",
            "The note cannot be kept so.",
            words,
            fields=(FieldError("note", "text.too_long", words),),
        )
    if activity is not None:
        _must_be_known(activity)
    sealed = None if note is None else (await session.key()).seal(TIMER_NOTE, note.encode())
    await session.execute(
        "UPDATE care_timers SET seen_at = $2, note = coalesce($3, note), activity = coalesce($4, activity)"
        " WHERE user_id = $1",
        session.actor.user_id,
        now(),
        sealed,
        activity,
    )
    return _must_run(await _running(session))


@door.command(Permission.CARE_RECORD)
async def stop_timer(session: Session, timer_id: UUID, note: str, *, idle_counts: bool = True) -> TimeView:
    """Stop the clock and store its time once, however often it is stopped. Without `idle_counts` it ends when the
    person was last seen."""
    row = await session.row(f"{_RUNNING} AND t.id = $2 FOR UPDATE OF t", session.actor.user_id, timer_id)
    if row is not None:
        await _store(session, row, note, idle_counts)
    stored = await session.row(
        f"{time_rows.SELECT} AND t.id = $1 AND t.staff_id = $2", timer_id, session.actor.user_id
    )
    if stored is None:
        raise NotFound(
            "not_found",
            "No clock of yours runs under this id, and none was kept.",
            "Start it on the patient's page.",
        )
    return time_rows.view(await session.key(), stored)


@door.command(Permission.CARE_RECORD)
async def discard_timer(session: Session, reason: str) -> None:
    """Throw the running clock away, started by mistake. The audit trail keeps that it ran, and how long."""
    if not reason.strip():
        fault = FieldError("reason", "reason.missing", "Say why, in a few words.")
        raise Invalid(
            "care_timer.reason_missing", "Say why the time is thrown away.", fault.message, fields=(fault,)
        )
    running = _must_run(await _running(session))
    await session.audit(
        "care.timers.discarded", "care_enrolments", running.enrolment_id, detail={"seconds": running.seconds}
    )
    await session.execute("DELETE FROM care_timers WHERE user_id = $1", session.actor.user_id)


async def _store(session: Session, row: Any, note: str, idle_counts: bool) -> None:
    """The clock becomes an entry under the clock's own id; one that was forgotten ends at the longest time."""
    moment = now()
    ends = moment if idle_counts else row["seen_at"]
    ends = min(ends, row["started_at"] + timedelta(seconds=LONGEST_SECONDS))
    if ends <= row["started_at"]:
        raise Conflict(
            "care_timer.no_time",
            "No whole second lies between start and stop.",
            "Let the clock run, or throw it away.",
        )
    enrolment = await mine(session, row["enrolment_id"])
    entry = NewEntry(row["started_at"], ends, row["activity"], Source.LIVE, note, id=row["id"])
    practice = await practice_of(session, enrolment["client_id"])
    await time_rows.write(session, enrolment, checked(entry, moment), practice.zone)
    await session.execute("DELETE FROM care_timers WHERE user_id = $1", session.actor.user_id)


async def _running(session: Session) -> TimerView | None:
    row = await session.row(_RUNNING, session.actor.user_id)
    if row is None:
        return None
    key, moment = await session.key(), now()
    person, _ = open_person(key, row["person"])
    away = (moment - row["seen_at"]).total_seconds()
    limit = (await practice_of(session, row["client_id"])).idle_seconds
    return TimerView(
        row["id"],
        row["enrolment_id"],
        full_name(person),
        row["programme"],
        row["activity"],
        ACTIVITIES[row["activity"]],
        row["started_at"],
        row["seen_at"],
        int((moment - row["started_at"]).total_seconds()),
        away >= limit,
        limit,
        key.open(TIMER_NOTE, row["note"]).decode() if row["note"] else "",
    )


def _must_be_known(activity: str) -> None:
    if activity not in ACTIVITIES:
        fault = FieldError("activity", "activity.unknown", f"Choose one of: {', '.join(ACTIVITIES)}.")
        raise Invalid(
            "care_timer.activity_unknown", "There is no such activity.", fault.message, fields=(fault,)
        )


def _must_run(running: TimerView | None) -> TimerView:
    if running is None:
        raise Conflict("care_timer.not_running", "No clock runs for you.", "Start it on the patient's page.")
    return running
