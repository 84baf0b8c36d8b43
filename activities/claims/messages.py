"""What the claim's workflow and its activities say to each other: ids, enums and times, never PHI."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.claims.states import Step


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """Starts `ClaimLifecycle`. `released` skips the wait for a person's release. `reopened` is set when a payer speaks
    of a claim whose process had ended: nothing is scrubbed, the answer is followed up."""

    tenant_id: UUID
    claim_id: UUID
    version: int = 1
    released: bool = False
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """What every activity of a claim is given."""

    tenant_id: UUID
    claim_id: UUID
    version: int
    actor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LookTask:
    """Look whether an answer is overdue at `now`, the workflow's own time: its timer and the judgement use one clock."""

    tenant_id: UUID
    claim_id: UUID
    version: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Where the claim stands after an activity. `look_at` is when silence would become an alarm; `version` is told when
    the activity began a new one, for the next payer."""

    step: Step
    look_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Update `corrected`: a new version of the facts is stored and is to be scrubbed."""

    tenant_id: UUID
    version: int
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """Update `released`: a person lets the claim go to the payer."""

    tenant_id: UUID
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """Update `ended`: withdrawn before it was sent, or closed afterwards; `event` is from `domain.claims.process`."""

    tenant_id: UUID
    event: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Update `held`: a person stops the claim before it is batched. The reason is stored with the claim, not here."""

    tenant_id: UUID
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Update `decided`: a work item of this claim was completed with a decision that the process must act on."""

    tenant_id: UUID
    work_item_id: UUID
    decision: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Appealed:
    """Update `appeal_opened`: the appeal's own process has begun, and the claim waits for its end."""

    tenant_id: UUID
    appeal_id: UUID
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class AppealEnded:
    """Update `appeal_ended`. `outcome` is `overturned` (the corrected 835 is awaited), `upheld` or `withdrawn`."""

    tenant_id: UUID
    appeal_id: UUID
    outcome: str
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class AppealTask:
    """An activity's input: an appeal has begun (`outcome` empty) or ended."""

    tenant_id: UUID
    claim_id: UUID
    version: int
    appeal_id: UUID
    outcome: str = ""
    actor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """Signal `reopened`: a person opens a closed claim again. The reason is stored with the claim, not here."""

    tenant_id: UUID
    request_id: UUID
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Signal `answered`: a partner's answer is stored with the claim. `fact_id` makes a second delivery harmless."""

    tenant_id: UUID
    fact_id: str


@dataclass(frozen=True, slots=True)
class DecisionTask:
    """An activity's input: act on a decision about the claim. `now` is the workflow's time, from which a clock that
    starts again counts."""

    tenant_id: UUID
    claim_id: UUID
    version: int
    work_item_id: UUID
    decision: str
    actor_id: UUID | None = None
    now: datetime | None = None
