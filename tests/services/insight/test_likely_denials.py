"""The chance of a denial is shown before submission, with its reason, only where the history bears it."""

import random

from activities.insight import LearningTask, learn_denials, store_learned
from database.session import tenant_session
from domain.insight.features import factors_of
from domain.insight.likelihood import Example
from domain.tenancy import workflow_actor
from services.claims import capture
from services.insight import likelihood
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import Payment, era
from tests.services.insight.test_payers_behaviour import TODAY, denied


async def learned(exchange: Exchange) -> None:
    """Six months in which this payer denied 99213 mostly and everything else seldom."""
    claim = await exchange.one("SELECT payer_id, client_id FROM claims LIMIT 1")
    draw = random.Random(3)
    examples = []
    for month in range(1, 7):
        for _ in range(80):
            code = draw.choice(("99213", "99214"))
            factors = factors_of(claim["payer_id"], claim["client_id"], (code,), ("E119",), 10)
            chance = 0.7 if code == "99213" else 0.05
            examples.append(Example(f"2026-{month:02d}", factors, draw.random() < chance))
    async with tenant_session(workflow_actor(exchange.tenant.tenant_id, "tests")) as session:
        await store_learned(session, examples)


async def test_a_risky_claim_is_named_with_its_reason_and_the_measured_accuracy(
    here: Exchange, there: Exchange
) -> None:
    claim = await capture.create(here.tenant.admin, here.draft(10_000))
    await learned(here)
    found = await likelihood.likelihood_of(here.tenant.admin, claim.id)
    (said,) = found.claims
    assert said.chance > 0.5
    assert any(one.kind == "procedure" and one.name == "99213" and one.effect > 0.1 for one in said.reasons)
    assert found.accuracy.useful and found.accuracy.brier < found.accuracy.brier_plain
    forecast = await likelihood.likely_denials(here.tenant.admin)
    assert [one.claim_id for one in forecast.claims] == [claim.id]
    assert (await likelihood.likely_denials(there.tenant.admin)).claims == []


async def test_what_was_sent_is_foretold_no_more(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await learned(here)
    assert (await likelihood.likelihood_of(here.tenant.admin, sent.id)).claims == []


async def test_a_young_history_foretells_nothing(here: Exchange, there: Exchange) -> None:
    empty = await likelihood.likely_denials(here.tenant.admin)
    assert empty.accuracy.learned_at is None and empty.claims == []
    sent = await here.sent_claim()
    await here.take(era(Payment((denied(sent),), day=TODAY)))
    assert await learn_denials(LearningTask(here.tenant.tenant_id)) == 1
    await capture.create(here.tenant.admin, here.draft(10_000))
    found = await likelihood.likely_denials(here.tenant.admin)
    assert found.accuracy.learned_at is not None
    assert (found.accuracy.useful, found.claims) == (False, [])
    assert await learn_denials(LearningTask(there.tenant.tenant_id)) == 0
