"""What patients and subscribers have in common: name, birth date, sex and address, checked alike."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol, TypeVar

from domain.claims.model import Address, Person
from domain.clientele import address_faults
from domain.codes.filing import SEXES
from services.clientele import checks
from services.clientele.checks import Faults


class Typed(Protocol):
    """Facts that hold a person. `birth_date` may be missing only while a form is being filled."""

    @property
    def last_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def middle_name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def sex(self) -> str: ...
    @property
    def line1(self) -> str: ...
    @property
    def line2(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def postal_code(self) -> str: ...


F = TypeVar("F", bound=Typed)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is typed about a subscriber who is not the patient. `sex` is F, M or U."""

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


def cleaned_person(facts: F) -> F:
    """The facts with blanks, punctuation and case as they are stored."""
    typed: Any = facts
    cleaned: F = replace(
        typed,
        last_name=checks.clean(facts.last_name),
        first_name=checks.clean(facts.first_name),
        middle_name=checks.clean(facts.middle_name),
        sex=checks.code(facts.sex),
        line1=checks.clean(facts.line1),
        line2=checks.clean(facts.line2),
        city=checks.clean(facts.city),
        state=checks.code(facts.state),
        postal_code=checks.number(facts.postal_code),
    )
    return cleaned


def person_faults(faults: Faults, facts: Typed, today: date, prefix: str = "") -> None:
    """Add what is wrong with cleaned facts. Lengths are those of NM103 to NM105, N301, N302 and N401."""
    faults.text(f"{prefix}last_name", facts.last_name, 60, missing="Enter the last name.")
    faults.text(f"{prefix}first_name", facts.first_name, 35, missing="Enter the first name.")
    faults.text(f"{prefix}middle_name", facts.middle_name, 25)
    faults.past(f"{prefix}birth_date", facts.birth_date, today, required=True)
    faults.one_of(f"{prefix}sex", facts.sex, SEXES, "Choose female, male or unknown.")
    faults.take(address_faults(person_of(facts).address), prefix)
    for field, longest in (("line1", 55), ("line2", 55), ("city", 30)):
        faults.text(f"{prefix}{field}", getattr(facts, field), longest)


def person_of(facts: Typed) -> Person:
    """The domain's person."""
    return Person(
        last_name=facts.last_name,
        first_name=facts.first_name,
        middle_name=facts.middle_name,
        birth_date=facts.birth_date,
        sex=facts.sex,
        address=Address(facts.line1, facts.city, facts.state, facts.postal_code, facts.line2),
    )


def flat(person: Person) -> dict[str, Any]:
    """A person as the fields of a view."""
    address = person.address
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "middle_name": person.middle_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
    }
