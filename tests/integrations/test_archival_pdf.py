"""The evidence packet as a file to keep for years: PDF/A-3u in the manner of veraPDF, its text, and the facts inside it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from domain.care.packet import CONTENT, PacketFacts
from domain.care.packet_sheet import packet_sheet
from integrations import pdf, pdf_processes
from tests.fixtures import packets


def archival(facts: PacketFacts) -> pdf.Archival:
    return pdf.Archival(packet_sheet(facts), facts.content, CONTENT, facts.generated_at)


@pytest.fixture(scope="module")
def facts() -> PacketFacts:
    return packets.facts()


@pytest.fixture(scope="module")
def body(facts: PacketFacts) -> bytes:
    return pdf.archive(archival(facts))


@pytest.fixture
def opened(body: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(body))


@pytest.fixture(scope="module")
def text(body: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]


def test_it_names_itself_pdf_a_3u_of_version_1_7(opened: pikepdf.Pdf) -> None:
    assert opened.pdf_version == "1.7"
    meta = opened.open_metadata()
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "U")
    assert meta.pdfa_status == "3U"


def test_every_font_is_embedded_and_maps_to_unicode(opened: pikepdf.Pdf) -> None:
    fonts = [one for one in map(_plain, opened.objects) if one.get("/Type") == "/Font"]
    assert len(fonts) > 2
    for font in fonts:
        if font["/Subtype"] == "/Type0":
            assert "/ToUnicode" in font and font["/Encoding"] == "/Identity-H"
        else:
            described = font["/FontDescriptor"]
            assert any(name in described for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_colours_have_one_output_intent_with_its_profile(opened: pikepdf.Pdf) -> None:
    (intent,) = opened.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1" and intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_nothing_in_it_runs_refers_outside_or_is_encrypted(opened: pikepdf.Pdf) -> None:
    assert not opened.is_encrypted and "/Encrypt" not in opened.trailer
    forbidden = {
        "/JavaScript",
        "/Launch",
        "/Sound",
        "/Movie",
        "/ImportData",
        "/ResetForm",
        "/SubmitForm",
        "/URI",
    }
    for one in map(_plain, opened.objects):
        assert one.get("/S") not in forbidden and "/AA" not in one and "/JS" not in one
        # Transparency and what is fetched from elsewhere have no place in an archive.
        assert one.get("/Subtype") not in ("/PS", "/XFA") and "/Ref" not in one
    assert "/OpenAction" not in opened.Root and "/AcroForm" not in opened.Root
    assert len(opened.trailer.ID) == 2


def test_its_two_sets_of_metadata_say_the_same(opened: pikepdf.Pdf, facts: PacketFacts) -> None:
    meta, info = opened.open_metadata(), opened.docinfo
    assert str(info["/Title"]) == meta["dc:title"] == "Evidence of care management, October 2026"
    assert str(info["/Author"]) == meta["dc:creator"][0] == facts.tenant
    assert str(info["/Producer"]) == meta["pdf:Producer"] and str(info["/Creator"]) == meta["xmp:CreatorTool"]
    made = f"{facts.generated_at:%Y%m%d%H%M%S}"
    assert made in str(info["/CreationDate"]) and meta["xmp:CreateDate"] == "2026-11-02T14:30:05Z"
    assert opened.Root.Lang == "en"


def test_the_facts_lie_inside_and_their_hash_stands_on_every_page(
    opened: pikepdf.Pdf, text: list[str], facts: PacketFacts
) -> None:
    inside = opened.attachments[CONTENT].get_file().read_bytes()
    assert inside == facts.content
    assert str(opened.Root.AF[0].AFRelationship) == "/Source"
    digest = sha256(inside).hexdigest()
    for number, page in enumerate(text, 1):
        assert digest in page and f"page {number} of {len(text)}" in page
        assert facts.tenant in page and "Rosa <Delgado>" in page and "October 2026" in page


def test_it_tells_what_an_auditor_asks_for(text: list[str], facts: PacketFacts) -> None:
    whole = " ".join(" ".join(text).split())
    told = ("Hill Family Practice", "1234567893", "Ann Hill", "1987654328", "99490", "99439", "Oct 9, 2026",
            "spoken, by The patient", "That the patient may have to share its cost", "Care plan, version 2",
            "Elements missing Caregiver assessment", "Maria Lopez, RN", "Clinical staff", "Other staff",
            "America/Chicago", "table version " + facts.table_version, "Made by Maya Castellanos", "53:35")  # fmt: skip
    assert [one for one in told if one not in whole] == []
    assert all(str(one.id) in whole for one in facts.entries)


def test_the_same_facts_give_the_same_bytes_and_others_give_others(facts: PacketFacts, body: bytes) -> None:
    assert pdf.archive(archival(facts), pdf.fonts()) == body
    later = replace(facts, generated_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert pdf.archive(archival(later)) != body


async def test_processes_beside_the_program_give_the_same_bytes_also_after_one_of_them_was_killed(
    facts: PacketFacts, body: bytes
) -> None:
    try:
        assert await pdf_processes.archived(archival(facts)) == body
        assert pdf_processes._pool is not None
        for process in pdf_processes._pool._processes.values():
            process.kill()
        assert await pdf_processes.archived(archival(facts)) == body
    finally:
        pdf_processes.stop()
    assert pdf_processes._pool is None


def _plain(one: Any) -> Any:
    """A PDF object as something to look into; what is no dictionary is empty."""
    return one if isinstance(one, pikepdf.Dictionary | pikepdf.Stream) else {}
