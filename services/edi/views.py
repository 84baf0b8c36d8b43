"""What pages and programs see of files and batches."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.x12.check import Finding
from domain.x12.show import OutlineLine
from domain.x12.view import LoopPlace

KIND_LABELS = {
    "837P": "Professional claims",
    "837I": "Institutional claims",
    "TA1": "Interchange acknowledgement",
    "999": "Syntax acknowledgement",
    "277CA": "Claim acknowledgement",
    "835": "Remittance",
    "unknown": "Not recognised",
}
# Status: the word shown for a file that came in, for one that goes out, and the tone.
_FILE_STATUS = {
    "stored": ("Waiting", "Ready to send", "info"),
    "sent": ("Sent", "Sent", "ok"),
    "applied": ("Applied", "Applied", "ok"),
    "duplicate": ("Duplicate", "Duplicate", "neutral"),
    "quarantined": ("Quarantined", "Quarantined", "bad"),
    "unreadable": ("Unreadable", "Unreadable", "bad"),
    "rejected": ("Rejected", "Rejected", "bad"),
}
_BATCH_STATUS = {
    "gathered": ("Gathered", "info"),
    "encoded": ("Ready to send", "info"),
    "sent": ("Sent", "info"),
    "accepted": ("Accepted", "ok"),
    "partially_accepted": ("Partly accepted", "warn"),
    "rejected": ("Rejected", "bad"),
    "failed": ("Not sent", "bad"),
}
_VERDICTS = {
    "accepted": ("Accepted", "ok"),
    "received": ("Received", "info"),
    "split": ("Split", "info"),
    "rejected": ("Rejected", "bad"),
    "not_found": ("Not found", "bad"),
}
SENDERS = {"translator": "Translator", "clearinghouse": "Clearinghouse", "payer": "Payer"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A row of the list of files. `direction` is in or out, `deliveries` how often the same bytes came."""

    id: UUID
    direction: str
    kind: str
    kind_label: str
    name: str
    status: str
    status_label: str
    tone: str
    reason: str
    size: int
    connection_id: UUID | None
    connection_name: str
    batch_id: UUID | None
    deliveries: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file opened (PHI): the segments from `first` on, of `total`. `loops` are places to jump to, `hits` the segments
    that hold what was searched. `checked` is false while a large file waits to be asked; `notes` say what is left out,
    and why the file cannot be read if it cannot.
    """

    line: FileLine
    text: str
    outline: list[OutlineLine]
    findings: list[Finding]
    notes: list[str] = field(default_factory=list)
    first: int = 1
    total: int = 0
    loops: list[LoopPlace] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    more_hits: bool = False
    checked: bool = True


@dataclass(frozen=True, slots=True)
class FileBody:
    """A file's bytes as they travelled (PHI), for a download."""

    id: UUID
    name: str
    body: bytes
    media_type: str = "application/edi-x12"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A row of the list of batches. `reference` is BHT03; `rejected_count` counts claims that any partner rejected."""

    id: UUID
    reference: str
    connection_id: UUID
    connection_name: str
    file_id: UUID | None
    file_name: str
    status: str
    status_label: str
    tone: str
    interchange_number: int
    group_number: int
    claim_count: int
    rejected_count: int
    charge_cents: int
    created_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class AckView:
    """One partner's word on a claim of a batch. `errors` are the segments that a 999 complains of."""

    at: datetime
    kind: str
    sender: str
    sender_label: str
    verdict: str
    verdict_label: str
    tone: str
    category: str
    status_code: str
    payer_claim_control_number: str
    file_id: UUID
    errors: list[str]


@dataclass(frozen=True, slots=True)
class BatchClaim:
    """A claim as it travelled: which version, under which number, and between which segments of its set."""

    claim_id: UUID
    reference: str
    version: int
    claim_number: str
    charge_cents: int
    status: str
    status_label: str
    tone: str
    set_number: str
    first_segment: int
    last_segment: int
    acknowledgements: list[AckView]


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with a page of its claims; `next` is the cursor of the following page."""

    line: BatchLine
    claims: list[BatchClaim]
    next: str | None = None

    @property
    def id(self) -> UUID:
        """The batch's id."""
        return self.line.id


def file_status(status: str, direction: str) -> tuple[str, str]:
    """(word, tone) of a file's status."""
    incoming, outgoing, tone = _FILE_STATUS[status]
    return (outgoing if direction == "out" else incoming), tone


def batch_status(status: str) -> tuple[str, str]:
    """(word, tone) of a batch's status."""
    return _BATCH_STATUS[status]


def verdict(word: str) -> tuple[str, str]:
    """(word, tone) of an acknowledgement's verdict."""
    return _VERDICTS.get(word, (word.capitalize(), "neutral"))
