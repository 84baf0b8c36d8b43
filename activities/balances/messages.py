"""What a run of statements and its activities tell one another: ids, counts and dates only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass
class RunInput:
    """A run of statements that a person started. One that goes on in a new history does so `after` this patient, with
    so many `made`."""

    tenant_id: UUID
    run_id: UUID
    after: UUID | None = None
    made: int = 0


@dataclass
class PortionTask:
    """The next patients of a run, after the one named; None begins."""

    tenant_id: UUID
    run_id: UUID
    after: UUID | None = None


@dataclass
class Portion:
    """What a portion came to. `after` is where the next begins; None when nobody is left."""

    made: int = 0
    skipped: int = 0
    after: UUID | None = None
