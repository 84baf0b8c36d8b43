"""The kinds of work that waits for people: what each is called, who may take it, by when, and how it can be decided."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
