"""One claim, several payers: each is judged by its own remittances, and the ledger ends the same in whatever order they come."""

import itertools
from uuid import UUID

import pytest

from activities.claims.coordinating import bill_next_payer
from activities.claims.following import follow_up
from activities.claims.messages import ClaimTask, DecisionTask, Position
from domain.claims.states import Step
from services.clientele import coverages, payers
from services.clientele.coverages import CoverageFacts
from services.clientele.payers import PayerFacts
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


async def cover(here: Exchange, rank: str = "S") -> UUID:
    """A further coverage of the exchange's patient; its payer's id."""
    payer = await payers.add_payer(here.tenant.admin, PayerFacts(name=f"Payer {rank}", payer_id=f"NX{rank}"))
    made = CoverageFacts(here.patient_id, payer.id, member_id=f"NEXT{rank}", rank=rank)
    await coverages.add_coverage(here.tenant.admin, made)
    return payer.id


def primary(sent: Sent, share: int = 3_800, icn: str = "P-1", status: str = "1") -> Clp:
    """The contract takes 3,200, the patient owes `share`, the rest is paid."""
    lines = (
        Svc(10_000, 8_000 - share, (("CO", "45", 2_000), ("PR", "1", share)), sent.controls[0]),
        Svc(6_000, 4_800, (("CO", "45", 1_200),), sent.controls[1], "83036"),
    )
    return Clp(sent.number, 16_000, 12_800 - share, lines=lines, icn=icn, status=status)


def secondary(sent: Sent, paid: int = 3_000, asked: int = 3_800, icn: str = "S-1", status: str = "2") -> Clp:
    """What the first payer's decision took off (OA-23), what is paid of the rest, and what the patient owes."""
    left = ("PR", "2", asked - paid)
    lines = (
        Svc(10_000, paid, (("OA", "23", 10_000 - asked), left), sent.controls[0]),
        Svc(6_000, 0, (("OA", "23", 6_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, paid, lines=lines, icn=icn, status=status)


async def followed(here: Exchange, sent: Sent) -> Position:
    """What the claim's workflow does when it is told of a remittance."""
    return await follow_up(ClaimTask(here.tenant.tenant_id, sent.id, sent.version))


async def billed_on(here: Exchange, sent: Sent) -> Sent:
    """The claim's next version, scrubbed, batched and sent as the workflow does it."""
    position = await followed(here, sent)
    assert position.step is Step.SCRUBBING and position.version is not None
    await here.ready(sent.id, position.version)
    return (await here.send())[0]


async def both_asked(here: Exchange, trace: str = "T1") -> tuple[Sent, Sent]:
    first = await here.sent_claim()
    await here.take(era(Payment((primary(first),), trace)), "primary")
    return first, await billed_on(here, first)


async def test_the_next_payers_claim_tells_what_the_first_has_decided(
    here: Exchange, there: Exchange
) -> None:
    await cover(here)
    first, second = await both_asked(here)
    assert (second.version, second.number != first.number) == (2, True)
    file = await here.one("SELECT file_id FROM edi_batches WHERE id = $1", second.batch_id)
    body = (await here.body(file["file_id"])).decode().replace("\n", "")
    assert "SBR*S*18" in body and "AMT*D*90~" in body and "OI***Y***Y~" in body and "REF*F8*P-1~" in body
    assert "SVD*PM001*42*HC:99213**1~CAS*CO*45*20~CAS*PR*1*38~DTP*573*D8*" in body and "AMT*EAF*38~" in body
    assert "SVD*PM001*48*HC:83036**1~CAS*CO*45*12~DTP*573*D8*" in body
    ledger = {"revenue": -16_000, "cash": 9_000, "contractual": 3_200, "receivable": 3_800}
    assert await here.ledger(first.id) == ledger
    claim = await here.facts(first.id)
    assert (claim["patient_cents"], claim["payer_claim_control_number"], claim["step"]) == (0, "", "sent")


async def test_the_second_payers_answer_posts_only_what_is_its_own(here: Exchange, there: Exchange) -> None:
    await cover(here)
    first, second = await both_asked(here)
    await here.take(era(Payment((secondary(second),), "T2")), "secondary")
    assert await here.ledger(first.id) == {
        "revenue": -16_000, "cash": 12_000, "contractual": 3_200, "patient": 800,
    }  # fmt: skip
    claim = await here.facts(first.id)
    assert (claim["step"], claim["outcome"], claim["patient_cents"]) == ("patient_balance", "paid", 800)
    assert (claim["payer_claim_control_number"], claim["adjudications"]) == ("S-1", 1)


async def test_a_contract_that_the_second_payer_tells_again_is_not_taken_off_twice(
    here: Exchange, there: Exchange
) -> None:
    await cover(here)
    first, second = await both_asked(here)
    again = Clp(
        second.number, 16_000, 3_800, cas=(("CO", "45", 3_200), ("OA", "23", 9_000)), icn="S-1", status="2"
    )
    await here.take(era(Payment((again,), "T2")), "secondary")
    assert await here.ledger(first.id) == {"revenue": -16_000, "cash": 12_800, "contractual": 3_200}
    assert (await here.facts(first.id))["outcome"] == "paid"


async def test_a_second_payers_denial_is_its_own(here: Exchange, there: Exchange) -> None:
    await cover(here)
    first, second = await both_asked(here)
    denied = Clp(second.number, 16_000, 0, cas=(("CO", "197", 16_000),), icn="S-1", status="2")
    await here.take(era(Payment((denied,), "T2")), "secondary")
    claim = await here.facts(first.id)
    assert (claim["outcome"], claim["step"], claim["paid_cents"]) == ("denied", "denial", 9_000)
    assert (await here.ledger(first.id))["receivable"] == 3_800
    await followed(here, second)
    assert [one["subject_id"] for one in await here.items("denial")] == [first.id]


async def test_reversal_correction_and_duplicates_of_both_payers_in_any_order_end_in_the_same_ledger(
    here: Exchange, there: Exchange
) -> None:
    await cover(here)
    endings = []
    for number, order in enumerate(itertools.permutations(range(3))):
        first, second = await both_asked(here, f"P{number}")
        files = [
            era(Payment((primary(first).reversal(),), f"R{number}", plb=(("FB:1", -9_000),)), isa13=11),
            era(Payment((primary(first, 4_000, "P-2"),), f"C{number}"), isa13=12),
            era(Payment((secondary(second),), f"S{number}"), isa13=13),
        ]
        for at in (*order, order[0]):  # the first one comes twice
            await here.take(files[at], f"{number}-{at}")
        endings.append(await here.ledger(first.id))
        claim = await here.facts(first.id)
        assert (claim["outcome"], claim["step"], claim["payer_claim_control_number"]) == (
            "paid",
            "patient_balance",
            "S-1",
        )
        assert [one["subject_id"] for one in await here.items("earlier_payer")].count(first.id) == 1
        assert sum(endings[-1].values()) == 0
    assert endings[0] == {
        "revenue": -16_000,
        "cash": 11_800,
        "contractual": 3_200,
        "patient": 800,
        "receivable": 200,
    }
    assert all(one == endings[0] for one in endings)


async def test_a_first_payers_reversal_after_the_second_was_billed_posts_and_asks_a_person(
    here: Exchange, there: Exchange
) -> None:
    await cover(here)
    first, second = await both_asked(here)
    await here.take(era(Payment((secondary(second, 3_800),), "T2")), "secondary")
    await followed(here, second)
    assert (await here.facts(first.id))["step"] == "closed"
    changed = (primary(first).reversal(), primary(first, 4_800, "P-2"))
    await here.take(era(Payment(changed, "T3", plb=(("FB:1", -1_000),))), "changed")
    claim = await here.facts(first.id)
    assert (claim["step"], claim["closed_at"], claim["payer_claim_control_number"]) == (
        "reopened",
        None,
        "S-1",
    )
    assert (await here.ledger(first.id))["receivable"] == 1_000
    item = (await here.items("earlier_payer"))[0]
    task = DecisionTask(here.tenant.tenant_id, first.id, 2, item["id"], "replace_next_payer")
    position = await bill_next_payer(task)
    assert (position.step, position.version) == (Step.SCRUBBING, 3)
    assert await bill_next_payer(task) == position  # a second attempt finds the first one's version
    await here.ready(first.id, 3)
    third = (await here.send())[0]
    row = await here.one("SELECT * FROM claim_versions WHERE claim_id = $1 AND version = 3", first.id)
    assert (row["frequency"], row["payer_claim_control_number"], row["rank"]) == ("7", "S-1", "S")
    answers = (secondary(second, 3_800).reversal(), secondary(third, 4_800, 4_800, "S-2"))
    await here.take(era(Payment(answers, "T4")), "replaced")
    assert await here.ledger(first.id) == {"revenue": -16_000, "cash": 12_800, "contractual": 3_200}


async def test_a_third_payer_is_told_of_both_before_it(here: Exchange, there: Exchange) -> None:
    await cover(here)
    third_payer = await cover(here, "T")
    first, second = await both_asked(here)
    await here.take(era(Payment((secondary(second),), "T2")), "secondary")
    third = await billed_on(here, second)
    body = (
        await here.body(
            (await here.one("SELECT file_id FROM edi_batches WHERE id = $1", third.batch_id))["file_id"]
        )
    ).decode()
    assert body.count("AMT*D*") == 2 and "SVD*PM001*42" in body and "SVD*NXS*30" in body
    assert (await here.facts(first.id))["payer_id"] == third_payer
    last = Clp(third.number, 16_000, 800, cas=(("OA", "23", 15_200),), icn="T-1", status="3")
    await here.take(era(Payment((last,), "T3")), "tertiary")
    await followed(here, third)
    claim = await here.facts(first.id)
    assert (claim["step"], claim["patient_cents"]) == ("closed", 0)
    assert await here.ledger(first.id) == {"revenue": -16_000, "cash": 12_800, "contractual": 3_200}


@pytest.mark.parametrize("known", [True, False])
async def test_a_claim_that_was_passed_on_is_never_billed_by_us_and_settled_by_the_next_payers_word(
    here: Exchange, there: Exchange, known: bool
) -> None:
    if known:
        await cover(here)
    first = await here.sent_claim()
    await here.take(era(Payment((primary(first, status="19"),), "T1")), "primary")
    position = await followed(here, first)
    assert (position.step, position.version) == (Step.FORWARDED, 2) and position.look_at is not None
    claim = await here.facts(first.id)
    assert (claim["status"], claim["follow_up"], claim["released_at"]) == ("secondary", "secondary", None)
    assert (await here.ledger(first.id))["receivable"] == 3_800
    again = DecisionTask(here.tenant.tenant_id, first.id, 2, first.id, "bill_next_payer")
    assert (await bill_next_payer(again)).step is Step.FORWARDED
    # The next payer answers under the number that the first one gave it; its reversal says nothing of the order.
    answer = secondary(first, 3_800, icn="X-9")
    await here.take(era(Payment((answer,), "T2")), "crossover")
    claim = await here.facts(first.id)
    assert (claim["step"], claim["payer_claim_control_number"]) == ("settled", "X-9")
    assert await here.ledger(first.id) == {"revenue": -16_000, "cash": 12_800, "contractual": 3_200}
    await here.take(era(Payment((answer.reversal(),), "T3", plb=(("FB:1", -3_800),))), "taken back")
    assert (await here.ledger(first.id))["receivable"] == 3_800
    assert await here.count("edi_batch_claims") == 1


@pytest.mark.parametrize(("reason", "goes_on"), [("96", True), ("197", False)])
async def test_a_denial_goes_on_only_when_the_next_payer_may_answer_for_it(
    here: Exchange, there: Exchange, reason: str, goes_on: bool
) -> None:
    await cover(here)
    first = await here.sent_claim()
    denied = Clp(first.number, 16_000, 0, cas=(("CO", reason, 16_000),), icn="P-1")
    await here.take(era(Payment((denied,), "T1")), "denied")
    assert (await followed(here, first)).step is (Step.SCRUBBING if goes_on else Step.DENIAL)
    assert len(await here.items("denial")) == (0 if goes_on else 1)
    if not goes_on:
        task = DecisionTask(here.tenant.tenant_id, first.id, 1, first.id, "bill_next_payer")
        assert (await bill_next_payer(task)).version == 2


async def test_what_cannot_be_billed_on_waits_for_a_person_with_the_reason(
    here: Exchange, there: Exchange
) -> None:
    await cover(here)
    await here.tenant.owner.execute(
        "UPDATE payers SET medicare = true WHERE tenant_id = $1 AND payer_id = 'NXS'", here.tenant.tenant_id
    )
    first = await here.sent_claim()
    await here.take(era(Payment((primary(first),), "T1")), "primary")
    assert (await followed(here, first)).step is Step.PATIENT_BALANCE
    (item,) = await here.items("next_payer")
    assert "SBR05" in item["title"]
    assert (await here.ledger(first.id))["patient"] == 3_800
    assert len(await there.rows("SELECT 1 FROM work_items")) == 0


async def test_a_coverage_that_was_not_in_force_or_is_out_of_use_is_not_billed(
    here: Exchange, there: Exchange
) -> None:
    await cover(here)
    await here.tenant.owner.execute(
        "UPDATE coverages SET effective_to = '2020-01-01' WHERE tenant_id = $1 AND rank = 'S'",
        here.tenant.tenant_id,
    )
    first = await here.sent_claim()
    await here.take(era(Payment((primary(first),), "T1")), "primary")
    assert (await followed(here, first)).step is Step.PATIENT_BALANCE
