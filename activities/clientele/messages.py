"""What trials of connections say to their activities: ids and codes."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TrialInput:
    """Starts `ConnectionTrial`."""

    tenant_id: UUID
    trial_id: UUID


@dataclass(frozen=True, slots=True)
class Again:
    """Update `again`: somebody mended what was wrong and says: try the step again. `end` gives the trial up."""

    tenant_id: UUID
    end: bool = False


@dataclass(frozen=True, slots=True)
class TrialFailed:
    """A step of a trial came to nothing for this reason; it waits for a person."""

    tenant_id: UUID
    trial_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for a trial's answers found: `accepted`, `rejected` with a code, or neither yet."""

    accepted: bool = False
    code: str = ""
