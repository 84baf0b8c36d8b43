"""Work items: their kinds, who may take each, how it can be decided, by when, and what may be done with it now.

Titles are made here from references and codes only, so that none can carry PHI.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.refusals import Conflict, FieldError, Invalid

LONGEST_SNOOZE = timedelta(days=366)
LONGEST_COMMENT = 4000
TAKE = "work.take"
ASSIGN = "work.assign"


class Kind(StrEnum):
    """Why something waits for a person. Values are stored: never rename one."""

    HOLD = "hold"
    REJECTION = "rejection"
    DENIAL = "denial"
    UNMATCHED = "unmatched"
    QUARANTINE = "quarantine"
    SILENCE = "silence"
    FILING = "filing"
    FILE = "file"
    INCIDENT = "incident"
    MATCH = "match"
    PROVIDER_LEVEL = "provider_level"
    APPEAL = "appeal"
    NEXT_PAYER = "next_payer"
    EARLIER_PAYER = "earlier_payer"
    DEPOSIT = "deposit"
    MISSING_MONEY = "missing_money"
    ENROLMENT = "enrolment"
    CONNECTION = "connection"
    AUDIT = "audit"
    AUDIT_ACKNOWLEDGEMENT = "audit_acknowledgement"
    AUDIT_DISPUTE = "audit_dispute"


@dataclass(frozen=True, slots=True)
class Decision:
    """One way to finish an item. `code` is stored and told to the workflow; `hint` says what happens then."""

    code: str
    label: str
    hint: str
    needs_comment: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a kind. `priority` 1 is the most urgent; `permission` is that of those who may take it."""

    label: str
    permission: str
    priority: int
    due_within: timedelta
    decisions: tuple[Decision, ...]


_BILL_NEXT = Decision(
    "bill_next_payer", "Bill the next payer", "A claim is made from what the payers have decided, and sent."
)
_WITHDRAW = Decision("withdraw", "Withdraw the claim", "The claim closes; nothing is sent.", True)

KINDS: dict[Kind, Rules] = {
    Kind.HOLD: Rules(
        "Hold",
        "claims.correct",
        3,
        timedelta(days=2),
        (
            Decision("recheck", "Check again", "The rules run again over the claim as it stands."),
            _WITHDRAW,
        ),
    ),
    Kind.REJECTION: Rules(
        "Rejection",
        "claims.correct",
        2,
        timedelta(days=2),
        (
            Decision(
                "resend", "Send again unchanged", "The claim is sent again as an original (frequency 1)."
            ),
            _WITHDRAW,
        ),
    ),
    Kind.DENIAL: Rules(
        "Denial",
        "denials.work",
        2,
        timedelta(days=5),
        (
            Decision("appeal", "Appeal", "An appeal is drafted; the claim waits for its end.", True),
            _BILL_NEXT,
            Decision("patient", "Patient owes", "The balance becomes the patient's."),
            Decision("write_off", "Write off", "The balance is given up and the claim closes.", True),
        ),
    ),
    Kind.APPEAL: Rules(
        "Appeal",
        "appeals.manage",
        2,
        timedelta(days=3),
        (
            Decision("seen", "Dealt with", "What was to be done is done on the appeal's page."),
            Decision(
                "keep_waiting", "Keep waiting", "The clock for the payer's answer starts again from now."
            ),
            Decision("withdraw", "Withdraw the appeal", "The appeal ends; the denial is worked again.", True),
        ),
    ),
    Kind.UNMATCHED: Rules(
        "Unmatched payment",
        "remittances.release",
        2,
        timedelta(days=3),
        (
            Decision("matched", "Matched to a claim", "The payment was matched on the remittance's page."),
            Decision(
                "not_ours",
                "Not ours",
                "The money is owed at provider level until the payer takes it back.",
                True,
            ),
        ),
    ),
    Kind.QUARANTINE: Rules(
        "Quarantined remittance",
        "remittances.release",
        1,
        timedelta(days=1),
        (
            Decision(
                "asked_payer",
                "Payer asked for a new file",
                "Nothing is posted; the corrected 835 will be.",
                True,
            ),
            Decision("refused", "Refused for good", "The file stays on record and is never posted.", True),
        ),
    ),
    Kind.SILENCE: Rules(
        "No answer",
        "claims.correct",
        2,
        timedelta(days=1),
        (Decision("keep_waiting", "Keep waiting", "The alarm starts again from now."),),
    ),
    Kind.FILING: Rules(
        "Filing limit",
        "claims.correct",
        1,
        timedelta(days=1),
        (
            Decision(
                "dealt_with", "Dealt with", "The claim goes on as it stands, and is not asked again.", True
            ),
            _WITHDRAW,
        ),
    ),
    Kind.FILE: Rules(
        "File",
        "edi.view",
        1,
        timedelta(days=1),
        (
            Decision("dealt_with", "Dealt with", "The file is settled with the clearinghouse.", True),
            Decision("not_ours", "Not ours", "The file was sent to us by mistake.", True),
        ),
    ),
    Kind.DEPOSIT: Rules(
        "Deposit without a remittance",
        "deposits.manage",
        3,
        timedelta(days=2),
        (
            Decision("matched", "Matched", "The deposit was matched on its page."),
            Decision("explained", "Explained", "The deposit stays unmatched; its day stays open.", True),
        ),
    ),
    Kind.MISSING_MONEY: Rules(
        "Remittance without money",
        "deposits.manage",
        2,
        timedelta(days=2),
        (
            Decision("matched", "Matched", "The money was found and matched."),
            Decision("asked_payer", "Payer asked", "The payer was asked to trace the payment.", True),
        ),
    ),
    Kind.INCIDENT: Rules(
        "Incident",
        "work.assign",
        1,
        timedelta(hours=4),
        (
            Decision("retry", "Try again", "The process takes the failed step again."),
            Decision("dealt_with", "Dealt with", "The process goes on as it stands.", True),
        ),
    ),
    Kind.NEXT_PAYER: Rules(
        "Next payer",
        "claims.correct",
        3,
        timedelta(days=3),
        (
            _BILL_NEXT,
            Decision(
                "do_not_bill", "Do not bill", "Nothing is sent on; the balance stays where it is.", True
            ),
        ),
    ),
    Kind.EARLIER_PAYER: Rules(
        "Earlier payer",
        "claims.correct",
        2,
        timedelta(days=3),
        (
            Decision(
                "replace_next_payer",
                "Replace at the next payer (7)",
                "The claim goes again with what the earlier payer says now.",
            ),
            Decision("leave", "Leave it", "The next payer's claim stays as it was sent.", True),
        ),
    ),
}

KINDS |= {
    Kind.ENROLMENT: Rules(
        "Enrolment",
        "enrolments.manage",
        3,
        timedelta(days=5),
        (
            Decision("keep_waiting", "Look again later", "It comes back when nothing has happened by then."),
            Decision(
                "withdraw", "End the enrolment", "The client is not enrolled; claims that need it wait.", True
            ),
        ),
    ),
    Kind.CONNECTION: Rules(
        "Connection",
        "connections.manage",
        1,
        timedelta(hours=4),
        (
            Decision("retry", "Try again", "The partner is called once; if it works, everything goes on."),
            Decision("dealt_with", "Dealt with", "It stays as it is until the next try.", True),
        ),
    ),
}

KINDS |= {
    Kind.MATCH: Rules(
        "Doubtful match",
        "remittances.release",
        3,
        timedelta(days=3),
        (
            Decision("picked", "Lines picked", "The lines were picked on the remittance's page."),
            Decision("as_is", "Leave as it is", "The lines stay unmatched; the money is on the claim.", True),
        ),
    ),
    Kind.PROVIDER_LEVEL: Rules(
        "Provider-level balance",
        "remittances.release",
        3,
        timedelta(days=5),
        (
            Decision("tied", "Tied to a claim", "The balance was tied to its claim on its page."),
            Decision(
                "no_claim", "Belongs to no claim", "The balance stays shown until it comes to nothing.", True
            ),
        ),
    ),
}

KINDS |= {
    Kind.AUDIT: Rules(
        "Audit",
        "claims.audit",
        3,
        timedelta(days=14),
        (Decision("reviewed", "Done", "The review is on the audit's page; it goes on from there."),),
    ),
    Kind.AUDIT_ACKNOWLEDGEMENT: Rules(
        "Audit result",
        "work.take",
        3,
        timedelta(days=7),
        (
            Decision("acknowledged", "Acknowledge", "The result is accepted and the audit closes."),
            Decision("disputed", "Dispute", "A third person decides on the findings.", True),
        ),
    ),
    Kind.AUDIT_DISPUTE: Rules(
        "Disputed audit",
        "audits.decide",
        2,
        timedelta(days=7),
        (
            Decision("upheld", "Findings stand", "The result stays as it is; the audit closes.", True),
            Decision(
                "overturned", "Withdraw the findings", "All findings are taken out; the audit closes.", True
            ),
        ),
    ),
}

# Every permission that some kind of work needs.
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
}

# What notes and work items may be about, and the table that holds it.
SUBJECTS: dict[str, str] = {
    "appeal": "appeals",
    "audit": "qa_audits",
    "batch": "edi_batches",
    "claim": "claims",
    "client": "clients",
    "connection": "connections",
    "deposit": "deposits",
    "enrolment": "enrolments",
    "file": "edi_files",
    "patient": "patients",
    "payer": "payers",
    "remittance": "remittances",
    "provider_balance": "provider_balances",
    "remittance_claim": "remittance_claims",
    "remittance_lines": "remittance_claims",
    "work_item": "work_items",
}


def title(kind: Kind, reference: str, reason: str = "") -> str:
    """The title of an item: a reference (`C-1001`, a file or trace number), what happened, and codes as the reason."""
    words = f"{reference} {_WORDS[kind]}".strip()
    return f"{words}: {reason}" if reason else words[0].upper() + words[1:]


def due_at(kind: Kind, opened_at: datetime) -> datetime:
    """When an item opened at that moment (aware) is due unless its opener knows better."""
    return opened_at + KINDS[kind].due_within


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
            "work.finished", "This has been finished meanwhile.", "Take the next item of the queue."
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
