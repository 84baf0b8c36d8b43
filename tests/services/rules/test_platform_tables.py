"""The platform's decision tables: published on the server for every company that has none of its own."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from database.decision_tables import decide
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotFound, Refusal
from domain.tenancy import workflow_actor
from services.rules.drafts import save_draft
from services.rules.platform_tables import (
    look_for_all,
    platform_table,
    platform_tables,
    publish_for_all,
    withdraw_for_all,
)
from services.rules.publishing import publish
from tests.fixtures.tenancy import TenantFixture
from tests.services.rules.test_decision_tables import CODE, FACTS, GOOD, TEST, TODAY
from ui.rules.table_files import table_json

BY = "R. Lindqvist"


def file(*rows: tuple[str, str], expected: str = "2") -> str:
    """The platform's table as a file: rows of an amount and the priority answered, with one test."""
    made = [
        {"id": f"p{number}", "when": {"amount_cents": amount}, "then": {"priority": priority}}
        for number, (amount, priority) in enumerate(rows, 1)
    ]
    grid = {"hit": "first", "inputs": ["amount_cents"], "outputs": ["priority"], "rows": made}
    test = {"name": "Large", "facts": {"amount_cents": "$600"}, "expected": [{"priority": expected}]}
    return json.dumps({"table": CODE, "grid": grid, "tests": [test]})


async def answered(tenant: TenantFixture) -> tuple[str, Any]:
    """Whose table decides for this company, and the priority."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        made = await decide(session, CODE, FACTS, default={"priority": None})
    return made.origin, made.value["priority"]


async def trail(tenant: TenantFixture) -> list[Any]:
    """What the platform did, as the company's audit trail says."""
    rows = await tenant.owner.fetch(
        "SELECT actor_kind, action, detail FROM audit_log WHERE tenant_id = $1 AND action LIKE 'rules.platform%' ORDER BY seq",
        tenant.tenant_id,
    )
    return [(row["actor_kind"], row["action"].rpartition(".")[2], json.loads(row["detail"])) for row in rows]


async def test_a_published_table_decides_where_a_company_has_none_and_every_trail_says_so(
    north: TenantFixture, south: TenantFixture
) -> None:
    await save_draft(north.admin, CODE, GOOD, [TEST])
    await publish(north.admin, CODE, TODAY, "Ours")
    looked = await look_for_all(file(("> $500", "2")))
    assert (looked.version, looked.refusal, looked.decides_for, looked.companies) == (1, "", 1, 2)
    assert [(one.what, one.row) for one in looked.differences] == [("added", "p1")]
    assert await answered(south) == ("default", None)  # only looked at
    assert await publish_for_all(file(("> $500", "2")), "Large ones sooner", BY) == 1
    assert await answered(north) == ("own", 1) and await answered(south) == ("global", 2)
    day = datetime.now(UTC).date().isoformat()
    detail = {"table": CODE, "version": 1, "kind": "published", "effective_from": day, "by": BY}
    assert await trail(north) == await trail(south) == [("platform", "publish_for_all", detail)]
    (listed,) = [one for one in await platform_tables() if one.version]
    assert (listed.code, listed.version, listed.reason, listed.published_by) == (
        CODE,
        1,
        "Large ones sooner",
        BY,
    )


async def test_what_a_companys_page_exports_can_be_published_for_all_and_withdrawn(
    north: TenantFixture, south: TenantFixture
) -> None:
    await save_draft(north.admin, CODE, GOOD, [TEST])
    await publish_for_all(await table_json(north.admin, CODE), "As north does it", BY)
    assert await answered(south) == ("global", 1)
    kept = json.loads(await platform_table(CODE))
    assert [row["id"] for row in kept["grid"]["rows"]] == ["r1", "r2"] and len(kept["tests"]) == 1
    later = datetime.now(UTC).date() + timedelta(days=9)
    assert await publish_for_all(file(("> $500", "2")), "From next week", BY, later) == 2
    assert await answered(south) == ("global", 1)
    assert await withdraw_for_all(CODE, "It did not help", BY) == 3
    assert await answered(south) == ("default", None)
    with pytest.raises(Conflict, match="no such table"):
        await withdraw_for_all(CODE, "Again", BY)
    assert [kind for _, kind, _ in await trail(south)] == [
        "publish_for_all",
        "publish_for_all",
        "withdraw_for_all",
    ]


@pytest.mark.parametrize(
    ("text", "reason", "by", "days", "refusal", "words"),
    [
        (file(("> > 5", "2")), "Why", BY, 0, Invalid, "cannot be published"),
        (file(("> $500", "3")), "Why", BY, 0, Invalid, "cannot be published"),
        (file(expected=""), "Why", BY, 0, Invalid, "cannot be published"),
        (file(("> $500", "2")), "  ", BY, 0, Invalid, "needs its reason"),
        (file(("> $500", "2")), "Why", " ", 0, Invalid, "Nobody is named"),
        (file(("> $500", "2")), "Why", BY, -1, Invalid, "cannot begin"),
        (file(("> $500", "2")).replace(CODE, "horoscope"), "Why", BY, 0, NotFound, "no such decision table"),
        (file(("> $500", "2")).replace("p1", "p\\u0000"), "Why", BY, 0, Invalid, "cannot be kept"),
        ("[1]", "Why", BY, 0, Invalid, "no decision table"),
        ('{"table": "denial_playbooks"}', "Why", BY, 0, Invalid, "no decision table"),
    ],
)
async def test_what_is_not_ready_is_refused_by_name_and_nothing_is_written(
    north: TenantFixture, text: str, reason: str, by: str, days: int, refusal: type[Refusal], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        await publish_for_all(text, reason, by, datetime.now(UTC).date() + timedelta(days=days))
    assert await north.owner.fetchval("SELECT count(*) FROM global_rule_versions") == 0
    assert await trail(north) == []
