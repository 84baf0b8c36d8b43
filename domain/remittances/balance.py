"""The three exact balances of an 835 (TR3 005010X221A1, section 1.10.2): line, claim, transaction. Cents only."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.x12.facts_835 import ClaimPayment, PaymentHeader, PaymentTrailer, ServicePayment, Transaction835

LINE, CLAIM, TRANSACTION = "R835-BAL-001", "R835-BAL-002", "R835-BAL-003"
INCOMPLETE, PATIENT_SHARE = "R835-BAL-004", "R835-BAL-005"


@dataclass(frozen=True, slots=True)
class BalanceFinding:
    """One equation that does not hold. `expected` is its left side and `stated` what the file says, in cents.

    `claim_ordinal` and `line_ordinal` count from 1 (0: the level above); `segment_number` counts with ST as 1.
    """

    rule: str
    level: str
    severity: str
    equation: str
    expected_cents: int
    stated_cents: int
    claim_ordinal: int = 0
    line_ordinal: int = 0
    segment_number: int = 0

    @property
    def difference_cents(self) -> int:
        return self.stated_cents - self.expected_cents


@dataclass(slots=True)
class Proof:
    """The running proof of one transaction: give it every claim, then close it with header and trailer.

    Memory does not grow with the number of claims that balance.
    """

    findings: list[BalanceFinding] = field(default_factory=list)
    claims_paid_cents: int = 0
    claim_count: int = 0
    provider_cents: int = 0
    stated_cents: int = 0

    def add(self, claim: ClaimPayment) -> None:
        """Prove one claim and its lines, and take its payment into the sum of the transaction."""
        self.claim_count += 1
        self.claims_paid_cents += claim.paid_cents
        adjusted = 0
        for one in claim.adjustments:
            adjusted += one[2]
        for service in claim.services:
            total = 0
            for one in service.adjustments:
                total += one[2]
            if service.charge_cents - total != service.paid_cents:
                self.findings.append(_line(claim, service, total))
            adjusted += total
        if claim.charge_cents - adjusted != claim.paid_cents:
            self.findings.append(_claim(claim, adjusted))

    def close(self, header: PaymentHeader, trailer: PaymentTrailer) -> tuple[BalanceFinding, ...]:
        """The transaction's own equation, and every finding of this proof."""
        self.provider_cents = sum(one.cents for one in trailer.provider_adjustments)
        self.stated_cents = stated = (
            header.amount_cents if header.credit_debit != "D" else -header.amount_cents
        )
        expected = self.claims_paid_cents - self.provider_cents
        if expected != stated:
            paid, provider = self.claims_paid_cents, self.provider_cents
            text = f"ΣCLP04 {paid} − ΣPLB {provider} = {expected}, but BPR02 says {stated} cents"
            finding = BalanceFinding(
                TRANSACTION, "transaction", "error", text, expected, stated, segment_number=2
            )
            self.findings.append(finding)
        if not trailer.closed:
            text = "The transaction ends without its SE: the file is cut off"
            self.findings.append(BalanceFinding(INCOMPLETE, "transaction", "error", text, 0, 0))
        return tuple(self.findings)

    @property
    def balanced(self) -> bool:
        """No error: everything may be posted. Meaningful after `close`."""
        return not any(finding.severity == "error" for finding in self.findings)


def prove(transaction: Transaction835) -> tuple[BalanceFinding, ...]:
    """Every equation of the transaction that does not hold, with warnings on the patient's share; empty when sound."""
    proof = Proof()
    for claim in transaction.claims:
        proof.add(claim)
    findings = proof.close(transaction.header, transaction.trailer)
    return findings + tuple(patient_share(transaction.claims))


def patient_share(claims: Iterable[ClaimPayment]) -> list[BalanceFinding]:
    """A warning for each claim whose CLP05 differs from the sum of its PR adjustments; it is outside the balance."""
    found = []
    for claim in claims:
        share = sum(one.cents for one in claim.all_adjustments if one.group == "PR")
        if share != claim.patient_cents:
            text = f"ΣPR = {share}, but CLP05 says {claim.patient_cents} cents"
            finding = BalanceFinding(
                PATIENT_SHARE, "claim", "warning", text, share, claim.patient_cents, claim.ordinal, 0,
                claim.segment_number,
            )  # fmt: skip
            found.append(finding)
    return found


def _line(claim: ClaimPayment, service: ServicePayment, adjusted: int) -> BalanceFinding:
    expected = service.charge_cents - adjusted
    text = f"SVC02 {service.charge_cents} − ΣCAS {adjusted} = {expected}, but SVC03 says {service.paid_cents} cents"
    return BalanceFinding(
        LINE, "line", "error", text, expected, service.paid_cents,
        claim.ordinal, service.ordinal, service.segment_number,
    )  # fmt: skip


def _claim(claim: ClaimPayment, adjusted: int) -> BalanceFinding:
    expected = claim.charge_cents - adjusted
    text = (
        f"CLP03 {claim.charge_cents} − ΣCAS {adjusted} = {expected}, but CLP04 says {claim.paid_cents} cents"
    )
    return BalanceFinding(
        CLAIM, "claim", "error", text, expected, claim.paid_cents, claim.ordinal, 0, claim.segment_number
    )
