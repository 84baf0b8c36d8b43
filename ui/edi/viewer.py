"""One X12 file as people read it: what each segment says, what is wrong where, and the bytes as they are."""

from collections import defaultdict
from dataclasses import dataclass

from domain.x12.check import Finding
from domain.x12.show import ExplainedElement, OutlineLine
from policies.permissions import Permission as P
from services.edi import files
from services.edi.views import FileContent, FileLine
from services.remittances import posted
from services.remittances.views import RemittanceLine
from ui.page import Page, page
from ui.parts.buttons import link
from ui.parts.cards import card, head, tabs
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, code, div, li, p, pre, small, span, strong, ul
from ui.parts.states import Loaded, notice, shown
from ui.parts.table import address
from ui.parts.times import moment

# More would make a page of megabytes; the rest is in the download.
_SHOWN = 400
_RAW = 60_000


@dataclass(frozen=True, slots=True)
class _Part:
    lines: list[OutlineLine]
    first: int
    of: int


@page("/files/{file_id}")
class File(Page):
    """One file."""

    title = "File"
    nav = "files"
    permission = P.EDI_VIEW
    watches = frozenset({"edi_files"})

    line: FileLine
    content: Loaded[FileContent]
    remittances: list[RemittanceLine] = []

    @property
    def name(self) -> str:
        """The file's name."""
        return self.line.name if hasattr(self, "line") else self.title

    async def load(self) -> None:
        self.line = await files.get_file(self.actor, self.id("file_id"))
        self.content = await self.read(files.file_content, self.line.id)
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
        body = _raw(content.text) if view == "raw" else self._outline(content)
        return div(self._findings(content.findings), notes, views, body)

    def _findings(self, found: list[Finding]) -> Child:
        if not found:
            return None
        errors = sum(one.severity == "error" for one in found)
        count = f"{errors} {'error' if errors == 1 else 'errors'}, {len(found) - errors} others"
        lines = [li(_finding(one, self.here)) for one in found[:50]]
        more = len(found) > len(lines) and p(
            f"and {len(found) - len(lines)} more, each at its segment.", cls="faint"
        )
        return card(f"Findings: {count}", ul(lines, cls="stack"), more)

    def _outline(self, content: FileContent) -> Markup:
        part = _part(content.outline, self.query.get("from", ""))
        by_segment: dict[int, list[Finding]] = defaultdict(list)
        for one in content.findings:
            by_segment[one.segment_number].append(one)
        rows = [row for line in part.lines for row in _segment(line, by_segment[line.number])]
        return div(div(rows, cls="outline card"), self._pages(part))

    def _pages(self, part: _Part) -> Child:
        if part.of <= _SHOWN:
            return None
        before = part.first > 0 and link(
            "Previous", address(self.here, self.query, **{"from": str(max(0, part.first - _SHOWN))})
        )
        after = part.first + _SHOWN < part.of and link(
            "Next", address(self.here, self.query, **{"from": str(part.first + _SHOWN)})
        )
        words = span(
            f"segments {part.first + 1} to {min(part.of, part.first + _SHOWN)} of {part.of}", cls="faint"
        )
        return div(words, before, after, cls="pager")


def _part(outline: list[OutlineLine], start: str) -> _Part:
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0
    first = min(first, max(0, len(outline) - 1))
    return _Part(outline[first : first + _SHOWN], first, len(outline))


def _segment(line: OutlineLine, found: list[Finding]) -> list[Markup]:
    tone = "bad" if any(one.severity == "error" for one in found) else "warn" if found else ""
    said = [_element(one) for one in line.elements if one.raw]
    row = div(
        span(str(line.number), cls="at"),
        span(line.segment, cls="id"),
        div(
            strong(line.title) if line.title else None,
            div(said, cls="elements"),
            small(line.raw, cls="rawtext"),
            [_at(one) for one in found],
            cls="said",
        ),
        cls=f"segment {tone}".strip(),
        style=f"--depth: {min(line.depth, 8)}",
        id=f"segment-{line.number}",
    )
    if not line.loop_title:
        return [row]
    loop = div(
        line.loop_title,
        " ",
        span(line.loop, cls="faint mono"),
        cls="loop-title",
        style=f"--depth: {min(line.depth, 8)}",
    )
    return [loop, row]


def _element(one: ExplainedElement) -> Markup:
    return span(small(one.label or one.position), one.meaning or one.raw, title=f"{one.position}: {one.raw}")


def _at(one: Finding) -> Markup:
    place = f" element {one.element}" if one.element else ""
    return div(code(one.rule), span(one.message, span(place, cls="faint")), cls=f"finding {one.severity}")


def _finding(one: Finding, here: str) -> Markup:
    start = max(0, one.segment_number - 20)
    where = f"segment {one.segment_number}" if one.segment_number else "the file"
    target = (
        f"{here}?from={start}#segment-{one.segment_number}" if start else f"#segment-{one.segment_number}"
    )
    words = (code(one.rule), span(one.message), " ", span(f"{one.segment} {one.loop}".strip(), cls="faint"))
    return div(
        *words,
        " ",
        a(where, href=target, data_skip_to=f"segment-{one.segment_number}"),
        cls=f"finding {one.severity}",
    )


def _raw(text: str) -> Markup:
    cut = len(text) > _RAW
    return div(
        pre(text[:_RAW], cls="raw"),
        cut and p("The rest is in the download.", cls="faint"),
        cls="card",
    )
