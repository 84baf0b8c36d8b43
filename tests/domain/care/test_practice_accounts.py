"""What a practice owes after anything that may happen to two of its invoices."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.receivables import Move, Open, Paid, credit_used, credited, put_onto, taken_back

TODAY = date(2026, 11, 22)
ONE, TWO = UUID(int=1), UUID(int=2)


class Account:
    """Two invoices of one practice; every act is put into rows, and the rows are all there is."""

    def __init__(self, total: int) -> None:
        self.totals = {ONE: total, TWO: 2 * total}
        self.rows = [("invoice", Move(one, cents)) for one, cents in self.totals.items()]
        self.payments: list[list[Move]] = []
        self.received = 0

    def summed(self, invoice: UUID | None, *sources: str) -> int:
        """What the rows of an invoice come to, or of the practice's credit; only of these sources, if any are named."""
        mine = [(kind, row) for kind, row in self.rows if row.invoice_id == invoice]
        return sum(row.cents for kind, row in mine if kind in sources or not sources)

    def open(self) -> list[Open]:
        return [Open(one, TODAY, self.summed(one)) for one in self.totals if self.summed(one) > 0]

    def paid(self) -> list[Paid]:
        money = ("pay", "credit_used", "reversal", "to_credit")
        return [Paid(one, -self.summed(one, *money), -self.summed(one, "credit_used")) for one in self.totals]

    def pay(self, cents: int) -> None:
        self.payments.append(put_onto(cents, self.open()))
        self.rows += [("pay", one) for one in self.payments[-1]]
        self.received += cents

    def credit_note(self, cents: int) -> None:
        which = ONE if cents % 2 else TWO
        if part := min(cents, self.totals[which] + self.summed(which, "credit_note")):
            off, to_credit = credited(part, Open(which, TODAY, self.summed(which)))
            self.rows += [("credit_note", one) for one in off] + [("to_credit", one) for one in to_credit]

    def credit_used(self, cents: int) -> None:
        self.rows += [("credit_used", one) for one in credit_used(-self.summed(None), self.open())]

    def reversal(self, cents: int) -> None:
        if not self.payments:
            return
        payment = self.payments.pop(cents % len(self.payments))
        found = taken_back(payment, -self.summed(None), self.paid())
        self.rows += [("reversal", one) for one in found.back]
        self.rows += [("to_credit", one) for one in found.from_credit]
        self.rows += [("credit_used", one) for one in found.unused]
        self.received += sum(one.cents for one in payment)


ACTS = st.sampled_from([Account.pay, Account.credit_note, Account.credit_used, Account.reversal])


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 10_000), st.lists(st.tuples(ACTS, st.integers(1, 9_000)), max_size=14))
def test_what_is_open_is_what_was_not_credited_and_not_paid_whatever_happens(
    total: int, acts: list[tuple[Callable[[Account, int], None], int]]
) -> None:
    account = Account(total)
    summed = account.summed
    for act, cents in acts:
        act(account, cents)
        noted = -summed(ONE, "credit_note") - summed(TWO, "credit_note")
        for one, charged in account.totals.items():
            assert 0 <= summed(one) <= charged + summed(one, "credit_note")
        assert summed(None) <= 0
        assert 3 * total - noted - account.received == summed(ONE) + summed(TWO) + summed(None)
