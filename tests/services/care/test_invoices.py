"""Invoices to practices through the services: issued once, never changed, credited, paid in parts, too much and not at all."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from pypdf import PdfReader

from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from services import documents
from services.care import invoice_papers, invoices, issuing, payments, terms
from services.care.invoice_views import InvoiceRow, PaymentView
from services.care.invoices import CreditFacts
from services.care.issuing import MonthInvoice
from services.care.payments import PaymentFacts
from services.care.terms import TermsFacts
from services.clientele import clients
from services.tenancy import roles
from tests.fixtures.billed import MONTH, billed, claimed, closed_month
from tests.fixtures.care import CareDesk
from tests.fixtures.exchange import CLIENT, Exchange

CCM = (("99490", 1, 6_400), ("99439", 2, 9_600))


@pytest_asyncio.fixture
async def desk(here: Exchange) -> CareDesk:
    """A practice with one patient billed in October, under 60 dollars a patient."""
    return await _billed(here)


@pytest_asyncio.fixture
async def neighbour(there: Exchange) -> CareDesk:
    """The same in the other tenant."""
    return await _billed(there)


async def _billed(exchange: Exchange) -> CareDesk:
    desk = CareDesk(exchange)
    async with _session(desk) as session:
        await billed(session, exchange.patient_id, *CCM)
    await _terms(desk, "programme", rates={"ccm": 6_000})
    return desk


def _session(desk: CareDesk) -> Any:
    return tenant_session(workflow_actor(desk.exchange.tenant.tenant_id, "tests"))


async def _terms(desk: CareDesk, basis: str, since: date = date(2026, 1, 1), **more: Any) -> None:
    await terms.set_terms(desk.admin, desk.exchange.client_id, TermsFacts(since, basis, **more))


async def _issued(desk: CareDesk) -> InvoiceRow:
    (made,) = await issuing.issue_month(desk.admin, MONTH)
    assert made.invoice_id
    return (await invoices.get_invoice(desk.admin, made.invoice_id)).row


async def _row(desk: CareDesk, id: UUID) -> InvoiceRow:
    return (await invoices.get_invoice(desk.admin, id)).row


async def _paid(desk: CareDesk, cents: int, reference: str, invoice_id: UUID | None = None) -> PaymentView:
    today = desk.today() - timedelta(days=1)
    facts = PaymentFacts(desk.exchange.client_id, today, cents, reference, invoice_id)
    return await payments.record_payment(desk.admin, facts)


async def _credit(desk: CareDesk) -> int:
    found = await payments.ageing(desk.admin, desk.exchange.client_id)
    return found[0].credit_cents if found else 0


async def test_a_month_is_issued_once_with_numbers_that_follow_each_other(
    desk: CareDesk, neighbour: CareDesk
) -> None:
    other = await clients.add_client(desk.admin, _other_client())
    await terms.set_terms(desk.admin, other.id, TermsFacts(MONTH, "code", {"99490": 1}, minimum_cents=9_900))
    before = await issuing.month_to_issue(desk.admin, MONTH)
    assert [(one.patients, one.total_cents, one.why_not) for one in before] == [
        (1, 6_000, ""),
        (0, 9_900, ""),
    ]
    first, again = await asyncio.gather(*(issuing.issue_month(desk.admin, MONTH) for _ in range(2)))
    assert sorted((len(first), len(again))) == [0, 2]
    listed = (await invoices.list_invoices(desk.admin)).items
    assert [(one.label, one.total_cents, one.state) for one in listed] == [
        ("INV-000002", 9_900, "open"),
        ("INV-000001", 6_000, "open"),
    ]
    assert (await _issued(neighbour)).number == 1
    await _paid(desk, 1, "1001", listed[1].id)
    for asked, found in (
        ({"text": other.name[2:9].upper()}, listed[:1]),
        ({"text": "inv-000001"}, listed[1:]),
        ({"text": "%"}, []),
        ({"client_id": other.id}, listed[:1]),
        ({"show": "partly_paid"}, listed[1:]),
        ({"show": "open", "age": "not_due"}, listed),
        ({"age": "1-30"}, []),
    ):
        shown = (await invoices.list_invoices(desk.admin, **asked)).items
        assert [one.id for one in shown] == [one.id for one in found], asked
    with pytest.raises(Invalid):
        await invoices.list_invoices(desk.admin, age="old")
    with pytest.raises(NotFound):
        await invoices.get_invoice(neighbour.admin, listed[0].id)


async def test_a_month_that_is_not_closed_is_not_invoiced(desk: CareDesk) -> None:
    with pytest.raises(Conflict, match="not closed"):
        await issuing.issue_month(desk.admin, date(2026, 9, 1))


async def test_lines_rest_on_patients_months_and_name_them_by_account_number_alone(desk: CareDesk) -> None:
    shown = await invoices.get_invoice(desk.admin, (await _issued(desk)).id)
    (line,) = shown.lines
    account = await desk.exchange.one(
        "SELECT account_number FROM patients WHERE id = $1", desk.exchange.patient_id
    )
    assert (line.account_number, line.what) == (account["account_number"], "Chronic care management")
    assert line.patient_month_id and sum(one.amount_cents for one in shown.lines) == shown.row.total_cents


@pytest.mark.parametrize(
    ("basis", "more", "total"),
    [
        ("code", {"rates": {"99490": 4_000, "99439": 1_500}}, 7_000),
        ("charges", {"basis_points": 1_250}, 2_000),
        ("programme", {"rates": {"ccm": 6_000}, "minimum_cents": 20_000}, 20_000),
    ],
)
async def test_the_latest_terms_of_the_month_hold(
    desk: CareDesk, basis: str, more: dict[str, Any], total: int
) -> None:
    await _terms(desk, basis, MONTH, **more)
    await _terms(desk, "programme", date(2026, 11, 1), rates={"ccm": 1})
    assert (await _issued(desk)).total_cents == total


async def test_a_share_of_payments_takes_each_payment_on_each_claim_once_also_after_a_credit(
    desk: CareDesk,
) -> None:
    claim, other = await desk.exchange.claim(16_000), await desk.exchange.claim(7_000)
    async with _session(desk) as session:
        await claimed(session, claim, other)
        await _post(session, claim, 4_000)
        await _post(session, other, 6_000)
    await _terms(desk, "payments", MONTH, basis_points=2_000)
    first = await _issued(desk)
    assert first.total_cents == 2_000
    await invoices.credit_invoice(desk.admin, first.id, CreditFacts("Wrong share"))
    assert (await _issued(desk)).total_cents == 2_000
    async with _session(desk) as session:
        await _post(session, claim, 5_000)
        await billed_november(session, desk)
    november = await issuing.month_to_issue(desk.admin, date(2026, 11, 1))
    assert [(one.total_cents, one.patients) for one in november] == [(1_000, 1)]


async def billed_november(session: Any, desk: CareDesk) -> None:
    """November is closed; nobody was served in it."""
    await closed_month(session, date(2026, 11, 1))


async def _post(session: Any, claim: UUID, cents: int) -> None:
    await session.execute(
        "INSERT INTO ledger_entries (tenant_id, posting_id, account, claim_id, amount_cents, posted_at)"
        " SELECT $1, p.id, a.account, $2, a.cents, '2026-10-15' FROM (SELECT uuidv7() AS id) p,"
        " (VALUES ('cash', $3::bigint), ('receivable', -$3::bigint)) AS a (account, cents)",
        session.tenant_id,
        claim,
        cents,
    )


async def test_a_share_of_payments_is_owed_on_months_of_such_terms_alone_and_also_later(
    desk: CareDesk,
) -> None:
    claim = await desk.exchange.claim(16_000)
    async with _session(desk) as session:
        await claimed(session, claim)
        await closed_month(session, date(2026, 11, 1))
    await _issued(desk)
    # From November on a share: October was invoiced for its patient, and what is paid on it is not invoiced again.
    await _terms(desk, "payments", date(2026, 11, 1), basis_points=2_000)
    async with _session(desk) as session:
        await _post(session, claim, 10_000)
    (november,) = await issuing.month_to_issue(desk.admin, date(2026, 11, 1))
    assert (november.total_cents, november.why_not) == (0, "Nothing to invoice.")
    # Nor is it when the share was agreed for October after that was invoiced, unless that is credited.
    await _terms(desk, "payments", MONTH, basis_points=2_000)
    (november,) = await issuing.month_to_issue(desk.admin, date(2026, 11, 1))
    assert november.total_cents == 0
    (october,) = (await invoices.list_invoices(desk.admin)).items
    await invoices.credit_invoice(desk.admin, october.id, CreditFacts("A share was agreed"))
    # The practice leaves: what is paid on October is still shared.
    await _terms(desk, "none", date(2026, 11, 1))
    (november,) = await issuing.issue_month(desk.admin, date(2026, 11, 1))
    assert november.invoice_id
    (line,) = (await invoices.get_invoice(desk.admin, november.invoice_id)).lines
    assert (line.what, line.rate_cents, line.amount_cents) == ("20% of payments", 10_000, 2_000)


async def test_an_invoice_says_when_the_month_it_rests_on_was_computed_again(desk: CareDesk) -> None:
    row = await _issued(desk)
    assert not (await invoices.get_invoice(desk.admin, row.id)).changed
    async with _session(desk) as session:
        await session.execute("UPDATE care_patient_months SET superseded = true")
    assert (await invoices.get_invoice(desk.admin, row.id)).changed
    (one,) = await issuing.month_to_issue(desk.admin, MONTH)
    assert (one.invoice_id, one.total_cents, one.patients, one.changed) == (row.id, 6_000, 1, True)


async def test_a_month_cannot_be_reopened_while_it_is_invoiced(desk: CareDesk) -> None:
    async with _session(desk) as session:
        await issuing.issue(session, MONTH, datetime(2026, 11, 3, tzinfo=UTC))
        with pytest.raises(asyncpg.LockNotAvailableError):
            await desk.exchange.tenant.owner.fetch("SELECT 1 FROM care_months FOR UPDATE NOWAIT")


async def test_an_issued_invoice_is_corrected_by_a_credit_note_and_issued_anew(desk: CareDesk) -> None:
    first = await _issued(desk)
    for table in ("care_invoices", "care_invoice_lines", "care_receivables", "care_payments", "care_terms"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with _session(desk) as session:
                await session.execute(f"UPDATE {table} SET tenant_id = tenant_id")
    note = await invoices.credit_invoice(desk.admin, first.id, CreditFacts("The month was reopened"))
    assert (note.row.label, note.row.total_cents, note.reason) == (
        "CN-000002",
        6_000,
        "The month was reopened",
    )
    assert (await _row(desk, first.id)).state == "credited"
    with pytest.raises(Invalid, match="nothing to credit"):
        await invoices.credit_invoice(desk.admin, first.id, CreditFacts("Once more"))
    with pytest.raises(Conflict, match="credit note"):
        await invoices.credit_invoice(desk.admin, note.row.id, CreditFacts("Back"))
    with pytest.raises(Invalid):
        await invoices.credit_invoice(desk.admin, first.id, CreditFacts(" "))
    assert (await _issued(desk)).label == "INV-000003"


async def test_payments_in_parts_settle_and_too_much_is_credit_for_the_next(desk: CareDesk) -> None:
    row = await _issued(desk)
    await _paid(desk, 2_000, "Check 1")
    assert ((await _row(desk, row.id)).state, (await _row(desk, row.id)).balance_cents) == (
        "partly_paid",
        4_000,
    )
    paid = await _paid(desk, 5_500, "Check 2", row.id)
    assert (paid.credit_cents, paid.invoices) == (1_500, ["INV-000001"])
    assert (await _row(desk, row.id)).state == "paid" and await _credit(desk) == 1_500
    with pytest.raises(Conflict, match="recorded before"):
        await _paid(desk, 5_500, "check  2")
    async with _session(desk) as session:
        await billed(session, desk.exchange.patient_id, *CCM, month=date(2026, 9, 1))
    (september,) = await issuing.issue_month(desk.admin, date(2026, 9, 1))
    # The credit is put onto the next invoice when that is issued.
    assert september.invoice_id and (await _row(desk, september.invoice_id)).balance_cents == 4_500
    assert await _credit(desk) == 0
    with pytest.raises(Conflict, match="no credit"):
        await payments.use_credit(desk.admin, desk.exchange.client_id)
    # The check bounces: what it paid is open again, and so is what its credit paid.
    back = await payments.reverse_payment(desk.admin, paid.id, "The check bounced")
    assert back.reversed_on and back.reason == "The check bounced"
    assert (await _row(desk, row.id)).balance_cents == 4_000
    assert (await _row(desk, september.invoice_id)).balance_cents == 6_000 and await _credit(desk) == 0
    with pytest.raises(Conflict, match="already"):
        await payments.reverse_payment(desk.admin, paid.id, "Twice")
    await _paid(desk, 5_500, "Check 2")


async def test_a_credit_note_on_a_paid_invoice_is_credit_until_the_payment_is_taken_back(
    desk: CareDesk,
) -> None:
    row = await _issued(desk)
    paid = await _paid(desk, 6_000, "Wire 7")
    await invoices.credit_invoice(desk.admin, row.id, CreditFacts("Agreed"))
    after = await _row(desk, row.id)
    assert (after.state, after.balance_cents, after.paid_cents, after.credited_cents) == (
        "credited",
        0,
        0,
        6_000,
    )
    assert await _credit(desk) == 6_000
    again = await _issued(desk)
    assert (again.balance_cents, await _credit(desk)) == (0, 0)
    assert await payments.ageing(desk.admin) == []
    # The wire never came: the credited invoice stays settled, and the one that its credit paid is open.
    await payments.reverse_payment(desk.admin, paid.id, "Recalled by the bank")
    assert [(await _row(desk, one)).balance_cents for one in (row.id, again.id)] == [0, 6_000]
    assert await _credit(desk) == 0


async def test_credit_is_used_by_hand_on_what_is_open_already(desk: CareDesk) -> None:
    async with _session(desk) as session:
        await billed(session, desk.exchange.patient_id, *CCM, month=date(2026, 9, 1))
    await issuing.issue_month(desk.admin, date(2026, 9, 1))
    october = await _issued(desk)
    await _paid(desk, 10_000, "Check 9", october.id)
    assert await payments.use_credit(desk.admin, desk.exchange.client_id) == 4_000
    (line,) = await payments.ageing(desk.admin)
    assert (line.open_cents, line.credit_cents) == (2_000, 0)


async def test_a_practice_out_of_use_keeps_its_account(desk: CareDesk, neighbour: CareDesk) -> None:
    client = desk.exchange.client_id
    await clients.deactivate_client(desk.admin, client, "It left")
    (line,) = await payments.ageing(desk.admin, client)
    assert (line.client_name, line.open_cents) == ("Hill Family Practice", 0)
    with pytest.raises(NotFound):
        await terms.list_terms(neighbour.admin, client)


async def test_terms_say_whether_they_hold_today(desk: CareDesk) -> None:
    client, today = desk.exchange.client_id, desk.today()
    facts = TermsFacts(today, "charges", basis_points=500)
    assert (await terms.set_terms(desk.admin, client, facts)).in_force
    later = replace(facts, since=today.replace(year=today.year + 1))
    assert not (await terms.set_terms(desk.admin, client, later)).in_force
    assert [one.in_force for one in await terms.list_terms(desk.admin, client)] == [False, True, False]


async def test_more_than_is_left_is_never_credited(desk: CareDesk) -> None:
    """A line on which a payer took back lies below nothing: without it the others come to more than the invoice."""
    row = await _issued(desk)
    async with _session(desk) as session:
        await session.copy(
            "care_invoice_lines",
            ("tenant_id", "invoice_id", "number", "basis", "amount_cents"),
            [
                (session.tenant_id, row.id, 2, "payments", -100),
                (session.tenant_id, row.id, 3, "payments", 100),
            ],
        )
    with pytest.raises(Invalid, match="nothing to credit"):
        await invoices.credit_invoice(desk.admin, row.id, CreditFacts("Two of three", (1, 3)))
    await invoices.credit_invoice(desk.admin, row.id, CreditFacts("All of it"))


async def test_what_is_open_is_aged_from_the_day_it_was_due(desk: CareDesk, neighbour: CareDesk) -> None:
    await _terms(desk, "programme", MONTH, rates={"ccm": 6_000}, due_days=0)
    await _issued(desk)
    (line,) = await payments.ageing(desk.admin)
    assert (line.ages, line.open_cents, line.credit_cents) == ([6_000, 0, 0, 0, 0], 6_000, 0)
    assert await payments.ageing(neighbour.admin) == []


async def test_what_a_payment_lacks_is_named(desk: CareDesk, neighbour: CareDesk) -> None:
    row = await _issued(desk)
    wrong = PaymentFacts(neighbour.exchange.client_id, desk.today() + timedelta(days=3), 0, "", row.id)
    with pytest.raises(Invalid) as refused:
        await payments.record_payment(desk.admin, wrong)
    assert {one.field for one in refused.value.fields} == {"reference", "amount", "received_on", "client_id"}


async def test_the_database_refuses_an_invoice_below_nothing(desk: CareDesk) -> None:
    row = await _issued(desk)
    with pytest.raises(asyncpg.CheckViolationError):
        async with _session(desk) as session:
            await session.execute(
                "INSERT INTO care_receivables (tenant_id, client_id, invoice_id, source, source_id, amount_cents)"
                " VALUES ($1, $2, $3, 'payment', $3, -6001)",
                session.tenant_id,
                desk.exchange.client_id,
                row.id,
            )


async def test_coordinators_see_no_invoices_and_billing_staff_issue_them(desk: CareDesk) -> None:
    await desk.open()
    with pytest.raises(NotAllowed):
        await invoices.list_invoices(desk.actor)
    await roles.add_suggested_role(desk.admin, "Billing Staff")
    biller = await desk.exchange.tenant.actor("Billing Staff")
    made: list[MonthInvoice] = await issuing.issue_month(biller, MONTH)
    assert len(made) == 1


def _other_client() -> Any:
    return replace(CLIENT, name="Lake Clinic", npi="1987654328")


async def test_the_pdf_of_an_invoice_is_made_once_and_opens_to_who_sees_invoices(desk: CareDesk) -> None:
    row = await _issued(desk)
    made = await invoice_papers.print_invoice(desk.admin, row.id)
    assert (await invoice_papers.print_invoice(desk.admin, row.id)).id == made.id
    body = (await documents.content(desk.admin, made.id)).body
    text = " ".join(PdfReader(io.BytesIO(body)).pages[0].extract_text().split())
    assert "Invoice INV-000001" in text and "Please pay $60.00" in text and "Hill Family Practice" in text
    assert "Chronic care management" in text and "Doe" not in text
    await desk.open()
    with pytest.raises(NotAllowed):
        await documents.content(desk.actor, made.id)


async def test_the_pdf_asks_for_what_is_left_after_the_credit_that_was_used(desk: CareDesk) -> None:
    await _paid(desk, 1_500, "Check 3")
    made = await invoice_papers.print_invoice(desk.admin, (await _issued(desk)).id)
    body = (await documents.content(desk.admin, made.id)).body
    text = " ".join(PdfReader(io.BytesIO(body)).pages[0].extract_text().split())
    assert "Your credit used −$15.00" in text and "Please pay $45.00" in text
