"""One X12 file as people read it: what each segment says, what is wrong where and what to do, and the bytes as they are."""

from domain.x12.check import Finding
from domain.x12.view import SHOWN, LoopPlace
from policies.permissions import Permission as P
from services.edi import files
from services.edi.views import FileContent, FileLine
from services.remittances import posted
from services.remittances.views import RemittanceLine
from ui.edi.segments import listed, outline
from ui.page import Event, Page, page
from ui.parts.buttons import action, link, submit
from ui.parts.cards import card, head, tabs
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, aside, div, form, input_, li, nav, p, pre, span, ul
from ui.parts.states import Loaded, notice, shown
from ui.parts.table import address
from ui.parts.times import moment

# More would make a page of megabytes; the rest is in the download.
_RAW = 60_000
_LISTED = 60


@page("/files/{file_id}")
class File(Page):
    """One file. What is searched in it stays in the tab: it may be a name, and addresses are logged."""

    title = "File"
    nav = "files"
    permission = P.EDI_VIEW
    watches = frozenset({"edi_files"})

    line: FileLine
    content: Loaded[FileContent]
    remittances: list[RemittanceLine] = []
    wanted = ""
    hit = 0
    check_now = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.line.name if hasattr(self, "line") else self.title

    @property
    def segment(self) -> int:
        """The segment to show: that of the current hit, else that of the address; 0 for the beginning."""
        if self.hit:
            return self.hit
        text = self.query.get("segment", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    @property
    def first(self) -> int:
        """The first segment of the part shown: parts of fixed size, so that paging and jumping agree."""
        return (max(1, self.segment) - 1) // SHOWN * SHOWN + 1

    async def load(self) -> None:
        self.line = await files.get_file(self.actor, self.id("file_id"))
        self.content = await self.read(
            files.file_content,
            self.line.id,
            first=self.first,
            find=self.wanted,
            check_now=self.check_now,
        )
        if self.line.kind == "835" and self.may(P.REMITTANCES_VIEW):
            found = await self.read(posted.list_remittances, file_id=self.line.id)
            self.remittances = found.value.items if found.value else []

    def body(self) -> Markup:
        line = self.line
        title = (line.name or "unnamed", chip(line.status_label, line.tone))
        raw = (
            link("Download", f"/export/files/{line.id}", look="quiet", download=True)
            if self.may(P.EDI_BODY)
            else None
        )
        batch = link("Open the batch", f"/batches/{line.batch_id}", key="b") if line.batch_id else None
        under = (
            span(f"{line.kind} {line.kind_label}"),
            span("sent" if line.direction == "out" else "received"),
            moment(line.created_at, self.zone),
        )
        return div(
            head(title, raw, batch, under=under, crumbs=(("Files", "/files"),)),
            self._reason(),
            self._payments(),
            shown(self.content, self._content),
        )

    def _reason(self) -> Child:
        line = self.line
        if line.status in ("quarantined", "rejected", "unreadable"):
            return notice(
                "bad",
                f"{line.status_label}: {line.reason or 'see the findings below.'}",
                "Nothing of it was posted.",
            )
        if line.deliveries > 1:
            return notice("info", f"These bytes came {line.deliveries} times.", "They were applied once.")
        return None

    def _payments(self) -> Child:
        if not self.remittances:
            return None
        links = [
            li(
                a(f"{one.payer_name} {one.trace}", href=f"/remittances/{one.id}"),
                " ",
                chip(one.status_label, one.tone),
            )
            for one in self.remittances
        ]
        return card("Payments in this file", ul(links, cls="stack"))

    def _content(self, content: FileContent) -> Markup:
        view = self.query.get("view", "")
        views = tabs(
            ("Explained", address(self.here, self.query, view=""), view != "raw", None),
            ("As it travelled", address(self.here, self.query, view="raw"), view == "raw", None),
        )
        notes = [notice("info", one) for one in content.notes]
        if view == "raw":
            return div(notes, views, _raw(content.text))
        file = div(self._search(content), self._outline(content))
        return div(
            notes, views, div(file, aside(self._findings(content), self._loops(content)), cls="viewer")
        )

    # Searching.

    def _search(self, content: FileContent) -> Child:
        if not content.total:
            return None
        field = input_(
            type="search",
            name="find",
            value=self.wanted,
            placeholder="Search in the file",
            data_filter=True,
            aria_label="Search in the file",
        )
        return form(field, submit("Find", look=""), self._hits(content), cls="findbar", data_do="find")

    def _hits(self, content: FileContent) -> Child:
        if not self.wanted:
            return None
        if not content.hits:
            return span("Nothing found.", cls="muted")
        place = content.hits.index(self.hit) + 1 if self.hit in content.hits else 0
        words = f"{place} of {len(content.hits)}{'+' if content.more_hits else ''} segments"
        before, after = content.hits[place - 2] if place > 1 else 0, content.hits[place : place + 1]
        return (
            span(words, cls="muted"),
            before and action("Previous", "hit", look="quiet", data_number=str(before)),
            after and action("Next", "hit", key="n", look="quiet", data_number=str(after[0])),
        )

    async def do_find(self, event: Event) -> None:
        """Search for words in the whole file and go to the first segment that holds them."""
        self.wanted, self.hit = event.text("find"), 0
        await self.load()
        if self.content.value is not None and self.content.value.hits:
            self.hit = self.content.value.hits[0]
            await self.load()

    async def do_hit(self, event: Event) -> None:
        """Go to another segment that holds the words."""
        self.hit = event.number("number", 0)
        await self.load()

    async def do_check(self, event: Event) -> None:
        """Check a large file."""
        self.check_now = True
        await self.load()

    # What is wrong, and where to go.

    def _findings(self, content: FileContent) -> Child:
        if not content.checked:
            words = "A large file is checked when you ask for it; it takes some seconds."
            return card("Not checked yet", p(words, cls="muted"), action("Check it now", "check"))
        if not content.total:
            return None
        if not content.findings:
            return card("Findings", p("Nothing is wrong with this file.", cls="muted"))
        errors = sum(one.severity == "error" for one in content.findings)
        others = len(content.findings) - errors
        count = f"{errors} {'error' if errors == 1 else 'errors'}, {others} {'warning' if others == 1 else 'warnings'}"
        return card(f"Findings: {count}", self._listed(content.findings))

    def _listed(self, found: list[Finding]) -> Child:
        """Errors first, each once it has been told; the rest is at its segment."""
        ordered = sorted(found, key=lambda one: one.severity != "error")
        more = len(found) > _LISTED and p(
            f"and {len(found) - _LISTED} more, each at its segment.", cls="faint"
        )
        return ul([li(listed(one, self.here)) for one in ordered[:_LISTED]], cls="stack"), more

    def _loops(self, content: FileContent) -> Child:
        if not content.loops:
            return None
        return card("In this file", nav([self._place(one) for one in content.loops], cls="places"))

    def _place(self, one: LoopPlace) -> Markup:
        words = f"{one.title} {one.claim_number}".strip()
        return a(
            words,
            " ",
            span(one.loop, cls="faint mono"),
            href=f"{self.here}?segment={one.number}",
            data_skip_to=f"segment-{one.number}",
            style=f"--depth: {max(0, min(one.depth, 6) - 3)}",
        )

    def _outline(self, content: FileContent) -> Markup:
        return div(outline(content.outline, content.findings, self.segment), self._pages(content))

    def _pages(self, content: FileContent) -> Child:
        if content.total <= SHOWN:
            return None
        last = content.outline[-1].number if content.outline else content.first
        before = content.first > 1 and link("Previous", self._at(max(1, content.first - SHOWN)))
        after = last < content.total and link("Next", self._at(last + 1))
        words = span(f"segments {content.first:,} to {last:,} of {content.total:,}", cls="faint")
        return div(words, before, after, cls="pager")

    def _at(self, segment: int) -> str:
        return address(self.here, self.query, segment=str(segment) if segment > 1 else "")


def _raw(text: str) -> Markup:
    cut = len(text) > _RAW
    return div(
        pre(text[:_RAW], cls="raw"),
        cut and p("The rest is in the download.", cls="faint"),
        cls="card",
    )
