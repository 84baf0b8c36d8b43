"""Asking somebody else, on a server that lets days pass at once: desks, levels, limits, and who comes second."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.approvals.opening import overtake, request_approval
from database.session import tenant_session
from domain.approvals.process import PROCESS, STAGES, State, edges
from domain.refusals import Conflict, NotAllowed, NotFound
from domain.tenancy import Actor, workflow_actor
from domain.work import Kind
from services.approvals import deciding
from services.approvals.reading import get_approval, list_approvals
from services.approvals.views import ApprovalView
from services.work import actions
from services.work.queue import queue
from tests.fixtures.approving import leaping
from tests.fixtures.company import Company, company_of
from tests.fixtures.lifecycle import eventually
from tests.fixtures.tenancy import TenantFixture


@pytest_asyncio.fixture
async def company(north: TenantFixture) -> Company:
    """The people."""
    return await company_of(north)


@pytest_asyncio.fixture
async def skipping(company: Company) -> AsyncIterator[WorkflowEnvironment]:
    """The server with the worker of approvals."""
    async with leaping() as environment:
        yield environment


async def asked(company: Company, by: Actor, *, levels: int = 1, excluded: tuple[UUID, ...] = ()) -> UUID:
    """An approval that nothing waits for, once it is laid before somebody; delivered as a service delivers."""
    assert by.user_id
    tenant = company.tenant
    subject = await company.item("about")
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        approval_id = await request_approval(
            session, key="one", kind="backdated_time", subject_type="work_item", subject_id=subject,
            summary="Two hours on Monday", requester_id=by.user_id, excluded=excluded, levels=levels,
            amount_cents=9_900, reason="I forgot the timer.",
        )  # fmt: skip
        again = await request_approval(
            session, key="one", kind="backdated_time", subject_type="work_item", subject_id=subject,
            summary="Two hours on Monday", requester_id=by.user_id,
        )  # fmt: skip
        assert again == approval_id
    await delivered(tenant, session.messages)
    await at(company, approval_id, "waiting")
    return approval_id


async def delivered(tenant: TenantFixture, messages: list[UUID]) -> None:
    """What was told reaches Temporal."""
    from activities import courier

    assert await courier.deliver(tenant.tenant_id, messages) == []


async def at(company: Company, approval_id: UUID, state: str, desk: str | None = None) -> ApprovalView:
    """The approval once it stands there."""

    async def there() -> ApprovalView | None:
        view = await get_approval(company.tenant.admin, approval_id)
        right = view.line.state == state and (desk is None or view.line.waits_with == desk)
        return view if right else None

    return await eventually(there)


async def until_due(skipping: WorkflowEnvironment, view: ApprovalView) -> None:
    assert view.line.due_at is not None
    now = await skipping.get_current_time()
    await skipping.sleep(view.line.due_at - now + timedelta(minutes=1))


async def test_silence_lays_it_before_the_next_manager_and_at_last_before_everybody(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    approval = await asked(company, company.biller)
    first = await at(company, approval, "waiting", company.lead.name)
    assert first.reason == "I forgot the timer." and first.excluded == [company.biller.name]
    await until_due(skipping, first)
    second = await at(company, approval, "waiting", company.head.name)
    await until_due(skipping, second)
    third = await at(company, approval, "waiting", "")
    assert [one.kind for one in third.events] == ["asked", "laid", "escalated", "escalated"]
    for one in (company.lead, company.head, company.tenant.admin):
        assert [line.id for line in (await list_approvals(one)).items] == [approval]
    await until_due(skipping, third)

    async def waits_without_a_clock() -> bool:
        return (await get_approval(company.tenant.admin, approval)).line.due_at is None

    await eventually(waits_without_a_clock)
    done = await deciding.decide_approval(company.tenant.admin, approval, "approve")
    assert (done.line.state, [word.by for word in done.words]) == ("done", [company.tenant.admin.name])
    assert [line.id for line in (await list_approvals(company.biller, scope="asked")).items] == [approval]
    told = await company.tenant.owner.fetch("SELECT user_id FROM notifications WHERE kind = 'approval'")
    assert {company.lead.user_id, company.head.user_id, company.biller.user_id} <= {
        row["user_id"] for row in told
    }
    with pytest.raises(NotFound):
        await get_approval(south.admin, approval)


async def test_each_level_is_another_persons_and_never_the_askers_or_the_excluded(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    assert company.head.user_id
    approval = await asked(company, company.lead, levels=2, excluded=(company.head.user_id,))
    other = await company.tenant.actor("Team Lead")
    for one in (company.lead, company.head):
        with pytest.raises(NotAllowed) as refused:
            await deciding.decide_approval(one, approval, "approve")
        assert refused.value.code == "approval.not_another"
    half = await deciding.decide_approval(other, approval, "approve", "Fine with me.")
    assert (half.line.state, half.line.level, half.words[0].comment) == ("waiting", 2, "Fine with me.")
    with pytest.raises(NotAllowed):
        await deciding.decide_approval(other, approval, "approve")
    # The inbox and the page are one way: who decided first must not take the second item either.
    waiting = (await queue(company.tenant.admin, scope="available", kinds=[Kind.APPROVAL])).items
    with pytest.raises(NotAllowed) as excluded:
        await actions.take(other, waiting[0].id)
    assert excluded.value.code == "work.excluded"
    await actions.take(company.tenant.admin, waiting[0].id)
    await actions.complete(company.tenant.admin, waiting[0].id, "refuse", "Too late for this month.")
    refused_view = await at(company, approval, "refused")
    assert refused_view.words[1].comment == "Too late for this month."


async def test_of_two_managers_at_once_one_decides_and_the_other_is_told_who(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    approval = await asked(company, company.head)
    one, two = company.lead, await company.tenant.actor("Team Lead")
    answers = await asyncio.gather(
        deciding.decide_approval(one, approval, "approve"),
        deciding.decide_approval(two, approval, "refuse", "No."),
        return_exceptions=True,
    )
    [view] = [answer for answer in answers if isinstance(answer, ApprovalView)]
    [refused] = [answer for answer in answers if isinstance(answer, Conflict)]
    winner = one if answers[0] is view else two
    words = "approved" if winner is one else "refused"
    assert (refused.code, refused.title) == ("approval.decided", f"{winner.name} has {words} this meanwhile.")
    assert len((await get_approval(company.tenant.admin, approval)).words) == 1


async def test_the_asker_takes_it_back_and_what_is_settled_is_overtaken(
    company: Company, south: TenantFixture, skipping: WorkflowEnvironment
) -> None:
    approval = await asked(company, company.biller)
    with pytest.raises(NotAllowed):
        await deciding.withdraw_approval(company.head, approval, "Not mine.")
    back = await deciding.withdraw_approval(company.biller, approval, "Found the timer.")
    assert (back.line.state, back.withdrawn_reason, back.may) == ("withdrawn", "Found the timer.", [])
    with pytest.raises(Conflict):
        await deciding.decide_approval(company.lead, approval, "approve")
    await company.tenant.owner.execute("UPDATE approvals SET key = 'before'")
    second = await asked(company, company.biller)
    async with tenant_session(workflow_actor(company.tenant.tenant_id, "tests")) as session:
        await overtake(session, second, "ended")
    await delivered(company.tenant, session.messages)
    ended = await at(company, second, "overtaken")
    assert ended.end_reason == "What it was about has ended."
    assert (await queue(company.lead, scope="mine", kinds=[Kind.APPROVAL])).items == []


def test_the_diagram_knows_every_way_that_the_table_allows() -> None:
    ways = {(state, end) for state, stage in STAGES.items() for end in stage.events.values()}
    assert ways == edges() and {step.code for step in PROCESS.steps} == {state.value for state in State}
