"""The running clock inside a session: its row, what it leaves as entries, and what its owner says of time away."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from database.care_reads import TIMER_NOTE, Practice, practice_of
from database.clientele_phi import open_person
from database.session import Session
from domain.care.activities import ACTIVITIES, LONGEST_SECONDS, Source
from domain.care.clock import Part, Run, first_whole_second, parts_of
from domain.care.words import clock
from domain.refusals import Conflict, FieldError, Invalid
from services.care import time_rows
from services.care.scope import ROW, rosters
from services.care.time_rows import NewEntry, checked, must_count, now, voiding
from services.clientele.patient_rows import full_name

RUNNING = """
SELECT t.*, p.person, e.programme, e.client_id, e.coordinator_id FROM care_timers t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
WHERE t.tenant_id = current_tenant() AND t.user_id = $1
"""
_START = """
INSERT INTO care_timers (tenant_id, user_id, enrolment_id, activity, started_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (tenant_id, user_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class TimerView:
    """The asker's running clock (PHI). `idle` once nothing was done for the practice's time (`away_seconds` so far):
    it must be said what that was. `reachable` is false for a patient who has left the asker's roster meanwhile."""

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
    away_seconds: int
    note: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Away:
    """What the owner says of the time away from a clock: whether it `counts`, None while not asked, and why it does."""

    counts: bool | None = None
    reason: str = ""


async def start(session: Session, enrolment: Any, activity: str) -> None:
    """Start the asker's clock for a patient; refused while another runs."""
    must_count(enrolment)
    must_be_known(activity)
    begins = first_whole_second(datetime.now(UTC))
    started = await session.execute(
        _START, session.tenant_id, session.actor.user_id, enrolment["id"], activity, begins
    )
    if not started:
        raise Conflict(
            "care_timer.runs_already",
            "Your clock is running already.",
            "Stop it first; it may run in another tab.",
        )


async def mine_running(session: Session, timer_id: UUID | None = None) -> Any:
    """The asker's clock, locked until the transaction ends: that of an id, or whichever runs; None when it does not."""
    return await session.row(
        f"{RUNNING} AND ($2::uuid IS NULL OR t.id = $2) FOR UPDATE OF t", session.actor.user_id, timer_id
    )


async def typed_so_far(session: Session, row: Any) -> str:
    """The note as it was typed while the clock ran."""
    return (await session.key()).open(TIMER_NOTE, row["note"]).decode() if row["note"] else ""


async def settle(session: Session, row: Any, note: str, away: Away) -> int:
    """Store what a clock leaves, and say nothing of the clock itself; its whole seconds.

    Neither the roster nor the programme is asked: whoever began can end, and the engine says what counts.
    """
    practice = await practice_of(session, row["client_id"])
    run = run_of(row, practice)
    _must_be_said(run, away)
    enrolment = await session.row(f"{ROW} AND e.id = $2", None, row["enrolment_id"])
    parts = parts_of(run, practice.zone, idle_counts=bool(away.counts))
    for number, part in enumerate(parts):
        entry = _entry(row, part, note if number == 0 else "", away.reason, first=number == 0)
        await time_rows.write(session, enrolment, checked(entry, run.now), practice.zone)
    return sum(int((one.ends - one.starts).total_seconds()) for one in parts)


def _entry(row: Any, part: Part, note: str, reason: str, *, first: bool) -> NewEntry:
    return NewEntry(
        part.starts, part.ends, row["activity"], part.source, note,
        reason if part.source is Source.MANUAL else "", id=row["id"] if first else None, clock_id=row["id"],
    )  # fmt: skip


async def end(session: Session) -> None:
    """Take the asker's clock away."""
    await session.execute("DELETE FROM care_timers WHERE user_id = $1", session.actor.user_id)


async def stop(session: Session, row: Any, note: str | None, away: Away) -> None:
    """Store what a clock leaves, and end it. Without a note it is the one typed so far."""
    if not await settle(session, row, await typed_so_far(session, row) if note is None else note, away):
        raise Conflict(
            "care_timer.no_time",
            "No whole second lies between start and stop.",
            "Let the clock run, or throw it away.",
        )
    await end(session)


async def discard(session: Session, row: Any, reason: str) -> int:
    """End a clock that should not have run: what it has measured stays visible and is void at once, with why; its seconds."""
    seconds = await settle(session, row, "", Away(False))
    practice = await practice_of(session, row["client_id"])
    enrolment = await session.row(f"{ROW} AND e.id = $2", None, row["enrolment_id"])
    # What a month's end has cut off lies before it began to run on.
    for one in await session.fetch(
        f"{time_rows.SELECT} AND t.clock_id = $1 AND t.starts_at >= $2 ORDER BY t.starts_at",
        row["id"],
        row["started_at"],
    ):
        await time_rows.write(session, enrolment, checked(voiding(one, reason), now()), practice.zone)
    await end(session)
    return seconds


def run_of(row: Any, practice: Practice) -> Run:
    """A row of RUNNING at this moment."""
    return Run(row["started_at"], row["seen_at"], now(), timedelta(seconds=practice.idle_seconds))


async def running(session: Session) -> TimerView | None:
    """The asker's clock; None when none runs."""
    row = await session.row(RUNNING, session.actor.user_id)
    return await view(session, row) if row is not None else None


async def view(session: Session, row: Any) -> TimerView:
    """A row of RUNNING as it is shown."""
    key, practice = await session.key(), await practice_of(session, row["client_id"])
    person, _ = open_person(key, row["person"])
    run, seen = run_of(row, practice), await rosters(session)
    return TimerView(
        row["id"],
        row["enrolment_id"],
        full_name(person),
        row["programme"],
        row["activity"],
        ACTIVITIES[row["activity"]],
        row["started_at"],
        row["seen_at"],
        max(int((run.now - run.started).total_seconds()), 0),
        run.idle,
        practice.idle_seconds,
        int(run.away.total_seconds()),
        await typed_so_far(session, row),
        seen is None or row["coordinator_id"] in seen,
    )


def must_be_known(activity: str) -> None:
    """Refuse what is no activity."""
    if activity not in ACTIVITIES:
        fault = FieldError("activity", "activity.unknown", f"Choose one of: {', '.join(ACTIVITIES)}.")
        raise Invalid(
            "care_timer.activity_unknown", "There is no such activity.", fault.message, fields=(fault,)
        )


def _must_be_said(run: Run, away: Away) -> None:
    """Time away counts on its owner's word alone: said outright, with a reason, and never for a whole night."""
    if not run.idle:
        return
    if away.counts is None:
        raise Conflict(
            "care_timer.idle",
            f"Nothing was done for {clock(int(run.away.total_seconds()))}.",
            "Say whether that time was spent on the patient, and why, or leave it out.",
        )
    fault = None
    if away.counts and not away.reason.strip():
        fault = FieldError("reason", "reason.missing", "Say what was done away from the screen.")
    elif away.counts and run.away.total_seconds() > LONGEST_SECONDS:
        words = f"More than {LONGEST_SECONDS // 3600} hours away are left out; enter by hand what was work."
        fault = FieldError("reason", "away.too_long", words)
    if fault:
        raise Invalid(
            "care_timer.away_unsaid", "The time away cannot count so.", fault.message, fields=(fault,)
        )
