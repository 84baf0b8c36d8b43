"""Decision tables at an open page: cells, rows, paste, undo, tests, publish with a reason, roll back."""

import json
import re
from datetime import UTC, datetime

from services.rules.reading import get_table
from tests.ui.conftest import Both, Visit

PATH = "/rules/denial_playbooks"
TODAY = datetime.now(UTC).date().isoformat()


async def test_a_row_is_written_tested_published_and_rolled_back(both: Both, visit: Visit) -> None:
    north, south = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open(PATH)
    assert "No rows yet" in tab.main
    await tab.do("edit", sheetName="rules", op="insert", before="0", rows=json.dumps(["one"]))
    for column, text in (("when.denial_class", "coding"), ("then.priority", "soon")):
        await tab.do("edit", sheetName="rules", op="set", row="one", col=column, text=text)
    assert "One cell needs another look" in tab.main
    await tab.do("edit", sheetName="rules", op="set", row="one", col="then.priority", text="2")
    assert "another look" not in tab.main
    await tab.do("edit", sheetName="tests", op="insert", before="0", rows=json.dumps(["r-1"]))
    test = re.findall(r'data-row="(t\d+)"', tab.main)[0]
    for column, text in (("facts.denial_class", "coding"), ("expected.priority", "1")):
        await tab.do("edit", sheetName="tests", op="set", row=test, col=column, text=text)
    assert "0 of 1 tests pass" in tab.main
    await tab.do("show_test", number="0")
    assert 'class="decides"' in tab.main
    await tab.do("ask_publish")
    await tab.do("publish", fields={"effective_from": TODAY, "reason": "Coding first"})
    assert "tests do not pass" in tab.regions["over"]
    await tab.do("close_dialog")
    await tab.do("edit", sheetName="tests", op="set", row=test, col="expected.priority", text="2")
    await tab.do("publish", fields={"effective_from": TODAY, "reason": ""})
    assert "Say in a few words why" in tab.regions["over"]
    await tab.do("publish", fields={"effective_from": TODAY, "reason": "Coding first"})
    assert ("ok", "Version 1 is published.", "It decides from now on.") in tab.told
    await tab.do("edit", sheetName="rules", op="set", row="one", col="then.priority", text="5")
    await tab.do("edit", sheetName="tests", op="set", row=test, col="expected.priority", text="5")
    await tab.do("publish", fields={"effective_from": TODAY, "reason": "Not that urgent"})
    await tab.go(f"{PATH}?tab=versions&before=1")
    assert "Coding first" in tab.main and "Not that urgent" in tab.main
    assert "Priority</strong>: 2 → 5" in tab.main
    await tab.do("restore", version="1", fields={"reason": "It was right before"})
    assert ("ok", "Version 1 decides again.", "It was published as version 3.") in tab.told
    assert "Coding first" not in (await (await visit(south.tenant, south.tenant.admin)).open(PATH)).main


async def test_a_sheet_is_pasted_moved_cleared_and_every_act_undone(both: Both, visit: Visit) -> None:
    north, _ = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open(PATH)

    async def cells() -> list[dict[str, str]]:
        draft = (await get_table(north.tenant.admin, "denial_playbooks")).draft
        return [row.when | row.then for row in draft.grid.rows]

    await tab.do("edit", sheetName="rules", op="insert", before="0", rows=json.dumps(["one"]))
    excel = "coding\t60054\t\t\tappeal\t2\nduplicate\t\t\t\twrite_off\t4\r\n"
    grid = (await get_table(north.tenant.admin, "denial_playbooks")).draft.grid
    assert grid.inputs == ["denial_class", "payer_id", "medicare"]
    await tab.do(
        "edit",
        sheetName="rules",
        op="paste",
        row="one",
        col="when.denial_class",
        text=excel.replace("\t\t\t", "\t\t", 1),
    )
    pasted = await cells()
    assert [one["denial_class"] for one in pasted] == ["coding", "duplicate"]
    assert pasted[0] == {"denial_class": "coding", "payer_id": "60054", "route": "appeal", "priority": "2"}
    await tab.do("edit", sheetName="rules", op="move", row="one", by="1")
    assert (await cells())[1] == pasted[0]
    await tab.do("edit", sheetName="rules", op="clear", cells=json.dumps([["one", "then.priority"]]))
    assert "priority" not in (await cells())[1]
    await tab.do("edit", sheetName="rules", op="delete", rows=json.dumps(["one"]))
    assert len(await cells()) == 1
    for _ in range(3):
        await tab.do("undo")
    assert await cells() == pasted
    await tab.do("edit", sheetName="rules", op="redo")
    assert (await cells())[1] == pasted[0]
    await tab.do("column", column="when.amount_cents", value="true")
    assert "Amount" in tab.main


async def test_who_may_only_look_changes_nothing_and_a_forged_act_does_no_harm(
    both: Both, visit: Visit
) -> None:
    north, _ = both
    qa = await north.tenant.actor("Biller")
    assert "Your roles do not open this page" in (await (await visit(north.tenant, qa)).open(PATH)).main
    lead = await north.tenant.actor("Team Lead")
    tab = await (await visit(north.tenant, lead)).open(PATH)
    assert 'data-do="ask_publish"' not in tab.main
    for op in ({"op": "delete", "rows": "nonsense"}, {"op": "clear", "cells": "[[1],{}]"}, {"op": "?"}, {}):
        await tab.do("edit", sheetName="rules", **op)
    await tab.do("publish", fields={"effective_from": TODAY, "reason": "Mine"})
    assert any(tone == "bad" for tone, *_ in tab.told)
    assert (await get_table(north.tenant.admin, "denial_playbooks")).versions == []


async def test_the_list_says_whose_version_decides(both: Both, visit: Visit) -> None:
    north, _ = both
    shown = await (await visit(north.tenant, north.tenant.admin)).open("/rules")
    for name in (
        "Scrubbing",
        "Routing of work",
        "Routing of files",
        "Denial playbooks",
        "Clocks",
        "Float weights",
    ):
        assert name in shown.main
    assert "default" in shown.main


async def test_the_codes_of_care_are_changed_tried_and_published_and_seen_among_the_settings(
    both: Both, visit: Visit
) -> None:
    north, south = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/rules/care_codes")
    assert "99490" in tab.main and "Tests" not in tab.main and "tab=simulate" not in tab.main
    await tab.do("edit", sheetName="rules", op="set", row="s3", col="then.seconds", text="1199.5")
    assert "One cell needs another look" in tab.main and "whole number" in tab.main
    await tab.do("edit", sheetName="rules", op="set", row="s3", col="then.seconds", text="1500")
    await tab.go("/rules/care_codes?tab=trial")
    assert "Not tried yet." in tab.main
    await tab.do("try", fields={"month": "2026-01"})
    assert "months would come to something else" in tab.main
    await tab.do("publish", fields={"effective_from": TODAY, "reason": "Twenty-five minutes"})
    assert ("ok", "Version 1 is published.", "It decides from now on.") in tab.told
    await tab.go("/care/settings")
    assert "25 min" in tab.main and "version 1 (" in tab.main
    other = await (await visit(south.tenant, south.tenant.admin)).open("/care/settings")
    assert "25 min" not in other.main and "as Medicare publishes them" in other.main
