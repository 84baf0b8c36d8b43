"""What stands around an item: who must not work it, whom it returns to, who watches, and what belongs together."""

from services.work.views import TogetherLine, WorkView
from ui.parts.chips import chip
from ui.parts.forms import check
from ui.parts.markup import Child, Markup, a, div, h3, li, p, section, small, ul
from ui.parts.table import address
from ui.parts.times import due
from ui.work.kinds import kind_chip


def standing(item: WorkView) -> Child:
    """Delegation, exclusion, skill and who is away, each in a sentence."""
    words = []
    if reference := _asked(item):
        words.append(
            f"Waits for the approval {reference}: it ends as decided once somebody else has approved."
        )
    if item.returns_to:
        words.append(f"Delegated by {item.returns_to}; it returns to them.")
    if item.stands_in:
        words.append(f"{item.line.owner_name} is away and you stand in: you may take it.")
    if item.excluded:
        words.append(f"Must not be worked by {', '.join(item.excluded)}.")
    if item.skill:
        words.append(f"Asks for the skill {item.skill} or higher.")
    if item.team:
        words.append(f"For the team {item.team}.")
    if item.watchers:
        words.append(f"Watched by {', '.join(item.watchers)}.")
    return section([p(one, cls="muted") for one in words]) if words else None


def _asked(item: WorkView) -> str:
    """The approval that the item waits for; empty when none was asked for, or it has been answered."""
    told = [one for one in item.history if one.kind == "asked" or one.kind.startswith("approval_")]
    last = max(told, key=lambda one: one.at, default=None)
    return last.detail if last and last.kind == "asked" and item.line.status == "open" else ""


def together(item: WorkView, query: dict[str, str], zone: str) -> Child:
    """Other open work about the same thing."""
    if not item.together:
        return None
    entries = [
        li(
            div(kind_chip(one.kind), a(one.title, href=address("/work", query, item=str(one.id))), cls="row"),
            small(one.owner_name or "free", " · due ", due(one.due_at, zone)),
        )
        for one in item.together
    ]
    return section(h3("Also open about this"), ul(entries, cls="plain"))


def also(item: WorkView) -> Child:
    """Boxes in the form of the decision, for what can end the same way."""
    codes = {one.code for one in item.decisions}
    found = [one for one in item.together if one.finishable and codes & set(one.decisions)]
    if not found:
        return None
    return div(
        p("With the same decision and comment:", cls="muted"), [_box(one) for one in found], cls="stack"
    )


def _box(one: TogetherLine) -> Markup:
    return check("also[]", (one.title, " ", chip(one.kind_label)), False, value=str(one.id))
