"""The fields that a tenant added, as columns of the sheets that bring records which can have them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from database.session import Session
from domain.rules.custom_fields import Definition, Subject
from domain.sheets.columns import SheetRow
from domain.sheets.custom import custom_columns, custom_said, fault_custom
from domain.sheets.kinds import FORMS, Form, Kind
from services.rules.custom_values import values_of, visible

_SUBJECTS = {Kind.PATIENTS: Subject.PATIENT, Kind.EMPLOYEES: Subject.EMPLOYEE}


@dataclass(frozen=True, slots=True)
class Custom:
    """What rows about these records are held against: the fields by code, and the values that are kept."""

    fields: Mapping[str, Definition] = field(default_factory=dict)
    kept: Mapping[UUID, dict[str, Any]] = field(default_factory=dict)

    def changes(self, row: SheetRow, subject_id: UUID | None) -> dict[str, Any]:
        """What a row says otherwise than is kept. Where it says anything, what every record must have is not missing."""
        said = custom_said(row)
        kept = self.kept.get(subject_id, {}) if subject_id else {}
        for code, one in self.fields.items():
            if said and one.required and code not in said and code not in kept:
                fault_custom(row, code, f"Enter: {one.name}.")
        return {code: value for code, value in said.items() if kept.get(code) != value}


async def form_of(session: Session, kind: Kind) -> Form:
    """What a sheet of a kind may hold here."""
    subject = _SUBJECTS.get(kind)
    return (
        FORMS[kind].and_own(custom_columns((await visible(session, subject)).values()))
        if subject
        else FORMS[kind]
    )


async def custom_of(session: Session, kind: Kind, rows: Iterable[SheetRow], ids: Iterable[UUID]) -> Custom:
    """The fields and what is kept of these records; nothing is asked where no row says anything of them."""
    if not any(custom_said(row) for row in rows):
        return Custom()
    subject = _SUBJECTS[kind]
    return Custom(await visible(session, subject), await values_of(session, subject, ids))
