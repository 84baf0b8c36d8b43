"""What every record of the clientele does alike: insert, change by version, switch off with a reason, page by key."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeVar
from uuid import UUID

from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw
from piccolo.query.methods.select import Select
from piccolo.table import Table

from database.session import Session
from domain.paging import Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Conflict, FieldError, Invalid, NotFound, Stale

V = TypeVar("V")
Row = dict[str, Any]


async def insert(session: Session, table: type[Table], values: Row) -> Row:
    """Insert a row of the session's tenant and answer it as stored."""
    row = table(tenant_id=session.tenant_id, **values)
    stored: list[Row] = await table.insert(row).returning(*table.all_columns())
    return stored[0]


async def one(table: type[Table], identifier: UUID) -> Row:
    """The row, or `NotFound`."""
    row: Row | None = await table.select().where(_id(table) == identifier).first()
    if row is None:
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Check the address, and that you are in the right tenant.",
        )
    return row


async def change(
    table: type[Table], identifier: UUID, values: Row, expected_version: int | None = None
) -> Row:
    """Update a row and raise its version; `Stale` when it is no longer at the expected version."""
    version = table._meta.get_column_by_name("version")
    new: dict[Any, Any] = {**values, "version": version + 1}  # type: ignore[operator]
    update = table.update(new).where(_id(table) == identifier)
    if expected_version is not None:
        update = update.where(version == expected_version)
    changed: list[Row] = await update.returning(*table.all_columns())
    must_have_changed(len(changed))
    return changed[0]


def must_have_changed(count: int) -> None:
    """Raise `Stale` when an update by version touched nothing."""
    if not count:
        raise Stale(
            "version.changed",
            "Somebody changed this record after you opened it.",
            "Reload it, look at what changed, and make your change again.",
        )


async def switch(
    table: type[Table], identifier: UUID, active: bool, reason: str, expected_version: int | None
) -> Row:
    """Take a record out of use with the reason, or back into use. Nothing is ever deleted."""
    return await change(
        table, identifier, {"active": active, "inactive_reason": "" if active else reason}, expected_version
    )


async def page(
    query: Select[Any],
    order: Sequence[Column],
    cursor: str | None,
    limit: int,
    view: Callable[[Row], V],
) -> Page[V]:
    """One page of a query in the order of text columns, the last of which is the id."""
    size = page_size(limit)
    if cursor:
        names = ", ".join(column._meta.get_full_name(with_alias=False) for column in order)
        marks = ", ".join("{}::uuid" if column is order[-1] else "{}" for column in order)
        query = query.where(WhereRaw(f"({names}) > ({marks})", *_key(cursor, len(order))))
    rows: list[Row] = await query.order_by(*order).limit(size + 1)
    return page_of(rows, size, [column._meta.name for column in order], view)


def page_of(rows: Sequence[Any], size: int, order: Sequence[str], view: Callable[[Any], V]) -> Page[V]:
    """A page from one row more than fits; the last shown row's key is the cursor."""
    shown = list(rows[:size])
    following = encode_cursor(*(shown[-1][name] for name in order)) if len(rows) > size else None
    return Page([view(row) for row in shown], following)


def cursor_id(cursor: str | None) -> UUID | None:
    """The id in a cursor of a list that is ordered by nothing else."""
    return _key(cursor, 1)[0] if cursor else None


async def must_be_active(
    session: Session, table: str, identifier: UUID | None, field: str, what: str
) -> None:
    """Refuse a reference to a record that is not there or was taken out of use. `table` is never a request's."""
    active = await session.value(f"SELECT active FROM {table} WHERE id = $1", identifier)
    if not active:
        told = "is no longer in use" if active is False else "is not there"
        fault = FieldError(field, f"{field}.unusable", f"Choose another {what}: this one {told}.")
        raise Invalid(f"{field}.unusable", f"The {what} {told}.", f"Choose another {what}.", fields=(fault,))


async def names_of(session: Session, table: str, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names by id, for views that show what they refer to. `table` is never a request's."""
    wanted = list({identifier for identifier in ids if identifier is not None})
    rows = await session.fetch(f"SELECT id, name FROM {table} WHERE id = ANY($1::uuid[])", wanted)
    return {row["id"]: row["name"] for row in rows}


def must_be_new(taken: Any, field: str, title: str, what_to_do: str) -> None:
    """Refuse with `Conflict` when another row holds what must be unique."""
    if taken:
        fault = FieldError(field, f"{field}.taken", what_to_do)
        raise Conflict(f"{field}.taken", title, what_to_do, fields=(fault,))


def view_of(view: type[V], row: Any, **more: Any) -> V:
    """A view filled from the columns of its own names."""
    names = (field.name for field in fields(view) if field.name not in more)  # type: ignore[arg-type]
    return view(**{name: row[name] for name in names}, **more)


def like(text: str) -> str:
    """A pattern that finds the text anywhere, its own wildcards taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _id(table: type[Table]) -> Column:
    return table._meta.primary_key


def _key(cursor: str, length: int) -> list[Any]:
    """The last part of every cursor is an id; what is none was not made by us."""
    key = decode_cursor(cursor, length)
    try:
        return [*(str(part) for part in key[:-1]), UUID(str(key[-1]))]
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None
