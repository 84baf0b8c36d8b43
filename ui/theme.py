"""Where the look lives: one style sheet and the keys of sheets, served under addresses that change with their content."""

import hashlib
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import Response

ASSETS = Path(__file__).parent / "assets"
# The parts of the style sheet in the order in which they are served, as one: what is stated later wins.
PARTS = (
    "ground", "frame", "controls", "lists", "states", "forms", "records", "work", "sheets", "gates", "narrow",
)  # fmt: skip
THEMES = ("auto", "light", "dark")
_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


def theme_of(cookie: str | None) -> str:
    """The look that was chosen; anything unknown is the system's."""
    return cookie if cookie in THEMES else "auto"


def style_sheet() -> str:
    """The style sheet as it is now."""
    return "\n".join((ASSETS / "theme" / f"{part}.css").read_text() for part in PARTS)


def sheet_address() -> str:
    """The address of the style sheet as it is now."""
    digest = hashlib.sha256(style_sheet().encode()).hexdigest()[:12]
    return f"/look/{digest}.css"


def script_address() -> str:
    """The address of the script that edits sheets as it is now."""
    digest = hashlib.sha256((ASSETS / "sheet.js").read_bytes()).hexdigest()[:12]
    return f"/look/{digest}.js"


def head(theme: str) -> str:
    """What every page has in its head: the look before the first paint, then the sheet."""
    return (
        f'<script>document.documentElement.dataset.theme="{theme_of(theme)}"</script>'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="stylesheet" href="{sheet_address()}">'
        f'<script src="{script_address()}" defer></script>'
    )


def serve(root: FastAPI) -> None:
    """Serve the style sheet and the script."""

    @root.get("/look/{digest}.css", include_in_schema=False)
    def look(digest: str) -> Response:
        return Response(style_sheet(), media_type="text/css", headers=_FOREVER)

    @root.get("/look/{digest}.js", include_in_schema=False)
    def keys(digest: str) -> Response:
        return Response((ASSETS / "sheet.js").read_bytes(), media_type="text/javascript", headers=_FOREVER)


FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="6" width="20" height="15" rx="3.5" '
    'fill="#1f5fbf"/><path d="M8.5 6V4.200c0-.9.7-1.6 1.6-1.600h3.800c.9 0 1.6.7 1.6 1.600V6" fill="none" stroke="#1f5fbf" '
    'stroke-width="2"/><path d="M7 13.500l3.2 3.200L17 10" fill="none" stroke="#fff" stroke-width="2.2"/></svg>'
)
