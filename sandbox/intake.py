"""Answers one upload: envelope, syntax, the clearinghouse's checks, the payers' checks, the money.

Runs inside the ledger's transaction, so that decisions and the files that tell them are kept together or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.acknowledgements import GUIDE_999, set_999, ta1, wants_ta1
from sandbox.claims import Name, Submission, extract
from sandbox.decisions import Decision, decide
from sandbox.envelope import Interchange
from sandbox.ledger import Ledger, Upload, User
from sandbox.payments import PaymentFile, payment_files, remember_debts
from sandbox.remittance import GUIDE_835, set_835
from sandbox.status import CLEARINGHOUSE, GUIDE_277CA, Status, set_277ca
from sandbox.syntax.judge import GroupVerdict
from sandbox.x12 import Party, at, bare_interchange, interchange

PACES = (1, 10)
"""Factors on the delays: everybody's, and the slow scenario's."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds before a 999, before each 277CA, and before an 835, each counted from the answer before."""

    to_999: float = 0.0
    to_277: float = 0.0
    to_835: float = 0.0

    def clearinghouse(self, pace: int) -> float:
        return self.to_999 + self.to_277 * pace

    def payer(self, pace: int) -> float:
        return self.to_999 + 2 * self.to_277 * pace

    def remittance(self, pace: int) -> float:
        return self.payer(pace) + self.to_835 * pace


@dataclass(slots=True)
class Intake:
    """One upload being answered."""

    ledger: Ledger
    user: User
    upload: Upload
    now: float
    delays: Delays
    one: Interchange
    groups: list[GroupVerdict]

    def answer(self) -> None:
        """Queues every answer that this interchange will ever get."""
        self._check_parties()
        if wants_ta1(self.one):
            number, when = self._control(), self._when(0)
            body = bare_interchange(self._us(), self._them(), number, when, [ta1(self.one)])
            self._queue(f"TA1_{self._isa13()}_{number}.edi", 0, body)
        if not self.one.usable:
            return
        sets = [set_999(n, group) for n, group in enumerate(self.groups, start=1)]
        self._send(f"999_{self._isa13()}", self.delays.to_999, "FA", GUIDE_999, sets)
        decided = [
            (one, decide(self.ledger, self.user.username, self.upload.id, one)) for one in self._submissions()
        ]
        for pace in PACES:
            self._tell_clearinghouse(decided, pace)
            self._tell_payers(decided, pace)
        found = [decision for _, decisions in decided for decision in decisions]
        self._pay([decision for decision in found if decision.scenario != "accepted_only"])

    def _check_parties(self) -> None:
        if not self.one.usable:
            return
        if at(self.one.isa, 6).strip() != self.user.sender_id:
            self.one.refuse("006")
        if at(self.one.isa, 8).strip() != self.user.receiver_id:
            self.one.refuse("009")
        if self.one.usable and not self.ledger.write(
            "INSERT INTO interchanges VALUES (?, ?) ON CONFLICT DO NOTHING",
            self.user.username,
            self.one.control_number,
        ):
            self.one.refuse("025")

    def _submissions(self) -> Iterable[Submission]:
        component = self.one.delimiters.component
        for group in self.groups:
            for one in group.sets:
                if one.accepted and not group.reasons:
                    yield extract(one.kind, one.placed, component)

    def _tell_clearinghouse(self, decided: list[tuple[Submission, list[Decision]]], pace: int) -> None:
        delay = self.delays.clearinghouse(pace)
        sets: list[list[str]] = []
        for submission, decisions in decided:
            told = [Status(d.claim, d.clearinghouse) for d in decisions if d.clearinghouse and d.pace == pace]
            if told:
                sets.append(self._set_277ca(len(sets) + 1, CLEARINGHOUSE, submission, told, delay))
        self._send(f"277CA_CH_{self._isa13()}", delay, "HN", GUIDE_277CA, sets)

    def _tell_payers(self, decided: list[tuple[Submission, list[Decision]]], pace: int) -> None:
        delay = self.delays.payer(pace)
        sets: list[list[str]] = []
        for submission, decisions in decided:
            by_payer: dict[str, list[Decision]] = {}
            for one in decisions:
                if one.payer and one.pace == pace:
                    by_payer.setdefault(one.claim.payer.id, []).append(one)
            for group in by_payer.values():
                told = [Status(d.claim, d.payer, d.control_number) for d in group]
                sets.append(self._set_277ca(len(sets) + 1, group[0].claim.payer, submission, told, delay))
        self._send(f"277CA_PAYER_{self._isa13()}", delay, "HN", GUIDE_277CA, sets)

    def _set_277ca(
        self, number: int, source: Name, submission: Submission, told: list[Status], delay: float
    ) -> list[str]:
        received = datetime.fromtimestamp(self.now, UTC)
        return set_277ca(number, source, submission, told, received, self._when(delay))

    def _pay(self, decisions: list[Decision]) -> None:
        files = payment_files(self.ledger, self.user, decisions)
        for one in files:
            self._pay_file(one)
        remember_debts(self.ledger, self.user.username, files, decisions)

    def _pay_file(self, one: PaymentFile) -> None:
        delay = self.delays.remittance(one.pace) + one.later * self.delays.to_835
        sets = [set_835(n, payment, self._when(delay)) for n, payment in enumerate(one.payments, start=1)]
        number = self._control()
        body = interchange(self._us(), self._them(), number, self._when(delay), "HP", GUIDE_835, sets)
        trace = one.payments[0].trace
        self._queue(f"835_{trace}.edi", delay, body)
        if one.twice:
            self._queue(f"835_{trace}_again.edi", delay, body)

    def _send(self, name: str, delay: float, group: str, guide: str, sets: list[list[str]]) -> None:
        if sets:
            number = self._control()
            body = interchange(self._us(), self._them(), number, self._when(delay), group, guide, sets)
            self._queue(f"{name}_{number}.edi", delay, body)

    def _queue(self, name: str, delay: float, body: bytes) -> None:
        self.ledger.add_answer(self.user.username, name, self.upload.id, self.now + delay, body)

    def _control(self) -> int:
        return self.ledger.next_number(f"control/{self.user.username}")

    def _when(self, delay: float) -> datetime:
        return datetime.fromtimestamp(self.now + delay, UTC)

    def _isa13(self) -> str:
        digits = "".join(c for c in self.one.control_number if c.isascii() and c.isalnum())
        return digits[:9] or "0"

    def _us(self) -> Party:
        return Party("ZZ", self.user.receiver_id, self.user.receiver_id)

    def _them(self) -> Party:
        qualifier = at(self.one.isa, 5) if self.one.usable else "ZZ"
        group = self.one.groups[0].gs if self.one.usable and self.one.groups else []
        usage = "T" if at(self.one.isa, 15) == "T" else "P"
        return Party(qualifier, self.user.sender_id, at(group, 2) or self.user.sender_id, usage)
