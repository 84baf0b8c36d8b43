"""What the asker was told, and how they wish to be told."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.params import Parameter

from domain.paging import Page
from domain.tenancy import Actor
from services.work import notifications
from services.work.notifications import Bell, ChoiceFacts, ChoicesView, NotificationLine


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether it counts as read."""

    read: bool = True


@dataclass(frozen=True, slots=True)
class Marked:
    """How many were marked as read."""

    marked: int


class Notifications(Controller):
    """One's own notifications; nobody sees those of another person."""

    path = "/notifications"
    tags = ("Work",)

    @get("/")
    async def list_notifications(
        self,
        actor: Actor,
        kind: Annotated[str, Parameter(description="assigned, mention, …; empty for all.")] = "",
        unread: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[NotificationLine]:
        """Newest first."""
        return await notifications.list_notifications(
            actor, kind=kind, unread=unread, cursor=cursor, limit=limit
        )

    @get("/unread")
    async def bell(self, actor: Actor) -> Bell:
        """How many are unread, and the newest of them."""
        return await notifications.bell(actor)

    @post("/read", status_code=200)
    async def mark_all(self, actor: Actor, kind: str = "") -> Marked:
        """Mark all of a kind, or all, as read."""
        return Marked(await notifications.mark_all(actor, kind=kind))

    @put("/{notification_id:uuid}")
    async def mark(self, actor: Actor, notification_id: UUID, data: Reading) -> NotificationLine:
        """Mark one as read or unread."""
        return await notifications.mark(actor, notification_id, data.read)

    @get("/settings")
    async def my_choices(self, actor: Actor) -> ChoicesView:
        """How the asker is told, and where their e-mail goes."""
        return await notifications.my_choices(actor)

    @put("/settings")
    async def choose(self, actor: Actor, data: ChoiceFacts) -> ChoicesView:
        """Choose quiet hours, kinds, and the hour of the daily e-mail."""
        await notifications.choose(actor, data)
        return await notifications.my_choices(actor)
