"""The bell in the top bar: how much is unread, the newest of it, and the word that something came."""

from services.work.notifications import Bell, NotificationLine
from ui.parts.icons import icon
from ui.parts.markup import Markup, a, details, div, small, span, strong, summary
from ui.parts.times import ago

MOST = 99


def bell_menu(bell: Bell | None, zone: str) -> Markup:
    """The bell and what unfolds under it; `b` opens it."""
    unread = bell.unread if bell else 0
    words = f"Notifications, {unread} unread" if unread else "Notifications, none unread"
    count = f"{MOST}+" if unread > MOST else str(unread)
    lines = [_entry(one, zone) for one in bell.newest] if bell else []
    nothing = div(small("Nothing unread."), cls="menu-head")
    return details(
        summary(
            icon("bell"),
            unread > 0 and span(count, cls="count"),
            cls="button quiet bell",
            aria_label=words,
            title=words,
            data_key="N",
            data_key_words="Notifications",
        ),
        div(
            lines or nothing,
            a("All notifications", href="/notifications", cls="menu-item", role="menuitem"),
            a("How I am told", href="/notifications/settings", cls="menu-item", role="menuitem"),
            cls="menu-items right",
            role="menu",
        ),
        cls="menu",
    )


def news(before: Bell | None, now: Bell) -> tuple[str, str] | None:
    """What to say aloud: the title and what to do, when something came since; None in quiet times."""
    if before is None or now.quiet or not now.newest:
        return None
    seen = before.latest
    fresh = [one for one in now.newest if seen is None or one.id > seen]
    if not fresh:
        return None
    if len(fresh) == 1:
        return fresh[0].title, "Press b for the bell."
    return f"{len(fresh)} new notifications", "Press b for the bell."


def _entry(one: NotificationLine, zone: str) -> Markup:
    return a(
        strong(one.title),
        small(one.label, " · ", ago(one.created_at, zone)),
        href=f"/notifications/{one.id}",
        cls="menu-item two",
        role="menuitem",
    )
