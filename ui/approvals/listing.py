"""Approvals: what waits for the person, what they asked for, and what was decided."""

from domain.approvals.process import KIND_WORDS
from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.approvals import reading
from services.approvals.views import ApprovalLine
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head, tabs
from ui.parts.chips import chip, filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, div, small, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, due

_SCOPES = {"waiting": "Waiting for me", "asked": "Asked by me", "open": "All open", "decided": "Decided"}
_EMPTY = {
    "waiting": (
        "Nothing waits for your word.",
        "What others ask for comes here, and to the bell at the top.",
    ),
    "asked": (
        "You have asked for nothing.",
        "Write-offs above the limit, releases out of balance and moves of work that you ask for appear here.",
    ),
    "open": ("Nothing is open.", "Everything that waits for a decision appears here."),
    "decided": (
        "Nothing was decided yet.",
        "Approved, refused, taken back and overtaken: all stay on record here.",
    ),
}


@page("/approvals")
class Approvals(Page):
    """The lists of approvals."""

    title = "Approvals"
    nav = "work"
    permission = P.WORK_VIEW
    watches = frozenset({"approvals"})

    found: Rows[ApprovalLine]

    async def load(self) -> None:
        first = "waiting" if self.may(P.APPROVALS_DECIDE) else "asked"
        asked = self.query.get("scope", first)
        self.scope = asked if asked in _SCOPES else first
        kind = self.query.get("kind", "")
        self.kind = kind if kind in KIND_WORDS else ""
        self.found = await reading.list_approvals(
            self.actor, scope=self.scope, kind=self.kind, cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        scopes = [one for one in _SCOPES if one != "waiting" or self.may(P.APPROVALS_DECIDE)]
        chips = [
            filter_chip(_SCOPES[one], address(self.path, self.query, scope=one), on=self.scope == one)
            for one in scopes
        ]
        kinds = [
            filter_chip(
                KIND_WORDS[one],
                address(self.path, self.query, scope=self.scope, kind=None if self.kind == one else one),
                on=self.kind == one,
            )
            for one in dict.fromkeys(
                [*(line.kind for line in self.found.items), *([self.kind] if self.kind else [])]
            )
        ]
        export = export_menu("approvals", self.query, tiny=True, scope=self.scope)
        return div(
            head("My work", link("Limits", "/approvals/limits")),
            tabs(("Inbox", "/work", False, None), ("Approvals", "/approvals", True, None)),
            div(chips, kinds, export, cls="filters"),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(*_EMPTY[self.scope])
        decided = self.scope == "decided"
        columns = [
            Column[ApprovalLine]("Approval", lambda one: span(one.reference, cls="mono"), "tight"),
            Column[ApprovalLine]("What", _what, "wide"),
            Column[ApprovalLine]("Amount", lambda one: amount(one.amount_cents), "right"),
            Column[ApprovalLine]("Asked by", lambda one: one.requester_name, "clip"),
            Column[ApprovalLine]("State", lambda one: chip(one.state_label, one.tone), "tight"),
            Column[ApprovalLine]("With", lambda one: _desk(one), "clip optional-column"),
            Column[ApprovalLine](
                "Decided" if decided else "Due",
                lambda one: (
                    ago(one.decided_at, self.zone)
                    if decided
                    else due(one.due_at, self.zone)
                    if one.due_at
                    else "–"
                ),
                "right",
            ),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/approvals/{one.id}",
                key=lambda one: one.id,
                label="Approvals",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )


def _what(one: ApprovalLine) -> Markup:
    level = f", {one.level} of {one.levels}" if one.levels > 1 and one.state == "waiting" else ""
    return div(one.summary, div(small(f"{one.kind_label}{level}", cls="faint")))


def _desk(one: ApprovalLine) -> Child:
    if one.state != "waiting":
        return span("–", cls="faint")
    return one.waits_with or span("everybody who may decide", cls="faint")
