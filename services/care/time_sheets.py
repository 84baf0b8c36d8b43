"""Time sheets: one's own week or month from the entries that stand, submitted, and accepted by somebody else."""

from datetime import date
from typing import Any
from uuid import UUID

from activities.approvals.opening import fresh_key, request_approval
from activities.care.sheets import ACCEPT
from database.approval_states import words_of
from database.care_sheets import REASON, hold_time, note_sheet, spent_by
from database.identity import time_ordered_id
from database.session import Session
from domain.care.entries import conflicts
from domain.care.sheets import (
    STATES,
    Period,
    Span,
    Spent,
    State,
    days_of,
    digest,
    span_of,
    within,
)
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from services.care.sheet_entries import counted_of, entries_of
from services.care.sheet_rows import ROW, moment, obstacle_of, period_asked, row_of, standing, this_second
from services.care.sheet_views import SheetConflict, SheetDay, SheetLine, SheetNews, SheetView

MOST_PEOPLE = 500
_SUBMIT = """
INSERT INTO care_time_sheets (tenant_id, id, user_id, starts_on, ends_on, zone, digest, seconds)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, user_id, starts_on, ends_on) DO UPDATE SET state = 'submitted', zone = $6, digest = $7,
    seconds = $8, submitted_at = now(), version = care_time_sheets.version + 1
WHERE care_time_sheets.state = 'submitted' RETURNING id
"""
# Whoever looks after patients, or worked in the period.
_PEOPLE = """
SELECT u.id, u.name FROM users u JOIN memberships m ON m.tenant_id = current_tenant() AND m.user_id = u.id
WHERE m.status = 'active' AND (EXISTS (SELECT 1 FROM care_enrolments e WHERE e.tenant_id = m.tenant_id
        AND e.coordinator_id = u.id AND e.step <> 'ended')
    OR EXISTS (SELECT 1 FROM care_time_entries t WHERE t.tenant_id = m.tenant_id AND t.staff_id = u.id
        AND t.ends_at > to_timestamp($1) AND t.starts_at < to_timestamp($2))
    OR EXISTS (SELECT 1 FROM care_other_time o WHERE o.tenant_id = m.tenant_id AND o.user_id = u.id
        AND o.ends_at > to_timestamp($1) AND o.starts_at < to_timestamp($2)))
ORDER BY u.name, u.id LIMIT 501
"""


@door.query(Permission.CARE_RECORD, phi=True)
async def my_sheet(session: Session, span: str = Span.WEEK.value, on: date | None = None) -> SheetView:
    """One's own sheet of the week or month in which a day lies; the running one unless a day is named."""
    me = session.actor.user_id
    assert me is not None  # time is recorded by people
    return await _sheet(session, me, await period_asked(session, span, on))


@door.query(Permission.CARE_MANAGE, phi=True)
async def sheet_of(
    session: Session, user_id: UUID, span: str = Span.WEEK.value, on: date | None = None
) -> SheetView:
    """Anybody's sheet of the week or month in which a day lies."""
    return await _sheet(session, user_id, await period_asked(session, span, on))


@door.query(Permission.CARE_VIEW, of="care_time_sheets", phi=True)
async def get_sheet(session: Session, sheet_id: UUID) -> SheetView:
    """A sheet that was submitted: one's own, or for managers anybody's."""
    row = await session.row(f"{ROW} AND s.id = $1", sheet_id)
    if row["user_id"] != session.actor.user_id and Permission.CARE_MANAGE not in session.actor.permissions:
        raise NotFound("not_found", "There is no time sheet of yours under this id.", "Open your own.")
    return await _sheet(session, row["user_id"], Period(row["starts_on"], row["ends_on"], row["zone"]))


@door.query(Permission.CARE_MANAGE)
async def list_sheets(
    session: Session, span: str = Span.WEEK.value, on: date | None = None, missing_only: bool = False
) -> list[SheetLine]:
    """Everybody's sheets of one period by name, with those that were not submitted: at most 500 people."""
    period = await period_asked(session, span, on)
    people = (await session.fetch(_PEOPLE, *period.window))[:MOST_PEOPLE]
    ids = [row["id"] for row in people]
    rows = await session.fetch(
        f"{ROW} AND s.user_id = ANY($1) AND s.starts_on = $2 AND s.ends_on = $3",
        ids,
        period.first,
        period.last,
    )
    sheets = {row["user_id"]: row for row in rows}
    spent = await spent_by(session, ids, period.window)
    over = this_second() >= period.window[1]
    lines = [_line(one, sheets.get(one["id"]), spent[one["id"]], period, over=over) for one in people]
    return [one for one in lines if not missing_only or one.state in (State.OPEN, State.RETURNED)]


async def _shown(session: Session, sheet_id: UUID) -> SheetView:
    row = await session.row(f"{ROW} AND s.id = $1", sheet_id)
    return await _sheet(session, row["user_id"], Period(row["starts_on"], row["ends_on"], row["zone"]))


@door.answering(Permission.CARE_RECORD, _shown)
async def submit_sheet(session: Session, span: str, on: date) -> UUID:
    """Submit one's own sheet once its period is over and no two entries claim the same seconds; somebody else accepts
    it as it is now, or it comes back."""
    me = session.actor.user_id
    assert me is not None  # time is recorded by people
    period = await period_asked(session, span, on)
    # Two submissions of overlapping periods wait for one another here, and for what is being written.
    await hold_time(session, me, alone=True)
    spent = (await spent_by(session, [me], period.window))[me]
    if refusal := await obstacle_of(session, me, period, spent):
        raise refusal
    seconds = within([(one.starts, one.ends) for one in spent], period.window)
    identifier = await session.value(
        _SUBMIT,
        session.tenant_id,
        time_ordered_id(),
        me,
        period.first,
        period.last,
        period.zone,
        digest(spent),
        seconds,
    )
    approval = await request_approval(
        session,
        key=await fresh_key(session, f"time_sheet:{identifier}"),
        kind="time_sheet",
        subject_type="time_sheet",
        subject_id=identifier,
        summary=f"Time sheet {period.first} to {period.last}: {seconds / 3600:.2f} hours",
        requester_id=me,
        effect=ACCEPT,
    )
    await session.execute("UPDATE care_time_sheets SET approval_id = $2 WHERE id = $1", identifier, approval)
    await note_sheet(session, identifier, "submitted", me)
    return UUID(str(identifier))


async def _name_of(session: Session, user_id: UUID) -> str:
    name: str | None = await session.value(
        "SELECT u.name FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.tenant_id = current_tenant() AND m.user_id = $1",
        user_id,
    )
    if name is None:
        raise NotFound("not_found", "There is nobody here under this id.", "Choose somebody of the list.")
    return name


async def _sheet(session: Session, user_id: UUID, period: Period) -> SheetView:
    name = await _name_of(session, user_id)
    row = await row_of(session, user_id, period)
    spent = (await spent_by(session, [user_id], period.window))[user_id]
    counted = await counted_of(session, [one.id for one in spent if not one.kind], period)
    days = [
        SheetDay(one.day, one.patients, one.other, one.worked, one.counted)
        for one in days_of(period, spent, counted)
    ]
    obstacle = await obstacle_of(session, user_id, period, spent)
    state = standing(row)
    approval = row["approval_id"] if row else None
    label, tone = STATES[state]
    return SheetView(
        id=row["id"] if row else None,
        user_id=user_id,
        name=name,
        span=span_of(period).value,
        starts_on=period.first,
        ends_on=period.last,
        zone=period.zone,
        state=state.value,
        state_label=label,
        tone=tone,
        days=days,
        patients=sum(one.patients for one in days),
        other=sum(one.other for one in days),
        worked=sum(one.worked for one in days),
        counted=sum(one.counted for one in days),
        conflicts=_claimed_twice(spent),
        entries=await entries_of(session, spent),
        submitted_at=row["submitted_at"] if row else None,
        accepted_at=row["accepted_at"] if row else None,
        accepted_by=(row["acceptor"] or "") if row else "",
        approval_id=approval,
        comment=await words_of(session, approval) if approval else "",
        obstacle=f"{obstacle.title} {obstacle.what_to_do}" if obstacle else "",
        news=await _news(session, row["id"]) if row else [],
    )


def _claimed_twice(spent: list[Spent]) -> list[SheetConflict]:
    return [
        SheetConflict(one.first, one.second, moment(one.starts), moment(one.ends), one.ends - one.starts)
        for one in conflicts(spent)
    ]


async def _news(session: Session, sheet_id: UUID) -> list[SheetNews]:
    rows = await session.fetch(
        "SELECT at, kind, actor_name, reason FROM care_time_sheet_events WHERE sheet_id = $1 ORDER BY id DESC LIMIT 100",
        sheet_id,
    )
    key = await session.key()
    return [
        SheetNews(
            row["at"],
            row["kind"],
            row["actor_name"],
            key.open(REASON, row["reason"]).decode() if row["reason"] else "",
        )
        for row in rows
    ]


def _line(person: Any, row: Any, spent: list[Spent], period: Period, *, over: bool) -> SheetLine:
    state = standing(row)
    stretches = [(one.starts, one.ends) for one in spent]
    patients = [(one.starts, one.ends) for one in spent if not one.kind]
    return SheetLine(
        row["id"] if row else None,
        person["id"],
        person["name"],
        period.first,
        period.last,
        within(stretches, period.window),
        within(patients, period.window),
        state.value,
        *STATES[state],
        row["submitted_at"] if row else None,
        (row["acceptor"] or "") if row else "",
        over and bool(spent) and state in (State.OPEN, State.RETURNED),
    )
