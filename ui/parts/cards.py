"""Page heads and cards: one flat level, a title, an action at its right, content."""

from ui.parts.markup import Child, Markup, a, div, h1, h2, header, nav, section, span


def head(
    title: Child, *actions: Child, under: Child = None, crumbs: tuple[tuple[str, str], ...] = ()
) -> Markup:
    """The head of a page: where it is, what it is, what can be done."""
    trail = nav(
        [(a(words, href=href), span("/", aria_hidden="true")) for words, href in crumbs], cls="crumbs"
    )
    return header(
        crumbs and trail,
        div(h1(title, tabindex="-1"), div(*actions, cls="actions"), cls="head-line"),
        under and div(under, cls="under"),
        cls="page-head",
    )


def card(title: str, *body: Child, action: Child = None, look: str = "", ident: str = "") -> Markup:
    """A card with a title."""
    return section(
        header(h2(title), action and div(action, cls="card-action"), cls="card-head"),
        div(*body, cls="card-body"),
        cls=f"card {look}".strip(),
        id=ident or None,
    )


def tabs(*links: tuple[str, str, bool, int | str | None]) -> Markup:
    """Tabs that are links: words, address, whether it is this one, and a count, as a number or in words such as 99+."""
    return nav(
        [
            a(
                words,
                count is not None and span(count if isinstance(count, str) else f"{count:,}", cls="count"),
                href=href,
                cls="tab",
                aria_current="page" if here else None,
            )
            for words, href, here, count in links
        ],
        cls="tabs",
    )
