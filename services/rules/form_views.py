"""What the services of task forms take and answer with."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.rules.forms import parsed
from domain.work_kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A new form: for a kind of work, or for one of its decisions; `schema` is the declared subset of JSON Schema."""

    kind: str
    schema: dict[str, Any]
    decision: str = ""


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version of a form. `version` is the ETag of a draft; without properties the schema asks for nothing."""

    id: UUID
    number: int
    status: str
    in_force: bool
    schema: dict[str, Any]
    effective_from: date | None
    reason: str
    saved_by_name: str
    saved_at: datetime
    published_by_name: str
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the list. `decision_label` empty: with every decision that has no form of its own. `number` is the
    version in force, None before one begins; `coming_from` the day of the next one."""

    id: UUID
    kind: str
    kind_label: str
    decision: str
    decision_label: str
    title: str
    fields: int
    number: int | None
    in_force_from: date | None
    coming_from: date | None
    drafted: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """A form with its versions, the newest first."""

    line: FormLine
    versions: list[FormVersion]

    @property
    def id(self) -> UUID:
        """The form's id."""
        return self.line.id

    @property
    def draft(self) -> FormVersion | None:
        """The version that is being written, if one is."""
        return next((one for one in self.versions if one.status == "draft"), None)


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One item that ended with a form."""

    id: UUID
    work_item_id: UUID
    title: str
    decision: str
    number: int
    answers: dict[str, Any]
    answered_by_name: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """What would be refused of answers that are tried."""

    field: str
    code: str
    message: str


def view_of(form: Any, rows: list[Any], today: date) -> FormView:
    """A form with its versions, which come newest first."""
    begun = [row for row in rows if row["status"] == "published" and row["effective_from"] <= today]
    now = max(begun, key=lambda row: (row["effective_from"], row["number"]), default=None)
    versions = [_version(row, now) for row in rows]
    return FormView(_line(form, rows, now, today), versions)


def decision_label(kind: str, code: str) -> str:
    """A decision in words."""
    return next((one.label for one in KINDS[Kind(kind)].decisions if one.code == code), code)


def _line(form: Any, rows: list[Any], now: Any, today: date) -> FormLine:
    shown = now or (rows[0] if rows else None)
    kept = parsed(json.loads(shown["schema"])) if shown else None
    coming = [
        row["effective_from"] for row in rows if row["effective_from"] and row["effective_from"] > today
    ]
    return FormLine(
        id=form["id"],
        kind=form["kind"],
        kind_label=KINDS[Kind(form["kind"])].label,
        decision=form["decision"],
        decision_label=decision_label(form["kind"], form["decision"]),
        title=kept.title if kept else "",
        fields=len(kept.fields) if kept else 0,
        number=now["number"] if now else None,
        in_force_from=now["effective_from"] if now else None,
        coming_from=min(coming, default=None),
        drafted=any(row["status"] == "draft" for row in rows),
    )


def _version(row: Any, now: Any) -> FormVersion:
    return FormVersion(
        id=row["id"],
        number=row["number"],
        status=row["status"],
        in_force=now is not None and row["id"] == now["id"],
        schema=json.loads(row["schema"]),
        effective_from=row["effective_from"],
        reason=row["reason"],
        saved_by_name=row["saved_by_name"],
        saved_at=row["saved_at"],
        published_by_name=row["published_by_name"],
        published_at=row["published_at"],
        version=row["version"],
    )
