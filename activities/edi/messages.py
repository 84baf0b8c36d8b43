"""What the batch and the poller say to their activities: ids and counts."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConnectionInput:
    """Starts `SubmissionBatch` and `ConnectionPoller`."""

    tenant_id: UUID
    connection_id: UUID
    gather_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Gather:
    """Signal `gather`: claims are ready."""

    tenant_id: UUID


@dataclass(frozen=True, slots=True)
class BatchTask:
    """One batch. `batch_id` is chosen by the workflow, so a second attempt finds the first one's work."""

    tenant_id: UUID
    connection_id: UUID
    batch_id: UUID


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was gathered. No claims: nothing could be taken. `more` when others are ready and still wait."""

    claims: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class SendFailed:
    """The partner refused for good: a code, never data."""

    tenant_id: UUID
    connection_id: UUID
    batch_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class FilesTaken:
    """Files newly stored, in the order they are to be applied."""

    file_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileTask:
    """Apply one stored file."""

    tenant_id: UUID
    file_id: UUID


@dataclass(frozen=True, slots=True)
class WatchInput:
    """Starts `SubmissionWatch`. `at_once`: learn again although it was done today."""

    tenant_id: UUID
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class WatchTask:
    """One look over what was sent, at the workflow's own time."""

    tenant_id: UUID
    now: datetime
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What a file came to."""

    status: str
    claims: int = 0
    signals: int = 0
