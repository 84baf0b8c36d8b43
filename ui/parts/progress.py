"""How far long work has come: one bar for all of it, and the time left in words."""

from ui.parts.markup import Markup, progress


def bar(done: int, total: int, label: str = "Progress") -> Markup:
    """The bar; work of which nothing is known yet has an empty one."""
    return progress(max=str(total or 1), value=str(done), aria_label=label)


def time_left(seconds: float | None) -> str:
    """`about 4 min left`; nothing while it cannot be told."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"about {max(round(seconds), 1)} s left"
    return f"about {seconds / 60:.0f} min left" if seconds < 5400 else f"about {seconds / 3600:.1f} h left"
