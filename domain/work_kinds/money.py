"""Work about money: remittances, deposits, provider-level balances, and what is matched in doubt."""

from datetime import timedelta

from domain.work_kinds.model import Decision, Kind, Rules

KINDS: dict[Kind, Rules] = {
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
