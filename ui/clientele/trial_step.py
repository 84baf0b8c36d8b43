"""The last step of setting a connection up: a test file about nobody, followed until the partner accepts it."""

from typing import Any

from domain.paging import Page as Rows
from domain.refusals import FieldError
from services.clientele import clients, connection_setup, payers, trials
from services.clientele.connection_facts import ConnectionView
from services.clientele.trials import TrialFacts, TrialView
from ui.clientele.connection_wizard import Wizard
from ui.clientele.trial_card import trial_progress
from ui.page import Event, identifier, reject
from ui.parts.buttons import action, submit
from ui.parts.forms import choice, field, summary_of
from ui.parts.markup import Markup, div, form, p
from ui.parts.states import Loaded, notice


class TrialStep(Wizard):
    """A wizard that ends with a trial."""

    trial: TrialView | None = None
    clients: Loaded[Rows[Any]] | None = None
    payers: Loaded[Rows[Any]] | None = None

    async def load_trial(self, one: ConnectionView) -> None:
        """Read how far the trial has come, and whom the test file may be about."""
        if one.setup_step in ("trial", ""):
            self.trial = await trials.latest_trial(self.actor, one.id)
        if one.setup_step == "trial" and self.clients is None:
            self.clients = await self.read(clients.list_clients, limit=200, active=True)
            self.payers = await self.read(payers.list_payers, limit=200, active=True)

    def _at_trial(self, one: ConnectionView) -> Markup:
        trial = self.trial
        if trial is None or trial.status == "ended":
            return div(self.trial_so_far(), self._trial_form())
        if trial.status == "accepted":
            live = div(
                action("Use it for tests", "finish", data_use="T"),
                action("Use it for production", "finish", look="filled", data_use="P"),
                cls="form-foot",
            )
            return div(
                self.trial_so_far(),
                notice("ok", "The partner accepted the test file.", "The connection can be used."),
                live,
                cls="stack",
            )
        return self.trial_so_far()

    def trial_so_far(self) -> Markup:
        """How far the trial has come."""
        return trial_progress(self.trial, self.zone) if self.trial else div()

    def _trial_form(self) -> Markup:
        words = p(
            "A real 837P about nobody, marked as a test (ISA15 T), is uploaded and followed until a 277CA accepts it. You may leave this page meanwhile.",
            cls="muted",
        )
        return form(
            summary_of(self.errors),
            words,
            div(self._trial_fields(), cls="fields"),
            div(submit("Send the test file"), cls="form-foot"),
            data_do="trial",
            cls="stack",
        )

    def _trial_fields(self) -> tuple[Markup, ...]:
        return (
            choice(
                "client_id",
                "Billed by",
                _options(self.clients),
                self.typed.get("client_id", ""),
                errors=self.errors,
                required=True,
                prompt="Choose a client",
            ),
            choice(
                "payer_id",
                "To",
                _options(self.payers),
                self.typed.get("payer_id", ""),
                errors=self.errors,
                required=True,
                prompt="Choose a payer",
            ),
            field(
                "member_id",
                "Test member id",
                self.typed.get("member_id", ""),
                errors=self.errors,
                required=True,
                hint="that the partner gave for tests; at the practice clearinghouse TEST90",
            ),
        )

    async def do_trial(self, event: Event) -> None:
        """Send the test file."""
        names = ("client_id", "payer_id")
        self.typed = dict(event.fields)
        reject(
            *(FieldError(name, f"{name}.missing", "Choose one.") for name in names if not event.text(name))
        )
        facts = TrialFacts(
            identifier(event.text("client_id")), identifier(event.text("payer_id")), event.text("member_id")
        )
        await self.kept_or_wrong(event, trials.start_trial(self.actor, self.connection.id, facts))

    async def do_again(self, event: Event) -> None:
        """Try the step that failed again."""
        await trials.try_trial_again(self.actor, self.connection.id)
        self.tell("ok", "Trying again.")

    async def do_end_trial(self, event: Event) -> None:
        """Give the trial up."""
        await trials.try_trial_again(self.actor, self.connection.id, end=True)

    async def do_finish(self, event: Event) -> None:
        """Take the connection into use."""
        await connection_setup.finish_setup(self.actor, self.connection.id, event.args.get("use", "T"))
        self.tell("ok", "In use.", "Its mailbox is looked into from now on.")


def _options(found: Loaded[Rows[Any]] | None) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in found.value.items] if found and found.value else []
