"""Gathers adjudicated claims into 835 files, and keeps what each provider owes its payers."""

from dataclasses import dataclass, field

from sandbox.adjudication import LineResult, Result
from sandbox.claims import Claim
from sandbox.decisions import Decision
from sandbox.ledger import Ledger, User
from sandbox.remittance import Payment


@dataclass(slots=True)
class PaymentFile:
    """One 835 file: its payments by payer and payee, and how it travels."""

    kind: str
    pace: int = 1
    later: int = 0
    """How many more 835 delays it waits."""
    twice: bool = False
    payments: list[Payment] = field(default_factory=list)


def payment_files(ledger: Ledger, user: User, decisions: list[Decision]) -> list[PaymentFile]:
    """The 835 files for one interchange: one for all, and one each for what must stand apart."""
    gathering = _Gathering(ledger, user)
    for decision in decisions:
        gathering.take(decision)
    files = list(gathering.files.values())
    for one in files:
        for payment in one.payments:
            _adjust(ledger, user.username, payment, recover=one.kind != "out_of_balance")
    return files


def remember_debts(
    ledger: Ledger, username: str, files: list[PaymentFile], decisions: list[Decision]
) -> None:
    """Notes for the next 835 what was forwarded as a negative balance, and the takebacks to come."""
    for payment in (p for one in files for p in one.payments):
        for code, reference, amount in payment.provider_adjustments:
            if code == "FB" and amount < 0:
                _owe(ledger, username, payment.payer.id, payment.payee.id, "FB", reference, -amount)
    for one in decisions:
        if one.scenario == "takeback" and one.result and one.result.paid > 0:
            claim = one.claim
            _owe(ledger, username, claim.payer.id, claim.payee.id, "WO", one.control_number, one.result.paid)


def _owe(
    ledger: Ledger, username: str, payer: str, payee: str, code: str, reference: str, cents: int
) -> None:
    ledger.write(
        "INSERT INTO owed (username, payer, payee, code, reference, cents) VALUES (?, ?, ?, ?, ?, ?)",
        username,
        payer,
        payee,
        code,
        reference,
        cents,
    )


@dataclass(slots=True)
class _Gathering:
    ledger: Ledger
    user: User
    files: dict[str, PaymentFile] = field(default_factory=dict)
    _payments: dict[tuple[str, str, str], Payment] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        told = [one for one in (decision.reversal, decision.result) if one]
        if decision.scenario == "unmatched" and decision.result:
            told.append(_stranger(decision.result))
        if told:
            self._payment(self._file(decision), decision.claim).results.extend(told)
        if decision.later:
            later = self.files.setdefault("later", PaymentFile("later", later=1))
            self._payment(later, decision.claim).results.extend(decision.later)

    def _file(self, decision: Decision) -> PaymentFile:
        if decision.scenario == "slow":
            return self.files.setdefault("slow", PaymentFile("slow", pace=10))
        if decision.scenario == "duplicate_file":
            return self.files.setdefault("twice", PaymentFile("twice", twice=True))
        if decision.scenario == "out_of_balance":
            return self.files.setdefault(f"apart {decision.claim.number}", PaymentFile("out_of_balance"))
        return self.files.setdefault("main", PaymentFile("main"))

    def _payment(self, one: PaymentFile, claim: Claim) -> Payment:
        which = claim.number if one.kind == "out_of_balance" else one.kind
        key = (which, claim.payer.id, claim.payee.id)
        payment = self._payments.get(key)
        if payment is None:
            trace = str(self.ledger.next_number("trace", 700_000_001))
            payment = Payment(claim.payer, claim.payee, claim.payee_tax_id, trace, self.user.sender_id)
            self._payments[key] = payment
            one.payments.append(payment)
        return payment


def _stranger(like: Result) -> Result:
    """A claim that nobody sent, in the manner of a neighbour in the same payment."""
    line = LineResult(["HC", "99212"], "", "1", like.dates[0], "", 6000, 4800, [("CO", "45", 1200)])
    return Result(
        number=f"UNSENT{like.control_number[-8:]}",
        status="1",
        control_number=f"X{like.control_number}",
        charge=6000,
        paid=4800,
        filing_code=like.filing_code,
        facility=like.facility,
        frequency="1",
        patient=["UNKNOWN", "PATIENT", "", "UNKNOWN01"],
        subscriber=[],
        rendering=[],
        dates=like.dates,
        lines=[line],
    )


def _adjust(ledger: Ledger, username: str, payment: Payment, recover: bool) -> None:
    """Interest, then what is owed as far as the payment reaches, then a negative rest forwarded."""
    for result in payment.results:
        if result.interest:
            payment.provider_adjustments.append(("L6", result.control_number, -result.interest))
    if recover and payment.amount > 0:
        _recover(ledger, username, payment)
    if payment.amount < 0:
        payment.provider_adjustments.append(("FB", payment.trace, payment.amount))


def _recover(ledger: Ledger, username: str, payment: Payment) -> None:
    owed = ledger.rows(
        "SELECT id, code, reference, cents FROM owed WHERE username = ? AND payer = ? AND payee = ? AND cents > 0 "
        "ORDER BY id",
        username,
        payment.payer.id,
        payment.payee.id,
    )
    for id_, code, reference, cents in owed:
        taken = min(cents, payment.amount)
        if taken <= 0:
            return
        payment.provider_adjustments.append((code, reference, taken))
        ledger.write("UPDATE owed SET cents = cents - ? WHERE id = ?", taken, id_)
