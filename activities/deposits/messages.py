"""What the watch over deposits and its activity tell one another."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass
class WatchInput:
    """The tenant whose deposits are watched."""

    tenant_id: UUID


@dataclass
class LookTask:
    """One look at what waits, at the workflow's own time."""

    tenant_id: UUID
    now: datetime


@dataclass
class Looked:
    """How many were matched, how many work items opened, and when the next one is due; None when nothing waits."""

    matched: int = 0
    opened: int = 0
    next_at: datetime | None = None
