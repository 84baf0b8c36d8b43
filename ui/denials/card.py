"""The denial of a claim: why, which class, what the playbook asks for, and the way to an appeal."""

from domain.denials.classes import Route
from policies.permissions import Permission as P
from services.denials import appeals, worklist
from services.denials.appeals import AppealFacts
from services.denials.views import DenialCodeView, DenialView
from ui.page import Event, Page, there
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, div, h3, input_, label, li, p, small, span, ul
from ui.parts.money import amount, dollars
from ui.parts.states import Loaded, shown
from ui.parts.table import Column, facts
from ui.parts.times import ago, day

_BY_APPEAL = frozenset({"open"})


class DenialActions(Page):
    """The denials of a claim, and what is done about the latest; mixed into the claim's page."""

    denials: Loaded[list[DenialView]]

    @property
    def denied(self) -> DenialView | None:
        """The latest denial, when there is one to see."""
        return self.denials.value[0] if self.denials.value else None

    async def do_tick(self, event: Event) -> None:
        """Tick a step of the checklist, or take the tick back."""
        await worklist.tick(self.actor, event.id(), event.number("step", -1), event.value == "true")

    async def do_ask_appeal(self, event: Event) -> None:
        """Ask what the letter shall say and what goes along."""
        words = "The letter is written from the playbook of this class. You see it before it is sent."
        self.dialog = form_window(
            "Appeal",
            "appeal",
            "Open the appeal",
            div(argument_fields(*self._said(), self.errors), cls="fields"),
            explanation=words,
            look="large",
        )

    def _said(self) -> tuple[str, list[str]]:
        """What was typed, when it was refused."""
        if not self.errors:
            return "", []
        return str(self.typed.get("argument", "")), str(self.typed.get("attachments", "")).splitlines()

    async def do_appeal(self, event: Event) -> None:
        """Open the appeal and go to it."""
        claim_id = there(self.denied).line.claim_id
        self.errors = {}
        view = await appeals.open_appeal(self.actor, claim_id, facts_of(event))
        await self.do_close_dialog(event)
        self.tell("ok", "The appeal is open.", "Look at the letter, then send it.")
        self.go(f"/appeals/{view.id}")


def argument_fields(argument: str, attachments: list[str], errors: dict[str, str]) -> list[Markup]:
    """What a person writes for a letter."""
    return [
        long_text(
            "argument",
            "Why the decision is wrong",
            argument,
            errors=errors,
            rows=5,
            hint="Stands in the letter as you write it.",
        ),
        long_text(
            "attachments",
            "Evidence that goes along",
            "\n".join(attachments),
            errors=errors,
            hint="One on each line, such as: Visit note of November 3",
        ),
    ]


def facts_of(event: Event) -> AppealFacts:
    """The fields of `argument_fields` as they were typed."""
    return AppealFacts(event.text("argument"), event.text("attachments").splitlines())


def denial_card(page: DenialActions) -> Child:
    """The card of the latest denial; earlier ones stand below it in a line each."""
    if page.denials.value == []:
        return None
    return shown(page.denials, lambda found: _card(page, found))


def _card(page: DenialActions, found: list[DenialView]) -> Markup:
    one = found[0]
    line = one.line
    mark = span(chip(line.status_label, line.tone), " ", line.preventable and chip("preventable", "warn"))
    return card(
        f"Denial: {line.class_label}",
        facts(
            ("At stake", dollars(line.amount_cents)),
            ("Denied on", day(line.decided_on)),
            ("Recommended", line.route_label),
            ("Deadline", day(line.deadline)),
            ("Appeal until", day(line.appeal_by)) if line.route != Route.APPEAL.value else None,
            ("Correct until", day(line.file_by)),
        ),
        [p(words, cls="error") for words in line.warnings],
        _codes(one),
        _checklist(page, one),
        _actions(page, one),
        [_earlier(other) for other in found[1:]],
        action=mark,
        ident="denial",
    )


def _codes(one: DenialView) -> Child:
    if not one.codes:
        return p("The payment is short without a reason code.", cls="muted")
    columns = [
        Column[DenialCodeView]("Code", lambda code: span(code.code, cls="mono"), "tight"),
        Column[DenialCodeView](
            "Line", lambda code: "claim" if code.line_ordinal is None else str(code.line_ordinal), "tight"
        ),
        Column[DenialCodeView]("Class", lambda code: code.class_label, "clip wide"),
        Column[DenialCodeView](
            "Remarks", lambda code: span(" ".join(code.remarks) or "–", cls="mono"), "clip"
        ),
        Column[DenialCodeView]("Amount", lambda code: amount(code.amount_cents), "right"),
    ]
    return table.rows(columns, one.codes, label="Codes that deny")


def _checklist(page: DenialActions, one: DenialView) -> Child:
    if not one.steps:
        return None
    may = page.may(P.DENIALS_WORK)
    rows = []
    for step in one.steps:
        box = input_(
            type="checkbox",
            checked=step.done,
            disabled=not may,
            data_change="tick",
            data_id=str(one.id),
            data_step=str(step.number),
        )
        done = step.done and small(" ", step.done_by_name, " · ", ago(step.done_at, page.zone), cls="faint")
        rows.append(li(label(box, span(step.words, done), cls="check")))
    return div(h3("Playbook"), ul(rows, cls="plain"), style="margin-top: 12px")


def _actions(page: DenialActions, one: DenialView) -> Child:
    if one.appeal_id is not None:
        words = "Open the appeal" if one.line.status == "appealed" else "The appeal"
        return div(link(words, f"/appeals/{one.appeal_id}", key="p"), style="margin-top: 12px")
    if one.line.status in _BY_APPEAL and page.may(P.APPEALS_MANAGE):
        return div(action("Appeal", "ask_appeal", key="p"), style="margin-top: 12px")
    return None


def _earlier(one: DenialView) -> Markup:
    line = one.line
    appeal = one.appeal_id and span(" · ", link("appeal", f"/appeals/{one.appeal_id}", look="tiny"))
    return p(
        chip(line.status_label, line.tone),
        f" {line.class_label} · {', '.join(line.codes)} · {dollars(line.amount_cents)} · ",
        day(line.decided_on),
        appeal,
        cls="muted",
        style="margin-top: 8px",
    )
