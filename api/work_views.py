"""Saved views of the work queue."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, delete, get, post, put

from domain.tenancy import Actor
from domain.work_views import ViewFacts
from services.work import saved_views
from services.work.saved_views import SavedView


@dataclass(frozen=True, slots=True)
class ViewChange:
    """A view as it shall be, and the version that was read."""

    view: ViewFacts
    version: int


class Views(Controller):
    """Saved views of the queue: the asker's own and their team's."""

    path = "/work-views"
    tags = ("Work",)

    @get("/")
    async def list_work_views(self, actor: Actor) -> list[SavedView]:
        """The views with their counts."""
        return await saved_views.list_views(actor)

    @post("/")
    async def save_work_view(self, actor: Actor, data: ViewFacts) -> SavedView:
        """Keep a view."""
        return await saved_views.save_view(actor, data)

    @get("/{view_id:uuid}")
    async def get_work_view(self, actor: Actor, view_id: UUID) -> SavedView:
        """One view."""
        return await saved_views.get_view(actor, view_id)

    @put("/{view_id:uuid}")
    async def change_work_view(self, actor: Actor, view_id: UUID, data: ViewChange) -> SavedView:
        """Change a view."""
        return await saved_views.change_view(actor, view_id, data.view, data.version)

    @delete("/{view_id:uuid}")
    async def remove_work_view(self, actor: Actor, view_id: UUID) -> None:
        """Remove a view."""
        await saved_views.remove_view(actor, view_id)
