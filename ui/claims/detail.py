"""One claim: who, what, where it stands, what is wrong at which field, how its money came to be, what happened."""

from uuid import UUID

from domain.rules.custom_fields import Subject
from policies.permissions import Permission as P
from services.claims import capture, catalogue
from services.claims.views import ClaimView
from services.denials import worklist
from services.insight.likelihood import Forecast, likelihood_of
from services.remittances.posted import ledger_of_claim
from services.work import notes
from services.work import queue as work
from services.work.notes import NoteView
from services.work.views import WorkLine
from ui.claims import bill_cards, cards, money, track
from ui.claims.brief import CORRECTIONS
from ui.claims.correcting import CorrectionActions
from ui.claims.findings import notes as finding_notes
from ui.claims.findings import of_card
from ui.claims.likelihood import likelihood_card
from ui.claims.submission import Filed, documents_of_claim, submission_card
from ui.denials.card import DenialActions, denial_card
from ui.page import Event, page
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import head
from ui.parts.chips import claim_chip, copyable
from ui.parts.markup import Child, Markup, div, span
from ui.parts.states import Loaded, notice
from ui.parts.times import day_words
from ui.rules.custom import CustomFields
from ui.work.attached import TABLES, Attached

# What the one filled button does: release here, or lead to where the decision is made.
_DECISIONS = frozenset({"appeal"})
_ENDINGS = {"settle_patient_balance": "Settle the patient's share", "close": "Close the claim"}
_BEFORE_SENDING = frozenset({"draft", "coding", "held", "ready"})


@page("/claims/{claim_id}")
class Claim(Filed, CorrectionActions, DenialActions, Attached, CustomFields):
    """The page of one claim."""

    title = "Claim"
    nav = "claims"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"claims", "denials", "work_items", "notes", "documents"}) | TABLES

    custom_subject = Subject.CLAIM
    claim: ClaimView
    # Own notes of this visit: only after one of them is the field emptied, whatever others write meanwhile.
    noted = 0
    items: list[WorkLine] = []
    notes: Loaded[list[NoteView]]
    forecast: Loaded[Forecast] | None = None

    @property
    def name(self) -> str:
        """The claim's reference."""
        return self.claim.reference if hasattr(self, "claim") else "Claim"

    async def load(self) -> None:
        self.claim = await catalogue.get_claim(self.actor, self.id("claim_id"))
        await self.load_custom()
        await self.load_submissions(self.claim.id)
        self.notes = await self.read(notes.notes_of, "claim", self.claim.id)
        await self.load_files("claim", self.claim.id)
        self.denials = await self.read(worklist.denials_of_claim, self.claim.id)
        self.items = await self._open_items() if self.may(P.WORK_VIEW) else []
        unsent = self.claim.status in _BEFORE_SENDING
        self.forecast = await self.read(likelihood_of, self.claim.id) if unsent else None

    def custom_record(self) -> UUID | None:
        return self.claim.id

    async def _open_items(self) -> list[WorkLine]:
        found = await self.read(work.queue, scope="all", text=self.claim.reference, limit=20)
        return [line for line in found.value.items if line.subject_id == self.claim.id] if found.value else []

    def body(self) -> Markup:
        claim = self.claim
        left = div(
            finding_notes(of_card(claim.findings, "claim"), where=True),
            self.forecast and likelihood_card(self.forecast),
            denial_card(self),
            cards.parties(claim, self.may(P.PATIENTS_VIEW)),
            bill_cards.cards(claim, claim.draft.facts)
            if claim.draft.facts
            else (cards.diagnoses(claim), cards.lines(claim)),
            cards.more_facts(claim),
            self.custom_card(claim.custom, self.may(P.CLAIMS_CORRECT)),
            submission_card(self),
            cards.versions(claim, self.zone),
        )
        right = div(
            track.diagram(claim),
            track.timeline(claim, self.zone),
            track.notes(self),
            self.files_card(),
            track.answers(claim, self.zone),
            documents_of_claim(self),
        )
        return div(self._head(), self._waiting(), money.line(claim), div(left, right, cls="columns"))

    def _head(self) -> Markup:
        claim = self.claim
        title = (claim.reference, claim_chip(claim.status, claim.status_label, claim.tone))
        under = (
            span(claim.patient_name),
            span(claim.payer_name),
            span(f"served {_dates(claim)}"),
            span("claim number ", copyable(claim.claim_number)),
            claim.payer_claim_control_number
            and span("payer's number ", copyable(claim.payer_claim_control_number)),
        )
        return head(title, self._menu(), self._next(), under=under, crumbs=(("Claims", "/claims"),))

    def _next(self) -> Child:
        """The one next action as the only filled button; None while the claim waits for somebody else."""
        claim, code = self.claim, self.claim.next_action
        if code == "release" and self.may(P.CLAIMS_SUBMIT):
            return action("Release", "release", look="filled", key="c")
        if code in CORRECTIONS and self.may(P.CLAIMS_CORRECT):
            return link(claim.next_action_label, f"/claims/{claim.id}/edit", look="filled", key="c")
        if code in _ENDINGS and self.may(P.CLAIMS_CORRECT):
            return action(_ENDINGS[code], "ask_close", look="filled", key="c")
        if code in _DECISIONS and self.items:
            return link(claim.next_action_label, item_address(self.items[0]), look="filled", key="c")
        return None

    def _menu(self) -> Child:
        if not self.may(P.CLAIMS_CORRECT):
            return None
        before = self.claim.status in _BEFORE_SENDING
        edit = entry("Edit", href=f"/claims/{self.claim.id}/edit", key="e")
        entries: list[Child] = [edit] if before or self.claim.correction else []
        if before and self.claim.status != "held":
            entries.append(entry("Put on hold", "ask_hold", key="h"))
        if before:
            entries.append(entry("Withdraw", "ask_withdraw", tone="bad"))
        entries += self.correction_entries()
        return more(*entries) if entries else None

    def _waiting(self) -> Child:
        """What the claim waits for: a person with an item, or the next thing from outside."""
        claim = self.claim
        if self.items:
            item = self.items[0]
            who = f"{item.owner_name} has it." if item.owner_name else "Nobody has taken it."
            return notice("warn", item.title, who, link("Open the work item", item_address(item), key="w"))
        if claim.waiting_for:
            words = "Nothing to do: an alarm rings if the answer does not come."
            return notice("info", f"Waiting for {claim.waiting_for}.", words)
        return None

    async def do_release(self, event: Event) -> None:
        """Let the claim go to its payer."""
        await capture.release(self.actor, self.claim.id)
        self.tell("ok", "Released.", "It travels with the next batch.")

    async def do_show_money(self, event: Event) -> None:
        """The ledger lines behind a figure."""
        entries = await ledger_of_claim(self.actor, self.claim.id)
        self.dialog = money.derivation(self.claim, entries, event.args.get("figure", "balance"), self.zone)

    async def do_note(self, event: Event) -> None:
        """Add a note to the claim."""
        await notes.add_note(self.actor, "claim", self.claim.id, event.text("text"))
        self.noted += 1
        self.tell("ok", "Note added.")

    async def do_ask_hold(self, event: Event) -> None:
        """Ask why the claim is to be stopped."""
        self.ask_reason(
            "Put on hold", "hold", "The claim stays here until somebody corrects it or checks it again."
        )

    async def do_hold(self, event: Event) -> None:
        """Stop the claim before it is batched."""
        await self.with_reason(event, capture.hold, "On hold.")

    async def do_ask_withdraw(self, event: Event) -> None:
        """Ask why the claim is to end."""
        self.ask_reason("Withdraw", "withdraw", "The claim closes and is never sent. This cannot be undone.")

    async def do_withdraw(self, event: Event) -> None:
        """End a claim that the payer does not hold."""
        await self.with_reason(event, capture.withdraw, "Withdrawn.")

    async def do_ask_close(self, event: Event) -> None:
        """Ask how the rest was settled."""
        self.ask_reason("Close the claim", "close", "For a share that was settled outside. The claim closes.")

    async def do_close(self, event: Event) -> None:
        """Close the claim."""
        await self.with_reason(event, capture.close, "Closed.")


def item_address(item: WorkLine) -> str:
    """The queue with an item open beside it."""
    return f"/work?tab=all&item={item.id}"


def _dates(claim: ClaimView) -> str:
    first = day_words(claim.service_from)
    return first if claim.service_from == claim.service_to else f"{first} to {day_words(claim.service_to)}"
