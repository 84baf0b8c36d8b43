"""Documents: made without the network, sealed at rest, kept once, opened only inside their tenant and on record."""

import asyncio
import hashlib
import io
import uuid

import pytest
from pypdf import PdfReader

from database import documents as kept
from database.session import tenant_session
from domain.documents import Letterhead, grid, pairs, paragraph, sheet, verbatim
from domain.refusals import NotAllowed, NotFound
from domain.tenancy import workflow_actor
from integrations.pdf import FetchRefused, render
from services.documents import content, documents_of
from tests.fixtures.tenancy import TenantFixture


def letter(*words: str) -> str:
    parts = [paragraph(each) for each in words]
    return sheet("Letter to the payer", Letterhead("North Billing", "Jane Roe", "November 2026"), *parts)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


async def a_client(tenant: TenantFixture) -> uuid.UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        made: uuid.UUID = await session.value(
            "INSERT INTO clients (tenant_id, name, npi, tax_id, taxonomy, line1, city, state, postal_code)"
            " VALUES ($1, 'Hill', '1234567893', '123456789', '207Q00000X', '1 Hill', 'Dayton', 'OH', '45402')"
            " RETURNING id",
            tenant.tenant_id,
        )
        return made


async def kept_for(tenant: TenantFixture, subject_id: uuid.UUID, body: bytes) -> uuid.UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await kept.store(
            session, kind="letter", subject_type="client", subject_id=subject_id, name="letter.pdf", body=body,
            facts={"version": 1},
        )  # fmt: skip


def test_every_page_says_whose_it_is_its_number_and_the_hash_of_its_content() -> None:
    html = letter(*["A paragraph of some length that fills the page line by line. " * 6] * 30)
    pdf = render(html)
    shown = pages(pdf)
    assert len(shown) > 1 and kept.pages_of(pdf) == len(shown)
    digest = hashlib.sha256(html.encode()).hexdigest()
    for number, text in enumerate(shown, 1):
        assert f"page {number} of {len(shown)}" in text
        assert "North Billing" in text and "Jane Roe" in text and digest in text


def test_values_are_shown_as_they_are_and_never_become_markup() -> None:
    hostile = "<script>alert(1)</script> & <img src=http://127.0.0.1:9/x.png>"
    parts = (paragraph(hostile), pairs([("Name", hostile)]), grid(["a"], [[hostile]]), verbatim([hostile]))
    html = sheet(hostile, Letterhead(hostile, hostile), *parts)
    assert "<script" not in html and "<img" not in html
    assert "".join(pages(render(html))).count("alert(1)") >= 5


def test_the_same_content_makes_the_same_bytes() -> None:
    assert render(letter("once")) == render(letter("once"))


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,iVBORw0KGgo="]
)
def test_nothing_is_fetched_from_anywhere(address: str) -> None:
    html = letter("x").replace("<h1>", f'<img src="{address}"><h1>')
    with pytest.raises(FetchRefused):
        render(html)


async def test_a_document_is_sealed_kept_once_and_opened_as_it_was(
    north: TenantFixture, south: TenantFixture
) -> None:
    subject, pdf = await a_client(north), await asyncio.to_thread(render, letter("Dear payer"))
    first, again = await kept_for(north, subject, pdf), await kept_for(north, subject, pdf)
    assert first == again
    (line,) = await documents_of(north.admin, "client", subject)
    assert (line.id, line.pages, line.size) == (first, 1, len(pdf))
    assert line.sha256 == hashlib.sha256(pdf).hexdigest() and line.facts == {"version": 1}
    found = await content(north.admin, first)
    assert (found.body, found.media_type, found.name) == (pdf, "application/pdf", "letter.pdf")
    at_rest = await north.owner.fetchval("SELECT body FROM documents")
    assert b"%PDF" not in at_rest and pdf[:200] not in at_rest
    read = "SELECT subject_id FROM audit_log WHERE phi AND action = 'documents.content' AND outcome = 'done'"
    assert [row["subject_id"] for row in await north.owner.fetch(read)] == [str(first)]


async def test_another_tenants_document_is_not_there(north: TenantFixture, south: TenantFixture) -> None:
    subject = await a_client(north)
    document = await kept_for(north, subject, b"plain")
    with pytest.raises(NotFound):
        await content(south.admin, document)
    with pytest.raises(NotFound):
        await documents_of(south.admin, "client", subject)
    with pytest.raises(NotFound):
        await documents_of(north.admin, "sign_ins", subject)
    assert (await content(north.admin, document)).media_type == "application/octet-stream"


async def test_who_may_not_open_documents_is_refused_on_record(
    north: TenantFixture, south: TenantFixture
) -> None:
    subject = await a_client(north)
    document = await kept_for(north, subject, b"plain")
    viewer = await north.actor("View-Only")
    with pytest.raises(NotAllowed):
        await content(viewer, document)
    refused = "SELECT count(*) FROM audit_log WHERE action = 'documents.content' AND outcome = 'refused'"
    assert await north.owner.fetchval(refused) == 1


async def test_a_kept_document_cannot_be_changed_or_deleted(
    north: TenantFixture, south: TenantFixture
) -> None:
    document = await kept_for(north, await a_client(north), b"plain")
    for sql in ("UPDATE documents SET name = 'x' WHERE id = $1", "DELETE FROM documents WHERE id = $1"):
        with pytest.raises(Exception, match="append-only"):
            await north.owner.execute(sql, document)
