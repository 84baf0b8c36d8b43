"""One approval: what is asked, by whom and why, where it stands, and the decision."""

from domain.work_places import place_of
from policies.permissions import Permission as P
from services.approvals import deciding, reading
from services.approvals.views import ApprovalView
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.money import dollars
from ui.parts.states import notice
from ui.parts.times import ago, due, moment
from ui.work.attached import TABLES, Attached
from ui.work.history import who_did
from ui.work.kinds import words_of


@page("/approvals/{approval_id}")
class Approval(Attached):
    """The page of one approval."""

    title = "Approval"
    nav = "work"
    permission = P.WORK_VIEW
    watches = frozenset({"approvals", "work_items"}) | TABLES

    one: ApprovalView

    @property
    def name(self) -> str:
        """Which approval it is."""
        return self.one.line.reference if self.loaded else self.title

    async def load(self) -> None:
        self.one = await reading.get_approval(self.actor, self.id("approval_id"))
        await self.load_files("approval", self.one.id)

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        under = (
            span(line.kind_label),
            span("asked by ", line.requester_name, " ", ago(line.created_at, self.zone)),
            line.due_at and span("due ", due(line.due_at, self.zone)),
        )
        left = div(self._said(), self._asked(), self._words())
        right = div(
            where_it_stands(one.diagram, f"Process of the approval: {line.state_label}", "approval", line.id),
            card("What happened", self._history()),
            self.files_card(),
        )
        return div(
            head(
                (line.reference, chip(line.state_label, line.tone)),
                self._menu(),
                self._next(),
                under=under,
                crumbs=(("Approvals", "/approvals"),),
            ),
            div(left, right, cls="columns"),
        )

    def _next(self) -> Child:
        return "approve" in self.one.may and action("Approve", "ask_approve", look="filled", key="a")

    def _menu(self) -> Child:
        may = self.one.may
        if "refuse" in may:
            return action("Refuse", "ask_refuse", key="r")
        return more(entry("Take it back", "ask_withdraw", tone="bad")) if "withdraw" in may else None

    def _said(self) -> Child:
        one = self.one
        said = (
            (
                "warn",
                "Decided, and on its way.",
                "The process hears of it as soon as it runs again.",
                one.on_its_way,
            ),
            ("info", "Overtaken.", one.end_reason, bool(one.end_reason)),
            ("info", "Taken back:", one.withdrawn_reason, bool(one.withdrawn_reason)),
        )
        return [notice(tone, title, words) for tone, title, words, shown in said if shown]

    def _asked(self) -> Markup:
        one, line = self.one, self.one.line
        place = place_of(one.subject_type, one.subject_id)
        level = f"{min(line.level, line.levels)} of {line.levels}, each by another person"
        pairs: list[tuple[str, Child] | None] = [
            ("What", line.summary),
            ("Amount", dollars(line.amount_cents)) if line.amount_cents is not None else None,
            ("Why", one.reason or span("no words", cls="faint")),
            ("About", a(words_of(one.subject_type), href=place)) if place else None,
            ("Level", level) if line.levels > 1 else None,
            ("Lies with", line.waits_with or "everybody who may decide") if line.state == "waiting" else None,
            ("Must not decide", ", ".join(one.excluded)),
        ]
        return card("What is asked", table.facts(*pairs, look="one"))

    def _words(self) -> Child:
        if not self.one.words:
            return None
        rows = [
            li(
                p(chip("Approved", "ok") if one.approved else chip("Refused", "bad"), " ", one.comment),
                small(one.by, " · ", moment(one.at, self.zone)),
            )
            for one in self.one.words
        ]
        return card("Decisions", ol(rows, cls="timeline"))

    def _history(self) -> Markup:
        rows = [
            li(p(one.summary), small(who_did(one.actor_name), " · ", ago(one.at, self.zone)), cls="info")
            for one in self.one.events
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_ask_approve(self, event: Event) -> None:
        """Ask for a comment, if there is one."""
        words = long_text("comment", "Comment", errors=self.errors, autofocus=True)
        said = f"{self.one.line.summary}. It is done at once"
        said += ", unless another person has to approve too." if self.one.line.levels > 1 else "."
        self.dialog = form_window("Approve", "approve", "Approve", words, explanation=said)

    async def do_approve(self, event: Event) -> None:
        """Approve it."""
        await self._decide("approve", event, "Approved.")

    async def do_ask_refuse(self, event: Event) -> None:
        """Ask why."""
        words = long_text("comment", "Why", errors=self.errors, required=True, autofocus=True)
        said = "Nothing is done; the asker reads your words."
        self.dialog = form_window("Refuse", "refuse", "Refuse", words, explanation=said)

    async def do_refuse(self, event: Event) -> None:
        """Refuse it."""
        await self._decide("refuse", event, "Refused.")

    async def do_ask_withdraw(self, event: Event) -> None:
        """Ask why."""
        words = long_text("reason", "Why", errors=self.errors, required=True, autofocus=True)
        self.dialog = form_window("Take it back", "withdraw", "Take it back", words)

    async def do_withdraw(self, event: Event) -> None:
        """Take it back."""
        self.one = await deciding.withdraw_approval(self.actor, self.one.id, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Taken back.")

    async def _decide(self, decision: str, event: Event, words: str) -> None:
        self.one = await deciding.decide_approval(self.actor, self.one.id, decision, event.text("comment"))
        await self.do_close_dialog(event)
        self.tell("ok", words, self.one.end_reason)
