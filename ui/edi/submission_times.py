"""How soon each partner answers: learned from its history, and what the tenant says instead."""

from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.clientele import connections, payers
from services.tenancy import expected_answers as expected
from services.tenancy.expected_answers import PartnerAnswer, PartnerLimit
from ui.edi.submissions import ANSWERS
from ui.page import Event, Page, identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field
from ui.parts.markup import Child, Markup, a, button, div, p, small, span
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import ago

_SOURCES = {
    "own": ("Set for this partner", "info"),
    "tenant": ("Set for everybody", "info"),
    "learned": ("Learned", "ok"),
    "usual": ("Usual", "neutral"),
}
_HOUR, _DAY = 3600, 86_400


@page("/submissions/times")
class SubmissionTimes(Page):
    """Expected answers of every payer and connection."""

    title = "Expected answers"
    nav = "submissions"
    permission = P.CONNECTIONS_VIEW

    found: list[PartnerAnswer] = []
    usual: dict[str, int] = {}
    partners: list[tuple[str, str]] = []

    async def load(self) -> None:
        self.found = await expected.answers_of_partners(self.actor)
        self.usual = await expected.expected_answers(self.actor)
        if not self.partners and self.may(P.CONNECTIONS_MANAGE):
            await self._load_partners()

    async def _load_partners(self) -> None:
        houses = await self.read(connections.list_connections, limit=200)
        known = await self.read(payers.list_payers, limit=200)
        self.partners = [(f"payer:{one.id}", one.name) for one in (known.value.items if known.value else ())]
        self.partners += [
            (f"connection:{one.id}", one.name) for one in (houses.value.items if houses.value else ())
        ]

    def body(self) -> Markup:
        may = self.may(P.CONNECTIONS_MANAGE)
        learn = action("Learn now", "learn", look="quiet") if may else None
        say = action("Set a limit", "ask_limit", look="filled", key="c") if may else None
        return div(
            head("Expected answers", learn, say, crumbs=(("Submissions", "/submissions"),)),
            card("Without history", self._usual()),
            self._list(),
        )

    def _usual(self) -> Markup:
        words = ", ".join(f"{ANSWERS[answer]} {_span(seconds)}" for answer, seconds in self.usual.items())
        return p(
            "From sending: ", words, ". After 20 answered batches within 90 days a partner's own 95th percentile and half"
            " as much again counts instead.",
        )  # fmt: skip

    def _list(self) -> Markup:
        if not self.found:
            return empty(
                "Nothing is learned yet.",
                "Each night the answers of the last 90 days are looked at, partner by partner.",
            )
        columns = [
            Column[PartnerAnswer]("Partner", _partner, "clip wide"),
            Column[PartnerAnswer](
                "Answer", lambda one: span(ANSWERS[one.answer], title=one.answer_label), "tight"
            ),
            Column[PartnerAnswer]("Batches", lambda one: str(one.samples), "right"),
            Column[PartnerAnswer]("95 % within", lambda one: _maybe(one.percentile_seconds), "right"),
            Column[PartnerAnswer](
                "Learned", lambda one: _maybe(one.learned_seconds), "right optional-column"
            ),
            Column[PartnerAnswer]("Waits", lambda one: span(_span(one.wait_seconds), cls="figure"), "right"),
            Column[PartnerAnswer]("", self._source, "tight"),
            Column[PartnerAnswer](
                "As of", lambda one: ago(one.learned_at, self.zone), "right optional-column"
            ),
            Column[PartnerAnswer]("", self._forget, "right tight"),
        ]
        return table.rows(columns, self.found, label="Expected answers")

    def _source(self, one: PartnerAnswer) -> Markup:
        words, tone = _SOURCES[one.source]
        why = f"{one.own_reason} ({one.own_by_name})" if one.source == "own" else ""
        return span(chip(words, tone, why), " ", why and small(one.own_reason))

    def _forget(self, one: PartnerAnswer) -> Child:
        if one.own_seconds is None or not self.may(P.CONNECTIONS_MANAGE):
            return None
        words = f"Take back the limit of {one.partner_name} for the {one.answer_label}"
        return button(
            "×", type="button", cls="button quiet tiny", data_do="forget", data_partner=one.partner,
            data_id=str(one.partner_id), data_answer=one.answer, aria_label=words, title=words,
        )  # fmt: skip

    async def do_learn(self, event: Event) -> None:
        """Look at the history now."""
        await expected.learn_now(self.actor)
        self.tell("ok", "Learning has begun.", "Reload in a moment.")

    async def do_ask_limit(self, event: Event) -> None:
        """Ask for a partner's limit."""
        typed = {name: str(self.typed.get(name, "")) for name in ("partner", "answer", "hours", "reason")}
        self.dialog = form_window(
            "Set a limit",
            "limit",
            "Keep",
            div(
                choice("partner", "Payer or connection", self.partners, typed["partner"], errors=self.errors, prompt="Choose", required=True),
                choice("answer", "Answer", list(ANSWERS.items()), typed["answer"], errors=self.errors, prompt="Choose", required=True),
                field("hours", "Within", typed["hours"], errors=self.errors, hint="hours from sending", inputmode="numeric", required=True),
                field("reason", "Reason", typed["reason"], errors=self.errors, required=True),
                cls="fields",
            ),
            explanation="Counts before what is learned, until it is taken back.",
        )  # fmt: skip

    async def do_limit(self, event: Event) -> None:
        """Keep a partner's limit."""
        try:
            await expected.expect_of_partner(self.actor, _typed(event))
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.typed = dict(event.fields)
            self.wrong(refusal)
            if "within_seconds" in self.errors:
                self.errors["hours"] = self.errors.pop("within_seconds")
            await self.do_ask_limit(event)
            return
        self.typed = {}
        await self.do_close_dialog(event)
        self.tell("ok", "Kept.", "Claims under way wait by it from now on.")

    async def do_forget(self, event: Event) -> None:
        """Go back to what is learned."""
        limit = PartnerLimit(event.args.get("partner", ""), event.id(), event.args.get("answer", ""), None)
        await expected.expect_of_partner(self.actor, limit)
        self.tell("ok", "Taken back.", "What is learned counts again.")


def _typed(event: Event) -> PartnerLimit:
    kind, _, partner = event.text("partner").partition(":")
    hours = event.text("hours")
    whole = hours.isascii() and hours.isdigit() and 0 < int(hours) < 10_000
    reject(
        None if partner else FieldError("partner", "partner.missing", "Choose a payer or a connection."),
        None
        if event.text("answer") in ANSWERS
        else FieldError("answer", "answer.missing", "Choose an answer."),
        None if whole else FieldError("hours", "hours.invalid", "Type whole hours, such as 36."),
    )
    return PartnerLimit(
        kind, identifier(partner), event.text("answer"), int(hours) * _HOUR, event.text("reason")
    )


def _partner(one: PartnerAnswer) -> Markup:
    payer = one.partner == "payer"
    href = f"/payers/{one.partner_id}" if payer else f"/connections/{one.partner_id}"
    return span(a(one.partner_name, href=href), " ", small(one.partner))


def _maybe(seconds: int | None) -> Markup:
    return span("–", cls="faint") if seconds is None else span(_span(seconds), cls="figure")


def _span(seconds: int) -> str:
    """A duration in the two largest units that matter: `2 d 4 h`, `3 h`, `20 min`."""
    days, rest = divmod(seconds, _DAY)
    hours, minutes = rest // _HOUR, rest % _HOUR // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"
