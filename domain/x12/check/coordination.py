"""The balances of other payers on an 837 (COB): per line and per claim, exact to the cent."""

from domain.x12.check.findings import Report
from domain.x12.check.tally import ClaimTally, LineTally, Payment


def check_coordination(report: Report, key: str, claim: ClaimTally) -> None:
    """Line: SV102 = SVD02 + ΣCAS. Claim: CLM02 = AMT*D + claim CAS + Σ line CAS, for each payer that has paid."""
    for line in claim.lines:
        for payment in line.payments:
            _line(report, key, line, payment)
    for payer in claim.payers:
        if payer.paid is not None and claim.charge is not None:
            _claim(report, key, claim, payer, payer.paid)


def _line(report: Report, key: str, line: LineTally, payment: Payment) -> None:
    if line.charge is None or payment.paid is None:
        return
    total = payment.paid + payment.adjusted
    if total != line.charge:
        text = f"SVD02 {payment.paid} + ΣCAS {payment.adjusted} = {total}, but the line charges {line.charge} cents."
        report.add(f"{key}-COB-001", payment.segment, text, element="02", loop="2430")


def _claim(report: Report, key: str, claim: ClaimTally, payer: Payment, paid: int) -> None:
    on_lines = sum(
        payment.adjusted for line in claim.lines for payment in line.payments if payment.payer == payer.payer
    )
    total = paid + payer.adjusted + on_lines
    if total != claim.charge:
        text = f"AMT*D {paid} + claim CAS {payer.adjusted} + line CAS {on_lines} = {total}, but CLM02 is {claim.charge} cents."
        report.add(f"{key}-COB-002", payer.segment, text, loop="2320")
