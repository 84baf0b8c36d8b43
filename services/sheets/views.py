"""What an import shows: its columns, its first rows, every fault at its cell, and how far it was taken in."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A file in the list. `status` is draft, taking, taken, stopped or discarded; the counts are rows of the taking in.

    `done` of `total` rows have their outcome; `refused` of those were not taken in; `left_out` were faulty before.
    """

    id: UUID
    name: str
    status: str
    added: int
    changed: int
    same: int
    created_at: datetime
    kind: str
    kind_label: str
    total: int
    done: int
    refused: int
    left_out: int
    taking_at: datetime | None
    taken_at: datetime | None
    brought_by: str


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell: its row in the sheet, its column (from 0; -1 where no column holds it), and what to do."""

    row: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class SheetRowView:
    """A row of the preview by its number in the sheet. `outcome` is new, changed, same or wrong, `words` what it comes
    to; after the taking in, `refused` rows say why."""

    number: int
    outcome: str
    cells: list[str]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Paycode:
    """A paycode in the sheet, and what it says of somebody; `credential` is empty while nobody has said."""

    code: str
    credential: str
    job_title: str
    rows: int


@dataclass(frozen=True, slots=True)
class SheetView:
    """A file before and after it was taken in. `fields` are what a column may hold, by name, and `required` those without
    which no row can be read; `mapping` names columns from 0, `headings_row` counts from 1 as the sheet does; `given`
    holds in every row whose cells do not say it, of the fields that are `givable`. The preview
    shows faulty rows first. `problem` says why no row can be read at all, when columns are not assigned yet.
    """

    line: SheetLine
    headings: list[str]
    headings_row: int
    fields: dict[str, str]
    required: list[str]
    mapping: dict[str, int]
    given: dict[str, str]
    givable: list[str]
    skill_columns: list[int]
    rows: list[SheetRowView]
    faults: list[CellFault]
    fault_count: int
    faulty_rows: int
    row_count: int
    new_count: int
    changed_count: int
    same_count: int
    problem: str
    paycodes: list[Paycode] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The file's own id."""
        return self.line.id
