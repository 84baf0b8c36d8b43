"""What pages and programs see of submissions: the chain of answers to each, and what is awaited."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LinkView:
    """One stage of a submission's chain. `late`: overdue now, or answered after its time. `answers`: how many came."""

    stage: str
    label: str
    sender: str
    state: str
    state_label: str
    tone: str
    at: datetime | None
    expected_by: datetime | None
    late: bool
    codes: str
    control_number: str
    file_id: UUID | None
    file_name: str
    answers: int


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One version of a claim as it travelled. `provable` is empty when a proof of timely filing can be made, else says
    why not."""

    claim_id: UUID
    version: int
    current: bool
    claim_number: str
    frequency: str
    payer_id: UUID
    payer_name: str
    connection_id: UUID
    connection_name: str
    batch_id: UUID
    batch_reference: str
    file_id: UUID | None
    file_name: str
    interchange_number: int
    group_number: int
    set_number: str
    sent_at: datetime | None
    filing_limit: date
    filing_rule: str
    act_by: date
    provable: str
    links: list[LinkView]


@dataclass(frozen=True, slots=True)
class AwaitedLine:
    """A sent claim that waits for an answer. `late` when it is overdue; `near_limit` when the payer has not accepted it
    and somebody must act for its filing limit."""

    claim_id: UUID
    reference: str
    claim_number: str
    payer_id: UUID
    payer_name: str
    connection_id: UUID
    connection_name: str
    answer: str
    answer_label: str
    sent_at: datetime
    expected_by: datetime
    late: bool
    filing_limit: date
    near_limit: bool
    alarmed: bool
    charge_cents: int


@dataclass(frozen=True, slots=True)
class BatchLinkView:
    """One stage of a batch's chain: how many of its claims were answered how, between which moments."""

    stage: str
    label: str
    sender: str
    accepted: int
    rejected: int
    awaited: int
    first_at: datetime | None
    last_at: datetime | None
    expected_by: datetime | None
    late: bool
