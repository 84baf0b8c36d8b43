"""Finding a patient by what is typed: in care, among those whom the asker looks after; or to be enrolled, among those
and whoever is not in care yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.session import Session
from policies.permissions import Permission
from services import door
from services.care.scope import ANOTHERS, ROW, must_not_be_anothers, rosters
from services.care.views import CareLine, line_of
from services.clientele.patient_rows import SELECT, full_name, matching

MOST = 12


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody of the patient's practice who may be the practitioner of record."""

    id: UUID
    name: str
    npi: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient who may be enrolled (PHI), no more of them than tells one from another."""

    id: UUID
    name: str
    birth_date: date | None
    account_number: str
    client_id: UUID
    client_name: str
    practitioners: tuple[Practitioner, ...] = ()


@door.query(Permission.CARE_VIEW, phi=True)
async def find_in_care(session: Session, text: str) -> list[CareLine]:
    """At most 12 enrolments that match everything typed: beginnings of names, a birth date, a member id or an account
    number. Those that have ended come last."""
    if not text.strip():
        return []
    key = await session.key()
    where, arguments = matching(key, text)
    mine = await rosters(session)
    rows = await session.fetch(
        "SELECT e.id FROM patients p JOIN care_enrolments e ON e.tenant_id = p.tenant_id AND e.patient_id = p.id"
        f" WHERE {' AND '.join(where)} AND (${len(arguments) + 1}::uuid[] IS NULL"
        f" OR e.coordinator_id = ANY(${len(arguments) + 1})) ORDER BY (e.step = 'ended'), e.id DESC LIMIT {MOST}",
        *arguments,
        mine,
    )
    found = await session.fetch(f"{ROW} AND e.id = ANY($2)", mine, [row["id"] for row in rows])
    lines = [line_of(key, row) for row in found]
    return sorted(lines, key=lambda one: (one.step == "ended", one.patient_name))


@door.query(Permission.CARE_RECORD, phi=True)
async def find_to_enrol(session: Session, text: str) -> list[Candidate]:
    """At most 12 patients in use who match everything typed, as `find_in_care` does, and are on no other roster."""
    if not text.strip():
        return []
    key = await session.key()
    where, arguments = matching(key, text)
    place = len(arguments) + 1
    anothers = ANOTHERS.format(mine=f"${place}::uuid[]", patient="p.id")
    rows = await session.fetch(
        f"{SELECT} WHERE {' AND '.join(where)} AND p.active AND NOT coalesce(({anothers}), false)"
        f" ORDER BY p.id DESC LIMIT {MOST}",
        *arguments,
        await rosters(session),
    )
    return sorted((_candidate(key, row) for row in rows), key=lambda one: one.name)


@door.query(Permission.CARE_RECORD, of="patients", phi=True)
async def get_to_enrol(session: Session, patient_id: UUID) -> Candidate:
    """A patient to be enrolled, with the practitioners of their practice; `NotFound` for one of another's roster."""
    await must_not_be_anothers(session, patient_id)
    row = await session.row(f"{SELECT} WHERE p.id = $1", patient_id)
    known = await session.fetch(
        "SELECT id, concat_ws(', ', last_name, first_name) AS name, npi FROM providers"
        " WHERE tenant_id = current_tenant() AND client_id = $1 AND active ORDER BY last_name, first_name, id LIMIT 200",
        row["client_id"],
    )
    return _candidate(await session.key(), row, tuple(Practitioner(**dict(one)) for one in known))


def _candidate(key: TenantKey, row: Any, practitioners: tuple[Practitioner, ...] = ()) -> Candidate:
    person, _ = open_person(key, row["person"])
    place = (row["account_number"], row["client_id"], row["client_name"])
    return Candidate(row["id"], full_name(person), person.birth_date, *place, practitioners)
