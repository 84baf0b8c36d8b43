"""One audit: where it stands, its three accuracies, its sample and findings, and what can be told now."""

from uuid import UUID

from domain.quality.process import Event as Fact
from domain.quality.process import State
from domain.refusals import Conflict
from policies.permissions import Permission as P
from services.quality import plans, results
from services.quality.views import AuditView, FindingLine, SampledClaim
from ui.page import Event, identifier, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_entries
from ui.parts.forms import check, long_text
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.money import amount
from ui.parts.states import notice
from ui.parts.table import Column, facts
from ui.parts.times import ago, day, due
from ui.quality.rates import accuracy_line, category_words, percent, severity_chip
from ui.work.attached import TABLES, Attached
from ui.work.history import who_did

_REVIEWING = (State.SAMPLED.value, State.IN_REVIEW.value)


@page("/quality/{audit_id}")
class Audit(Attached):
    """The page of one audit."""

    title = "Audit"
    nav = "quality"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"qa_audits", "qa_audit_claims"}) | TABLES

    one: AuditView

    @property
    def name(self) -> str:
        """Which audit it is."""
        return f"Audit {self.one.line.reference}" if self.loaded else self.title

    async def load(self) -> None:
        self.one = await plans.get_audit(self.actor, self.id("audit_id"))
        await self.load_files("audit", self.one.id)

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        ended = line.outcome and line.state == State.CLOSED
        state = chip(line.outcome_label, line.outcome_tone) if ended else chip(line.state_label, line.tone)
        under = (
            span(line.employee_name, " · ", day(line.period_from), " to ", day(line.period_to)),
            span("audited by ", line.auditor_name),
            line.due_at and span("due ", due(line.due_at, self.zone)),
        )
        left = div(self._said(), self._findings(), self._sample())
        right = div(
            where_it_stands(one.diagram, f"Process of the audit: {line.state_label}", "audit", line.id),
            self._plan(),
            card("What happened", self._history()),
            self.files_card(),
        )
        return div(
            head(
                (line.reference, state),
                self._menu(),
                self._next(),
                under=under,
                crumbs=(("Quality", "/quality"),),
            ),
            accuracy_line(line.accuracies),
            div(left, right, cls="columns"),
        )

    def _next(self) -> Child:
        """The usual next step as the only filled button."""
        may, line = set(self.one.may), self.one.line
        waiting = self._waiting()
        if line.state in _REVIEWING and waiting:
            return link("Review the next claim", f"/quality/reviews/{waiting[0].id}", look="filled", key="r")
        for fact, words, do in (
            (Fact.REVIEWED, "Complete the audit", "ask_complete"),
            (Fact.ACKNOWLEDGED, "Acknowledge", "acknowledge"),
            (Fact.UPHELD, "Decide", "ask_decide"),
        ):
            if fact.value in may:
                return action(words, do, look="filled", key="c")
        return None

    def _waiting(self) -> list[SampledClaim]:
        """The claims that this person has not reviewed."""
        if self.actor.user_id == self.one.line.auditor_id:
            return [claim for claim in self.one.claims if not claim.reviewed]
        if self.actor.user_id == self.one.second_reviewer_id:
            return [claim for claim in self.one.claims if claim.second and not claim.second_reviewed]
        return []

    def _menu(self) -> Child:
        may = set(self.one.may)
        entries = [
            Fact.DISPUTED.value in may and entry("Dispute", "ask_dispute", key="d"),
            self.may(P.AUDITS_PLAN)
            and bool(self.one.claims)
            and entry("Draw the sample again", "draw_again"),
            self.may(P.AUDITS_PLAN)
            and bool(self.one.findings)
            and export_entries("audit-findings", of="Findings", audit=str(self.one.id)),
            Fact.CANCELLED.value in may and entry("Cancel the audit", "ask_cancel", tone="bad"),
        ]
        shown = [one for one in entries if one]
        return more(*shown) if shown else None

    def _said(self) -> Child:
        one = self.one
        said = (
            ("Feedback", "info", one.feedback),
            ("Disputed", "warn", one.dispute),
            (f"Decided by {one.decided_by_name}", "info", one.decision_comment),
            ("Cancelled", "info", one.cancelled_reason),
        )
        return [notice(tone, f"{title}:", words) for title, tone, words in said if words]

    def _findings(self) -> Markup:
        if not self.one.findings:
            return card("Findings", p("No findings.", cls="faint"))
        columns = [
            Column[FindingLine]("Claim", lambda one: a(one.claim_reference, href=f"/claims/{one.claim_id}"), "tight"),
            Column[FindingLine](
                "Severity", lambda one: chip("Withdrawn", "neutral") if one.withdrawn else severity_chip(one.severity), "tight"
            ),
            Column[FindingLine]("What", _finding_words, "wide"),
            Column[FindingLine]("Moves", lambda one: amount(one.cents, quiet_zero=True), "right"),
        ]  # fmt: skip
        return card("Findings", table.rows(columns, self.one.findings, label="Findings"), look="flush")

    def _sample(self) -> Markup:
        if not self.one.claims:
            return card("Sample", p("No claim was drawn.", cls="faint"))
        reviewing = {claim.id for claim in self._mine()}
        columns = [
            Column[SampledClaim]("#", lambda one: str(one.ordinal), "tight"),
            Column[SampledClaim]("Claim", lambda one: one.reference, "tight"),
            Column[SampledClaim]("Payer", lambda one: one.payer_name, "wide clip"),
            Column[SampledClaim]("Charged", lambda one: amount(one.charge_cents), "right"),
            Column[SampledClaim]("Findings", lambda one: str(one.findings) if one.reviewed else "–", "right"),
            Column[SampledClaim](
                "Review", lambda one: chip("Done", "ok") if one.reviewed else chip("Waits", "warn"), "tight"
            ),
            Column[SampledClaim]("Twice", lambda one: _twice(one), "tight optional-column"),
        ]
        rows = table.rows(
            columns,
            self.one.claims,
            href=lambda one: (
                f"/quality/reviews/{one.id}" if one.id in reviewing else f"/claims/{one.claim_id}"
            ),
            key=lambda one: one.id,
            label="Sample",
        )
        return card("Sample", rows, look="flush")

    def _mine(self) -> list[SampledClaim]:
        """The claims whose review is this person's to make or to change."""
        if self.one.line.state not in _REVIEWING or not self.may(P.CLAIMS_AUDIT):
            return []
        if self.actor.user_id == self.one.line.auditor_id:
            return self.one.claims
        second = self.actor.user_id == self.one.second_reviewer_id
        return [claim for claim in self.one.claims if second and claim.second]

    def _plan(self) -> Markup:
        one = self.one
        wanted = f"{one.size} claims" if one.size else f"{one.rate_percent} %"
        met = percent(one.score_met / one.score_whole) if one.score_whole else "nothing to rate"
        agreement = one.agreement
        pairs: list[tuple[str, Child] | None] = [
            ("Sample", f"{one.method_label}, {wanted}"),
            ("Drawn from", f"{one.population:,} claims"),
            ("Left out", f"{one.own_work:,} worked by a reviewer") if one.own_work else None,
            ("Seed", span(str(one.seed), cls="mono")),
            ("Checklist", one.checklist_name),
            ("Checklist score", met),
            ("Second reviewer", f"{one.second_reviewer_name}, {one.second_percent} %")
            if one.second_reviewer_id
            else None,
        ]
        if agreement:
            kappa = "–" if agreement.kappa is None else f"{agreement.kappa:.2f}"
            pairs.append(
                ("Agreement (kappa)", f"{kappa}: {agreement.words}, {agreement.same} of {agreement.pairs}")
            )
        return card("Plan", facts(*pairs, look="one"))

    def _history(self) -> Markup:
        rows = [
            li(p(one.summary), small(who_did(one.actor_name), " · ", ago(one.at, self.zone)), cls="info")
            for one in self.one.events
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_ask_complete(self, event: Event) -> None:
        """Ask for the feedback."""
        words = long_text("feedback", "Feedback", errors=self.errors, rows=4)
        said = "The audited person sees the result, the findings and this, and answers."
        self.dialog = form_window(
            "Complete the audit", "complete", "Complete and tell", words, explanation=said
        )

    async def do_complete(self, event: Event) -> None:
        """Complete it."""
        await results.complete_audit(self.actor, self.one.id, event.text("feedback"))
        await self._done("Completed: the result was told.")

    async def do_acknowledge(self, event: Event) -> None:
        """Accept the result."""
        await results.acknowledge(self.actor, self.one.id)
        await self._done("Acknowledged.")

    async def do_ask_dispute(self, event: Event) -> None:
        """Ask why."""
        words = long_text("reason", "Why", errors=self.errors, required=True, rows=4)
        said = "A third person, neither you nor the auditor, decides on the findings."
        self.dialog = form_window("Dispute the result", "dispute", "Dispute", words, explanation=said)

    async def do_dispute(self, event: Event) -> None:
        """Dispute the result."""
        await results.dispute(self.actor, self.one.id, event.text("reason"))
        await self._done("Disputed: a third person decides.")

    async def do_ask_decide(self, event: Event) -> None:
        """Ask which findings are withdrawn, and why."""
        boxes = [
            check("withdrawn[]", (one.claim_reference, ": ", one.description), False, value=str(one.id))
            for one in self.one.findings
            if one.reader == "first" and not one.withdrawn
        ]
        words = long_text("comment", "Why", errors=self.errors, required=True, rows=4)
        said = "Tick what is withdrawn; it counts no more. Findings that are not ticked stand."
        self.dialog = form_window(
            "Decide", "decide", "Decide", div(boxes, words, cls="stack"), explanation=said
        )

    async def do_decide(self, event: Event) -> None:
        """Decide on the dispute."""
        chosen: list[UUID] = [identifier(one) for one in event.many("withdrawn") if one]
        await results.decide(self.actor, self.one.id, event.text("comment"), chosen)
        await self._done("Decided.")

    async def do_ask_cancel(self, event: Event) -> None:
        """Ask why."""
        words = long_text("reason", "Why", errors=self.errors, required=True)
        said = "The sample and what was reviewed stay on record and count nowhere."
        self.dialog = form_window("Cancel the audit", "cancel", "Cancel the audit", words, explanation=said)

    async def do_cancel(self, event: Event) -> None:
        """Cancel it."""
        await plans.cancel_audit(self.actor, self.one.id, event.text("reason"))
        await self._done("Cancelled.")

    async def do_draw_again(self, event: Event) -> None:
        """Draw the sample again from what was kept."""
        again = await plans.draw_again(self.actor, self.one.id)
        if not again.same:
            raise Conflict(
                "quality.sample_differs", "The sample drawn again is another one.", "Tell your administrator."
            )
        self.tell("ok", f"The same {len(again.claim_ids)} claims again.", f"Seed {self.one.seed}.")

    async def _done(self, words: str) -> None:
        await self.do_close_dialog(Event("close_dialog"))
        self.tell("ok", words)


def _finding_words(one: FindingLine) -> Markup:
    under = " · ".join(
        part for part in (category_words(one.category), one.field, one.corrective_action) if part
    )
    second = span(" second reviewer", cls="faint") if one.reader == "second" else None
    return div(one.description, second, div(small(under, cls="faint")))


def _twice(one: SampledClaim) -> Child:
    if not one.second:
        return ""
    return chip("Done", "ok") if one.second_reviewed else chip("Waits", "warn")
