"""Patients (PHI): encrypted in their columns and found through keyed hashes of name beginnings, birth date and ids."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from database.crypto import folded
from database.session import Session
from domain.claims.model import Person
from domain.paging import Page, page_size
from domain.refusals import Conflict
from domain.rules.custom_fields import Subject
from policies.permissions import Permission
from services import door
from services.clientele import checks, patient_rows, records
from services.clientele.checks import Faults
from services.clientele.patient_rows import PatientFacts, PatientView
from services.clientele.people import cleaned_person, person_faults, person_of
from services.rules.custom_values import set_custom, with_custom

__all__ = ["PatientFacts", "PatientView"]
ACCOUNT_LONGEST = 20


@door.query(Permission.PATIENTS_VIEW, phi=True)
async def list_patients(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
    client_id: UUID | None = None,
) -> Page[PatientView]:
    """Patients, the newest first: names are encrypted, so the database cannot order by them. `text` as in search."""
    size = page_size(limit)
    key = await session.key()
    where, arguments = patient_rows.matching(key, text)
    for column, wanted in (("active", active), ("client_id", client_id)):
        if wanted is not None:
            arguments.append(wanted)
            where.append(f"p.{column} = ${len(arguments)}")
    if before := records.cursor_id(cursor):
        arguments.append(before)
        where.append(f"p.id < ${len(arguments)}")
    sql = f"{patient_rows.SELECT} WHERE {' AND '.join(where)} ORDER BY p.id DESC LIMIT {size + 1}"
    rows = await session.fetch(sql, *arguments)
    page = records.page_of(rows, size, ("id",), lambda row: patient_rows.view(key, row))
    return Page(await with_custom(session, Subject.PATIENT, page.items), page.next)


@door.query(Permission.PATIENTS_VIEW, phi=True)
async def search_patients(session: Session, text: str, limit: int = 20) -> list[PatientView]:
    """Patients in use that match everything typed: beginnings of names, a birth date, a member id, an account number."""
    if not text.strip():
        return []
    key = await session.key()
    where, arguments = patient_rows.matching(key, text)
    sql = f"{patient_rows.SELECT} WHERE {' AND '.join(where)} AND p.active ORDER BY p.id DESC"
    rows = await session.fetch(f"{sql} LIMIT {page_size(limit)}", *arguments)
    return sorted((patient_rows.view(key, row) for row in rows), key=lambda one: folded(one.name))


@door.query(Permission.PATIENTS_VIEW, of="patients", phi=True)
async def get_patient(session: Session, id: UUID) -> PatientView:
    """One patient."""
    return await patient_rows.one(session, id)


@door.command(Permission.PATIENTS_MANAGE)
async def add_patient(session: Session, facts: PatientFacts, *, even_if_similar: bool = False) -> PatientView:
    """Add a patient. One with the same name and birth date is refused unless `even_if_similar`."""
    return await patient_rows.one(session, await added(session, facts, even_if_similar=even_if_similar))


async def added(session: Session, facts: PatientFacts, *, even_if_similar: bool = False) -> UUID:
    """The same inside a transaction that does more; the new patient's id."""
    ready = _checked(session, facts)
    await records.must_be_active(session, "clients", ready.client_id, "client_id", "client")
    if not even_if_similar:
        await _must_be_somebody_else(session, person_of(ready))
    ready = replace(ready, account_number=ready.account_number or await patient_rows.next_account(session))
    await _must_have_a_free_account(session, ready.account_number)
    identifier = await patient_rows.insert(session, ready)
    await set_custom(session, Subject.PATIENT, identifier, facts.custom)
    return identifier


@door.command(Permission.PATIENTS_MANAGE, of="patients")
async def change_patient(
    session: Session,
    id: UUID,
    facts: PatientFacts,
    expected_version: int | None = None,
    *,
    even_if_similar: bool = False,
) -> PatientView:
    """Replace a patient's facts. An empty account number keeps the one there is."""
    await changed(session, id, facts, expected_version, even_if_similar=even_if_similar)
    return await patient_rows.one(session, id)


async def changed(
    session: Session,
    id: UUID,
    facts: PatientFacts,
    expected_version: int | None = None,
    *,
    even_if_similar: bool = False,
) -> None:
    """The same inside a transaction that does more."""
    before, ready = await patient_rows.one(session, id), _checked(session, facts)
    if ready.client_id != before.client_id:
        await records.must_be_active(session, "clients", ready.client_id, "client_id", "client")
    if not even_if_similar and _renamed(before, person_of(ready)):
        await _must_be_somebody_else(session, person_of(ready), id)
    ready = replace(ready, account_number=ready.account_number or before.account_number)
    await _must_have_a_free_account(session, ready.account_number, id)
    await patient_rows.update(session, id, ready, expected_version)
    await set_custom(session, Subject.PATIENT, id, facts.custom)


@door.command(Permission.PATIENTS_MANAGE, of="patients")
async def deactivate_patient(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> PatientView:
    """Take a patient out of use: no new claims."""
    return await patient_rows.switch(session, id, False, checks.reason_of(reason), expected_version)


@door.command(Permission.PATIENTS_MANAGE, of="patients")
async def reactivate_patient(session: Session, id: UUID, expected_version: int | None = None) -> PatientView:
    """Take a patient back into use."""
    return await patient_rows.switch(session, id, True, "", expected_version)


def faults_of(facts: PatientFacts, today: date) -> Faults:
    """What is wrong with cleaned facts."""
    faults = Faults("patient")
    person_faults(faults, facts, today)
    faults.phone("phone", facts.phone)
    if facts.account_number:
        faults.text("account_number", facts.account_number, ACCOUNT_LONGEST)
        faults.code("account_number", facts.account_number, "an account number")
    return faults


def _checked(session: Session, facts: PatientFacts) -> PatientFacts:
    ready = replace(
        cleaned_person(facts),
        phone=checks.phone(facts.phone),
        account_number=checks.code(facts.account_number),
    )
    faults_of(ready, datetime.now(ZoneInfo(session.actor.time_zone)).date()).refuse()
    return ready


def _renamed(before: PatientView, person: Person) -> bool:
    return (patient_rows.name_words(before), before.birth_date) != (
        patient_rows.name_words(person),
        person.birth_date,
    )


async def _must_be_somebody_else(session: Session, person: Person, but: UUID | None = None) -> None:
    if await patient_rows.similar(session, person, but):
        raise Conflict(
            "patient.similar",
            "There is a patient with the same name and birth date already.",
            "Open that patient, or save again and say that this is another person.",
        )


async def _must_have_a_free_account(session: Session, account: str, but: UUID | None = None) -> None:
    taken = await session.value(
        "SELECT 1 FROM patients WHERE tenant_id = current_tenant() AND account_number = $1"
        " AND id IS DISTINCT FROM $2::uuid",
        account,
        but,
    )
    records.must_be_new(
        taken, "account_number", "This account number is taken.", "Leave it empty to be given the next one."
    )
