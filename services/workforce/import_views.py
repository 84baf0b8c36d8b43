"""What an import of employees shows: its columns, its first rows, and every fault at its cell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EmployeeFileLine:
    """A file in the list. `status` is draft, taken or discarded; the counts are those of the taking in."""

    id: UUID
    name: str
    status: str
    added: int
    changed: int
    same: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell: its row in the sheet, its column (from 0), and what to do."""

    row: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class EmployeeFileRow:
    """A row of the preview by its number in the sheet. `outcome` is new, changed, same or wrong."""

    number: int
    outcome: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class EmployeeFileView:
    """A file before and after it was taken in. `mapping` names columns from 0; the preview shows faulty rows first.

    `problem` says why no row can be read at all, when columns are not assigned yet.
    """

    line: EmployeeFileLine
    headings: list[str]
    mapping: dict[str, int]
    skill_columns: list[int]
    rows: list[EmployeeFileRow]
    faults: list[CellFault]
    fault_count: int
    row_count: int
    new_count: int
    changed_count: int
    same_count: int
    problem: str

    @property
    def id(self) -> UUID:
        """The file's own id."""
        return self.line.id
