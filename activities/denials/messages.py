"""What an appeal's workflow and its activities say to each other: ids, enums, days and cents, never PHI."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.denials.appeal import Stage


@dataclass(frozen=True, slots=True)
class AppealInput:
    """Starts `AppealLifecycle`. The appeal's facts are stored already."""

    tenant_id: UUID
    appeal_id: UUID


@dataclass(frozen=True, slots=True)
class AppealPosition:
    """Where the appeal stands after an activity, and when its next clock rings."""

    stage: Stage
    ring_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """Update `happened`: a person tells a fact of `domain.denials.appeal.Event`. `request_id` makes it count once.

    `on` is the day it happened; `channel` and `tracking` say how it was sent; cents are what a decision recovers.
    """

    tenant_id: UUID
    request_id: UUID
    event: str
    by: UUID | None = None
    on: date | None = None
    channel: str = ""
    tracking: str = ""
    recovered_cents: int = 0


@dataclass(frozen=True, slots=True)
class ItemDecided:
    """Update `decided`: a work item of this appeal was completed."""

    tenant_id: UUID
    work_item_id: UUID
    decision: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class RemittanceCame:
    """Signal `answered`: the claim was settled anew. `fact_id` makes a second delivery harmless."""

    tenant_id: UUID
    fact_id: str


@dataclass(frozen=True, slots=True)
class AppealTask:
    """What every activity of an appeal is given. `now` is the workflow's own time: clocks and judgement use one."""

    tenant_id: UUID
    appeal_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """An activity's input: a remittance was posted for the claim; `fact_id` names it."""

    tenant_id: UUID
    appeal_id: UUID
    now: datetime
    fact_id: str


@dataclass(frozen=True, slots=True)
class FactTask:
    """An activity's input: take a fact into the appeal."""

    tenant_id: UUID
    appeal_id: UUID
    now: datetime
    fact: Happened


@dataclass(frozen=True, slots=True)
class ItemTask:
    """An activity's input: act on the decision of a work item."""

    tenant_id: UUID
    appeal_id: UUID
    now: datetime
    decided: ItemDecided
