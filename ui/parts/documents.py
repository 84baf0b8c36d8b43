"""The documents of a subject as a card; each opens in a tab of its own."""

from collections.abc import Sequence

from services.documents import DocumentLine
from ui.parts.cards import card
from ui.parts.markup import Child, Markup, a, li, p, small, ul
from ui.parts.times import ago


def documents_card(
    lines: Sequence[DocumentLine], zone: str = "UTC", *, action: Child = None, title: str = "Documents"
) -> Markup:
    """A card that lists documents, newest first; `action` stands at the right of its title."""
    if not lines:
        nothing = p("Letters, statements and proofs made here are kept here.", cls="faint")
        return card(title, nothing, action=action)
    return card(title, ul([_entry(line, zone) for line in lines], cls="plain"), action=action)


def _entry(line: DocumentLine, zone: str) -> Markup:
    size = f"{line.pages} {'page' if line.pages == 1 else 'pages'}" if line.pages else f"{line.size:,} bytes"
    opener = a(
        line.kind_label, href=f"/documents/{line.id}", target="_blank", rel="noopener", title=line.name
    )
    about = small(
        line.name, " · ", size, " · ", ago(line.created_at, zone), " · ", line.created_by_name,
        title=f"SHA-256 {line.sha256}",
    )  # fmt: skip
    return li(p(opener), about)
