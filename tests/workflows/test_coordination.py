"""Coordination of benefits on real parts: the sandbox pays as the first payer, then as the next one."""

from uuid import UUID

from services.clientele import coverages, payers
from services.clientele.coverages import CoverageFacts
from services.clientele.payers import PayerFacts
from tests.fixtures.lifecycle import Walk, insured

SHARE = "01"


async def with_second_coverage(walk: Walk, scenario: str = SHARE, member: str = "SEC99") -> UUID:
    """Give the scenario's patient a secondary coverage; its payer's id."""
    patient_id, _ = await covered(walk, scenario)
    payer = await payers.add_payer(walk.tenant.admin, PayerFacts(name="Second Mutual", payer_id="SM002"))
    facts = CoverageFacts(patient_id, payer.id, member_id=member, rank="S")
    await coverages.add_coverage(walk.tenant.admin, facts)
    return payer.id


async def covered(walk: Walk, scenario: str) -> tuple[UUID, UUID]:
    if scenario not in walk._patients:
        walk._patients[scenario] = await insured(walk.tenant, walk.client_id, walk.payer_id, scenario)
    return walk._patients[scenario]


async def test_what_the_first_payer_leaves_is_billed_to_the_second_and_closes_the_claim(
    walk: Walk, other_walk: Walk
) -> None:
    second = await with_second_coverage(walk)
    claim = await walk.created(SHARE)
    closed = await walk.at_step(claim.id, "closed")
    first, answer = closed.adjudications
    assert (first.status_code, answer.status_code) == ("1", "2")
    assert answer.paid_cents == first.patient_cents > 0
    assert (closed.payer_id, closed.balance_cents, closed.patient_cents) == (second, 0, 0)
    ledger = await walk.ledger(claim.id)
    assert ledger == {
        "revenue": -16_000,
        "cash": first.paid_cents + answer.paid_cents,
        "contractual": 3_200,
    }
    assert [one.frequency for one in closed.versions] == ["1", "1"]
    assert await walk.count("edi_batch_claims") == 2
    assert await other_walk.rows("SELECT 1 FROM claims") == []
