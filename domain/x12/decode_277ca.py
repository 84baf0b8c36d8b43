"""277CA claim acknowledgments (005010X214): who says what about a batch, a claim and a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from domain.x12.envelope import TransactionSet, transaction_sets
from domain.x12.reader import Segment
from domain.x12.values import day, day_range, optional_cents

REJECTED = frozenset({"A3", "A6", "A7", "A8"})
VERDICTS = {"A1": "received", "A2": "accepted", "A4": "not_found", "A5": "split"} | dict.fromkeys(
    REJECTED, "rejected"
)
# A later or worse answer overrides: rejected above all, acceptance above mere receipt.
_WEIGHT = {"rejected": 5, "not_found": 4, "accepted": 3, "split": 2, "received": 1, "": 0}


@dataclass(frozen=True, slots=True)
class Status:
    """One STC composite with its segment's date, action (WQ or U) and amount in cents; `entity` is STC01-3."""

    category: str
    code: str
    entity: str
    effective: date | None
    action: str
    amount_cents: int
    message: str = ""

    @property
    def verdict(self) -> str:
        """received, accepted, rejected, not_found, split, or "" for a category that is none of a 277CA's."""
        if self.action == "U" and self.category not in ("A4", "A5"):
            return "rejected"
        return VERDICTS.get(self.category, "")


def worst(statuses: Iterable[Status]) -> str:
    """The verdict that counts among several; "" when there is none."""
    return max((status.verdict for status in statuses), key=_WEIGHT.__getitem__, default="")


@dataclass(frozen=True, slots=True)
class Sender:
    """The information source of HL 20: `entity` AY is a clearinghouse, PR a payer."""

    entity: str
    name: str
    identifier: str

    @property
    def is_payer(self) -> bool:
        return self.entity == "PR"


@dataclass(frozen=True, slots=True)
class LineStatus:
    """Loop 2220D: one service line; `control_number` is REF*FJ, the REF*6R that was sent."""

    procedure: str
    charge_cents: int
    units: str
    control_number: str
    statuses: tuple[Status, ...]
    service_from: date | None
    service_to: date | None

    @property
    def verdict(self) -> str:
        return worst(self.statuses)


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """Loop 2200D: what the sender says of one claim. `claim_number` is TRN02, exactly the CLM01 that was sent."""

    claim_number: str
    payer_claim_control_number: str
    clearinghouse_trace: str
    bill_type: str
    provider_npi: str
    statuses: tuple[Status, ...]
    lines: tuple[LineStatus, ...]
    service_from: date | None
    service_to: date | None

    @property
    def verdict(self) -> str:
        """The claim's verdict; one rejected line rejects the claim."""
        return worst([*self.statuses, *(status for line in self.lines for status in line.statuses)])


@dataclass(frozen=True, slots=True)
class LevelStatus:
    """Loop 2200B (receiver, level 21) or 2200C (provider, level 19): a verdict on all that was sent, or on all of one
    billing provider. Counts and cents as sent, else None."""

    level: str
    trace: str
    statuses: tuple[Status, ...]
    accepted_count: int | None
    rejected_count: int | None
    accepted_cents: int | None
    rejected_cents: int | None
    provider_npi: str = ""

    @property
    def verdict(self) -> str:
        return worst(self.statuses)


@dataclass(frozen=True, slots=True)
class ClaimAcknowledgment:
    """One ST of a 277CA. `batch_trace` is 2200B TRN02: the BHT03 of the 837 that is answered."""

    reference: str
    sender: Sender
    receiver_id: str
    batch_trace: str
    levels: tuple[LevelStatus, ...]
    claims: tuple[ClaimStatus, ...]

    @property
    def batch_verdict(self) -> str:
        return worst(status for level in self.levels if level.level == "21" for status in level.statuses)


def read_277ca(data: bytes | Iterable[bytes]) -> tuple[ClaimAcknowledgment, ...]:
    """Every 277CA of the file. Raises Unreadable when the bytes are not X12 or an amount is not a number."""
    # X212 answers a status request and is no acknowledgment, although it is a 277 too.
    found = (one for one in transaction_sets(data, "277") if "X212" not in one.version)
    return tuple(_Reading(one).read() for one in found)


@dataclass(slots=True)
class _Open:
    """The loop 2200 or 2220 being read."""

    level: str
    trace: str = ""
    statuses: list[Status] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int | None] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    dates: tuple[date | None, date | None] = (None, None)
    lines: list["_Open"] = field(default_factory=list)
    service: Segment | None = None


class _Reading:
    def __init__(self, found: TransactionSet) -> None:
        self.found = found
        self.reference = self.receiver_id = self.provider_npi = self.level = ""
        self.sender = Sender("", "", "")
        self.levels: list[LevelStatus] = []
        self.claims: list[ClaimStatus] = []
        self.open: _Open | None = None

    def read(self) -> ClaimAcknowledgment:
        for segment in self.found.body:
            self._take(segment)
        self._close()
        trace = next((level.trace for level in self.levels if level.level == "21"), "")
        return ClaimAcknowledgment(
            self.reference, self.sender, self.receiver_id, trace, tuple(self.levels), tuple(self.claims)
        )

    def _take(self, segment: Segment) -> None:
        match segment.id:
            case "BHT":
                self.reference = segment.get(3)
            case "HL":
                self._close()
                # Some payers leave HL02 out and put the level one element early; the code itself tells.
                self.level = segment.get(3)
            case "NM1":
                self._name(segment)
            case "TRN":
                self._close()
                self.open = _Open(self.level, segment.get(2))
            case "STC" if self.open is None and self.level in ("21", "19"):
                # The trace of a provider's loop is situational; its verdict counts without one.
                self.open = _Open(self.level)
                self._detail(segment)
            case _ if self.open is not None:
                self._detail(segment)

    def _name(self, segment: Segment) -> None:
        self._close()
        match self.level:
            case "20":
                self.sender = Sender(segment.get(1), segment.get(3), segment.get(9))
            case "21":
                self.receiver_id = segment.get(9)
            case "19":
                self.provider_npi = segment.get(9)

    def _detail(self, segment: Segment) -> None:
        assert self.open is not None
        here = self.open.lines[-1] if self.open.lines else self.open
        match segment.id:
            case "STC":
                here.statuses.extend(_statuses(segment))
            case "REF":
                here.references.setdefault(segment.get(1), segment.get(2))
            case "QTY":
                text = segment.get(2)
                here.counts[segment.get(1)] = (
                    int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
                )
            case "AMT":
                here.amounts[segment.get(1)] = optional_cents(segment.get(2))
            case "DTP" if segment.get(1) == "472":
                here.dates = day_range(segment.get(2), segment.get(3))
            case "SVC":
                self.open.lines.append(_Open("line", service=segment))

    def _close(self) -> None:
        here, self.open = self.open, None
        if here is None or here.level == "20":
            return
        if here.level in ("21", "19"):
            self.levels.append(_level(here, self.provider_npi if here.level == "19" else ""))
        else:
            self.claims.append(_claim(here, self.provider_npi))


def _level(here: _Open, provider_npi: str) -> LevelStatus:
    return LevelStatus(
        here.level, here.trace, tuple(here.statuses),
        here.counts.get("90", here.counts.get("QA")), here.counts.get("AA", here.counts.get("QC")),
        here.amounts.get("YU"), here.amounts.get("YY"), provider_npi,
    )  # fmt: skip


def _claim(here: _Open, provider_npi: str) -> ClaimStatus:
    return ClaimStatus(
        here.trace, here.references.get("1K", ""), here.references.get("D9", ""), here.references.get("BLT", ""),
        provider_npi, tuple(here.statuses), tuple(_line(line) for line in here.lines), *here.dates,
    )  # fmt: skip


def _line(here: _Open) -> LineStatus:
    assert here.service is not None
    composite = here.service.get(1).split(here.service.delimiters.component)
    procedure = composite[1] if len(composite) > 1 else ""
    charge, units = optional_cents(here.service.get(2)), here.service.get(7)
    control = here.references.get("FJ", "")
    return LineStatus(procedure, charge, units, control, tuple(here.statuses), *here.dates)


def _statuses(segment: Segment) -> Iterator[Status]:
    """STC01, STC10 and STC11 of one segment; they share its date, action and amount."""
    effective, action = day(segment.get(2)), segment.get(3)
    amount, message = optional_cents(segment.get(4)), segment.get(12)
    for position in (1, 10, 11):
        category, code, entity = ([*segment.get(position).split(segment.delimiters.component), "", "", ""])[
            :3
        ]
        if category:
            yield Status(category, code, entity, effective, action, amount, message)
