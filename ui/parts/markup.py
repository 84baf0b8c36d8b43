"""HTML as Python calls, escaped by default: only `Markup` passes through as it is."""

from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from typing import Any

Child = Any  # str, Markup, number, None, False, or an iterable of those


class Markup(str):
    """Text that is HTML already. Made only by the functions of this module."""

    __slots__ = ()


EMPTY = Markup("")
_VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "path", "circle", "rect"})
_RENAMED = {"cls": "class", "for_": "for", "type_": "type", "list_": "list", "is_": "is"}


def text(value: Child) -> Markup:
    """The HTML of a child: escaped text, the joined parts of an iterable, nothing for None and False."""
    if isinstance(value, Markup):
        return value
    if value is None or value is False:
        return EMPTY
    if isinstance(value, str):
        return Markup(escape(value, quote=True))
    if isinstance(value, Iterable):
        return Markup("".join(text(part) for part in value))
    return Markup(escape(str(value), quote=True))


def tag(name: str, /, *children: Child, **attributes: Any) -> Markup:
    """One element. `cls` becomes class, underscores become hyphens; None and False leave an attribute out."""
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in _VOID:
        return Markup(opened)
    return Markup(f"{opened}{text(children)}</{name}>")


def join(*children: Child) -> Markup:
    """Children side by side without an element around them."""
    return text(children)


def _attribute(key: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = _RENAMED.get(key) or key.replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(str(value), quote=True)}"'


def _element(name: str) -> Callable[..., Markup]:
    return partial(tag, name)


a, article, aside, b, br, button, code, dd = map(
    _element, ("a", "article", "aside", "b", "br", "button", "code", "dd")
)
details, dialog, div, dl, dt, em, fieldset = map(
    _element, ("details", "dialog", "div", "dl", "dt", "em", "fieldset")
)
footer, form, h1, h2, h3, header, hr, img = map(
    _element, ("footer", "form", "h1", "h2", "h3", "header", "hr", "img")
)
i_, input_, kbd, label, legend, li, main, mark, nav, ol = map(
    _element, ("i", "input", "kbd", "label", "legend", "li", "main", "mark", "nav", "ol")
)
option, p, pre, section, select, small, span = map(
    _element, ("option", "p", "pre", "section", "select", "small", "span")
)
strong, summary, table, tbody, td, textarea, tfoot = map(
    _element, ("strong", "summary", "table", "tbody", "td", "textarea", "tfoot")
)
template, th, thead, time, tr, ul = map(_element, ("template", "th", "thead", "time", "tr", "ul"))
figcaption, figure, progress = map(_element, ("figcaption", "figure", "progress"))
