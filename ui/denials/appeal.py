"""One appeal: where it stands, by when it is due, its letter in every version, what happened, and what can be told now."""

from domain.denials.appeal import Event as Fact
from domain.denials.appeal import Stage
from domain.refusals import Invalid
from policies.permissions import Permission as P
from services.denials import appeals, letters
from services.denials.letters import LetterPreview
from services.denials.views import AppealView, LetterVersion, LevelOutcome
from ui.denials.card import argument_fields, facts_of
from ui.denials.telling import AppealTelling
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, entry, more, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.diagrams import where_it_stands
from ui.parts.markup import Child, Markup, a, div, form, li, ol, p, pre, small, span
from ui.parts.money import amount, dollars
from ui.parts.states import Loaded, notice, shown
from ui.parts.table import Column, facts
from ui.parts.times import ago, day, due
from ui.work.attached import TABLES, Attached
from ui.work.history import who_did

_TONES = {
    "overturned": "ok",
    "upheld": "bad",
    "partially_overturned": "warn",
    "warning": "warn",
    "silence": "warn",
    "expired": "bad",
    "withdrawn": "warn",
}
_WRITABLE = frozenset({Stage.DRAFTED.value})
_MAKEABLE = frozenset({Stage.DRAFTED.value, Stage.AWAITING_APPROVAL.value, Stage.APPROVED.value})


@page("/appeals/{appeal_id}")
class Appeal(AppealTelling, Attached):
    """The page of one appeal."""

    title = "Appeal"
    nav = "denials"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"appeals", "documents"}) | TABLES

    preview: Loaded[LetterPreview] | None = None

    @property
    def name(self) -> str:
        """Whose appeal it is."""
        return f"Appeal of {self.one.line.reference}" if self.loaded else self.title

    async def load(self) -> None:
        self.one = await appeals.get_appeal(self.actor, self.id("appeal_id"))
        await self.load_files("appeal", self.one.id)
        self.preview = None
        if self.may(P.APPEALS_MANAGE) and self.one.line.stage in _MAKEABLE:
            self.preview = await self.read(letters.preview, self.one.id)

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        title = (f"Appeal of {line.reference}", _chip(one))
        under = (
            span(line.payer_name),
            span(line.class_label),
            span(f"level {line.level}: {line.level_label}"),
            a("the claim", href=f"/claims/{line.claim_id}"),
        )
        left = div(self._written(), self._letter(), self._levels())
        right = div(
            where_it_stands(one.diagram, f"Process of the appeal: {line.stage_label}", "appeal", one.id),
            card("What happened", self._history()),
            self.files_card(),
        )
        return div(
            head(title, self._menu(), self._next(), under=under, crumbs=(("Appeals", "/appeals"),)),
            self._waiting(),
            self._money(),
            div(left, right, cls="columns"),
        )

    def _money(self) -> Markup:
        one, line = self.one, self.one.line
        cells: tuple[tuple[str, Child], ...] = (
            ("In dispute", dollars(line.amount_cents)),
            ("Recovered", dollars(line.recovered_cents)),
            ("Window ends", day(one.window_day)),
            ("Answer due", due(one.answer_by, self.zone) if one.answer_by else "–"),
        )
        return div(
            [div(small(words), span(figure, cls="figure")) for words, figure in cells], cls="moneyline"
        )

    def _waiting(self) -> Child:
        stage = self.one.line.stage
        if stage in (Stage.SENT.value, Stage.ACKNOWLEDGED.value):
            how = f"Sent by {self.one.channel}" if self.one.channel else "Sent"
            words = span(
                how, " on ", day(self.one.sent_on), self.one.tracking and f", {self.one.tracking}", "."
            )
            return notice("info", "Waiting for the payer's decision.", words)
        if stage == Stage.LOST_LEVEL.value:
            words = span("It is open until ", day(self.one.window_day), ".")
            return notice("warn", "This level is lost; there is a next one.", words)
        return None

    def _next(self) -> Child:
        """The usual next step as the only filled button."""
        if not self.may(P.APPEALS_MANAGE):
            return None
        possible = self.one.events_possible
        for fact, words, do in (
            (Fact.SENT, "It was sent", "ask_sent"),
            (Fact.NEEDS_APPROVAL, "Ask for approval", "ask_approval"),
            (Fact.APPROVED, "Approve", "approve"),
            (Fact.NEXT_LEVEL, "Take to the next level", "next_level"),
            (Fact.UPHELD, "The payer has decided", "ask_decided"),
        ):
            if fact.value in possible and (fact is not Fact.APPROVED or self.may(P.WORK_ASSIGN)):
                return action(words, do, look="filled", key="c")
        return None

    def _menu(self) -> Child:
        possible = set(self.one.events_possible)
        if not self.may(P.APPEALS_MANAGE) or not possible:
            return None
        entries = [
            Fact.ACKNOWLEDGED.value in possible
            and entry("The payer has acknowledged it", "ask_acknowledged", key="a"),
            Fact.SENT_BACK.value in possible and entry("Send back to be changed", "send_back", key="b"),
            Fact.GIVEN_UP.value in possible and entry("Take it no further", "give_up"),
            Fact.UPHELD.value not in possible and entry("The payer pays after all", "ask_decided"),
            Fact.WITHDRAWN.value in possible and entry("Withdraw", "ask_withdraw", tone="bad"),
        ]
        return more(*(one for one in entries if one))

    def _written(self) -> Markup:
        one = self.one
        if one.line.stage not in _WRITABLE or not self.may(P.APPEALS_MANAGE):
            words = [p(part) for part in one.argument.split("\n") if part] or [
                p("Nothing was added.", cls="faint")
            ]
            along = facts(("Evidence", ", ".join(one.attachments) or "none"))
            return card("What we say", div(words, cls="stack"), along)
        body = form(
            div(argument_fields(one.argument, one.attachments, self.errors), cls="fields"),
            div(submit("Keep", look=""), cls="form-foot"),
            data_do="write",
            data_key_of=f"write-{one.version}",
        )
        return card("What we say", body)

    def _letter(self) -> Markup:
        makeable = self.one.line.stage in _MAKEABLE and self.may(P.APPEALS_MANAGE)
        make = action("Make the PDF", "make_letter", key="l") if makeable else None
        text = self.preview and shown(self.preview, lambda found: pre(found.text, cls="letter"))
        columns = [
            Column[LetterVersion]("Version", lambda one: str(one.version), "tight"),
            Column[LetterVersion]("Level", lambda one: str(one.level), "tight"),
            Column[LetterVersion](
                "Letter",
                lambda one: a(
                    "Open the PDF", href=f"/documents/{one.document_id}", target="_blank", rel="noopener"
                ),
                "wide",
            ),
            Column[LetterVersion]("By", lambda one: one.made_by_name, "clip"),
            Column[LetterVersion]("Made", lambda one: ago(one.made_at, self.zone), "right tight"),
        ]
        versions = self.one.letters and table.rows(columns, self.one.letters, label="Letters")
        nothing = not versions and not text and p("No letter was made.", cls="faint")
        return card("Letter", versions, text, nothing, action=make)

    def _levels(self) -> Child:
        if not self.one.outcomes:
            return None
        columns = [
            Column[LevelOutcome]("Level", lambda one: f"{one.level} {one.level_label}", "wide clip"),
            Column[LevelOutcome]("Outcome", lambda one: chip(one.outcome_label, one.tone), "tight"),
            Column[LevelOutcome]("Sent", lambda one: day(one.sent_on), "right"),
            Column[LevelOutcome]("Decided", lambda one: day(one.decided_on), "right"),
            Column[LevelOutcome](
                "Recovers", lambda one: amount(one.recovered_cents, quiet_zero=True), "right"
            ),
        ]
        return card("Levels", table.rows(columns, self.one.outcomes, label="Levels"), look="flush")

    def _history(self) -> Markup:
        rows = [
            li(
                p(one.summary),
                small(who_did(one.actor_name), " · level ", str(one.level), " · ", ago(one.at, self.zone)),
                cls=_TONES.get(one.kind, "info"),
            )
            for one in self.one.events
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_write(self, event: Event) -> None:
        """Keep what the letter shall say."""
        try:
            self.errors = {}
            await appeals.write(self.actor, self.one.id, facts_of(event))
        except Invalid as refusal:
            self.wrong(refusal)
            return
        self.tell("ok", "Kept.")

    async def do_make_letter(self, event: Event) -> None:
        """Make the letter as a PDF."""
        before = len(self.one.letters)
        made = await letters.make_letter(self.actor, self.one.id)
        again = len(made.letters) == before
        self.tell(
            "ok", "The letter is as it was." if again else f"Letter made: version {made.letters[0].version}."
        )


def _chip(one: AppealView) -> Markup:
    line = one.line
    if line.stage == Stage.CLOSED.value and line.outcome:
        return chip(line.outcome_label, line.outcome_tone)
    return chip(line.stage_label, line.tone)
