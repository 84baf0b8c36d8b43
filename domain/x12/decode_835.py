"""835 remittance advice, streamed claim by claim in bounded memory; the hot path of the product."""

from collections.abc import Callable, Iterable, Iterator

from domain.x12.errors import Unreadable
from domain.x12.facts_835 import (
    Adjustment,
    Amount,
    ClaimPayment,
    Dated,
    Name,
    Party,
    PaymentHeader,
    PaymentTrailer,
    ProviderAdjustment,
    Reference,
    ServicePayment,
    Transaction835,
)
from domain.x12.reader import Delimiters, runs, tidy
from domain.x12.values import CENTS, DAYS, cents, day, optional_cents

Event = PaymentHeader | ClaimPayment | PaymentTrailer
Handler = Callable[[list[str], int], None]


def stream_835(data: bytes | Iterable[bytes]) -> Iterator[Event]:
    """Header, then each claim as soon as it is complete, then trailer, for every 835 of the file.

    Raises Unreadable for what is not X12, an amount that is not a number, or a segment that lacks what it must say.
    """
    reading = _Reading()
    ready = reading.ready
    number = 0
    for run in runs(data):
        element = reading.begin(run.delimiters)
        for raw in tidy(run):
            if not raw:
                continue
            number += 1
            parts = raw.split(element)
            try:
                reading.table.get(parts[0], reading.other)(parts, number)
            except Unreadable as problem:
                raise _placed(problem, number, parts[0]) from None
            except IndexError:
                lacking = Unreadable("x12_element_missing", "A segment lacks an element that it must have.")
                raise _placed(lacking, number, parts[0]) from None
            if ready:
                yield from ready
                ready.clear()
    reading.end()
    yield from ready


def read_835(data: bytes | Iterable[bytes]) -> Iterator[Transaction835]:
    """Every 835 of the file whole, one at a time. For files of unknown size use `stream_835`."""
    header: PaymentHeader | None = None
    claims: list[ClaimPayment] = []
    for event in stream_835(data):
        if isinstance(event, ClaimPayment):
            claims.append(event)
        elif isinstance(event, PaymentHeader):
            header, claims = event, []
        elif header is not None:
            yield Transaction835(header, tuple(claims), event)


def _placed(problem: Unreadable, number: int, segment_id: str) -> Unreadable:
    known = segment_id if segment_id.isascii() and segment_id.isalnum() and len(segment_id) <= 3 else "?"
    return Unreadable(
        problem.code,
        f"{problem.title} Segment {number}, {known}.",
        segment_number=number,
        segment_id=known,
    )


class _Reading:
    """What has been read of the claim, line and payment at hand. Handlers take (elements, segment number)."""

    def __init__(self) -> None:
        self.ready: list[Event] = []
        self.component = ":"
        self.isa13 = self.gs06 = self.gs08 = ""
        self.st_ordinal = 0
        self.st_start = 0
        self.claim: list[str] | None = None
        self.service: list[str] | None = None
        self.idle: dict[str, Handler] = {"ISA": self._isa, "GS": self._gs, "ST": self._st}
        self.inside: dict[str, Handler] = self.idle | {
            "BPR": self._bpr, "TRN": self._trn, "N1": self._n1, "N3": self._address, "N4": self._address,
            "PER": self._per, "CLP": self._clp, "CAS": self._cas, "NM1": self._nm1, "MIA": self._mia,
            "MOA": self._moa, "DTM": self._dtm, "REF": self._ref, "AMT": self._amt, "QTY": self._qty,
            "SVC": self._svc, "LQ": self._lq, "PLB": self._plb, "SE": self._se, "GE": self._cut_off,
            "IEA": self._cut_off, "LX": self._lx, "CUR": self._skip, "N2": self._skip, "RDM": self._skip,
            "TS2": self._skip, "TS3": self._skip,
        }  # fmt: skip
        self.table = self.idle
        self.seen: dict[str, int] = {}
        self.cas: list[Adjustment] = []
        self.refs: list[Reference] = []
        self.dates: list[Dated] = []
        self.amounts: list[Amount] = []
        self.quantities: list[Reference] = []
        self.remarks: list[str] = []
        self._new_payment()
        self._new_claim()

    def begin(self, delimiters: Delimiters) -> str:
        self.component = delimiters.component
        return delimiters.element

    def other(self, parts: list[str], number: int) -> None:
        if self.table is self.inside:
            self.unknown.append((number - self.st_start + 1, parts[0]))

    def end(self) -> None:
        if self.table is self.inside:
            self._finish(closed=False, last=0)

    # --- envelope -------------------------------------------------------------------------------------------------

    def _isa(self, parts: list[str], number: int) -> None:
        self.end()
        self.isa13, self.gs06, self.gs08 = parts[13], "", ""

    def _gs(self, parts: list[str], number: int) -> None:
        self.end()
        self.gs06, self.gs08 = parts[6], parts[8]

    def _st(self, parts: list[str], number: int) -> None:
        self.end()
        self.st_ordinal += 1
        if parts[1] != "835":
            return
        self.table, self.st_start = self.inside, number
        self._new_payment()
        self.st02 = parts[2] if len(parts) > 2 else ""

    def _se(self, parts: list[str], number: int) -> None:
        self._finish(closed=True, last=number)

    def _cut_off(self, parts: list[str], number: int) -> None:
        self._finish(closed=False, last=number)

    def _finish(self, *, closed: bool, last: int) -> None:
        self._close_header()
        self._close_claim()
        count = last - self.st_start + 1 if last else 0
        trailer = PaymentTrailer(tuple(self.plb), self.claims, tuple(self.unknown), closed, count)
        self.ready.append(trailer)
        self.table = self.idle

    def _skip(self, parts: list[str], number: int) -> None:
        """Segments of known meaning that no fact is taken from."""

    # --- header ---------------------------------------------------------------------------------------------------

    def _new_payment(self) -> None:
        self.st02 = ""
        self.bpr: list[str] = []
        self.trn: list[str] = []
        self.production = ""
        self.parties: dict[str, list[str]] = {}
        self.party = ""
        self.party_references: dict[str, list[Reference]] = {"": []}
        self.party_address: dict[str, list[str]] = {}
        self.party_contact: dict[str, str] = {}
        self.plb: list[ProviderAdjustment] = []
        self.unknown: list[tuple[int, str]] = []
        self.claims = 0
        self.header_open = True
        self.claim = self.service = None

    def _bpr(self, parts: list[str], number: int) -> None:
        cents(parts[2])
        self.bpr = parts + [""] * 17

    def _trn(self, parts: list[str], number: int) -> None:
        self.trn = parts + [""] * 5

    def _n1(self, parts: list[str], number: int) -> None:
        self.party = parts[1]
        self.parties[self.party] = parts + [""] * 5
        self.party_references[self.party] = []
        self.party_address[self.party] = []

    def _address(self, parts: list[str], number: int) -> None:
        if self.party:
            self.party_address[self.party].extend(part for part in parts[1:] if part)

    def _per(self, parts: list[str], number: int) -> None:
        if self.claim is None:
            self.party_contact.setdefault(self.party, " ".join(part for part in parts[2:] if part))

    def _lx(self, parts: list[str], number: int) -> None:
        self._close_header()
        self._close_claim()

    def _close_header(self) -> None:
        if not self.header_open:
            return
        self.header_open = False
        if not self.bpr:
            raise Unreadable("x12_no_bpr", "The payment has no BPR segment before its claims.")
        bpr, trn = self.bpr, self.trn or [""] * 5
        payment = "*".join((str(cents(bpr[2])), bpr[16], trn[2], trn[3]))
        self.seen[payment] = self.seen.get(payment, 0) + 1
        header = PaymentHeader(
            self.isa13, self.gs06, self.gs08, self.st_ordinal, self.seen[payment], self.st02, bpr[1], cents(bpr[2]), bpr[3],
            bpr[4], bpr[16], trn[2], trn[3], trn[4], day(self.production), self._party("PR"),
            self._party("PE"), tuple(self.party_references[""]),
        )  # fmt: skip
        self.ready.append(header)

    def _party(self, code: str) -> Party:
        n1 = self.parties.get(code)
        if n1 is None:
            return Party()
        references, address = tuple(self.party_references[code]), tuple(self.party_address[code])
        return Party(n1[2], n1[3], n1[4], references, address, self.party_contact.get(code, ""))

    # --- claim ----------------------------------------------------------------------------------------------------

    def _new_claim(self) -> None:
        self.claim_cas: list[Adjustment] = []
        self.services: list[ServicePayment] = []
        self.names: list[Name] = []
        self.claim_refs: list[Reference] = []
        self.claim_dates: list[Dated] = []
        self.claim_amounts: list[Amount] = []
        self.claim_quantities: list[Reference] = []
        self.claim_remarks: list[str] = []

    def _clp(self, parts: list[str], number: int) -> None:
        if self.header_open:
            self._close_header()
        if self.claim is not None:
            self._close_claim()
        self.claims += 1
        self.claim, self.claim_at = parts, number - self.st_start + 1
        self._new_claim()
        self.cas, self.refs, self.dates = self.claim_cas, self.claim_refs, self.claim_dates
        self.amounts, self.quantities = self.claim_amounts, self.claim_quantities

    def _close_claim(self) -> None:
        parts = self.claim
        if parts is None:
            return
        if self.service is not None:
            self._close_service()
        self.claim = None
        if len(parts) < 12:
            parts += [""] * (12 - len(parts))
        claim = ClaimPayment(
            self.claims, self.claim_at, parts[1], parts[2], CENTS[parts[3]], CENTS[parts[4]],
            optional_cents(parts[5]), parts[6], parts[7], parts[8], parts[9], parts[11],
            tuple(self.claim_cas), tuple(self.services), tuple(self.names), tuple(self.claim_refs),
            tuple(self.claim_dates), tuple(self.claim_amounts), tuple(self.claim_quantities),
            tuple(self.claim_remarks),
        )  # fmt: skip
        self.ready.append(claim)

    def _cas(self, parts: list[str], number: int) -> None:
        if len(parts) == 4:
            self._in_claim().cas.append(Adjustment(parts[1], parts[2], CENTS[parts[3]]))
            return
        self._in_claim()
        parts += [""] * 3
        for at in range(2, len(parts) - 3, 3):
            if parts[at] or parts[at + 1]:
                self.cas.append(Adjustment(parts[1], parts[at], cents(parts[at + 1]), parts[at + 2]))

    def _in_claim(self) -> "_Reading":
        if self.claim is None:
            raise Unreadable("x12_outside_claim", "A claim's segment stands before the first CLP.")
        return self

    def _nm1(self, parts: list[str], number: int) -> None:
        if self.claim is not None:
            if len(parts) < 10:
                parts += [""] * (10 - len(parts))
            self.names.append(Name(parts[1], parts[2], parts[3], parts[4], parts[5], parts[8], parts[9]))

    def _mia(self, parts: list[str], number: int) -> None:
        self._in_claim().claim_remarks.extend(code for code in (parts[5:6] + parts[20:24]) if code)

    def _moa(self, parts: list[str], number: int) -> None:
        self._in_claim().claim_remarks.extend(code for code in parts[3:8] if code)

    def _dtm(self, parts: list[str], number: int) -> None:
        if self.claim is not None:
            self.dates.append(Dated(parts[1], parts[2], DAYS[parts[2]]))
        elif parts[1] == "405":
            self.production = parts[2]

    def _ref(self, parts: list[str], number: int) -> None:
        reference = Reference(parts[1], parts[2])
        if self.claim is not None:
            self.refs.append(reference)
        else:
            self.party_references[self.party].append(reference)

    def _amt(self, parts: list[str], number: int) -> None:
        self._in_claim().amounts.append(Amount(parts[1], CENTS[parts[2]]))

    def _qty(self, parts: list[str], number: int) -> None:
        self._in_claim().quantities.append(Reference(parts[1], parts[2]))

    # --- line -----------------------------------------------------------------------------------------------------

    def _new_service(self) -> None:
        self.cas, self.refs, self.dates = [], [], []
        self.amounts, self.quantities, self.remarks = [], [], []

    def _svc(self, parts: list[str], number: int) -> None:
        if self.service is not None:
            self._close_service()
        elif self.claim is None:
            self._in_claim()
        self.service, self.service_at = parts, number - self.st_start + 1
        self._new_service()

    def _close_service(self) -> None:
        parts = self.service
        assert parts is not None
        self.service = None
        if len(parts) < 8:
            parts += [""] * (8 - len(parts))
        codes = parts[1].split(self.component)
        refs = tuple(self.refs)
        control = ""
        for reference in refs:
            if reference[0] == "6R":
                control = reference[1]
                break
        service = ServicePayment(
            len(self.services) + 1, self.service_at, codes[0], codes[1] if len(codes) > 1 else "",
            tuple(code for code in codes[2:6] if code) if len(codes) > 2 else (), CENTS[parts[2]],
            optional_cents(parts[3]), parts[4], parts[5], parts[6], parts[7], control, tuple(self.cas),
            refs, tuple(self.dates), tuple(self.amounts), tuple(self.quantities), tuple(self.remarks),
        )  # fmt: skip
        self.services.append(service)

    def _lq(self, parts: list[str], number: int) -> None:
        if self.service is not None:
            self.remarks.append(parts[2])
        else:
            self._in_claim().claim_remarks.append(parts[2])

    # --- provider level -------------------------------------------------------------------------------------------

    def _plb(self, parts: list[str], number: int) -> None:
        self._close_header()
        self._close_claim()
        position = number - self.st_start + 1
        parts += [""]
        for at in range(3, len(parts) - 1, 2):
            if parts[at] or parts[at + 1]:
                reason, _, reference = parts[at].partition(self.component)
                amount = cents(parts[at + 1])
                self.plb.append(ProviderAdjustment(parts[1], parts[2], reason, reference, amount, position))
