"""A draft opened: its cells, the columns that its mapping names, what its rows come to, and what is shown of it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from database.crypto import TenantKey
from database.session import Session
from domain.refusals import FieldError, Invalid
from domain.sheets.columns import SheetRow, checked_mapping, headings_at
from domain.sheets.kinds import FORMS, Form, Kind
from services.sheets.views import CellFault, SheetLine, SheetRowView, SheetView

PREVIEWED = 50
MOST_FAULTS = 100
# What bodies are sealed for: the name under which the first of them were.
BODY = "employee_imports.body"
NAME = "sheet_imports.name"
_LINE = (
    "id", "status", "added", "changed", "same", "created_at", "kind", "total", "done", "refused", "left_out",
    "taking_at", "taken_at", "brought_by",
)  # fmt: skip


@dataclass(slots=True)
class Reading:
    """What a sheet comes to today; with faults or a problem it cannot be taken in. `outcomes` by the rows' numbers;
    `apart` are columns that hold something by their headings alone."""

    form: Form
    cells: list[list[str]]
    headings_row: int
    mapping: dict[str, int]
    name: str = ""
    given: dict[str, str] = field(default_factory=dict)
    apart: dict[str, int] = field(default_factory=dict)
    rows: Sequence[SheetRow] = ()
    plans: list[Any] = field(default_factory=list)
    outcomes: dict[int, tuple[str, str]] = field(default_factory=dict)
    problem: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """The cells of the row of headings."""
        return headings_at(self.cells, self.headings_row)

    def cells_at(self, number: int) -> list[str]:
        """The cells of a row under the headings."""
        width = len(self.headings)
        return (self.cells[number - 1] + [""] * width)[:width]

    def found(self, rows: Sequence[SheetRow]) -> None:
        """These are the rows; what each of them must say and does not is a fault."""
        self.rows = rows
        for row in rows:
            for name in self.form.required:
                if name not in row.texts:
                    row.fault(name, f"Enter: {self.form.fields[name].lower()}.")
        if not rows:
            self.problem = "The sheet holds no row below its headings."

    def faults(self) -> list[CellFault]:
        """Every fault at its cell."""
        places = self.apart | self.mapping
        found = [
            CellFault(row.number, places.get(name, -1), words)
            for row in self.rows
            for name, words in row.faults.items()
        ]
        return sorted(found, key=lambda one: (one.row, one.column))

    def count(self, outcome: str) -> int:
        """How many rows come to this."""
        return sum(found == outcome for found, _ in self.outcomes.values())


async def reading_of(session: Session, row: Any, form: Form) -> Reading:
    """A sheet opened, with the columns that its mapping names, before its rows are read."""
    cells = await cells_of(session, row)
    mapping = {name: number for name, number in json.loads(row["mapping"]).items() if name in form.fields}
    name = name_of(await session.key(), row)
    reading = Reading(form, cells, headings_row_of(row, cells), mapping, name, json.loads(row["given"]))
    try:
        checked_mapping(form.fields, lacking(form, reading.given), mapping, len(reading.headings))
    except Invalid as refusal:
        reading.problem = refusal.what_to_do
    return reading


def lacking(form: Form, given: Mapping[str, str]) -> list[str]:
    """What columns must hold, where it is not given for every row."""
    return [name for name in form.required if name not in given]


def headings_row_of(row: Any, cells: Sequence[Sequence[str]]) -> int:
    """Sheets that came before it was said have their headings in the first row that holds anything."""
    first = next((number for number, one in enumerate(cells, 1) if any(one)), 0)
    return int(row["headings_row"] or first)


async def cells_of(session: Session, row: Any) -> list[list[str]]:
    """The cells as they came."""
    key = await session.key()
    cells: list[list[str]] = await asyncio.to_thread(lambda: json.loads(key.open(BODY, row["body"])))
    return cells


def view_of(row: Any, reading: Reading, **more: Any) -> SheetView:
    """The file with its preview."""
    faults = reading.faults()
    return SheetView(
        line=line_of(row, reading.name),
        headings=list(reading.headings),
        headings_row=reading.headings_row,
        fields=reading.form.fields,
        required=list(reading.form.required),
        mapping=reading.mapping,
        given=reading.given,
        givable=list(reading.form.given),
        skill_columns=list(reading.apart.values()),
        rows=_preview(reading),
        faults=faults[:MOST_FAULTS],
        fault_count=len(faults),
        faulty_rows=len({one.row for one in faults}),
        row_count=len(reading.rows),
        new_count=reading.count("new"),
        changed_count=reading.count("changed"),
        same_count=reading.count("same"),
        problem=reading.problem,
        **more,
    )


def line_of(row: Any, name: str) -> SheetLine:
    """The line of a file."""
    label = FORMS[Kind(row["kind"])].label
    return SheetLine(name=name, kind_label=label, **{one: row[one] for one in _LINE})


def name_of(key: TenantKey, row: Any) -> str:
    """What the file is called; where nothing was kept of that, what it holds."""
    return key.open(NAME, row["name"]).decode() if row["name"] else FORMS[Kind(row["kind"])].noun


def refuse(reading: Reading) -> None:
    """Refuse a sheet that cannot be taken in, with every fault by its row and field."""
    if reading.problem:
        raise Invalid("sheet.mapping", "The sheet cannot be taken in yet.", reading.problem)
    faults = reading.faults()
    if faults:
        named = {number: name for name, number in reading.mapping.items()}
        fields = tuple(
            FieldError(f"rows.{one.row}.{named.get(one.column, one.column)}", "cell.invalid", one.message)
            for one in faults[:MOST_FAULTS]
        )
        count = "One cell is" if len(faults) == 1 else f"{len(faults):,} cells are"
        title = f"{count} not right; nothing was taken in."
        raise Invalid("sheet.invalid", title, fields[0].message, fields=fields)


def _preview(reading: Reading) -> list[SheetRowView]:
    """Faulty rows first: those are to be mended."""
    ordered = sorted(reading.rows, key=lambda row: not row.faults)[:PREVIEWED]
    outcomes = [reading.outcomes.get(row.number, ("wrong", "")) for row in ordered]
    return [
        SheetRowView(row.number, outcome, reading.cells_at(row.number), words)
        for row, (outcome, words) in zip(ordered, outcomes, strict=True)
    ]
