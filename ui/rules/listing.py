"""Decision tables: whose version decides, since when, and how often it did."""

from policies.permissions import Permission as P
from services.rules import reading
from services.rules.table_views import TableLine
from ui.page import Page, page
from ui.parts import table
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.table import Column
from ui.parts.times import day
from ui.rules.tabs import rules_tabs


@page("/rules")
class Tables(Page):
    """Every decision table there is."""

    title = "Rules"
    nav = "rules"
    permission = P.RULES_VIEW
    watches = frozenset({"rule_versions", "rule_drafts"})

    every: list[TableLine]

    async def load(self) -> None:
        self.every = await reading.list_tables(self.actor)

    def body(self) -> Markup:
        columns = [
            Column[TableLine]("Table", _name, "wide"),
            Column[TableLine]("Decides", origin_chip, "tight"),
            Column[TableLine]("Since", lambda one: day(one.effective_from), "right tight"),
            Column[TableLine]("Next", lambda one: day(one.scheduled), "right tight optional-column"),
            Column[TableLine]("Rows", lambda one: str(one.rows) if one.rows else _none(), "right"),
            Column[TableLine]("Draft", lambda one: chip("changed", "info") if one.draft_differs else _none(), "tight"),
            Column[TableLine]("Decisions", lambda one: f"{one.decisions:,}" if one.decisions else _none(), "right"),
            Column[TableLine]("By a row", _share, "right"),
        ]  # fmt: skip
        words = p(
            "What the process asks at these places. Without a table of yours, what stands under its name happens."
            " Decisions are those of the last 30 days.",
            cls="muted",
            style="margin-bottom: 12px",
        )
        rows = table.rows(columns, self.every, href=_href, key=lambda one: one.code, label="Decision tables")
        return div(head("Rules"), rules_tabs("/rules"), words, rows)


def origin_chip(one: TableLine) -> Markup:
    """Whose version decides, and whether it can."""
    if one.fault:
        return chip(f"version {one.version} is broken", "bad", title=one.fault)
    if one.origin == "default":
        return chip("default", "neutral")
    return chip(f"{'own' if one.origin == 'own' else 'platform'}, version {one.version}", "ok")


def _href(one: TableLine) -> str:
    return f"/rules/{one.code}"


def _name(one: TableLine) -> Child:
    below = one.otherwise if one.origin == "default" else one.purpose
    return a(one.name, href=_href(one)), small(below, cls="sub")


def _share(one: TableLine) -> Child:
    """Honest zeros: without a decision there is no share."""
    if not one.decisions or one.origin == "default":
        return _none()
    return f"{one.by_table:,} ({one.by_table * 100 // one.decisions} %)"


def _none() -> Markup:
    return span("–", cls="faint")
