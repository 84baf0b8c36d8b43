"""A payer's CLP01 finds its claim however it was spelled, and is never more than data."""

import pytest

from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, era

HOSTILE = [
    "'; DROP TABLE claims; --",
    "<script>alert(1)</script>",
    "%",
    "________",
    "%%%%%%%%%%",
    "{}[]\\\\",
    "$1::uuid",
    "\x85\xa0\xff\xfe",
    "A" * 5_000,
]


def paid_in_full(sent: Sent, number: str = "", **facts: object) -> Clp:
    return Clp(number or sent.number, sent.charge, sent.charge, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spelled", "way"),
    [
        (lambda number: number, "claim_number"),
        (lambda number: number.lower(), "claim_number_key"),
        (lambda number: f"{number[:4]}-{number[4:]}", "claim_number_key"),
        (lambda number: number[:10], "claim_number_prefix"),
        (lambda number: number[:8].lower(), "claim_number_prefix"),
    ],
)
async def test_a_claim_number_that_the_payer_changed_still_finds_its_claim(
    here: Exchange, there: Exchange, spelled: object, way: str
) -> None:
    await here.claim(5_000)
    sent = await here.sent_claim()
    await there.sent_claim()
    await here.take(era(Payment((paid_in_full(sent, spelled(sent.number)),))))  # type: ignore[operator]
    row = await here.one("SELECT claim_id, claim_version, matched_by FROM remittance_claims")
    assert row["matched_by"] == way
    assert row["claim_version"] == 1
    paid = await here.rows("SELECT id FROM claims WHERE paid_cents > 0")
    assert [one["id"] for one in paid] == [row["claim_id"]]


async def test_a_short_number_with_another_charge_is_not_taken_for_ours(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((Clp(sent.number[:9], 7_700, 7_700),))))
    assert (await here.one("SELECT claim_id FROM remittance_claims"))["claim_id"] is None
    assert (await here.facts(sent.id))["paid_cents"] == 0


async def test_the_payers_own_number_finds_the_claim_when_ours_is_lost(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid_in_full(sent, icn="ICN-55"),), "T1")))
    lost = Clp("0", -sent.charge, -sent.charge, "22", icn="ICN-55")
    await here.take(era(Payment((lost,), "T2", plb=(("FB:1", -sent.charge),))))
    row = await here.one("SELECT claim_id, matched_by FROM remittance_claims WHERE status_code = '22'")
    assert (row["claim_id"], row["matched_by"]) == (sent.id, "payer_claim_control_number")
    assert (await here.facts(sent.id))["status"] == "reversed"


async def test_a_number_that_fits_two_claims_finds_neither(here: Exchange, there: Exchange) -> None:
    await here.claim(5_000)
    await here.claim(5_000)
    first, second = await here.send()
    async with here.tenant.owner.transaction():
        for sent, tail in ((first, "1"), (second, "2")):
            await here.tenant.owner.execute(
                "UPDATE claim_versions SET claim_number_key = $2 WHERE claim_id = $1",
                sent.id,
                f"SAMEBEGIN{tail}",
            )
    await here.take(era(Payment((Clp("SAMEBEGIN", 5_000, 5_000),))))
    assert (await here.one("SELECT claim_id FROM remittance_claims"))["claim_id"] is None
    assert len(await here.items("unmatched")) == 1


async def test_a_payment_for_nobodys_claim_waits_for_a_person_and_its_cash_is_counted(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    payment = Payment((paid_in_full(sent), Clp("NOT-OURS", 2_000, 1_500, cas=(("CO", "45", 500),))))
    await here.take(era(payment))
    ledger = await here.ledger()
    assert (ledger["cash"], ledger["unmatched"], sum(ledger.values())) == (payment.stated, -1_500, 0)
    item = (await here.items("unmatched"))[0]
    row = await here.one("SELECT id FROM remittance_claims WHERE claim_id IS NULL")
    assert (item["subject_type"], item["subject_id"]) == ("remittance_claim", row["id"])
    assert "15.00" in item["title"] and "NOT-OURS" not in item["title"]


async def test_another_tenants_claim_number_finds_nothing(here: Exchange, there: Exchange) -> None:
    theirs = await there.sent_claim()
    await here.take(era(Payment((paid_in_full(theirs),))))
    assert (await here.one("SELECT claim_id FROM remittance_claims"))["claim_id"] is None
    assert (await there.facts(theirs.id))["paid_cents"] == 0
    assert await there.count("remittance_claims") == 0


async def test_a_claim_that_was_never_batched_cannot_be_paid(here: Exchange, there: Exchange) -> None:
    claim_id = await here.claim(5_000)
    number = (await here.one("SELECT claim_number FROM claim_versions WHERE claim_id = $1", claim_id))[
        "claim_number"
    ]
    await here.take(era(Payment((Clp(number, 5_000, 5_000),))))
    assert (await here.one("SELECT claim_id FROM remittance_claims"))["claim_id"] is None


@pytest.mark.parametrize("number", HOSTILE)
async def test_a_hostile_claim_number_is_data(here: Exchange, there: Exchange, number: str) -> None:
    sent = await here.sent_claim()
    assert (await here.take(era(Payment((Clp(number, 100, 100), paid_in_full(sent)))))).status == "applied"
    rows = await here.rows("SELECT claim_number, claim_id FROM remittance_claims ORDER BY ordinal")
    assert [row["claim_id"] for row in rows] == [None, sent.id]
    assert rows[0]["claim_number"] == number
    assert await here.count("claims") == 1 and len(await here.items("unmatched")) == 1
