"""Moves of patients between coordinators: the list, and one move with the outcome of every patient and the way back."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.care import moves
from services.care.moves import MovedPatient
from services.reassignment.views import MoveLine
from ui.care.tabs import care_tabs
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, small, span
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

    found: Rows[MoveLine]

    async def load(self) -> None:
        self.found = await moves.list_care_moves(
            self.actor, under_way=self._only, cursor=self.query.get("after")
        )

    @property
    def _only(self) -> bool:
        return self.query.get("show") == "under_way"

    def body(self) -> Markup:
        export = export_menu("care-moves", show=self.query.get("show")) if self.found.items else None
        return div(
            head(self.title, export, crumbs=(("Assignment", "/care/assignment"),)),
            care_tabs(self.actor, "/care/assignment"),
            div(
                filter_chip("All", address(self.path, self.query, show=None), on=not self._only),
                filter_chip("Under way", address(self.path, self.query, show="under_way"), on=self._only),
                cls="filters",
            ),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items and self._only:
            return empty("No move is under way.", _EMPTY, link("All moves", self.path))
        if not self.found.items:
            return empty("Nobody was moved yet.", _EMPTY, link("Assignment", "/care/assignment"))
        columns = [
            Column[MoveLine]("Move", lambda one: a(one.reference, href=_path(one)), "mono tight"),
            Column[MoveLine]("State", lambda one: chip(one.state_label, one.tone), "tight"),
            Column[MoveLine]("How long", _until, "tight"),
            Column[MoveLine]("Patients", lambda one: f"{one.total:,}", "right tight"),
            Column[MoveLine]("Moved", lambda one: f"{one.done:,}", "right tight"),
            Column[MoveLine]("Came back", lambda one: f"{one.back:,}", "right tight optional-column"),
            Column[MoveLine]("Proposed by", lambda one: one.requested_by_name, "clip wide"),
            Column[MoveLine]("", lambda one: ago(one.created_at, self.zone), "right tight"),
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
    export = "care-moved"
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

    rows: Rows[MovedPatient]

    async def load(self) -> None:
        self.one = await moves.get_care_move(self.actor, self.id("care_move_id"))
        self.rows = await moves.care_moved_rows(self.actor, self.one.id, **self.asked)

    def under(self) -> Child:
        line = self.one.line
        patients = "1 patient" if line.total == 1 else f"{line.total:,} patients"
        return (
            span(patients, " · ", line.mode_label),
            line.until and span("they return on ", day(line.until)),
            span("proposed by ", line.requested_by_name, " ", ago(line.created_at, self.zone)),
        )

    def columns(self) -> list[Column[MovedPatient]]:
        return [
            Column("Patient", lambda one: a(one.patient_name, href=f"/care/{one.enrolment_id}"), "tight"),
            Column("From", lambda one: one.from_name or small("nobody", cls="faint"), "tight"),
            Column("To", lambda one: one.to_name, "tight"),
            Column("Outcome", outcome, "wrap"),
            Column("Why", lambda one: small(one.why, cls="faint"), "wrap optional-column"),
        ]

    def row_key(self, one: MovedPatient) -> object:
        return one.enrolment_id


def _path(one: MoveLine) -> str:
    return f"/care/assignment/moves/{one.id}"


def _until(one: MoveLine) -> Child:
    return span("until ", day(one.until)) if one.until else one.mode_label
