"""Which seconds count, for which programme, and why each other second does not.

A second counts once for a patient, however many people worked on it, and for one programme only. Every second of every
entry is in exactly one piece, so that the answer explains itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from domain.care.entries import Credential, Entry, Programme, superseded
from domain.care.month import Month


class Why(StrEnum):
    """Why a stretch of an entry counts or does not. Values are stored in evidence: never rename one."""

    COUNTED = "counted"
    SAME_SECOND = "same_second"  # another entry of the same programme has counted this second
    OTHER_PROGRAMME = "other_programme"  # another programme has counted this second
    OTHER_TRACK = "other_track"  # staff time beside a code for the practitioner's own time
    NOT_CLINICAL = "not_clinical"
    OUTSIDE_MONTH = "outside_month"
    NOT_ENROLLED = "not_enrolled"
    SUPERSEDED = "superseded"
    NOT_APPROVED = "not_approved"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one entry with one fate. `by` is the entry that counted these seconds instead."""

    entry_id: UUID
    starts: int
    ends: int
    why: Why
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds that count for one programme, with who worked in them."""

    starts: int
    ends: int
    programme: Programme
    staff: bool
    practitioner: bool

    @property
    def seconds(self) -> int:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Seconds in which a patient is in a programme, consent given: from `starts` up to but without `ends`. The
    practitioner is the one of record there."""

    programme: Programme
    starts: int
    ends: int
    practitioner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What of a patient's month counts: `stretches` in order of time, and the fate of every second in `pieces`."""

    stretches: tuple[Stretch, ...]
    pieces: tuple[Piece, ...]

    def of(self, programme: Programme) -> list[Stretch]:
        """The stretches of one programme."""
        return [one for one in self.stretches if one.programme == programme]

    @property
    def seconds(self) -> int:
        """Counted seconds of all programmes together."""
        return sum(one.seconds for one in self.stretches)


# The programme that takes a second which two programmes claim.
PRECEDENCE = (Programme.CCM, Programme.PCM, Programme.APCM)
_RANK = {programme: rank for rank, programme in enumerate(PRECEDENCE)}


def count(entries: Iterable[Entry], month: Month, enrolled: Sequence[Enrolled]) -> Count:
    """The counted seconds of one patient in one month. The order of `entries` does not matter."""
    rows = sorted(entries, key=lambda entry: (entry.starts, entry.ends, entry.id))
    gone = superseded(rows)
    windows = _windows(enrolled)
    pieces: list[Piece] = []
    eligible: list[Entry] = []
    for entry in rows:
        if entry.void or entry.ends <= entry.starts:
            continue
        if (why := _refused(entry, gone)) is not None:
            pieces.append(Piece(entry.id, entry.starts, entry.ends, why))
        else:
            eligible += _clipped(entry, month, windows.get(entry.programme, ()), pieces)
    eligible.sort(key=lambda entry: (entry.starts, entry.ends, entry.id))
    stretches: list[Stretch] = []
    for cluster in _clusters(eligible):
        _spread(cluster, stretches, pieces)
    return Count(tuple(stretches), tuple(_joined(pieces)))


def _refused(entry: Entry, gone: frozenset[UUID]) -> Why | None:
    """Why none of an entry's seconds can count."""
    if entry.id in gone:
        return Why.SUPERSEDED
    if not entry.approved:
        return Why.NOT_APPROVED
    return Why.NOT_CLINICAL if entry.credential == Credential.OTHER else None


def _clipped(
    entry: Entry, month: Month, windows: Sequence[tuple[int, int]], pieces: list[Piece]
) -> list[Entry]:
    """What of an entry lies in the month and in its programme's windows; the rest becomes pieces."""
    begins, ends = month.window
    for starts, stops in windows:  # nearly all lie whole in both
        if max(starts, begins) <= entry.starts and entry.ends <= min(stops, ends):
            return [entry]
    inside = max(entry.starts, begins), min(entry.ends, ends)
    if inside[0] >= inside[1]:
        pieces.append(Piece(entry.id, entry.starts, entry.ends, Why.OUTSIDE_MONTH))
        return []
    _leave_out(entry, entry.starts, inside[0], Why.OUTSIDE_MONTH, pieces)
    _leave_out(entry, inside[1], entry.ends, Why.OUTSIDE_MONTH, pieces)
    kept, at = [], inside[0]
    for starts, stops in windows:
        start, stop = max(starts, at), min(stops, inside[1])
        if start < stop:
            _leave_out(entry, at, start, Why.NOT_ENROLLED, pieces)
            whole = (start, stop) == (entry.starts, entry.ends)
            kept.append(entry if whole else replace(entry, starts=start, ends=stop))
            at = stop
    _leave_out(entry, at, inside[1], Why.NOT_ENROLLED, pieces)
    return kept


def _windows(enrolled: Sequence[Enrolled]) -> dict[Programme, list[tuple[int, int]]]:
    """When the patient is in each programme, in order of time."""
    found: dict[Programme, list[tuple[int, int]]] = {}
    for one in enrolled:
        found.setdefault(one.programme, []).append((one.starts, one.ends))
    for windows in found.values():
        windows.sort()
    return found


def _leave_out(entry: Entry, starts: int, ends: int, why: Why, pieces: list[Piece]) -> None:
    if starts < ends:
        pieces.append(Piece(entry.id, starts, ends, why))


def _clusters(rows: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries that touch each other in time, cluster by cluster."""
    cluster: list[Entry] = []
    until = 0
    for entry in rows:
        if cluster and entry.starts >= until:
            yield cluster
            cluster = []
        until = max(until, entry.ends) if cluster else entry.ends
        cluster.append(entry)
    if cluster:
        yield cluster


def _spread(cluster: Sequence[Entry], stretches: list[Stretch], pieces: list[Piece]) -> None:
    """Give each second of a cluster to one entry and tell the others which."""
    if len(cluster) == 1:  # as almost all are: there is nobody to share with
        [alone] = cluster
        who = alone.credential
        stretches.append(
            Stretch(
                alone.starts,
                alone.ends,
                alone.programme,
                who is Credential.CLINICAL,
                who is Credential.PRACTITIONER,
            )
        )
        pieces.append(Piece(alone.id, alone.starts, alone.ends, Why.COUNTED))
        return
    moments = sorted({moment for entry in cluster for moment in (entry.starts, entry.ends)})
    active: list[Entry] = []
    waiting = list(reversed(cluster))
    for starts, ends in pairwise(moments):
        active = [entry for entry in active if entry.ends > starts]
        while waiting and waiting[-1].starts <= starts:
            active.append(waiting.pop())
        counted = min(active, key=lambda entry: (_RANK[entry.programme], entry.starts, entry.id))
        stretches.append(_stretch(starts, ends, counted.programme, active))
        pieces += [_piece(entry, starts, ends, counted) for entry in active]


def _stretch(starts: int, ends: int, programme: Programme, active: Sequence[Entry]) -> Stretch:
    credentials = {entry.credential for entry in active if entry.programme == programme}
    return Stretch(
        starts,
        ends,
        programme,
        Credential.CLINICAL in credentials,
        Credential.PRACTITIONER in credentials,
    )


def _piece(entry: Entry, starts: int, ends: int, counted: Entry) -> Piece:
    if entry.id == counted.id:
        return Piece(entry.id, starts, ends, Why.COUNTED)
    same = entry.programme == counted.programme
    return Piece(entry.id, starts, ends, Why.SAME_SECOND if same else Why.OTHER_PROGRAMME, counted.id)


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces in order of entry and time, those that go on alike as one."""
    pieces.sort(key=lambda piece: (piece.entry_id.int, piece.starts))
    last: Piece | None = None
    for piece in pieces:
        if last and (last.entry_id, last.ends, last.why, last.by) == (
            piece.entry_id,
            piece.starts,
            piece.why,
            piece.by,
        ):
            last = replace(last, ends=piece.ends)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
