"""What is done with a care plan from its page: the patient's copy, its handing over, an old version brought back."""

from datetime import date, timedelta

from domain.care.plan import ELEMENTS, HANDED
from services.care import plan_copies, plans
from services.care.plan_copies import HandOver
from services.care.plan_rows import PlanView
from services.care.views import CareView
from ui.page import Event, Page
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, hidden
from ui.parts.markup import div


class ActsOnPlan(Page):
    """A page that shows a version of a plan."""

    one: CareView
    shown: PlanView

    async def do_copy(self, event: Event) -> None:
        """Make the patient's copy."""
        made = await plan_copies.make_copy(self.actor, self.one.id)
        self.tell(
            "ok",
            "The copy is made.",
            f"{made.name}, {made.pages} pages: print it or send it, then record how.",
        )

    async def do_ask_hand_over(self, event: Event) -> None:
        """Ask how the copy reached the patient."""
        typed = self.typed if self.errors else {}
        body = div(
            hidden("version", self.shown.in_force),
            choice("how", "How", HANDED.items(), typed.get("how", "printed"), errors=self.errors, required=True),
            field(
                "on", "On", typed.get("on", "") or self.shown.today.isoformat(), kind="date", errors=self.errors, required=True
            ),
            field("given_to", "Taken by", typed.get("given_to", "The patient"), errors=self.errors),
            cls="fields",
        )  # fmt: skip
        words = f"Version {self.shown.in_force}. It becomes part of the enrolment's history."
        self.dialog = form_window("The copy was handed over", "hand_over", "Record", body, explanation=words)

    async def do_hand_over(self, event: Event) -> None:
        """Record it."""
        on = date_of(event.text("on")) or date.max
        facts = HandOver(self.shown.in_force, event.text("how"), on, event.text("given_to"))
        await plan_copies.hand_over(self.actor, self.one.id, facts)
        self.tell("ok", "Recorded.")
        await self.do_close_dialog(event)

    async def do_ask_restore(self, event: Event) -> None:
        """Ask why an old version comes back, and when it is looked over."""
        typed = self.typed if self.errors else {}
        usual = (self.shown.today + timedelta(days=90)).isoformat()
        body = div(
            field(
                "review_on",
                ELEMENTS["review_on"],
                typed.get("review_on", usual),
                kind="date",
                errors=self.errors,
            ),
            field("why", "Why", typed.get("why", ""), errors=self.errors, required=True, look="wide"),
            cls="fields",
        )
        words = f"Version {self.shown.version} becomes the newest again, as a version of its own."
        self.dialog = form_window("Bring this version back", "restore", "Bring back", body, explanation=words)

    async def do_restore(self, event: Event) -> None:
        """Bring it back."""
        on = date_of(event.text("review_on")) or date.min
        await plans.restore_plan(self.actor, self.one.id, self.shown.version, event.text("why"), on)
        await self.do_close_dialog(event)
        self.go(self.here)
