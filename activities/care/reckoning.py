"""Months as the minute engine sees them: what is stored of patients, made into what it reckons with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from database.care_codes import code_table
from database.care_reads import Practice, entries_of
from database.session import Session
from domain.care.codes import CodeTable, apcm_level
from domain.care.counting import Enrolled
from domain.care.edits import Billed
from domain.care.entries import Programme
from domain.care.minutes import PatientMonth, Reckoning, Settings, reckon
from domain.care.month import Month

# Whoever gave consent may have withdrawn it since: their time before still counts.
_ENROLMENTS = """
SELECT patient_id, programme, practitioner_id, conditions, complex_decisions, qmb, consented_on, ends_on
FROM care_enrolments WHERE tenant_id = current_tenant() AND patient_id = ANY($1) AND consented_on IS NOT NULL
    AND consented_on <= $3 AND (ends_on IS NULL OR ends_on >= $2) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class MonthKey:
    """A practice's month."""

    practice: Practice
    month: Month


def month_at(practice: Practice, day: date) -> MonthKey:
    """The month in which a day lies at a practice."""
    return MonthKey(practice, Month(day.year, day.month, practice.zone))


async def reckoned(
    session: Session,
    patient_ids: Sequence[UUID],
    key: MonthKey,
    earlier: Mapping[UUID, tuple[Billed, ...]] | None = None,
    table: CodeTable | None = None,
) -> Mapping[UUID, Reckoning]:
    """The month of each patient of one practice, in a fixed number of queries however many they are. `earlier` is what was
    billed of the month already, which the hard edits hold against it; `table` the codes of the month, where they are known."""
    month, wanted = key.month, settings_of(key)
    of = await consented(session, patient_ids, month)
    entries = await entries_of(session, patient_ids, month.window)
    billed, codes = earlier or {}, table or await code_table(session, month.first)
    return {
        one: reckon(entries[one], _about(of[one], month, billed.get(one, ())), codes, wanted) for one in of
    }


async def consented(session: Session, patient_ids: Sequence[UUID], month: Month) -> dict[UUID, list[Any]]:
    """The enrolments of each patient that have consent and touch the month, the earliest first."""
    of: dict[UUID, list[Any]] = {one: [] for one in patient_ids}
    for row in await session.fetch(_ENROLMENTS, list(patient_ids), month.first, month.last):
        of[row["patient_id"]].append(row)
    return of


def settings_of(key: MonthKey) -> Settings:
    """How the practice wants its months reckoned."""
    return Settings(key.practice.service_date, key.practice.practitioner_as_staff)


def _about(rows: Sequence[Any], month: Month, earlier: tuple[Billed, ...]) -> PatientMonth:
    apcm = next((row for row in rows if row["programme"] == Programme.APCM), None)
    return PatientMonth(
        month,
        tuple(enrolled(row, month) for row in rows),
        any(row["complex_decisions"] for row in rows if row["programme"] == Programme.CCM),
        apcm_level(apcm["conditions"], qmb=apcm["qmb"]) if apcm else None,
        earlier,
    )


def enrolled(row: Any, month: Month) -> Enrolled:
    """From the day of the consent, the whole day, up to the end of the last."""
    ends = row["ends_on"]
    return Enrolled(
        Programme(row["programme"]),
        month.midnight(row["consented_on"]),
        month.midnight(ends + timedelta(days=1)) if ends else month.window[1],
        row["practitioner_id"],
    )
