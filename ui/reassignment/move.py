"""One move of work: how far it is, the outcome of every item, and the way back."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.reassignment import asking, reading
from services.reassignment.views import MovedRow, MoveView, Receiver
from ui.page import page
from ui.parts import table
from ui.parts.cards import card
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, a, div, p, small, span
from ui.parts.table import Column, address
from ui.parts.times import ago, day
from ui.reassignment.moving import MovePage, outcome


@page("/team/reassign/{reassignment_id}")
class Move(MovePage):
    """The page of one move."""

    title = "Move of work"
    nav = "team"
    permission = P.WORK_ASSIGN
    watches = frozenset({"reassignments"})
    what = "items"
    kind = "reassignment"
    crumb = ("Move work", "/team/reassign")
    rests = "What is unfinished returns by itself."
    acts = {
        "cancel": ("Cancel the move", "Nothing is moved.", asking.cancel_move),
        "return_now": (
            "Return it now",
            "What is unfinished goes back at once; what is finished stays so.",
            asking.return_now,
        ),
        "undo": (
            "Undo the move",
            "What nobody has touched since goes back; the rest stays.",
            asking.undo_move,
        ),
    }

    one: MoveView
    rows: Rows[MovedRow]

    async def load(self) -> None:
        self.one = await reading.get_move(self.actor, self.id("reassignment_id"))
        self.rows = await reading.moved_rows(
            self.actor,
            self.one.id,
            refused=self.query.get("show") == "refused",
            cursor=self.query.get("after"),
        )

    def under(self) -> Child:
        line = self.one.line
        return (
            span("Work of ", line.from_name, " · ", line.mode_label),
            line.until and span("returns on ", day(line.until)),
            span("asked by ", line.requested_by_name, " ", ago(line.created_at, self.zone)),
        )

    def items(self) -> Child:
        line, only = self.one.line, self.query.get("show") == "refused"
        columns = [
            Column[MovedRow](
                "Item", lambda one: a(one.title, href=f"/work?tab=all&item={one.item_id}"), "wide"
            ),
            Column[MovedRow]("To", lambda one: one.to_name or span("the queue", cls="faint"), "clip"),
            Column[MovedRow]("Outcome", outcome, "wide"),
            Column[MovedRow]("Why", lambda one: small(one.why, cls="faint"), "optional-column"),
        ]
        chips = div(
            filter_chip("All", address(self.here, self.query, show=None), on=not only),
            filter_chip(
                "Not moved", address(self.here, self.query, show="refused"), on=only, count=line.refused
            ),
            export_menu("moved-items", tiny=True, move=str(line.id), show=self.query.get("show")),
            cls="filters",
        )
        listed = (
            table.rows(columns, self.rows.items, key=lambda one: f"{one.item_id}{one.part}", label="Items")
            if self.rows.items
            else p("None.", cls="faint")
        )
        pages = table.pager(self.here, self.query, self.rows.next, len(self.rows.items))
        return card("Items", div(chips, listed, pages))

    def aside(self) -> Child:
        """Who gets it."""
        if not self.one.received:
            return None
        columns = [
            Column[Receiver]("Person", lambda one: one.name, "wide clip"),
            Column[Receiver]("Planned", lambda one: str(one.before), "right"),
            Column[Receiver]("Got", lambda one: str(one.gets), "right"),
        ]
        return card("Who gets it", table.rows(columns, self.one.received, label="Who gets it"), look="flush")
