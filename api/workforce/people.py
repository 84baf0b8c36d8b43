"""Employees and the spreadsheets they come in."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from api.sheets import SheetColumns, bytes_of
from domain.paging import Page
from domain.tenancy import Actor
from services.sheets.views import SheetLine, SheetView
from services.workforce import employees, imports
from services.workforce.employees import EmployeeFacts, EmployeeView, Member


@dataclass(frozen=True, slots=True)
class EmployeeSheet:
    """A sheet by its name; `content` holds its bytes in base64."""

    name: str
    content: str


class Employees(Controller):
    """Employees."""

    path = "/employees"
    tags = ("Workforce",)

    @get("/")
    async def list_employees(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        team_id: UUID | None = None,
        skill_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[EmployeeView]:
        """Employees by name, of a team or with a skill."""
        return await employees.list_employees(actor, text, cursor, limit, active, team_id, skill_id)

    @post("/")
    async def add_employee(self, actor: Actor, data: EmployeeFacts) -> EmployeeView:
        """Add an employee."""
        return await employees.add_employee(actor, data)

    @get("/free-members")
    async def free_members(self, actor: Actor) -> list[Member]:
        """People who can sign in and stand behind no employee yet."""
        return await employees.free_members(actor)

    @get("/{employee_id:uuid}")
    async def get_employee(self, actor: Actor, employee_id: UUID) -> EmployeeView:
        """One of them with their skills; its ETag is its version."""
        return await employees.get_employee(actor, employee_id)

    @put("/{employee_id:uuid}")
    async def change_employee(
        self, actor: Actor, employee_id: UUID, data: EmployeeFacts, expected_version: int | None
    ) -> EmployeeView:
        """Replace an employee's facts and skills."""
        return await employees.change_employee(actor, employee_id, data, expected_version)

    @post("/{employee_id:uuid}/deactivate", status_code=200)
    async def deactivate_employee(
        self, actor: Actor, employee_id: UUID, data: Reason, expected_version: int | None
    ) -> EmployeeView:
        """Take an employee out of use."""
        return await employees.deactivate_employee(actor, employee_id, data.reason, expected_version)

    @post("/{employee_id:uuid}/reactivate", status_code=200)
    async def reactivate_employee(
        self, actor: Actor, employee_id: UUID, expected_version: int | None
    ) -> EmployeeView:
        """Take an employee back into use."""
        return await employees.reactivate_employee(actor, employee_id, expected_version)


class EmployeeFiles(Controller):
    """Sheets of employees: previewed, then taken in whole."""

    path = "/employee-files"
    tags = ("Workforce",)

    @get("/")
    async def list_employee_files(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[SheetLine]:
        """Sheets, newest first."""
        return await imports.list_employee_files(actor, cursor=cursor, limit=limit)

    @post("/")
    async def stage_employee_file(self, actor: Actor, data: EmployeeSheet) -> SheetView:
        """Keep an Excel sheet or CSV file as a draft, with its columns guessed and every fault at its cell."""
        return await imports.stage_employee_file(actor, data.name, bytes_of(data.content))

    @get("/{employee_import_id:uuid}")
    async def get_employee_file(self, actor: Actor, employee_import_id: UUID) -> SheetView:
        """A sheet with its preview."""
        return await imports.get_employee_file(actor, employee_import_id)

    @put("/{employee_import_id:uuid}/columns")
    async def map_employee_columns(
        self, actor: Actor, employee_import_id: UUID, data: SheetColumns
    ) -> SheetView:
        """Say which column holds what."""
        return await imports.map_employee_columns(actor, employee_import_id, data.mapping, data.headings_row)

    @post("/{employee_import_id:uuid}/take-in", status_code=200)
    async def take_in_employee_file(self, actor: Actor, employee_import_id: UUID) -> SheetView:
        """Take in every row, or none and the faults of each."""
        return await imports.take_in_employee_file(actor, employee_import_id)

    @post("/{employee_import_id:uuid}/discard", status_code=200)
    async def discard_employee_file(self, actor: Actor, employee_import_id: UUID) -> SheetView:
        """Put a draft away."""
        return await imports.discard_employee_file(actor, employee_import_id)
