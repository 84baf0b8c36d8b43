"""Moving a person's work: whom, for how long, the plan with every item, and the request. Below it the moves so far."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.paging import Page as Rows
from domain.reassignment.process import MODE_WORDS, Mode
from domain.refusals import Conflict, Invalid, Refusal
from policies.permissions import Permission as P
from services.reassignment import asking, planning, reading
from services.reassignment.views import (
    MovablePerson,
    MoveChoice,
    MoveFacts,
    MovePlan,
    PlannedRow,
    Receiver,
    WorkMoveLine,
)
from ui.page import Event, Page, identifier, optional_identifier, page, there
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import check, choice, field, long_text
from ui.parts.markup import EMPTY, Markup, div, form, p, small, span
from ui.parts.states import empty, refused
from ui.parts.table import Column, address
from ui.parts.times import ago, due
from ui.reassignment.plan_parts import about, how_long, item, kinds, receiver, waits
from ui.work.kinds import priority
from ui.workforce.tabs import team_tabs

_SHOWN = 100
_LIST = "/team/reassign"


@page("/team/reassign")
class Reassign(Page):
    """The plan of a move, and the moves so far."""

    title = "Move work"
    nav = "team"
    permission = P.WORK_ASSIGN
    watches = frozenset({"reassignments"})

    people: list[MovablePerson]
    moves: Rows[WorkMoveLine]
    plan: MovePlan | None = None
    refusal: Refusal | None = None
    chosen: dict[UUID, UUID | None]

    async def load(self) -> None:
        if not self.loaded:
            self.chosen = {}
        self.people = await planning.movable_people(self.actor)
        self.moves = await reading.list_moves(self.actor, cursor=self.query.get("after"))
        await self._plan()

    async def _plan(self) -> None:
        """What would move, as the address asks for it and with the choices made so far."""
        self.plan, self.refusal = None, None
        facts = self._facts()
        if facts is None:
            return
        try:
            self.plan = await planning.preview_move(self.actor, facts)
        except (Invalid, Conflict) as refusal:
            self.refusal = refusal

    def _facts(self, reason: str = "") -> MoveFacts | None:
        person = optional_identifier(self.query.get("person", ""))
        if person is None:
            return None
        return MoveFacts(
            self.query.get("mode", Mode.TEMPORARY.value),
            person,
            date_of(self.query.get("until", "")),
            [one for one in self.query.get("kinds", "").split(",") if one],
            [identifier(one) for one in self.query.get("to", "").split(",") if one],
            [MoveChoice(one, to) for one, to in self.chosen.items()],
            reason,
        )

    def body(self) -> Markup:
        return div(
            head("Team"),
            team_tabs(_LIST, self.may),
            card("Whose work moves", self._form()),
            refused(self.refusal) if self.refusal else EMPTY,
            self._planned(self.plan) if self.plan else EMPTY,
            self._moves() if self.moves.items or not self.plan else EMPTY,
        )

    def _form(self) -> Markup:
        query, wrong = self.query, self.errors
        people = [(str(one.user_id), about(one)) for one in self.people]
        modes = [(one.value, MODE_WORDS[one]) for one in Mode]
        tomorrow = (datetime.now(ZoneInfo(self.zone)).date() + timedelta(days=14)).isoformat()
        return form(
            div(
                choice("person", "Person", people, query.get("person"), errors=wrong, required=True, prompt="Choose"),
                choice("mode", "For how long", modes, query.get("mode"), errors=wrong, required=True),
                field("returns_on", "Returns on", query.get("until") or tomorrow, errors=wrong, kind="date", hint="Only for a time"),
                choice("kinds", "Kind of work", kinds(), query.get("kinds"), errors=wrong, prompt="Everything"),
                cls="fields",
            ),
            submit("Plan", look="filled" if self.plan is None else ""),
            data_do="plan",
        )  # fmt: skip

    def _planned(self, plan: MovePlan) -> Markup:
        if not plan.rows:
            ask = self.query.get("mode") == Mode.LEAVER and action(
                "Ask all the same", "ask_move", look="filled", key="m"
            )
            words = f"{plan.from_name} holds no open work of this kind."
            return empty("Nothing would move.", words, ask)
        words = (
            f"{plan.levels} {'person has' if plan.levels == 1 else 'people have'} to approve it first."
            if plan.levels
            else f"Up to {plan.free_up_to} items nobody is asked: it moves at once."
        )
        ask = action("Ask for the move" if plan.levels else "Move it", "ask_move", look="filled", key="m")
        rows = card(
            f"{len(plan.rows):,} items",
            self._rows(plan),
            action=self.chosen and action("Forget my choices", "forget", look="quiet tiny"),
            look="flush",
        )
        receivers = div(
            card("Who gets it", self._receivers(plan)),
            card("What happens", p(words), p(waits(self.query), cls="explanation"), ask),
        )
        return div(div(rows), receivers, cls="columns")

    def _rows(self, plan: MovePlan) -> Markup:
        names = {one.user_id: one.name for one in plan.receivers}
        columns = [
            Column[PlannedRow]("", lambda one: priority(one.priority), "narrow"),
            Column[PlannedRow]("Item", item, "wide"),
            Column[PlannedRow]("Due", lambda one: due(one.due_at, self.zone), "right optional-column"),
            Column[PlannedRow]("Goes to", lambda one: receiver(one, names)),
            Column[PlannedRow]("Why", lambda one: small(one.why, cls="faint"), "optional-column"),
        ]
        more = len(plan.rows) - _SHOWN
        return div(
            table.rows(columns, plan.rows[:_SHOWN], key=lambda one: one.item_id, label="Plan"),
            more > 0 and p(f"And {more:,} more, spread the same way.", cls="faint"),
        )

    def _receivers(self, plan: MovePlan) -> Markup:
        picked = [one for one in plan.receivers if one.chosen or one.gets]
        columns = [
            Column[Receiver]("Person", lambda one: one.name, "wide clip"),
            Column[Receiver]("Holds", lambda one: str(one.before), "right"),
            Column[Receiver]("Gets", lambda one: str(one.gets), "right"),
            Column[Receiver]("After", lambda one: str(one.after), "right"),
        ]
        return div(
            table.rows(columns, picked, label="Who gets it"),
            plan.to_queue > 0 and p(f"{plan.to_queue} go back to the queue.", cls="faint"),
            action("Choose who gets it", "ask_people", look="tiny"),
        )

    def _moves(self) -> Markup:
        if not self.moves.items:
            return empty(
                "No work was moved yet.",
                "Choose a person above: their work is spread over others by load and skill, and you see the plan first.",
            )
        columns = [
            Column[WorkMoveLine]("Move", lambda one: span(one.reference, cls="mono"), "tight"),
            Column[WorkMoveLine]("Work of", lambda one: one.from_name, "wide clip"),
            Column[WorkMoveLine]("For how long", how_long, "tight"),
            Column[WorkMoveLine]("State", lambda one: chip(one.state_label, one.tone), "tight"),
            Column[WorkMoveLine]("Moved", lambda one: f"{one.done:,} of {one.total:,}", "right"),
            Column[WorkMoveLine]("Asked by", lambda one: one.requested_by_name, "clip optional-column"),
            Column[WorkMoveLine]("Asked", lambda one: ago(one.created_at, self.zone), "right"),
        ]
        export = export_menu("reassignments", tiny=True)
        listed = table.rows(
            columns, self.moves.items, href=lambda one: f"{_LIST}/{one.id}", key=lambda one: one.id, label="Moves"
        )  # fmt: skip
        pages = table.pager(self.path, self.query, self.moves.next, len(self.moves.items))
        return card("Moves so far", div(listed, pages), action=export, look="flush")

    async def do_plan(self, event: Event) -> None:
        """Plan for the person who was chosen; the address holds the question."""
        self.chosen = {}
        mode = event.text("mode")
        asked = {name: event.text(name) for name in ("person", "mode", "kinds")}
        until = event.text("returns_on") if mode == Mode.TEMPORARY else ""
        self.go(address(_LIST, {}, **asked, until=until))

    async def do_choose_receiver(self, event: Event) -> None:
        """Give one item to somebody else than the plan does."""
        chosen = event.id("item")
        self.chosen[chosen] = optional_identifier(event.value)
        await self._plan()
        if self.refusal:
            del self.chosen[chosen]
            refusal = self.refusal
            await self._plan()
            self.tell("bad", refusal.title, refusal.what_to_do)

    async def do_forget(self, event: Event) -> None:
        """Back to the plan."""
        self.chosen = {}
        await self._plan()

    async def do_ask_people(self, event: Event) -> None:
        """Ask over whom it is spread."""
        plan = there(self.plan)
        boxes = [
            check("to[]", one.name, one.chosen, hint=f"{one.before} open items", value=str(one.user_id))
            for one in plan.receivers
        ]
        self.dialog = form_window("Who gets it", "choose_people", "Plan again", div(boxes, cls="stack"))

    async def do_choose_people(self, event: Event) -> None:
        """Spread it over these."""
        await self.do_close_dialog(event)
        self.chosen = {}
        self.go(address(_LIST, self.query, to=",".join(one for one in event.many("to") if one)))

    async def do_ask_move(self, event: Event) -> None:
        """Ask why."""
        words = long_text("reason", "Why", errors=self.errors, required=True, autofocus=True)
        said = "Whoever approves it reads this." if self.plan and self.plan.levels else ""
        self.dialog = form_window(
            "Move the work",
            "move",
            "Ask" if said else "Move it",
            words,
            self.errors.get("form") and p(self.errors["form"], cls="error"),
            explanation=said,
        )

    async def do_move(self, event: Event) -> None:
        """Ask for it; its page opens."""
        facts = there(self._facts(event.text("reason")))
        self.errors = {}
        try:
            made = await asking.ask_move(self.actor, facts)
        except (Conflict, Invalid) as refusal:
            self.wrong(refusal)
            if "reason" not in self.errors:
                self.errors = {"form": " ".join(self.errors.values())}
            await self.do_ask_move(event)
            return
        self.chosen = {}
        self.go(f"{_LIST}/{made.id}")
