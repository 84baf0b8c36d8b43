"""Which line of a claim each service of its remittance answers: by REF*6R, else by procedure, charge and date.

Each match has a confidence. Nothing is guessed: a service that fits no line for certain is told and left to a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from domain.x12.facts_835 import ServicePayment

_PROCEDURE_QUALIFIERS = frozenset({"HC", "HP", "AD", "ER", "IV", "WK"})


class BilledLine(Protocol):
    """What a professional and a revenue line have in common."""

    @property
    def procedure(self) -> str: ...
    @property
    def charge_cents(self) -> int: ...
    @property
    def service_from(self) -> date | None: ...
    @property
    def control_number(self) -> str: ...


class LineMatch(NamedTuple):
    """The 1-based position of a line, how sure the match is in percent, and by what it was found.

    Position 0: no line for certain; `confidence` is then that of the best guess.
    """

    position: int
    confidence: int
    by: str


CONTROL_NUMBER = LineMatch(0, 100, "control_number")
SURE = 80
NOBODY = LineMatch(0, 0, "")


def match_services(
    lines: Sequence[BilledLine],
    services: Iterable[ServicePayment],
    known: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """The 1-based position of the line that each service answers, by the service's ordinal; unmatched ones are absent.

    `known` are matches that a person has made; they stand. Lines alike in procedure, charge and date answer in order.
    """
    matched = match_lines(lines, services, known)
    return {ordinal: one.position for ordinal, one in matched.items() if one.position}


def match_lines(
    lines: Sequence[BilledLine],
    services: Iterable[ServicePayment],
    known: Mapping[int, int] | None = None,
) -> dict[int, LineMatch]:
    """The line that each service answers, by the service's ordinal, with its confidence. Every service has an answer."""
    found = {ordinal: LineMatch(at, 100, "person") for ordinal, at in (known or {}).items()}
    asked = list(services)
    by_number = _by_control_number(lines)
    for service in asked:
        position = by_number.get(service.control_number.strip().upper())
        if position is not None and service.ordinal not in found:
            found[service.ordinal] = CONTROL_NUMBER._replace(position=position)
    for service in asked:
        if service.ordinal not in found:
            taken = {one.position for one in found.values()}
            found[service.ordinal] = _likeliest(lines, service, taken)
    return found


def rank_lines(
    lines: Sequence[BilledLine], service: ServicePayment
) -> list[tuple[LineMatch, tuple[str, ...]]]:
    """Every line that a service may answer, likeliest first, with what speaks for it."""
    ranked = [(_score(line, at, service), _reasons(line, service)) for at, line in enumerate(lines, 1)]
    return sorted((one for one in ranked if one[0].confidence), key=lambda one: -one[0].confidence)


def _likeliest(lines: Sequence[BilledLine], service: ServicePayment, taken: set[int]) -> LineMatch:
    """The line, if one alone fits best or those that do are alike; else no line and the confidence of the guess."""
    scored = [_score(line, at, service) for at, line in enumerate(lines, 1) if at not in taken]
    best = max((one.confidence for one in scored), default=0)
    fitting = [one for one in scored if one.confidence == best]
    if best >= SURE and _alike([lines[one.position - 1] for one in fitting]):
        return fitting[0] if len(fitting) == 1 else fitting[0]._replace(confidence=90, by="order")
    return LineMatch(0, min(best, SURE - 1), "") if best else NOBODY


def _score(line: BilledLine, position: int, service: ServicePayment) -> LineMatch:
    """How well one line fits; amounts without their sign, because a reversal answers the line that it turns."""
    day, other = line.service_from, service.service_from
    same_day = day is None or other is None or day == other
    same_charge = abs(line.charge_cents) == abs(service.charge_cents)
    billed = _billed(service)
    same_service = _same_revenue(line, service) and billed in ("", line.procedure)
    if same_service and same_day and same_charge:
        return LineMatch(position, _whole(line, service, billed), "procedure")
    if same_service and same_day and billed:
        return LineMatch(position, 60, "procedure")  # split, or paid for fewer units
    if same_day and same_charge:
        return LineMatch(position, 55, "charge")  # bundled, or paid as another procedure
    weak = same_charge or (same_service and bool(billed))
    return LineMatch(position, 30 if weak else 0, "charge" if same_charge else "procedure")


def _whole(line: BilledLine, service: ServicePayment, billed: str) -> int:
    """Procedure, date and charge agree: how sure that is, by what was told of the procedure."""
    if service.original_procedure:
        return 88
    if not billed:
        return 82
    return 95 if tuple(service.modifiers) == tuple(getattr(line, "modifiers", service.modifiers)) else 85


def _reasons(line: BilledLine, service: ServicePayment) -> tuple[str, ...]:
    told = {
        "the procedure is the same": _billed(service) == line.procedure,
        "the day is the same": service.service_from is not None and service.service_from == line.service_from,
        "the charge is the same": abs(line.charge_cents) == abs(service.charge_cents),
    }
    return tuple(words for words, true in told.items() if true)


def _same_revenue(line: BilledLine, service: ServicePayment) -> bool:
    return _revenue_code(service) in ("", getattr(line, "revenue_code", _revenue_code(service)))


def _by_control_number(lines: Sequence[BilledLine]) -> dict[str, int]:
    """Positions by control number; a number that two lines share names neither."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for position, line in enumerate(lines, start=1):
        number = line.control_number.strip().upper()
        if number in found:
            shared.add(number)
        found[number] = position
    return {number: at for number, at in found.items() if number and number not in shared}


def _revenue_code(service: ServicePayment) -> str:
    """The NUBC revenue code of the service: SVC04, or SVC01 where that is all it names."""
    return service.procedure if service.qualifier == "NU" else service.revenue_code


def _billed(service: ServicePayment) -> str:
    """The procedure as it was billed: SVC06 when the payer paid another one, else SVC01; "" when it names none."""
    if service.original_procedure:
        return _code(service.original_procedure)
    return service.procedure if service.qualifier in _PROCEDURE_QUALIFIERS else ""


def _code(composite: str) -> str:
    """The code of a composite whose separator is not known here: the five signs after its qualifier and separator."""
    return composite[3:8] if len(composite) > 3 else composite


def _alike(lines: Sequence[BilledLine]) -> bool:
    return len({(line.procedure, line.charge_cents, line.service_from) for line in lines}) == 1
