"""Where appeals stand: read under lock, changed in memory by the domain's table, written back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain.denials.appeal import TRANSITIONS, Event, Outcome, Stage, Times, advance

_READ = """
SELECT a.*, c.reference, p.medicare, p.appeal_days, t.time_zone FROM appeals a
JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
JOIN payers p ON p.tenant_id = a.tenant_id AND p.id = a.payer_id
JOIN tenants t ON t.id = a.tenant_id
WHERE a.tenant_id = current_tenant() AND a.id = $1
"""
_STORED = (
    "stage", "visited", "level", "level_label", "level_row", "amount_cents", "decided_on", "window_day", "window_ends",
    "answer_days", "answer_by", "warned_at", "silent_since", "approval_needed", "approved_by", "approved_at", "sent_on",
    "channel", "tracking", "acknowledged_on", "outcome", "recovered_cents", "closed_at",
)  # fmt: skip
_WRITE = (
    "UPDATE appeals SET "
    + ", ".join(f"{name} = ${number}" for number, name in enumerate(_STORED, 2))
    + ", version = version + 1 WHERE id = $1"
)
_EVENT = """
INSERT INTO appeal_events (tenant_id, appeal_id, key, level, kind, actor_id, actor_name, summary)
SELECT $1, $2, $3, $4, $5, $6, coalesce((SELECT name FROM users WHERE id = $6), $7), $8
ON CONFLICT (tenant_id, appeal_id, key) DO NOTHING
"""


@dataclass(slots=True)
class AppealState:
    """An appeal's process and facts, to be changed by the activities of its workflow only."""

    id: UUID
    claim_id: UUID
    denial_id: UUID
    payer_id: UUID
    class_code: str
    reference: str
    medicare: bool
    appeal_days: int
    time_zone: str
    stage: Stage
    visited: list[Stage]
    level: int
    level_label: str
    level_row: str
    amount_cents: int
    paid_before_cents: int
    decided_on: date
    window_day: date
    window_ends: datetime
    answer_days: int
    answer_by: datetime | None
    warned_at: datetime | None
    silent_since: datetime | None
    approval_needed: bool
    approved_by: UUID | None
    approved_at: datetime | None
    sent_on: date | None
    channel: str
    tracking: str
    acknowledged_on: date | None
    outcome: str
    recovered_cents: int
    opened_by: UUID | None
    opened_at: datetime
    closed_at: datetime | None

    def happened(self, event: Event) -> bool:
        """Advance by the transition table. False when the event is out of place here, as one that came late may be."""
        if event not in TRANSITIONS[self.stage]:
            return False
        following = advance(self.stage, event)
        if following is not self.stage:
            self.visited.append(self.stage)
            self.stage = following
        return True

    @property
    def times(self) -> Times:
        """What its clocks count from."""
        return Times(
            self.stage, self.window_ends, self.answer_by, self.warned_at is not None, self.silent_since is not None
        )  # fmt: skip

    def ended_as(self, outcome: Outcome) -> None:
        """Note how it ended. A level lost before stands when nothing later is decided."""
        if outcome is not Outcome.EXPIRED or not self.outcome:
            self.outcome = outcome.value


async def lock_appeal(session: Session, appeal_id: UUID) -> AppealState:
    """The appeal, locked until the transaction ends; it must be there."""
    return _state(await session.row(_READ + " FOR UPDATE OF a", appeal_id))


async def store_appeal(session: Session, state: AppealState) -> None:
    """Write back what an activity changed."""
    values = [getattr(state, name) for name in _STORED]
    values[0], values[1] = state.stage.value, [stage.value for stage in state.visited]
    await session.execute(_WRITE, state.id, *values)


async def add_event(
    session: Session, state: AppealState, key: str, kind: str, summary: str, actor_id: UUID | None = None
) -> bool:
    """Note what happened, once per key; whether it is new. `summary` is a sentence without PHI."""
    added = await session.execute(
        _EVENT, session.tenant_id, state.id, key, state.level, kind, actor_id, session.actor.name, summary
    )
    return bool(added)


def _state(row: Any) -> AppealState:
    names = (name for name in AppealState.__slots__ if name not in ("stage", "visited"))  # type: ignore[attr-defined]
    facts = {name: row[name] for name in names}
    return AppealState(**facts, stage=Stage(row["stage"]), visited=[Stage(stage) for stage in row["visited"]])
