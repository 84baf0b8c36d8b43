"""The scrubbing rules of institutional claims: those that all claims share, then the family CL-INS."""

from domain.claims.institutional import InstitutionalClaim
from domain.claims.rules.finding import Finding, Rule, ScrubContext
from domain.claims.rules.institutional import bill, coded_facts, diagnoses, lines, practitioners, stay
from domain.claims.rules.institutional.shared import SHARED_RULES, shared_findings

__all__ = ["INSTITUTIONAL_RULES", "SHARED_RULES", "scrub_institutional"]

# In the order of the UB-04, so that findings read from its top to its bottom.
INSTITUTIONAL_RULES: tuple[Rule[InstitutionalClaim], ...] = (
    *bill.RULES,
    *stay.RULES,
    *diagnoses.RULES,
    *coded_facts.RULES,
    *lines.RULES,
    *practitioners.RULES,
)


def scrub_institutional(claim: InstitutionalClaim, context: ScrubContext) -> tuple[Finding, ...]:
    """Every finding of every rule, shared ones first. Never raises for an InstitutionalClaim, however odd its contents."""
    own = (one for rule in INSTITUTIONAL_RULES for one in rule.findings(claim, context))
    return (*shared_findings(claim, context), *own)
