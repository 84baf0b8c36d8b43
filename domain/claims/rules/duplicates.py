"""Whether the same service was billed before, or twice on this claim."""

from collections import defaultdict
from collections.abc import Iterator

from domain.claims.model import Claim, ServiceLine
from domain.claims.rules.fields import lines
from domain.claims.rules.finding import EarlierLine, Family, Rule, ScrubContext, Severity

# Modifiers that tell the payer that a repetition is meant.
_MEANT = frozenset({"59", "76", "77", "91", "XE", "XP", "XS", "XU"})


def _earlier(claim: Claim, context: ScrubContext) -> tuple[EarlierLine, ...]:
    """Lines of other claims; a replacement or void repeats its original on purpose and has none."""
    if claim.frequency in ("7", "8"):
        return ()
    return tuple(
        line for line in context.known_duplicates if line.claim_number not in context.own_claim_numbers
    )


def _service(line: ServiceLine | EarlierLine) -> tuple[object, ...]:
    return line.service_from, line.procedure


def _exact(line: ServiceLine | EarlierLine) -> tuple[object, ...]:
    return *_service(line), line.charge_cents, frozenset(line.modifiers)


def _claim_billed_before(claim: Claim, context: ScrubContext) -> Iterator[str]:
    """Fires when one earlier claim of the same billing provider holds every line of this one, cent for cent."""
    billed: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for line in _earlier(claim, context):
        if line.billing_npi == claim.billing.npi:
            billed[line.claim_number].add(_exact(line))
    wanted = {_exact(line) for line in claim.lines}
    if wanted and any(wanted <= known for known in billed.values()):
        yield "lines"


def _line_billed_before(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if any(_claim_billed_before(claim, context)):
        return
    billed = {_service(line) for line in _earlier(claim, context) if line.billing_npi == claim.billing.npi}
    for path, line in lines(claim):
        if _service(line) in billed and _MEANT.isdisjoint(line.modifiers):
            yield f"{path}.procedure"


def _line_billed_by_another(claim: Claim, context: ScrubContext) -> Iterator[str]:
    billed = {_service(line) for line in _earlier(claim, context) if line.billing_npi != claim.billing.npi}
    for path, line in lines(claim):
        if _service(line) in billed and _MEANT.isdisjoint(line.modifiers):
            yield f"{path}.procedure"


def _line_repeated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    seen: set[tuple[object, ...]] = set()
    for path, line in lines(claim):
        key = (*_service(line), line.service_to, line.place_of_service, frozenset(line.modifiers))
        if key in seen and _MEANT.isdisjoint(line.modifiers):
            yield f"{path}.procedure"
        seen.add(key)


def _claim_number_taken(claim: Claim, context: ScrubContext) -> Iterator[str]:
    taken = {line.claim_number for line in context.known_duplicates}
    if claim.claim_number in taken - context.own_claim_numbers:
        yield "claim_number"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.DUPLICATES

RULES = (
    Rule(
        "CL-DUP-001",
        _F,
        _E,
        "No claim is billed twice.",
        "All of this is on an earlier claim already: follow that one up, replace it, or withdraw this one.",
        "Medicare Claims Processing Manual ch. 1 §120",
        _claim_billed_before,
    ),
    Rule(
        "CL-DUP-002",
        _F,
        _W,
        "A service that was billed for the same day is not billed again unmarked.",
        "Check the earlier claim; add modifier 59, 76, 77, 91 or an X modifier if the service was repeated.",
        "Medicare Claims Processing Manual ch. 1 §120.2",
        _line_billed_before,
    ),
    Rule(
        "CL-DUP-003",
        _F,
        _W,
        "A service that another provider billed for the same day is not billed again unmarked.",
        "Check who rendered the service; add modifier 77 if another provider repeated it.",
        "Medicare Claims Processing Manual ch. 1 §120.2",
        _line_billed_by_another,
    ),
    Rule(
        "CL-DUP-004",
        _F,
        _W,
        "No two lines of a claim are the same service unmarked.",
        "Put both on one line with more units, or add modifier 59, 76, 77, 91 or an X modifier.",
        "Medicare Claims Processing Manual ch. 1 §120.2",
        _line_repeated,
    ),
    Rule(
        "CL-DUP-005",
        _F,
        _E,
        "A claim number is used once.",
        "Give this version a claim number of its own: answers are matched by it.",
        "X222A1 2300 CLM01",
        _claim_number_taken,
    ),
)
