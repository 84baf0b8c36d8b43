"""Work about people: audits and what they lead to, and what waits for somebody's word."""

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
    Kind.FLOAT_OFFER: Rules(
        "Float offer",
        "work.take",
        2,
        timedelta(days=1),
        (
            Decision(
                "accepted", "Accept", "The work comes into your inbox when it begins, and leaves at its end."
            ),
            Decision("declined", "Decline", "Whoever offered it is told why, and asks somebody else.", True),
        ),
    ),
    Kind.FLOAT_PROPOSAL: Rules(
        "Queue at risk",
        "float.manage",
        1,
        timedelta(hours=4),
        (
            Decision(
                "first", "Ask the first candidate", "A float assignment is offered to the best of them."
            ),
            Decision("dismissed", "Not needed", "The queue is left as it is; asked again tomorrow.", True),
        ),
    ),
    Kind.APPROVAL: Rules(
        "Approval",
        "approvals.decide",
        2,
        timedelta(days=1),
        (
            Decision("approve", "Approve", "It is done at once, unless another person has to approve too."),
            Decision("refuse", "Refuse", "Nothing is done; the asker reads your comment.", True),
        ),
    ),
    Kind.CARE_RISK: Rules(
        "Month at risk",
        "care.record",
        2,
        timedelta(days=5),
        (
            Decision("seen_to", "Seen to", "The minutes are planned; it is not asked again this month."),
            Decision("left_short", "Leave it short", "The first code is given up this month.", True),
        ),
    ),
    Kind.CARE_TASK: Rules(
        "Care task",
        "care.record",
        3,
        timedelta(days=7),
        (
            Decision("done", "Done", "A monthly task comes back next month."),
            Decision("not_done", "Not done", "It stays undone, with why; a monthly one comes back.", True),
        ),
    ),
    Kind.CARE_EXCEPTION: Rules(
        "Month-end exception",
        "care.close",
        2,
        timedelta(days=5),
        (
            Decision(
                "compute_again", "Compute again", "What was mended counts; what still stands comes back."
            ),
            Decision(
                "let_stand",
                "Let it stand",
                "Billed all the same, where the finding allows it; else it comes back.",
                True,
            ),
            Decision(
                "exclude",
                "Exclude the patient",
                "Nothing is billed of this month; a claim that an earlier close made is taken back.",
                True,
            ),
        ),
    ),
    Kind.CARE_ENROLMENT: Rules(
        "Enrolment in care",
        "care.record",
        3,
        timedelta(days=5),
        (
            Decision("keep_waiting", "Ask again later", "It comes back in five days if it still waits."),
            Decision("withdraw", "End the enrolment", "The patient is not enrolled; no time counts.", True),
        ),
    ),
    Kind.CARE_PLAN: Rules(
        "Care plan review",
        "care.record",
        3,
        timedelta(days=5),
        (
            Decision(
                "keep_waiting", "Ask again later", "It comes back in five days unless the plan is revised."
            ),
        ),
    ),
}
