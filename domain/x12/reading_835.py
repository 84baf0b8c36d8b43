"""The state of reading an 835: a handler for every segment, the claim and the line at hand, and what is ready."""

from collections.abc import Callable
from typing import Any

from domain.x12.errors import Unreadable
from domain.x12.facts_835 import (
    Adjustment,
    Amount,
    ClaimPayment,
    Dated,
    Name,
    PaymentHeader,
    PaymentTrailer,
    ProviderAdjustment,
    Reference,
    ServicePayment,
)
from domain.x12.head_835 import HeadReading
from domain.x12.reader import Delimiters
from domain.x12.values import CENTS, DAYS, cents, optional_cents

Handler = Callable[[list[str], int, str], None]
CAS, DATE, AMOUNT, QUANTITY, REMARK, NAME = range(6)
MOST_KNOWN = 8_192
_new = tuple.__new__


def _outside(fact: Any) -> None:
    raise Unreadable("x12_outside_claim", "A claim's segment stands before the first CLP.")


def _nothing(fact: Any) -> None:
    """A name before the first claim belongs to nobody."""


class Reading:
    """Handlers take (elements, segment number, raw text). `known` keeps facts of repeated segments by their raw text,
    each with the index of the list of the claim or line at hand that `append` adds it to."""

    def __init__(self) -> None:
        self.ready: list[PaymentHeader | ClaimPayment | PaymentTrailer] = []
        self.known: dict[str, tuple[int, Any]] = {}
        self.append: list[Callable[[Any], None]] = [_outside] * 6
        self.delimiters: Delimiters | None = None
        self.component = ":"
        self.procedures: dict[str, tuple[str, str, tuple[str, ...]]] = {}
        self.isa13 = self.gs06 = self.gs08 = ""
        self.st_ordinal = self.st_start = self.claims = self.claim_at = self.service_at = 0
        self.seen: dict[str, int] = {}
        self.head = HeadReading("")
        self.plb: list[ProviderAdjustment] = []
        self.unknown: list[tuple[int, str]] = []
        self.claim: list[str] | None = None
        self.service: list[str] | None = None
        self.control = ""
        self.claim_cents = (0, 0, 0)
        self.service_cents = (0, 0)
        self.lists: tuple[list[Any], ...] = ()
        self.claim_lists: tuple[list[Any], ...] = ()
        self.refs: list[Reference] = []
        self.claim_refs: list[Reference] = []
        self.names: list[Name] = []
        self.services: list[ServicePayment] = []
        self.idle: dict[str, Handler] = {"ISA": self._isa, "GS": self._gs, "ST": self._st}
        self.inside = self.idle | self._handlers()
        self.table = self.idle

    def _handlers(self) -> dict[str, Handler]:
        skipped: dict[str, Handler] = dict.fromkeys(("CUR", "N2", "RDM", "TS2", "TS3"), self._skip)
        return skipped | {
            "BPR": self._bpr, "TRN": self._trn, "N1": self._n1, "N3": self._address, "N4": self._address,
            "PER": self._per, "LX": self._lx, "CLP": self._clp, "CAS": self._cas, "NM1": self._nm1,
            "MIA": self._mia, "MOA": self._moa, "DTM": self._dtm, "REF": self._ref, "AMT": self._amt,
            "QTY": self._qty, "SVC": self._svc, "LQ": self._lq, "PLB": self._plb, "SE": self._se,
            "GE": self._cut_off, "IEA": self._cut_off,
        }  # fmt: skip

    def begin(self, delimiters: Delimiters) -> str:
        if delimiters != self.delimiters:
            self.delimiters, self.component = delimiters, delimiters.component
            self.known.clear()
            self.procedures.clear()
        return delimiters.element

    def other(self, parts: list[str], number: int, raw: str) -> None:
        if self.table is self.inside:
            self.unknown.append((number - self.st_start + 1, parts[0]))

    def end(self) -> None:
        if self.table is self.inside:
            self._finish(closed=False, last=0)

    def _remember(self, raw: str, kind: int, fact: Any) -> None:
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[raw] = (kind, fact)
        self.append[kind](fact)

    # --- envelope and header --------------------------------------------------------------------------------------

    def _isa(self, parts: list[str], number: int, raw: str) -> None:
        self.end()
        self.isa13, self.gs06, self.gs08 = parts[13], "", ""

    def _gs(self, parts: list[str], number: int, raw: str) -> None:
        self.end()
        self.gs06, self.gs08 = parts[6], parts[8]

    def _st(self, parts: list[str], number: int, raw: str) -> None:
        self.end()
        self.st_ordinal += 1
        if parts[1] != "835":
            return
        self.table, self.st_start, self.claims = self.inside, number, 0
        self.head = HeadReading(parts[2] if len(parts) > 2 else "")
        self.plb, self.unknown = [], []
        self._leave_claim()

    def _se(self, parts: list[str], number: int, raw: str) -> None:
        self._finish(closed=True, last=number)

    def _cut_off(self, parts: list[str], number: int, raw: str) -> None:
        self._finish(closed=False, last=number)

    def _finish(self, *, closed: bool, last: int) -> None:
        self._close_head()
        self._close_claim()
        count = last - self.st_start + 1 if last else 0
        self.ready.append(PaymentTrailer(tuple(self.plb), self.claims, tuple(self.unknown), closed, count))
        self.table = self.idle
        # What another transaction of the file says in the same words is none of ours.
        self.known.clear()

    def _skip(self, parts: list[str], number: int, raw: str) -> None:
        """Segments of known meaning that no fact is taken from."""

    def _bpr(self, parts: list[str], number: int, raw: str) -> None:
        cents(parts[2])
        self.head.bpr = parts + [""] * 17

    def _trn(self, parts: list[str], number: int, raw: str) -> None:
        self.head.trn = parts + [""] * 5

    def _n1(self, parts: list[str], number: int, raw: str) -> None:
        self.head.begin_party(parts)

    def _address(self, parts: list[str], number: int, raw: str) -> None:
        self.head.address(parts)

    def _per(self, parts: list[str], number: int, raw: str) -> None:
        if self.claim is None:
            self.head.contact(parts)

    def _lx(self, parts: list[str], number: int, raw: str) -> None:
        self._close_head()
        self._close_claim()

    def _close_head(self) -> None:
        if self.head.open:
            payment = self.head.payment()
            self.seen[payment] = self.seen.get(payment, 0) + 1
            self.ready.append(
                self.head.close(self.isa13, self.gs06, self.gs08, self.st_ordinal, self.seen[payment])
            )

    # --- claim ----------------------------------------------------------------------------------------------------

    def _leave_claim(self) -> None:
        self.claim = self.service = None
        self.append[:] = [_outside] * 6
        self.append[DATE] = self._head_date
        self.append[NAME] = _nothing

    def _head_date(self, fact: Dated) -> None:
        if fact.qualifier == "405":
            self.head.production = fact.raw

    def _open_lists(self) -> None:
        cas: list[Adjustment] = []
        dates: list[Dated] = []
        amounts: list[Amount] = []
        quantities: list[Reference] = []
        remarks: list[str] = []
        self.lists = (cas, dates, amounts, quantities, remarks)
        added: tuple[list[Any], ...] = (*self.lists, self.names)
        self.append[:] = [one.append for one in added]

    def _clp(self, parts: list[str], number: int, raw: str) -> None:
        self._close_head()
        self._close_claim()
        self.claims += 1
        # Amounts are read at once, so that one that is no number is told where it stands.
        self.claim_cents = (
            CENTS[parts[3]],
            CENTS[parts[4]],
            optional_cents(parts[5] if len(parts) > 5 else ""),
        )
        self.claim, self.claim_at = parts, number - self.st_start + 1
        self.names, self.services = [], []
        self._open_lists()
        self.claim_lists = self.lists
        refs: list[Reference] = []
        self.claim_refs = self.refs = refs

    def _close_claim(self) -> None:
        parts = self.claim
        if parts is None:
            return
        if self.service is not None:
            self._close_service()
        self._leave_claim()
        if len(parts) < 12:
            parts += [""] * (12 - len(parts))
        cas, dates, amounts, quantities, remarks = self.claim_lists
        facts = (
            self.claims, self.claim_at, parts[1], parts[2], *self.claim_cents, parts[6], parts[7], parts[8], parts[9], parts[11], tuple(cas),
            tuple(self.services), tuple(self.names), tuple(self.claim_refs), tuple(dates), tuple(amounts),
            tuple(quantities), tuple(remarks),
        )  # fmt: skip
        self.ready.append(_new(ClaimPayment, facts))

    def _cas(self, parts: list[str], number: int, raw: str) -> None:
        if len(parts) == 4:
            self._remember(raw, CAS, _new(Adjustment, (parts[1], parts[2], CENTS[parts[3]], "")))
            return
        parts += [""] * 3
        for at in range(2, len(parts) - 3, 3):
            if parts[at] or parts[at + 1]:
                self.append[CAS](Adjustment(parts[1], parts[at], cents(parts[at + 1]), parts[at + 2]))

    def _nm1(self, parts: list[str], number: int, raw: str) -> None:
        if self.claim is not None:
            if len(parts) < 10:
                parts += [""] * (10 - len(parts))
            name = _new(Name, (*parts[1:6], parts[8], parts[9]))
            # A practice has few rendering providers and many patients.
            if parts[1] == "82":
                self._remember(raw, NAME, name)
            else:
                self.names.append(name)

    def _mia(self, parts: list[str], number: int, raw: str) -> None:
        self._claim_remarks(parts[5:6] + parts[20:24])

    def _moa(self, parts: list[str], number: int, raw: str) -> None:
        self._claim_remarks(parts[3:8])

    def _claim_remarks(self, codes: list[str]) -> None:
        if self.claim is None:
            _outside(None)
        self.claim_lists[REMARK].extend(code for code in codes if code)

    def _dtm(self, parts: list[str], number: int, raw: str) -> None:
        if self.claim is not None:
            self._remember(raw, DATE, _new(Dated, (parts[1], parts[2], DAYS[parts[2]])))
        else:
            self._head_date(Dated(parts[1], parts[2], None))

    def _ref(self, parts: list[str], number: int, raw: str) -> None:
        reference = _new(Reference, (parts[1], parts[2]))
        if self.claim is None:
            self.head.references[self.head.party].append(reference)
            return
        self.refs.append(reference)
        if parts[1] == "6R" and not self.control:
            self.control = parts[2]

    def _amt(self, parts: list[str], number: int, raw: str) -> None:
        self._remember(raw, AMOUNT, _new(Amount, (parts[1], CENTS[parts[2]])))

    def _qty(self, parts: list[str], number: int, raw: str) -> None:
        self._remember(raw, QUANTITY, _new(Reference, (parts[1], parts[2])))

    def _lq(self, parts: list[str], number: int, raw: str) -> None:
        self._remember(raw, REMARK, parts[2])

    # --- line -----------------------------------------------------------------------------------------------------

    def _svc(self, parts: list[str], number: int, raw: str) -> None:
        if self.service is not None:
            self._close_service()
        elif self.claim is None:
            _outside(None)
        self.service_cents = CENTS[parts[2]], optional_cents(parts[3] if len(parts) > 3 else "")
        self.service, self.service_at = parts, number - self.st_start + 1
        self._open_lists()
        self.refs, self.control = [], ""

    def _close_service(self) -> None:
        parts = self.service
        assert parts is not None
        self.service = None
        if len(parts) < 8:
            parts += [""] * (8 - len(parts))
        qualifier, procedure, modifiers = self.procedures.get(parts[1]) or self._procedure(parts[1])
        cas, dates, amounts, quantities, remarks = self.lists
        facts = (
            len(self.services) + 1, self.service_at, qualifier, procedure, modifiers, *self.service_cents,
            parts[4], parts[5], parts[6], parts[7], self.control, tuple(cas),
            tuple(self.refs), tuple(dates), tuple(amounts), tuple(quantities), tuple(remarks),
        )  # fmt: skip
        self.services.append(_new(ServicePayment, facts))

    def _procedure(self, text: str) -> tuple[str, str, tuple[str, ...]]:
        codes = [*text.split(self.component), ""]
        if len(self.procedures) >= MOST_KNOWN:
            self.procedures.clear()
        found = (codes[0], codes[1], tuple(code for code in codes[2:6] if code))
        self.procedures[text] = found
        return found

    # --- provider level -------------------------------------------------------------------------------------------

    def _plb(self, parts: list[str], number: int, raw: str) -> None:
        self._close_head()
        self._close_claim()
        position = number - self.st_start + 1
        parts += [""]
        for at in range(3, len(parts) - 1, 2):
            if parts[at] or parts[at + 1]:
                reason, _, reference = parts[at].partition(self.component)
                amount = cents(parts[at + 1])
                self.plb.append(ProviderAdjustment(parts[1], parts[2], reason, reference, amount, position))
