"""What is shown of incidents: a line, one with its history, what a retry came to, and what the platform's staff see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident in plain words. `mend_href` is the page of the record where the fault can be mended, if it is there.

    `next_attempt_at` is when it is tried again by itself; None where it is not.
    """

    id: UUID
    state: str
    state_label: str
    tone: str
    kind: str
    kind_label: str
    process_id: UUID
    reference: str
    step_label: str
    what: str
    what_label: str
    code: str
    words: str
    to_do: str
    attempts: int
    first_failed_at: datetime
    last_failed_at: datetime
    next_attempt_at: datetime | None
    retries: int
    retried_at: datetime | None
    retried_by: str
    closed_at: datetime | None
    mend_href: str


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """One line of an incident's history."""

    at: datetime
    kind: str
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident with its history. `cancellable`: its process can be cancelled here; others are ended on their page."""

    line: IncidentLine
    outcome_words: str
    reason: str
    closed_by: str
    activity: str
    process_href: str
    cancellable: bool
    history: list[IncidentEvent]

    @property
    def id(self) -> UUID:
        """The incident's id."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class RetryOutcome:
    """What became of one incident of many; `code` is empty when it was told to try again, else why it was refused."""

    id: UUID
    reference: str
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class RetriedLately:
    """How many incidents somebody had tried again in the last minutes, and how many of them are over."""

    total: int
    over: int


@dataclass(frozen=True, slots=True)
class PlatformIncident:
    """An incident as the platform's staff see it: whose, what and how often, and nothing of what it is about."""

    tenant_id: UUID
    tenant: str
    id: UUID
    kind: str
    what: str
    activity: str
    code: str
    words: str
    attempts: int
    first_failed_at: datetime
    last_failed_at: datetime
