"""Work about people: audits, and what they lead to."""

from datetime import timedelta

from domain.work_kinds.model import Decision, Kind, Rules

KINDS: dict[Kind, Rules] = {
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
