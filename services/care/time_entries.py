"""Time recorded by hand, corrected and made void: each is a new row. Back-dated time counts once a manager approves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.approvals.opening import request_approval
from activities.care.approving import COUNT_TIME
from database.care_reads import Practice
from database.session import Session
from domain.care.activities import Source, source_of
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, NotFound
from policies.permissions import Permission
from services import door
from services.care import time_rows
from services.care.scope import mine, today_at
from services.care.time_rows import NewEntry, checked, must_count, now
from services.care.views import TimeView


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """Time spent, from and to the second (aware). `reason`: why it was not recorded as it happened."""

    activity: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    note: str = ""


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def time_of(session: Session, id: UUID, cursor: str | None = None, limit: int = PAGE) -> Page[TimeView]:
    """The time recorded for an enrolment, the newest first, with what was corrected or made void."""
    await mine(session, id)
    size = page_size(limit)
    rows = await session.fetch(
        f"{time_rows.SELECT} AND t.enrolment_id = $1 AND ($2::uuid IS NULL OR t.id < $2)"
        f" ORDER BY t.id DESC LIMIT {size + 1}",
        id,
        uuid_in(cursor) if cursor else None,
    )
    key = await session.key()
    items = [time_rows.view(key, row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


async def _shown(session: Session, entry_id: UUID) -> TimeView:
    row = await session.row(f"{time_rows.SELECT} AND t.id = $1", entry_id)
    return time_rows.view(await session.key(), row)


@door.answering(Permission.CARE_RECORD, _shown, of="care_enrolments")
async def record_time(session: Session, id: UUID, facts: TimeFacts) -> UUID:
    """Enter one's own time by hand; a reason is needed, and an approval when it is entered late."""
    enrolment = await mine(session, id)
    must_count(enrolment)
    _, practice = await today_at(session, enrolment["client_id"])
    return await _written(session, enrolment, _by_hand(facts, practice), practice)


@door.answering(Permission.CARE_RECORD, _shown, of="care_time_entries")
async def correct_time(session: Session, entry_id: UUID, facts: TimeFacts) -> UUID:
    """Put another entry in the place of one of one's own; the old row stays, superseded."""
    old, enrolment = await _own(session, entry_id)
    _, practice = await today_at(session, enrolment["client_id"])
    entry = _by_hand(facts, practice, staff_id=old["staff_id"], supersedes=entry_id)
    return await _written(session, enrolment, entry, practice)


@door.answering(Permission.CARE_RECORD, _shown, of="care_time_entries")
async def void_time(session: Session, entry_id: UUID, reason: str) -> UUID:
    """Take back an entry of one's own: a new row says that it never counts, and why."""
    old, enrolment = await _own(session, entry_id)
    _, practice = await today_at(session, enrolment["client_id"])
    void = NewEntry(
        old["starts_at"], old["ends_at"], old["activity"], Source.MANUAL, reason=reason,
        staff_id=old["staff_id"], supersedes=entry_id, void=True,
    )  # fmt: skip
    return await time_rows.write(session, enrolment, checked(void, now()), practice.zone)


async def _own(session: Session, entry_id: UUID) -> tuple[Any, Any]:
    """An entry that may be superseded now, and its enrolment: one's own, or anybody's for managers."""
    row = await session.row(f"{time_rows.SELECT} AND t.id = $1", entry_id)
    enrolment = await mine(session, row["enrolment_id"])
    manages = Permission.CARE_MANAGE in session.actor.permissions
    if row["staff_id"] != session.actor.user_id and not manages:
        raise NotFound(
            "not_found",
            "There is no time of yours under this id.",
            "Ask a care manager to correct somebody else's time.",
        )
    if row["superseded"] or row["void"]:
        raise Conflict(
            "care_time.superseded",
            "This entry was corrected or made void already.",
            "Correct the entry that stands in its place.",
        )
    return row, enrolment


def _by_hand(
    facts: TimeFacts, practice: Practice, *, staff_id: UUID | None = None, supersedes: UUID | None = None
) -> NewEntry:
    moment = now()
    source = Source.MANUAL
    if facts.ends_at.tzinfo is not None:
        ended = int(facts.ends_at.timestamp())
        source = source_of(ended, int(moment.timestamp()), practice.back_dated_after_seconds)
    entry = NewEntry(
        facts.starts_at, facts.ends_at, facts.activity, source, facts.note, facts.reason, staff_id, supersedes
    )
    return checked(entry, moment)


async def _written(session: Session, enrolment: Any, entry: NewEntry, practice: Practice) -> UUID:
    """Store the entry; back-dated time asks for an approval at once."""
    entry_id = await time_rows.write(session, enrolment, entry, practice.zone)
    if entry.source is Source.BACK_DATED:
        asker = session.actor.user_id
        assert asker is not None  # time is recorded by people
        minutes = int((entry.ends_at - entry.starts_at).total_seconds()) // 60
        await request_approval(
            session,
            key=f"care_time:{entry_id}",
            kind="backdated_time",
            subject_type="care_time",
            subject_id=entry_id,
            summary=f"{minutes} minutes for patient {enrolment['account_number']}, entered late",
            requester_id=asker,
            excluded=[entry.staff_id] if entry.staff_id else (),
            reason=entry.reason,
            effect=COUNT_TIME,
        )
    return entry_id
