"""Work about one claim: held, rejected, denied, appealed, unanswered, or due at another payer."""

from datetime import timedelta

from domain.work_kinds.model import Decision, Kind, Rules

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
}
