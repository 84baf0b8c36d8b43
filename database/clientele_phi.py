"""How a patient and a coverage stand in their sealed columns, and by which blind indexes they are found again."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from database.crypto import TenantKey
from domain.claims.model import Address, Person

PERSON = "patients.person"
SUBSCRIBER = "coverages.subscriber"
NAME_INDEX = "patients.name"
BIRTH_INDEX = "patients.birth_date"
MEMBER_INDEX = "coverages.member_id"


@dataclass(frozen=True, slots=True)
class Insured:
    """The PHI of a coverage. `subscriber` is None when the patient is the subscriber."""

    member_id: str
    group_number: str = ""
    subscriber: Person | None = None


def seal_person(key: TenantKey, person: Person, phone: str = "") -> bytes:
    """The sealed `patients.person`."""
    return key.seal_json(PERSON, _facts(person) | {"phone": phone})


def open_person(key: TenantKey, sealed: bytes) -> tuple[Person, str]:
    """The person and the telephone number in a sealed `patients.person`."""
    facts = key.open_json(PERSON, sealed)
    return _person(facts), facts.get("phone", "")


def seal_insured(key: TenantKey, insured: Insured) -> bytes:
    """The sealed `coverages.subscriber`."""
    subscriber = None if insured.subscriber is None else _facts(insured.subscriber)
    return key.seal_json(
        SUBSCRIBER,
        {"member_id": insured.member_id, "group_number": insured.group_number, "subscriber": subscriber},
    )


def open_insured(key: TenantKey, sealed: bytes) -> Insured:
    """The member id, group number and subscriber in a sealed `coverages.subscriber`."""
    facts = key.open_json(SUBSCRIBER, sealed)
    subscriber = facts["subscriber"]
    return Insured(facts["member_id"], facts["group_number"], _person(subscriber) if subscriber else None)


def name_index(key: TenantKey, person: Person) -> list[bytes]:
    """Blind indexes of the beginnings of every word of the name, for search as you type."""
    return key.prefixes(NAME_INDEX, f"{person.last_name} {person.first_name} {person.middle_name}")


def name_query(key: TenantKey, words: list[str]) -> list[bytes]:
    """The blind indexes that a patient must carry all of to match these beginnings of words (2 letters and more)."""
    return [key.blind(NAME_INDEX, word[:12]) for word in words]


def birth_index(key: TenantKey, birth_date: date | None) -> bytes | None:
    """Blind index of an exact birth date."""
    return None if birth_date is None else key.blind(BIRTH_INDEX, birth_date.isoformat())


def member_index(key: TenantKey, member_id: str) -> bytes:
    """Blind index of a member id, punctuation and case left out."""
    return key.blind(MEMBER_INDEX, "".join(character for character in member_id if character.isalnum()))


def _facts(person: Person) -> dict[str, Any]:
    facts = asdict(person)
    facts["birth_date"] = person.birth_date.isoformat() if person.birth_date else None
    return facts


def _person(facts: dict[str, Any]) -> Person:
    born = facts["birth_date"]
    return Person(
        last_name=facts["last_name"],
        first_name=facts["first_name"],
        middle_name=facts["middle_name"],
        birth_date=date.fromisoformat(born) if born else None,
        sex=facts["sex"],
        address=Address(**facts["address"]),
    )
