"""What is awaited from partners: overdue first, by payer and answer, with each claim's filing limit."""

from collections.abc import Iterable

from domain.edi import WORDS
from domain.paging import Page as Rows
from domain.refusals import NotAllowed
from policies.permissions import Permission as P
from services.clientele import payers
from services.edi import submissions
from services.edi.submission_views import AwaitedLine
from services.edi.submissions import Wanted
from ui.claims.submission import late_chip
from ui.edi.files import edi_tabs
from ui.page import Event, Page, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, option, select, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, day, due

ANSWERS = {
    "999": "999",
    "clearinghouse_277ca": "Clearinghouse 277CA",
    "payer_277ca": "Payer 277CA",
    "835": "835",
}
PLACE = "/submissions"


def wanted_of(query: dict[str, str]) -> Wanted:
    """The filters of an address; what is none of ours is left out."""
    answer = query.get("answer", "")
    return Wanted(
        answer if answer in WORDS else "",
        optional_identifier(query.get("payer", "")),
        optional_identifier(query.get("connection", "")),
        query.get("late") == "1",
        query.get("near_limit") == "1",
    )


@page(PLACE)
class Submissions(Page):
    """Sent claims that wait for an answer."""

    title = "Submissions"
    nav = "submissions"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"claims"})

    found: Rows[AwaitedLine]
    payers: list[tuple[str, str]] = []

    async def load(self) -> None:
        self.found = await submissions.awaited(
            self.actor, wanted_of(self.query), cursor=self.query.get("after")
        )
        if not self.payers and self.may(P.CLIENTS_VIEW):
            await self._load_payers()

    async def _load_payers(self) -> None:
        try:
            known = await payers.list_payers(self.actor, limit=200)
        except NotAllowed:
            return  # the list works without this filter
        self.payers = [(str(one.id), one.name) for one in known.items]

    def body(self) -> Markup:
        export = export_menu("submissions", self.query)
        times = link("Expected answers", "/submissions/times", look="quiet", key="e")
        return div(
            head("Submissions", export, times if self.may(P.CONNECTIONS_VIEW) else None),
            edi_tabs(PLACE),
            self._filters(),
            self._list(),
        )

    def _filters(self) -> Markup:
        now = self.query.get("answer", "")
        chips = [
            filter_chip(words, address(PLACE, self.query, answer="" if now == key else key), on=now == key)
            for key, words in ANSWERS.items()
        ]
        pressing = [self._switch("late", "Overdue"), self._switch("near_limit", "Filing limit near")]
        off = address(PLACE, self.query, connection="")
        connection = removable("One connection", off) if self.query.get("connection") else None
        gap = span(cls="gap")
        return div(pressing, gap, chips, gap, self._payer(), connection, cls="filters")

    def _switch(self, name: str, words: str) -> Markup:
        on = self.query.get(name) == "1"
        return filter_chip(words, address(PLACE, self.query, **{name: "" if on else "1"}), on=on)

    def _payer(self) -> Child:
        chosen = self.query.get("payer", "")
        if not self.payers:
            return removable("One payer", address(PLACE, self.query, payer="")) if chosen else None
        options = [option(words, value=key, selected=key == chosen) for key, words in self.payers]
        return select(
            option("Any payer", value="", selected=not chosen),
            options,
            name="payer",
            data_change="choose_payer",
            aria_label="Payer",
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return self._empty()
        return div(
            table.rows(
                _columns(self.zone),
                self.found.items,
                href=lambda one: f"/claims/{one.claim_id}",
                key=lambda one: one.claim_id,
                label="Awaited answers",
            ),
            table.pager(PLACE, self.query, self.found.next, len(self.found.items)),
        )

    def _empty(self) -> Markup:
        if any(self.query.get(key) for key in ("answer", "payer", "connection", "late", "near_limit")):
            return empty("Nothing matches.", "Take a filter off to see what else is awaited.")
        return empty("Nothing is awaited.", "Every claim that was sent is answered; new ones appear here.")

    async def do_choose_payer(self, event: Event) -> None:
        """Show one payer's claims only."""
        self.go(address(PLACE, self.query, payer=event.value))


def _columns(zone: str) -> Iterable[Column[AwaitedLine]]:
    return (
        Column("Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"),
        Column("Waits for", lambda one: span(ANSWERS[one.answer], title=one.answer_label), "tight"),
        Column("Payer", lambda one: one.payer_name, "clip wide"),
        Column("Connection", lambda one: one.connection_name, "clip optional-column"),
        Column("Sent", lambda one: ago(one.sent_at, zone), "right tight"),
        Column("Due", lambda one: due(one.expected_by, zone), "right tight"),
        Column("", lambda one: late_chip(one.late, one.alarmed), "tight"),
        Column("Filing limit", _limit, "right tight"),
        Column("Charge", lambda one: amount(one.charge_cents), "right"),
    )


def _limit(one: AwaitedLine) -> Child:
    return span(one.near_limit and chip("near", "bad"), " ", day(one.filing_limit))
