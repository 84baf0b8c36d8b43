"""The wizard's first step and its bar of steps: who the partner is, and where one stands."""

from collections.abc import Awaitable
from typing import Any

from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.clientele import connection_setup
from services.clientele.connection_facts import ConnectionView
from services.clientele.connection_setup import PartnerFacts
from ui.page import Event, Page, page, reject
from ui.parts.buttons import submit
from ui.parts.cards import card, head
from ui.parts.forms import field, group, summary_of
from ui.parts.markup import Markup, div, form, li, ol, p, small, strong

STEPS = (
    ("partner", "Partner", "Who it is and where"),
    ("key", "Our key", "Given to the partner"),
    ("host_key", "Its key", "Compared and pinned"),
    ("folders", "Folders", "Where files go and come from"),
    ("trial", "Test file", "Until an accepted 277CA"),
)
_NAMES = ("name", "host", "username", "sender_id", "receiver_id")


class Wizard(Page):
    """What both pages of the wizard share: the first step's form and the bar of steps."""

    title = "Set up a connection"
    nav = "settings"
    permission = P.CONNECTIONS_MANAGE

    one: ConnectionView | None = None

    @property
    def connection(self) -> ConnectionView:
        """The connection that is being set up."""
        assert self.one is not None  # loaded before anything is shown
        return self.one

    async def kept_or_wrong(self, event: Event, asked: Awaitable[Any]) -> None:
        """Show the faults of a step at their fields."""
        self.errors = {}
        self.typed = dict(event.fields)
        try:
            await asked
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            return
        self.typed = {}

    def value(self, name: str) -> Any:
        """What a field shows: what was typed if it was refused, else what is kept."""
        return self.typed.get(name, "") if self.errors else getattr(self.one, name, "")

    def partner_form(self, words: str) -> Markup:
        """The first step."""

        def text(name: str, label: str, **look: Any) -> Markup:
            return field(name, label, self.value(name), errors=self.errors, required=True, **look)

        fields = (
            group(
                "Partner",
                text("name", "Name", look="double", hint="as people here will call it"),
                text("host", "Host", hint="without sftp://"),
                field(
                    "port",
                    "Port",
                    self.value("port") or 22,
                    errors=self.errors,
                    required=True,
                    inputmode="numeric",
                ),
                text("username", "User name", hint="that the partner gave you"),
            ),
            group(
                "Exchange",
                text("sender_id", "Our id (ISA06)"),
                text("receiver_id", "Their id (ISA08)"),
            ),
        )
        return form(
            summary_of(self.errors),
            *fields,
            div(submit(words), cls="form-foot"),
            data_do="partner",
            cls="stack",
        )

    def steps(self, here: str) -> Markup:
        """Where the wizard stands."""
        names = [name for name, _, _ in STEPS]
        place = names.index(here) if here in names else len(names)
        marks = [
            "done" if number < place else "current" if number == place else "ahead"
            for number in range(len(names))
        ]
        lines = [
            li(
                strong(f"{number}. {words}"),
                small(hint),
                cls=f"step {mark}",
                aria_current="step" if mark == "current" else None,
            )
            for number, ((_, words, hint), mark) in enumerate(zip(STEPS, marks, strict=True), 1)
        ]
        return ol(lines, cls="wizard")

    def facts(self, event: Event) -> PartnerFacts:
        """What was typed of the partner."""
        port = event.text("port")
        right = port.isascii() and port.isdigit() and len(port) < 6
        reject(None if right else FieldError("port", "port.invalid", "Enter a number."))
        return PartnerFacts(port=int(port), **{name: event.text(name) for name in _NAMES})


@page("/connections/setup")
class NewSetup(Wizard):
    """The first step of a new connection."""

    async def load(self) -> None:
        """Nothing is kept yet."""

    def body(self) -> Markup:
        words = (
            "You need what the partner gave you: host, user name and both ids. Everything is kept as you go."
        )
        crumbs = (("Settings", "/settings"), ("Connections", "/connections"))
        return div(
            head(self.title, crumbs=crumbs),
            self.steps("partner"),
            card(
                "1. Partner",
                div(p(words, cls="muted"), self.partner_form("Keep and make our key"), cls="stack"),
            ),
        )

    async def do_partner(self, event: Event) -> None:
        """Keep the partner and make our key."""
        self.errors = {}
        made = await connection_setup.begin_setup(self.actor, self.facts(event))
        self.go(f"/connections/{made.id}/setup")
