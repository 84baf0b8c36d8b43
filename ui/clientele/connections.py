"""Connections to clearinghouses: one click to the practice one, tests, keys, looking and sending now."""

from typing import Any

from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts, ConnectionView
from services.clientele.connection_words import ConnectionTest
from services.edi import batches
from ui.clientele.records import RecordForm, RecordList
from ui.page import Event, page, reject
from ui.parts import table
from ui.parts.buttons import action, entry, link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import field, group, long_text
from ui.parts.markup import Child, Markup, a, button, div, input_, label, p, span
from ui.parts.states import empty, notice
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
    watches = frozenset({"edi_files", "edi_batches"})
    explanation = (
        "Files travel to a clearinghouse over SFTP. The practice clearinghouse answers like a real one."
    )

    def body(self) -> Markup:
        practice = (
            action("Connect to the practice clearinghouse", "ask_practice", look="filled")
            if self.may(self.manage)
            else None
        )
        by_hand = link("New by hand", "/connections/new") if self.may(self.manage) else None
        if not self.found.items and not self.words():
            return div(
                head(self.title, crumbs=_CRUMBS),
                empty("No connection yet.", self.explanation, (practice, by_hand)),
            )
        return div(head(self.title, by_hand, practice, crumbs=_CRUMBS), self._filters(), self._list())

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Connection", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("State", standing, "tight"),
            Column("Host", lambda one: span(f"{one.host}:{one.port}", cls="mono"), "clip optional-column"),
            Column("Use", lambda one: _use(one), "tight"),
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
        words = "Makes a key pair, enrols with the practice clearinghouse and pins its host key. Nothing else to fill in."
        self.dialog = form_window(
            "Connect to the practice clearinghouse",
            "practice",
            "Connect",
            div(name, cls="fields"),
            explanation=words,
        )

    async def do_practice(self, event: Event) -> None:
        """Enrol and add the connection."""
        try:
            made = await connections.add_practice_connection(self.actor, event.text("name"))
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.typed = dict(event.fields)
            self.wrong(refusal)
            await self.do_ask_practice(event)
            return
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

    def facts(self, event: Event) -> ConnectionFacts:
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
        return ConnectionFacts(port=int(port), **{name: event.text(name) for name in names})


@page("/connections/new")
class NewConnection(ConnectionForm):
    """A connection added by hand."""

    permission = P.CONNECTIONS_MANAGE


@page("/connections/{connection_id}")
class Connection(ConnectionForm):
    """One connection."""

    permission = P.CONNECTIONS_VIEW
    watches = frozenset({"edi_files", "edi_batches"})

    test: ConnectionTest | None = None

    def has_form(self) -> bool:
        return self.query.get("edit") == "1" or bool(self.errors)

    def menu_entries(self) -> list[Markup]:
        return [entry("Edit", href=f"{self.here}?edit=1", key="e")]

    def beside(self) -> Child:
        if self.has_form():
            return None
        return div(self._tested(), div(div(self._facts(), self._key()), self._by_hand(), cls="columns"))

    def _tested(self) -> Child:
        test = self.test
        if test is None:
            return None
        waiting = f"{test.waiting_files} files wait for us." if test.works else test.what_to_do
        return notice("ok" if test.works else "bad", test.sentence, waiting)

    def _facts(self) -> Markup:
        one: ConnectionView = self.record
        pairs = table.facts(
            ("State", standing(one)),
            ("Host", span(f"{one.host}:{one.port}", cls="mono")),
            ("User name", span(one.username, cls="mono")),
            ("Use", _use(one)),
            ("Our id (ISA06)", span(one.sender_id, cls="mono")),
            ("Their id (ISA08)", span(one.receiver_id, cls="mono")),
            ("Folders", span(f"{one.inbound_folder} ↑  {one.outbound_folder} ↓", cls="mono")),
            ("Last look", ago(one.last_polled_at, self.zone)),
            ("Last test", ago(one.last_tested_at, self.zone)),
            ("Pinned host key", span(one.host_fingerprint, cls="mono")),
        )
        test = action("Test", "test", key="t", look="tiny") if self.editable else None
        error = one.last_error and notice(
            "bad", one.last_error_words or one.last_error, "Test it again after mending."
        )
        return card("Connection", error, pairs, action=test)

    def _key(self) -> Markup:
        words = p(
            "Give this to the partner, so that it lets us in. The private key never leaves the vault.",
            cls="muted",
        )
        key = div(span(self.record.public_key, cls="mono"), cls="secret")
        copy = button("Copy", type="button", cls="button tiny", data_copy=self.record.public_key)
        return card("Our public key", words, key, action=copy)

    def _by_hand(self) -> Markup:
        if not self.editable or not self.record.active:
            return card("Now", p("Files are fetched and sent by themselves.", cls="muted"))
        upload = label(
            "Take in a file by hand",
            input_(
                type="file",
                cls="sr",
                data_upload="/upload/edi",
                data_connection=str(self.record.id),
                accept=".x12,.edi,.txt,.835,.999,.277",
            ),
            cls="button",
        )
        return card(
            "Now",
            div(
                p("Files are fetched and sent by themselves. When you do not want to wait:", cls="muted"),
                action("Look into the mailbox now", "poll", key="p"),
                action("Send what is ready", "send", key="s"),
                upload,
                link("Files of this connection", f"/files?connection={self.record.id}", look="quiet"),
                cls="stack",
            ),
        )

    async def do_test(self, event: Event) -> None:
        """Connect, sign in and look into both folders."""
        self.test = await connections.test_connection(self.actor, self.record.id)

    async def do_poll(self, event: Event) -> None:
        """Look into the mailbox now."""
        await batches.poll_now(self.actor, self.record.id)
        self.tell("ok", "Looking.", "New files appear by themselves.")

    async def do_send(self, event: Event) -> None:
        """Send what is ready now."""
        await batches.send_now(self.actor, self.record.id)
        self.tell("ok", "Gathering what is ready.", "The batch appears under Files.")

    async def do_save(self, event: Event) -> None:
        await super().do_save(event)
        self.go(self.here)


def standing(one: ConnectionView) -> Markup:
    """Whether a connection works, as far as its last look or test says."""
    if not one.active:
        return chip("Out of use", "neutral")
    return chip("Trouble", "bad", one.last_error_words) if one.last_error else chip("Works", "ok")


def _use(one: ConnectionView) -> Markup:
    return chip("Production", "info") if one.usage_indicator == "P" else chip("Test", "neutral")
