"""Deciding by table: the version in force decides, and no table can stop the line."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from database.decision_tables import Asked, Decision, decide, decide_all
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.fixtures.tenancy import TenantFixture

TODAY = date.today()
FACTS = {
    "denial_class": "coding", "payer_id": "60054", "medicare": False, "codes": ["CO-97"], "preventable": True,
    "amount_cents": 12_500, "days_to_appeal": 60, "days_to_file": None,
}  # fmt: skip
DEFAULT = {"route": "correct", "priority": 3}


def grid(priority: str, asks: str = "amount_cents", cell: str = "> 0", **more: Any) -> dict[str, Any]:
    """A table of one row: this priority where the cell is met."""
    rows = [{"id": "r1", "when": {asks: cell}, "then": {"priority": priority}}]
    return {"hit": "first", "inputs": [asks], "outputs": ["priority"], "rows": rows} | more


async def publish(
    tenant: TenantFixture,
    version: int,
    content: Any,
    *,
    days: int = 0,
    kind: str = "published",
    table: str = "denial_playbooks",
) -> UUID:
    """A version as it would stand in the table, past every check of the page that publishes."""
    made: UUID = await tenant.owner.fetchval(
        "INSERT INTO rule_versions (tenant_id, table_code, version, kind, content, effective_from, reason)"
        " VALUES ($1, $2, $3, $4, $5, $6, 'a test') RETURNING id",
        tenant.tenant_id, table, version, kind, json.dumps(content), TODAY + timedelta(days=days),
    )  # fmt: skip
    return made


async def ask(tenant: TenantFixture, facts: dict[str, Any] | None = None, **about: Any) -> Decision:
    """What the table of playbooks decides for this tenant."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await decide(session, "denial_playbooks", facts or FACTS, default=DEFAULT, **about)


async def test_without_a_table_the_default_holds_and_the_facts_are_kept(
    north: TenantFixture, south: TenantFixture
) -> None:
    subject = uuid4()
    made = await ask(north, subject_type="denial", subject_id=subject)
    assert made == Decision(DEFAULT)
    kept = await north.owner.fetch("SELECT * FROM rule_decisions")
    assert [(one["tenant_id"], one["origin"], one["subject_id"]) for one in kept] == [
        (north.tenant_id, "default", subject)
    ]
    assert json.loads(kept[0]["facts"]) == FACTS and json.loads(kept[0]["value"]) == DEFAULT


async def test_the_version_in_force_decides_for_its_own_tenant_alone(
    north: TenantFixture, south: TenantFixture
) -> None:
    table = await publish(north, 1, grid("1"))
    made = await ask(north)
    assert made.value == {"route": "correct", "priority": 1}
    assert (made.table_id, made.version, made.row, made.origin) == (table, 1, 1, "own")
    assert (await ask(south)).origin == "default"
    kept = await north.owner.fetchrow("SELECT * FROM rule_decisions WHERE tenant_id = $1", north.tenant_id)
    assert (kept["version"], kept["met"]) == (1, [1])


async def test_a_version_for_a_later_day_waits_and_a_newer_one_takes_over_at_once(
    north: TenantFixture,
) -> None:
    await publish(north, 1, grid("1"), days=-3)
    await publish(north, 2, grid("2"), days=2)
    assert (await ask(north)).value["priority"] == 1
    await publish(north, 3, grid("5"))
    assert (await ask(north)).version == 3


async def test_no_row_met_means_the_default_by_that_version(north: TenantFixture) -> None:
    await publish(north, 1, grid("1", cell="> $1,000"))
    made = await ask(north)
    assert made.value == DEFAULT and made.version == 1 and made.row is None


async def test_the_platforms_table_holds_until_a_tenant_has_one_and_again_after_it_is_withdrawn(
    north: TenantFixture, south: TenantFixture
) -> None:
    await north.owner.execute(
        "INSERT INTO global_rule_versions (table_code, version, kind, content, effective_from, reason)"
        " VALUES ('denial_playbooks', 1, 'published', $1, $2, 'a test')",
        json.dumps(grid("4")),
        TODAY - timedelta(days=1),
    )
    assert (await ask(south)).origin == "global" and (await ask(south)).value["priority"] == 4
    await publish(north, 1, grid("1"))
    assert (await ask(north)).origin == "own"
    await publish(north, 2, {}, kind="withdrawn")
    assert (await ask(north)).origin == "global"


async def test_a_tenant_cannot_write_the_platforms_tables(north: TenantFixture) -> None:
    with pytest.raises(Exception, match="row-level security"):
        async with tenant_session(north.admin) as session:
            await session.execute(
                "INSERT INTO global_rule_versions (table_code, version, kind, effective_from, reason)"
                " VALUES ('clocks', 1, 'published', current_date, 'mine')"
            )


BROKEN = {
    "a syntax error": grid("1", cell="> > 5"),
    "a cell of another type": grid("1", asks="payer_id", cell="> 5"),
    "an exception at evaluation": grid("1", asks="payer_id", cell='matches($, "(")'),
    "an answer of another type": grid("soon"),
    "a column that is gone": grid("1", asks="horoscope"),
    "no table at all": {"nonsense": True},
    "rows that are no rows": grid("1", rows=[5]),
    "a list instead of a table": ["x"],
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_version_leaves_the_last_good_one_in_force_and_is_told_once(
    north: TenantFixture, south: TenantFixture, content: Any
) -> None:
    await north.actor("Biller")
    await publish(north, 1, grid("2"), days=-1)
    await publish(north, 2, content)
    for _ in range(2):
        made = await ask(north)
        assert (made.version, made.value["priority"]) == (1, 2)
    faults = await north.owner.fetch("SELECT * FROM rule_faults")
    assert [(one["tenant_id"], one["version"]) for one in faults] == [(north.tenant_id, 2)]
    told = await north.owner.fetch("SELECT user_id, href FROM notifications WHERE kind = 'incident'")
    assert [(one["user_id"], one["href"]) for one in told] == [
        (north.admin.user_id, "/rules/denial_playbooks")
    ]


async def test_a_fact_that_is_missing_or_odd_leaves_the_last_good_version_in_force(
    north: TenantFixture,
) -> None:
    await publish(north, 1, grid("2", asks="denial_class", cell="coding"), days=-1)
    await publish(north, 2, grid("1"))
    without = {key: value for key, value in FACTS.items() if key != "amount_cents"}
    assert (await ask(north, without)).version == 1
    assert (await ask(north, FACTS | {"amount_cents": "plenty"})).version == 1
    assert (await ask(north)).version == 2
    codes = await north.owner.fetch("SELECT code FROM rule_faults ORDER BY code")
    assert [one["code"] for one in codes] == ["fact_missing", "fact_type"]


async def test_when_every_version_is_broken_the_default_holds(north: TenantFixture) -> None:
    for version in (1, 2, 3):
        await publish(north, version, grid("1", cell="> >"))
    assert await ask(north) == Decision(DEFAULT)


async def test_a_draft_that_is_deleted_changes_nothing_in_force(north: TenantFixture) -> None:
    await publish(north, 1, grid("1"))
    await north.owner.execute(
        "INSERT INTO rule_drafts (tenant_id, table_code, content) VALUES ($1, 'denial_playbooks', '{}')",
        north.tenant_id,
    )
    await north.owner.execute("DELETE FROM rule_drafts")
    assert (await ask(north)).version == 1


async def test_a_version_that_vanished_from_the_table_leaves_the_one_before_it(
    north: TenantFixture, owner_url: str
) -> None:
    await publish(north, 1, grid("2"), days=-1)
    await publish(north, 2, grid("1"))
    assert (await ask(north)).version == 2
    await north.owner.execute("ALTER TABLE rule_versions DISABLE TRIGGER append_only")
    await north.owner.execute("DELETE FROM rule_versions WHERE version = 2")
    await north.owner.execute("ALTER TABLE rule_versions ENABLE TRIGGER append_only")
    assert (await ask(north)).version == 1


async def test_a_table_that_nobody_knows_is_answered_by_the_default(north: TenantFixture) -> None:
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        made = await decide(session, "astrology", {"odd": "a\0b"}, default={"x": 1})
    assert made == Decision({"x": 1})


async def test_many_questions_are_answered_in_their_order(north: TenantFixture) -> None:
    await publish(north, 1, grid("1", asks="denial_class", cell="coding"))
    classes = ["coding", "duplicate"] * 20
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        asked = [Asked(FACTS | {"denial_class": one}, DEFAULT, "denial", uuid4()) for one in classes]
        made = await decide_all(session, "denial_playbooks", asked)
    assert [one.value["priority"] for one in made] == [1, 3] * 20
    assert await north.owner.fetchval("SELECT count(*) FROM rule_decisions") == 40


async def test_versions_and_decisions_are_never_changed(north: TenantFixture) -> None:
    await publish(north, 1, grid("1"))
    await ask(north)
    for statement in ("UPDATE rule_versions SET reason = ''", "DELETE FROM rule_decisions"):
        with pytest.raises(Exception, match=r"append-only|permission denied"):
            async with tenant_session(north.admin) as session:
                await session.execute(statement)
