"""Enrolments with payers: the list with its filters, clients by payers, and the form that begins one."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.enrolments import TRANSACTIONS, TRANSITIONS, Step
from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.clientele import clients, enrolments, payers
from services.clientele.enrolment_views import EnrolmentFacts, EnrolmentLine, EnrolmentMatrix, MatrixCell
from ui.page import Event, Page, identifier, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import link, submit
from ui.parts.cards import card, head, tabs
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.forms import choice, group, summary_of
from ui.parts.markup import Child, Markup, a, div, form, p, span, tbody, td, th, thead, tr
from ui.parts.markup import table as table_
from ui.parts.states import Loaded, empty
from ui.parts.table import Column, address
from ui.parts.times import ago, day, due

_SHORT = {"837P": "837P", "837I": "837I", "835": "835", "277CA": "277CA", "270": "Eligibility"}
_EXPLAINED = (
    "Some payers take claims, remittances or eligibility only from clients that were enrolled with them. Each"
    " enrolment is a process: forms, signature, submission, the payer's answer, and the day it ends."
)


def tabs_of(here: str) -> Markup:
    """The three views of enrolments."""
    places = (
        ("Enrolments", "/enrolments"),
        ("Clients by payers", "/enrolments/matrix"),
        ("What payers ask for", "/enrolments/rules"),
    )
    return tabs(*((words, href, href == here, None) for words, href in places))


def step_chip(line: Any) -> Markup:
    """The chip of a step."""
    return chip(line.step_label, line.tone, f"waits for {line.waits_for}")


@page("/enrolments")
class Enrolments(Page):
    """The list of enrolments."""

    title = "Enrolments"
    nav = "enrolments"
    permission = P.ENROLMENTS_VIEW
    watches = frozenset({"enrolments"})

    found: Rows[EnrolmentLine]

    async def load(self) -> None:
        step, transaction = self.query.get("step", ""), self.query.get("transaction", "")
        self.found = await enrolments.list_enrolments(
            self.actor,
            step if step in set(Step) else "",
            optional_identifier(self.query.get("client", "")),
            optional_identifier(self.query.get("payer", "")),
            transaction if transaction in TRANSACTIONS else "",
            self.query.get("after"),
        )

    def body(self) -> Markup:
        new = (
            link("New enrolment", "/enrolments/new", look="filled", key="c")
            if self.may(P.ENROLMENTS_MANAGE)
            else None
        )
        return div(head(self.title, new), tabs_of(self.path), self._filters(), self._list(new))

    def _filters(self) -> Markup:
        here, query = self.path, self.query
        steps = [
            filter_chip(
                TRANSITIONS[one].label,
                address(here, query, step=one.value),
                on=query.get("step") == one.value,
            )
            for one in Step
            if one not in (Step.REQUESTED, Step.ACKNOWLEDGED, Step.APPROVED)
        ]
        kinds = [
            filter_chip(words, address(here, query, transaction=key), on=query.get("transaction") == key)
            for key, words in _SHORT.items()
        ]
        taken = [
            removable(f"one {name}", address(here, query, **{name: ""}))
            for name in ("client", "payer")
            if query.get(name)
        ]
        everything = address(here, query, step="", transaction="")
        return div(
            filter_chip("All", everything, on=not query.get("step") and not query.get("transaction")),
            steps,
            kinds,
            taken,
            cls="filters",
        )

    def _list(self, new: Child) -> Markup:
        if not self.found.items:
            if set(self.query) - {"after"}:
                return empty("Nothing matches.", "Take off a filter to see more.")
            return empty("No enrolment yet.", _EXPLAINED, new)
        columns = [
            Column[EnrolmentLine](
                "Client", lambda one: a(one.client_name, href=f"/enrolments/{one.id}"), "clip wide"
            ),
            Column[EnrolmentLine]("Payer", lambda one: one.payer_name, "clip"),
            Column[EnrolmentLine]("For", lambda one: _SHORT[one.transaction], "tight"),
            Column[EnrolmentLine]("Step", step_chip, "tight"),
            Column[EnrolmentLine]("From", lambda one: day(one.effective_from), "right tight"),
            Column[EnrolmentLine]("Until", lambda one: day(one.expires_on), "right tight optional-column"),
            Column[EnrolmentLine](
                "Reminder", lambda one: due(one.alarm_at, self.zone), "right tight optional-column"
            ),
            Column[EnrolmentLine]("Changed", lambda one: ago(one.updated_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/enrolments/{one.id}",
                key=lambda one: one.id,
                label=self.title,
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )


@page("/enrolments/matrix")
class EnrolmentsByPayer(Page):
    """Clients by payers for one transaction."""

    title = "Clients by payers"
    nav = "enrolments"
    permission = P.ENROLMENTS_VIEW
    watches = frozenset({"enrolments"})

    matrix: EnrolmentMatrix

    async def load(self) -> None:
        transaction = self.query.get("transaction", "")
        known = transaction if transaction in TRANSACTIONS else "837P"
        self.matrix = await enrolments.enrolment_matrix(self.actor, known)

    def body(self) -> Markup:
        chips = [
            filter_chip(
                words, address(self.path, self.query, transaction=key), on=self.matrix.transaction == key
            )
            for key, words in _SHORT.items()
        ]
        return div(head("Enrolments"), tabs_of(self.path), div(chips, cls="filters"), self._grid())

    def _grid(self) -> Markup:
        found = self.matrix
        if not found.clients or not found.payers:
            return empty(
                "Nothing to compare yet.", "Clients and payers in use meet here, one cell for each pair."
            )
        cells = {(one.client_id, one.payer_id): one for one in found.cells}
        heads = [th("Client", scope="col"), *(th(one.name, scope="col", cls="clip") for one in found.payers)]
        rows = [
            tr(
                th(client.name, scope="row", cls="clip"),
                [td(self._cell(cells[client.id, one.id])) for one in found.payers],
            )
            for client in found.clients
        ]
        more = (
            p("More clients or payers than fit here: filter the list instead.", cls="muted")
            if found.more
            else None
        )
        return div(
            div(
                table_(thead(tr(heads)), tbody(rows), cls="rows", aria_label=self.title),
                cls="table-frame scrolled",
            ),
            more,
        )

    def _cell(self, cell: MatrixCell) -> Child:
        if cell.enrolment_id:
            return a(chip(cell.step_label, cell.tone), href=f"/enrolments/{cell.enrolment_id}")
        if not cell.required:
            return span("–", cls="faint", title="The payer asks for no enrolment")
        missing = chip("Missing", "bad", "The payer asks for an enrolment; claims wait without one")
        if not self.may(P.ENROLMENTS_MANAGE):
            return missing
        where = f"/enrolments/new?client_id={cell.client_id}&payer_id={cell.payer_id}&transaction={self.matrix.transaction}"
        return a(missing, href=where)


@page("/enrolments/new")
class NewEnrolment(Page):
    """Begins an enrolment."""

    title = "New enrolment"
    nav = "enrolments"
    permission = P.ENROLMENTS_MANAGE
    wide = False

    clients: Loaded[Rows[Any]]
    payers: Loaded[Rows[Any]]

    async def load(self) -> None:
        self.clients = await self.read(clients.list_clients, limit=200, active=True)
        self.payers = await self.read(payers.list_payers, limit=200, active=True)

    def body(self) -> Markup:
        fields = group(
            "Who, with whom, for what",
            self._choice("client_id", "Client", _options(self.clients)),
            self._choice("payer_id", "Payer", _options(self.payers)),
            self._choice("transaction", "Transaction", list(TRANSACTIONS.items())),
        )
        foot = div(link("Cancel", "/enrolments", look="quiet"), submit("Begin enrolment"), cls="form-foot")
        body = form(summary_of(self.errors), fields, foot, data_do="begin")
        return div(head(self.title, crumbs=(("Enrolments", "/enrolments"),)), card("Enrolment", body))

    def _choice(self, name: str, words: str, options: list[tuple[str, str]]) -> Markup:
        value = self.typed.get(name) or self.query.get(name, "")
        return choice(name, words, options, value, errors=self.errors, required=True, prompt="Choose")

    async def do_begin(self, event: Event) -> None:
        """Begin it."""
        names = ("client_id", "payer_id", "transaction")
        reject(
            *(FieldError(name, f"{name}.missing", "Choose one.") for name in names if not event.text(name))
        )
        self.errors = {}
        facts = EnrolmentFacts(
            identifier(event.text("client_id")), identifier(event.text("payer_id")), event.text("transaction")
        )
        made = await enrolments.request_enrolment(self.actor, facts)
        self.tell("ok", "Begun.", "Its first step waits in the work queue.")
        self.go(f"/enrolments/{made.id}")


def _options(found: Loaded[Rows[Any]]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in found.value.items] if found.value else []


def today(zone: str) -> str:
    """The date of this moment in a zone, as a date field wants it."""
    return datetime.now(ZoneInfo(zone)).date().isoformat()
