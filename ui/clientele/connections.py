"""Connections to clearinghouses: one click to the practice one, tests, keys, looking and sending now."""

from typing import Any

from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts, ConnectionView
from ui.clientele.records import RecordForm, RecordList
from ui.page import Event, page, reject
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import field, group, hidden, long_text
from ui.parts.markup import Child, Markup, a, div, span
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import ago

_CRUMBS = (("Settings", "/settings"),)


@page("/connections")
class Connections(RecordList):
    """The connections."""

    title = "Connections"
    nav = "settings"
    permission = P.CONNECTIONS_VIEW
    manage = P.CONNECTIONS_MANAGE
    list_service = connections.list_connections
    one = "connection"
    tabbed = False
    watches = frozenset({"connections", "connection_circuits"})
    explanation = "Files travel to a clearinghouse over SFTP or REST. The practice clearinghouse answers like a real one."

    def body(self) -> Markup:
        routes = link("Routing", "/routing")
        if not self.may(self.manage):
            return div(head(self.title, routes, crumbs=_CRUMBS), self._filters(), self._list())
        wizard = link("Set up a connection", "/connections/setup", look="filled", key="c")
        practice = action("Practice clearinghouse", "ask_practice")
        others = more(
            entry("Practice clearinghouse over REST", "ask_practice", data_over="rest"),
            entry("New by hand", href="/connections/new"),
        )
        if not self.found.items and not self.words():
            return div(
                head(self.title, others, crumbs=_CRUMBS),
                empty("No connection yet.", self.explanation, (wizard, practice)),
            )
        return div(
            head(self.title, routes, practice, wizard, others, crumbs=_CRUMBS), self._filters(), self._list()
        )

    def href(self, one: Any) -> str:
        return f"{self.path}/{one.id}/setup" if one.setup_step else f"{self.path}/{one.id}"

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Connection", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("State", standing, "tight"),
            Column("Over", lambda one: "REST" if one.kind == "rest" else "SFTP", "tight"),
            Column("Host", lambda one: span(f"{one.host}:{one.port}", cls="mono"), "clip optional-column"),
            Column("Use", use_chip, "tight"),
            Column("Last look", lambda one: ago(one.last_polled_at, self.zone), "right tight"),
        ]

    async def do_ask_practice(self, event: Event) -> None:
        """Ask what to call it."""
        name = field(
            "name",
            "Name",
            str(self.typed.get("name", "Practice clearinghouse")),
            errors=self.errors,
            required=True,
            autofocus=True,
        )
        rest = event.args.get("over") == "rest"
        words = (
            "Enrols with the practice clearinghouse and keeps its token. Files travel over HTTP."
            if rest
            else "Makes a key pair, enrols with the practice clearinghouse and pins its host key. Nothing else to fill in."
        )
        self.dialog = form_window(
            "Connect to the practice clearinghouse",
            "practice",
            "Connect",
            div(name, cls="fields"),
            explanation=words,
            over="rest" if rest else "sftp",
        )

    async def do_practice(self, event: Event) -> None:
        """Enrol and add the connection."""
        if event.args.get("over") == "rest":
            made = await connections.add_practice_rest_connection(self.actor, event.text("name"))
        else:
            made = await connections.add_practice_connection(self.actor, event.text("name"))
        await self.do_close_dialog(event)
        self.tell("ok", "Connected.", "Claims travel through it from now on.")
        self.go(f"/connections/{made.id}")


class ConnectionForm(RecordForm):
    """The form of a connection."""

    nav = "settings"
    get_service = connections.get_connection
    add_service = connections.add_connection
    change_service = connections.change_connection
    deactivate_service = connections.deactivate_connection
    reactivate_service = connections.reactivate_connection
    one = "connection"
    place = "/connections"
    manage = P.CONNECTIONS_MANAGE
    id_name = "connection_id"
    deactivation = "Nothing is sent or fetched any more. Claims of its payers wait."

    def fields(self) -> Child:
        if self.value("kind") == "rest":
            return self._rest_fields()
        text, pick = self.typed_field, self.choice_field
        key_hint = "type and key, as ssh-keyscan prints them; only this server is trusted"
        return [
            group(
                "Server",
                text("name", "Name", required=True, look="double"),
                text("host", "Host", required=True),
                text("port", "Port", 22, required=True, inputmode="numeric"),
                text("username", "User name", required=True),
                pick("usage_indicator", "Use", (("T", "Test"), ("P", "Production")), "T", required=True),
                long_text(
                    "host_key",
                    "Host key",
                    self.value("host_key"),
                    errors=self.errors,
                    required=True,
                    rows=2,
                    hint=key_hint,
                ),
            ),
            group(
                "Exchange",
                text("sender_id", "Our id (ISA06)", required=True),
                text("receiver_id", "Their id (ISA08)", required=True),
                text("inbound_folder", "Folder to upload to", "inbound", required=True),
                text("outbound_folder", "Folder to read from", "outbound", required=True),
            ),
        ]

    def _rest_fields(self) -> Child:
        text, pick = self.typed_field, self.choice_field
        token_hint = "leave it empty to keep the present one" if self.record else "as the partner gave it"
        return [
            hidden("kind", "rest"),
            group(
                "Mailbox",
                text("name", "Name", required=True, look="double"),
                text(
                    "base_url",
                    "Address",
                    required=True,
                    look="double",
                    hint="https://edi.example.com/mailbox",
                ),
                field("access_token", "Token", "", errors=self.errors, kind="password", hint=token_hint),
                pick("usage_indicator", "Use", (("T", "Test"), ("P", "Production")), "T", required=True),
            ),
            group(
                "Exchange",
                text("sender_id", "Our id (ISA06)", required=True),
                text("receiver_id", "Their id (ISA08)", required=True),
            ),
        ]

    def facts(self, event: Event) -> ConnectionFacts:
        if event.text("kind") == "rest":
            named = ("name", "base_url", "access_token", "usage_indicator", "sender_id", "receiver_id")
            typed: dict[str, Any] = {name: event.text(name) for name in named}
            return ConnectionFacts(kind="rest", **typed)
        port = event.text("port")
        right = port.isascii() and port.isdigit() and len(port) < 6
        reject(None if right else FieldError("port", "port.invalid", "Enter a number."))
        names = (
            "name",
            "host",
            "username",
            "host_key",
            "sender_id",
            "receiver_id",
            "inbound_folder",
            "outbound_folder",
            "usage_indicator",
        )
        archive = self.record.archive_folder if self.record else ""
        return ConnectionFacts(
            port=int(port), archive_folder=archive, **{name: event.text(name) for name in names}
        )


@page("/connections/new")
class NewConnection(ConnectionForm):
    """A connection added by hand."""

    permission = P.CONNECTIONS_MANAGE


def standing(one: ConnectionView) -> Markup:
    """Whether a connection works, as far as its last look or test says."""
    if one.setup_step:
        return chip("Being set up", "info")
    if not one.active:
        return chip("Out of use", "neutral")
    if one.circuit.state != "closed":
        return chip(one.circuit.label, one.circuit.tone, one.circuit.words)
    return chip("Trouble", "bad", one.last_error_words) if one.last_error else chip("Works", "ok")


def use_chip(one: ConnectionView) -> Markup:
    return chip("Production", "info") if one.usage_indicator == "P" else chip("Test", "neutral")
