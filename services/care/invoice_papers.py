"""The PDF of an invoice or a credit note: made of what was issued, once, and kept."""

from typing import Any
from uuid import UUID

from database import documents
from database.session import Session, tenant_session
from domain.care.invoice_sheet import CONTENT, PrintedInvoice, PrintedLine, invoice_sheet
from domain.clientele import printed_zip
from domain.tenancy import Actor
from integrations import pdf_processes
from integrations.pdf import Archival
from policies.permissions import Permission
from services import door
from services.care.invoices import shown
from services.documents import DocumentLine, line_of

KIND = SUBJECT = "care_invoice"
_PRACTICE = """
SELECT t.name AS tenant, c.name, c.contact_name, c.line1, c.line2, c.city, c.state, c.postal_code FROM clients c JOIN tenants t ON t.id = c.tenant_id WHERE c.id = $1
"""

# Credit that was put onto the invoice when it was issued; what is used later is not on the sheet that was sent.
_CREDIT = """
SELECT coalesce(-sum(amount_cents), 0)::bigint FROM care_receivables WHERE tenant_id = current_tenant()
    AND invoice_id = $1 AND source = 'credit_used' AND source_id = $1
"""


@door.bulk(Permission.INVOICES_VIEW, of="care_invoices")
async def print_invoice(actor: Actor, id: UUID) -> DocumentLine:
    """The document of an invoice or credit note: the one that is kept, or made now. It is always the same."""
    async with tenant_session(actor) as session:
        there = await _kept(session, id)
        if there is not None:
            return there
        printed = await _printed(session, id)
    body = await pdf_processes.archived(
        Archival(invoice_sheet(printed), printed.content, CONTENT, printed.issued_at)
    )
    async with tenant_session(actor) as session:
        return await _keep(session, id, printed, body)


async def _kept(session: Session, id: UUID) -> DocumentLine | None:
    found = await session.value(
        "SELECT id FROM documents WHERE tenant_id = current_tenant() AND subject_type = $1 AND subject_id = $2"
        " AND kind = $3 ORDER BY id LIMIT 1",
        SUBJECT,
        id,
        KIND,
    )
    return await line_of(session, found) if found else None


async def _keep(session: Session, id: UUID, printed: PrintedInvoice, body: bytes) -> DocumentLine:
    document_id = await documents.store(
        session,
        kind=KIND,
        subject_type=SUBJECT,
        subject_id=id,
        name=f"{printed.number}.pdf",
        body=body,
        facts={"month": printed.month, "total_cents": printed.total_cents},
    )
    kept = await line_of(session, document_id)
    detail = {"sha256": kept.sha256, "number": printed.number}
    await session.audit("care.invoices.keep", "documents", document_id, detail=detail)
    return kept


async def _printed(session: Session, id: UUID) -> PrintedInvoice:
    one = await shown(session, id)
    practice: Any = await session.row(_PRACTICE, one.row.client_id)
    place = f"{practice['city']}, {practice['state']} {printed_zip(practice['postal_code'])}"
    lines = tuple(
        PrintedLine(each.what, each.account_number, each.units, each.rate_cents, each.amount_cents)
        for each in one.lines
    )
    return PrintedInvoice(
        practice["tenant"],
        one.row.label,
        (*(practice[name] for name in ("name", "contact_name", "line1", "line2")), place),
        one.row.month,
        one.row.issued_on,
        one.issued_at.replace(microsecond=0),
        one.issued_by,
        one.row.due_on,
        lines,
        one.row.total_cents,
        one.row.corrects_label,
        one.reason,
        await session.value(_CREDIT, id),
    )
