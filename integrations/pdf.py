"""PDF from HTML by WeasyPrint: one print style for everything, and nothing is fetched from anywhere."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from domain.refusals import Unavailable

GENERATOR = "Caseload"


class FetchRefused(ValueError):
    """A document named something outside itself: a picture, a style sheet, a file. Documents stand alone."""


def render(html: str) -> bytes:
    """The letter-size PDF of an HTML document, with the SHA-256 of that HTML at the foot of every page.

    The same HTML gives the same bytes. Takes some 20 ms a page: call it through `asyncio.to_thread`. Raises
    `FetchRefused` when the document asks for anything outside itself, `Unavailable` when this machine lacks Pango.
    """
    parts = _weasyprint()
    digest = hashlib.sha256(html.encode()).hexdigest()
    foot = (
        f'@page {{ @bottom-left {{ content: "{GENERATOR} · SHA-256 of the content {digest}"; vertical-align: top;'
        ' padding-top: 4mm; white-space: nowrap; font: 5.8pt "DejaVu Sans", sans-serif; color: #444 } }'
    )
    sheets = [parts.CSS(string=_style()), parts.CSS(string=foot)]
    try:
        pdf: bytes = parts.HTML(string=html, url_fetcher=_refusing()).write_pdf(stylesheets=sheets)
    except parts.urls.FatalURLFetchingError as error:
        raise FetchRefused("a document may not fetch anything") from error
    return pdf


@cache
def _style() -> str:
    return files("integrations").joinpath("print.css").read_text()


@cache
def _weasyprint() -> Any:
    """Loaded at the first document: it takes half a second and a system library that a bare machine lacks."""
    try:
        import weasyprint
        import weasyprint.urls
    except OSError as error:
        raise Unavailable(
            "documents.no_pango",
            "PDF documents cannot be made on this machine.",
            "Install Pango and a font (`./caseload` says the command), then try again.",
        ) from error
    return weasyprint


@cache
def _refusing() -> Any:
    class Refusing(_weasyprint().urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FetchRefused("a document may not fetch anything")

    return Refusing(fail_on_errors=True)
