"""What a change of the rules does to open items, before and while it is done."""

from services.work.reclocking import ClockPreview, ClockRunView, Redated
from ui.parts import table
from ui.parts.markup import EMPTY, Markup, a, div, small, span
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import ago, exact


def changes(found: ClockPreview, zone: str, begin: str) -> Markup:
    """What would change of what is open, with examples; `begin` is how the sentence begins."""
    if not found.items:
        return notice(
            "info", "Nothing open is concerned.", "No open item is of this kind, client and priority."
        )
    looked = (
        f"of the {found.looked_at:,} oldest of {found.items:,}"
        if found.looked_at < found.items
        else f"of {found.items:,}"
    )
    words = f"{begin} {found.changed:,} {looked} open items would have other dates"
    words += f", {found.breached:,} of them past due at once." if found.breached else "."
    columns = [
        Column[Redated](
            "Item", lambda one: a(one.title, href=f"/work?tab=all&item={one.item_id}"), "clip wide"
        ),
        Column[Redated]("Due now", lambda one: exact(one.due_before, zone), "right"),
        Column[Redated]("Due then", lambda one: exact(one.due_after, zone), "right"),
    ]
    tone = "warn" if found.breached else "info"
    examples = table.rows(columns, found.examples, label="Examples") if found.examples else EMPTY
    return div(notice(tone, words), examples)


def run_note(one: ClockRunView, zone: str) -> Markup:
    """How far a run over the open items is."""
    figures = f"{one.looked_at:,} items looked at, {one.changed:,} changed"
    who = small(f"{one.started_by_name}: {one.reason} · ", ago(one.started_at, zone))
    if one.status == "running":
        return notice("info", "Open items are being counted anew.", span(figures, " · ", who))
    return notice("ok", "Open items were counted anew.", span(figures, " · ", who))
