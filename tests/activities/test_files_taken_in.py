"""Files are stored once by content before anybody looks into them; what cannot be applied is kept and worked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.edi.applying import report_not_applied
from activities.edi.fetching import store_inbound
from activities.edi.messages import FileTask
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


def good(sent: Sent) -> bytes:
    line = Svc(sent.charge, sent.charge, (), sent.controls[0])
    return era(Payment((Clp(sent.number, sent.charge, sent.charge, lines=(line,)),)))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda body: body.replace(b"SVC*HC:99213*50.00", b"SVC*HC:99213*5O.00"), "x12_amount_not_numeric"),
        (lambda body: body.replace(b"*50.00*50.00*0.00*12", b"*50.00**0.00*12"), "x12_amount_not_numeric"),
        (lambda body: body.replace(b"BPR*I*50.00", b"BPR*I*fifty"), "x12_amount_not_numeric"),
        (lambda body: body.replace(b"*50.00*0.00*12*ICN1*11*1", b""), "x12_element_missing"),
        (lambda body: body[:30], "file_kind_unexpected"),
        (lambda body: body.replace(b"ST*835", b"ST*834"), "file_kind_unexpected"),
        (lambda body: body.replace(b"JANE", b"JA\0NE"), "x12_nul"),
        (lambda body: b"dear customer, attached you will find nothing", "file_kind_unexpected"),
    ],
)
async def test_what_cannot_be_read_is_kept_whole_and_somebody_is_asked(
    here: Exchange, there: Exchange, spoil: Any, code: str
) -> None:
    sent = await here.sent_claim(5_000)
    body = spoil(good(sent))
    assert body != good(sent)
    file_id = await here.store(body, "bad.835")
    assert (await here.apply(file_id)).status == "unreadable"
    row = await here.one("SELECT status, reason FROM edi_files WHERE id = $1", file_id)
    assert row["status"] == "unreadable" and row["reason"].startswith(f"{code}: ")
    assert "JANE" not in row["reason"] and sent.number not in row["reason"]
    assert await here.body(file_id) == body
    for table in ("remittances", "remittance_claims", "acknowledgements"):
        assert await here.count(table) == 0
    item = (await here.items("file"))[0]
    assert (item["subject_id"], item["workflow_id"]) == (file_id, "") and "bad.835" in item["title"]
    assert (await here.facts(sent.id))["step"] == "sent" and await here.signals(sent.id) == []
    # Another attempt changes nothing; another tenant sees nothing.
    assert (await here.apply(file_id)).status == "unreadable" and len(await here.items("file")) == 1
    assert await there.items("file") == [] and await there.count("edi_files") == 0


async def test_a_bad_amount_in_the_last_payment_takes_back_the_first(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim(5_000)
    two = era(Payment((Clp(sent.number, 5_000, 5_000),), "T1"), Payment((Clp("X", 100, 100),), "T2"))
    await here.take(two.replace(b"CLP*X*1*1.00", b"CLP*X*1*one"))
    assert await here.count("remittances") == 0 and (await here.facts(sent.id))["paid_cents"] == 0


async def test_unknown_segments_leave_the_posting_whole(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim(5_000)
    payment = Payment((Clp(sent.number, 5_000, 5_000),), extra=("ZZZ*WHAT*EVER", "XX1*1"))
    assert (await here.take(era(payment))).status == "applied"
    assert (await here.facts(sent.id))["paid_cents"] == 5_000


async def test_overlong_texts_are_stored_or_refused_but_never_tried_for_ever(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim(5_000)
    long = "T" * 9_000
    payment = Payment((Clp(sent.number, 5_000, 5_000, icn="I" * 9_000),), trace=long)
    assert (await here.take(era(payment))).status == "applied"
    assert (await here.take(era(payment, isa13=2), "again")).status == "duplicate"
    claim = await here.facts(sent.id)
    assert (claim["paid_cents"], claim["payer_claim_control_number"]) == (5_000, "")


async def test_a_name_used_again_for_another_file_is_another_delivery(
    here: Exchange, there: Exchange
) -> None:
    first, second = good_pair = (b"ISA one", b"ISA two")
    assert len(first) == len(second) and first != second
    tenant = workflow_actor(here.tenant.tenant_id, "tests")
    ids = []
    for day, body in enumerate(good_pair, 1):
        async with tenant_session(tenant) as session:
            moment = datetime(2026, 11, day, tzinfo=UTC)
            ids.append(await store_inbound(session, here.connection_id, "ack.999", body, moment))
    assert len(set(ids)) == 2
    rows = await here.rows("SELECT file_id, duplicate FROM edi_deliveries ORDER BY modified_at")
    assert [tuple(row) for row in rows] == [(ids[0], False), (ids[1], False)]


async def test_the_same_bytes_of_two_tenants_are_two_files(here: Exchange, there: Exchange) -> None:
    body = good(await here.sent_claim(5_000))
    assert await here.store(body) != await there.store(body)
    assert (await there.take(body)).status == "applied"
    assert await there.count("remittance_claims") == 1
    assert (await there.one("SELECT claim_id FROM remittance_claims"))["claim_id"] is None


async def test_a_file_that_could_not_be_applied_is_asked_about_once_and_the_asking_ends_with_it(
    here: Exchange, there: Exchange
) -> None:
    file_id = await here.store(good(await here.sent_claim(5_000)))
    task = FileTask(here.tenant.tenant_id, file_id)
    await report_not_applied(task)
    await report_not_applied(task)
    assert [item["subject_id"] for item in await here.items("file")] == [file_id]
    await here.apply(file_id)
    assert await here.items("file") == []
