"""The small parts of a plan: how people, items and receivers show."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from domain.reassignment.process import Mode
from domain.work import KINDS, Kind
from services.reassignment.views import MovablePerson, PlannedRow, WorkMoveLine
from ui.parts.dates import date_of
from ui.parts.markup import Child, Markup, a, div, option, select, small
from ui.parts.times import day
from ui.work.kinds import kind_chip


def about(one: MovablePerson) -> str:
    """A person with how much they hold, and whether they leave."""
    leaves = ", no longer here" if one.ended else f", leaves {one.left_on:%b %-d}" if one.left_on else ""
    return f"{one.name} ({one.open_items} open{leaves})"


def kinds() -> list[tuple[str, str]]:
    """The kinds of work to choose from."""
    return [(str(kind), KINDS[kind].label) for kind in Kind]


def item(one: PlannedRow) -> Markup:
    """An item with its kind, and with whom it is where it was lent."""
    lent = f" · with {one.with_name}" if one.part == "return_to" else ""
    return div(
        a(one.title, href=f"/work?tab=all&item={one.item_id}"),
        div(kind_chip(one.kind), small(lent, cls="faint")),
    )


def receiver(one: PlannedRow, names: dict[UUID, str]) -> Markup:
    """Who gets the item: anybody who can, or the queue."""
    able: Iterable[UUID] = one.could if one.to_user_id in one.could else [*one.could, *([one.to_user_id] if one.to_user_id else [])]  # fmt: skip
    options = [option("The queue", value="", selected=one.to_user_id is None)]
    options += [
        option(names.get(person, one.to_name), value=str(person), selected=person == one.to_user_id)
        for person in able
    ]
    return select(
        options, name="receiver", style="min-width: 150px", data_change="choose_receiver", data_item=str(one.item_id), aria_label=f"Who gets {one.title}"
    )  # fmt: skip


def how_long(one: WorkMoveLine) -> Child:
    """Until when, or that it is for good."""
    return ("Until ", day(one.until)) if one.until else one.mode_label


def waits(query: dict[str, str]) -> str:
    """What happens afterwards."""
    mode = query.get("mode")
    if mode == Mode.LEAVER:
        return (
            "Drafts become notes, views of the team are yours, and what they had delegated returns to others."
        )
    if mode == Mode.PERMANENT:
        return "For a week you can move back what nobody has touched."
    until: date | None = date_of(query.get("until", ""))
    return (
        f"What is unfinished returns by itself on {until:%b %-d}." if until else "Choose the day of return."
    )
