"""What the pages of moves share, of work and of patients: how far a move is, why, and the way back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from domain.paging import Page as Rows
from domain.reassignment.process import PORTIONED, State
from domain.tenancy import Actor
from services.reassignment.views import MovedRow, MoveView
from ui.page import Event, Page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, div, li, ol, p, small
from ui.parts.progress import bar
from ui.parts.states import notice
from ui.parts.table import Column, address
from ui.parts.times import ago, moment
from ui.work.history import who_did

Act = tuple[str, str, Callable[[Actor, UUID, str], Awaitable[Any]]]
"""What can be done with a move: its words, what that means, and the service."""


class MovePage(Page):
    """The page of one move; `what` it moves, as the plural, and the list that it stands in."""

    acts: ClassVar[Mapping[str, Act]]
    what: ClassVar[str]
    kind: ClassVar[str]
    crumb: ClassVar[tuple[str, str]]
    rests: ClassVar[str]
    export: ClassVar[str]

    one: MoveView
    rows: Rows[Any]

    @property
    def name(self) -> str:
        """Which move it is."""
        return self.one.line.reference if self.loaded else self.title

    def under(self) -> Child:
        """Whose move it is, and until when."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column[Any]]:
        """What moves, each with its outcome."""
        raise NotImplementedError

    def row_key(self, one: Any) -> object:
        """What tells a row of it from the others."""
        raise NotImplementedError

    @property
    def asked(self) -> dict[str, Any]:
        """Which rows the address asks for."""
        return {"refused": self.query.get("show") == "refused", "cursor": self.query.get("after")}

    def aside(self) -> Child:
        """What stands beside the process."""
        return None

    def body(self) -> Markup:
        line = self.one.line
        words = f"Process of the move: {line.state_label}"
        left = div(self._progress(), self._said(), self._rows())
        right = div(
            where_it_stands(self.one.diagram, words, self.kind, line.id),
            self.aside(),
            card("What happened", self._history()),
        )
        title = (line.reference, chip(line.state_label, line.tone))
        return div(
            head(title, self._menu(), self._next(), under=self.under(), crumbs=(self.crumb,)),
            div(left, right, cls="columns"),
        )

    def _next(self) -> Child:
        if self.one.line.state == State.WAITING and self.one.line.approval_id:
            return link("See the approval", f"/approvals/{self.one.line.approval_id}", look="filled", key="o")
        return "undo" in self.one.may and action("Undo", "ask_end", key="u", data_act="undo")

    def _menu(self) -> Child:
        entries = [
            entry(self.acts[one][0], "ask_end", tone="bad" if one == "cancel" else "", data_act=one)
            for one in self.one.may
            if one != "undo"
        ]
        return more(*entries) if entries else None

    def _progress(self) -> Child:
        line = self.one.line
        if line.state not in PORTIONED:
            return None
        worked, whole = (
            (line.done + line.refused, line.total) if line.state == State.MOVING else (line.back, line.done)
        )
        return notice("info", f"{worked:,} of {whole:,} {self.what}.", bar(worked, whole))

    def _said(self) -> Child:
        one, line = self.one, self.one.line
        rests = {State.LENT: self.rests, State.MOVED: "Until then it can be undone."}
        waits = rests.get(State(line.state))
        return [
            card("Why", p(one.reason)),
            one.end_reason and notice("info", f"{line.state_label}:", one.end_reason),
            waits and one.until_moment and notice("info", waits, moment(one.until_moment, self.zone)),
        ]

    def _rows(self) -> Markup:
        line, only, what = self.one.line, self.query.get("show") == "refused", self.what.capitalize()
        chips = div(
            filter_chip("All", address(self.here, self.query, show=None), on=not only),
            filter_chip(
                "Not moved", address(self.here, self.query, show="refused"), on=only, count=line.refused
            ),
            export_menu(self.export, tiny=True, move=str(line.id), show=self.query.get("show")),
            cls="filters",
        )
        listed: Child = p("None.", cls="faint")
        if self.rows.items:
            listed = table.rows(self.columns(), self.rows.items, key=self.row_key, label=what)
        pages = table.pager(self.here, self.query, self.rows.next, len(self.rows.items))
        return card(what, div(chips, listed, pages))

    def _history(self) -> Markup:
        rows = [
            li(p(one.summary), small(who_did(one.actor_name), " · ", ago(one.at, self.zone)), cls="info")
            for one in self.one.events
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_ask_end(self, event: Event) -> None:
        """Ask why."""
        act = event.args.get("act", "")
        if act not in self.acts:
            return
        title, said, _ = self.acts[act]
        words = long_text("reason", "Why", errors=self.errors, required=True, autofocus=True)
        self.dialog = form_window(title, "end", title, words, explanation=said, act=act)

    async def do_end(self, event: Event) -> None:
        """Do it."""
        act = event.args.get("act", "")
        if act not in self.acts:
            return
        self.one = await self.acts[act][2](self.actor, self.one.id, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Told.", self.acts[act][1])


def outcome(one: MovedRow) -> Child:
    """What became of a row."""
    if one.code is None:
        return chip("Not yet", "neutral")
    if one.code:
        return div(chip("Not moved", "warn"), " ", small(one.message))
    if one.back_code is None:
        return chip("Moved", "ok")
    if one.back_code:
        return div(chip("Stays", "info"), " ", small(one.back_message))
    return chip("Came back", "ok")
