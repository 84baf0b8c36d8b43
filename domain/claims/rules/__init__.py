"""The scrubbing rules: one catalogue, one function that applies it."""

from domain.claims.model import Claim
from domain.claims.rules import (
    care,
    coding,
    coverage,
    dates,
    duplicates,
    identity,
    money,
    payer,
    provider,
    services,
)
from domain.claims.rules.finding import EarlierLine, Family, Finding, Rule, ScrubContext, Severity

__all__ = [
    "CATALOGUE",
    "EarlierLine",
    "Family",
    "Finding",
    "Rule",
    "ScrubContext",
    "Severity",
    "holds_claim",
    "scrub",
]

# In the order of the claim page, so that findings read from its top to its bottom.
CATALOGUE: tuple[Rule, ...] = (
    *identity.RULES,
    *coverage.RULES,
    *provider.RULES,
    *payer.RULES,
    *coding.RULES,
    *services.RULES,
    *dates.RULES,
    *money.RULES,
    *duplicates.RULES,
    *care.RULES,
)


def scrub(claim: Claim, context: ScrubContext) -> tuple[Finding, ...]:
    """Every finding of every rule, in catalogue order. Never raises for a Claim, however odd its contents."""
    return tuple(finding for rule in CATALOGUE for finding in rule.findings(claim, context))


def holds_claim(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding is an error, so that the claim must be held."""
    return any(finding.severity is Severity.ERROR for finding in findings)
