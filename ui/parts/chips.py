"""Status as a small coloured chip with the word in it; colour never stands alone."""

from domain.claims.states import Status
from ui.parts.markup import Markup, a, button, span

# Statuses of files, batches, remittances, people and registrations with their look.
_LOOKS: dict[str, tuple[str, str]] = {
    "accepted": ("Accepted", "ok"),
    "active": ("Active", "ok"),
    "applied": ("Applied", "ok"),
    "decoded": ("Decoded", "info"),
    "duplicate": ("Duplicate", "neutral"),
    "encoded": ("Encoded", "info"),
    "ended": ("Ended", "neutral"),
    "failed": ("Failed", "bad"),
    "gathered": ("Gathered", "info"),
    "inactive": ("Inactive", "neutral"),
    "not_found": ("Not found", "bad"),
    "partially_accepted": ("Partly accepted", "warn"),
    "posted": ("Posted", "ok"),
    "quarantined": ("Quarantined", "bad"),
    "received": ("Received", "info"),
    "refused": ("Refused", "bad"),
    "rejected": ("Rejected", "bad"),
    "sent": ("Sent", "info"),
    "split": ("Split", "info"),
    "stored": ("Stored", "info"),
    "unreadable": ("Unreadable", "bad"),
}


def chip(word: str, tone: str = "neutral", title: str = "") -> Markup:
    """A chip with a word in one of the five tones: ok, warn, bad, info, neutral."""
    return span(word, cls=f"chip {tone}", title=title or None)


def status_chip(status: str) -> Markup:
    """The chip of a status that is not a claim's; an unknown one shows its own word."""
    word, tone = _LOOKS.get(status, (status.replace("_", " ").capitalize(), "neutral"))
    return chip(word, tone)


def claim_chip(status: str, label: str = "", tone: str = "") -> Markup:
    """The chip of a claim's status."""
    if not label and status in set(Status):
        label, tone = Status(status).label, Status(status).tone
    return chip(label or status, tone or "neutral")


def filter_chip(word: str, href: str, *, on: bool, count: int | None = None) -> Markup:
    """A filter that is a link, so that the address holds it."""
    return a(
        word,
        count is not None and span(f"{count:,}", cls="count"),
        href=href,
        cls="filter on" if on else "filter",
        aria_current="true" if on else None,
    )


def removable(word: str, href: str) -> Markup:
    """A filter that is set, with the way to take it off."""
    return a(word, span("×", aria_hidden="true"), href=href, cls="filter on", title="Remove this filter")


def code_text(value: str) -> Markup:
    """A code in a list whose rows open: not a button of its own."""
    return span(value, cls="mono") if value else span("–", cls="faint")


def copyable(value: str) -> Markup:
    """A code that people paste elsewhere; a click copies it."""
    if not value:
        return span("–", cls="faint")
    return button(value, type="button", cls="copy", data_copy=value, title="Copy")
