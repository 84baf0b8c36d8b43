"""Who of a roster needs minutes most, whatever the number of patients: in seconds alone, nobody's name is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.reckoning import consented, month_at
from activities.care.tallying import tallied
from database.care_codes import code_table
from database.care_reads import Practice
from database.session import Session
from domain.care.codes import CodeTable
from domain.care.entries import Programme
from domain.care.minutes import Tally
from domain.paging import decode_cursor, encode_cursor, unreadable
from services.care.scope import rosters

_ON_ROSTER = """
SELECT e.id, e.client_id, e.patient_id, e.programme, e.coordinator_id, p.account_number FROM care_enrolments e
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
WHERE e.tenant_id = current_tenant() AND e.step IN ('planning', 'active', 'ending')
    AND ($1::uuid[] IS NULL OR e.coordinator_id = ANY($1)) AND ($2::uuid IS NULL OR e.coordinator_id = $2)
"""


@dataclass(frozen=True, slots=True)
class Need:
    """A patient in a programme: seconds counted in the running month, and those missing for the nearest base code (None:
    reached, or no code by minutes). `place` is where they stand: those who lack most come first."""

    enrolment_id: UUID
    counted: int
    short: int | None
    place: tuple[int, str, str]


async def on_roster(session: Session, coordinator_id: UUID | None) -> list[Any]:
    """The rows of whoever is on the asker's roster, or on that of one coordinator whom the asker sees, without names."""
    found: list[Any] = await session.fetch(_ON_ROSTER, await rosters(session), coordinator_id)
    return found


async def by_need(session: Session, rows: Sequence[Any], practices: dict[UUID, Practice]) -> list[Need]:
    """These rows in the order of need; each practice has its own running month."""
    of_practice: dict[UUID, list[Any]] = {}
    for row in rows:
        of_practice.setdefault(row["client_id"], []).append(row)
    codes: dict[date, CodeTable] = {}
    found: list[Need] = []
    for client_id, theirs in of_practice.items():
        key = month_at(practices[client_id], practices[client_id].today)
        if key.month.last not in codes:
            codes[key.month.last] = (await code_table(session, key.month.first)).on(key.month.last)
        patients = await consented(session, list({row["patient_id"] for row in theirs}), key.month)
        months = await tallied(session, key, codes[key.month.last], patients)
        found += [_need(row, months.of[row["patient_id"]]) for row in theirs]
    return sorted(found, key=lambda one: one.place)


def _need(row: Any, month: Tally) -> Need:
    programme = Programme(row["programme"])
    short = None if programme is Programme.APCM else month.short.get(programme)
    first = 1 if short is None else -short
    place = (first, row["account_number"], str(row["id"]))
    return Need(row["id"], month.counted[programme], short, place)


def cursor_of(one: Need) -> str:
    """The page after this patient."""
    return encode_cursor(*one.place)


def place_in(cursor: str) -> tuple[int, str, str]:
    """Where a page begins; refuses what `cursor_of` has not made."""
    first, account, identifier = decode_cursor(cursor, 3)
    if not (isinstance(first, int) and isinstance(account, str) and isinstance(identifier, str)):
        raise unreadable()
    return first, account, identifier
