"""TA1, 999 and 277CA: kept for every claim they speak of, and only what is news moves a claim."""

import json
from uuid import UUID

import pytest

from domain.claims.states import Step
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import (
    NPI,
    Clp,
    Payment,
    SetAnswer,
    Status,
    ack_277ca,
    ack_999,
    era,
    interchange,
    ta1,
)


async def split_sets(here: Exchange) -> list[Sent]:
    """Two claims of one batch, the second put into a set of its own as a larger batch would be."""
    await here.claim()
    await here.claim()
    sent = await here.send()
    await here.tenant.owner.execute(
        "UPDATE edi_batch_claims SET set_number = '0002' WHERE claim_id = $1", sent[1].id
    )
    return sent


async def step_of(exchange: Exchange, claim_id: UUID) -> str:
    return str((await exchange.facts(claim_id))["step"])


async def test_a_999_rejects_the_claims_of_its_set_and_no_others(here: Exchange, there: Exchange) -> None:
    theirs = await there.sent_claim()
    good, bad = await split_sets(here)
    place = await here.one("SELECT first_segment FROM edi_batch_claims WHERE claim_id = $1", bad.id)
    errors = (("CLM", place["first_segment"] + 1, "8"),)
    applied = await here.take(
        ack_999(good.group_number, SetAnswer("0001"), SetAnswer("2", "R", errors), verdict="P")
    )
    assert (applied.status, applied.claims, applied.signals) == ("applied", 2, 1)
    assert (await step_of(here, good.id), await step_of(here, bad.id)) == (
        Step.ACKNOWLEDGED_999,
        Step.REJECTED,
    )
    assert await here.signals(good.id) == [] and len(await here.signals(bad.id)) == 1
    assert (await here.one("SELECT status FROM edi_batches"))["status"] == "partially_accepted"
    row = await here.one("SELECT * FROM acknowledgements WHERE claim_id = $1", bad.id)
    assert (row["kind"], row["sender"], row["verdict"], row["category"]) == (
        "999",
        "translator",
        "rejected",
        "R",
    )
    assert json.loads(row["detail"])["errors"][0]["segment"] == "CLM"
    assert await step_of(there, theirs.id) == Step.SENT


async def test_a_set_accepted_with_errors_is_accepted_whatever_the_group_says(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(ack_999(sent.group_number, SetAnswer("0001", "E", (("NM1", 5, "8"),)), verdict="A"))
    assert await step_of(here, sent.id) == Step.ACKNOWLEDGED_999
    assert (await here.one("SELECT status FROM edi_batches"))["status"] == "accepted"


async def test_a_group_refused_before_its_sets_were_read_rejects_every_claim(
    here: Exchange, there: Exchange
) -> None:
    good, bad = await split_sets(here)
    assert (await here.take(ack_999(good.group_number, verdict="R"))).signals == 2
    assert {await step_of(here, good.id), await step_of(here, bad.id)} == {Step.REJECTED}
    assert (await here.one("SELECT status FROM edi_files WHERE direction = 'out'"))["status"] == "rejected"


async def test_a_rejected_interchange_rejects_its_batch(here: Exchange, there: Exchange) -> None:
    other = await here.sent_claim()
    sent = await here.sent_claim()
    theirs = await there.sent_claim()
    assert (await here.take(ta1(sent.interchange_number))).signals == 1
    assert await step_of(here, sent.id) == Step.REJECTED
    assert await step_of(here, other.id) == Step.SENT and await step_of(there, theirs.id) == Step.SENT
    statuses = await here.rows("SELECT status FROM edi_batches ORDER BY id")
    assert sorted(row["status"] for row in statuses) == ["rejected", "sent"]


async def test_an_accepted_interchange_is_no_news(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    assert (await here.take(ta1(sent.interchange_number, "A", "000"))).claims == 0
    assert await step_of(here, sent.id) == Step.SENT


async def test_a_clearinghouse_does_not_speak_for_the_payer(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    answer = Status(sent.number, "A2", "20", "CLEARING-9")
    await here.take(ack_277ca(answer, sender="AY"))
    claim = await here.facts(sent.id)
    assert (claim["step"], claim["ack_clearinghouse"], claim["ack_payer"]) == (
        "accepted_clearinghouse",
        "accepted",
        None,
    )
    assert claim["payer_claim_control_number"] == ""
    assert (await here.one("SELECT sender FROM acknowledgements"))["sender"] == "clearinghouse"


async def test_the_payers_claim_control_number_is_kept(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(ack_277ca(Status(sent.number, "A2", "20", "PAYER-123")))
    claim = await here.facts(sent.id)
    assert (claim["step"], claim["payer_claim_control_number"]) == ("accepted_payer", "PAYER-123")
    row = await here.one("SELECT sender, payer_claim_control_number FROM acknowledgements")
    assert tuple(row) == ("payer", "PAYER-123")


async def test_received_is_not_accepted(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(ack_277ca(Status(sent.number, "A1", "19")))
    claim = await here.facts(sent.id)
    assert (claim["step"], claim["ack_payer"]) == ("sent", None)
    assert (await here.one("SELECT verdict FROM acknowledgements"))["verdict"] == "received"


@pytest.mark.parametrize("category", ["A3", "A4", "A6", "A7", "A8"])
async def test_every_refusing_category_rejects(here: Exchange, there: Exchange, category: str) -> None:
    sent = await here.sent_claim()
    await here.take(ack_277ca(Status(sent.number, category, "562")))
    assert (await here.facts(sent.id))["status"] == "rejected_payer"
    row = await here.one("SELECT category, status_code FROM acknowledgements")
    assert tuple(row) == (category, "562")


@pytest.mark.parametrize("rejection_first", [False, True])
async def test_a_rejection_stands_against_an_acceptance_whichever_came_first(
    here: Exchange, there: Exchange, rejection_first: bool
) -> None:
    sent = await here.sent_claim()
    answers = [ack_277ca(Status(sent.number, "A2")), ack_277ca(Status(sent.number, "A7", "562"), isa13=2)]
    for number, answer in enumerate(reversed(answers) if rejection_first else answers):
        await here.take(answer, f"{number}")
    claim = await here.facts(sent.id)
    assert (claim["status"], claim["step"], claim["ack_payer"]) == ("rejected_payer", "rejected", "rejected")
    assert len(await here.signals(sent.id)) == 1


async def test_answers_out_of_order_never_move_a_claim_back(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(ack_277ca(Status(sent.number, "A2", "20", "P1")), "payer")
    await here.take(ack_277ca(Status(sent.number, "A2"), sender="AY"), "clearinghouse")
    await here.take(ack_999(sent.group_number, SetAnswer("0001")), "999")
    claim = await here.facts(sent.id)
    assert claim["step"] == "accepted_payer"
    assert (claim["ack_999"], claim["ack_clearinghouse"]) == ("accepted", "accepted")


async def test_a_batch_refused_as_a_whole_rejects_the_claims_it_does_not_name(
    here: Exchange, there: Exchange
) -> None:
    await here.claim()
    await here.claim()
    first, second = await here.send()
    reference = (await here.one("SELECT reference FROM edi_batches"))["reference"]
    applied = await here.take(ack_277ca(sender="AY", batch=reference, level="A3"))
    assert applied.signals == 2
    assert {await step_of(here, first.id), await step_of(here, second.id)} == {Step.REJECTED}


async def two_providers(here: Exchange) -> tuple[Sent, Sent]:
    """Two claims of one batch; the second belongs to another client."""
    await here.claim()
    await here.claim()
    first, second = await here.send()
    other = await here.tenant.owner.fetchval(
        "INSERT INTO clients (tenant_id, name, npi, tax_id, taxonomy, line1, city, state, postal_code)"
        " SELECT tenant_id, 'Lake Clinic', '1245319599', tax_id, taxonomy, line1, city, state, postal_code"
        " FROM clients WHERE tenant_id = $1 RETURNING id",
        here.tenant.tenant_id,
    )
    await here.tenant.owner.execute("UPDATE claims SET client_id = $2 WHERE id = $1", second.id, other)
    return first, second


def provider_refused(npi: str, batch: str, *named: Status, trace: bool = True) -> bytes:
    """A payer's 277CA whose provider loop (2200C) is refused; `named` are claims that it names besides."""
    text = ack_277ca(*named, batch=batch).decode()
    loop = (
        f"NM1*85*2*CLINIC*****XX*{npi}~\n"
        + ("TRN*1*0~\n" if trace else "")
        + "STC*A3:24:85*20261101*U*100~\n"
    )
    return text.replace(f"NM1*85*2*CLINIC*****XX*{NPI}~\n", loop).encode()


@pytest.mark.parametrize("trace", [True, False])
async def test_a_provider_refused_as_a_whole_rejects_that_providers_claims_and_no_others(
    here: Exchange, there: Exchange, trace: bool
) -> None:
    first, second = await two_providers(here)
    theirs = await there.sent_claim()
    batch = await here.one("SELECT reference FROM edi_batches")
    told = await here.take(provider_refused("1245319599", batch["reference"], trace=trace))
    assert (told.claims, told.signals) == (1, 1)
    assert await step_of(here, second.id) == Step.REJECTED and await step_of(here, first.id) == Step.SENT
    assert await step_of(there, theirs.id) == Step.SENT
    row = await here.one("SELECT * FROM acknowledgements")
    assert (row["category"], row["status_code"], json.loads(row["detail"])) == (
        "A3",
        "24",
        {"level": "provider"},
    )


async def test_a_claim_that_a_refused_providers_loop_names_is_judged_by_its_own_word(
    here: Exchange, there: Exchange
) -> None:
    await here.claim()
    await here.claim()
    named, silent = await here.send()
    batch = await here.one("SELECT reference FROM edi_batches")
    await here.take(provider_refused(NPI, batch["reference"], Status(named.number, "A2", "20")))
    assert await step_of(here, silent.id) == Step.REJECTED
    assert (await here.facts(named.id))["ack_payer"] == "accepted"


async def test_a_provider_under_another_number_is_still_known_where_the_batch_has_only_one(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    batch = await here.one("SELECT reference FROM edi_batches")
    await here.take(provider_refused("123456789", batch["reference"]))
    assert await step_of(here, sent.id) == Step.REJECTED


async def test_a_refused_provider_of_whom_nothing_was_sent_is_kept_and_somebody_is_asked(
    here: Exchange, there: Exchange
) -> None:
    first, second = await two_providers(here)
    await here.take(provider_refused("1999999992", "B999999999"))
    assert (await here.one("SELECT claim_id, verdict FROM acknowledgements"))["claim_id"] is None
    (item,) = await here.items("file")
    assert "names no claim or batch of ours" in item["title"]
    assert {await step_of(here, one.id) for one in (first, second)} == {Step.SENT}


async def test_an_answer_about_a_claim_that_was_not_sent_is_kept_and_moves_nothing(
    here: Exchange, there: Exchange
) -> None:
    theirs = await there.sent_claim()
    assert (await here.take(ack_277ca(Status(theirs.number, "A7", "562")))).signals == 0
    row = await here.one("SELECT claim_id, detail FROM acknowledgements")
    assert row["claim_id"] is None and json.loads(row["detail"])["claim_number"] == theirs.number
    assert await step_of(there, theirs.id) == Step.SENT


async def test_a_late_answer_to_an_older_version_is_history_not_news(here: Exchange, there: Exchange) -> None:
    first = await here.sent_claim()
    await here.take(ack_277ca(Status(first.number, "A7", "562")), "rejection")
    second = await here.corrected(first.id, 10_000, 6_000)
    assert second.number != first.number
    told = len(await here.signals(first.id))
    await here.take(ack_277ca(Status(first.number, "A8", "500"), isa13=2), "late rejection")
    await here.take(ack_999(first.group_number, SetAnswer("0001", "R"), isa13=3), "late 999")
    claim = await here.facts(first.id)
    assert (claim["step"], claim["ack_payer"], claim["current_version"]) == ("sent", None, 2)
    assert len(await here.signals(first.id)) == told
    late = await here.rows("SELECT claim_version FROM acknowledgements ORDER BY id")
    assert [row["claim_version"] for row in late] == [1, 1, 1]


async def test_the_same_answer_twice_changes_nothing(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    file_id = await here.store(ack_277ca(Status(sent.number, "A7", "562")))
    await here.apply(file_id)
    before = dict(await here.facts(sent.id))
    again = await here.apply(file_id)
    assert (again.status, again.signals) == ("applied", 0)
    assert dict(await here.facts(sent.id)) == before
    assert await here.count("acknowledgements") == 1 and len(await here.signals(sent.id)) == 1


async def test_one_file_may_hold_several_kinds_of_answer(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    answers = [
        ack_999(sent.group_number, SetAnswer("0001")),
        ack_277ca(Status(sent.number, "A2", "20", "P1"), isa13=2),
        era(Payment((Clp(sent.number, sent.charge, sent.charge, icn="P1"),)), isa13=3),
    ]
    assert (await here.take(b"".join(answers))).status == "applied"
    claim = await here.facts(sent.id)
    assert (claim["ack_999"], claim["ack_payer"], claim["status"]) == ("accepted", "accepted", "paid")
    ordinals = await here.rows("SELECT kind, ordinal FROM acknowledgements ORDER BY ordinal")
    assert [tuple(row) for row in ordinals] == [("999", 1), ("277CA", 2)]


async def test_an_answer_on_another_connection_does_not_reach_this_ones_batches(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    theirs = await there.sent_claim()
    assert theirs.group_number == sent.group_number
    await there.take(ack_999(theirs.group_number, SetAnswer("0001", "R")))
    assert await step_of(there, theirs.id) == Step.REJECTED
    assert await step_of(here, sent.id) == Step.SENT


@pytest.mark.parametrize("number", ["", "²", "x", "9" * 40, "-1", "1e3"])
async def test_a_control_number_that_is_none_answers_nothing(
    here: Exchange, there: Exchange, number: str
) -> None:
    sent = await here.sent_claim()
    body = [
        "ST*999*0001*005010X231A1",
        f"AK1*HC*{number}",
        "AK2*837*0001",
        "IK5*R*5",
        "AK9*R*1*1*0",
        "SE*6*0001",
    ]
    assert (await here.take(interchange([body], "FA", "005010X231A1"))).status == "applied"
    assert await step_of(here, sent.id) == Step.SENT
