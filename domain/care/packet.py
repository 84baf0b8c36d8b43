"""The evidence packet of one patient's month: everything an auditor needs to replay its minutes, and no note of anybody.

The facts travel inside the PDF as `packet.json`; their SHA-256 stands at the foot of every page.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.care.codes import CodeTable, TimedCode, Track
from domain.care.counting import Why
from domain.care.month import Month
from domain.care.words import clock

CONTENT = "packet.json"
"""The name of the facts inside the PDF."""


@dataclass(frozen=True, slots=True)
class PacketPractice:
    """The practice on whose behalf care is coordinated; its months begin at midnight of its zone (IANA)."""

    client_id: UUID
    name: str
    npi: str
    zone: str


@dataclass(frozen=True, slots=True)
class PacketPatient:
    """The patient (PHI)."""

    id: UUID
    name: str
    account_number: str
    birth_date: date | None
    payer: str = ""
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class PacketConsent:
    """A consent: what the patient was told, who gave it, how and when, and who recorded it. Its own words stay out."""

    on: date | None
    how: str
    given_by: str
    told: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PacketProgramme:
    """A programme in which the patient was during the month, with the practitioner of record and its consent."""

    enrolment_id: UUID
    programme: str
    practitioner: str
    practitioner_npi: str
    coordinator: str
    conditions: int
    complex_decisions: bool
    consented_on: date
    ends_on: date | None
    consent: PacketConsent | None = None
    revoked: PacketConsent | None = None


@dataclass(frozen=True, slots=True)
class PacketClaim:
    """The codes of the month that one practitioner bills, on a claim of their own."""

    programme: str
    practitioner: str
    practitioner_npi: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PacketPlan:
    """The care plan in force at the month's end: its version, and each element with whether the plan has it. `in_force_on`
    is told only where it holds from a day before it was stored."""

    enrolment_id: UUID
    version: int
    stored_on: date
    review_on: date | None
    complete: bool
    diagnoses: tuple[str, ...]
    elements: tuple[tuple[str, bool], ...] = ()
    in_force_on: date | None = None


@dataclass(frozen=True, slots=True)
class PacketPiece:
    """Seconds of an entry with one fate: from `starts` up to but without `ends`; `by` is the entry counted instead."""

    starts: int
    ends: int
    why: Why
    by: UUID | None = None

    @property
    def seconds(self) -> int:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class PacketEntry:
    """A time entry, with what the person was at that time. `recorded` is when it was written down."""

    id: UUID
    enrolment_id: UUID
    staff_id: UUID
    staff: str
    credential: str
    activity: str
    source: str
    starts: int
    ends: int
    recorded: datetime
    supersedes: UUID | None
    void: bool
    approved_by: str
    pieces: tuple[PacketPiece, ...]

    @property
    def counted(self) -> int:
        """Seconds that count."""
        return sum(one.seconds for one in self.pieces if one.why is Why.COUNTED)


@dataclass(frozen=True, slots=True)
class PacketLine:
    """A code that the month allows: the seconds its units need, and its rule in words."""

    code: str
    units: int
    served_on: date
    needed_seconds: int
    rule: str


@dataclass(frozen=True, slots=True)
class PacketFinding:
    """What an edit found; `blocks`: nothing was billed because of it."""

    edit: str
    message: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class PacketBefore:
    """The packet that this one takes the place of, with the SHA-256 of its bytes in hex."""

    document_id: UUID
    sha256: str
    kept_at: datetime


@dataclass(frozen=True)
class PacketFacts:
    """All of it. Times are aware UTC or epoch seconds; `counted` is by programme. `claims` are told only where the month
    makes more than one: every other packet stays as it was before that could be."""

    tenant: str
    practice: PacketPractice
    patient: PacketPatient
    month: date
    programmes: tuple[PacketProgramme, ...]
    plans: tuple[PacketPlan, ...]
    entries: tuple[PacketEntry, ...]
    lines: tuple[PacketLine, ...]
    findings: tuple[PacketFinding, ...]
    counted: Mapping[str, int]
    table_version: str
    generated_by: str
    generated_at: datetime
    supersedes: PacketBefore | None = None
    claims: tuple[PacketClaim, ...] = ()

    @cached_property
    def content(self) -> bytes:
        """These facts as JSON: keys sorted, one spelling, so that the same facts are the same bytes."""
        return _json(self)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of `content`, in hex."""
        return sha256(self.content).hexdigest()

    @cached_property
    def substance(self) -> bytes:
        """The SHA-256 of what the packet says, whoever made it and when, and whatever it supersedes."""
        bare = replace(self, generated_by="", generated_at=datetime(1970, 1, 1, tzinfo=UTC), supersedes=None)
        return sha256(_json(bare)).digest()

    @property
    def calendar(self) -> Month:
        """The month in the practice's zone."""
        return Month(self.month.year, self.month.month, self.practice.zone)


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one person did of one kind on one day: seconds that count and seconds that do not."""

    day: date
    staff: str
    credential: str
    activity: str
    counted: int
    uncounted: int


def by_day(facts: PacketFacts) -> list[DayLine]:
    """The month by day, person, credential and activity; what lies over midnight is on both days."""
    found: dict[tuple[date, str, str, str], list[int]] = {}
    for entry in facts.entries:
        for piece in entry.pieces:
            if piece.why in (Why.OUTSIDE_MONTH, Why.SUPERSEDED):
                continue  # told with the entries: another month's time, and time that was taken back
            for day, seconds in _days(piece, facts.calendar):
                key = (day, entry.staff, entry.credential, entry.activity)
                found.setdefault(key, [0, 0])[piece.why is not Why.COUNTED] += seconds
    return [DayLine(*key, *both) for key, both in sorted(found.items())]


def uncounted(facts: PacketFacts) -> dict[Why, int]:
    """Seconds that do not count, by reason, in the order of the reasons."""
    sums = Counter[Why]()
    for entry in facts.entries:
        for piece in entry.pieces:
            sums[piece.why] += piece.seconds
    return {why: sums[why] for why in Why if why is not Why.COUNTED and sums[why]}


def rule_of(code: str, table: CodeTable) -> str:
    """What a code asks for, in words; empty for a code that the table does not know."""
    for row in table.timed:
        if row.code == code:
            whose = "clinical staff" if row.track is Track.STAFF else "the practitioner personally"
            harder = ", decisions of moderate or high complexity" if row.complex else ""
            return f"at least {clock(row.base_seconds)} of {whose}{harder}"
        if row.add_on == code:
            return f"each full {clock(row.add_on_seconds)} beyond {clock(row.base_seconds)}{_most(row)}"
    return "once a calendar month, no minutes" if any(row.code == code for row in table.monthly) else ""


def _most(row: TimedCode) -> str:
    return "" if row.cap is None else f", at most {row.cap}"


def _days(piece: PacketPiece, month: Month) -> Iterable[tuple[date, int]]:
    """A piece day by day, cut at local midnight."""
    at = piece.starts
    while at < piece.ends:
        day = month.day_of(at)
        until = min(piece.ends, month.midnight(date.fromordinal(day.toordinal() + 1)))
        yield day, until - at
        at = until


def _json(facts: PacketFacts) -> bytes:
    told = asdict(facts)
    if not facts.claims:
        del told["claims"]
    for plan in told["plans"]:
        if plan["in_force_on"] is None:
            del plan["in_force_on"]
    return json.dumps(told, sort_keys=True, ensure_ascii=False, indent=1, default=_text).encode()


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
