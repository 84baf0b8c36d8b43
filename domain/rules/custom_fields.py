"""Custom fields: which records can have them, and what may change once values are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import Conflict, FieldError
from domain.rules.fields import Field, FieldType, faults_of

MOST_FIELDS = 30
"""Active fields of one kind of record."""
LONGEST = 200
"""Characters of a text: one line, and values without PHI stand in an index."""


class Subject(StrEnum):
    """What can have custom fields. Values are stored: never rename one."""

    CLAIM = "claim"
    PATIENT = "patient"
    CLIENT = "client"
    PAYER = "payer"
    EMPLOYEE = "employee"

    @property
    def label(self) -> str:
        """The records in words."""
        return f"{self.value.capitalize()}s"

    @property
    def table(self) -> str:
        """The table of the records."""
        return f"{self.value}s"


@dataclass(frozen=True, slots=True)
class Definition:
    """A custom field as it stands: its place is among the fields of its kind of record."""

    code: str
    name: str
    type: FieldType
    hint: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    phi: bool = False
    place: int = 0

    @property
    def field(self) -> Field:
        """The same as a field of a form, so that both are checked and shown alike."""
        longest = LONGEST if self.type is FieldType.TEXT else None
        return Field(
            self.code,
            self.type,
            self.name,
            self.hint,
            self.required,
            self.place,
            max_length=longest,
            choices=self.choices,
        )


_NAMES = {"enum": "choices", "title": "name", "description": "hint"}


def definition_faults(one: Definition) -> list[FieldError]:
    """What is wrong with a definition, by the names of its own fields."""
    found = faults_of(one.field, "field")
    parts = [(fault, fault.field.removeprefix("field.")) for fault in found]
    return [FieldError(_NAMES.get(part, part), fault.code, fault.message) for fault, part in parts]


def refuse_change(before: Definition, after: Definition, used: bool, chosen: Collection[str]) -> None:
    """Refuse what would make kept values unreadable. `chosen` are the choices that records hold."""
    if after.code != before.code:
        _refuse("code", "The code stays: programs know the field by it.")
    if not used:
        return
    if after.type is not before.type:
        _refuse("type", "Values of this type are kept: take the field out of use and make a new one.")
    if after.phi != before.phi:
        _refuse("phi", "Values are kept already: take the field out of use and make a new one.")
    gone = set(before.choices) - set(after.choices)
    if before.phi and gone:
        _refuse("choices", "Sealed values may hold the choices there are: only add to them.")
    if taken := sorted(gone & set(chosen)):
        _refuse("choices", f"Records hold {', '.join(taken)}: leave it in the list.")


def _refuse(field: str, message: str) -> None:
    fault = FieldError(field, f"custom_field.{field}_fixed", message)
    raise Conflict(fault.code, "This can no longer change.", message, fields=(fault,))
