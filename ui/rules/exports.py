"""What the rules add to lists that leave: the answers of a form, and a column for each field of the tenant's own."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from domain.paging import Page
from domain.rules.custom_fields import Subject
from domain.rules.fields import Field, FieldType, is_day
from domain.rules.forms import parsed
from domain.tenancy import Actor
from services.rules import forms
from services.rules.custom_fields import list_custom_fields
from services.rules.form_views import AnsweredLine
from ui.page import identifier
from ui.parts.money import decimal
from ui.parts.spreadsheets import Extra
from ui.rules.custom import field_of

Query = dict[str, str]
ANSWERS = ("Item", "Decision", "Version", "Answered by", "Answered at")


async def answer_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[AnsweredLine]:
    """The answers of the form that the address names."""
    return await forms.list_answers(actor, _form(query), cursor=cursor, limit=size)


def answer_cells(one: AnsweredLine) -> tuple[object, ...]:
    """What stands before the answers."""
    return one.title, one.decision, one.number, one.answered_by_name, one.answered_at


async def answer_columns(actor: Actor, query: Query) -> list[Extra]:
    """A column for every field that any version of the form has had, in the words of the newest."""
    view = await forms.get_form(actor, _form(query))
    known: dict[str, Field] = {}
    for version in view.versions:
        for one in parsed(version.schema).fields:
            known.setdefault(one.code, one)
    return [Extra(one.title, partial(_answer, one)) for one in known.values()]


def custom_columns(subject: Subject) -> Callable[[Actor, Query], Awaitable[list[Extra]]]:
    """A column for every field in use that the asker may see."""

    async def columns(actor: Actor, query: Query) -> list[Extra]:
        found = await list_custom_fields(actor, subject, True)
        return [Extra(one.name, partial(_custom, field_of(one))) for one in found]

    return columns


def _answer(one: Field, line: Any) -> object:
    return _cell(one, line.answers.get(one.code))


def _custom(one: Field, line: Any) -> object:
    return _cell(one, line.custom.get(one.code))


def _cell(field: Field, value: Any) -> object:
    """A kept value as what it is: JSON knows neither days nor money."""
    if value is None or value == "":
        return None
    if field.type is FieldType.CENTS and isinstance(value, int):
        return decimal(value)
    if field.type is FieldType.DATE and is_day(value):
        return date.fromisoformat(value)
    return value


def _form(query: Query) -> UUID:
    return identifier(query.get("form", ""))
