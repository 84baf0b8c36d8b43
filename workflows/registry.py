"""Every workflow by the task queue that runs it. An area adds its own here; the worker registers them all."""

from workflows.tenancy import TenantOnboarding

WORKFLOWS: dict[str, list[type]] = {
    "core": [TenantOnboarding],
    "edi": [],
    "documents": [],
}
