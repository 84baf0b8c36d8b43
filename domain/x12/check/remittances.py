"""Rules across the segments of an 835, and its three balances (R835-…)."""

import re

from domain.remittances.balance import BalanceFinding, Proof, patient_share
from domain.x12.check.findings import Report, at
from domain.x12.check.identifiers import check_adjustments, check_npi
from domain.x12.check.tally import tolerant_cents
from domain.x12.decode_835 import stream_835
from domain.x12.envelope import TransactionSet
from domain.x12.errors import Unreadable
from domain.x12.facts_835 import ClaimPayment, PaymentHeader
from domain.x12.reader import Segment
from domain.x12.values import day

_RARC = re.compile(r"(?:M|MA|N)\d{1,4}\Z", re.ASCII)


def check_remittance(
    report: Report, segments: list[Segment], places: list[str], *, test: bool = False
) -> None:
    """Payment method, identifiers, technical contact and reason codes of one 835."""
    payer = next((one for one, loop in zip(segments, places, strict=True) if loop == "1000A"), None)
    if payer is not None and not any(one.id == "PER" and one.get(1) == "BL" for one in segments):
        # The guide requires it; its own published examples and many payers leave it out.
        text = "The payer's technical contact (PER*BL) is missing."
        report.warn("R835-PER-001", payer, text, loop="1000A")
    for segment, loop in zip(segments, places, strict=True):
        match segment.id:
            case "BPR":
                _bpr(report, segment)
            case "N1" | "NM1":
                check_npi(report, "R835", segment, loop, test=test)
            case "CAS":
                check_adjustments(report, "R835", segment, loop)
            case "CLP":
                _clp(report, segment, loop)
            case "LQ" if segment.get(1) == "HE":
                _remark(report, segment, 2, loop)
            case "MOA":
                for position in range(3, 8):
                    _remark(report, segment, position, loop)
    _trace(report, segments)
    _periods(report, segments, places)


def _remark(report: Report, segment: Segment, position: int, loop: str) -> None:
    if segment.get(position) and not _RARC.match(segment.get(position)):
        text = "The remark is not of the form of a remittance advice remark code."
        report.add("R835-RMK-001", segment, text, element=at(position), loop=loop)


def _trace(report: Report, segments: list[Segment]) -> None:
    bpr = next((one for one in segments if one.id == "BPR"), None)
    trn = next((one for one in segments if one.id == "TRN"), None)
    if bpr and trn and bpr.get(10) and trn.get(3) and bpr.get(10) != trn.get(3):
        report.add("R835-TRN-001", trn, "TRN03 differs from BPR10.", element="03")


def _periods(report: Report, segments: list[Segment], places: list[str]) -> None:
    """DTM 232 to 233 of a claim, 150 to 151 of a line."""
    begins: dict[str, str] = {}
    for segment, loop in zip(segments, places, strict=True):
        if segment.id in ("CLP", "SVC"):
            begins.clear()
        elif segment.id == "DTM":
            begins[segment.get(1)] = segment.get(2)
            first = begins.get({"233": "232", "151": "150"}.get(segment.get(1), ""), "")
            if first and day(first) and day(segment.get(2)) and first > segment.get(2):
                text = "The period ends before it begins."
                report.add("R835-DAT-001", segment, text, element="02", loop=loop)


def _bpr(report: Report, segment: Segment) -> None:
    amount = tolerant_cents(segment.get(2))
    if amount is not None and amount < 0:
        text = "The payment is negative; a payer owed money carries the balance by PLB FB."
        report.add("R835-BPR-001", segment, text, element="02")
    if segment.get(4) == "NON" and amount:
        report.add(
            "R835-BPR-002", segment, "BPR04 NON means no payment, yet there is an amount.", element="04"
        )
    if amount == 0 and segment.get(4) not in ("NON", ""):
        report.add("R835-BPR-004", segment, "There is no amount, and the method is not NON.", element="04")
    if amount and segment.get(4) in ("ACH", "BOP", "FWT"):
        for position in (6, 7, 8, 9, 10, 12, 13, 14, 15):
            if not segment.get(position):
                text = "An electronic payment needs the bank details of both sides."
                report.warn("R835-BPR-003", segment, text, element=at(position))
                return


def _clp(report: Report, segment: Segment, loop: str) -> None:
    charge, paid = tolerant_cents(segment.get(3)), tolerant_cents(segment.get(4))
    if segment.get(2) == "22" and ((charge or 0) > 0 or (paid or 0) > 0):
        text = "A reversal (CLP02 22) turns every sign: charge and payment must not be positive."
        report.warn("R835-CLP-001", segment, text, element="02", loop=loop)
    if segment.get(2) == "25" and paid:
        text = "A predetermination (CLP02 25) pays nothing, yet there is a payment."
        report.add("R835-CLP-003", segment, text, element="04", loop=loop)
    if segment.get(2) == "4" and paid:
        text = "A claim denied because the patient is unknown (CLP02 4) cannot be paid."
        report.warn("R835-CLP-002", segment, text, element="02", loop=loop)


def check_money(report: Report, data: bytes, sets: dict[int, TransactionSet]) -> None:
    """The balances of every 835 of the file; `sets` by their ordinal in the file."""
    header: PaymentHeader | None = None
    proof = Proof()
    try:
        for event in stream_835(data):
            if isinstance(event, PaymentHeader):
                header, proof = event, Proof()
            elif isinstance(event, ClaimPayment):
                proof.add(event)
                proof.findings.extend(patient_share([event]))
                proof.findings.extend(_lines_charge(event))
            elif header is not None:
                proof.close(header, event)
                _told(report, proof, sets.get(header.st_ordinal))
    except Unreadable as problem:
        where = next(
            (
                one
                for found in sets.values()
                for one in found.segments
                if one.number == problem.segment_number
            ),
            None,
        )
        text = f"The balances cannot be proved. {problem.title}"
        report.add("R835-BAL-006", where, text)


def _lines_charge(claim: ClaimPayment) -> list[BalanceFinding]:
    """Outside the balances: when a claim has lines, they charge what it charges."""
    total = sum(one.charge_cents for one in claim.services)
    if not claim.services or total == claim.charge_cents:
        return []
    text = f"ΣSVC02 {total}, but CLP03 says {claim.charge_cents} cents"
    return [
        BalanceFinding(
            "R835-BAL-007", "claim", "warning", text, total, claim.charge_cents, claim.ordinal, 0, claim.segment_number
        )
    ]  # fmt: skip


def _told(report: Report, proof: Proof, found: TransactionSet | None) -> None:
    if found is None:
        return
    report.set_start = found.segments[0].number
    for finding in proof.findings:
        place = finding.segment_number - 1
        segment = found.segments[place] if 0 <= place < len(found.segments) else found.segments[0]
        loop = {"line": "2110", "claim": "2100"}.get(finding.level, "")
        element = {"line": "03", "claim": "04", "transaction": "02"}[finding.level]
        if finding.severity == "warning":
            element = "03" if finding.rule == "R835-BAL-007" else "05"
        report.add(
            finding.rule, segment, finding.equation, element=element, loop=loop, severity=finding.severity
        )
    report.set_start = 0
