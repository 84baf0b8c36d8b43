"""Files as they travelled, in both directions, and batches."""

from collections.abc import Iterable

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.edi import batches, files
from services.edi.views import KIND_LABELS, BatchLine, FileLine
from ui.page import Event, Page, optional_identifier, page
from ui.parts import table
from ui.parts.cards import head, tabs
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.forms import search
from ui.parts.markup import Child, Markup, a, div, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago

_KINDS = ("837P", "837I", "999", "277CA", "835", "TA1")
_WAYS = (("in", "Received"), ("out", "Sent"))
_TROUBLE = (("quarantined", "Quarantined"), ("rejected", "Rejected"), ("unreadable", "Unreadable"))
_TABS = (("Files", "/files"), ("Batches", "/batches"), ("Submissions", "/submissions"))


def edi_tabs(here: str) -> Markup:
    """Files and batches."""
    return tabs(*((words, href, href == here, None) for words, href in _TABS))


@page("/files")
class Files(Page):
    """The files, newest first."""

    title = "Files"
    nav = "files"
    permission = P.EDI_VIEW
    watches = frozenset({"edi_files"})

    found: Rows[FileLine]

    async def load(self) -> None:
        kind, direction = self.query.get("kind", ""), self.query.get("direction", "")
        self.found = await files.list_files(
            self.actor,
            direction=direction if direction in ("in", "out") else "",
            kind=kind if kind in KIND_LABELS else "",
            status=self.query.get("status", ""),
            text=self.query.get("text", ""),
            connection_id=optional_identifier(self.query.get("connection", "")),
            cursor=self.query.get("after"),
        )

    def body(self) -> Markup:
        return div(head("Files"), edi_tabs("/files"), self._filters(), self._list())

    def _filters(self) -> Markup:
        field = search(self.query.get("text", ""), "Part of a name", "Filter files")
        gap = span(cls="gap")
        kinds = self._chips("kind", ((one, one) for one in _KINDS))
        off = address("/files", self.query, connection="")
        connection = removable("One connection", off) if self.query.get("connection") else None
        ways, trouble = self._chips("direction", _WAYS), self._chips("status", _TROUBLE)
        return div(field, gap, ways, gap, kinds, gap, trouble, connection, cls="filters")

    def _chips(self, name: str, choices: Iterable[tuple[str, str]]) -> list[Markup]:
        """Chips of which one may be set; a click on the one that is set takes it off."""
        now = self.query.get(name, "")
        return [
            filter_chip(
                words, address("/files", self.query, **{name: "" if now == key else key}), on=now == key
            )
            for key, words in choices
        ]

    def _list(self) -> Markup:
        if not self.found.items:
            if any(self.query.get(key) for key in ("kind", "direction", "status", "text", "connection")):
                return empty("No file matches.", "Take a filter off to see more.")
            return empty(
                "No files yet.",
                "Claims go out and answers come in here, each file stored exactly as it travelled.",
            )
        columns = [
            Column[FileLine](
                "File", lambda one: a(one.name or "unnamed", href=f"/files/{one.id}"), "clip wide"
            ),
            Column[FileLine]("", lambda one: _way(one), "tight"),
            Column[FileLine]("Kind", lambda one: span(one.kind, title=one.kind_label), "tight"),
            Column[FileLine](
                "Status",
                lambda one: span(
                    chip(one.status_label, one.tone, one.reason),
                    " ",
                    one.deliveries > 1 and chip(f"came {one.deliveries} times", "neutral"),
                ),
                "tight",
            ),
            Column[FileLine]("Connection", lambda one: one.connection_name, "clip optional-column"),
            Column[FileLine]("Size", lambda one: _size(one.size), "right"),
            Column[FileLine]("When", lambda one: ago(one.created_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/files/{one.id}",
                key=lambda one: one.id,
                label="Files",
            ),
            table.pager("/files", self.query, self.found.next, len(self.found.items)),
        )

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address("/files", self.query, text=event.value.strip() or event.text("text")))


@page("/batches")
class Batches(Page):
    """The batches, newest first."""

    title = "Batches"
    nav = "files"
    permission = P.EDI_VIEW
    watches = frozenset({"edi_batches"})

    found: Rows[BatchLine]

    async def load(self) -> None:
        self.found = await batches.list_batches(self.actor, self.query.get("after"))

    def body(self) -> Markup:
        return div(head("Files"), edi_tabs("/batches"), self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "No batches yet.",
                "Released claims of one connection travel together; each such file is a batch.",
            )
        columns = [
            Column[BatchLine]("Batch", lambda one: a(one.reference, href=f"/batches/{one.id}"), "tight"),
            Column[BatchLine]("Status", lambda one: chip(one.status_label, one.tone), "tight"),
            Column[BatchLine]("Connection", lambda one: one.connection_name, "clip wide"),
            Column[BatchLine]("Claims", lambda one: str(one.claim_count), "right"),
            Column[BatchLine]("Rejected", _rejected, "right"),
            Column[BatchLine]("Charge", lambda one: amount(one.charge_cents), "right"),
            Column[BatchLine]("Sent", lambda one: ago(one.sent_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/batches/{one.id}",
                key=lambda one: one.id,
                label="Batches",
            ),
            table.pager("/batches", self.query, self.found.next, len(self.found.items)),
        )


def _rejected(one: BatchLine) -> Child:
    return chip(str(one.rejected_count), "bad") if one.rejected_count else span("0", cls="faint")


def _way(one: FileLine) -> Markup:
    return span("↑ sent" if one.direction == "out" else "↓ received", cls="muted")


def _size(size: int) -> str:
    return (
        f"{size:,} B"
        if size < 10_000
        else f"{size / 1024:,.0f} KB"
        if size < 10 << 20
        else f"{size / (1 << 20):,.1f} MB"
    )
