"""What no page would ever send: ids of others, garbage, shapes of all kinds. Nothing is reached, nothing breaks."""

from typing import Any

import pytest

from tests.ui.acting import (
    arguments,
    every_action,
    every_kind_of_action,
    rows_of,
    typed,
    unforeseen,
)
from tests.ui.conftest import Both, Visit

pytestmark = pytest.mark.slow

MESSAGES: tuple[Any, ...] = (
    None,
    7,
    [],
    "text",
    {},
    {"do": None},
    {"do": "__init__"},
    {"do": "load"},
    {"do": "x" * 5000},
    {"do": []},
    {"do": "filter", "args": 3, "fields": [], "selected": "abc", "value": {"a": 1}},
    {"do": "release_many", "selected": [None, {}, "x"] * 400},
    {"do": "choose", "args": {"name": "after"}, "value": "x"},
    {"do": "search", "value": "\x00"},
    {"do": "found", "args": {"to": "https://evil.example"}},
    {"do": "@go"},
    {"do": "@go", "args": []},
)
ADDRESSES = (
    "javascript:alert(1)",
    "//evil.example/claims",
    "http://[",
    "http://evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "",
    "claims",
    "/\x00",
    "/x" * 3000,
    "/claims/../people",
    "/claims?after=%00&text=%ff",
    "?#",
)


async def test_messages_of_any_shape_change_nothing_and_break_nothing(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/claims")
    before = await rows_of(north.tenant)
    for message in MESSAGES:
        await tab.send(message)
        assert not any("did not work" in title for _, title, _ in tab.told), message
        assert "could not be shown" not in tab.main, message
        assert not tab.at.startswith("http"), message
        assert tab.left_for == "", message
    assert await rows_of(north.tenant) == before
    await tab.go("/work")
    assert "My work" in tab.main


async def test_a_way_that_leads_nowhere_stays_here_and_says_so(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/work")
    for href in ADDRESSES:
        await tab.go(href)
        assert not any("did not work" in title for _, title, _ in tab.told), href
        assert "could not be shown" not in tab.main, href
        assert tab.at.startswith("/") and not tab.at.startswith(("//", "/\\", "/\t")), href


async def test_no_action_reaches_another_tenants_record(standing: Both, visit: Visit) -> None:
    north, south = standing
    browser = await visit(north.tenant, north.tenant.admin)
    before = await rows_of(south.tenant)
    faults: list[str] = []
    # Searches do not mind small letters; what is shown with its capital was not typed, but read.
    word = south.mark.lower()
    async with browser.opened("/patients") as tab:
        await tab.do("filter", value=north.mark.lower())
        assert north.mark in tab.main, "a search for a name of one's own finds it"
    async for one, tab, action in every_action(browser, north.ids):
        chosen = tuple(str(value) for value in south.ids.values())
        said = arguments(one, south.ids)
        await tab.do(action, fields=typed(south.ids), selected=chosen, value=word, **said)
        faults += unforeseen(one, action, tab)
        if south.mark in "".join(tab.regions.values()) or south.mark in str(tab.told):
            faults.append(f"{one.path} {action}: tells of the other tenant")
    assert faults == []
    assert await rows_of(south.tenant) == before


TEXT = {"id": "not-an-id", "claim": "'; DROP TABLE claims; --", "number": "x", "priority": "9" * 5000}
SHAPES = {"claim": "\x00\U0001f600", "number": {}, "priority": 1e308, "version": "9" * 30}


async def test_garbage_in_an_action_is_refused_by_name(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    faults: list[str] = []
    async for one, tab, action in every_kind_of_action(browser, north.ids):
        right = {"id": arguments(one, north.ids)["id"]}  # the rest is looked at only when the id is one
        asked: dict[str, dict[str, Any]] = {
            "nothing": {}, "a wrong id": TEXT, "text": TEXT | right, "shapes": SHAPES | right
        }  # fmt: skip
        for name, given in asked.items():
            word = given.get("claim", "")
            fields = dict.fromkeys(typed(north.ids), word) | {"role_ids": [word], "permissions": [None]}
            selected = (word,) if given else ()
            await tab.do(action, fields=fields if given else {}, selected=selected, value=word, **given)
            faults += [f"{name}: {fault}" for fault in unforeseen(one, action, tab)]
    assert faults == []
