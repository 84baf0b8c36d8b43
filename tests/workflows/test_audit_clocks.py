"""An audit from its plan to its end, and the clocks of its waits, on a server that lets weeks pass at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.refusals import Conflict, Invalid, NotFound
from services.quality import plans, results, reviews, trends
from services.quality.reviews import ReviewFacts
from services.work import actions
from services.work.queue import queue
from tests.fixtures.audits import WRONG_UNITS, Office, leaping, office
from tests.fixtures.exchange import Exchange
from tests.fixtures.lifecycle import eventually


@pytest_asyncio.fixture
async def desk(here: Exchange) -> Office:
    """The people, with claims captured before anything runs."""
    return await office(here)


@pytest_asyncio.fixture
async def skipping(desk: Office) -> AsyncIterator[WorkflowEnvironment]:
    """The server with the worker of audits."""
    async with leaping() as environment:
        yield environment


async def _state(desk: Office, audit_id, wanted: str) -> None:  # type: ignore[no-untyped-def]
    async def there() -> bool:
        return (await desk.seen(audit_id)).line.state == wanted

    await eventually(there)


async def _until(skipping: WorkflowEnvironment, moment: datetime) -> None:
    await skipping.sleep(moment - await skipping.get_current_time() + timedelta(minutes=1))


async def test_a_disputed_finding_is_decided_by_a_third_person_and_counts_no_more(
    desk: Office, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    told = await desk.completed()
    assert told.line.state == "notified"
    assert [
        state for state in ("claims", "codes", "money") if getattr(told.line.accuracies, state).share == 1
    ] == []
    assert (told.line.accuracies.claims.part, told.line.accuracies.claims.whole) == (1, 2)
    assert (told.line.accuracies.money.part, told.line.accuracies.money.whole) == (29_500, 32_000)
    with pytest.raises(Conflict) as refused:
        await results.acknowledge(desk.lead, told.id)
    assert refused.value.code == "quality.not_yours"
    disputed = await results.dispute(desk.biller, told.id, "The note says two units.")
    assert (disputed.line.state, disputed.dispute) == ("disputed", "The note says two units.")
    with pytest.raises(Conflict) as refused:
        await results.decide(await _promoted(desk), told.id, "I was right.")
    assert refused.value.code == "quality.not_a_third"
    decided = await results.decide(desk.lead, told.id, "Two units it is.", [told.findings[0].id])
    assert (decided.line.state, decided.line.outcome) == ("closed", "overturned")
    assert decided.line.accuracies.claims.part == 2
    assert await there.items("audit_dispute") == []
    with pytest.raises(NotFound):
        await plans.get_audit(there.tenant.admin, told.id)
    again = await plans.draw_again(desk.lead, told.id)
    assert again.same and len(again.claim_ids) == 2
    whole = await trends.trends(desk.lead)
    assert (whole.claims, [line.name for line in whole.lines]) == (2, [desk.biller.name])
    assert (await trends.training_needs(desk.lead)).needs == []


async def _promoted(desk: Office):  # type: ignore[no-untyped-def]
    """The auditor with the right to decide."""
    await desk.here.tenant.owner.execute(
        "INSERT INTO membership_roles SELECT m.tenant_id, m.id, r.id FROM memberships m JOIN roles r"
        " ON r.tenant_id = m.tenant_id AND r.name = 'Team Lead' WHERE m.user_id = $1",
        desk.auditor.user_id,
    )
    await desk.here.tenant.owner.execute("UPDATE tenants SET policy_version = policy_version + 1")
    assert desk.auditor.user_id
    return await desk.here.tenant.person(desk.auditor.user_id)


async def test_the_result_is_acknowledged_from_the_inbox_of_the_audited_person(
    desk: Office, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    told = await desk.completed(method="payer")
    mine = (await queue(desk.biller, scope="mine")).items
    assert [(one.kind, one.subject_id) for one in mine] == [("audit_acknowledgement", told.id)]
    assert (await queue(desk.auditor, scope="mine")).items == []
    await actions.complete(desk.biller, mine[0].id, "acknowledged")
    closed = await desk.seen(told.id)
    assert (closed.line.state, closed.line.outcome) == ("closed", "acknowledged")
    needs = (await trends.training_needs(desk.lead)).needs
    assert [(one.name, one.category, one.sure) for one in needs] == [(desk.biller.name, "coding", True)]
    assert (await trends.trends(there.tenant.admin)).claims == 0


async def test_a_review_that_is_late_reminds_and_silence_lets_the_result_stand(
    desk: Office, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    audit = await desk.drawn((await plans.plan_audit(desk.lead, desk.facts())).id)
    assert audit.line.due_at is not None
    await _until(skipping, audit.line.due_at)

    async def reminded() -> bool:
        return [item["priority"] for item in await desk.here.items("audit")] == [1]

    await eventually(reminded)
    for one in audit.claims:
        await desk.review(desk.auditor, one.id)
    told = await results.complete_audit(desk.auditor, audit.id)
    row = await desk.here.one("SELECT due_at, last_at FROM qa_audits")
    assert told.line.accuracies.claims.share == 1
    await _until(skipping, row["due_at"])

    async def asked_again() -> bool:
        return [item["priority"] for item in await desk.here.items("audit_acknowledgement")] == [1]

    await eventually(asked_again)
    await _until(skipping, row["last_at"])
    await _state(desk, audit.id, "closed")
    assert (await desk.seen(audit.id)).line.outcome == "silent"
    assert await desk.here.items("audit_acknowledgement") == []


async def test_a_blind_second_review_is_compared_once_both_are_done(
    desk: Office, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    facts = desk.facts(second_reviewer_id=desk.second.user_id, second_percent=50)
    audit = await desk.drawn((await plans.plan_audit(desk.lead, facts)).id)
    twice = next(one for one in audit.claims if one.second)
    await desk.review(desk.auditor, twice.id, WRONG_UNITS)
    assert (await reviews.get_review(desk.second, twice.id)).answers == {}
    assert (await plans.get_audit(desk.second, audit.id)).findings == []
    for one in audit.claims:
        if one.id != twice.id:
            await desk.review(desk.auditor, one.id)
    with pytest.raises(Conflict) as refused:
        await results.complete_audit(desk.auditor, audit.id)
    assert refused.value.code == "quality.not_reviewed"
    await desk.review(desk.second, twice.id)
    told = await results.complete_audit(desk.auditor, audit.id)
    assert told.agreement is not None
    assert (told.agreement.same, told.agreement.pairs, told.agreement.kappa) == (7, 8, 0.0)


async def test_nobody_audits_themself_or_work_of_their_own(
    desk: Office, there: Exchange, skipping: WorkflowEnvironment
) -> None:
    with pytest.raises(Conflict) as refused:
        await plans.plan_audit(desk.lead, _own(desk))
    assert refused.value.code == "quality.own_audit"
    with pytest.raises(Invalid):
        await plans.plan_audit(desk.lead, desk.facts(second_reviewer_id=uuid4()))
    # The auditor finished work on one of the three claims: two are left to draw from.
    await desk.here.tenant.owner.execute(
        "INSERT INTO claim_activities (tenant_id, claim_id, kind, actor_id, summary) VALUES ($1, $2, 'decided', $3, 'x')",
        desk.here.tenant.tenant_id, desk.claims[0], desk.auditor.user_id,
    )  # fmt: skip
    preview = await plans.preview_audit(desk.lead, desk.facts(size=10))
    assert (preview.population, preview.own_work, preview.sample) == (2, 1, 2)
    audit = await desk.drawn((await plans.plan_audit(desk.lead, desk.facts(size=10))).id)
    assert desk.claims[0] not in {one.claim_id for one in audit.claims}
    # Work done after the sample was drawn is refused when it comes to the review.
    await desk.here.tenant.owner.execute(
        "INSERT INTO claim_activities (tenant_id, claim_id, kind, actor_id, summary) VALUES ($1, $2, 'decided', $3, 'x')",
        desk.here.tenant.tenant_id, audit.claims[0].claim_id, desk.auditor.user_id,
    )  # fmt: skip
    with pytest.raises(Conflict) as own:
        await reviews.save_review(desk.auditor, audit.claims[0].id, ReviewFacts({}))
    assert own.value.code == "quality.own_work"
    cancelled = await plans.cancel_audit(desk.lead, audit.id, "Planned again with somebody else.")
    assert (cancelled.line.outcome, await desk.here.items("audit")) == ("cancelled", [])


def _own(desk: Office) -> plans.PlanFacts:
    """A plan in which the biller audits the biller."""
    assert desk.biller.user_id
    return replace(desk.facts(), auditor_id=desk.biller.user_id)
