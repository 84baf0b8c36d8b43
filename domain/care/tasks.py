"""Tasks of patients in care: what they can be called, how they end, and when a monthly one comes back."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

# What a task by hand can be besides the company's own templates. Titles hold these words and never anything typed.
TASKS: Mapping[str, str] = {
    "monthly_call": "Monthly call",
    "medication_review": "Medication review",
    "care_plan_review": "Care plan review",
    "results": "Fetch results and records",
    "referral": "Follow a referral up",
    "education": "Education and self-management",
    "resources": "Arrange community resources",
    "other": "Other task",
}


class TaskState(StrEnum):
    """How a task stands."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"


STATES: Mapping[TaskState, tuple[str, str]] = {
    TaskState.OPEN: ("Open", "info"),
    TaskState.DONE: ("Done", "ok"),
    TaskState.NOT_DONE: ("Not done", "bad"),
    TaskState.CANCELLED: ("Not needed", "neutral"),
}


def state_of(status: str, decision: str) -> TaskState:
    """How a task stands, from the status and the decision of its work item."""
    if status == "done":
        return TaskState.NOT_DONE if decision == TaskState.NOT_DONE else TaskState.DONE
    return TaskState.CANCELLED if status == "cancelled" else TaskState.OPEN


def comes_back(due_on: date, day: int, today: date) -> date:
    """When a monthly task is due again: its day of the next month, or of the first one after that is not past. A day
    that a month does not have is its last, and the day itself comes back in longer months."""
    due = _following(due_on, day)
    while due < today:
        due = _following(due, day)
    return due


def _following(due_on: date, day: int) -> date:
    first = (due_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))
