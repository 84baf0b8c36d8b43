"""What a person was told: the list with its filters, and the way from a notification to what it is about."""

from domain.notifications import WORDS, Notice
from domain.paging import Page as Rows
from services.work import notifications
from services.work.notifications import NotificationLine
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.markup import Child, Markup, a, div, p, span, strong
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago

_HERE = "/notifications"
_TONES = {
    Notice.FILE_REJECTED: "bad",
    Notice.SLA_AT_RISK: "warn",
    Notice.INCIDENT: "bad",
    Notice.APPROVAL: "warn",
}


@page(_HERE)
class Notifications(Page):
    """One's own notifications, newest first."""

    title = "Notifications"
    permission = None

    found: Rows[NotificationLine]

    async def load(self) -> None:
        self.watches = frozenset({f"notifications/{self.actor.user_id}"})  # type: ignore[misc]
        self.found = await notifications.list_notifications(
            self.actor, kind=self._kind(), unread=self._unread(), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        everything = action("Mark all read", "mark_all", key="m")
        settings = link("How I am told", "/notifications/settings", look="quiet")
        return div(head("Notifications", settings, everything), self._filters(), self._list())

    def _filters(self) -> Markup:
        unread = self._unread()
        chips = [
            filter_chip("All", address(_HERE, self.query, show=""), on=not unread),
            filter_chip("Unread", address(_HERE, self.query, show="unread"), on=unread),
        ]
        now = self._kind()
        kinds = [
            filter_chip(
                words, address(_HERE, self.query, kind="" if now == kind else str(kind)), on=now == kind
            )
            for kind, words in WORDS.items()
        ]
        return div(chips, span(cls="gap"), kinds, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            return self._nothing()
        columns = [
            Column[NotificationLine]("What", self._title, "clip wide"),
            Column[NotificationLine](
                "Kind", lambda one: chip(one.label, _TONES.get(one.kind, "neutral")), "tight"
            ),
            Column[NotificationLine]("When", lambda one: ago(one.created_at, self.zone), "right tight"),
            Column[NotificationLine]("", self._reading, "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"{_HERE}/{one.id}",
                key=lambda one: one.id,
                label="Notifications",
            ),
            table.pager(_HERE, self.query, self.found.next, len(self.found.items)),
        )

    def _nothing(self) -> Markup:
        if self._kind() or self._unread():
            return empty("Nothing here.", "Take a filter off to see more.")
        words = "Work given to you, notes that mention you, rejected files, audits and approvals appear here."
        return empty("Nobody has told you anything yet.", words)

    def _title(self, one: NotificationLine) -> Child:
        words = a(one.title, href=f"{_HERE}/{one.id}")
        return words if one.read_at else strong(words, span(" unread", cls="sr"))

    def _reading(self, one: NotificationLine) -> Child:
        words, then = ("Mark unread", "") if one.read_at else ("Mark read", "true")
        return action(words, "mark", look="tiny quiet", data_id=str(one.id), data_read=then)

    def _kind(self) -> str:
        asked = self.query.get("kind", "")
        return asked if asked in set(Notice) else ""

    def _unread(self) -> bool:
        return self.query.get("show") == "unread"

    async def do_mark(self, event: Event) -> None:
        """Mark one as read or unread."""
        await notifications.mark(self.actor, event.id(), event.args.get("read") == "true")

    async def do_mark_all(self, event: Event) -> None:
        """Mark all of the kind that is shown as read."""
        marked = await notifications.mark_all(self.actor, kind=self._kind())
        self.tell("ok", f"{marked} marked as read." if marked else "Everything was read already.")


@page("/notifications/{notification_id}")
class Opened(Page):
    """Opening a notification reads it and goes on to what it is about."""

    title = "Notification"
    permission = None

    line: NotificationLine

    async def load(self) -> None:
        self.line = await notifications.mark(self.actor, self.id("notification_id"))
        self.go(self.line.href)

    def body(self) -> Markup:
        """Seen only where an address is opened by itself, as from an e-mail."""
        onward = link("Open", self.line.href, look="filled", autofocus=True)
        crumbs = (("Notifications", _HERE),)
        return div(head(self.line.title, onward, crumbs=crumbs), p(self.line.label, cls="faint"))
