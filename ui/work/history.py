"""Who did what: people by name, the product's own processes as the product."""

PRODUCT = "Caseload"
_PROCESSES = frozenset({"ClaimLifecycle", "ConnectionPoller", "SubmissionBatch", "TenantOnboarding"})


def who_did(name: str) -> str:
    """A person's name, or the product itself for what its processes did."""
    return PRODUCT if not name or name in _PROCESSES else name
