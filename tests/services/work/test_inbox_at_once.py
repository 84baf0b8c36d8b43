"""Many items at once: selections, filters, runs, views, counts and groups."""

import asyncio

import pytest

from activities.work_runs import RunTask, act_on_portion
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.work_runs import Act, Order
from domain.work_views import ViewFacts, WorkFilter
from services.work import actions, bulk, groups, saved_views
from services.work.queue import queue
from tests.fixtures.tenancy import TenantFixture
from tests.services.work.test_inbox import employed, ids, opened


async def test_a_selection_has_an_outcome_per_row_and_another_tenants_item_is_not_there(
    north: TenantFixture, south: TenantFixture
) -> None:
    items = [await opened(north) for _ in range(3)]
    foreign = await opened(south)
    one, two = await north.actor("Biller"), await north.actor("Biller")
    await actions.take(two, items[0])
    outcomes = await bulk.act_on(one, [*items, foreign], Order(Act.TAKE))
    assert [row.code for row in outcomes] == ["work.taken", "", "", "not_found"]
    assert two.name in outcomes[0].message
    with pytest.raises(Invalid):
        await bulk.act_on(one, items, Order(Act.GIVE_BACK))
    refused = await bulk.act_on(one, items[1:], Order(Act.PRIORITISE, priority=1))
    assert {row.code for row in refused} == {"permission.missing"}


async def test_two_who_take_the_whole_filter_at_once_share_it_without_overlap(
    north: TenantFixture, south: TenantFixture
) -> None:
    items = {await opened(north) for _ in range(6)}
    people = [await north.actor("Biller") for _ in range(2)]
    answers = await asyncio.gather(
        *(bulk.act_on_filter(one, WorkFilter(), Order(Act.TAKE)) for one in people)
    )
    won = [{row.item_id for row in answer.outcomes if not row.code} for answer in answers]
    assert won[0] | won[1] == items
    assert won[0] & won[1] == set()


async def test_a_large_filter_becomes_a_run_that_stops_when_rights_change(
    north: TenantFixture, south: TenantFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    monkeypatch.setattr("activities.work_runs.PORTION", 2)
    for _ in range(5):
        await opened(north)
    lead = await north.actor("Team Lead")
    answer = await bulk.act_on_filter(lead, WorkFilter("all"), Order(Act.PRIORITISE, priority=1))
    assert answer.run is not None
    assert (answer.run.status, answer.run.total) == ("running", 5)
    task = RunTask(north.tenant_id, answer.run.id)
    assert (await act_on_portion(task)).left
    await north.owner.execute("UPDATE tenants SET policy_version = policy_version + 1")
    assert not (await act_on_portion(task)).left
    (run,) = await bulk.list_runs(lead)
    assert (run.status, run.done, run.refused) == ("stopped", 2, 0)
    with pytest.raises(NotFound):
        await bulk.refused_rows(south.admin, run.id)


async def test_views_are_a_persons_own_or_their_teams_with_counts(
    north: TenantFixture, south: TenantFixture
) -> None:
    lead, member, other = [await north.actor(role) for role in ("Team Lead", "Biller", "Biller")]
    employees = [await employed(north, one) for one in (lead, member)]
    team = await north.owner.fetchval(
        "INSERT INTO teams (tenant_id, name) VALUES ($1, 'Denials') RETURNING id", north.tenant_id
    )
    await north.owner.execute("UPDATE employees SET team_id = $1 WHERE id = ANY($2)", team, employees)
    await opened(north), await opened(north, "denial"), await opened(south)
    facts = ViewFacts("Holds", WorkFilter("all", ("hold",)), ("what", "due"), "due", "kind", team=True)
    with pytest.raises(NotAllowed):
        await saved_views.save_view(member, facts)
    shared = await saved_views.save_view(lead, facts)
    assert [(one.name, one.count, one.mine) for one in await saved_views.list_views(member)] == [
        ("Holds", 1, False)
    ]
    assert await saved_views.list_views(other) == []
    with pytest.raises(NotAllowed):
        await saved_views.get_view(other, shared.id)
    with pytest.raises(NotAllowed):
        await saved_views.remove_view(member, shared.id)
    with pytest.raises(NotFound):
        await saved_views.get_view(south.admin, shared.id)
    own = ViewFacts("Mine", WorkFilter(text="C-1"))
    kept = await saved_views.save_view(other, own)
    with pytest.raises(Conflict):
        await saved_views.save_view(other, own)
    with pytest.raises(Conflict):
        await saved_views.change_view(other, kept.id, own, kept.version + 1)
    assert [(one.count, one.more) for one in await saved_views.list_views(other)] == [(1, False)]


async def test_counts_stop_at_a_bound_and_say_so(
    north: TenantFixture, south: TenantFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("hold", "hold", "hold", "denial"):
        await opened(north, kind)
    for name, text in (("Everything", ""), ("Denials", "denial")):
        await saved_views.save_view(north.admin, ViewFacts(name, WorkFilter("all", text=text)))
    monkeypatch.setattr(saved_views, "MOST", 2)
    assert {one.name: (one.count, one.more) for one in await saved_views.list_views(north.admin)} == {
        "Everything": (2, True),
        "Denials": (1, False),
    }
    # Words are looked for among so many items only: what is found then is at least so many.
    monkeypatch.setattr("services.work.counting.LOOKED_THROUGH", 2)
    assert next(one.more for one in await saved_views.list_views(north.admin) if one.name == "Denials")


async def test_groups_have_right_counts_and_each_opens_to_its_rows(
    north: TenantFixture, south: TenantFixture
) -> None:
    holds, denial = {await opened(north), await opened(north)}, await opened(north, "denial", priority=1)
    await opened(south)
    lead = await north.actor("Team Lead")
    taken = sorted(holds)[0]
    await actions.take(lead, taken)

    async def grouped(by: str, **asked: object) -> dict[str, tuple[str, int]]:
        found = await groups.groups(lead, WorkFilter("all", **asked), by)  # type: ignore[arg-type]
        return {one.key: (one.label, one.count) for one in found}

    assert await grouped("kind") == {"hold": ("Hold", 2), "denial": ("Denial", 1)}
    assert await grouped("kind", text="denial") == {"denial": ("Denial", 1)}
    people = await grouped("with")
    assert people == {"free": ("Free", 2), str(lead.user_id): (lead.name, 1)}
    assert next(iter(people)) == "free"
    assert (await grouped("priority"))["1"] == ("Priority 1: first", 1)
    assert set(await ids(lead, scope="all", group="kind", group_key="hold")) == holds
    assert await ids(lead, scope="all", group="with", group_key=str(lead.user_id)) == [taken]
    assert await ids(lead, scope="all", group="priority", group_key="1") == [denial]
    for by, key in (("colour", "red"), ("kind", "red"), ("priority", "9"), ("with", "x")):
        with pytest.raises(Invalid):
            await queue(lead, group=by, group_key=key)
    with pytest.raises(Invalid):
        await groups.groups(lead, WorkFilter(), "colour")


async def test_a_run_that_is_ended_leaves_the_rest_untouched_and_every_row_has_an_outcome(
    north: TenantFixture, south: TenantFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    monkeypatch.setattr("activities.work_runs.PORTION", 2)
    items = [await opened(north) for _ in range(5)]
    lead, other = await north.actor("Team Lead"), await north.actor("Biller")
    await actions.take(other, items[0])
    answer = await bulk.act_on_filter(lead, WorkFilter("all"), Order(Act.TAKE))
    assert answer.run is not None
    task = RunTask(north.tenant_id, answer.run.id)
    assert (await act_on_portion(task)).left
    with pytest.raises(NotAllowed):
        await bulk.cancel_run(other, answer.run.id)
    with pytest.raises(NotFound):
        await bulk.cancel_run(south.admin, answer.run.id)
    assert (await bulk.cancel_run(lead, answer.run.id)).status == "cancelled"
    assert not (await act_on_portion(task)).left
    with pytest.raises(Conflict):
        await bulk.cancel_run(lead, answer.run.id)
    rows = (await bulk.run_rows(lead, answer.run.id)).items
    assert sorted(row.code for row in rows) == ["", "not_reached", "not_reached", "not_reached", "work.taken"]
    assert [row.code for row in (await bulk.refused_rows(lead, answer.run.id)).items] == ["work.taken"]
