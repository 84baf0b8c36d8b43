"""Sheets of employees: chosen, their columns assigned, every fault seen at its cell, and taken in whole."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.sheets.views import SheetLine, SheetView
from services.workforce import imports
from ui.page import Page, page
from ui.parts.cards import head
from ui.parts.markup import Markup, div
from ui.parts.states import empty
from ui.sheets.detail import SheetPage
from ui.sheets.listing import choose, sheet_list
from ui.workforce.tabs import team_tabs

_PLACE = "/team/employees/imports"


@page(_PLACE)
class EmployeeFiles(Page):
    """The sheets, newest first."""

    title = "Import employees"
    nav = "team"
    permission = P.WORKFORCE_MANAGE
    watches = frozenset({"sheet_imports"})

    found: Rows[SheetLine]

    async def load(self) -> None:
        self.found = await imports.list_employee_files(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        crumbs = (("Team", "/team"), ("Employees", "/team/employees"))
        return div(
            head("Import employees", choose("/upload/employees"), crumbs=crumbs),
            team_tabs("/team/employees", self.may),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            words = (
                "Choose an Excel sheet or a CSV file with headings. It is shown first, with every fault at its cell;"
                " nothing is taken in before you say so. An export of the list is a good beginning."
            )
            return empty("No sheets yet.", words)
        return sheet_list(_PLACE, self.query, self.found, self.zone)


@page(_PLACE + "/{employee_import_id}")
class EmployeeFile(SheetPage):
    """One sheet before and after it was taken in."""

    title = "Sheet of employees"
    nav = "team"
    permission = P.WORKFORCE_MANAGE
    place = _PLACE
    noun = "employees"
    crumbs = (("Team", "/team"), ("Employees", "/team/employees"), ("Import", _PLACE))

    async def load(self) -> None:
        self.view = await imports.get_employee_file(self.actor, self.id("employee_import_id"))

    def hint(self) -> str:
        return "Skills are written as Denials: 4; Coding: 2. A column headed Skill: Denials holds a level by itself."

    async def assign(
        self, mapping: dict[str, int], headings_row: int | None = None, given: dict[str, str] | None = None
    ) -> None:
        await imports.map_employee_columns(self.actor, self.view.id, mapping, headings_row)

    async def take_in(self, *, leave_out: bool) -> SheetView:
        return await imports.take_in_employee_file(self.actor, self.view.id)

    async def put_away(self) -> None:
        await imports.discard_employee_file(self.actor, self.view.id)
