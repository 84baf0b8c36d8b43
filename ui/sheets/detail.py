"""One sheet before, while and after it is taken in: its columns, its rows with every fault at its cell, what came of it."""

from abc import abstractmethod
from datetime import UTC, datetime

from xlsxwriter.utility import xl_col_to_name

from domain.refusals import Refusal
from services.sheets.views import SheetRowView, SheetView
from ui.page import Event, Page
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, field
from ui.parts.markup import Child, Markup, div, form, li, p, small, span, ul
from ui.parts.progress import bar, time_left
from ui.parts.states import notice
from ui.parts.table import Column
from ui.sheets.listing import LOOKS

SHOWN_COLUMNS = 14
# Of a column in the preview, in pixels: a wide sheet scrolls inside its card.
WIDTH = 135
_OUTCOMES = {
    "new": ("New", "ok"),
    "changed": ("Changed", "info"),
    "same": ("As known", "neutral"),
    "wrong": ("Not right", "bad"),
    "refused": ("Refused", "bad"),
}


class SheetPage(Page):
    """What the pages of every kind of sheet share; each says whose sheets it shows and asks its own services."""

    place = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    noun = "rows"
    watches = frozenset({"sheet_imports"})

    view: SheetView

    @abstractmethod
    async def assign(
        self, mapping: dict[str, int], headings_row: int | None = None, given: dict[str, str] | None = None
    ) -> None:
        """Read the sheet by other columns, or by its headings in another row; `given` holds where a cell is empty."""

    @abstractmethod
    async def take_in(self, *, leave_out: bool) -> SheetView:
        """Take it in, or begin to."""

    @abstractmethod
    async def put_away(self) -> None:
        """Put the draft away."""

    def body(self) -> Markup:
        line = self.view.line
        drafted = line.status == "draft"
        return div(
            head(
                (line.name, " ", chip(*LOOKS[line.status])),
                *self.actions(),
                under=line.kind_label,
                crumbs=self.crumbs,
            ),
            self._verdict(),
            self.between() if drafted else None,
            self._columns() if drafted else None,
            self._rows(),
        )

    def between(self) -> Child:
        """What a kind asks beside the columns."""
        return None

    def hint(self) -> str:
        """How cells of this kind are written, where that is not plain."""
        return ""

    def can_leave_out(self) -> bool:
        """Whether rows that are not right may be left out."""
        return False

    def actions(self) -> tuple[Child, ...]:
        """What can be done with it now."""
        view = self.view
        if view.line.status != "draft":
            return (self._export_refused(view.line.refused),)
        put_away = action("Put away", "discard")
        faulty, good = view.faulty_rows, view.row_count - view.faulty_rows
        if view.problem:
            return (put_away,)
        if faulty:
            leave = self.can_leave_out() and good
            act = action(f"Take in {_rows_of(good)}, leave {faulty:,} out", "leave_out") if leave else None
            return put_away, self._export_refused(faulty), act
        return put_away, action(f"Take in {_rows_of(view.row_count)}", "take_in", look="filled", key="t")

    def _export_refused(self, count: int) -> Child:
        if not count or not self.can_leave_out():
            return None
        return export_menu("sheet-faults", words="Faulty rows", sheet=str(self.view.id))

    def _verdict(self) -> Markup:
        view, line = self.view, self.view.line
        if line.status == "taking":
            return self._progress()
        if line.status == "stopped":
            words = f"{line.done:,} of {line.total:,} rows are done; the others wait."
            acts = (action("Go on", "go_on", look="filled"), action("Leave the rest out", "leave_rest"))
            return notice("warn", "Stopped.", words, acts)
        if line.status == "taken":
            out = f" {line.left_out:,} were left out." if line.left_out else ""
            refused = f" {line.refused:,} were refused: see below." if line.refused else ""
            words = f"{line.changed:,} were changed, {line.same:,} were as known.{refused}{out}"
            return notice("warn" if line.refused else "ok", f"{line.added:,} {self.noun} added.", words)
        if line.status == "discarded":
            return notice("info", "Put away.", "Nothing of it was taken in.")
        if view.problem:
            return notice("warn", "The sheet cannot be read yet.", view.problem)
        if view.fault_count:
            return self._faults()
        words = f"{view.new_count:,} new, {view.changed_count:,} changed, {view.same_count:,} as known."
        return notice("info", "Ready to be taken in.", words)

    def _faults(self) -> Markup:
        view = self.view
        lines = [
            li(span(self._cell(one.row, one.column), cls="mono"), " ", one.message)
            for one in view.faults[:20]
        ]
        count = "One cell is" if view.fault_count == 1 else f"{view.fault_count:,} cells are"
        if self.can_leave_out():
            title = f"{count} not right, in {_rows_of(view.faulty_rows)}."
            return notice("bad", title, ul(lines))
        return notice("bad", f"{count} not right; nothing can be taken in.", ul(lines))

    def _progress(self) -> Markup:
        line = self.view.line
        left = ""
        if line.done and line.taking_at:
            spent = (datetime.now(UTC) - line.taking_at).total_seconds()
            left = f", {time_left(spent * (line.total - line.done) / line.done)}"
        told = span(
            bar(line.done, line.total), f" {line.done:,} of {line.total:,}{left}. It goes on without you."
        )
        return notice("info", f"Taking in {_rows_of(line.total)}.", told, (action("Stop", "stop"),))

    def _cell(self, row: int, column: int) -> str:
        """A cell as a spreadsheet names it: `C7`; the row alone where no column holds it."""
        return f"{xl_col_to_name(column)}{row}" if column >= 0 else f"Row {row}"

    def _columns(self) -> Markup:
        view = self.view
        options = [
            (str(number), heading or f"Column {xl_col_to_name(number)}")
            for number, heading in enumerate(view.headings)
            if number not in view.skill_columns
        ]
        choices = [
            choice(
                f"column_{name}",
                words,
                options,
                str(view.mapping.get(name, "")),
                prompt="none",
                required=name in view.required and name not in view.givable,
                errors=self.errors,
            )
            for name, words in view.fields.items()
        ]
        hint = p(self.hint(), cls="faint", style="margin: 10px 0")
        return card(
            "Columns",
            self._headings_row(),
            form(
                div(choices, cls="fields"), self._given(), hint, submit("Read again", look=""), data_do="map"
            ),
        )

    def _given(self) -> Child:
        """What no column says because it is the same in every row."""
        view = self.view
        if not view.givable:
            return None
        boxes = [
            field(f"given_{name}", view.fields[name], view.given.get(name, ""), errors=self.errors)
            for name in view.givable
        ]
        words = p("For every row whose cells do not say it:", style="margin: 16px 0 8px")
        return div(words, div(boxes, cls="fields"))

    def _headings_row(self) -> Markup:
        """A form of its own: no column needs to be chosen before the row is right."""
        held = self.view.headings_row
        row = field(
            "headings_row",
            "Headings are in row",
            held,
            errors=self.errors,
            required=True,
            inputmode="numeric",
        )
        beside = "display: flex; align-items: end; gap: 8px; max-width: 320px; margin-bottom: 16px"
        return form(div(row, submit("Use this row", look=""), style=beside), data_do="use_row")

    def _rows(self) -> Child:
        view = self.view
        if not view.rows:
            return None
        used = sorted({*view.mapping.values(), *view.skill_columns})[:SHOWN_COLUMNS]
        faults = {(one.row, one.column): one.message for one in view.faults}
        said = any(one.words for one in view.rows)
        columns = [
            Column[SheetRowView]("Row", lambda one: str(one.number), "right tight"),
            Column[SheetRowView]("", lambda one: chip(*_OUTCOMES[one.outcome]), "tight"),
            *([Column[SheetRowView]("Comes to", lambda one: one.words)] if said else []),
            *(self._column(number, faults) for number in used),
        ]
        whole = view.row_count if view.line.status == "draft" else view.line.refused
        more = whole - len(view.rows)
        return card(
            "Rows of the sheet" if view.line.status == "draft" else "Rows that were refused",
            div(
                div(
                    table.rows(columns, view.rows, label="Rows of the sheet"),
                    style=f"min-width: {WIDTH * (len(used) + said)}px",
                ),
                style="overflow-x: auto",
            ),
            p(f"and {more:,} more.", cls="faint card-body") if more > 0 else None,
            look="flush",
        )

    def _column(self, number: int, faults: dict[tuple[int, int], str]) -> Column[SheetRowView]:
        def shown(one: SheetRowView) -> Child:
            words = faults.get((one.number, number))
            if words is None:
                return one.cells[number]
            return span(chip(one.cells[number] or "empty", "bad", title=words), small(words, cls="sub"))

        return Column[SheetRowView](self.view.headings[number] or f"Column {number + 1}", shown)

    async def do_map(self, event: Event) -> None:
        """Read the sheet by other columns."""
        typed = {name: event.text(f"column_{name}") for name in self.view.fields}
        mapping = {name: number for name, text in typed.items() if (number := _number(text)) is not None}
        try:
            given = {name: event.text(f"given_{name}") for name in self.view.givable}
            await self.assign(mapping, given=given)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.tell("bad", refusal.title, " ".join(fault.message for fault in refusal.fields))

    async def do_use_row(self, event: Event) -> None:
        """Read the headings from another row; what was chosen among the old ones says nothing of them."""
        await self.assign({}, _number(event.text("headings_row")) or 0)

    async def do_take_in(self, event: Event) -> None:
        """Take in every row."""
        done = await self.take_in(leave_out=False)
        if done.line.status == "taken":
            words = f"{done.line.changed:,} were changed, {done.line.same:,} were as known."
            self.tell("ok", f"{done.line.added:,} {self.noun} added.", words)

    async def do_discard(self, event: Event) -> None:
        """Put the draft away."""
        await self.put_away()
        self.go(self.place)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _rows_of(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
