"""Every workflow by the task queue that runs it. An area adds its own here; the worker registers them all."""

from workflows.approvals import Approval
from workflows.balances import StatementRun
from workflows.care import ProgrammeEnrolment
from workflows.claims import ClaimLifecycle
from workflows.clientele import ConnectionTrial, PayerEnrolment
from workflows.denials import AppealLifecycle
from workflows.deposits import DepositWatch
from workflows.edi import ConnectionPoller, FileIntake, SubmissionBatch, SubmissionWatch
from workflows.insight import DenialLearning
from workflows.notifications import DailyDigest
from workflows.quality import QaAudit
from workflows.reassignment import Reassignment, RosterMove
from workflows.rules import RuleSimulation
from workflows.tenancy import TenantOnboarding
from workflows.work import BulkWork
from workflows.workforce import FloatAssignment

WORKFLOWS: dict[str, list[type]] = {
    "core": [
        AppealLifecycle,
        Approval,
        BulkWork,
        ClaimLifecycle,
        ConnectionTrial,
        DailyDigest,
        DenialLearning,
        DepositWatch,
        FloatAssignment,
        PayerEnrolment,
        ProgrammeEnrolment,
        QaAudit,
        Reassignment,
        RosterMove,
        RuleSimulation,
        StatementRun,
        TenantOnboarding,
    ],
    "edi": [ConnectionPoller, FileIntake, SubmissionBatch, SubmissionWatch],
}
