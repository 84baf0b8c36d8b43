"""What a decision on an appeal leads to: an outcome on record, the next level's window, or the end."""

from datetime import UTC, date, datetime

from activities.denials.appeal_items import open_work
from activities.denials.classifying import today_of
from activities.denials.opening import first_moment_after
from database.appeal_states import AppealState
from database.denial_reads import own_levels
from database.session import Session
from domain.denials.appeal import Event, Outcome, Stage
from domain.denials.levels import Level, level_of, window_ends

_OUTCOME = """
INSERT INTO appeal_outcomes (tenant_id, appeal_id, level, level_label, claim_id, payer_id, class_code, outcome,
    amount_cents, recovered_cents, sent_on, decided_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
"""
_ENDING = {Event.WITHDRAWN: Outcome.WITHDRAWN, Event.EXPIRED: Outcome.EXPIRED}


async def decided(session: Session, state: AppealState, event: Event, on: date, cents: int) -> None:
    """Record the level's outcome. One that is not won offers the next level while its window is open."""
    outcome = Outcome(event.value)
    won = outcome is Outcome.OVERTURNED
    state.recovered_cents = max(cents, 0) or (state.amount_cents if won else state.recovered_cents)
    state.outcome = outcome.value
    await _record(session, state, outcome, on)
    if state.stage is Stage.CLOSED:
        state.closed_at = datetime.now(UTC)
    else:
        await _offer_next(session, state, on)


async def close(session: Session, state: AppealState, event: Event) -> None:
    """End the appeal without a decision; a level that was under way counts as withdrawn, and is not rated."""
    if event in _ENDING:
        state.ended_as(_ENDING[event])
    if event is Event.WITHDRAWN and state.sent_on is not None and state.visited[-1] is not Stage.LOST_LEVEL:
        await _record(session, state, Outcome.WITHDRAWN, await today_of(session))
    state.closed_at = datetime.now(UTC)


async def level_at(session: Session, state: AppealState, number: int) -> Level | None:
    """The level of a number in force today for the appeal's payer."""
    return level_of(
        number,
        await own_levels(session),
        payer_id=str(state.payer_id),
        medicare=state.medicare,
        day=await today_of(session),
    )


async def _offer_next(session: Session, state: AppealState, on: date) -> None:
    following = await level_at(session, state, state.level + 1)
    if following is None:
        state.happened(Event.GIVEN_UP)
        state.closed_at = datetime.now(UTC)
        return
    state.decided_on, state.warned_at = on, None
    state.answer_by = state.silent_since = None
    state.window_day = window_ends(on, following, state.appeal_days)
    state.window_ends = first_moment_after(state.window_day, state.time_zone)
    await open_work(session, state, "next_level")


async def _record(session: Session, state: AppealState, outcome: Outcome, on: date) -> None:
    await session.execute(
        _OUTCOME,
        session.tenant_id,
        state.id,
        state.level,
        state.level_label,
        state.claim_id,
        state.payer_id,
        state.class_code,
        outcome.value,
        state.amount_cents,
        state.recovered_cents,
        state.sent_on,
        on,
    )
