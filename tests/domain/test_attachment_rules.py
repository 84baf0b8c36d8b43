"""Files are told by their content: what is kept, what is refused under its own name, and the names they are kept under."""

import io
import zipfile

import pytest

from domain.attachments import CSV, EXCEL, JPEG, PDF, PNG, TEXT, TIFF, WORD, FileKind, kind_of, safe_name
from domain.refusals import Invalid


def office(*names: str, types: str) -> bytes:
    """An archive with these parts and this table of contents."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


SHEET = office(
    "xl/workbook.xml", types="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
LETTER = office(
    "word/document.xml",
    types="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
)
MACROS = office("xl/workbook.xml", "xl/vbaProject.bin", types="spreadsheetml macroEnabled")


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("letter.exe", b"%PDF-1.7\n", PDF),
        ("x", b"\x89PNG\r\n\x1a\n0", PNG),
        ("x.txt", b"\xff\xd8\xff\xe0", JPEG),
        ("fax", b"II*\x00", TIFF),
        ("fax", b"MM\x00*", TIFF),
        ("a.csv", b"Claim,Paid\nC-1,2.50\n", CSV),
        ("a.txt", "Übertrag: 3 < 4\r\n".encode(), TEXT),
        ("old.txt", b"caf\xe9\r\n", TEXT),
        ("a.bin", SHEET, EXCEL),
        ("a.zip", LETTER, WORD),
    ],
)
def test_a_file_is_what_its_content_says(name: str, body: bytes, kind: FileKind) -> None:
    assert kind_of(name, body) is kind


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("letter.pdf", b"MZ\x90\x00", "a program"),
        ("letter.pdf", b"\x7fELF\x02", "a program"),
        ("a.txt", b"#!/bin/sh\n", "a script"),
        ("a.txt", b"  <!DOCTYPE html><p>x", "a web page"),
        ("a.csv", b"<script>alert(1)</script>", "a web page"),
        ("a.png", b"<?xml version='1.0'?><svg onload='x'/>", "an SVG drawing"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "an XML file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "which may hold macros"),
        ("a.xlsx", MACROS, "with macros"),
        ("a.docx", office("readme.txt", types="nothing"), "an archive"),
        ("a.docx", b"PK\x03\x04broken", "an archive"),
        ("a.txt", b"a\x00b", "not known"),
        ("a.txt", b"a\x07b", "not known"),
        ("a.txt", b"", "empty"),
    ],
)
def test_what_is_not_kept_is_refused_by_its_name(name: str, body: bytes, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind_of(name, body)
    assert what in refused.value.title
    assert refused.value.fields[0].field == "file"


def test_names_lose_folders_and_what_deceives_and_end_as_their_kind_does() -> None:
    assert safe_name("../../etc/passwd", PDF) == "passwd.pdf"
    assert safe_name("C:\\temp\\denial letter.PDF", PDF) == "denial letter.PDF"
    assert safe_name("invoice\u202efdp.exe", PDF) == "invoicefdp.exe.pdf"
    assert safe_name('a"b\r\nc:d.jpeg', JPEG) == "a bc d.jpeg"
    assert safe_name(" . ", TEXT) == "file.txt"
    assert len(safe_name("x" * 500 + ".csv", CSV)) <= 120
