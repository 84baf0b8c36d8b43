"""One move of work: how far it is, the outcome of every item, and the way back."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.reassignment import asking, reading
from services.reassignment.views import MovedItem, Receiver, WorkMoveView
from ui.page import page
from ui.parts import table
from ui.parts.cards import card
from ui.parts.markup import Child, a, small, span
from ui.parts.table import Column
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
    export = "moved-items"
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

    one: WorkMoveView
    rows: Rows[MovedItem]

    async def load(self) -> None:
        self.one = await reading.get_move(self.actor, self.id("reassignment_id"))
        self.rows = await reading.moved_rows(self.actor, self.one.id, **self.asked)

    def under(self) -> Child:
        line = self.one.line
        return (
            span("Work of ", line.from_name, " · ", line.mode_label),
            line.until and span("returns on ", day(line.until)),
            span("asked by ", line.requested_by_name, " ", ago(line.created_at, self.zone)),
        )

    def columns(self) -> list[Column[MovedItem]]:
        return [
            Column("Item", lambda one: a(one.title, href=f"/work?tab=all&item={one.item_id}"), "wide"),
            Column("To", lambda one: one.to_name or span("the queue", cls="faint"), "clip"),
            Column("Outcome", outcome, "wide"),
            Column("Why", lambda one: small(one.why, cls="faint"), "optional-column"),
        ]

    def row_key(self, one: MovedItem) -> object:
        return f"{one.item_id}{one.part}"

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
