"""Work items: their kinds, who may take each, how it can be decided, by when, and what may be done with it now.

Titles are made here from references and codes only, so that none can carry PHI.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.refusals import Conflict, FieldError, Invalid
from domain.work_kinds import KINDS, Decision, Kind

LONGEST_SNOOZE = timedelta(days=366)
LONGEST_COMMENT = 4000
TAKE = "work.take"
ASSIGN = "work.assign"

PERMISSIONS = frozenset(rules.permission for rules in KINDS.values())

_WORDS = {
    Kind.HOLD: "held",
    Kind.REJECTION: "rejected",
    Kind.DENIAL: "denied",
    Kind.APPEAL: "appeal",
    Kind.UNMATCHED: "payment without a claim",
    Kind.QUARANTINE: "out of balance",
    Kind.SILENCE: "no answer",
    Kind.FILING: "filing limit is near",
    Kind.FILE: "file needs attention",
    Kind.INCIDENT: "process stopped",
    Kind.MATCH: "not matched for certain",
    Kind.PROVIDER_LEVEL: "balance at provider level",
    Kind.NEXT_PAYER: "not billed to the next payer",
    Kind.EARLIER_PAYER: "changed by an earlier payer",
    Kind.DEPOSIT: "without a remittance",
    Kind.MISSING_MONEY: "without its money",
    Kind.ENROLMENT: "enrolment",
    Kind.CONNECTION: "paused",
    Kind.AUDIT: "to review",
    Kind.AUDIT_ACKNOWLEDGEMENT: "is complete",
    Kind.AUDIT_DISPUTE: "is disputed",
    Kind.CARE_ENROLMENT: "in care",
    Kind.CARE_EXCEPTION: "is not billed",
    Kind.CARE_TASK: "to do",
    Kind.CARE_RISK: "is behind",
    Kind.CARE_PLAN: "care plan",
    Kind.APPROVAL: "asks for approval",
    Kind.FLOAT_OFFER: "is offered to you",
    Kind.FLOAT_PROPOSAL: "is at risk",
}

# What notes and work items may be about, and the table that holds it.
SUBJECTS: dict[str, str] = {
    "appeal": "appeals",
    "approval": "approvals",
    "audit": "qa_audits",
    "batch": "edi_batches",
    "care_enrolment": "care_enrolments",
    "care_month": "care_months",
    "care_patient_month": "care_patient_months",
    "care_move": "care_moves",
    "care_time": "care_time_entries",
    "claim": "claims",
    "client": "clients",
    "connection": "connections",
    "deposit": "deposits",
    "enrolment": "enrolments",
    "file": "edi_files",
    "float_assignment": "float_assignments",
    "float_proposal": "float_proposals",
    "patient": "patients",
    "payer": "payers",
    "remittance": "remittances",
    "provider_balance": "provider_balances",
    "reassignment": "reassignments",
    "time_sheet": "care_time_sheets",
    "remittance_claim": "remittance_claims",
    "remittance_lines": "remittance_claims",
    "work_item": "work_items",
}


def title(kind: Kind, reference: str, reason: str = "") -> str:
    """The title of an item: a reference (`C-1001`, a file or trace number), what happened, and codes as the reason."""
    words = f"{reference} {_WORDS[kind]}".strip()
    return f"{words}: {reason}" if reason else words[0].upper() + words[1:]


def decision_of(kind: Kind, code: str, comment: str) -> Decision:
    """The decision meant by `code`, or a refusal that lists what there is, or that asks for the comment."""
    known = {decision.code: decision for decision in KINDS[kind].decisions}
    decision = known.get(code)
    if decision is None:
        fault = FieldError("decision", "decision.unknown", f"Choose one of: {', '.join(known)}.")
        raise Invalid(
            "work.decision_unknown", "This item cannot be decided so.", fault.message, fields=(fault,)
        )
    if decision.needs_comment and not comment.strip():
        fault = FieldError("comment", "comment.missing", "Say why: this decision needs a comment.")
        raise Invalid(
            "work.comment_missing", "This decision needs a comment.", fault.message, fields=(fault,)
        )
    return decision


def checked_comment(comment: str, *, required: bool = False, field: str = "comment") -> str:
    """The comment without outer blanks, or the refusal that says what is wrong with it."""
    text = comment.strip()
    fault = None
    if required and not text:
        fault = FieldError(field, f"{field}.missing", "Write a few words, so that the next person knows.")
    elif len(text) > LONGEST_COMMENT or "\0" in text:
        fault = FieldError(
            field, f"{field}.unusable", f"Write plain text of at most {LONGEST_COMMENT} characters."
        )
    if fault:
        raise Invalid("work.text_refused", "The text cannot be kept so.", fault.message, fields=(fault,))
    return text


def checked_follow_up(until: datetime, now: datetime) -> datetime:
    """The follow-up time when it can be one: aware, in the future, and within LONGEST_SNOOZE."""
    if until.tzinfo is not None and now < until <= now + LONGEST_SNOOZE:
        return until
    fault = FieldError(
        "until", "until.out_of_range", "Choose a time from now to a year ahead, with its time zone."
    )
    raise Invalid(
        "work.follow_up_refused", "The item cannot rest until then.", fault.message, fields=(fault,)
    )


def checked_priority(priority: int) -> int:
    """A priority from 1 (first) to 5 (last)."""
    if 1 <= priority <= 5:
        return priority
    fault = FieldError("priority", "priority.out_of_range", "Choose 1 (first) to 5 (last).")
    raise Invalid("work.priority_refused", "There is no such priority.", fault.message, fields=(fault,))


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds an item just now: what decides whether somebody else may act on it."""

    status: str
    permission: str
    owner_id: UUID | None
    owner_name: str = ""
    return_to: UUID | None = None  # delegated: whose it becomes again
    excluded: frozenset[UUID] = frozenset()  # four eyes: who must not work it
    stands_in: bool = False  # the asker is the substitute of the owner, who is away
    finished_by: str = ""


def actions(item: Holding, user_id: UUID | None, permissions: Collection[str]) -> tuple[str, ...]:
    """What this person may do with the item now, in the order that a menu shows it."""
    if item.status != "open":
        return ()
    lead = ASSIGN in permissions
    able = item.permission in permissions and TAKE in permissions and user_id not in item.excluded
    mine = item.owner_id is not None and item.owner_id == user_id
    whole = mine and item.return_to is None  # what is delegated is finished by whom it returns to
    possible = {
        "take": able and not mine and (item.owner_id is None or item.stands_in),
        "complete": able and (whole or lead),
        "give_back": item.owner_id is not None and TAKE in permissions and (mine or lead),
        "snooze": TAKE in permissions and (mine or lead),
        "delegate": TAKE in permissions and whole,
        "assign": lead,
        "prioritise": lead,
    }
    return tuple(action for action, may in possible.items() if may)


def why_not(item: Holding, user_id: UUID | None) -> Conflict:
    """Why a compare-and-set on the item found nothing to change, in words that name who was faster."""
    if item.status != "open":
        return Conflict(
            "work.finished",
            f"{item.finished_by} has finished this meanwhile."
            if item.finished_by
            else "This has been finished meanwhile.",
            "Take the next item of the queue.",
        )
    if item.owner_id is None:
        return Conflict("work.not_taken", "Nobody works on this.", "Take it first.")
    if item.owner_id == user_id and item.return_to is not None:
        return Conflict(
            "work.delegated", "This was delegated to you.", "Hand it back to its owner with a comment."
        )
    if item.owner_id == user_id:
        return Conflict("work.changed", "This changed meanwhile.", "Reload and try again.")
    return Conflict(
        "work.taken",
        f"{item.owner_name or 'Somebody else'} took this meanwhile.",
        "Take another item, or ask them to give it back.",
    )
