"""What a person does with an item: take, return, assign, put off, prioritise, finish, and go on to the next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.paging import Page as Rows
from domain.refusals import FieldError, Invalid
from domain.work_runs import Act, Order
from services.work import actions, bulk, notes
from services.work import queue as service
from services.work.views import AssignablePerson
from ui.page import Event, identifier
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import div
from ui.parts.table import address
from ui.work.answers import ItemForm
from ui.work.kinds import PRIORITIES
from ui.work.notes import TypedNote
from ui.work.opened import OpenItem


class ItemActions(OpenItem, ItemForm, TypedNote):
    """The actions on the open item; mixed into the queue, whose address names the item."""

    noted = 0

    async def load_item(self) -> None:
        """Read the open item, and what was typed about it before."""
        await self.read_open_item()
        await self.load_answers()
        await self.load_typed_note()

    def show_ahead(self, query: dict[str, str]) -> bool:
        """Show the next item as it was read ahead, without what was typed about this one."""
        if not super().show_ahead(query):
            return False
        self.answering, self.typed_answers = None, {}
        self.noting, self.typed_note = None, ""
        self.errors = {}
        return True

    async def do_filter(self, event: Event) -> None:
        """Filter titles as they are typed."""
        text = event.value.strip() or event.text("text")
        self.go(address("/work", self.query, text=text, item=""))

    async def do_take(self, event: Event) -> None:
        """Make the item one's own."""
        await actions.take(self.actor, event.id())
        self.tell("ok", "Yours now.")

    async def do_ask_give_back(self, event: Event) -> None:
        """Ask for the comment that goes back with the item."""
        comment = long_text(
            "comment",
            "What should the next person know?",
            self._typed("comment"),
            errors=self.errors,
            required=True,
        )
        self.dialog = form_window(
            "Return to the queue", "give_back", "Return", div(comment, cls="fields"), id=str(event.id())
        )

    async def do_give_back(self, event: Event) -> None:
        """Return the item with a comment."""
        await actions.give_back(self.actor, event.id(), event.text("comment"))
        await self.do_close_dialog(event)
        self.tell("ok", "Returned to the queue.")
        self.go(address("/work", self.query, item=""))

    async def do_ask_assign(self, event: Event) -> None:
        """Ask whom to give the item to."""
        people = await service.people_for(self.actor, event.id())
        options = [(str(one.user_id), _person(one)) for one in people]
        who = choice(
            "user_id", "Person", options, prompt="Choose", errors=self.errors, required=True, autofocus=True
        )
        words = "Those whose roles allow this kind of work, least loaded first."
        self.dialog = form_window(
            "Assign", "assign", "Assign", div(who, cls="fields"), explanation=words, id=str(event.id())
        )

    async def do_assign(self, event: Event) -> None:
        """Put the item into somebody's hands."""
        await actions.assign(self.actor, event.id(), identifier(event.text("user_id")))
        await self.do_close_dialog(event)
        self.tell("ok", "Assigned.")

    async def do_ask_delegate(self, event: Event) -> None:
        """Ask which colleague does it for its owner."""
        people = await service.people_for(self.actor, event.id())
        options = [(str(one.user_id), _person(one)) for one in people if one.user_id != self.actor.user_id]
        who = choice(
            "user_id", "Person", options, prompt="Choose", errors=self.errors, required=True, autofocus=True
        )
        words = "They do their part and return it to you; you finish it."
        self.dialog = form_window(
            "Delegate", "delegate", "Delegate", div(who, cls="fields"), explanation=words, id=str(event.id())
        )

    async def do_delegate(self, event: Event) -> None:
        """Have a colleague do one's own item."""
        who = identifier(event.text("user_id"))
        await actions.delegate(self.actor, event.id(), who)
        await self.do_close_dialog(event)
        self.tell("ok", "Delegated.", "It comes back to you.")

    async def do_watch(self, event: Event) -> None:
        """Follow the item, or no longer."""
        on = event.args.get("on") == "true"
        await actions.watch(self.actor, event.id(), on)
        self.tell("ok", "You watch this." if on else "You no longer watch this.")

    async def do_ask_snooze(self, event: Event) -> None:
        """Ask until when the item shall rest."""
        until = field(
            "until",
            "Comes back on",
            _in_days(3, self.zone),
            kind="datetime-local",
            required=True,
            errors=self.errors,
            hint=f"Your time, {self.zone}",
        )
        words = "It stays yours, leaves the queue, and comes back by itself."
        self.dialog = form_window(
            "Put off", "snooze", "Put off", div(until, cls="fields"), explanation=words, id=str(event.id())
        )

    async def do_snooze(self, event: Event) -> None:
        """Hide the item until a moment."""
        await actions.snooze(self.actor, event.id(), _moment(event.text("until"), self.zone))
        await self.do_close_dialog(event)
        self.tell("ok", "Put off.")
        self.go(address("/work", self.query, item=""))

    async def do_prioritise(self, event: Event) -> None:
        """Set how urgent the item is."""
        priority = event.number("priority", 3)
        await actions.prioritise(self.actor, event.id(), priority)
        self.tell("ok", f"Priority {priority}: {PRIORITIES.get(priority)}.")

    async def do_complete(self, event: Event) -> None:
        """Finish with the decision chosen and open the next item."""
        decision = event.text("decision")
        if not decision:
            raise Invalid(
                "decision.missing",
                "Choose how it ends.",
                fields=(FieldError("decision", "decision.missing", "Choose one."),),
            )
        following = self.following(event.id()) if event.args.get("then") != "stay" else None
        answers = self.answered(event, decision)
        await actions.complete(self.actor, event.id(), decision, event.text("comment"), answers)
        await self.forget_answers(event.id())
        self.errors = {}
        failed = await self._finish_also(event, decision)
        self.lines = Rows([line for line in self.lines.items if line.id != event.id()], self.lines.next)
        self.tell(
            "warn" if failed else "ok", "Done.", failed or ("The next item is open." if following else "")
        )
        self.go(address("/work", self.query, item=str(following.id) if following else ""))

    async def do_next(self, event: Event) -> None:
        """Open the item after this one."""
        following = self.following(self.item_id)
        if following is None:
            self.tell("info", "This is the last one here.")
        else:
            self.go(address("/work", self.query, item=str(following.id)))

    async def do_note(self, event: Event) -> None:
        """Add a note to the item."""
        await notes.add_note(self.actor, "work_item", event.id(), event.text("text"))
        await self.forget_typed_note()
        self.noted += 1
        self.tell("ok", "Note added.")

    async def _finish_also(self, event: Event, decision: str) -> str:
        """Finish what was ticked with the same decision; in words what was refused."""
        ids = [identifier(one) for one in event.many("also")] if event.fields.get("also") else []
        if not ids:
            return ""
        order = Order(Act.COMPLETE, decision=decision, comment=event.text("comment"))
        outcomes = await bulk.act_on(self.actor, ids, order)
        return " ".join(f"{one.title}: {one.message}" for one in outcomes if one.code)

    def _typed(self, name: str) -> str:
        return str(self.typed.get(name, "")) if self.errors else ""


def _person(one: AssignablePerson) -> str:
    return f"{one.name} ({one.open_items} open)"


def _in_days(days: int, zone: str) -> str:
    later = datetime.now(ZoneInfo(zone)) + timedelta(days=days)
    return later.replace(hour=9, minute=0).strftime("%Y-%m-%dT%H:%M")


def _moment(text: str, zone: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        fault = FieldError("until", "until.invalid", "Enter a day and a time.")
        raise Invalid("until.invalid", "This is no moment.", fault.message, fields=(fault,)) from None
