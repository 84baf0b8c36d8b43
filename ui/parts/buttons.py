"""Buttons and menus. One filled button a page; a key shown on a button presses it."""

from typing import Any

from ui.parts.icons import icon
from ui.parts.markup import Child, Markup, a, button, details, div, kbd, span, summary


def action(words: Child, do: str, *, key: str = "", look: str = "", **attributes: Any) -> Markup:
    """A button that runs an action of the page. `look` is filled, danger, quiet or empty for the usual one."""
    return button(
        words,
        key and kbd(key),
        type="button",
        cls=f"button {look}".strip(),
        data_do=do,
        data_key=key or None,
        **attributes,
    )


def link(words: Child, href: str, *, look: str = "", key: str = "", **attributes: Any) -> Markup:
    """A link that looks like a button."""
    return a(
        words, key and kbd(key), href=href, cls=f"button {look}".strip(), data_key=key or None, **attributes
    )


def submit(words: str, *, look: str = "filled", key: str = "", **attributes: Any) -> Markup:
    """The button that sends a form."""
    return button(
        words,
        key and kbd(key),
        type="submit",
        cls=f"button {look}".strip(),
        data_key=key or None,
        **attributes,
    )


def menu(face: Child, *items: Child, label: str, side: str = "right", look: str = "button") -> Markup:
    """A menu under a button; `items` are `entry`s."""
    return details(
        summary(face, cls=look, aria_label=label, title=label),
        div(*items, cls=f"menu-items {side}", role="menu"),
        cls="menu",
    )


def entry(
    words: Child, do: str = "", *, href: str = "", key: str = "", tone: str = "", **attributes: Any
) -> Markup:
    """One line of a menu: an action or a link."""
    inside = (span(words), key and kbd(key))
    look = f"menu-item {tone}".strip()
    if href:
        return a(*inside, href=href, cls=look, role="menuitem", data_key=key or None, **attributes)
    return button(
        *inside, type="button", cls=look, role="menuitem", data_do=do, data_key=key or None, **attributes
    )


def more(*items: Child, label: str = "More actions") -> Markup:
    """The menu of the actions that are not the next one."""
    return menu((icon("more"), span("More", cls="sr")), *items, label=label)
