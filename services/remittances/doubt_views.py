"""What pages and programs see of what is doubtful or waits: candidates, lines to pick, provider-level balances, broken equations."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.remittances.views import ProofFinding


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sent claim that an unmatched CLP may be about, with why it is proposed."""

    claim_id: UUID
    reference: str
    claim_number: str
    payer_name: str
    service_from: date
    charge_cents: int
    status_label: str
    tone: str
    reasons: list[str]
    confidence: int


@dataclass(frozen=True, slots=True)
class ProviderBalance:
    """A balance at provider level. `cents` below zero: money of the payer that we hold; above: what it took without a
    claim's reversal. `nature` final: it ended with its payment and is owed by nobody."""

    id: UUID
    payee: str
    payer: str
    payer_name: str
    nature: str
    reference: str
    cents: int
    claim_id: UUID | None
    claim_reference: str
    tied_by: str
    moved_at: datetime

    @property
    def standing(self) -> tuple[str, str]:
        """(word, tone) of where it stands."""
        if self.nature == "final":
            return "Final", "neutral"
        if not self.cents:
            return "Settled", "ok"
        if not self.tied_by:
            return "No claim", "bad"
        return ("We owe", "warn") if self.cents < 0 else ("Taken back", "info")


@dataclass(frozen=True, slots=True)
class ProviderMovement:
    """One movement of a balance and the remittance that made it."""

    at: datetime
    cents: int
    words: str
    remittance_id: UUID | None
    trace: str
    payment_date: date | None


@dataclass(frozen=True, slots=True)
class ProviderBalanceView:
    """A balance with its movements and, while nothing explains it, the claims that may."""

    line: ProviderBalance
    movements: list[ProviderMovement]
    candidates: list[Candidate]

    @property
    def id(self) -> UUID:
        """The balance's id."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class BrokenEquation:
    """An equation that does not hold, with the segment of the file that it stands on, byte for byte.

    `offset` counts bytes from the beginning of the file; `around` are the segments before and behind.
    """

    finding: ProofFinding
    offset: int
    segment: str
    around: list[str]


@dataclass(frozen=True, slots=True)
class LineCandidate:
    """A line of the claim that a service may answer."""

    number: int
    procedure: str
    modifiers: list[str]
    charge_cents: int
    service_from: date | None
    confidence: int
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class DoubtfulService:
    """A service of a remittance and the lines it may answer, likeliest first; `claim_line` is what stands now."""

    ordinal: int
    procedure: str
    modifiers: list[str]
    revenue_code: str
    service_from: date | None
    charge_cents: int
    paid_cents: int
    claim_line: int | None
    matched_by_label: str
    match_confidence: int
    candidates: list[LineCandidate]


@dataclass(frozen=True, slots=True)
class LinesView:
    """The services of one CLP; `claim_id` None: it belongs to no claim yet."""

    remittance_claim_id: UUID
    remittance_id: UUID
    trace: str
    claim_id: UUID | None
    reference: str
    services: list[DoubtfulService]

    @property
    def id(self) -> UUID:
        """The remittance claim's id."""
        return self.remittance_claim_id
