"""The hard edits of care management: they stand before every claim for it, whether a close made it or somebody by hand."""

from collections.abc import Callable, Iterator

from domain.care.edits import Billed, Edit, EditFinding, hard_edits
from domain.care.month import last_of_month
from domain.claims.model import Claim
from domain.claims.rules.fields import lines
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity


def _found(claim: Claim, context: ScrubContext) -> Iterator[EditFinding]:
    """What the edits find in each month of the claim; a void asks for nothing."""
    if claim.frequency == "8":
        return
    by = claim.rendering.npi if claim.rendering else claim.billing.npi
    others = [one for one in context.known_duplicates if one.claim_number not in context.own_claim_numbers]
    for last in sorted({last_of_month(line.service_from) for line in claim.lines}):
        table = context.care_codes_on(last)
        asked = [
            Billed(line.procedure, by) for line in claim.lines if last_of_month(line.service_from) == last
        ]
        if not any(one.code in table.codes for one in asked):
            continue
        billed = [
            Billed(one.procedure, one.rendering_npi or one.billing_npi, one.claim_number)
            for one in others
            if last_of_month(one.service_from) == last
        ]
        yield from hard_edits(asked, billed, table)


def _of(edit: Edit, *, blocks: bool = True) -> Callable[[Claim, ScrubContext], Iterator[str]]:
    """The procedures of the claim that one edit speaks of."""

    def faults(claim: Claim, context: ScrubContext) -> Iterator[str]:
        found = [one for one in _found(claim, context) if one.edit is edit and one.blocks is blocks]
        codes = {code for one in found for code in one.codes}
        return (f"{path}.procedure" for path, line in lines(claim) if line.procedure in codes)

    return faults


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.CARE
_CITATION = "CMS MLN909188 Chronic Care Management; 42 CFR 410.26(b)"

RULES = (
    Rule(
        "CL-CAR-001",
        _F,
        _E,
        "A programme of care management is billed once for a patient and month.",
        "The month was billed already, or two of these codes exclude each other: replace the other claim, or withdraw this.",
        _CITATION,
        _of(Edit.TWICE),
    ),
    Rule(
        "CL-CAR-002",
        _F,
        _E,
        "Programmes of care management that exclude each other are not billed for one month.",
        "Bill one of the programmes for this month and withdraw the other.",
        _CITATION,
        _of(Edit.OVERLAP),
    ),
    Rule(
        "CL-CAR-003",
        _F,
        _E,
        "An add-on of care management stands beside its base in the same month.",
        "Add the base code that this time belongs to, or remove the add-on.",
        _CITATION,
        _of(Edit.ADD_ON),
    ),
    Rule(
        "CL-CAR-004",
        _F,
        _E,
        "One practitioner bills chronic care management for a patient and month.",
        "Bill it with the practitioner of the other claim, or withdraw one of them.",
        _CITATION,
        _of(Edit.TWO_PRACTITIONERS),
    ),
    Rule(
        "CL-CAR-005",
        _F,
        _W,
        "Chronic and principal care management of two practitioners in one month are not paid by every payer.",
        "Ask the payer whether it pays both, or bill one of them.",
        _CITATION,
        _of(Edit.OVERLAP, blocks=False),
    ),
)
