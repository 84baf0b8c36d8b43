"""Which files people may attach: told by what is in them, never by their names; and the names that they are kept under."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from domain.refusals import FieldError, Invalid

MOST_OF_A_SUBJECT = 100
LONGEST_NAME = 120
_HOW = (
    "Attach a PDF, a PNG, JPEG or TIFF picture, plain text or CSV, or an Excel or Word file without macros."
)
_LARGEST_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is kept: what browsers are told, what people read, and how its names end."""

    media_type: str
    label: str
    endings: tuple[str, ...]


PDF = FileKind("application/pdf", "PDF", (".pdf",))
PNG = FileKind("image/png", "Picture", (".png",))
JPEG = FileKind("image/jpeg", "Picture", (".jpg", ".jpeg"))
TIFF = FileKind("image/tiff", "Picture", (".tif", ".tiff"))
CSV = FileKind("text/csv", "CSV", (".csv",))
TEXT = FileKind("text/plain", "Text", (".txt", ".tsv", ".log"))
_OFFICE = "application/vnd.openxmlformats-officedocument."
EXCEL = FileKind(f"{_OFFICE}spreadsheetml.sheet", "Excel", (".xlsx",))
WORD = FileKind(f"{_OFFICE}wordprocessingml.document", "Word", (".docx",))
KINDS: dict[str, FileKind] = {one.media_type: one for one in (PDF, PNG, JPEG, TIFF, CSV, TEXT, EXCEL, WORD)}
ENDINGS = tuple(ending for one in KINDS.values() for ending in one.endings)

_KEPT = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_REFUSED = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xfe\xed\xfa", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"#!", "a script"),
    (b"\xd0\xcf\x11\xe0", "an Office file of the old kind, which may hold macros"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"GIF8", "an animated picture"),
)
_MARKUP = (
    (re.compile(r"<(!doctype\s+html|html|head|body|script|iframe)", re.I), "a web page"),
    (re.compile(r"<(!doctype\s+)?svg", re.I), "an SVG drawing, which may hold scripts"),
)


def kind_of(name: str, body: bytes) -> FileKind:
    """What the file is by its content, or a refusal that names what it is instead. The name decides CSV or text only."""
    if not body:
        raise _refused("attachment.empty", "This file is empty.", "Choose a file with something in it.")
    for mark, what in _REFUSED:
        if body.startswith(mark):
            raise _not_kept(what)
    for mark, kind in _KEPT:
        if body.startswith(mark):
            return kind
    if body.startswith(b"PK"):
        return _office(body)
    return _text(name, body)


def safe_name(name: str, kind: FileKind) -> str:
    """The name without folders, control and spoofing characters, ending as its kind does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(c if unicodedata.category(c)[0] in "LNPSM" or c == " " else "" for c in last)
    plain = re.sub(r'[<>:"|?*\s]+', " ", plain).strip(" .") or "file"
    if not plain.lower().endswith(kind.endings):
        plain += kind.endings[0]
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"


def too_large(most: int) -> Invalid:
    """The refusal of a file that is larger than `most` bytes."""
    size = f"{most / (1 << 20):g} MB"
    return _refused(
        "attachment.too_large", f"This file is larger than {size}.", f"Attach files of at most {size} each."
    )


def _office(body: bytes) -> FileKind:
    """Excel or Word by the parts inside; what holds macros, and any other archive, is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
            with archive.open("[Content_Types].xml") as part:
                types = part.read(_LARGEST_PART)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _not_kept("an archive") from None
    if b"macroEnabled" in types or any(one.lower().endswith("vbaproject.bin") for one in names):
        raise _not_kept("an Office file with macros")
    if "xl/workbook.xml" in names and b"spreadsheetml" in types:
        return EXCEL
    if "word/document.xml" in names and b"wordprocessingml" in types:
        return WORD
    raise _not_kept("an archive")


def _text(name: str, body: bytes) -> FileKind:
    if b"\x00" in body:
        raise _not_kept("of a kind that is not known")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets of older programs; every byte is a letter there, so control characters decide below.
        text = body.decode("cp1252", "replace")
    if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text):
        raise _not_kept("of a kind that is not known")
    head = text.lstrip()[:2_000]
    for pattern, what in _MARKUP:
        if pattern.search(head):
            raise _not_kept(what)
    if head.startswith("<?xml"):
        raise _not_kept("an XML file")
    return CSV if name.lower().endswith(CSV.endings) else TEXT


def _not_kept(what: str) -> Invalid:
    return _refused("attachment.kind", f"This is {what}; it is not kept.", _HOW)


def _refused(code: str, title: str, what_to_do: str) -> Invalid:
    return Invalid(code, title, what_to_do, fields=(FieldError("file", code, what_to_do),))
