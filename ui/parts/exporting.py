"""The export of a list: the same rows, with the same filters, as an Excel workbook or as CSV."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.tenancy import Actor
from ui.parts.buttons import entry, menu
from ui.parts.markup import Markup
from ui.parts.table import address


def export_menu(
    name: str,
    query: Mapping[str, str] | None = None,
    *,
    words: str = "Export",
    key: str = "",
    tiny: bool = False,
    **changes: str | None,
) -> Markup:
    """A button for `/export/NAME` with the filters of the page, some of them changed. `words` stand on it, `key` exports as Excel."""
    look = "button quiet tiny" if tiny else "button quiet"
    lines = _lines(name, query, "", key, changes)
    return menu(words, *lines, label=words, look=look)


def export_entries(
    name: str, query: Mapping[str, str] | None = None, of: str = "", **changes: str | None
) -> tuple[Markup, Markup]:
    """The same as two lines of a menu that holds more; `of` says what leaves."""
    return _lines(name, query, f"{of} as " if of else "", "", changes)


def _lines(
    name: str, query: Mapping[str, str] | None, before: str, key: str, changes: Mapping[str, str | None]
) -> tuple[Markup, Markup]:
    sheet = address(f"/export/{name}.xlsx", dict(query or {}), **changes)
    text = address(f"/export/{name}.csv", dict(query or {}), **changes)
    return (
        entry(f"{before}Excel", href=sheet, key=key, data_plain=True),
        entry(f"{before}CSV", href=text, data_plain=True),
    )


def file_name(name: str, subdomain: str, actor: Actor, suffix: str) -> str:
    """What a list is saved as: the list, the tenant, and the day where the asker is."""
    today = datetime.now(UTC).astimezone(ZoneInfo(actor.time_zone)).date()
    return f"{name}-{subdomain}-{today.isoformat()}.{suffix}"
