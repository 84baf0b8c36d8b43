"""Who did what: people by name, the product's own processes as the product."""

from services.work.views import WorkEvent
from ui.parts.markup import (
    Markup,
    li,
    p,
    small,
    strong,
)
from ui.parts.times import ago

PRODUCT = "Caseload"
_PROCESSES = frozenset(
    {
        "AppealLifecycle",
        "Approval",
        "BulkWork",
        "CareForecast",
        "CareMonthEnd",
        "CarePatientMonth",
        "ClaimLifecycle",
        "ConnectionPoller",
        "ConnectionTrial",
        "DailyDigest",
        "DenialLearning",
        "DepositWatch",
        "FileIntake",
        "FloatAssignment",
        "FloatProposals",
        "PayerEnrolment",
        "ProgrammeEnrolment",
        "QaAudit",
        "Reassignment",
        "RosterMove",
        "RosterOptimisation",
        "RuleSimulation",
        "ScheduledClose",
        "SheetImport",
        "StatementRun",
        "SubmissionBatch",
        "SubmissionWatch",
        "TenantOnboarding",
    }
)


def who_did(name: str) -> str:
    """A person's name, or the product itself for what its processes did."""
    return PRODUCT if not name or name in _PROCESSES else name


_EVENTS = {
    "opened": ("Opened", "info"),
    "taken": ("Taken", "info"),
    "returned": ("Returned", "warn"),
    "assigned": ("Assigned", "info"),
    "delegated": ("Delegated", "info"),
    "attached": ("File attached", ""),
    "detached": ("File removed", "warn"),
    "left_to": ("Left to", "info"),
    "commented": ("Commented", ""),
    "snoozed": ("Put off", ""),
    "start_warning": ("To be started soon", "warn"),
    "start_breach": ("Not started in time", "bad"),
    "due_warning": ("Due soon", "warn"),
    "due_breach": ("Past due", "bad"),
    "escalation": ("Told to the manager", "bad"),
    "redated": ("Due date changed", "warn"),
    "reclocked": ("Due by changed rules", ""),
    "asked": ("Asked for approval", "info"),
    "approval_refused": ("Not approved", "bad"),
    "approval_withdrawn": ("Request taken back", ""),
    "approval_overtaken": ("Request overtaken", ""),
    "moved": ("Moved", "info"),
    "prioritised": ("Priority changed", ""),
    "completed": ("Finished", "ok"),
    "refused": ("Decision refused, opened again", "bad"),
    "cancelled": ("No longer needed", ""),
}


def event(one: WorkEvent, zone: str) -> Markup:
    """One entry of an item's history."""
    words, tone = _EVENTS.get(one.kind, (one.kind.capitalize(), ""))
    return li(
        p(strong(words), " ", one.detail),
        small(who_did(one.actor_name), " · ", ago(one.at, zone)),
        cls=tone or None,
    )
