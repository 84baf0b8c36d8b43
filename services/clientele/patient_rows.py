"""A patient between the typed facts and the encrypted row: storing, indexing, opening, and finding by what is typed."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database import clientele_phi as phi
from database.crypto import TenantKey, folded
from database.session import Session
from domain.claims.model import Person
from domain.rules.custom_fields import Subject
from services.clientele import checks, records
from services.clientele.people import flat, person_of
from services.rules.custom_values import one_with_custom

SELECT = (
    "SELECT p.id, p.version, p.active, p.inactive_reason, p.created_at, p.client_id, p.account_number, p.person,"
    " c.name AS client_name FROM patients p JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id"
)
_TYPED_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What is typed about a patient. An empty account number is given out by the product. `custom` are values of the
    tenant's own fields by code; None leaves them as they are."""

    client_id: UUID
    last_name: str
    first_name: str
    birth_date: date | None
    sex: str
    line1: str
    city: str
    state: str
    postal_code: str
    line2: str = ""
    middle_name: str = ""
    phone: str = ""
    account_number: str = ""
    custom: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PatientView:
    """A patient as shown (PHI); `version` is the ETag and `name` reads `Last, First M`."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    created_at: datetime
    client_id: UUID
    client_name: str
    account_number: str
    name: str
    last_name: str
    first_name: str
    middle_name: str
    birth_date: date | None
    sex: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    phone: str
    custom: dict[str, Any] = field(default_factory=dict)


def view(key: TenantKey, row: Any) -> PatientView:
    """What is shown of a row of SELECT."""
    person, phone = phi.open_person(key, row["person"])
    return records.view_of(PatientView, row, name=full_name(person), phone=phone, custom={}, **flat(person))


def full_name(person: Person) -> str:
    """`Last, First M`."""
    return f"{person.last_name}, {person.first_name} {person.middle_name}".rstrip(" ,")


async def one(session: Session, id: UUID) -> PatientView:
    """The patient as it stands now; the door made sure that it is there."""
    row = await session.row(f"{SELECT} WHERE p.id = $1", id)
    return await one_with_custom(session, Subject.PATIENT, view(await session.key(), row))


async def insert(session: Session, facts: PatientFacts) -> UUID:
    """Store a new patient, sealed and indexed."""
    key, person = await session.key(), person_of(facts)
    identifier: UUID = await session.value(
        "INSERT INTO patients (tenant_id, client_id, account_number, person, birth_date_index)"
        " VALUES ($1, $2, $3, $4, $5) RETURNING id",
        session.tenant_id,
        facts.client_id,
        facts.account_number,
        phi.seal_person(key, person, facts.phone),
        phi.birth_index(key, person.birth_date),
    )
    await _index_name(session, identifier, person)
    return identifier


async def update(session: Session, id: UUID, facts: PatientFacts, expected_version: int | None) -> None:
    """Replace a patient's facts, or `Stale`."""
    key, person = await session.key(), person_of(facts)
    changed = await session.execute(
        "UPDATE patients SET client_id = $2, account_number = $3, person = $4, birth_date_index = $5,"
        " version = version + 1, updated_at = now() WHERE id = $1 AND version = coalesce($6, version)",
        id,
        facts.client_id,
        facts.account_number,
        phi.seal_person(key, person, facts.phone),
        phi.birth_index(key, person.birth_date),
        expected_version,
    )
    records.must_have_changed(changed)
    await _index_name(session, id, person)


async def switch(
    session: Session, id: UUID, active: bool, reason: str, expected_version: int | None
) -> PatientView:
    """Take a patient out of use with the reason, or back into use."""
    changed = await session.execute(
        "UPDATE patients SET active = $2, inactive_reason = $3, version = version + 1, updated_at = now()"
        " WHERE id = $1 AND version = coalesce($4, version)",
        id,
        active,
        reason,
        expected_version,
    )
    records.must_have_changed(changed)
    return await one(session, id)


async def next_account(session: Session) -> str:
    """An account number that nobody has."""
    number = await session.value("SELECT nextval('patient_account')")
    return f"P{number}"


async def similar(session: Session, person: Person, but: UUID | None = None) -> bool:
    """Whether somebody else has the same words as name and the same birth date: found by birth date, then opened."""
    key = await session.key()
    rows = await session.fetch(
        "SELECT id, person FROM patients WHERE tenant_id = current_tenant() AND birth_date_index = $1",
        phi.birth_index(key, person.birth_date),
    )
    others = (phi.open_person(key, row["person"])[0] for row in rows if row["id"] != but)
    return any(name_words(other) == name_words(person) for other in others)


def name_words(person: Person | PatientView) -> frozenset[str]:
    """The words of first and last name in any order, accents and case left out."""
    return frozenset(folded(f"{person.last_name} {person.first_name}").split())


def matching(key: TenantKey, text: str) -> tuple[list[str], list[Any]]:
    """Conditions, and their arguments, for patients `p` that match everything typed.

    Words are beginnings of names; `1950-01-31` or `1/31/1950` is a birth date; what holds a digit is a member id or
    an account number.
    """
    where = ["p.tenant_id = current_tenant()"]
    arguments: list[Any] = []
    names: list[str] = []
    for word in text.replace(",", " ").split():
        if born := _typed_date(word):
            arguments.append(phi.birth_index(key, born))
            where.append(f"p.birth_date_index = ${len(arguments)}")
        elif any(character.isdigit() for character in word):
            arguments += [checks.code(word), phi.member_index(key, word)]
            where.append(_BY_NUMBER.format(account=len(arguments) - 1, member=len(arguments)))
        else:
            names += folded(word).split()
    for token in phi.name_query(key, [name for name in names if len(name) > 1]):
        arguments.append(token)
        where.append(_BY_NAME.format(token=len(arguments)))
    if text.strip() and len(where) == 1:
        where.append("false")  # one letter alone would list everybody
    return where, arguments


_BY_NAME = (
    "p.id IN (SELECT patient_id FROM patient_name_tokens"
    " WHERE tenant_id = current_tenant() AND token = ${token})"
)
# A union and not an OR: each half is then served by its own index.
_BY_NUMBER = (
    "p.id IN (SELECT id FROM patients WHERE tenant_id = current_tenant() AND account_number = ${account}"
    " UNION ALL SELECT patient_id FROM coverages"
    " WHERE tenant_id = current_tenant() AND member_id_index = ${member})"
)


def _typed_date(word: str) -> date | None:
    found = _TYPED_DATE.fullmatch(word)
    if found is None:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 4, 5)
    with suppress(ValueError):  # no such day: then it is no date, and is looked up as a number
        return date(int(year), int(month), int(day))
    return None


async def _index_name(session: Session, id: UUID, person: Person) -> None:
    tokens = phi.name_index(await session.key(), person)
    await session.execute("DELETE FROM patient_name_tokens WHERE patient_id = $1", id)
    await session.execute(
        "INSERT INTO patient_name_tokens (tenant_id, token, patient_id)"
        " SELECT $1, token, $2 FROM unnest($3::bytea[]) AS t (token)",
        session.tenant_id,
        id,
        tokens,
    )
