"""Every workflow by the task queue that runs it. An area adds its own here; the worker registers them all."""

from workflows.claims import ClaimLifecycle
from workflows.edi import ConnectionPoller, FileIntake, SubmissionBatch
from workflows.tenancy import TenantOnboarding

WORKFLOWS: dict[str, list[type]] = {
    "core": [ClaimLifecycle, TenantOnboarding],
    "edi": [ConnectionPoller, FileIntake, SubmissionBatch],
}
