"""The open item: what happened, what it is about, how it may end, and who did what."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain.care.exceptions import FINDINGS
from domain.care.words import clock
from policies.permissions import Permission as P
from services.operations.process_views import process_place
from services.remittances.views import RemittanceView
from services.work.views import WorkView
from ui.claims.brief import CORRECTIONS, brief
from ui.parts.buttons import action, entry, link, more
from ui.parts.icons import icon
from ui.parts.markup import (
    EMPTY,
    Child,
    Markup,
    a,
    aside,
    div,
    footer,
    h2,
    h3,
    header,
    li,
    ol,
    p,
    section,
    small,
    span,
    ul,
)
from ui.parts.money import dollars
from ui.parts.states import shown
from ui.parts.table import address, facts
from ui.parts.times import day, due
from ui.remittances.proof import finding
from ui.work.around import standing, together
from ui.work.deciding import decide, ended
from ui.work.history import event
from ui.work.kinds import PRIORITIES, kind_chip, place_of, priority, words_of
from ui.work.notes import note_form, note_list

if TYPE_CHECKING:
    from ui.work.queue import Queue

# What the claim's own lines say already.
_IDS = frozenset({"denial_id", "claim_id"})
_IN_BRIEF = _IDS | frozenset(
    {"codes", "findings", "version", "claim_id", "reference", "payer", "charge_cents"}
)

# How a figure is said whose name ends in its unit.
_IN_UNITS: dict[str, Callable[[int], str]] = {
    "_cents": dollars,
    "_percent": lambda share: f"{share} %",
    "_seconds": clock,
}


def panel(page: "Queue") -> Markup:
    """The side panel."""
    if page.item is None:
        return EMPTY
    return aside(shown(page.item, lambda item: _whole(page, item)), cls="panel", aria_label="The open item")


def _whole(page: "Queue", item: WorkView) -> Markup:
    return Markup(
        _head(page, item)
        + div(
            standing(item),
            _about(page, item),
            _returned(item),
            decide(page, item),
            ended(page, item),
            together(item, page.query, page.zone),
            _notes(page, item),
            section(h3("Attachments"), page.files_part()) if page.files else None,
            _history(page, item),
            cls="panel-body",
        )
        + _foot(item)
    )


def _head(page: "Queue", item: WorkView) -> Markup:
    line = item.line
    close = a(
        icon("close"),
        href=address("/work", page.query, item=""),
        cls="button quiet tiny",
        data_escape=True,
        aria_label="Close the item",
    )
    holder = f"with {line.owner_name}" if line.owner_name else "free to take"
    return header(
        div(h2(line.title), div(_menu(page, item), close, cls="row"), cls="head-line"),
        div(
            kind_chip(line.kind),
            priority(line.priority),
            span(holder),
            _begin(item, page.zone),
            span("due ", due(line.due_at, page.zone)),
            cls="panel-line",
        ),
    )


def _begin(item: WorkView, zone: str) -> Child:
    """By when somebody is to begin, as long as nobody has."""
    if item.start_by is None or item.taken_at or item.line.status != "open":
        return None
    return span("to begin ", due(item.start_by, zone))


def _menu(page: "Queue", item: WorkView) -> Child:
    may = set(item.actions)
    ident = {"data_id": str(item.id)}
    entries: list[Markup] = []
    if "give_back" in may:
        entries.append(entry("Return to the queue", "ask_give_back", key="r", **ident))
    if "delegate" in may:
        entries.append(entry("Delegate", "ask_delegate", key="d", **ident))
    if "assign" in may:
        entries.append(entry("Assign", "ask_assign", key="a", **ident))
    if "snooze" in may:
        entries.append(entry("Put off", "ask_snooze", key="s", **ident))
    if "prioritise" in may:
        entries.append(entry("Change the due date", "ask_change_due", key="b", **ident))
        entries += [
            entry(f"Priority {value}: {words}", "prioritise", data_priority=str(value), **ident)
            for value, words in PRIORITIES.items()
            if value != item.line.priority
        ]
    watching = "false" if item.watching else "true"
    entries.append(
        entry("Stop watching" if item.watching else "Watch", "watch", key="w", data_on=watching, **ident)
    )
    return more(*entries, page.team_entry(item), label="What else can be done")


def _about(page: "Queue", item: WorkView) -> Markup:
    line = item.line
    place = place_of(line.subject_type, line.subject_id)
    there = link((words_of(line.subject_type), icon("arrow")), place, key="g") if place else None
    return section(
        page.brief and shown(page.brief, lambda claim: brief(claim, page)),
        page.payment and shown(page.payment, _payment),
        _detail(
            {
                key: value
                for key, value in item.detail.items()
                if key not in (_IN_BRIEF if page.brief else _IDS)
            }
        ),
        there and div(there, _process(page, item), _correct(page, item), cls="row"),
        cls="stack",
    )


def _process(page: "Queue", item: WorkView) -> Child:
    """The way to the process that waits for this, for those who may see it."""
    found = process_place(item.line.subject_type, item.line.subject_id)
    return link("Process", found[0], look="quiet") if found and page.may(found[1]) else None


def _payment(view: RemittanceView) -> Markup:
    """The payment that an item is about, and why it does not balance."""
    line = view.line
    pairs = facts(
        ("Payer", line.payer_name),
        ("Trace", line.trace),
        ("Paid on", day(line.payment_date)),
        ("Payment", dollars(line.payment_cents)),
        ("Claims", str(line.claim_count)),
        look="one",
    )
    return div(pairs, [finding(one) for one in view.proof.findings[:3]])


def _correct(page: "Queue", item: WorkView) -> Child:
    """Straight to the correction, where that is how such an item usually ends."""
    claim = page.brief.value if page.brief else None
    if claim is None or item.line.status != "open" or claim.next_action not in CORRECTIONS:
        return None
    return (
        link(claim.next_action_label, f"/claims/{claim.id}/edit", key="f")
        if page.may(P.CLAIMS_CORRECT)
        else None
    )


def _detail(detail: dict[str, Any]) -> Child:
    """What the opener told, in words: a name ends in its unit, lists are codes."""
    pairs = [
        (_words(key), _value(key, value)) for key, value in detail.items() if value not in (None, "", [], {})
    ]
    return facts(*pairs, look="one") if pairs else None


def _words(key: str) -> str:
    for unit in _IN_UNITS:
        key = key.removesuffix(unit)
    return key.replace("_", " ").capitalize()


def _value(key: str, value: Any) -> Child:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return next((said(value) for unit, said in _IN_UNITS.items() if key.endswith(unit)), str(value))
    if isinstance(value, list):
        return ul([li(_value("", one)) for one in value])
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part not in (None, ""))
    if told := FINDINGS.get(value):
        return span(told.label, small(f" · {told.what_to_do}", cls="faint"))
    return str(value).replace("_", " ") if key == "step" else str(value)


def _returned(item: WorkView) -> Child:
    if not item.return_comment:
        return None
    return section(h3("Returned with a comment"), p(item.return_comment, cls="quote"))


def _notes(page: "Queue", item: WorkView) -> Child:
    if page.notes is None:
        return None
    return section(
        h3("Notes"),
        shown(page.notes, lambda found: note_list(found, page.zone)),
        note_form(page.may(P.NOTES_ADD), str(item.id), count=page.noted, typed=page.typed_note),
    )


def _history(page: "Queue", item: WorkView) -> Markup:
    return section(
        h3("History"), ol([event(one, page.zone) for one in reversed(item.history)], cls="timeline")
    )


def _foot(item: WorkView) -> Markup:
    take = "take" in item.actions and action("Take", "take", key="t", look="filled", data_id=str(item.id))
    return footer(take, action("Next item", "next", key="e", look="quiet"))
