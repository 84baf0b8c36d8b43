"""The running clock: one a person, kept on the server, so that reload, sleep, a second tab and a crash lose nothing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from database.care_reads import TIMER_NOTE, practice_of
from database.session import Session
from domain.refusals import FieldError, Invalid, NotFound
from policies.permissions import Permission
from services import door
from services.care import clocks, time_rows
from services.care.clocks import Away, TimerView
from services.care.scope import mine
from services.care.time_rows import LONGEST_NOTE, now
from services.care.views import TimeView
from services.clientele import checks

LONGEST_AGO = 3600


@dataclass(frozen=True, slots=True)
class StoppedView:
    """What a clock has left (PHI): its entries, the earliest first. One that ran into the next month, or whose owner
    was away, left more than one."""

    id: UUID
    seconds: int
    entries: list[TimeView]


@door.query(Permission.CARE_RECORD, phi=True)
async def my_timer(session: Session) -> TimerView | None:
    """The clock that runs for the asker, in whatever tab it was started."""
    return await clocks.running(session)


@door.command(Permission.CARE_RECORD, of="care_enrolments")
async def start_timer(session: Session, id: UUID, activity: str, instead_of: UUID | None = None) -> TimerView:
    """Start the clock for a patient. Refused while another runs, since time for two patients at once counts for none;
    with `instead_of`, the id of the one that runs, that one is stopped and kept first."""
    enrolment = await mine(session, id)
    other = await clocks.mine_running(session, instead_of) if instead_of else None
    if other is not None:
        await clocks.stop(session, other, None, Away())
    await clocks.start(session, enrolment, activity)
    return await _shown(session)


@door.command(Permission.CARE_RECORD)
async def touch_timer(
    session: Session,
    timer_id: UUID,
    note: str | None = None,
    activity: str | None = None,
    ago_seconds: int = 0,
) -> TimerView:
    """Say that the person is there, or was so many seconds ago, and keep what they have typed so far for the clock that
    they see: another may run by now, for another patient. Time away is not made good by coming back."""
    row = await _mine(session, timer_id)
    if note is not None and (len(note) > LONGEST_NOTE or "\0" in note):
        words = f"Use at most {LONGEST_NOTE} characters of plain text."
        raise Invalid(
            "care_timer.note_refused",
            "The note cannot be kept so.",
            words,
            fields=(FieldError("note", "text.too_long", words),),
        )
    if activity is not None:
        clocks.must_be_known(activity)
    run = clocks.run_of(row, await practice_of(session, row["client_id"]))
    # A word of longer ago than that was on its way for too long to say anything.
    told = not run.idle and ago_seconds <= LONGEST_AGO
    seen = max(run.seen, run.now - timedelta(seconds=max(ago_seconds, 0))) if told else run.seen
    await session.execute(
        "UPDATE care_timers SET seen_at = $2, note = coalesce($3, note), activity = coalesce($4, activity)"
        " WHERE user_id = $1",
        session.actor.user_id,
        seen,
        None if note is None else (await session.key()).seal(TIMER_NOTE, note.encode()),
        activity,
    )
    return await _shown(session)


@door.command(Permission.CARE_RECORD)
async def answer_idle(session: Session, timer_id: UUID, counts: bool, reason: str = "") -> TimerView:
    """Say what the time away was, and go on: kept as an entry of its own with the reason, or left out. The clock runs
    on from now, under a new id; what it had counted before is kept."""
    row = await _mine(session, timer_id)
    if clocks.run_of(row, await practice_of(session, row["client_id"])).idle:
        await clocks.settle(session, row, "", Away(counts, reason))
        moment = now()
        await session.execute(
            "UPDATE care_timers SET id = uuidv7(), started_at = $2, seen_at = $2 WHERE user_id = $1",
            session.actor.user_id,
            moment if counts else moment + timedelta(seconds=1),
        )
    return await _shown(session)


@door.command(Permission.CARE_RECORD)
async def stop_timer(
    session: Session,
    timer_id: UUID,
    note: str | None = None,
    *,
    idle_counts: bool | None = None,
    reason: str = "",
) -> StoppedView:
    """Stop the clock and store its time once, however often it is stopped, with a note or the one typed so far. Where nobody was there for the practice's
    time it must be said whether that counts, and why; left out, the clock ends when its owner was last seen."""
    row = await clocks.mine_running(session, timer_id)
    if row is not None:
        await clocks.stop(session, row, note, Away(idle_counts, reason))
    stored = await session.fetch(
        f"SELECT * FROM ({time_rows.SELECT} AND t.clock_id = $1 AND t.staff_id = $2) kept WHERE NOT superseded"
        " ORDER BY starts_at",
        timer_id,
        session.actor.user_id,
    )
    if not stored:
        raise _not_there("None was kept of it either; enter by hand what was work.")
    key = await session.key()
    entries = [time_rows.view(key, one) for one in stored]
    return StoppedView(timer_id, sum(one.seconds for one in entries), entries)


@door.command(Permission.CARE_RECORD)
async def discard_timer(session: Session, timer_id: UUID, reason: str) -> None:
    """Throw a running clock away, started by mistake: its time stays visible as void, with the reason, without the note."""
    row = await _mine(session, timer_id)
    seconds = await clocks.discard(session, row, checks.reason_of(reason))
    await session.audit(
        "care.timers.discarded", "care_enrolments", row["enrolment_id"], detail={"seconds": seconds}
    )


async def _shown(session: Session) -> TimerView:
    """The clock that was just started or changed."""
    return await clocks.view(session, await clocks.mine_running(session))


async def _mine(session: Session, timer_id: UUID) -> Any:
    """The asker's clock of this id, locked: what is meant for one never reaches another."""
    row = await clocks.mine_running(session, timer_id)
    if row is None:
        raise _not_there("It was stopped or thrown away, perhaps in another tab; look what runs now.")
    return row


def _not_there(what_to_do: str) -> NotFound:
    return NotFound("not_found", "No clock of yours runs under this id.", what_to_do)
