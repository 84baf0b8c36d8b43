"""The rules that an institutional claim shares with a professional one, and its facts in the shape that they ask."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from domain.claims.institutional import InstitutionalClaim, RevenueLine
from domain.claims.model import Claim, ServiceLine
from domain.claims.rules import (
    coding,
    coverage,
    duplicates,
    identity,
    money,
    payer,
    provider,
    services,
)
from domain.claims.rules.finding import Finding, Rule, ScrubContext

# Those not named here speak of elements that the 837I does not have, or are held otherwise by CL-INS rules.
_SHARED = {
    "IDN": range(1, 15),
    "COV": range(1, 19),
    "PRV": (1, 2, 3, *range(4, 15), 17, 19),
    "PAY": (1, 2, 3, 4, 5, 7, 9, 10, 11, 13, 14, 15),
    "COD": (*range(3, 10), 16, 18, 21, 22, 23, 24),
    "MON": (1, 3, 5, 6),
    "DUP": (5,),
}
_IDS = frozenset(f"CL-{family}-{number:03d}" for family, numbers in _SHARED.items() for number in numbers)
_MODULES = (identity, coverage, provider, payer, coding, services, money, duplicates)
SHARED_RULES: tuple[Rule[Claim], ...] = tuple(
    rule for module in _MODULES for rule in module.RULES if rule.id in _IDS
)
_UNDER_FACTS = frozenset({"lines", "rendering", "referring"})


def shared_findings(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[Finding]:
    """What the shared rules find, with the fields named as the institutional claim has them."""
    seen = shown(claim, context)
    for rule in SHARED_RULES:
        for one in rule.findings(seen, context):
            yield replace(one, field=_path(claim, one.field))


def shown(claim: InstitutionalClaim, context: ScrubContext) -> Claim:
    """The parties, diagnoses and lines of an institutional claim as those of a professional one."""
    facts = claim.facts
    return Claim(
        claim_number=claim.claim_number,
        billing=claim.billing,
        rendering=facts.rendering,
        patient=claim.patient,
        coverage=claim.coverage,
        diagnoses=claim.diagnoses,
        lines=tuple(_line(claim, line, context) for line in facts.lines),
        frequency=claim.frequency,
        payer_claim_control_number=claim.payer_claim_control_number,
        referring=facts.referring,
        prior_authorization=claim.prior_authorization,
        accepts_assignment=claim.accepts_assignment,
        benefits_assigned=claim.benefits_assigned,
        release_of_information=claim.release_of_information,
        other_coverages=claim.other_coverages,
        decisions=claim.decisions,
    )


def _line(claim: InstitutionalClaim, line: RevenueLine, context: ScrubContext) -> ServiceLine:
    """A line without dates was rendered during the statement."""
    first = line.service_from or claim.facts.statement_from or context.today
    last = line.service_to or line.service_from or claim.facts.statement_to or first
    return ServiceLine(
        number=line.number,
        procedure=line.procedure,
        charge_cents=line.charge_cents,
        units=Decimal(1),
        service_from=first,
        service_to=last,
        pointers=(),
        modifiers=line.modifiers,
        control_number=line.control_number,
    )


def _path(claim: InstitutionalClaim, field: str) -> str:
    head, _, rest = field.partition(".")
    if head == "diagnoses":
        return _diagnosis_path(claim, rest)
    return f"facts.{field}" if head in _UNDER_FACTS else field


def _diagnosis_path(claim: InstitutionalClaim, position: str) -> str:
    if not position:
        return "facts.principal"
    before = 1 if claim.facts.principal is not None else 0
    if position == "1" and before:
        return "facts.principal.code"
    return f"facts.other_diagnoses.{int(position) - before}.code"
