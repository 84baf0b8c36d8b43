"""Which line of a claim each service of its remittance answers: by REF*6R, else by procedure, charge and date.

Nothing is guessed: a service that fits no line, or none for certain, is told and left to a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

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


def match_services(
    lines: Sequence[BilledLine],
    services: Iterable[ServicePayment],
    known: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """The 1-based position of the line that each service answers, by the service's ordinal; unmatched ones are absent.

    `known` are matches that a person has made; they stand. Lines alike in procedure, charge and date answer in order.
    """
    found = dict(known or {})
    waiting = [service for service in services if service.ordinal not in found]
    by_number = _by_control_number(lines)
    for service in waiting:
        position = by_number.get(service.control_number.strip().upper())
        if position is not None:
            found[service.ordinal] = position
    for service in waiting:
        if service.ordinal not in found:
            free = [at for at in range(1, len(lines) + 1) if at not in found.values()]
            fitting = [at for at in free if _fits(lines[at - 1], service)]
            if fitting and _alike([lines[at - 1] for at in fitting]):
                found[service.ordinal] = fitting[0]
    return found


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


def _fits(line: BilledLine, service: ServicePayment) -> bool:
    day, other = line.service_from, service.service_from
    same_day = day is None or other is None or day == other
    same_revenue = _revenue_code(service) in ("", getattr(line, "revenue_code", _revenue_code(service)))
    same_service = same_revenue and _billed(service) in ("", line.procedure)
    return line.charge_cents == service.charge_cents and same_day and same_service


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
