"""How accuracy goes, who needs training, and every finding."""

from domain.paging import Page as Rows
from domain.quality.checklist import CATEGORY_WORDS, Category
from policies.permissions import Permission as P
from services.quality import reviews, trends
from services.quality.trends import By, CategoryLine, TrainingNeed, TrainingNeeds, TrendLine, Trends
from services.quality.views import FindingLine
from ui.page import Page, optional_identifier, page
from ui.parts import table
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago
from ui.quality.rates import accuracy_line, category_words, interval_words, quality_tabs, rate, severity_chip

_BY: dict[str, By] = {"person": "person", "payer": "payer", "month": "month"}
_MONTHS = (3, 6, 12, 24)
_DEFINITION = (
    "Codes right: diagnoses and procedures without a finding ÷ those reviewed. Claims right: claims without a finding"
    " ÷ claims reviewed. Money right: charges without what findings move ÷ charges reviewed. Observations and withdrawn"
    " findings count nowhere. Every figure is a sum over claims, never an average of averages."
)


def category_of(query: dict[str, str]) -> str:
    """The category that the findings are filtered by; empty for one that does not exist."""
    asked = query.get("category", "")
    return asked if asked in set(Category) else ""


@page("/quality/trends")
class QualityTrends(Page):
    """Accuracy by person, payer or month; training needs."""

    title = "Quality trends"
    nav = "quality"
    permission = P.AUDITS_PLAN
    watches = frozenset({"qa_audits"})

    found: Trends
    needs: TrainingNeeds

    async def load(self) -> None:
        self.by = _BY.get(self.query.get("by", ""), "person")
        asked = self.query.get("months", "")
        self.months = int(asked) if asked in {str(one) for one in _MONTHS} else 12
        self.category = category_of(self.query)
        self.found = await trends.trends(
            self.actor,
            self.by,
            self.months,
            optional_identifier(self.query.get("person", "")),
            optional_identifier(self.query.get("payer", "")),
            self.category,
        )
        self.needs = await trends.training_needs(self.actor, self.months)

    def body(self) -> Markup:
        chips = [
            filter_chip(f"By {name}", address(self.path, self.query, by=name), on=self.by == name)
            for name in _BY
        ]
        chips.append(span(cls="gap"))
        chips += [
            filter_chip(
                f"{one} months", address(self.path, self.query, months=str(one)), on=self.months == one
            )
            for one in _MONTHS
        ]
        return div(
            head("Quality"), quality_tabs(self.path), div(chips, self._set(), cls="filters"), self._shown(), p(_DEFINITION, cls="faint")
        )  # fmt: skip

    def _set(self) -> list[Markup]:
        """The filters that are set, each with the way to take it off."""
        words = {
            "person": self.found.of_person,
            "payer": self.found.of_payer,
            "category": CATEGORY_WORDS[Category(self.category)] if self.category else "",
        }
        return [
            removable(word, address(self.path, self.query, **{name: ""}))
            for name, word in words.items()
            if word
        ]

    def _shown(self) -> Markup:
        if not self.found.claims:
            return empty(
                "Nothing to rate in this period.", "Completed audits appear here, pooled claim by claim."
            )
        return div(
            accuracy_line(self.found.whole),
            div(
                card(f"By {self.by}", self._lines(), look="flush"),
                div(card("By error", self._categories(), look="flush"), card("Training needs", self._needs(), look="flush")),
                cls="halves",
            ),
        )  # fmt: skip

    def _lines(self) -> Markup:
        columns = [
            Column[TrendLine](self.by.capitalize(), self._name, "wide clip"),
            Column[TrendLine]("Reviewed", lambda one: f"{one.claims:,}", "right"),
            Column[TrendLine]("Codes", lambda one: rate(one.accuracies.codes), "right"),
            Column[TrendLine]("Claims", lambda one: rate(one.accuracies.claims), "right"),
            Column[TrendLine]("Money", lambda one: rate(one.accuracies.money), "right"),
        ]
        if self.category:
            words = f"Without {CATEGORY_WORDS[Category(self.category)].lower()} error"
            columns.append(
                Column[TrendLine](words, lambda one: rate(one.right) if one.right else "–", "right")
            )
        return table.rows(columns, self.found.lines, label="Accuracy")

    def _name(self, one: TrendLine) -> Child:
        """A person or a payer leads to its own months."""
        if self.by == "month":
            return one.name
        return a(one.name, href=address(self.path, self.query, **{self.by: one.key, "by": "month"}))

    def _categories(self) -> Markup:
        columns = [
            Column[CategoryLine](
                "Error",
                lambda one: a(one.label, href=address(self.path, self.query, category=one.category)),
                "wide",
            ),
            Column[CategoryLine]("Claims without", lambda one: rate(one.right), "right"),
            Column[CategoryLine]("Claims with", lambda one: f"{one.right.whole - one.right.part:,}", "right"),
        ]
        return table.rows(columns, self.found.categories, label="Errors")

    def _needs(self) -> Markup:
        if not self.needs.needs:
            return p(f"Nobody is under {100 * self.needs.target:.0f} %.", cls="faint card-body")
        columns = [
            Column[TrainingNeed]("Person", lambda one: one.name, "wide clip"),
            Column[TrainingNeed]("In", lambda one: one.label, "tight"),
            Column[TrainingNeed]("Claims right", lambda one: rate(one.right), "right"),
            Column[TrainingNeed](
                "",
                lambda one: (
                    chip("Certain", "bad", interval_words(one.right))
                    if one.sure
                    else chip("Few claims", "warn", interval_words(one.right))
                ),
                "tight",
            ),
        ]
        more = div(a("Plan training", href="/quality/training"), cls="card-body")
        return div(table.rows(columns, self.needs.needs, label="Training needs"), more)


@page("/quality/findings")
class Findings(Page):
    """The findings of completed audits."""

    title = "Audit findings"
    nav = "quality"
    permission = P.AUDITS_PLAN
    watches = frozenset({"qa_audits"})

    found: Rows[FindingLine]

    async def load(self) -> None:
        self.category = category_of(self.query)
        self.found = await reviews.list_findings(
            self.actor, category=self.category, cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        export = export_menu("audit-findings", key="e", category=self.category)
        chips = [filter_chip("All", address(self.path, self.query, category=None), on=not self.category)]
        chips += [
            filter_chip(
                CATEGORY_WORDS[one],
                address(self.path, self.query, category=one.value),
                on=self.category == one,
            )
            for one in Category
        ]
        return div(head("Quality", export), quality_tabs(self.path), div(chips, cls="filters"), self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("No findings here.", "What audits find is listed once their result is told.")
        columns = [
            Column[FindingLine]("Audit", lambda one: span(one.audit_reference, cls="mono"), "tight"),
            Column[FindingLine]("Person", lambda one: one.employee_name, "clip"),
            Column[FindingLine](
                "Claim", lambda one: a(one.claim_reference, href=f"/claims/{one.claim_id}"), "tight"
            ),
            Column[FindingLine]("Category", lambda one: category_words(one.category), "tight"),
            Column[FindingLine](
                "Severity",
                lambda one: chip("Withdrawn", "neutral") if one.withdrawn else severity_chip(one.severity),
                "tight",
            ),
            Column[FindingLine](
                "What", lambda one: div(one.description, div(small(one.field, cls="faint"))), "wide"
            ),
            Column[FindingLine]("Moves", lambda one: amount(one.cents, quiet_zero=True), "right"),
            Column[FindingLine]("Found", lambda one: ago(one.created_at, self.zone), "right optional-column"),
        ]
        return div(
            table.rows(
                columns, self.found.items, href=lambda one: f"/quality/{one.audit_id}", key=lambda one: one.id, label="Findings"
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )  # fmt: skip
