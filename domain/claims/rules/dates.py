"""Service dates, the filing limit, and the dates of accident and onset."""

from collections.abc import Iterator
from datetime import date

from domain.calendar import filing_alarm, filing_limit
from domain.claims.model import Claim
from domain.claims.rules.fields import lines
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.codes.filing import ACCIDENT_CAUSES
from domain.codes.postal import is_state

# One line may cover a month of the same service, not more: payers deny longer spans.
_LONGEST_SPAN_DAYS = 31
_DATED_ACCIDENTS = ("AA", "OA")


def _ends_before_it_begins(claim: Claim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.service_to" for path, line in lines(claim) if line.service_to < line.service_from)


def _in_the_future(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if line.service_from > context.today:
            yield f"{path}.service_from"
        if line.service_to > context.today:
            yield f"{path}.service_to"


def _span_too_long(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if (line.service_to - line.service_from).days >= _LONGEST_SPAN_DAYS:
            yield f"{path}.service_to"


def _crosses_a_year(claim: Claim, context: ScrubContext) -> Iterator[str]:
    for path, line in lines(claim):
        if line.service_to.year > line.service_from.year:
            yield f"{path}.service_to"


def _filing_limit_passed(claim: Claim, context: ScrubContext) -> Iterator[str]:
    payer, received = claim.coverage.payer, context.first_received or context.today
    for path, line in lines(claim):
        if received > filing_limit(_counted_from(claim, line.service_from), payer):
            yield f"{path}.service_from"


def _filing_limit_near(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if context.first_received is not None:
        return
    payer = claim.coverage.payer
    for path, line in lines(claim):
        start = _counted_from(claim, line.service_from)
        if filing_alarm(start, payer) <= context.today <= filing_limit(start, payer):
            yield f"{path}.service_from"


def _counted_from(claim: Claim, service_day: date) -> date:
    """A later payer counts from the decision of the payer before it; Medicare from the service, whoever was first."""
    decided = [one.adjudicated for one in claim.decisions if one.adjudicated is not None]
    if not decided or claim.coverage.payer.medicare:
        return service_day
    return max(service_day, *decided)


def _accident_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.accident and claim.accident not in ACCIDENT_CAUSES:
        yield "accident"


def _accident_undated(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.accident in _DATED_ACCIDENTS and claim.accident_date is None:
        yield "accident_date"


def _accident_state_unknown(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if claim.accident == "AA" and not is_state(claim.accident_state):
        yield "accident_state"


def _accident_after_service(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if _is_late(claim.accident_date, claim, context):
        yield "accident_date"


def _accident_without_cause(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if not claim.accident and (claim.accident_date is not None or claim.accident_state):
        yield "accident"


def _onset_after_service(claim: Claim, context: ScrubContext) -> Iterator[str]:
    if _is_late(claim.onset_date, claim, context):
        yield "onset_date"


def _before_birth(claim: Claim, context: ScrubContext) -> Iterator[str]:
    born = claim.patient.birth_date
    for field, day in (("onset_date", claim.onset_date), ("accident_date", claim.accident_date)):
        if born and day and day < born:
            yield field


def _is_late(day: date | None, claim: Claim, context: ScrubContext) -> bool:
    """Whether what led to the services lies after all of them, or after today."""
    last = max((line.service_to for line in claim.lines), default=context.today)
    return day is not None and day > min(last, context.today)


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.DATES

RULES = (
    Rule(
        "CL-DAT-001",
        _F,
        _E,
        "A service does not end before it begins.",
        "Correct the From or the To date.",
        "X222A1 2400 DTP*472",
        _ends_before_it_begins,
    ),
    Rule(
        "CL-DAT-002",
        _F,
        _E,
        "No service lies in the future.",
        "Correct the date, or keep the claim until the service is rendered.",
        "X222A1 2400 DTP*472; Medicare Claims Processing Manual ch. 1 §70",
        _in_the_future,
    ),
    Rule(
        "CL-DAT-003",
        _F,
        _W,
        "A line spans at most 31 days.",
        "Split the line by month.",
        "Medicare Claims Processing Manual ch. 26 §10.4 (item 24A)",
        _span_too_long,
    ),
    Rule(
        "CL-DAT-004",
        _F,
        _W,
        "A line does not cross the turn of the year.",
        "Split the line at 31 December: fees and deductibles change.",
        "Medicare Claims Processing Manual ch. 26 §10.4 (item 24A)",
        _crosses_a_year,
    ),
    Rule(
        "CL-DAT-005",
        _F,
        _E,
        "The payer can still receive the claim within its filing limit.",
        "The limit has passed: attach proof of an earlier acceptance, or write the service off.",
        "42 CFR 424.44; Medicare Claims Processing Manual ch. 1 §70; payer contract",
        _filing_limit_passed,
    ),
    Rule(
        "CL-DAT-006",
        _F,
        _W,
        "The filing limit is more than 15 days away.",
        "Send this claim first: its filing limit is near.",
        "42 CFR 424.44; Medicare Claims Processing Manual ch. 1 §70; payer contract",
        _filing_limit_near,
    ),
    Rule(
        "CL-DAT-007",
        _F,
        _E,
        "The cause of an accident is automobile, employment or other.",
        "Choose the cause of the accident.",
        "X222A1 2300 CLM11-1",
        _accident_unknown,
    ),
    Rule(
        "CL-DAT-008",
        _F,
        _E,
        "An automobile or other accident has a date.",
        "Enter the date of the accident.",
        "X222A1 2300 DTP*439",
        _accident_undated,
    ),
    Rule(
        "CL-DAT-009",
        _F,
        _E,
        "An automobile accident names the state where it happened.",
        "Choose the state of the accident.",
        "X222A1 2300 CLM11-4",
        _accident_state_unknown,
    ),
    Rule(
        "CL-DAT-010",
        _F,
        _E,
        "An accident is not later than the services for it.",
        "Correct the date of the accident.",
        "X222A1 2300 DTP*439",
        _accident_after_service,
    ),
    Rule(
        "CL-DAT-011",
        _F,
        _W,
        "Accident facts come with a cause.",
        "Choose the cause of the accident, or remove its date and state.",
        "X222A1 2300 CLM11",
        _accident_without_cause,
    ),
    Rule(
        "CL-DAT-012",
        _F,
        _E,
        "The onset is not later than the services for it.",
        "Correct the date of onset.",
        "X222A1 2300 DTP*431",
        _onset_after_service,
    ),
    Rule(
        "CL-DAT-013",
        _F,
        _E,
        "Onset and accident are not older than the patient.",
        "Correct this date: it lies before the birth.",
        "X222A1 2300 DTP*431, DTP*439",
        _before_birth,
    ),
)
