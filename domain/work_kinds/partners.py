"""Work about partners and files: enrolments, connections and stopped processes."""

from datetime import timedelta

from domain.work_kinds.model import Decision, Kind, Rules

KINDS: dict[Kind, Rules] = {
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
