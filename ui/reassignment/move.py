"""One move of work: how far it is, the outcome of every item, and the way back."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain.paging import Page as Rows
from domain.reassignment.process import PORTIONED, State
from domain.refusals import Invalid
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.reassignment import asking, reading
from services.reassignment.views import MovedRow, MoveView, Receiver
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, li, ol, p, progress, small, span
from ui.parts.states import notice
from ui.parts.table import Column, address
from ui.parts.times import ago, day, moment
from ui.work.history import who_did

_LIST = "/team/reassign"
_ACTS: dict[str, tuple[str, str, Callable[[Actor, UUID, str], Awaitable[MoveView]]]] = {
    "cancel": ("Cancel the move", "Nothing is moved.", asking.cancel_move),
    "return_now": (
        "Return it now",
        "What is unfinished goes back at once; what is finished stays so.",
        asking.return_now,
    ),
    "undo": ("Undo the move", "What nobody has touched since goes back; the rest stays.", asking.undo_move),
}


@page("/team/reassign/{reassignment_id}")
class Move(Page):
    """The page of one move."""

    title = "Move of work"
    nav = "team"
    permission = P.WORK_ASSIGN
    watches = frozenset({"reassignments"})

    one: MoveView
    rows: Rows[MovedRow]

    @property
    def name(self) -> str:
        """Which move it is."""
        return self.one.line.reference if self.loaded else self.title

    async def load(self) -> None:
        self.one = await reading.get_move(self.actor, self.id("reassignment_id"))
        self.rows = await reading.moved_rows(
            self.actor,
            self.one.id,
            refused=self.query.get("show") == "refused",
            cursor=self.query.get("after"),
        )

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        under = (
            span("Work of ", line.from_name, " · ", line.mode_label),
            line.until and span("returns on ", day(line.until)),
            span("asked by ", line.requested_by_name, " ", ago(line.created_at, self.zone)),
        )
        left = div(self._progress(), self._said(), self._items())
        right = div(
            where_it_stands(one.diagram, f"Process of the move: {line.state_label}", "reassignment", line.id),
            self._received(),
            card("What happened", self._history()),
        )
        return div(
            head(
                (line.reference, chip(line.state_label, line.tone)),
                self._menu(),
                self._next(),
                under=under,
                crumbs=(("Move work", _LIST),),
            ),
            div(left, right, cls="columns"),
        )

    def _next(self) -> Child:
        if self.one.line.state == State.WAITING and self.one.line.approval_id:
            return link("See the approval", f"/approvals/{self.one.line.approval_id}", look="filled", key="o")
        return "undo" in self.one.may and action("Undo", "ask_end", key="u", data_act="undo")

    def _menu(self) -> Child:
        entries = [
            entry(_ACTS[one][0], "ask_end", tone="bad" if one == "cancel" else "", data_act=one)
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
        bar = progress(max=str(whole), value=str(worked), aria_label="Progress")
        return notice("info", f"{worked:,} of {whole:,} items.", bar)

    def _said(self) -> Child:
        one, line = self.one, self.one.line
        rests = {
            State.LENT: "What is unfinished returns by itself.",
            State.MOVED: "Until then it can be undone.",
        }
        waits = rests.get(State(line.state))
        return [
            card("Why", p(one.reason)),
            one.end_reason and notice("info", f"{line.state_label}:", one.end_reason),
            waits and one.until_moment and notice("info", waits, moment(one.until_moment, self.zone)),
        ]

    def _items(self) -> Markup:
        line, only = self.one.line, self.query.get("show") == "refused"
        columns = [
            Column[MovedRow](
                "Item", lambda one: a(one.title, href=f"/work?tab=all&item={one.item_id}"), "wide"
            ),
            Column[MovedRow]("To", lambda one: one.to_name or span("the queue", cls="faint"), "clip"),
            Column[MovedRow]("Outcome", _outcome, "wide"),
            Column[MovedRow]("Why", lambda one: small(one.why, cls="faint"), "optional-column"),
        ]
        chips = div(
            filter_chip("All", address(self.here, self.query, show=None), on=not only),
            filter_chip(
                "Not moved", address(self.here, self.query, show="refused"), on=only, count=line.refused
            ),
            export_menu("moved-items", tiny=True, move=str(line.id), show=self.query.get("show")),
            cls="filters",
        )
        listed = (
            table.rows(columns, self.rows.items, key=lambda one: f"{one.item_id}{one.part}", label="Items")
            if self.rows.items
            else p("None.", cls="faint")
        )
        pages = table.pager(self.here, self.query, self.rows.next, len(self.rows.items))
        return card("Items", div(chips, listed, pages))

    def _received(self) -> Child:
        if not self.one.received:
            return None
        columns = [
            Column[Receiver]("Person", lambda one: one.name, "wide clip"),
            Column[Receiver]("Planned", lambda one: str(one.before), "right"),
            Column[Receiver]("Got", lambda one: str(one.gets), "right"),
        ]
        return card("Who gets it", table.rows(columns, self.one.received, label="Who gets it"), look="flush")

    def _history(self) -> Markup:
        rows = [
            li(p(one.summary), small(who_did(one.actor_name), " · ", ago(one.at, self.zone)), cls="info")
            for one in self.one.events
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_ask_end(self, event: Event) -> None:
        """Ask why."""
        act = event.args.get("act", "")
        if act not in _ACTS:
            return
        title, said, _ = _ACTS[act]
        words = long_text("reason", "Why", errors=self.errors, required=True, autofocus=True)
        self.dialog = form_window(title, "end", title, words, explanation=said, act=act)

    async def do_end(self, event: Event) -> None:
        """Do it."""
        act = event.args.get("act", "")
        if act not in _ACTS:
            return
        try:
            self.one = await _ACTS[act][2](self.actor, self.one.id, event.text("reason"))
        except Invalid as refusal:
            self.wrong(refusal)
            await self.do_ask_end(event)
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Told.", _ACTS[act][1])


def _outcome(one: MovedRow) -> Child:
    if one.code is None:
        return chip("Not yet", "neutral")
    if one.code:
        return div(chip("Not moved", "warn"), " ", small(one.message))
    if one.back_code is None:
        return chip("Moved", "ok")
    if one.back_code:
        return div(chip("Stays", "info"), " ", small(one.back_message))
    return chip("Came back", "ok")
