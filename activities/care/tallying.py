"""Months of many patients in seconds alone, for whoever looks at a whole company and bills nobody.

Most months are plain and summed where they are stored; each of the others goes through the minute engine, entry by entry.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from activities.care.reckoning import MonthKey, enrolled, settings_of
from database.care_reads import entries_of
from database.care_sums import Sums, sums_of
from database.session import Session
from domain.care.codes import CodeTable
from domain.care.entries import Credential, Programme
from domain.care.minutes import PatientMonth, Tally, Worked, tally, tally_of
from domain.care.team import spent_on

# Between portions others get their turn: an engine's month of five thousand patients is half a second.
PORTION = 250


@dataclass(frozen=True, slots=True)
class Tallies:
    """Months by patient, and their counted seconds by person and by day of the practice."""

    of: dict[UUID, Tally] = field(default_factory=dict)
    by_staff: dict[UUID, int] = field(default_factory=dict)
    by_day: dict[date, int] = field(default_factory=dict)


async def tallied(
    session: Session, key: MonthKey, codes: CodeTable, patients: Mapping[UUID, Sequence[Any]]
) -> Tallies:
    """The month of each patient of one practice as the engine counts it. Each has its rows of care_enrolments with consent
    that touch the month; `codes` are those in force on its last day."""
    sums = await sums_of(session, list(patients), key.month)
    found = Tallies(by_staff=sums.by_staff, by_day=sums.by_day)
    doubtful = {one: patients[one] for one in sums.doubtful}
    for portion in _portions(doubtful):
        await _reckon(session, key, codes, portion, found)
        await asyncio.sleep(0)
    settings = settings_of(key)
    for patient_id, rows in patients.items():
        if patient_id not in doubtful:
            programmes = {Programme(row["programme"]): None for row in rows}
            found.of[patient_id] = tally_of(_worked(sums, patient_id), programmes, codes, settings)
    return found


def _portions(patients: Mapping[UUID, Sequence[Any]]) -> Iterator[dict[UUID, Sequence[Any]]]:
    """So many patients at a time."""
    left = iter(patients.items())
    while portion := dict(islice(left, PORTION)):
        yield portion


async def _reckon(
    session: Session,
    key: MonthKey,
    codes: CodeTable,
    patients: Mapping[UUID, Sequence[Any]],
    found: Tallies,
) -> None:
    """Through the engine, added to what is found."""
    entries = await entries_of(session, list(patients), key.month.window)
    for patient_id, rows in patients.items():
        about = PatientMonth(key.month, tuple(enrolled(row, key.month) for row in rows))
        month = tally(entries[patient_id], about, codes, settings_of(key))
        found.of[patient_id] = month
        staff = {one.id: one.staff_id for one in entries[patient_id]}
        for one in spent_on(patient_id, month.pieces, staff, key.month):
            found.by_staff[one.staff_id] = found.by_staff.get(one.staff_id, 0) + one.seconds
            found.by_day[one.day] = found.by_day.get(one.day, 0) + one.seconds


def _worked(sums: Sums, patient_id: UUID) -> dict[Programme, Worked]:
    seconds = sums.by_patient.get(patient_id, {})
    return {
        programme: Worked(
            seconds.get((programme, Credential.CLINICAL), 0),
            seconds.get((programme, Credential.PRACTITIONER), 0),
        )
        for programme in {one for one, _ in seconds}
    }
