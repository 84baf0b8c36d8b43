"""The segments of an X12 file drawn for people: loops that fold, elements in words, what is wrong at its very bytes."""

from collections import defaultdict
from collections.abc import Iterable

from domain.x12.check import Finding
from domain.x12.show import ExplainedElement, OutlineLine
from ui.parts.markup import (
    Child,
    Markup,
    a,
    button,
    code,
    details,
    div,
    mark,
    small,
    span,
    strong,
    summary,
)

_DEEPEST = 8
_AT_ONE_SEGMENT = 12


def outline(lines: list[OutlineLine], findings: Iterable[Finding], here: int) -> Markup:
    """The lines under foldable titles of their loops; `here` is the segment that was asked for."""
    by_segment: dict[int, list[Finding]] = defaultdict(list)
    for one in findings:
        by_segment[one.segment_number].append(one)
    return div(_folded(lines, by_segment, here), cls="outline card")


def _folded(lines: list[OutlineLine], found: dict[int, list[Finding]], here: int) -> list[Markup]:
    """Each loop with all that lies below it. A part may begin inside a loop: its first lines stand without a title."""
    drawn: list[Markup] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.loop_title:
            drawn.append(_segment(line, found[line.number], here))
            at += 1
            continue
        end = at + 1
        while end < len(lines) and (
            lines[end].depth > line.depth or (lines[end].depth == line.depth and not lines[end].loop_title)
        ):
            end += 1
        first = _segment(line, found[line.number], here)
        drawn.append(_loop(line, (first, *_folded(lines[at + 1 : end], found, here))))
        at = end
    return drawn


def _loop(line: OutlineLine, inside: Child) -> Markup:
    title = summary(
        line.loop_title,
        " ",
        span(line.loop, cls="faint mono"),
        cls="loop-title",
        style=f"--depth: {min(line.depth, _DEEPEST)}",
    )
    return details(title, inside, open=True)


def _segment(line: OutlineLine, found: list[Finding], here: int) -> Markup:
    tone = "bad" if any(one.severity == "error" for one in found) else "warn" if found else ""
    chosen = line.number == here
    return div(
        span(str(line.number), cls="at"),
        span(line.segment, cls="id"),
        div(
            strong(line.title) if line.title else None,
            div([_element(one) for one in line.elements if one.raw], cls="elements"),
            small(_marked(line, found), cls="rawtext"),
            [_explained(one) for one in found[:_AT_ONE_SEGMENT]],
            cls="said",
        ),
        button(
            "Copy", type="button", cls="copy", data_copy=line.raw, aria_label=f"Copy segment {line.number}"
        ),
        cls=" ".join(word for word in ("segment", tone, "here" if chosen else "") if word),
        style=f"--depth: {min(line.depth, _DEEPEST)}",
        id=f"segment-{line.number}",
        tabindex="-1",
        data_focus_now=f"segment-{line.number}" if chosen else None,
    )


def _element(one: ExplainedElement) -> Markup:
    return span(small(one.label or one.position), one.meaning or one.raw, title=f"{one.position}: {one.raw}")


def _marked(line: OutlineLine, found: list[Finding]) -> Child:
    """The bytes as they are, with those that are wrong marked; where they are missing, the place after which they belong."""
    spans = sorted(
        {(one.start - line.offset, one.end - line.offset) for one in found if one.element and one.end}
    )
    parts: list[Child] = []
    at = 0
    for start, end in spans:
        if start < at or end > len(line.raw):
            continue
        parts += [line.raw[at:start], mark(line.raw[start:end] or "…")]
        at = end
    return (*parts, line.raw[at:])


def _explained(one: Finding) -> Markup:
    place = f"{one.segment}{one.element}" if one.element else one.segment
    where = ", ".join(
        part
        for part in (
            place,
            f"segment {one.position} of its set" if one.position else "",
            f"loop {one.loop}" if one.loop else "",
        )
        if part
    )
    words = div(
        span(one.message),
        span(f"Wanted: {one.wants}.", cls="muted"),
        span(strong("To do: "), f"{one.to_do}."),
        span(f"{where} · {one.citation}", cls="faint"),
        cls="why",
    )
    return div(code(one.rule), words, cls=f"finding {one.severity}")


def listed(one: Finding, here: str) -> Markup:
    """The finding in the list beside the file: a click leads to its segment, whichever part of the file it is in."""
    if not one.segment_number:
        return div(code(one.rule), span(one.message), cls=f"finding {one.severity}")
    where = f"{one.segment}{one.element} · segment {one.segment_number}"
    target = f"segment-{one.segment_number}"
    jump = a(where, href=f"{here}?segment={one.segment_number}", data_skip_to=target)
    return div(code(one.rule), span(one.message), jump, cls=f"finding {one.severity}")
