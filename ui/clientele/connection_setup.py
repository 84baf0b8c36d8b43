"""The wizard that sets an SFTP connection up: five steps, each kept, so that anybody can go on where it stopped."""

from typing import Any

from services.clientele import connection_setup, connections
from services.clientele.connection_facts import ConnectionView
from services.clientele.connection_setup import FolderFacts, SeenHostKey
from ui.clientele.connection_cards import public_key
from ui.clientele.connection_wizard import STEPS
from ui.clientele.trial_step import TrialStep
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more, submit
from ui.parts.cards import card, head
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import Markup, button, div, form, p, span
from ui.parts.states import notice


@page("/connections/{connection_id}/setup")
class Setup(TrialStep):
    """A connection that is being set up."""

    watches = frozenset({"connection_trials"})

    seen: SeenHostKey | None = None
    folders: list[str] | None = None
    editing = False

    @property
    def name(self) -> str:
        """What the connection is called."""
        return self.one.name if self.one else self.title

    async def load(self) -> None:
        self.one = await connections.get_connection(self.actor, self.id("connection_id"))
        await self.load_trial(self.one)

    def body(self) -> Markup:
        one = self.connection
        crumbs = (("Settings", "/settings"), ("Connections", "/connections"))
        if not one.setup_step:
            there = link("Open the connection", f"/connections/{one.id}", look="filled")
            done = notice("ok", "The connection is set up.", "Files travel through it by themselves.", there)
            return div(head(one.name, crumbs=crumbs), self.steps(""), done, self.trial_so_far())
        correct = more(entry("Correct the partner's facts", "edit"))
        step = self.partner_form("Keep") if self.editing else getattr(self, f"_at_{one.setup_step}")(one)
        title = (
            "1. Partner"
            if self.editing
            else next(f"{n}. {words}" for n, (key, words, _) in enumerate(STEPS, 1) if key == one.setup_step)
        )
        return div(
            head(one.name, correct, crumbs=crumbs),
            self.steps("partner" if self.editing else one.setup_step),
            div(card(title, step), self._kept(one), cls="columns"),
        )

    def _kept(self, one: ConnectionView) -> Markup:
        """What the earlier steps came to."""
        facts = table.facts(
            ("Host", span(f"{one.host}:{one.port}", cls="mono")),
            ("User name", span(one.username, cls="mono")),
            ("Our id, their id", span(f"{one.sender_id} → {one.receiver_id}", cls="mono")),
            ("Pinned host key", span(one.host_fingerprint, cls="mono")) if one.host_fingerprint else None,
            ("Folders", span(f"{one.inbound_folder} ↑  {one.outbound_folder} ↓", cls="mono"))
            if one.setup_step == "trial"
            else None,
            look="one",
        )
        return card("Kept so far", facts)

    # The steps.

    def _at_key(self, one: ConnectionView) -> Markup:
        words = p(
            "Send this public key to the partner's support and ask that it is let in for the user name. The private half never leaves here.",
            cls="muted",
        )
        copy = button("Copy the key", type="button", cls="button", data_copy=one.public_key)
        download = Markup(
            f'<a class="button" download="caseload.pub" href="data:text/plain,{one.public_key.replace(" ", "%20").replace("+", "%2B")}">Download</a>'
        )
        return div(
            words,
            public_key(one.public_key),
            div(copy, download, action("Give it to the practice clearinghouse", "practice"), cls="actions"),
            div(action("The partner has our key", "key_given", look="filled", key="c"), cls="form-foot"),
            cls="stack",
        )

    def _at_host_key(self, one: ConnectionView) -> Markup:
        words = p(
            "The server proves itself by its own key. Fetch it, and compare its fingerprint with the one that the partner published or tells you by telephone.",
            cls="muted",
        )
        look = action("Fetch the server's key", "look", look="" if self.seen else "filled")
        if self.seen is None:
            return div(words, div(look, cls="form-foot"), cls="stack")
        shown = table.facts(
            ("The server shows", span(self.seen.fingerprint, cls="mono")),
            ("Key", span(self.seen.host_key.split()[0], cls="mono")),
            look="one",
        )
        published = field(
            "published", "Fingerprint that the partner published", self.value("published"), errors=self.errors,
            required=True, look="double", hint="SHA256:… – paste it, do not copy it from here",
        )  # fmt: skip
        reason = long_text("reason", "Why the key changed", "", errors=self.errors) if one.host_key else None
        confirm = form(
            published, reason, div(look, submit("They are the same: pin it"), cls="form-foot"), data_do="pin"
        )
        return div(words, shown, confirm, cls="stack")

    def _at_folders(self, one: ConnectionView) -> Markup:
        words = p("We sign in with our key and list what the partner shows us.", cls="muted")
        listing = action("List the folders", "list", look="filled" if self.folders is None else "")
        if self.folders is None:
            return div(words, div(listing, cls="form-foot"), cls="stack")
        if not self.folders:
            return div(
                words,
                notice(
                    "warn", "No folder is shown.", "Ask the partner which folders this user name may see."
                ),
                listing,
                cls="stack",
            )
        options = [(name, name) for name in self.folders]

        def pick(name: str, label: str, **look: Any) -> Markup:
            return choice(name, label, options, self.value(name), errors=self.errors, **look)

        return form(
            words,
            div(
                pick("inbound_folder", "We upload to", required=True),
                pick("outbound_folder", "We read from", required=True),
                pick("archive_folder", "Read files go to", prompt="They stay"),
                cls="fields",
            ),
            div(listing, submit("Look into them and keep"), cls="form-foot"),
            data_do="folders",
            cls="stack",
        )

    # What is done.

    async def do_edit(self, event: Event) -> None:
        """Correct the first step."""
        self.editing = True

    async def do_partner(self, event: Event) -> None:
        """Keep the corrected partner."""
        self.errors = {}
        await connection_setup.change_partner(self.actor, self.connection.id, self.facts(event))
        self.editing, self.seen, self.folders = False, None, None

    async def do_key_given(self, event: Event) -> None:
        """The partner has our key."""
        await connection_setup.key_is_with_partner(self.actor, self.connection.id)

    async def do_practice(self, event: Event) -> None:
        """Hand our key to the practice clearinghouse."""
        await connection_setup.give_key_to_practice(self.actor, self.connection.id)

    async def do_look(self, event: Event) -> None:
        """Fetch the server's key."""
        self.seen = await connection_setup.look_at_host_key(self.actor, self.connection.id)

    async def do_pin(self, event: Event) -> None:
        """Pin it, when it is the published one."""
        await self.kept_or_wrong(
            event,
            connection_setup.pin_host_key(
                self.actor, self.connection.id, event.text("published"), event.text("reason")
            ),
        )

    async def do_list(self, event: Event) -> None:
        """List the partner's folders."""
        self.folders = await connection_setup.list_folders(self.actor, self.connection.id)

    async def do_folders(self, event: Event) -> None:
        """Look into the chosen folders and keep them."""
        facts = FolderFacts(
            event.text("inbound_folder"), event.text("outbound_folder"), event.text("archive_folder")
        )
        await self.kept_or_wrong(
            event, connection_setup.choose_folders(self.actor, self.connection.id, facts)
        )
