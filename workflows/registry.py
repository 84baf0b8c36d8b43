"""Every workflow by the task queue that runs it. An area adds its own here; the worker registers them all."""

from workflows.approvals import Approval
from workflows.balances import StatementRun
from workflows.care import ProgrammeEnrolment
from workflows.care_months import CareMonthEnd, CarePatientMonth, ScheduledClose
from workflows.claims import ClaimLifecycle
from workflows.clientele import ConnectionTrial, PayerEnrolment
from workflows.denials import AppealLifecycle
from workflows.deposits import DepositWatch
from workflows.edi import ConnectionPoller, FileIntake, SubmissionBatch, SubmissionWatch
from workflows.forecast import CareForecast
from workflows.insight import DenialLearning
from workflows.notifications import DailyDigest
from workflows.quality import QaAudit
from workflows.reassignment import Reassignment, RosterMove
from workflows.rosters import RosterOptimisation
from workflows.rules import RuleSimulation
from workflows.sheets import SheetImport
from workflows.tenancy import TenantOnboarding
from workflows.work import BulkWork
from workflows.workforce import FloatAssignment

WORKFLOWS: dict[str, list[type]] = {
    "core": [
        AppealLifecycle,
        Approval,
        BulkWork,
        CareForecast,
        CareMonthEnd,
        CarePatientMonth,
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
        RosterOptimisation,
        RuleSimulation,
        ScheduledClose,
        SheetImport,
        StatementRun,
        TenantOnboarding,
    ],
    "edi": [ConnectionPoller, FileIntake, SubmissionBatch, SubmissionWatch],
}
