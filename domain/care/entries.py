"""Time entries as the minute engine sees them: rows that are never changed, only superseded by later rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil, floor
from typing import Protocol
from uuid import UUID


class Programme(StrEnum):
    """What a patient is enrolled in. Values are stored: never rename one."""

    CCM = "ccm"  # chronic care management
    PCM = "pcm"  # principal care management
    APCM = "apcm"  # advanced primary care management: no minutes


class Credential(StrEnum):
    """What the person was when the time was spent. Values are stored: never rename one."""

    PRACTITIONER = "practitioner"  # physician or other qualified health professional
    CLINICAL = "clinical"  # clinical staff under general supervision
    OTHER = "other"  # anybody else: never counts


@dataclass(frozen=True, slots=True)
class Entry:
    """Seconds that one person spent on one patient: from `starts` up to but without `ends`, in whole epoch seconds.

    A row with `supersedes` takes the place of that row; with `void` it brings no time of its own. Time that waits for
    an approval has `approved` false.
    """

    id: UUID
    staff_id: UUID
    programme: Programme
    credential: Credential
    starts: int
    ends: int
    supersedes: UUID | None = None
    void: bool = False
    approved: bool = True


def whole_seconds(started: datetime, stopped: datetime) -> tuple[int, int]:
    """The whole seconds that lie within two aware moments: a begun second never counts (1199.5 s are 1199)."""
    starts = ceil(started.timestamp())
    return starts, max(starts, floor(stopped.timestamp()))


class Claimed(Protocol):
    """Seconds that a person says to have worked: time on a patient, or other working time."""

    @property
    def id(self) -> UUID: ...
    @property
    def staff_id(self) -> UUID: ...
    @property
    def starts(self) -> int: ...
    @property
    def ends(self) -> int: ...
    @property
    def supersedes(self) -> UUID | None: ...
    @property
    def void(self) -> bool: ...


def superseded(entries: Iterable[Claimed]) -> frozenset[UUID]:
    """The rows that a later row stands in for. Voiding a correction does not bring back what it corrected."""
    return frozenset(entry.supersedes for entry in entries if entry.supersedes is not None)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One person's two entries that claim the same seconds: nobody works twice at once."""

    first: UUID
    second: UUID
    starts: int
    ends: int


def conflicts(entries: Iterable[Claimed]) -> list[Conflict]:
    """The seconds that a person has entered twice, whatever the patients; entries in force only, in order of time."""
    rows = list(entries)
    gone = superseded(rows)
    valid = [one for one in rows if not one.void and one.id not in gone and one.ends > one.starts]
    valid.sort(key=lambda one: (one.staff_id, one.starts, one.ends, one.id))
    found: list[Conflict] = []
    open_ones: list[Claimed] = []
    for entry in valid:
        open_ones = [one for one in open_ones if one.staff_id == entry.staff_id and one.ends > entry.starts]
        found += [Conflict(one.id, entry.id, entry.starts, min(one.ends, entry.ends)) for one in open_ones]
        open_ones.append(entry)
    return found
