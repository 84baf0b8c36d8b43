"""Writes the 835 (005010X221A1): one set per payer and payee, always balanced unless spoiled on purpose."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.adjudication import Adjustment, LineResult, Result
from sandbox.claims import Name
from sandbox.x12 import clean, composite, line, money, transaction

GUIDE_835 = "005010X221A1"
_FILING_CODES = frozenset(
    (
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "AM",
        "CH",
        "DS",
        "HM",
        "LM",
        "MA",
        "MB",
        "MC",
        "OF",
        "TV",
        "VA",
        "WC",
        "ZZ",
    )
)
_FILING_AS = {"CI": "15", "BL": "12", "11": "15", "FI": "OF"}


@dataclass(slots=True)
class Payment:
    """One 835 set; cents. `provider_adjustments` are PLB triples of code, reference and amount (positive takes)."""

    payer: Name
    payee: Name
    payee_tax_id: str
    trace: str
    receiver: str
    results: list[Result] = field(default_factory=list)
    provider_adjustments: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def earned(self) -> int:
        """Σ CLP04."""
        return sum(result.paid for result in self.results)

    @property
    def amount(self) -> int:
        """BPR02 = Σ CLP04 − Σ PLB."""
        return self.earned - sum(amount for _, _, amount in self.provider_adjustments)


def set_835(number: int, payment: Payment, when: datetime) -> list[str]:
    return transaction("835", number, GUIDE_835, _body(payment, when))


def payer_number(payer: Name) -> str:
    """TRN03 and BPR10: 1 and nine digits that belong to this payer for ever."""
    digest = int.from_bytes(hashlib.sha256(payer.id.encode()).digest()[:6])
    return f"1{digest % 10**9:09d}"


def _body(payment: Payment, when: datetime) -> Iterator[str]:
    day, origin = when.strftime("%Y%m%d"), payer_number(payment.payer)
    yield _bpr(payment, day, origin)
    yield line("TRN", "1", payment.trace, origin)
    yield line("REF", "EV", clean(payment.receiver))
    yield line("DTM", "405", day)
    yield line("N1", "PR", clean(payment.payer.last), "XV", clean(payment.payer.id))
    yield line("N3", "100 PAYER PLAZA")
    yield line("N4", "SPRINGFIELD", "IL", "627010000")
    yield line("REF", "2U", clean(payment.payer.id))
    yield line("PER", "BL", "PROVIDER SERVICES", "TE", "8005550100")
    payee = payment.payee
    yield line("N1", "PE", clean(" ".join(x for x in (payee.first, payee.last) if x)), "XX", clean(payee.id))
    if payment.payee_tax_id:
        yield line("REF", "TJ", clean(payment.payee_tax_id))
    yield line("LX", "1")
    for result in payment.results:
        yield from _claim(result)
    for start in range(0, len(payment.provider_adjustments), 6):
        yield _plb(payee.id, when, payment.provider_adjustments[start : start + 6])


def _bpr(payment: Payment, day: str, origin: str) -> str:
    if not payment.amount:
        return line("BPR", "H", "0", "C", "NON", *[""] * 11, day)
    accounts = ("01", "999999992", "DA", "123456789", origin, "", "01", "999988880", "DA", "98765432", day)
    return line("BPR", "I", money(payment.amount), "C", "ACH", "CCP", *accounts)


def _plb(payee: str, when: datetime, adjustments: list[tuple[str, str, int]]) -> str:
    pairs = [
        text for code, ref, amount in adjustments for text in (composite(code, clean(ref)), money(amount))
    ]
    return line("PLB", clean(payee), f"{when.year}1231", *pairs)


def _claim(result: Result) -> Iterator[str]:
    filing = _FILING_AS.get(result.filing_code, result.filing_code)
    share = money(result.patient_share) if result.patient_share else ""
    yield line(
        "CLP", clean(result.number), result.status, money(result.charge), money(result.paid), share,
        filing if filing in _FILING_CODES else "ZZ", result.control_number, clean(result.facility), result.frequency,
    )  # fmt: skip
    yield from _adjustments(result.adjustments)
    yield from _people(result)
    yield from _outpatient_remarks(result.remarks)
    start, end = result.dates
    if start:
        yield line("DTM", "232", start)
        yield line("DTM", "233", end)
    if result.interest:
        yield line("AMT", "I", money(result.interest))
    for one in result.lines:
        yield from _service(one)


def _people(result: Result) -> Iterator[str]:
    last, first, middle, member = (clean(text) for text in result.patient)
    yield line("NM1", "QC", "1", last, first, middle, "", "", "MI", member)
    if result.subscriber:
        last, first, middle, member = (clean(text) for text in result.subscriber)
        yield line("NM1", "IL", "1", last, first, middle, "", "", "MI", member)
    if result.rendering and result.rendering[3]:
        last, first, middle, npi = (clean(text) for text in result.rendering)
        yield line("NM1", "82", "1" if first else "2", last, first, middle, "", "", "XX", npi)
    if result.forwarded_to:
        yield line("NM1", "TT", "2", result.forwarded_to, "", "", "", "", "PI", "NEXTPAYER")


def _outpatient_remarks(remarks: list[str]) -> Iterator[str]:
    if remarks:
        yield line("MOA", "", "", *remarks[:5])


def _service(one: LineResult) -> Iterator[str]:
    procedure = one.procedure or ["NU", one.revenue_code]
    revenue = clean(one.revenue_code) if one.procedure else ""
    units = clean(one.units) if one.charge >= 0 else ""
    code = composite(*(clean(text) for text in procedure))
    yield line("SVC", code, money(one.charge), money(one.paid), revenue, units)
    start, _, end = one.date.partition("-")
    if start and end and end != start:
        yield line("DTM", "150", start)
        yield line("DTM", "151", end)
    elif start:
        yield line("DTM", "472", start)
    yield from _adjustments(one.adjustments)
    if one.control_number:
        yield line("REF", "6R", clean(one.control_number))
    allowed = one.charge - sum(amount for group, _, amount in one.adjustments if group != "PR")
    if allowed:
        yield line("AMT", "B6", money(allowed))
    for remark in one.remarks:
        yield line("LQ", "HE", remark)


def _adjustments(adjustments: list[Adjustment]) -> Iterator[str]:
    """One CAS per group code, up to six reasons in each."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for group, reason, amount in adjustments:
        groups.setdefault(group, []).append((reason, amount))
    for group, reasons in groups.items():
        for start in range(0, len(reasons), 6):
            told: list[str] = []
            for reason, amount in reasons[start : start + 6]:
                told += [reason, money(amount), ""]
            yield line("CAS", group, *told)
