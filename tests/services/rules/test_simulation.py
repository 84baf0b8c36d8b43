"""Simulations: what a draft would have decided, counted by outcome, with examples, and nothing else written."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from activities.rules.simulating import PORTION, work_portion
from database.decision_tables import Asked, decide_all
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotFound
from domain.rules.catalogue import PLAYBOOKS, Hit
from domain.rules.simulation import AT_ONCE, DEFAULT, MOST_OUTCOMES, Tally, outcome, tally_of
from domain.tenancy import workflow_actor
from services.claims import capture
from services.rules import simulation
from services.rules.drafts import save_draft
from services.rules.publishing import publish
from services.rules.table_views import GridFacts, GridRow
from tests.fixtures.exchange import Exchange
from tests.fixtures.tenancy import TenantFixture
from tests.services.rules.test_decision_tables import CODE, FACTS, TODAY, grid


async def decided(tenant: TenantFixture, amounts: list[int], **change: Any) -> None:
    """Questions of the process, each kept with its facts and its answer."""
    asked = [
        Asked({**FACTS, **change, "amount_cents": cents}, {"priority": None}, "denial", uuid4())
        for cents in amounts
    ]
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await decide_all(session, CODE, asked)


async def test_a_draft_is_asked_what_was_decided_and_counts_what_would_change(
    north: TenantFixture, south: TenantFixture
) -> None:
    await decided(north, [10_000, 60_000])
    await save_draft(north.admin, CODE, grid(("coding", "> $500", "1"), ("coding", "", "3")), [])
    await publish(north.admin, CODE, TODAY, "First.")
    await decided(north, [10_000, 60_000, 70_000])
    await decided(south, [60_000])
    await save_draft(north.admin, CODE, grid(("coding", "> $650", "1"), ("coding", "", "3")), [])
    run = await simulation.simulate(north.admin, CODE, 7)
    assert (run.status, run.total, run.done, run.changed, run.unanswered) == ("done", 5, 5, 3, 0)
    assert {(one.before, one.after): one.count for one in run.outcomes} == {
        (DEFAULT, "Priority 3"): 2,
        ("Priority 1", "Priority 3"): 1,
        ("Priority 3", "Priority 3"): 1,
        ("Priority 1", "Priority 1"): 1,
    }
    assert [(one.rows_before, one.rows_after) for one in run.examples] == [([], [2]), ([], [2]), ([1], [2])]
    assert await north.owner.fetchval("SELECT count(*) FROM rule_decisions") == 6
    assert [one.id for one in await simulation.list_simulations(north.admin, CODE)] == [run.id]
    assert await simulation.list_simulations(south.admin, CODE) == []
    with pytest.raises(NotFound):
        await simulation.get_simulation(south.admin, run.id)


async def test_more_than_a_few_hundred_become_a_process_that_can_be_stopped(
    north: TenantFixture, south: TenantFixture
) -> None:
    await decided(north, [60_000] * (AT_ONCE + 1))
    await save_draft(north.admin, CODE, grid(("coding", "", "2")), [])
    run = await simulation.simulate(north.admin, CODE, 7)
    assert (run.status, run.total, run.done) == ("running", AT_ONCE + 1, 0)
    await portion(north, run.id)
    half = await simulation.get_simulation(north.admin, run.id)
    assert (half.done, half.changed, len(half.examples)) == (PORTION, PORTION, 50)
    stopped = await simulation.stop_simulation(north.admin, run.id)
    assert stopped.status == "stopped"
    await portion(north, run.id)
    assert (await simulation.get_simulation(north.admin, run.id)).done == PORTION
    with pytest.raises(Conflict, match=r"simulation\.ended"):
        await simulation.stop_simulation(north.admin, run.id)


async def portion(tenant: TenantFixture, simulation_id: UUID) -> None:
    async with tenant_session(workflow_actor(tenant.tenant_id, "RuleSimulation")) as session:
        await work_portion(session, simulation_id)


async def test_portions_count_every_decision_once(north: TenantFixture, south: TenantFixture) -> None:
    count = PORTION * 2 + 7
    await decided(north, [60_000] * count)
    await save_draft(north.admin, CODE, grid(("coding", "", "2")), [])
    run = await simulation.simulate(north.admin, CODE, 7)
    for _ in range(3):
        await portion(north, run.id)
    done = await simulation.get_simulation(north.admin, run.id)
    assert (done.status, done.done, done.changed) == ("done", count, count)


async def test_facts_that_were_not_kept_then_are_counted_apart(
    north: TenantFixture, south: TenantFixture
) -> None:
    fewer = {key: value for key, value in FACTS.items() if key != "amount_cents"}
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        await decide_all(session, CODE, [Asked(fewer, {"priority": None})])
    await save_draft(north.admin, CODE, grid(("coding", "> $1", "2")), [])
    run = await simulation.simulate(north.admin, CODE, 7)
    assert (run.done, run.changed, run.unanswered) == (1, 0, 1)


async def test_where_no_decision_was_kept_the_facts_are_rebuilt_from_claims(
    here: Exchange, there: Exchange
) -> None:
    small = await capture.create(here.tenant.admin, here.draft(100))
    large = await capture.create(here.tenant.admin, here.draft(90_000))
    await capture.create(there.tenant.admin, there.draft(90_000))
    row = GridRow(
        "r1",
        {"charge_cents": "> $500"},
        {"id": "OWN-1", "severity": "hold", "message": "Ask for the record."},
    )
    asked = GridFacts(["charge_cents"], ["id", "severity", "message"], [row], Hit.COLLECT)
    await save_draft(here.tenant.admin, "scrubbing", asked, [])
    run = await simulation.simulate(here.tenant.admin, "scrubbing", 7)
    assert (run.source, run.total, run.changed, run.unanswered) == ("claims", 2, 1, 0)
    assert [(one.subject_id, one.reference) for one in run.examples] == [(large.id, large.reference)]
    await scrub_claim(ClaimTask(here.tenant.tenant_id, small.id, 1))
    again = await simulation.simulate(here.tenant.admin, "scrubbing", 7)
    assert (again.source, again.total, again.changed, again.unanswered) == ("decisions", 1, 0, 0)


@pytest.mark.parametrize("days", [0, 91])
async def test_only_the_last_days_are_asked(north: TenantFixture, south: TenantFixture, days: int) -> None:
    with pytest.raises(Invalid, match=r"simulation\.days"):
        await simulation.simulate(north.admin, CODE, days)


async def test_a_draft_that_cannot_decide_is_refused_at_its_cell(
    north: TenantFixture, south: TenantFixture
) -> None:
    await save_draft(north.admin, CODE, grid(("coding", "> > 5", "2")), [])
    with pytest.raises(Invalid, match=r"simulation\.broken") as refused:
        await simulation.simulate(north.admin, CODE)
    assert "row 1" in refused.value.what_to_do


def test_rare_outcomes_are_counted_together_and_counts_are_kept_whole() -> None:
    tally = Tally()
    for number in range(MOST_OUTCOMES + 5):
        tally.add("a", str(number))
    tally.add("b", "b")
    again = tally_of(tally.stored())
    assert again.counts == tally.counts
    assert sum(again.counts.values()) == MOST_OUTCOMES + 6
    assert len(again.counts) == MOST_OUTCOMES + 2


def test_an_outcome_reads_in_the_words_of_the_table() -> None:
    assert outcome(PLAYBOOKS, []) == DEFAULT
    said = outcome(PLAYBOOKS, [{"priority": 1, "steps": ["Read the note", "Call"], "route": None}])
    assert said == "Priority 1, Checklist Read the note, Call"
