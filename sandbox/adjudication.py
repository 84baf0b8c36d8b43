"""How the sandbox payers decide: from a claim and its scenario to money, by one deterministic rule each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.claims import Claim, Line

Adjustment = tuple[str, str, int]
"""Group code, CARC, cents."""


@dataclass(slots=True)
class LineResult:
    """What one line was paid; charge − Σ adjustments = paid, in cents."""

    procedure: list[str]
    revenue_code: str
    units: str
    date: str
    control_number: str
    charge: int
    paid: int
    adjustments: list[Adjustment] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """The adjudication of one claim, as it will stand in CLP; amounts in cents."""

    number: str
    """CLP01."""
    status: str
    """CLP02."""
    control_number: str
    """CLP07."""
    charge: int
    paid: int
    filing_code: str
    facility: str
    frequency: str
    patient: list[str]
    """Last, first, middle name and member id."""
    subscriber: list[str]
    """The same of the subscriber when another person than the patient, else empty."""
    rendering: list[str]
    dates: list[str]
    lines: list[LineResult] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    interest: int = 0
    forwarded_to: str = ""

    @property
    def patient_share(self) -> int:
        every = [*self.adjustments, *(a for line in self.lines for a in line.adjustments)]
        return sum(amount for group, _, amount in every if group == "PR")

    @property
    def imbalance(self) -> int:
        """Cents by which the claim equation fails; 0 for every claim but the one wrong on purpose."""
        every = [*self.adjustments, *(a for line in self.lines for a in line.adjustments)]
        return self.charge - sum(amount for _, _, amount in every) - self.paid


_DENIALS = {
    "denied_information": ("16", ["N290"]),
    "denied_necessity": ("50", ["N115"]),
    "denied_timely": ("29", []),
    "denied_authorization": ("197", []),
}
_STAYS_DENIED = {"denied_necessity", "denied_timely"}

Rule = Callable[[Line, int], tuple[list[Adjustment], list[str]]]
"""From a line and its ordinal (from 0) to adjustments and remark codes."""


def percent(amount: int, rate: int) -> int:
    """Whole cents, half up."""
    return (amount * rate + 50) // 100


def _contractual(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    return [("CO", "45", percent(line.charge, 20))], []


def _in_full(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    return [], []


def _patient_share(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    contractual = percent(line.charge, 20)
    allowed = line.charge - contractual
    shares = [("PR", "2", percent(allowed, 20))]
    if ordinal == 0:
        shares = [("PR", "1", percent(allowed, 10)), *shares, ("PR", "3", percent(allowed, 5))]
    return [("CO", "45", contractual), *shares], []


def _forwarded(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    contractual = percent(line.charge, 20)
    return [("CO", "45", contractual), ("PR", "2", percent(line.charge - contractual, 20))], []


def _better(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    return [("CO", "45", percent(line.charge, 10))], []


def _partly(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    if ordinal == 0:
        return _contractual(line, ordinal)
    return [("CO", "16", line.charge)], ["N290"]


def _denied(scenario: str) -> Rule:
    reason, remarks = _DENIALS[scenario]
    return lambda line, ordinal: ([("CO", reason, line.charge)], list(remarks))


def _after_primary(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    """A later payer pays what the earlier ones left to the patient; OA-23 tells the rest."""
    left = min(line.prior_patient_share or 0, line.charge)
    return [("OA", "23", line.charge - left)], []


def _after_primary_with_share(line: Line, ordinal: int) -> tuple[list[Adjustment], list[str]]:
    """The same, but a quarter stays with the patient, so that a third payer has something to answer for."""
    told, remarks = _after_primary(line, ordinal)
    return [*told, ("PR", "2", percent(line.charge - told[0][2], 25))], remarks


_RULES: dict[str, Rule] = {
    "paid_in_full": _in_full,
    "patient_share": _patient_share,
    "partly_denied": _partly,
    "forwarded": _forwarded,
    **{name: _denied(name) for name in _DENIALS},
}
_STATUS = {"P": "1", "S": "2", "T": "3"}


def adjudicate(claim: Claim, scenario: str, control_number: str, corrected: bool) -> Result:
    """Decides a claim; `corrected` says that it replaces an earlier one (frequency 7)."""
    rule = _rule(claim, scenario, corrected)
    lines = [_line_result(line, rule, ordinal) for ordinal, line in enumerate(claim.lines)]
    result = _frame(claim, control_number, lines)
    if scenario == "claim_level":
        result.adjustments = [("CO", "45", sum(a for x in lines for _, _, a in x.adjustments))]
        result.lines = []
    elif scenario == "forwarded":
        result.status, result.forwarded_to = "19", "NEXT PAYER"
    elif scenario == "interest":
        result.interest = max(1, percent(result.paid, 1))
    elif scenario == "mangled_number":
        result.number = mangle(claim.number)
    elif scenario == "out_of_balance" and lines:
        _spoil(lines[0])
    return result


def correct_again(claim_result: Result, claim: Claim) -> Result:
    """The payer's own correction: the same claim with more allowed."""
    lines = [_line_result(line, _better, ordinal) for ordinal, line in enumerate(claim.lines)]
    return _frame(claim, claim_result.control_number, lines)


def reverse(result: Result) -> Result:
    """CLP02 22: the original groups and reasons, every sign turned."""
    lines = [
        LineResult(
            x.procedure, x.revenue_code, x.units, x.date, x.control_number, -x.charge, -x.paid,
            [(group, reason, -amount) for group, reason, amount in x.adjustments], x.remarks,
        )
        for x in result.lines
    ]  # fmt: skip
    turned = [(group, reason, -amount) for group, reason, amount in result.adjustments]
    return Result(
        result.number, "22", result.control_number, -result.charge, -result.paid, result.filing_code,
        result.facility, result.frequency, result.patient, result.subscriber, result.rendering, result.dates,
        lines, turned, result.remarks, -result.interest, "",
    )  # fmt: skip


def restore(told: dict[str, Any]) -> Result:
    """A result from its stored form (`dataclasses.asdict`)."""
    lines = [LineResult(**{**x, "adjustments": [tuple(a) for a in x["adjustments"]]}) for x in told["lines"]]
    return Result(**{**told, "lines": lines, "adjustments": [tuple(a) for a in told["adjustments"]]})


def mangle(number: str) -> str:
    """Upper case, and two characters (or all beyond the seventeenth) lost at the end."""
    return number.upper()[: max(1, min(17, len(number) - 2))]


def _rule(claim: Claim, scenario: str, corrected: bool) -> Rule:
    if claim.sequence != "P" and any(line.prior_patient_share is not None for line in claim.lines):
        return _after_primary_with_share if scenario == "patient_share" else _after_primary
    if corrected and (scenario in _DENIALS or scenario == "partly_denied") and scenario not in _STAYS_DENIED:
        return _contractual
    return _RULES.get(scenario, _contractual)


def _line_result(line: Line, rule: Rule, ordinal: int) -> LineResult:
    adjustments, remarks = rule(line, ordinal)
    adjustments = [one for one in adjustments if one[2]]
    paid = line.charge - sum(amount for _, _, amount in adjustments)
    return LineResult(
        list(line.procedure), line.revenue_code, line.units, line.date, line.control_number,
        line.charge, paid, adjustments, remarks,
    )  # fmt: skip


def _frame(claim: Claim, control_number: str, lines: list[LineResult]) -> Result:
    return Result(
        number=claim.number,
        status=_STATUS.get(claim.sequence, "1"),
        control_number=control_number,
        charge=claim.charge,
        paid=sum(x.paid for x in lines),
        filing_code=claim.filing_code,
        facility=claim.facility,
        frequency=claim.frequency,
        patient=[claim.patient.last, claim.patient.first, claim.patient.middle, claim.subscriber.id],
        subscriber=_other_subscriber(claim),
        rendering=[claim.rendering.last, claim.rendering.first, claim.rendering.middle, claim.rendering.id]
        if claim.rendering
        else [],
        dates=list(claim.dates),
        lines=lines,
    )


def _other_subscriber(claim: Claim) -> list[str]:
    if claim.patient is claim.subscriber or claim.patient == claim.subscriber:
        return []
    return [claim.subscriber.last, claim.subscriber.first, claim.subscriber.middle, claim.subscriber.id]


def _spoil(line: LineResult) -> None:
    """Three cents are missing from the first adjustment; a line without one gets a stray one."""
    if line.adjustments:
        group, reason, amount = line.adjustments[0]
        line.adjustments[0] = (group, reason, amount - 3)
    else:
        line.adjustments.append(("CO", "45", 3))
