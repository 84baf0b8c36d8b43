"""One process: drawn where it stands, what happened, its documents, who is waited for, and what keeps it."""

from domain.documents import SUBJECTS
from policies.permissions import Permission as P
from services import documents
from services.documents import DocumentLine
from services.operations import processes
from services.operations.process_views import STATE_WORDS, ProcessView, TechnicalView, Waiting
from ui.operations.processes import STATE_TONES
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.diagrams import drawing
from ui.parts.documents import documents_card
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.states import Loaded, notice, shown
from ui.parts.table import Column, facts
from ui.parts.times import ago, due, moment
from ui.work.history import who_did
from ui.work.kinds import kind_chip


@page("/processes/{process_kind}/{process_id}")
class Process(Page):
    """The page of one process."""

    title = "Process"
    nav = "operations"
    permission = P.WORK_VIEW
    watches = frozenset(
        {"claims", "edi_batches", "appeals", "enrolments", "qa_audits", "work_items", "incidents"}
    )

    one: ProcessView
    documents: Loaded[list[DocumentLine]] | None = None
    technical: Loaded[TechnicalView] | None = None

    @property
    def name(self) -> str:
        """What it is and what it is about."""
        return f"{self.one.line.kind_label}: {self.one.line.reference}" if self.loaded else self.title

    async def load(self) -> None:
        self.one = await processes.get_process(self.actor, self.params["process_kind"], self.id("process_id"))
        if self.one.subject_type in SUBJECTS and self.may(P.DOCUMENTS_VIEW):
            self.documents = await self.read(documents.documents_of, self.one.subject_type, self.one.line.id)
        if self.technical is not None:
            await self._read_technical()

    async def _read_technical(self) -> None:
        self.technical = await self.read(
            processes.technical_history, self.params["process_kind"], self.id("process_id")
        )

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        title = (
            f"{line.kind_label}: {line.reference}",
            chip(STATE_WORDS[line.state], STATE_TONES[line.state]),
        )
        record = link("Open the record", one.href, key="g") if one.href else None
        under = (span("Began ", moment(line.started_at, self.zone)), _ended(self))
        left = div(
            card("Who is waited for", self._waiting()),
            card("What happened", self._timeline()),
            self.may(P.INCIDENTS_MANAGE) and self._technical(),
        )
        right = div(
            card(
                "Where it stands",
                drawing(one.diagram, f"{line.kind_label}: {line.reference}: {line.step_label}"),
            ),
            self.documents and shown(self.documents, documents_card),
        )
        crumbs = (("Operations", "/operations/processes"), ("Processes", "/operations/processes"))
        return div(
            head(title, record, under=under, crumbs=crumbs[1:]),
            [self._incident(one) for one in one.incidents],
            div(left, right, cls="columns"),
        )  # fmt: skip

    def _incident(self, one: Child) -> Markup:
        where = (
            a("The incident", href=f"/operations/incidents/{one.id}")
            if self.may(P.INCIDENTS_MANAGE)
            else None
        )
        words = span(f"It was tried {one.attempts} times, the last ", ago(one.last_failed_at, self.zone), ".")
        return notice("bad", one.words, words, where)

    def _waiting(self) -> Markup:
        if self.one.waiting:
            return div([self._item(one) for one in self.one.waiting], cls="stack")
        line = self.one.line
        if line.state == "ended":
            return p("Nobody: it has ended.", cls="faint")
        words = {
            "partner": "A partner outside; nobody here has anything to do.",
            "clock": "A moment in time; it goes on by itself.",
            "person": "Somebody here; the step is done on the record's own page.",
        }
        return p(words.get(line.waits_for, "Nobody: the program goes on by itself."), cls="faint")

    def _item(self, one: Waiting) -> Markup:
        return div(
            div(kind_chip(one.kind), a(one.title, href=f"/work?item={one.id}"), cls="row"),
            small(one.owner or "Nobody has taken it", " · due ", due(one.due_at, self.zone), cls="faint"),
        )

    def _timeline(self) -> Markup:
        if not self.one.timeline:
            return p("Nothing yet.", cls="faint")
        return ol(
            [
                li(p(one.words), small(who_did(one.who), " · ", ago(one.at, self.zone)), cls=one.tone or None)
                for one in self.one.timeline
            ],
            cls="timeline",
        )

    def _technical(self) -> Markup:
        if self.technical is None:
            words = p("Names, attempts and times as the process server recorded them.", cls="faint")
            return card("Technical history", words, action=action("Read it", "technical", look="quiet"))
        return card("Technical history", shown(self.technical, self._technical_view))

    def _technical_view(self, found: TechnicalView) -> Markup:
        if not found.known:
            return p(
                "The process server has none of its own for it, or has forgotten it since it ended.",
                cls="faint",
            )
        pairs = facts(
            ("State", found.status),
            ("Workflow", span(found.workflow_id, cls="mono")),
            ("Events", f"{found.events:,}"),
            ("Began", moment(found.started_at, self.zone)),
        )
        pending = [
            notice(
                "warn" if one.attempt > 1 else "info",
                one.name,
                span(f"attempt {one.attempt}, next ", due(one.next_attempt_at, self.zone))
                if one.next_attempt_at
                else f"attempt {one.attempt} runs now",
            )
            for one in found.pending
        ]
        columns = [
            Column[Child]("#", lambda one: span(str(one.number), cls="figure"), "right narrow"),
            Column[Child]("What", lambda one: one.what, "clip"),
            Column[Child]("Name", lambda one: span(one.name, cls="mono"), "clip wide"),
            Column[Child]("When", lambda one: moment(one.at, self.zone), "right tight"),
        ]
        return div(pairs, pending, table.rows(columns, found.history, label="Technical history"), cls="stack")

    async def do_technical(self, event: Event) -> None:
        """Read the technical history."""
        await self._read_technical()


def _ended(page: Process) -> Child:
    at = page.one.line.ended_at
    return span("ended ", moment(at, page.zone)) if at else None
