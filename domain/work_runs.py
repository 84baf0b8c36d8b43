"""One act on many items: which acts there are and what each needs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.refusals import FieldError, Invalid
from domain.work import checked_comment, checked_follow_up, checked_priority

MOST_AT_ONCE = 200
"""Items acted on while the person waits; more become a run."""
MOST_IN_A_RUN = 50_000
NOT_REACHED = "not_reached"
"""What stands as the outcome of a row that no portion has come to."""


class Act(StrEnum):
    """What can be done with many items at once. Values are stored: never rename one."""

    TAKE = "take"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    PRIORITISE = "prioritise"
    GIVE_BACK = "give_back"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Order:
    """An act with what it needs: whose hands, until when, how urgent, which decision, and the comment."""

    act: Act
    user_id: UUID | None = None
    until: datetime | None = None
    priority: int = 0
    decision: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one item; `code` is empty when it was done, NOT_REACHED, or why it was refused."""

    item_id: UUID
    title: str
    code: str = ""
    message: str = ""


def checked_order(order: Order, now: datetime) -> Order:
    """The order when every item could take it; what concerns one item only is refused with that item."""
    if order.act is Act.ASSIGN and order.user_id is None:
        raise _missing("user_id", "Choose a person.")
    if order.act is Act.SNOOZE:
        if order.until is None:
            raise _missing("until", "Choose a day and a time.")
        checked_follow_up(order.until, now)
    if order.act is Act.PRIORITISE:
        checked_priority(order.priority)
    if order.act is Act.COMPLETE and not order.decision:
        raise _missing("decision", "Choose how they end.")
    checked_comment(order.comment, required=order.act is Act.GIVE_BACK)
    return order


def _missing(field: str, message: str) -> Invalid:
    fault = FieldError(field, f"{field}.missing", message)
    return Invalid(fault.code, message, message, fields=(fault,))
