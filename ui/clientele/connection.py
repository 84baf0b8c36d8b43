"""One connection: its state, its keys, its partner's host key, and looking and sending now."""

from policies.permissions import Permission as P
from services.clientele import connection_keys, connection_setup, connections
from services.clientele.connection_facts import ConnectionView
from services.clientele.connection_setup import SeenHostKey
from services.clientele.connection_words import ConnectionTest
from services.edi import batches
from ui.clientele import connection_cards
from ui.clientele.connections import ConnectionForm, standing, use_chip
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, entry, link
from ui.parts.cards import card
from ui.parts.dialogs import form_window
from ui.parts.forms import field, long_text
from ui.parts.markup import Child, Markup, div, input_, label, p, span
from ui.parts.states import notice
from ui.parts.times import ago


@page("/connections/{connection_id}")
class Connection(ConnectionForm):
    """One connection."""

    permission = P.CONNECTIONS_VIEW
    watches = frozenset({"connections", "connection_circuits"})

    test: ConnectionTest | None = None
    next_test: ConnectionTest | None = None
    seen: SeenHostKey | None = None

    def has_form(self) -> bool:
        return self.query.get("edit") == "1" or bool(self.errors)

    def menu_entries(self) -> list[Markup]:
        return [entry("Edit", href=f"{self.here}?edit=1", key="e")]

    def beside(self) -> Child:
        if self.has_form():
            return None
        left = div(self._facts(), connection_cards.host_key_card(self), connection_cards.key_card(self))
        return div(
            self._unfinished(),
            connection_cards.circuit_notice(self),
            connection_cards.tested(self.test),
            div(left, self._by_hand(), cls="columns"),
        )

    def _unfinished(self) -> Child:
        if not self.record.setup_step:
            return None
        onward = link("Go on", f"{self.here}/setup", look="tiny") if self.editable else None
        return notice(
            "warn", "This connection is still being set up.", "Nothing travels through it yet.", onward
        )

    def _facts(self) -> Markup:
        one: ConnectionView = self.record
        pairs = table.facts(
            ("State", standing(one)),
            ("Address", span(one.base_url, cls="mono"))
            if one.kind == "rest"
            else ("Host", span(f"{one.host}:{one.port}", cls="mono")),
            ("User name", span(one.username, cls="mono")) if one.username else None,
            ("Use", use_chip(one)),
            ("Our id (ISA06)", span(one.sender_id, cls="mono")),
            ("Their id (ISA08)", span(one.receiver_id, cls="mono")),
            None
            if one.kind == "rest"
            else ("Folders", span(f"{one.inbound_folder} ↑  {one.outbound_folder} ↓", cls="mono")),
            ("Last look", ago(one.last_polled_at, self.zone)),
            ("Last test", ago(one.last_tested_at, self.zone)),
        )
        test = action("Test", "test", key="t", look="tiny") if self.editable else None
        paused = one.circuit.state != "closed"
        error = (
            not paused
            and one.last_error
            and notice("bad", one.last_error_words or one.last_error, "Test it again after mending.")
        )
        return card("Connection", error, pairs, action=test)

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

    async def do_ask_close(self, event: Event) -> None:
        """Ask why the partner may be called again at once."""
        reason = long_text("reason", "Reason", "", errors=self.errors, required=True, autofocus=True)
        words = "It is called with the next look and the next batch, whatever happened before."
        self.dialog = form_window(
            "Call the partner again", "close", "Call again", div(reason, cls="fields"), explanation=words
        )

    async def do_close(self, event: Event) -> None:
        """Let it be called again, with the reason."""
        await connections.close_circuit(self.actor, self.record.id, event.text("reason"))
        await self.do_close_dialog(event)

    async def do_look_host_key(self, event: Event) -> None:
        """Fetch the key that the server shows now."""
        self.seen = await connection_setup.look_at_host_key(self.actor, self.record.id)

    async def do_ask_pin(self, event: Event) -> None:
        """Ask for the published fingerprint and the reason."""
        typed = self.typed if self.errors else {}
        fields = div(
            field(
                "published",
                "Fingerprint that the partner published",
                typed.get("published", ""),
                errors=self.errors,
                required=True,
                look="double",
                hint="SHA256:…",
            ),
            long_text(
                "reason",
                "Why the key changed",
                str(typed.get("reason", "")),
                errors=self.errors,
                required=True,
            ),
            cls="fields",
        )
        self.dialog = form_window("Pin the new host key", "pin", "Pin", fields)

    async def do_pin(self, event: Event) -> None:
        """Pin it, if it is the published one."""
        await connection_setup.pin_host_key(
            self.actor, self.record.id, event.text("published"), event.text("reason")
        )
        self.seen = None
        await self.do_close_dialog(event)

    async def do_rotate(self, event: Event) -> None:
        """Make the key that is to follow."""
        await connection_keys.begin_key_rotation(self.actor, self.record.id)

    async def do_next_to_practice(self, event: Event) -> None:
        """Hand the new key to the practice clearinghouse."""
        self.next_test = await connection_keys.give_next_key_to_practice(self.actor, self.record.id)

    async def do_try_next(self, event: Event) -> None:
        """Sign in with the new key."""
        self.next_test = await connection_keys.try_next_key(self.actor, self.record.id)

    async def do_switch_key(self, event: Event) -> None:
        """Use the new key from now on."""
        await connection_keys.switch_key(self.actor, self.record.id)
        self.next_test = None
        self.tell("ok", "Switched.", "The old key is destroyed; ask the partner to forget it too.")

    async def do_drop_next(self, event: Event) -> None:
        """Give the new key up."""
        await connection_keys.drop_next_key(self.actor, self.record.id)
        self.next_test = None

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
