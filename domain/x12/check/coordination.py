"""Other payers on an 837 (COB): their balances per line and per claim, exact to the cent, and what must stand with them.

Sections 1.4.1 of X222A1 and X223A2; X12 RFI 1391 and 1517 on the remaining patient liability.
"""

from domain.x12.check.findings import Report
from domain.x12.check.tally import ClaimTally, LineTally, Payment
from domain.x12.reader import Segment

_MEDICARE = ("MA", "MB")


def check_coordination(report: Report, key: str, claim: ClaimTally) -> None:
    """Line: SV102 = SVD02 + ΣCAS. Claim: CLM02 = AMT*D + claim CAS + Σ line CAS, for each payer that has paid."""
    payers = {payer.payer for payer in claim.payers}
    _order(report, key, claim)
    for line in claim.lines:
        for payments in _by_payer(line).values():
            _line(report, key, line, payments)
            _named(report, key, payers, payments[0])
    for payer in claim.payers:
        _decided(report, key, claim, payer)
        if payer.paid is not None and claim.charge is not None:
            _claim(report, key, claim, payer, payer.paid)


def _order(report: Report, key: str, claim: ClaimTally) -> None:
    """SBR01 of loop 2000B and of each 2320: every payer in its own place, and none before the first left out."""
    asked = claim.subscriber.get(1) if claim.subscriber is not None else ""
    places, names = {asked}, set()
    for payer in claim.payers:
        order = payer.segment.get(1)
        if order != "U" and order in places:
            text = "Two payers of the claim stand in the same place of the order."
            report.add(f"{key}-COB-008", payer.segment, text, element="01", loop="2320")
        if payer.payer and payer.payer in names:
            text = "Two other payers of the claim have the same id."
            report.add(f"{key}-COB-010", payer.segment, text, loop="2330B")
        places.add(order)
        names.add(payer.payer)
    if asked not in ("", "P", "U") and not claim.payers and claim.subscriber is not None:
        text = "The payer asked is not the first, and the claim names none before it (2320)."
        report.add(f"{key}-COB-009", claim.subscriber, text, element="01", loop="2000B")


def _by_payer(line: LineTally) -> dict[str, list[Payment]]:
    """A line that a payer unbundled has several payments of it: together they answer the line's charge."""
    found: dict[str, list[Payment]] = {}
    for payment in line.payments:
        found.setdefault(payment.payer, []).append(payment)
    return found


def _line(report: Report, key: str, line: LineTally, payments: list[Payment]) -> None:
    if line.charge is None or any(payment.paid is None for payment in payments):
        return
    paid, adjusted = sum(one.paid or 0 for one in payments), sum(one.adjusted for one in payments)
    total = paid + adjusted
    if total != line.charge:
        text = f"SVD02 {paid} + ΣCAS {adjusted} = {total}, but the line charges {line.charge} cents."
        report.add(f"{key}-COB-001", payments[0].segment, text, element="02", loop="2430")


def _named(report: Report, key: str, payers: set[str], payment: Payment) -> None:
    if payment.payer and payment.payer not in payers:
        text = "SVD01 names no payer of loop 2330B."
        report.add(f"{key}-COB-003", payment.segment, text, element="01", loop="2430")


def _decided(report: Report, key: str, claim: ClaimTally, payer: Payment) -> None:
    """A payer that has answered says what it paid, when, and the remaining liability in one place only."""
    on_lines = _of_payer(claim, payer)
    if payer.paid is None and (on_lines or payer.adjusted):
        text = "The payer has decided, and what it paid (AMT*D, also 0) is missing."
        report.add(f"{key}-COB-004", payer.segment, text, loop="2320")
    if payer.paid is not None and not payer.dated and not any(one.dated for one in on_lines):
        text = "The payer has decided, and the date of it (DTP*573) is missing."
        report.warn(f"{key}-COB-005", payer.segment, text, loop="2330B")
    if payer.remaining is not None and any(one.remaining is not None for one in on_lines):
        text = "The remaining patient liability stands at the claim or at its lines, never at both."
        report.warn(f"{key}-COB-006", payer.remaining, text, element="01", loop="2320")


def _of_payer(claim: ClaimTally, payer: Payment) -> list[Payment]:
    return [payment for line in claim.lines for payment in line.payments if payment.payer == payer.payer]


def _claim(report: Report, key: str, claim: ClaimTally, payer: Payment, paid: int) -> None:
    on_lines = sum(payment.adjusted for payment in _of_payer(claim, payer))
    total = paid + payer.adjusted + on_lines
    if total != claim.charge:
        text = f"AMT*D {paid} + claim CAS {payer.adjusted} + line CAS {on_lines} = {total}, but CLM02 is {claim.charge} cents."
        report.add(f"{key}-COB-002", payer.segment, text, loop="2320")


def check_medicare(report: Report, key: str, sbr: Segment, loop: str) -> None:
    """A professional claim to Medicare as a later payer says why another one comes first (SBR05)."""
    later = sbr.get(1) not in ("", "P", "U")
    if key == "P837" and later and sbr.get(9) in _MEDICARE and not sbr.get(5):
        text = "Medicare is not the first payer, and the type of Medicare secondary payer (SBR05) is missing."
        report.warn(f"{key}-COB-007", sbr, text, element="05", loop=loop)
