"""Moves of patients between coordinators: the list, and one move with the outcome of every patient and the way back."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.care import moves
from services.care.moves import CareMovedRow, CareMoveLine, CareMoveView
from ui.care.tabs import care_tabs
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, day
from ui.reassignment.moving import MovePage, outcome

_EMPTY = "What is proposed under Assignment or Forecast stands here: who goes where, how far it is, and the way back."


@page("/care/assignment/moves")
class CareMoves(Page):
    """All moves of patients."""

    title = "Moves of patients"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = frozenset({"care_moves"})

    found: Rows[CareMoveLine]

    async def load(self) -> None:
        self.found = await moves.list_care_moves(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        export = export_menu("care-moves") if self.found.items else None
        return div(
            head(self.title, export, crumbs=(("Assignment", "/care/assignment"),)),
            care_tabs(self.actor, "/care/assignment"),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("Nobody was moved yet.", _EMPTY, link("Assignment", "/care/assignment"))
        columns = [
            Column[CareMoveLine]("Move", lambda one: a(one.reference, href=_path(one)), "mono tight"),
            Column[CareMoveLine]("State", lambda one: chip(one.state_label, one.tone), "tight"),
            Column[CareMoveLine]("How long", _until, "tight"),
            Column[CareMoveLine]("Patients", lambda one: f"{one.total:,}", "right tight"),
            Column[CareMoveLine]("Moved", lambda one: f"{one.done:,}", "right tight"),
            Column[CareMoveLine]("Came back", lambda one: f"{one.back:,}", "right tight optional-column"),
            Column[CareMoveLine]("Proposed by", lambda one: one.requested_by_name, "clip wide"),
            Column[CareMoveLine]("", lambda one: ago(one.created_at, self.zone), "right tight"),
        ]
        rows = table.rows(
            columns, self.found.items, href=_path, key=lambda one: one.id, label="Moves of patients"
        )
        return div(rows, table.pager(self.path, self.query, self.found.next, len(self.found.items)))


@page("/care/assignment/moves/{care_move_id}")
class CareMovePage(MovePage):
    """The page of one move."""

    title = "Move of patients"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = frozenset({"care_moves"})
    what = "patients"
    kind = "care_move"
    crumb = ("Moves of patients", "/care/assignment/moves")
    rests = "They return by themselves."
    acts = {
        "cancel": ("Cancel the move", "Nobody is moved.", moves.cancel_care_move),
        "return_now": (
            "Return them now",
            "Whoever is still with their new coordinator goes back at once.",
            moves.return_care_move,
        ),
        "undo": (
            "Undo the move",
            "Whoever their new coordinator has not begun with goes back; the others stay.",
            moves.undo_care_move,
        ),
    }

    one: CareMoveView
    rows: Rows[CareMovedRow]

    async def load(self) -> None:
        self.one = await moves.get_care_move(self.actor, self.id("care_move_id"))
        self.rows = await moves.care_moved_rows(
            self.actor,
            self.one.id,
            refused=self.query.get("show") == "refused",
            cursor=self.query.get("after"),
        )

    def under(self) -> Child:
        line = self.one.line
        patients = "1 patient" if line.total == 1 else f"{line.total:,} patients"
        return (
            span(patients, " · ", line.mode_label),
            line.until and span("they return on ", day(line.until)),
            span("proposed by ", line.requested_by_name, " ", ago(line.created_at, self.zone)),
        )

    def items(self) -> Child:
        line, only = self.one.line, self.query.get("show") == "refused"
        columns = [
            Column[CareMovedRow](
                "Patient", lambda one: a(one.patient_name, href=f"/care/{one.enrolment_id}"), "tight"
            ),
            Column[CareMovedRow]("From", lambda one: one.from_name or small("nobody", cls="faint"), "tight"),
            Column[CareMovedRow]("To", lambda one: one.to_name, "tight"),
            Column[CareMovedRow]("Outcome", outcome, "wrap"),
            Column[CareMovedRow]("Why", lambda one: small(one.why, cls="faint"), "wrap optional-column"),
        ]
        chips = div(
            filter_chip("All", address(self.here, self.query, show=None), on=not only),
            filter_chip(
                "Not moved", address(self.here, self.query, show="refused"), on=only, count=line.refused
            ),
            export_menu("care-moved", tiny=True, move=str(line.id), show=self.query.get("show")),
            cls="filters",
        )
        listed = (
            table.rows(columns, self.rows.items, key=lambda one: one.enrolment_id, label="Patients")
            if self.rows.items
            else p("None.", cls="faint")
        )
        pages = table.pager(self.here, self.query, self.rows.next, len(self.rows.items))
        return card("Patients", div(chips, listed, pages))


def _path(one: CareMoveLine) -> str:
    return f"/care/assignment/moves/{one.id}"


def _until(one: CareMoveLine) -> Child:
    return span("until ", day(one.until)) if one.until else one.mode_label
