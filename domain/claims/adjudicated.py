"""What a payer has decided on a claim, all its remittances taken together: a reversal and the decision that it takes back
cancel, and what is left is the decision that stands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.remittances.outcome import FORWARDED_STATUSES, is_denial
from domain.x12.facts_835 import Adjustment, ClaimPayment, ServicePayment

REVERSAL = "22"
# CARCs by which a payer says that this is not its to pay, so that the next one may: other coverage or other plan is
# responsible (22, 109), expenses outside the coverage (26, 27, 200), person not insured with it (31 to 34), benefits used
# up (35, 119, 149), service not covered by it (96, 204). Other denials are worked with the payer that made them.
NEXT_PAYER_MAY_COVER = frozenset(
    {"22", "26", "27", "31", "32", "33", "34", "35", "96", "109", "119", "149", "200", "204"}
)


@dataclass(frozen=True, slots=True)
class Adjudication:
    """A payment with the day it was made and, where known, the claim's line (from 1) that each of its services answers."""

    payment: ClaimPayment
    day: date
    lines: dict[int, int] = field(default_factory=dict)


def net(found: Sequence[Adjudication]) -> Adjudication | None:
    """The decision that stands after all of them, whatever their order; None when there is none or it was taken back.

    It is a claim payment in form: services that come to nothing are gone, the rest counted from 1.
    """
    standing = [one for one in found if one.payment.status != REVERSAL]
    charge = sum(one.payment.charge_cents for one in found)
    if not standing or charge <= 0:
        return None
    last = max(standing, key=lambda one: (one.day, one.payment.payer_claim_control_number))
    services, lines = _services(found)
    return Adjudication(
        last.payment._replace(
            ordinal=1,
            status=_status(standing, last),
            charge_cents=charge,
            paid_cents=sum(one.payment.paid_cents for one in found),
            patient_cents=sum(one.payment.patient_cents for one in found),
            adjustments=_adjustments(one.payment.adjustments for one in found),
            services=services,
        ),
        max(one.day for one in found),
        lines,
    )


def forwarded(found: Iterable[Adjudication]) -> bool:
    """Whether any of them says that the payer has passed the claim on by itself."""
    return any(one.payment.status in FORWARDED_STATUSES for one in found)


def next_payer_may_cover(payment: ClaimPayment) -> bool:
    """Whether every adjustment that refuses payment says only that this payer does not answer for it."""
    return all(one.reason in NEXT_PAYER_MAY_COVER for one in payment.all_adjustments if is_denial(one))


def _status(standing: Sequence[Adjudication], last: Adjudication) -> str:
    passed_on = [one.payment.status for one in standing if one.payment.status in FORWARDED_STATUSES]
    return passed_on[0] if passed_on else last.payment.status


def _adjustments(groups: Iterable[Iterable[Adjustment]]) -> tuple[Adjustment, ...]:
    """By group and reason, those that cancel left out; the order is that of codes, not of files."""
    sums: Counter[tuple[str, str]] = Counter()
    for group in groups:
        for one in group:
            sums[one.group, one.reason] += one.cents
    return tuple(Adjustment(group, reason, cents) for (group, reason), cents in sorted(sums.items()) if cents)


def _services(found: Iterable[Adjudication]) -> tuple[tuple[ServicePayment, ...], dict[int, int]]:
    by_key: dict[tuple[int, str, str, tuple[str, ...]], list[ServicePayment]] = {}
    for one in found:
        for service in one.payment.services:
            line = one.lines.get(service.ordinal, 0)
            key = (line, service.control_number.upper(), service.procedure, service.modifiers)
            by_key.setdefault(key, []).append(service)
    services: list[ServicePayment] = []
    lines: dict[int, int] = {}
    for (line, *_), parts in sorted(by_key.items(), key=lambda item: item[0]):
        together = _service(len(services) + 1, parts)
        if together.charge_cents or together.paid_cents or together.adjustments:
            services.append(together)
            if line:
                lines[together.ordinal] = line
    return tuple(services), lines


def _service(ordinal: int, parts: Sequence[ServicePayment]) -> ServicePayment:
    told = next((one for one in reversed(parts) if one.charge_cents >= 0), parts[-1])
    return told._replace(
        ordinal=ordinal,
        charge_cents=sum(one.charge_cents for one in parts),
        paid_cents=sum(one.paid_cents for one in parts),
        adjustments=_adjustments(one.adjustments for one in parts),
    )
