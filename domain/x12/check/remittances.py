"""Rules across the segments of an 835, and its three balances (R835-…)."""

import re

from domain.remittances.balance import Proof, patient_share
from domain.x12.check.findings import Report, at
from domain.x12.check.identifiers import check_npi
from domain.x12.check.tally import tolerant_cents
from domain.x12.decode_835 import stream_835
from domain.x12.envelope import TransactionSet
from domain.x12.errors import Unreadable
from domain.x12.facts_835 import ClaimPayment, PaymentHeader
from domain.x12.reader import Segment

_CARC = re.compile(r"(?:[1-9]\d{0,2}|[ABDPWY]\d{1,3})\Z", re.ASCII)


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
                _reasons(report, segment, loop)
            case "CLP":
                _clp(report, segment, loop)


def _bpr(report: Report, segment: Segment) -> None:
    amount = tolerant_cents(segment.get(2))
    if amount is not None and amount < 0:
        text = "The payment is negative; a payer owed money carries the balance by PLB FB."
        report.add("R835-BPR-001", segment, text, element="02")
    if segment.get(4) == "NON" and amount:
        report.add(
            "R835-BPR-002", segment, "BPR04 NON means no payment, yet there is an amount.", element="04"
        )
    if segment.get(4) in ("ACH", "BOP", "FWT"):
        for position in (6, 7, 8, 9, 10, 12, 13, 14, 15):
            if not segment.get(position):
                text = "An electronic payment needs the bank details of both sides."
                report.warn("R835-BPR-003", segment, text, element=at(position))
                return


def _reasons(report: Report, segment: Segment, loop: str) -> None:
    for position in range(2, len(segment.elements), 3):
        reason = segment.get(position)
        if reason and not _CARC.match(reason):
            text = "The reason is not of the form of a claim adjustment reason code."
            report.warn("R835-CAS-001", segment, text, element=at(position), loop=loop)
        if not reason and any(segment.get(position + more) for more in (1, 2)):
            report.add(
                "R835-CAS-002", segment, "An amount without its reason.", element=at(position), loop=loop
            )
        if reason and not segment.get(position + 1):
            text = "A reason without its amount."
            report.add("R835-CAS-003", segment, text, element=at(position + 1), loop=loop)


def _clp(report: Report, segment: Segment, loop: str) -> None:
    charge, paid = tolerant_cents(segment.get(3)), tolerant_cents(segment.get(4))
    if segment.get(2) == "22" and ((charge or 0) > 0 or (paid or 0) > 0):
        text = "A reversal (CLP02 22) turns every sign: charge and payment must not be positive."
        report.warn("R835-CLP-001", segment, text, element="02", loop=loop)
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


def _told(report: Report, proof: Proof, found: TransactionSet | None) -> None:
    if found is None:
        return
    for finding in proof.findings:
        place = finding.segment_number - 1
        segment = found.segments[place] if 0 <= place < len(found.segments) else found.segments[0]
        loop = {"line": "2110", "claim": "2100"}.get(finding.level, "")
        element = {"line": "03", "claim": "04", "transaction": "02"}[finding.level]
        if finding.severity == "warning":
            element = "05"
        report.add(
            finding.rule, segment, finding.equation, element=element, loop=loop, severity=finding.severity
        )
