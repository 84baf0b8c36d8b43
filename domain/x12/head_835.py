"""The header of an 835 as it is read: BPR, TRN and the two parties, before the first claim."""

from domain.x12.errors import Unreadable
from domain.x12.facts_835 import Party, PaymentHeader, Reference
from domain.x12.values import cents, day


class HeadReading:
    """One ST's header; `open` until the first LX, CLP, PLB or the end."""

    def __init__(self, st02: str) -> None:
        self.st02 = st02
        self.open = True
        self.bpr: list[str] = []
        self.trn: list[str] = [""] * 5
        self.production = ""
        self.party = ""
        self.parties: dict[str, list[str]] = {}
        self.references: dict[str, list[Reference]] = {"": []}
        self.addresses: dict[str, list[str]] = {}
        self.contacts: dict[str, str] = {}

    def begin_party(self, parts: list[str]) -> None:
        self.party = parts[1]
        self.parties[self.party] = parts + [""] * 5
        self.references[self.party] = []
        self.addresses[self.party] = []

    def address(self, parts: list[str]) -> None:
        if self.party:
            self.addresses[self.party].extend(part for part in parts[1:] if part)

    def contact(self, parts: list[str]) -> None:
        self.contacts.setdefault(self.party, " ".join(part for part in parts[2:] if part))

    def payment(self) -> str:
        """What makes this payment the same payment: amount, date, trace, originator."""
        if not self.bpr:
            raise Unreadable("x12_no_bpr", "The payment has no BPR segment before its claims.")
        return "*".join((str(cents(self.bpr[2])), self.bpr[16], self.trn[2], self.trn[3]))

    def close(
        self, isa13: str, gs06: str, version: str, st_ordinal: int, payment_ordinal: int
    ) -> PaymentHeader:
        self.open = False
        bpr, trn = self.bpr, self.trn
        return PaymentHeader(
            isa13, gs06, version, st_ordinal, payment_ordinal, self.st02, bpr[1], cents(bpr[2]), bpr[3], bpr[4],
            bpr[16], trn[2], trn[3], trn[4], day(self.production), self._party("PR"), self._party("PE"),
            tuple(self.references[""]),
        )  # fmt: skip

    def _party(self, code: str) -> Party:
        n1 = self.parties.get(code)
        if n1 is None:
            return Party()
        references, address = tuple(self.references[code]), tuple(self.addresses[code])
        return Party(n1[2], n1[3], n1[4], references, address, self.contacts.get(code, ""))
