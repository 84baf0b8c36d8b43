"""The limits up to which nobody needs to be asked."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.approvals.limits import WORDS
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.approvals import limits
from services.approvals.limits import LimitFacts
from services.approvals.views import LimitView
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field
from ui.parts.markup import Child, Markup, div, p, span
from ui.parts.money import cents_of, dollars
from ui.parts.table import Column
from ui.parts.times import day


@page("/approvals/limits")
class Limits(Page):
    """What holds today, and what was set for later."""

    title = "Limits of approvals"
    nav = "work"
    permission = P.WORK_VIEW

    found: list[LimitView]

    async def load(self) -> None:
        self.found = await limits.list_limits(self.actor)

    def body(self) -> Markup:
        change = self.may(P.ROLES_MANAGE) and action("Set a limit", "ask_set_limit", look="filled", key="n")
        columns = [
            Column[LimitView]("For", lambda one: one.kind_label, "wide"),
            Column[LimitView](
                "From", lambda one: day(one.effective_from) if one.effective_from else "always", "tight"
            ),
            Column[LimitView]("Free up to", lambda one: _figure(one, one.free_up_to), "right"),
            Column[LimitView]("Two people from", lambda one: _figure(one, one.second_from), "right"),
            Column[LimitView]("Set by", lambda one: one.set_by or span("Caseload", cls="faint"), "clip"),
            Column[LimitView](
                "", lambda one: chip("In force", "ok") if one.in_force else chip("Later", "info"), "tight"
            ),
        ]
        return div(
            head("Limits", change, crumbs=(("Approvals", "/approvals"),)),
            p(
                "Up to a limit nobody is asked. Above it another person approves first, never the asker nor whose work"
                " it is. Quarantined payments are always approved by a second person.",
                cls="explanation",
            ),
            table.rows(columns, self.found, label="Limits"),
        )

    async def do_ask_set_limit(self, event: Event) -> None:
        """Ask what is free, and from when."""
        today = datetime.now(ZoneInfo(self.zone)).date()
        typed, wrong = self.typed, self.errors
        kinds = [(kind.value, words) for kind, words in WORDS.items()]
        self.dialog = form_window(
            "Set a limit",
            "set_limit",
            "Set it",
            div(
                choice("kind", "For", kinds, typed.get("kind"), errors=wrong, required=True),
                field("effective_from", "From", typed.get("effective_from") or today.isoformat(), errors=wrong, kind="date", required=True),
                field("free_up_to", "Free up to", typed.get("free_up_to", ""), errors=wrong, required=True, hint="Dollars; of moves: items"),
                field("second_from", "Two people from", typed.get("second_from", ""), errors=wrong, hint="Empty: never"),
                cls="fields",
            ),
            self.errors.get("form") and p(self.errors["form"], cls="error"),
            explanation="It holds from that day on. What is asked already keeps the limit that it was asked by.",
        )  # fmt: skip

    async def do_set_limit(self, event: Event) -> None:
        """Set it."""
        self.typed, self.errors = dict(event.fields), {}
        self.found = await limits.set_limit(self.actor, _facts(event))
        self.typed = {}
        await self.do_close_dialog(event)
        self.tell("ok", "Set.")


def _figure(one: LimitView, figure: int | None) -> Child:
    if figure is None:
        return span("never", cls="faint")
    return dollars(figure) if one.money else f"{figure:,} items"


def _facts(event: Event) -> LimitFacts:
    kind, items = event.text("kind"), event.text("kind") == "reassignment"
    begins = date_of(event.text("effective_from"))
    free, wrong = _number(event.text("free_up_to"), "free_up_to", items)
    second, wrong_second = (
        _number(event.text("second_from"), "second_from", items)
        if event.text("second_from")
        else (None, None)
    )
    missing = None if begins else FieldError("effective_from", "date.invalid", "Enter a date.")
    reject(missing, wrong, wrong_second)
    assert begins is not None
    return LimitFacts(kind, begins, free, second)


def _number(text: str, name: str, items: bool) -> tuple[int, FieldError | None]:
    if not items:
        return cents_of(text, name)
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text), None
    return 0, FieldError(name, "number.invalid", "Enter a number of items.")
