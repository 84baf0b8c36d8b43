"""The drawing of a process, the same wherever one stands."""

import re
from uuid import UUID

from ui.parts.cards import card
from ui.parts.markup import Markup, a, div


def drawing(text: str, words: str) -> Markup:
    """A diagram without colours of its own, so that light and dark both work."""
    plain = re.sub(r"(?m)^\s*classDef .*$\n?", "", text)
    return div(cls="diagram", data_mermaid=plain, aria_label=words)


def where_it_stands(text: str, words: str, kind: str, identifier: UUID) -> Markup:
    """The card of a record's page: its process drawn, and the way to all that is known of it."""
    whole = a("The whole process", href=f"/processes/{kind}/{identifier}")
    return card("Where it stands", drawing(text, words), action=whole)
