"""Task forms from draft to answer: versions by day, what is refused where work ends, what is kept and who reads it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from activities.rules.answers import answers_of
from activities.work import open_item
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from domain.tenancy import workflow_actor
from domain.work_runs import Act, Order
from services.rules import forms
from services.rules.form_views import FormFacts, FormView
from services.work import actions, bulk
from services.work.queue import get_item
from tests.fixtures.tenancy import TenantFixture

TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")).date()
CALL: dict[str, Any] = {
    "title": "Call to the payer",
    "properties": {
        "reference": {"type": "string", "title": "Reference", "maxLength": 20},
        "promised": {"type": "integer", "format": "cents", "title": "Promised"},
    },
    "required": ["reference"],
}


async def held(tenant: TenantFixture) -> UUID:
    """A hold in the administrator's hands; its process is told by the outbox."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        item = await open_item(session, str(uuid4()), "hold", "C-1 held")
    await actions.take(tenant.admin, item)
    return item


async def published(tenant: TenantFixture, schema: dict[str, Any] = CALL, decision: str = "") -> FormView:
    """A form of holds that is in force today."""
    made = await forms.attach_form(tenant.admin, FormFacts("hold", schema, decision))
    return await forms.publish_form(tenant.admin, made.id, TODAY, "Payers ask for it.")


async def test_a_form_asks_nothing_before_its_day_and_nothing_of_another_tenant(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = await forms.attach_form(north.admin, FormFacts("hold", CALL))
    assert (await get_item(north.admin, await held(north))).forms == []
    await forms.publish_form(north.admin, made.id, TODAY + timedelta(days=1), "From tomorrow.")
    assert (await get_item(north.admin, await held(north))).forms == []
    await forms.save_form_draft(north.admin, made.id, CALL)
    now = await forms.publish_form(north.admin, made.id, TODAY, "From now on.")
    assert [(one.number, one.in_force) for one in now.versions] == [(2, True), (1, False)]
    assert [one.number for one in (await get_item(north.admin, await held(north))).forms] == [2]
    assert (await get_item(south.admin, await held(south))).forms == []
    with pytest.raises(NotFound):
        await forms.get_form(south.admin, made.id)


async def test_an_item_does_not_end_without_what_its_form_requires(
    north: TenantFixture, south: TenantFixture
) -> None:
    await published(north)
    item = await held(north)
    with pytest.raises(Invalid, match=r"answers\.missing"):
        await actions.complete(north.admin, item, "recheck")
    with pytest.raises(Invalid) as refused:
        await actions.complete(north.admin, item, "recheck", "", {"reference": "  ", "promised": "ten"})
    assert {one.field for one in refused.value.fields} == {"answers.reference", "answers.promised"}
    assert (await get_item(north.admin, item)).line.status == "open"


async def test_answers_are_kept_sealed_with_their_version_and_shown_with_the_item(
    north: TenantFixture, south: TenantFixture
) -> None:
    view = await published(north)
    item = await held(north)
    ended = await actions.complete(
        north.admin, item, "recheck", "", {"reference": " John Doe 88 ", "promised": 1250}
    )
    assert ended.answered is not None
    assert ended.answered.answers == {"reference": "John Doe 88", "promised": 1250}
    assert ended.answered.number == 1
    stored = await north.owner.fetchrow("SELECT answers FROM task_answers")
    assert b"John" not in stored["answers"]
    told = await north.owner.fetchval("SELECT string_agg(payload::text, '') FROM outbox")
    assert "John" not in (told or "")
    changed = {**CALL, "title": "Another call"}
    await forms.save_form_draft(north.admin, view.id, changed)
    await forms.publish_form(north.admin, view.id, TODAY, "New words.")
    assert (await get_item(north.admin, item)).answered.schema["title"] == "Call to the payer"  # type: ignore[union-attr]
    async with tenant_session(workflow_actor(north.tenant_id, "ClaimLifecycle")) as session:
        kept = await answers_of(session, item)
    assert kept is not None and kept.answers["promised"] == 1250
    lines = (await forms.list_answers(north.admin, view.id)).items
    assert [(one.work_item_id, one.number) for one in lines] == [(item, 1)]
    with pytest.raises(NotAllowed):
        await forms.list_answers(await north.actor("Biller"), view.id)


async def test_the_form_of_a_decision_stands_before_that_of_the_kind(
    north: TenantFixture, south: TenantFixture
) -> None:
    await published(north)
    why = {
        "title": "Why",
        "properties": {"cause": {"type": "string", "enum": ["Twice", "Test"]}},
        "required": ["cause"],
    }
    await published(north, why, "withdraw")
    with pytest.raises(Invalid) as refused:
        await actions.complete(north.admin, await held(north), "withdraw", "Twice.", {"reference": "R"})
    assert {one.field for one in refused.value.fields} == {"answers.cause", "answers.reference"}
    done = await actions.complete(north.admin, await held(north), "withdraw", "Twice.", {"cause": "Twice"})
    assert done.answered is not None and done.answered.schema["title"] == "Why"


async def test_a_bulk_act_refuses_each_item_that_must_be_filled_in(
    north: TenantFixture, south: TenantFixture
) -> None:
    await published(north)
    items = [await held(north), await held(north)]
    outcomes = await bulk.act_on(north.admin, items, Order(Act.COMPLETE, decision="recheck"))
    assert [one.code for one in outcomes] == ["answers.missing", "answers.missing"]
    assert "Call to the payer" in outcomes[0].message


async def test_a_withdrawn_form_asks_nothing_and_its_draft_goes_on(
    north: TenantFixture, south: TenantFixture
) -> None:
    view = await published(north)
    await forms.save_form_draft(north.admin, view.id, CALL)
    gone = await forms.withdraw_form(north.admin, view.id, TODAY, "No longer asked for.")
    assert [(one.number, one.status) for one in gone.versions] == [
        (3, "draft"),
        (2, "published"),
        (1, "published"),
    ]
    await actions.complete(north.admin, await held(north), "recheck")
    with pytest.raises(Invalid, match=r"answers\.no_form"):
        await actions.complete(north.admin, await held(north), "recheck", "", {"reference": "R"})


async def test_publishing_asks_for_the_right_a_reason_a_day_and_the_draft_that_was_read(
    north: TenantFixture, south: TenantFixture
) -> None:
    made = await forms.attach_form(north.admin, FormFacts("hold", CALL))
    lead = await north.actor("Team Lead")
    draft = await forms.save_form_draft(lead, made.id, CALL, 1)
    with pytest.raises(NotAllowed):
        await forms.publish_form(lead, made.id, TODAY, "Mine.")
    with pytest.raises(Stale):
        await forms.publish_form(north.admin, made.id, TODAY, "Old.", 1)
    with pytest.raises(Stale):
        await forms.save_form_draft(north.admin, made.id, CALL, 1)
    for day, reason in ((TODAY, " "), (TODAY - timedelta(days=1), "Yesterday.")):
        with pytest.raises(Invalid):
            await forms.publish_form(north.admin, made.id, day, reason)
    assert draft.draft is not None
    await forms.publish_form(north.admin, made.id, TODAY, "Good.", draft.draft.version)
    with pytest.raises(Conflict, match=r"form\.no_draft"):
        await forms.publish_form(north.admin, made.id, TODAY, "Again.")
    with pytest.raises(Conflict, match=r"form\.there_already"):
        await forms.attach_form(north.admin, FormFacts("hold", CALL))


@pytest.mark.parametrize("facts", [("nothing", ""), ("hold", "appeal")])
async def test_a_form_belongs_to_work_that_exists(
    north: TenantFixture, south: TenantFixture, facts: tuple[str, str]
) -> None:
    with pytest.raises(Invalid):
        await forms.attach_form(north.admin, FormFacts(facts[0], CALL, facts[1]))


async def test_a_pattern_that_cannot_be_run_in_linear_time_is_refused(
    north: TenantFixture, south: TenantFixture
) -> None:
    schema = {"properties": {"a": {"type": "string", "pattern": "(?=x)"}}}
    with pytest.raises(Invalid, match=r"form\.pattern"):
        await forms.attach_form(north.admin, FormFacts("hold", schema))
