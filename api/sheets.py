"""Spreadsheets of patients, staff, consents and minutes: previewed, then taken in row by row by their own process."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.refusals import FieldError, Invalid
from domain.tenancy import Actor
from services.sheets import imports
from services.sheets.views import SheetLine, SheetRowView, SheetView


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its kind (patients, staff, consents, minutes) and name; `content` holds its bytes in base64."""

    kind: str
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """Which column (from 0) of a sheet holds what. With the number (from 1) of another `headings_row` and an empty mapping,
    columns are guessed anew from the headings in that row. `given` holds in every row whose cells do not say it (the
    fields that are givable); null leaves it."""

    mapping: Mapping[str, int]
    headings_row: int | None = None
    given: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SheetPaycodes:
    """For each paycode its credential (practitioner, clinical, other) and its job title."""

    paycodes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SheetTaking:
    """Whether rows that are not right are left out, instead of keeping all of them out."""

    leave_out: bool = False


class Sheets(Controller):
    """Sheets that people bring."""

    path = "/sheet-imports"
    tags = ("Care",)

    @get("/")
    async def list_sheet_imports(
        self, actor: Actor, kind: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[SheetLine]:
        """Sheets of the kinds that you may bring, newest first."""
        return await imports.list_sheets(actor, kind, cursor, limit)

    @post("/")
    async def stage_sheet_import(self, actor: Actor, data: Sheet) -> SheetView:
        """Keep an Excel sheet or CSV file as a draft, with its columns guessed and every fault at its cell."""
        return await imports.stage_sheet(actor, data.kind, data.name, bytes_of(data.content))

    @get("/{sheet_import_id:uuid}")
    async def get_sheet_import(self, actor: Actor, sheet_import_id: UUID) -> SheetView:
        """A sheet with its preview, or how far it was taken in."""
        return await imports.get_sheet(actor, sheet_import_id)

    @get("/{sheet_import_id:uuid}/faulty-rows")
    async def faulty_sheet_rows(
        self, actor: Actor, sheet_import_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[SheetRowView]:
        """Rows that are not right, or were refused, each with what to do."""
        return await imports.faulty_rows(actor, sheet_import_id, cursor, limit)

    @put("/{sheet_import_id:uuid}/columns")
    async def map_sheet_import(self, actor: Actor, sheet_import_id: UUID, data: SheetColumns) -> SheetView:
        """Say which column holds what; it is remembered for the next sheet of the kind."""
        return await imports.map_sheet(actor, sheet_import_id, data.mapping, data.headings_row, data.given)

    @put("/{sheet_import_id:uuid}/paycodes")
    async def set_sheet_paycodes(self, actor: Actor, sheet_import_id: UUID, data: SheetPaycodes) -> SheetView:
        """Say what the paycodes of a sheet of staff stand for."""
        return await imports.set_paycodes(actor, sheet_import_id, data.paycodes)

    @post("/{sheet_import_id:uuid}/take-in", status_code=200)
    async def take_in_sheet_import(self, actor: Actor, sheet_import_id: UUID, data: SheetTaking) -> SheetView:
        """Begin to take it in; where cells are not right nothing is, unless those rows are left out."""
        return await imports.take_in_sheet(actor, sheet_import_id, leave_out=data.leave_out)

    @post("/{sheet_import_id:uuid}/stop", status_code=200)
    async def stop_sheet_import(self, actor: Actor, sheet_import_id: UUID) -> SheetView:
        """Take no further row in; what is done stays."""
        return await imports.stop_sheet(actor, sheet_import_id)

    @post("/{sheet_import_id:uuid}/go-on", status_code=200)
    async def go_on_with_sheet_import(self, actor: Actor, sheet_import_id: UUID) -> SheetView:
        """Take in the rest of a sheet that had stopped."""
        return await imports.go_on_with_sheet(actor, sheet_import_id)

    @post("/{sheet_import_id:uuid}/discard", status_code=200)
    async def discard_sheet_import(self, actor: Actor, sheet_import_id: UUID) -> SheetView:
        """Put a draft away; of a sheet that was stopped, leave the rest out."""
        return await imports.discard_sheet(actor, sheet_import_id)


def bytes_of(content: str) -> bytes:
    """The bytes of a file that travelled as base64."""
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        words = "Send the file's bytes in base64."
        fault = FieldError("content", "content.base64", words)
        raise Invalid("content.base64", "This is no base64.", words, fields=(fault,)) from None
