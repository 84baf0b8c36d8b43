"""Time recorded by hand, corrected and made void: each is a new row. Back-dated time counts once a manager approves."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.approvals.opening import overtake, request_approval
from activities.care.approving import COUNT_TIME
from database.care_reads import Practice, practice_of
from database.session import Session
from domain.care.activities import Source, Standing, source_of, source_of_correction
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from services.care import time_rows
from services.care.scope import mine
from services.care.time_rows import NewEntry, checked, must_count, now, voiding
from services.care.views import TimeView

# Who approved the seconds approved these too: a correction that only shortens keeps the decision.
_APPROVED_BEFORE = """
INSERT INTO care_time_decisions (tenant_id, entry_id, approved, decided_by, decided_at)
SELECT tenant_id, $1, approved, decided_by, decided_at FROM care_time_decisions WHERE entry_id = $2
"""


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
    practice = await practice_of(session, enrolment["client_id"])
    must_count(enrolment, facts.starts_at.astimezone(ZoneInfo(practice.zone)).date())
    return await written(session, enrolment, _by_hand(facts, practice), practice.zone)


@door.answering(Permission.CARE_RECORD, _shown, of="care_time_entries")
async def correct_time(session: Session, entry_id: UUID, facts: TimeFacts) -> UUID:
    """Put another entry in the place of one of one's own, or for managers of anybody's; the old row stays, superseded.
    Only seconds that were not there before can need an approval."""
    old, enrolment = await _own(session, entry_id)
    practice = await practice_of(session, enrolment["client_id"])
    typed = _by_hand(facts, practice, staff_id=old["staff_id"], supersedes=entry_id)
    begun, ended = (int(one.timestamp()) for one in (old["starts_at"], old["ends_at"]))
    standing = Standing(Source(old["source"]), begun, ended, old["approved"])
    seconds = int(typed.starts_at.timestamp()), int(typed.ends_at.timestamp())
    source, asks = source_of_correction(standing, *seconds, typed.source)
    await _needless(session, entry_id)
    made = await written(session, enrolment, replace(typed, source=source), practice.zone, asks=asks)
    if source is Source.BACK_DATED and not asks:
        await session.execute(_APPROVED_BEFORE, made, entry_id)
    return made


@door.answering(Permission.CARE_RECORD, _shown, of="care_time_entries")
async def void_time(session: Session, entry_id: UUID, reason: str) -> UUID:
    """Take back an entry of one's own: a new row says that it never counts, and why."""
    old, enrolment = await _own(session, entry_id)
    practice = await practice_of(session, enrolment["client_id"])
    await _needless(session, entry_id)
    return await time_rows.write(session, enrolment, checked(voiding(old, reason), now()), practice.zone)


async def _needless(session: Session, entry_id: UUID) -> None:
    """Nobody needs to decide any more on an entry that another row stands in for."""
    asked = await session.value(
        "SELECT id FROM approvals WHERE key = $1 AND state IN ('asked', 'waiting')", f"care_time:{entry_id}"
    )
    if asked:
        await overtake(session, asked, "corrected")


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
        raise time_rows.superseded()
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


async def written(session: Session, enrolment: Any, entry: NewEntry, zone: str, *, asks: bool = True) -> UUID:
    """Store the entry; back-dated time `asks` for an approval at once."""
    entry_id = await time_rows.write(session, enrolment, entry, zone)
    if entry.source is Source.BACK_DATED and asks:
        asker = session.actor.user_id
        assert asker is not None  # time is recorded by people
        minutes = int((entry.ends_at - entry.starts_at).total_seconds()) // 60
        await request_approval(
            session,
            key=f"care_time:{entry_id}",
            kind="backdated_time",
            subject_type="care_time",
            subject_id=entry_id,
            summary=f"{minutes} minutes for {enrolment['reference']}, entered late",
            requester_id=asker,
            excluded=[entry.staff_id] if entry.staff_id else (),
            reason=entry.reason,
            effect=COUNT_TIME,
        )
    return entry_id
