"""Reviewing one claim: the claim beside the checklist, by keyboard from claim to claim."""

from dataclasses import replace
from typing import Any

from domain.quality.checklist import (
    ANSWER_WORDS,
    CATEGORY_WORDS,
    SEVERITY_WORDS,
    Answer,
    Category,
    Severity,
)
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission as P
from services.claims.catalogue import get_claim
from services.claims.views import ClaimView, LineDraft
from services.quality import reviews
from services.quality.reviews import FindingDraft, ReviewFacts, ReviewView
from services.quality.views import QuestionView
from ui.claims.brief import brief
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action, link, submit
from ui.parts.cards import card, head
from ui.parts.forms import choice, field, hidden, long_text, summary_of
from ui.parts.markup import Child, Markup, a, details, div, form, li, ol, p, span, summary
from ui.parts.money import amount, cents_of, plain
from ui.parts.states import Loaded, shown
from ui.parts.table import Column
from ui.parts.times import day

_ANSWERS = [(one.value, ANSWER_WORDS[one]) for one in Answer]
_SEVERITIES = [(one.value, SEVERITY_WORDS[one][0]) for one in Severity]
# What is wrong beyond the questions.
_OTHER = QuestionView("other", "Something else", Category.CLAIM.value)


@page("/quality/reviews/{audit_claim_id}")
class Review(Page):
    """The review of one claim of a sample."""

    title = "Review"
    nav = "quality"
    permission = P.CLAIMS_AUDIT

    one: ReviewView
    claim: Loaded[ClaimView]

    async def load(self) -> None:
        self.one = await reviews.get_review(self.actor, self.id("audit_claim_id"))
        self.claim = await self.read(get_claim, self.one.claim_id)

    def body(self) -> Markup:
        one = self.one
        crumbs = (("Quality", "/quality"), (one.audit_reference, f"/quality/{one.audit_id}"))
        under = (
            span(one.employee_name),
            span(f"claim {one.ordinal} of {one.sample}"),
            span(f"{one.left} to review"),
            one.reader == "second" and span("blind second review"),
        )
        skip = link("Next", f"/quality/reviews/{one.next_id}", key="]") if one.next_id else None
        title = ("Review of ", a(one.claim_reference, href=f"/claims/{one.claim_id}"))
        return div(
            head(title, action("All met", "all_met", key="m"), skip, under=under, crumbs=crumbs),
            div(card("Checklist", self._form()), shown(self.claim, self._claim), cls="halves"),
        )

    def _form(self) -> Markup:
        found = {one.question or _OTHER.key: one for one in self.one.findings}
        questions = [self._question(q, found.get(q.key)) for q in self.one.questions]
        other = details(
            summary(_OTHER.text),
            self._finding(_OTHER, found.get(_OTHER.key)),
            open=_OTHER.key in found or self._has_fault(_OTHER.key) or None,
        )
        words = "Keep and next" if self.one.next_id else "Keep"
        return form(
            summary_of(self.errors, {f"answers.{q.key}": q.text for q in self.one.questions}),
            div(questions, other, cls="stack"),
            div(submit(words, key="s"), cls="form-foot"),
            data_do="keep",
            data_key_of=f"review-{self.one.id}",
        )

    def _question(self, question: QuestionView, finding: FindingDraft | None) -> Markup:
        name = f"answers.{question.key}"
        answer = self.typed.get(name) or self.one.answers.get(question.key, "")
        asked = choice(
            name, f"{question.text}", _ANSWERS, answer, errors=self.errors, required=True, prompt="Choose",
            hint=f"{CATEGORY_WORDS[Category(question.category)]}, weight {question.weight}",
        )  # fmt: skip
        opened = finding is not None or answer == Answer.NOT_MET or name in self.errors
        return div(
            asked,
            details(
                summary("Finding"),
                self._finding(question, finding),
                open=(opened or self._has_fault(question.key)) or None,
            ),
        )

    def _has_fault(self, key: str) -> bool:
        return any(name.startswith(f"finding.{key}.") for name in self.errors)

    def _finding(self, question: QuestionView, finding: FindingDraft | None) -> Markup:
        start, wrong = f"finding.{question.key}", self.errors

        def was(name: str, kept: Any) -> Any:
            return self.typed.get(f"{start}.{name}", kept)

        kept = finding or FindingDraft(question.category, question.severity, "")
        categories = [(one.value, CATEGORY_WORDS[one]) for one in Category]
        return div(
            hidden(f"{start}.category", question.category)
            if question is not _OTHER
            else choice(f"{start}.category", "Category", categories, was("category", kept.category), errors=wrong),
            choice(f"{start}.severity", "Severity", _SEVERITIES, was("severity", kept.severity), errors=wrong),
            field(f"{start}.field", "Field", was("field", kept.field), errors=wrong, hint="Such as lines.1.units"),
            field(f"{start}.cents", "Money it moves", was("cents", plain(kept.cents) if kept.cents else ""), errors=wrong, unit="$"),
            long_text(f"{start}.description", "What is wrong", was("description", kept.description), errors=wrong, rows=2),
            long_text(f"{start}.corrective_action", "What to do", was("corrective_action", kept.corrective_action), errors=wrong, rows=2),
            cls="fields",
        )  # fmt: skip

    def _claim(self, claim: ClaimView) -> Markup:
        columns = [
            Column[LineDraft]("Service", lambda one: " ".join((one.procedure, *one.modifiers)), "wide"),
            Column[LineDraft]("Date", lambda one: day(one.service_from), "tight"),
            Column[LineDraft]("Units", lambda one: f"{one.units.normalize():f}", "right"),
            Column[LineDraft]("Points to", lambda one: ", ".join(map(str, one.pointers)), "right"),
            Column[LineDraft]("Charge", lambda one: amount(one.charge_cents), "right"),
        ]
        diagnoses: Child = ol([li(span(code, cls="mono")) for code in claim.draft.diagnoses])
        return div(
            card(claim.reference, brief(claim, self)),
            card("Lines", table.rows(columns, claim.draft.lines, label="Service lines"), look="flush"),
            card("Diagnoses", diagnoses if claim.draft.diagnoses else p("None.", cls="faint")),
        )

    async def do_all_met(self, event: Event) -> None:
        """Answer everything with met; what is not is changed by hand."""
        for question in self.one.questions:
            self.typed[f"answers.{question.key}"] = Answer.MET.value

    async def do_keep(self, event: Event) -> None:
        """Keep the review and go on to the next claim."""
        self.typed, self.errors = dict(event.fields), {}
        answers = {q.key: event.text(f"answers.{q.key}") for q in self.one.questions}
        findings = self._findings(event, answers)
        try:
            kept = await reviews.save_review(
                self.actor, self.one.id, ReviewFacts(answers, [finding for _, finding in findings])
            )
        except Invalid as refusal:
            self.wrong(_at_their_questions(refusal, [key for key, _ in findings]))
            return
        self.typed = {}
        self.tell("ok", f"{self.one.claim_reference} reviewed.")
        self.go(f"/quality/reviews/{kept.next_id}" if kept.next_id else f"/quality/{kept.audit_id}")

    def _findings(self, event: Event, answers: dict[str, str]) -> list[tuple[str, FindingDraft]]:
        """What was written, by question. A question that is met has no finding, whatever stands in its fields."""
        found, faults = [], []
        for question in (*self.one.questions, _OTHER):
            start = f"finding.{question.key}"
            written = event.text(f"{start}.description") or event.text(f"{start}.field")
            if not written or answers.get(question.key, Answer.NOT_MET) != Answer.NOT_MET:
                continue
            money = event.text(f"{start}.cents")
            cents, fault = cents_of(money, f"{start}.cents") if money else (0, None)
            faults.append(fault)
            finding = FindingDraft(
                event.text(f"{start}.category") or question.category,
                event.text(f"{start}.severity") or Severity.MINOR.value,
                event.text(f"{start}.description"), event.text(f"{start}.field"),
                event.text(f"{start}.corrective_action"), cents, question.key if question is not _OTHER else "",
            )  # fmt: skip
            found.append((question.key, finding))
        reject(*faults)
        return found


def _at_their_questions(refusal: Invalid, keys: list[str]) -> Invalid:
    """The same refusal with faults of findings at the fields of this form: findings are counted, fields are named."""

    def moved(fault: FieldError) -> FieldError:
        parts = fault.field.split(".", 2)
        if parts[0] != "findings" or len(parts) < 3:
            return fault
        return replace(fault, field=f"finding.{keys[int(parts[1]) - 1]}.{parts[2]}")

    fields = tuple(moved(fault) for fault in refusal.fields)
    return Invalid(refusal.code, refusal.title, refusal.what_to_do, fields=fields)
