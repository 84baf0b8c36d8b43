"""Sheets of employees: chosen, their columns assigned, every fault seen at its cell, and taken in whole."""

from domain.paging import Page as Rows
from domain.refusals import Refusal
from domain.workforce.sheets import FIELDS, REQUIRED
from policies.permissions import Permission as P
from services.workforce import imports
from services.workforce.import_views import EmployeeFileLine, EmployeeFileRow, EmployeeFileView
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.forms import choice
from ui.parts.markup import Child, Markup, a, div, form, input_, label, li, p, small, span, ul
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import ago
from ui.workforce.tabs import team_tabs

SHOWN_COLUMNS = 14
# Of a column in the preview, in pixels: a wide sheet scrolls inside its card.
WIDTH = 135
_PLACE = "/team/employees/imports"
_LOOKS = {
    "draft": ("To be taken in", "warn"),
    "taken": ("Taken in", "ok"),
    "discarded": ("Put away", "neutral"),
}
_OUTCOMES = {
    "new": ("New", "ok"),
    "changed": ("Changed", "info"),
    "same": ("As known", "neutral"),
    "wrong": ("Not right", "bad"),
}


@page(_PLACE)
class EmployeeFiles(Page):
    """The sheets, newest first."""

    title = "Import employees"
    nav = "team"
    permission = P.WORKFORCE_MANAGE
    watches = frozenset({"sheet_imports"})

    found: Rows[EmployeeFileLine]

    async def load(self) -> None:
        self.found = await imports.list_employee_files(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        choose = label(
            "Choose a sheet",
            input_(type="file", cls="sr", data_upload="/upload/employees", accept=".xlsx,.csv,.tsv,.txt"),
            cls="button filled",
        )
        crumbs = (("Team", "/team"), ("Employees", "/team/employees"))
        return div(
            head("Import employees", choose, crumbs=crumbs),
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
        columns = [
            Column[EmployeeFileLine](
                "Sheet", lambda one: a(one.name, href=f"{_PLACE}/{one.id}"), "clip wide"
            ),
            Column[EmployeeFileLine]("", lambda one: chip(*_LOOKS[one.status]), "tight"),
            Column[EmployeeFileLine]("New", lambda one: f"{one.added:,}", "right"),
            Column[EmployeeFileLine]("Changed", lambda one: f"{one.changed:,}", "right"),
            Column[EmployeeFileLine]("As known", lambda one: f"{one.same:,}", "right"),
            Column[EmployeeFileLine]("When", lambda one: ago(one.created_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"{_PLACE}/{one.id}",
                key=lambda one: one.id,
                label="Sheets",
            ),
            table.pager(_PLACE, self.query, self.found.next, len(self.found.items)),
        )


@page(_PLACE + "/{employee_import_id}")
class EmployeeFile(Page):
    """One sheet before and after it was taken in."""

    title = "Sheet of employees"
    nav = "team"
    permission = P.WORKFORCE_MANAGE
    watches = frozenset({"sheet_imports"})

    view: EmployeeFileView

    async def load(self) -> None:
        self.view = await imports.get_employee_file(self.actor, self.id("employee_import_id"))

    def body(self) -> Markup:
        line = self.view.line
        crumbs = (("Team", "/team"), ("Employees", "/team/employees"), ("Import", _PLACE))
        return div(
            head((line.name, " ", chip(*_LOOKS[line.status])), *self._actions(), crumbs=crumbs),
            self._verdict(),
            self._columns() if line.status == "draft" else None,
            self._rows() if line.status == "draft" else None,
        )

    def _actions(self) -> tuple[Child, ...]:
        view = self.view
        if view.line.status != "draft":
            return ()
        put_away = action("Put away", "discard")
        if view.fault_count or view.problem:
            return (put_away,)
        rows = "1 row" if view.row_count == 1 else f"{view.row_count:,} rows"
        return put_away, action(f"Take in {rows}", "take_in", look="filled", key="t")

    def _verdict(self) -> Markup:
        view = self.view
        if view.line.status == "taken":
            words = f"{view.line.changed:,} were changed, {view.line.same:,} were as known."
            return notice("ok", f"{view.line.added:,} employees added.", words)
        if view.line.status == "discarded":
            return notice("info", "Put away.", "Nothing of it was taken in.")
        if view.problem:
            return notice("warn", "The sheet cannot be read yet.", view.problem)
        if view.fault_count:
            lines = [
                li(span(self._cell(one.row, one.column), cls="mono"), " ", one.message)
                for one in view.faults[:20]
            ]
            count = "One cell is" if view.fault_count == 1 else f"{view.fault_count} cells are"
            return notice("bad", f"{count} not right; nothing can be taken in.", ul(lines))
        words = f"{view.new_count:,} new, {view.changed_count:,} changed, {view.same_count:,} as known."
        return notice("info", "Ready to be taken in.", words)

    def _cell(self, row: int, column: int) -> str:
        """A cell as a spreadsheet names it: `C7`."""
        letters, left = "", column + 1
        while left:
            left, place = divmod(left - 1, 26)
            letters = chr(ord("A") + place) + letters
        return f"{letters}{row}"

    def _columns(self) -> Markup:
        options = [
            (str(number), heading or f"Column {number + 1}")
            for number, heading in enumerate(self.view.headings)
            if number not in self.view.skill_columns
        ]
        now = self.view.mapping
        choices = [
            choice(
                f"column_{name}",
                words,
                options,
                str(now.get(name, "")),
                prompt="none",
                required=name in REQUIRED,
                errors=self.errors,
            )
            for name, words in FIELDS.items()
        ]
        hint = "Skills are written as Denials: 4; Coding: 2. A column headed Skill: Denials holds a level by itself."
        return card(
            "Columns",
            form(
                div(choices, cls="fields"),
                p(hint, cls="faint", style="margin: 10px 0"),
                submit("Read again", look=""),
                data_do="map",
            ),
        )

    def _rows(self) -> Child:
        view = self.view
        if not view.rows:
            return None
        used = sorted({*view.mapping.values(), *view.skill_columns})[:SHOWN_COLUMNS]
        faults = {(one.row, one.column): one.message for one in view.faults}
        columns = [
            Column[EmployeeFileRow]("Row", lambda one: str(one.number), "right tight"),
            Column[EmployeeFileRow]("", lambda one: chip(*_OUTCOMES[one.outcome]), "tight"),
            *(self._column(number, faults) for number in used),
        ]
        more = view.row_count - len(view.rows)
        return card(
            "Rows of the sheet",
            div(
                div(
                    table.rows(columns, view.rows, label="Rows of the sheet"),
                    style=f"min-width: {WIDTH * len(used)}px",
                ),
                style="overflow-x: auto",
            ),
            p(f"and {more:,} more.", cls="faint card-body") if more > 0 else None,
            look="flush",
        )

    def _column(self, number: int, faults: dict[tuple[int, int], str]) -> Column[EmployeeFileRow]:
        def shown(one: EmployeeFileRow) -> Child:
            words = faults.get((one.number, number))
            if words is None:
                return one.cells[number]
            return span(chip(one.cells[number] or "empty", "bad", title=words), small(words, cls="sub"))

        return Column[EmployeeFileRow](self.view.headings[number] or f"Column {number + 1}", shown)

    async def do_map(self, event: Event) -> None:
        """Read the sheet by other columns."""
        typed = {name: event.text(f"column_{name}") for name in FIELDS}
        mapping = {
            name: int(text)
            for name, text in typed.items()
            if text.isascii() and text.isdigit() and len(text) < 5
        }
        try:
            await imports.map_employee_columns(self.actor, self.view.line.id, mapping)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.tell("bad", refusal.title, " ".join(fault.message for fault in refusal.fields))

    async def do_take_in(self, event: Event) -> None:
        """Take in every row."""
        done = await imports.take_in_employee_file(self.actor, self.view.line.id)
        words = f"{done.line.changed:,} were changed, {done.line.same:,} were as known."
        self.tell("ok", f"{done.line.added:,} employees added.", words)

    async def do_discard(self, event: Event) -> None:
        """Put the draft away."""
        await imports.discard_employee_file(self.actor, self.view.line.id)
        self.go(_PLACE)
