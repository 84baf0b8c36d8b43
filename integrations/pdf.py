"""PDF from HTML by WeasyPrint: one print style for everything, and nothing is fetched from anywhere."""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from domain.refusals import Unavailable

GENERATOR = "Caseload"
# Each step of each page, told at INFO.
for _name in ("weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class FetchRefused(ValueError):
    """A document named something outside itself: a picture, a style sheet, a file. Documents stand alone."""


def render(html: str) -> bytes:
    """The letter-size PDF of an HTML document, with the SHA-256 of that HTML at the foot of every page.

    The same HTML gives the same bytes. Takes some 20 ms a page: call it through `asyncio.to_thread`. Raises
    `FetchRefused` when the document asks for anything outside itself, `Unavailable` when this machine lacks Pango.
    """
    return _written(html, hashlib.sha256(html.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Archival:
    """A document to keep for years, with the facts that it was made from as a file inside it.

    `made_at` is written into the PDF as its creation; `name` is that of the facts' file.
    """

    html: str
    facts: bytes
    name: str
    made_at: datetime


def archive(one: Archival, fonts: Any = None) -> bytes:
    """The PDF/A-3u of a document, the SHA-256 of its facts at the foot of every page. Refuses as `render` does.

    The same document gives the same bytes. `fonts` is a WeasyPrint font configuration that one thread uses again and
    again.
    """
    parts = _weasyprint()
    facts = parts.Attachment(
        string=one.facts.decode(),
        name=one.name,
        description="The facts this document was made from",
        created=one.made_at,
        modified=one.made_at,
        relationship="Source",
    )
    digest = hashlib.sha256(one.facts).hexdigest()
    return _written(one.html, digest, font_config=fonts, pdf_variant="pdf/a-3u", attachments=[facts])


def facts_inside(body: bytes, name: str) -> bytes | None:
    """The file of that name inside a PDF; None when there is none, or the bytes are no PDF that can be read."""
    # Loaded when somebody asks: most processes never look into one.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        found = PdfReader(io.BytesIO(body)).attachments.get(name)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # whatever it is, it is not what was kept
    return found[0] if found else None


def fonts() -> Any:
    """A font configuration for `archive`; it belongs to one thread."""
    return _weasyprint().text.fonts.FontConfiguration()


def foot_of(digest: str) -> str:
    """The CSS of the foot of every page: who made it, and the SHA-256 (hex) of what it was made from."""
    return (
        f'@page {{ @bottom-left {{ content: "{GENERATOR} · SHA-256 of the content {digest}"; vertical-align: top;'
        ' padding-top: 4mm; white-space: nowrap; font: 5.8pt "DejaVu Sans", sans-serif; color: #444 } }'
    )


def _written(html: str, digest: str, **options: Any) -> bytes:
    parts = _weasyprint()
    sheets = [parts.CSS(string=style()), parts.CSS(string=foot_of(digest))]
    try:
        pdf: bytes = parts.HTML(string=html, url_fetcher=_refusing()).write_pdf(stylesheets=sheets, **options)
    except parts.urls.FatalURLFetchingError as error:
        raise FetchRefused("a document may not fetch anything") from error
    return pdf


@cache
def style() -> str:
    """The print style sheet."""
    return files("integrations").joinpath("print.css").read_text()


@cache
def _weasyprint() -> Any:
    """Loaded at the first document: it takes half a second and a system library that a bare machine lacks."""
    try:
        import weasyprint
        import weasyprint.text.fonts
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
