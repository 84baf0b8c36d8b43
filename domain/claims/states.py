"""What is known of a claim's current submission, and the status, action and correction that follow.

The facts are orthogonal and stored; the status is derived and never stored as truth of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from domain.claims.process import FAILURES, TRANSITIONS, Event, Stage, Step, advance, allowed
from domain.claims.process_diagram import diagram
from domain.refusals import Conflict

__all__ = [
    "FAILURES",
    "TRANSITIONS",
    "Ack",
    "Action",
    "Event",
    "Facts",
    "FollowUp",
    "Frequency",
    "Outcome",
    "Stage",
    "Status",
    "Step",
    "Tone",
    "advance",
    "allowed",
    "correction_for",
    "diagram",
    "next_action",
    "status",
    "waiting_for",
]

Frequency = Literal["1", "7", "8"]
Tone = Literal["ok", "warn", "bad", "info", "neutral"]


class Ack(StrEnum):
    """An acknowledgement's verdict on this submission."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What the payer's adjudication came to, derived from amounts and adjustment codes, not CLP02 alone."""

    PAID = "paid"
    UNDERPAID = "underpaid"
    PARTIALLY_DENIED = "partially_denied"
    DENIED = "denied"
    REVERSED = "reversed"


class FollowUp(StrEnum):
    """What was done about an outcome."""

    APPEALED = "appealed"
    CORRECTED = "corrected"
    VOIDED = "voided"
    SECONDARY = "secondary"
    PATIENT_RESPONSIBILITY = "patient_responsibility"


@dataclass(frozen=True, slots=True)
class Facts:
    """The stage facts of a claim's current submission version.

    `adjudications` counts the remittances of the payer asked now, over its versions; `outcome` is None until this version
    is adjudicated.
    Times are aware UTC. `frequency` is this version's CLM05-3.
    """

    captured: bool = False
    coded: bool = False
    held_reason: str = ""
    held_owner: str = ""
    released: bool = False
    batched_at: datetime | None = None
    sent_at: datetime | None = None
    ack_999: Ack | None = None
    ack_clearinghouse: Ack | None = None
    ack_payer: Ack | None = None
    payer_claim_control_number: str = ""
    adjudications: int = 0
    outcome: Outcome | None = None
    follow_up: FollowUp | None = None
    closed: bool = False
    frequency: Frequency = "1"


class Status(StrEnum):
    """The word a person sees for a claim. Values are permanent (filters and URLs name them)."""

    DRAFT = "draft"
    CODING = "coding"
    HELD = "held"
    READY = "ready"
    BATCHED = "batched"
    SENT = "sent"
    ACCEPTED_999 = "accepted_999"
    REJECTED_999 = "rejected_999"
    ACCEPTED_CLEARINGHOUSE = "accepted_clearinghouse"
    REJECTED_CLEARINGHOUSE = "rejected_clearinghouse"
    ACCEPTED_PAYER = "accepted_payer"
    REJECTED_PAYER = "rejected_payer"
    PAID = "paid"
    UNDERPAID = "underpaid"
    PARTIALLY_DENIED = "partially_denied"
    DENIED = "denied"
    REVERSED = "reversed"
    APPEALED = "appealed"
    CORRECTED = "corrected"
    VOIDED = "voided"
    SECONDARY = "secondary"
    PATIENT_RESPONSIBILITY = "patient_responsibility"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The status in words for people."""
        return _LOOKS[self][0]

    @property
    def tone(self) -> Tone:
        """The semantic colour; the word always stands beside it."""
        return _LOOKS[self][1]


_LOOKS: dict[Status, tuple[str, Tone]] = {
    Status.DRAFT: ("Draft", "neutral"),
    Status.CODING: ("To be released", "info"),
    Status.HELD: ("Held", "warn"),
    Status.READY: ("Ready to send", "info"),
    Status.BATCHED: ("Batched", "info"),
    Status.SENT: ("Sent", "info"),
    Status.ACCEPTED_999: ("999 accepted", "info"),
    Status.REJECTED_999: ("999 rejected", "bad"),
    Status.ACCEPTED_CLEARINGHOUSE: ("Clearinghouse accepted", "info"),
    Status.REJECTED_CLEARINGHOUSE: ("Clearinghouse rejected", "bad"),
    Status.ACCEPTED_PAYER: ("Payer accepted", "info"),
    Status.REJECTED_PAYER: ("Payer rejected", "bad"),
    Status.PAID: ("Paid", "ok"),
    Status.UNDERPAID: ("Underpaid", "warn"),
    Status.PARTIALLY_DENIED: ("Partially denied", "warn"),
    Status.DENIED: ("Denied", "bad"),
    Status.REVERSED: ("Reversed", "warn"),
    Status.APPEALED: ("Under appeal", "info"),
    Status.CORRECTED: ("Replaced (7)", "info"),
    Status.VOIDED: ("Voided (8)", "neutral"),
    Status.SECONDARY: ("With the next payer", "info"),
    Status.PATIENT_RESPONSIBILITY: ("Patient owes", "warn"),
    Status.CLOSED: ("Closed", "neutral"),
}


def status(facts: Facts) -> Status:
    """The display status: the furthest true thing, where a rejection outweighs every acceptance."""
    if facts.closed:
        return Status.CLOSED
    if facts.follow_up is not None:
        return Status(facts.follow_up.value)
    if facts.outcome is not None:
        return _adjudicated(facts)
    return _acknowledged(facts) or _on_the_way(facts)


def _adjudicated(facts: Facts) -> Status:
    if facts.outcome is Outcome.REVERSED and facts.frequency == "8":
        return Status.VOIDED
    return Status(facts.outcome or "")


def _acknowledged(facts: Facts) -> Status | None:
    """The nearest to the payer speaks, rejections first: a later rejection overrides an acceptance."""
    answers = (
        (facts.ack_payer, Status.REJECTED_PAYER, Status.ACCEPTED_PAYER),
        (facts.ack_clearinghouse, Status.REJECTED_CLEARINGHOUSE, Status.ACCEPTED_CLEARINGHOUSE),
        (facts.ack_999, Status.REJECTED_999, Status.ACCEPTED_999),
    )
    rejected = (no for answer, no, _ in answers if answer is Ack.REJECTED)
    accepted = (yes for answer, _, yes in answers if answer is Ack.ACCEPTED)
    return next(rejected, None) or next(accepted, None)


def _on_the_way(facts: Facts) -> Status:
    reached = (
        (facts.sent_at is not None, Status.SENT),
        (facts.batched_at is not None, Status.BATCHED),
        (bool(facts.held_reason), Status.HELD),
        (facts.released, Status.READY),
        (facts.captured or facts.coded, Status.CODING),
    )
    return next((known for true, known in reached if true), Status.DRAFT)


@dataclass(frozen=True, slots=True)
class Action:
    """The one filled button of a claim page. `code` is permanent, `label` is what the button says."""

    code: str
    label: str


_RESEND = Action("correct_and_resend", "Correct and resend")
_ACTIONS = {
    Status.DRAFT: Action("start_coding", "Send to coding"),
    Status.CODING: Action("release", "Release to the payer"),
    Status.HELD: Action("correct", "Correct and scrub again"),
    Status.REJECTED_999: _RESEND,
    Status.REJECTED_CLEARINGHOUSE: _RESEND,
    Status.REJECTED_PAYER: _RESEND,
    Status.PAID: Action("close", "Close"),
    Status.UNDERPAID: Action("appeal", "Appeal the shortfall"),
    Status.PATIENT_RESPONSIBILITY: Action("settle_patient_balance", "Settle the patient's share"),
    Status.VOIDED: Action("close", "Close"),
}
_WAITING = {
    Status.READY: "the next batch",
    Status.BATCHED: "the file to be sent",
    Status.SENT: "the 999",
    Status.ACCEPTED_999: "the clearinghouse's 277CA",
    Status.ACCEPTED_CLEARINGHOUSE: "the payer's 277CA",
    Status.ACCEPTED_PAYER: "the remittance (835)",
    Status.REVERSED: "the correction that follows the reversal",
    Status.APPEALED: "the payer's answer to the appeal",
    Status.CORRECTED: "the answer to the replacement",
    Status.SECONDARY: "the next payer's remittance",
}
_DENIALS = frozenset({Status.DENIED, Status.PARTIALLY_DENIED})


def next_action(facts: Facts) -> Action | None:
    """What the filled button does now; None while the claim waits for somebody else (see `waiting_for`)."""
    now = status(facts)
    if now not in _DENIALS:
        return _ACTIONS.get(now)
    if facts.payer_claim_control_number:
        return Action("replace", "Correct as replacement (7)")
    return Action("appeal", "Appeal the denial")


def waiting_for(facts: Facts) -> str:
    """What a claim without an action waits for, in words; empty when it waits for a person or is closed."""
    return _WAITING.get(status(facts), "")


def correction_for(facts: Facts, *, void: bool = False) -> Frequency:
    """CLM05-3 of the next submission: 1 after a rejection, 7 to replace or 8 to void an adjudicated claim.

    Raises Conflict with the reason when no new submission is allowed. A rejected replacement or void is sent
    again as what it was: the payer still holds the claim it refers to.
    """
    _refuse_untimely(facts)
    if facts.outcome is None and not facts.adjudications:
        return _after_rejection(void)
    if not facts.payer_claim_control_number:
        raise Conflict(
            "claim.payer_claim_control_number_missing",
            "A replacement or void needs the payer's claim control number (REF*F8).",
            "Enter the number from the remittance (CLP07) or from the payer's 277CA (REF*1K).",
        )
    return "8" if void or (facts.outcome is None and facts.frequency == "8") else "7"


def _refuse_untimely(facts: Facts) -> None:
    rejected = Ack.REJECTED in (facts.ack_999, facts.ack_clearinghouse, facts.ack_payer)
    if facts.closed:
        raise Conflict("claim.closed", "This claim is closed.", "Reopen the claim before correcting it.")
    if facts.outcome is not None or rejected:
        return
    if facts.batched_at is None and facts.sent_at is None:
        raise Conflict(
            "claim.not_sent", "This claim has not been sent.", "Edit it; no new submission is needed."
        )
    raise Conflict(
        "claim.answer_outstanding",
        "This claim is on its way and neither rejected nor adjudicated.",
        "Wait for the rejection or the remittance; a second copy now would be denied as a duplicate.",
    )


def _after_rejection(void: bool) -> Frequency:
    if void:
        raise Conflict(
            "claim.nothing_to_void",
            "A rejected claim was never adjudicated, so the payer holds nothing to void.",
            "Withdraw the claim, or correct it and resend it with frequency 1.",
        )
    return "1"
