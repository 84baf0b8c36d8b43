"""The three equations of an 835 with their numbers, summed over the transaction, for whoever wants to see the proof."""

from dataclasses import dataclass

from domain.remittances.balance import CLAIM, LINE, TRANSACTION
from domain.x12.facts_835 import Transaction835


@dataclass(frozen=True, slots=True)
class Equation:
    """`charged` less `adjusted` is `paid`, in cents, over `count` lines, claims or payments. The level says what each
    is: SVC02, CAS, SVC03 for lines; CLP03, CAS, CLP04 for claims; CLP04, PLB, BPR02 for the transaction."""

    rule: str
    level: str
    count: int
    charged_cents: int
    adjusted_cents: int
    paid_cents: int

    @property
    def difference_cents(self) -> int:
        """What is left over; zero when the sums agree."""
        return self.charged_cents - self.adjusted_cents - self.paid_cents


def equations(transaction: Transaction835) -> tuple[Equation, ...]:
    """Line, claim and transaction sums. Sums may agree although single claims do not: `prove` looks at each."""
    claims, header = transaction.claims, transaction.header
    lines = [line for claim in claims for line in claim.services]
    paid = sum(claim.paid_cents for claim in claims)
    provider = sum(one.cents for one in transaction.provider_adjustments)
    stated = header.amount_cents if header.credit_debit != "D" else -header.amount_cents
    return (
        Equation(
            LINE,
            "line",
            len(lines),
            sum(line.charge_cents for line in lines),
            sum(one.cents for line in lines for one in line.adjustments),
            sum(line.paid_cents for line in lines),
        ),
        Equation(
            CLAIM,
            "claim",
            len(claims),
            sum(claim.charge_cents for claim in claims),
            sum(one.cents for claim in claims for one in claim.all_adjustments),
            paid,
        ),
        Equation(TRANSACTION, "transaction", 1, paid, provider, stated),
    )
