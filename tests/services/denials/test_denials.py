"""What is denied is classified as it is posted, stands in the list by its deadline, and is worked by its playbook."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from activities.claims.following import decide
from activities.claims.messages import DecisionTask
from database.session import tenant_session
from domain.refusals import Invalid, NotAllowed
from domain.tenancy import workflow_actor
from services.denials import playbooks, tables, worklist
from services.denials.playbooks import PlaybookFacts
from services.denials.tables import CodeFacts, LevelFacts
from tests.fixtures.denied import denied, refused, today
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import Clp, Payment, era


async def test_a_denial_is_posted_with_its_class_its_deadline_and_the_row_that_decided(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "197"), ("CO", "16"))
    [line] = (await worklist.list_denials(here.tenant.admin)).items
    assert (line.class_code, line.codes, line.amount_cents, line.status) == (
        "authorization",
        ["CO-197", "CO-16"],
        16_000,
        "open",
    )
    assert line.appeal_by == date(2026, 11, 10) + timedelta(days=180)
    assert (line.deadline, line.route_label) == (line.appeal_by, "Appeal")
    view = await worklist.get_denial(here.tenant.admin, line.id)
    assert [(one.code, one.class_code, one.line_ordinal) for one in view.codes] == [
        ("CO-197", "authorization", 1),
        ("CO-16", "missing_information", 2),
    ]
    assert view.codes[0].code_row == "default/2026-11/197"
    assert (await worklist.list_denials(there.tenant.admin)).items == []
    assert line.claim_id == sent.id


async def test_the_work_item_carries_class_deadline_steps_and_the_amount_at_stake(
    here: Exchange, there: Exchange
) -> None:
    await denied(here, ("CO", "29"), ("CO", "29"))
    [item] = await here.items("denial")
    detail = json.loads(item["detail"])
    assert (detail["class"], detail["at_stake_cents"], detail["recommended"]) == (
        "Timely filing",
        16_000,
        "Appeal",
    )
    assert len(detail["checklist"]) == 3
    assert item["priority"] == 3
    assert await there.items("denial") == []


async def test_an_unknown_code_warns_and_posts_all_the_same(here: Exchange, there: Exchange) -> None:
    await denied(here, ("CO", "P77"), ("CO", "P77"))
    [line] = (await worklist.list_denials(here.tenant.admin)).items
    assert (line.class_code, line.warnings) == ("other", ["CO-P77 is not in the table of denial classes."])


async def test_a_tenants_own_row_classifies_what_comes_after_it_and_only_its_own(
    here: Exchange, there: Exchange
) -> None:
    facts = CodeFacts("P77", "medical_necessity", today(), group_code="CO")
    await tables.set_code(here.tenant.admin, facts)
    await denied(here, ("CO", "P77"), ("CO", "P77"))
    await denied(there, ("CO", "P77"), ("CO", "P77"))
    [mine] = (await worklist.list_denials(here.tenant.admin)).items
    [theirs] = (await worklist.list_denials(there.tenant.admin)).items
    assert (mine.class_code, theirs.class_code) == ("medical_necessity", "other")
    row = (await worklist.get_denial(here.tenant.admin, mine.id)).codes[0].code_row
    assert row == (await tables.list_codes(here.tenant.admin))[0].id


async def test_a_claim_denied_again_leaves_one_open_denial_and_a_paid_one_none(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "16"), ("CO", "16"))
    back = Clp(sent.number, 16_000, 0, cas=(("CO", "50", 16_000),))
    first = refused(sent, ("CO", "16"))
    await here.take(era(Payment((first.reversal(), back), trace="T2")), "t2.835")
    statuses = {
        line.class_code: line.status for line in (await worklist.list_denials(here.tenant.admin)).items
    }
    assert statuses == {"missing_information": "superseded", "medical_necessity": "open"}
    paid = Clp(sent.number, 16_000, 16_000)
    await here.take(era(Payment((back.reversal(), paid), trace="T3")), "t3.835")
    statuses = {
        line.class_code: line.status for line in (await worklist.list_denials(here.tenant.admin)).items
    }
    assert statuses == {"missing_information": "superseded", "medical_necessity": "recovered"}


async def test_a_denial_follows_what_is_decided_about_its_claim(here: Exchange, there: Exchange) -> None:
    sent = await denied(here, ("CO", "29"), ("CO", "29"))
    [item] = await here.items("denial")
    await decide(DecisionTask(here.tenant.tenant_id, sent.id, 1, item["id"], "write_off"))
    [line] = (await worklist.list_denials(here.tenant.admin)).items
    assert line.status == "written_off"
    assert (await worklist.list_denials(here.tenant.admin, status="open")).items == []


async def test_lists_go_by_deadline_and_by_page(here: Exchange, there: Exchange) -> None:
    for number, day in enumerate(("20261112", "20261103", "20261109")):
        await denied(here, ("CO", "197"), ("CO", "197"), trace=f"T{number}", day=day)
    first = await worklist.list_denials(here.tenant.admin, limit=2)
    rest = await worklist.list_denials(here.tenant.admin, limit=2, cursor=first.next)
    days = [line.decided_on.day for line in (*first.items, *rest.items)]
    assert (days, rest.next) == ([3, 9, 12], None)
    assert (await worklist.list_denials(here.tenant.admin, class_code="coding")).items == []
    assert len((await worklist.list_denials(here.tenant.admin, preventable=True)).items) == 3


async def test_steps_are_ticked_by_name_and_taken_back(here: Exchange, there: Exchange) -> None:
    await denied(here, ("CO", "197"), ("CO", "197"))
    [line] = (await worklist.list_denials(here.tenant.admin)).items
    ticked = await worklist.tick(here.tenant.admin, line.id, 1)
    assert [step.done for step in ticked.steps] == [False, True, False, False]
    assert ticked.steps[1].done_by_name == here.tenant.admin.name
    again = await worklist.tick(here.tenant.admin, line.id, 1, False)
    assert not any(step.done for step in again.steps)
    with pytest.raises(Invalid):
        await worklist.tick(here.tenant.admin, line.id, 9)
    with pytest.raises(NotAllowed):
        await worklist.tick(await here.tenant.actor("View-Only"), line.id, 1)


def facts(**changes: Any) -> PlaybookFacts:
    given: dict[str, Any] = {
        "route": "correct",
        "steps": ["Call the payer", " ", "Replace the claim"],
        "letter": "To {{payer_name}}",
        "effective_from": today(),
    }
    return PlaybookFacts(**{**given, **changes})


async def test_a_playbook_holds_from_its_day_and_the_last_good_one_until_then(
    here: Exchange, there: Exchange
) -> None:
    admin = here.tenant.admin
    saved = await playbooks.save_playbook(admin, "authorization", facts(due_days=2))
    assert (saved.current.own, saved.current.steps) == (True, ["Call the payer", "Replace the claim"])
    later = await playbooks.save_playbook(
        admin, "authorization", facts(route="write_off", effective_from=today() + timedelta(days=30))
    )
    assert (later.current.route, later.rows[0].route) == ("correct", "write_off")
    await denied(here, ("CO", "197"), ("CO", "197"))
    [line] = (await worklist.list_denials(admin)).items
    assert (line.route, line.deadline) == ("correct", line.file_by)
    theirs = await playbooks.get_playbook(there.tenant.admin, "authorization")
    assert (theirs.current.own, theirs.rows) == (False, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"letter": "{{password}}"},
        {"steps": []},
        {"route": "pray"},
        {"effective_from": today() - timedelta(days=1)},
        {"high_cents": 5, "first_cents": 4},
    ],
)
async def test_a_playbook_that_could_not_work_is_refused_and_changes_nothing(
    here: Exchange, there: Exchange, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        await playbooks.save_playbook(here.tenant.admin, "coding", facts(**wrong))
    assert not (await playbooks.get_playbook(here.tenant.admin, "coding")).current.own


async def test_only_those_who_hold_the_playbooks_change_them(here: Exchange, there: Exchange) -> None:
    biller = await here.tenant.actor("Biller")
    with pytest.raises(NotAllowed):
        await playbooks.save_playbook(biller, "coding", facts())
    with pytest.raises(NotAllowed):
        await tables.set_code(biller, CodeFacts("16", "coding", today()))
    level = LevelFacts("other", 2, "Second look", 30, today(), 45)
    with pytest.raises(NotAllowed):
        await tables.set_level(biller, level)
    assert (await tables.set_level(await here.tenant.actor("Team Lead"), level))[0].label == "Second look"


async def test_rows_of_the_tables_are_never_changed(here: Exchange, there: Exchange) -> None:
    await playbooks.save_playbook(here.tenant.admin, "coding", facts())
    for table in ("denial_playbooks", "denial_codes", "appeal_levels"):
        async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
            granted = await session.value(
                "SELECT has_table_privilege(current_user, $1::text, 'UPDATE') OR"
                " has_table_privilege(current_user, $1::text, 'DELETE')",
                table,
            )
        assert granted is False
