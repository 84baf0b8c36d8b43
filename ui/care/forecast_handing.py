"""Handing patients over from the forecast: who, to whom, for how long and why; somebody else approves it."""

from uuid import UUID

from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.care import forecasts
from services.care.forecast_views import ForecastLine, HandOverChoice
from ui.page import Event, Page, identifier, reject
from ui.parts.buttons import action
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text, summary_of
from ui.parts.markup import EMPTY, Child, Markup, div, span


class HandsOver(Page):
    """The act on selected patients; mixed into the forecast."""

    found: Rows[ForecastLine]

    def hand_over_bar(self) -> Child:
        """The bar under the list while something is selected."""
        if not self.may(P.CARE_MANAGE) or not self.found.items:
            return None
        button = action("Propose to hand over", "ask_hand_over", look="filled", key="h")
        return div(span("", data_bulk_count=True), button, cls="bulk", data_bulk=True, hidden=True)

    async def do_ask_hand_over(self, event: Event) -> None:
        """Ask to whom, until when and why."""
        chosen = _chosen(event)
        if not chosen:
            self.tell("info", "Nothing is selected.", "Tick some rows first.")
            return
        people = await forecasts.hand_over_choices(self.actor)
        count = "1 patient" if len(chosen) == 1 else f"{len(chosen)} patients"
        self.dialog = form_window(
            f"Propose to hand over {count}",
            "hand_over",
            "Propose",
            summary_of(self.errors),
            self._fields(people),
            explanation="Nothing changes hands before somebody else has approved it.",
        )

    def _fields(self, people: list[HandOverChoice]) -> Markup:
        known = [(str(one.user_id), _words(one)) for one in people]
        wrong, typed = self.errors, self.typed
        return div(
            choice(
                "to_user_id",
                "To",
                known,
                typed.get("to_user_id", ""),
                errors=wrong,
                required=True,
                prompt="Choose",
            ),
            field(
                "until",
                "Comes back on",
                typed.get("until", ""),
                kind="date",
                errors=wrong,
                hint="Leave empty to move them for good.",
            ),
            long_text("reason", "Reason", typed.get("reason", ""), errors=wrong, required=True),
            cls="fields",
        )

    async def do_hand_over(self, event: Event) -> None:
        """Propose it."""
        to, until = event.text("to_user_id"), event.text("until")
        nobody = FieldError("to_user_id", "to_user_id.missing", "Choose who is to have them.")
        no_day = FieldError("until", "date.invalid", "Enter a date.")
        reject(None if to else nobody, no_day if until and not date_of(until) else None)
        await forecasts.propose_handing_over(
            self.actor, _chosen(event), identifier(to), event.text("reason"), date_of(until)
        )
        self.dialog, self.typed = EMPTY, {}
        self.tell(
            "ok", "Proposed.", "Somebody else approves it; the patients stay where they are until then."
        )


def _chosen(event: Event) -> list[UUID]:
    return [identifier(one) for one in event.selected]


def _words(one: HandOverChoice) -> str:
    left = "" if one.left_seconds is None else f", {one.left_seconds / 3600:.0f} h left"
    return f"{one.name} ({one.patients} patients{left})"
