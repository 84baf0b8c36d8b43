"""Published tables decide where the process asks them: scrubbing, routing of work and of files, denials."""

import json
from typing import Any

from activities.claims.handing import hand_to_batch
from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from domain.claims.states import Step
from services.claims import capture
from services.clientele.routing import where_would_it_go
from services.denials import worklist
from services.rules.drafts import save_draft
from services.rules.publishing import publish
from services.rules.table_views import GridFacts, GridRow
from tests.fixtures.denied import denied, today
from tests.fixtures.exchange import Exchange


async def published(
    here: Exchange, code: str, when: dict[str, str], then: dict[str, str], hit: str = "first"
) -> None:
    """A table of one row, in force from today on."""
    grid = GridFacts(list(when), list(then), [GridRow("r1", when, then)], hit)  # type: ignore[arg-type]
    draft = await save_draft(here.tenant.admin, code, grid, [])
    assert draft.problems == []
    await publish(here.tenant.admin, code, today(), "A test")


async def decisions(here: Exchange, code: str) -> list[Any]:
    """What was decided by a table, in order."""
    return await here.rows("SELECT * FROM rule_decisions WHERE table_code = $1 ORDER BY id", code)


async def test_a_tenants_own_finding_holds_the_claim_after_the_built_in_rules(
    here: Exchange, there: Exchange
) -> None:
    then = {"id": "OWN-001", "severity": "hold", "message": "Attach the lab order.", "field": "lines.2"}
    await published(here, "scrubbing", {"procedures": "83036", "payer_id": "PM001"}, then, "collect")
    claim = await capture.create(here.tenant.admin, here.draft(10_000, 6_000))
    assert (await scrub_claim(ClaimTask(here.tenant.tenant_id, claim.id, 1))).step is Step.HELD
    found = await here.one("SELECT * FROM claim_findings WHERE rule_id = 'OWN-001'")
    assert (found["severity"], found["message"], found["field"]) == (
        "error",
        "Attach the lab order.",
        "lines.2",
    )
    assert found["citation"] == "Scrubbing table, version 1, row 1"
    [kept] = await decisions(here, "scrubbing")
    assert (kept["version"], kept["met"], kept["subject_id"]) == (1, [1], claim.id)
    assert "Doe" not in kept["facts"] and json.loads(kept["facts"])["charge_cents"] == 16_000
    other = await capture.create(there.tenant.admin, there.draft(10_000, 6_000))
    assert (await scrub_claim(ClaimTask(there.tenant.tenant_id, other.id, 1))).step is not Step.HELD


async def test_a_row_routes_new_work_by_payer_and_says_how_urgent_it_is(
    here: Exchange, there: Exchange
) -> None:
    await here.rows(
        "INSERT INTO teams (tenant_id, name) VALUES ($1, 'Denials East') RETURNING id", here.tenant.tenant_id
    )
    then = {"permission": "claims.correct", "priority": "1", "team": "Denials East", "skill": "Nobody has it"}
    await published(here, "routing", {"kind": "denial", "payer_id": "PM001", "amount_cents": "> $100"}, then)
    await denied(here, ("CO", "29"))
    await denied(there, ("CO", "29"))
    [item], [other] = await here.items("denial"), await there.items("denial")
    assert (item["permission"], item["priority"]) == ("claims.correct", 1)
    assert item["team_id"] == (await here.one("SELECT id FROM teams"))["id"]
    assert (
        item["skill"] == "" and (await here.one("SELECT place FROM rule_faults"))["place"] == "row 1, skill"
    )
    assert (other["permission"], other["team_id"]) == ("denials.work", None)


async def test_a_row_stands_above_the_playbook_of_a_class(here: Exchange, there: Exchange) -> None:
    then = {"route": "write_off", "priority": "5", "due_days": "2", "steps": "Look, Write off"}
    await published(here, "denial_playbooks", {"denial_class": "timely_filing", "codes": "CO-29"}, then)
    await denied(here, ("CO", "29"))
    await denied(there, ("CO", "29"))
    [line], [other] = [(await worklist.list_denials(one.tenant.admin)).items for one in (here, there)]
    assert (line.route_label, other.route_label) == ("Write off", "Appeal")
    view = await worklist.get_denial(here.tenant.admin, line.id)
    assert view.playbook == "table/1/1" and [one.words for one in view.steps] == ["Look", "Write off"]
    [item], [theirs] = await here.items("denial"), await there.items("denial")
    assert item["priority"] == 5 and item["due_at"] < theirs["due_at"]
    [kept] = await decisions(here, "denial_playbooks")
    assert (kept["subject_type"], kept["subject_id"], kept["met"]) == ("denial", line.id, [1])
    assert (await decisions(there, "denial_playbooks"))[0]["origin"] == "default"


async def test_a_row_chooses_the_connection_and_a_name_that_is_gone_changes_nothing(
    here: Exchange, there: Exchange
) -> None:
    other = await here.one(
        "INSERT INTO connections (tenant_id, name, host, port, username, host_key, private_key, sender_id, receiver_id)"
        " SELECT tenant_id, 'Second', host, port, username, host_key, private_key, 'SECOND', receiver_id"
        " FROM connections RETURNING id"
    )
    payer = (await here.one("SELECT id FROM payers"))["id"]
    await published(
        here, "connections", {"payer_id": "PM001", "transaction": "837P"}, {"connection": "Second"}
    )
    answer = await where_would_it_go(here.tenant.admin, payer, here.client_id, "837P")
    assert (answer.connection_id, answer.why) == (other["id"], "table")
    assert await decisions(here, "connections") == []  # it was only asked
    claim_id = await here.claim()
    assert (await here.facts(claim_id))["connection_id"] == other["id"]
    assert (await decisions(here, "connections"))[0]["subject_id"] == claim_id
    await here.rows("UPDATE connections SET active = false WHERE id = $1 RETURNING id", other["id"])
    second = await capture.create(here.tenant.admin, here.draft(10_000), release=True)
    task = ClaimTask(here.tenant.tenant_id, second.id, 1)
    await scrub_claim(task)
    await hand_to_batch(task)
    assert (await here.facts(second.id))["connection_id"] == here.connection_id
