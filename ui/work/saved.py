"""Saved views as tabs: what the queue shows now, kept under a name, for oneself or for the team."""

from domain.work_views import COLUMNS, GROUPS, ORDERS, STANDARD_COLUMNS, ViewFacts, WorkFilter
from policies.permissions import Permission as P
from services.work import saved_views
from services.work.saved_views import SavedView
from ui.page import Event, Page, there
from ui.parts.buttons import action, entry, more
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, group
from ui.parts.markup import Child, div
from ui.parts.table import address


class ViewActions(Page):
    """Keeping, changing and removing views; mixed into the queue."""

    views: list[SavedView]
    view: SavedView | None = None

    @property
    def asked(self) -> WorkFilter:
        """What the queue shows."""
        raise NotImplementedError

    async def load_views(self) -> None:
        """The views with their counts, and the one that the address names."""
        self.views = await saved_views.list_views(self.actor)
        wanted = self.query.get("view", "")
        self.view = next((one for one in self.views if str(one.id) == wanted), None)

    @property
    def columns(self) -> list[str]:
        """The columns shown."""
        return self.view.columns if self.view else list(STANDARD_COLUMNS)

    @property
    def order(self) -> str:
        """The order of the list."""
        asked = self.query.get("order", self.view.ordering if self.view else "urgency")
        return asked if asked in ORDERS else "urgency"

    @property
    def grouping(self) -> str:
        """By what a page's rows stand together."""
        asked = self.query.get("group", self.view.grouping if self.view else "")
        return asked if asked in GROUPS else ""

    def view_menu(self) -> Child:
        """What can be done with the view, or the button that makes one."""
        if self.view is None:
            return action("Save as a view", "ask_save_view", key="v", look="quiet")
        if not self.view.mine:
            return None
        return more(
            entry("Change this view", "ask_save_view", key="v", data_id=str(self.view.id)),
            entry("Remove this view", "remove_view", data_id=str(self.view.id)),
            label="This view",
        )

    async def do_ask_save_view(self, event: Event) -> None:
        """Ask for the name, columns, order and groups."""
        view = self.view
        shown = self.columns
        boxes = [check("columns[]", words, name in shown, value=name) for name, words in COLUMNS.items()]
        team = self.may(P.VIEWS_SHARE) and check(
            "team", "For everybody of my team", bool(view and view.team_id)
        )
        self.dialog = form_window(
            "Change the view" if view else "Save as a view",
            "save_view",
            "Save",
            div(
                field(
                    "name",
                    "Name",
                    view.name if view else "",
                    required=True,
                    errors=self.errors,
                    autofocus=True,
                ),
                choice("ordering", "Order", list(ORDERS.items()), self.order, errors=self.errors),
                choice("grouping", "Groups", list(GROUPS.items()), self.grouping, errors=self.errors),
                cls="fields",
            ),
            group("Columns", *boxes),
            team,
            explanation="It keeps the filter that is shown now; its address works for everybody who sees it.",
            id=str(view.id) if view else "",
        )

    async def do_save_view(self, event: Event) -> None:
        """Keep the view and open it."""
        columns = tuple(event.many("columns")) if "columns" in event.fields else ()
        facts = ViewFacts(
            event.text("name"),
            self.asked,
            columns,
            event.text("ordering"),
            event.text("grouping"),
            event.ticked("team"),
        )
        if event.args.get("id"):
            version = there(self.view).version
            kept = await saved_views.change_view(self.actor, event.id(), facts, version)
        else:
            kept = await saved_views.save_view(self.actor, facts)
        await self.do_close_dialog(event)
        self.go(address("/work", {}, view=str(kept.id)))

    async def do_remove_view(self, event: Event) -> None:
        """Remove the view; the work in it stays."""
        await saved_views.remove_view(self.actor, event.id())
        self.tell("ok", "The view is removed.", "The work in it stays where it is.")
        self.go("/work")

    async def do_choose(self, event: Event) -> None:
        """Choose the kind, when it is due, the order or the groups."""
        name = event.args.get("name", "")
        if name in ("kind", "due", "order", "group"):
            # A view that groups is shown without groups only when the address says so.
            value = event.value or ("none" if name == "group" and self.view and self.view.grouping else "")
            self.go(address("/work", self.query, **{"in": "", name: value}, item=""))
