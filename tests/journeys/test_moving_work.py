"""A manager moves a leaver's work: planned, asked for, approved in another browser, and in other hands."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from cli.stack import Stack
from cli.story.opening import PASSWORD, Scene, line
from cli.story.telling import until
from tests.journeys.conftest import SignIn

pytestmark = [pytest.mark.journey, pytest.mark.slow]

HELD = 4
MANAGER, COLLEAGUE = "lee@lantern.example", "cora@lantern.example"


async def test_a_manager_moves_a_leavers_work(sign_in: SignIn, stack: Stack, scene: Scene) -> None:
    titles = await _a_leaver_with_work(scene)
    manager = await sign_in("lantern", MANAGER)
    await manager.goto(stack.tenant_url("lantern") + "/team/reassign")
    # Whoever leaves and holds work comes first.
    person = manager.get_by_label("Person", exact=True)
    await expect(person.locator("option").nth(1)).to_have_text(re.compile(r"Bea Lindgren \(4 open, leaves"))
    await person.select_option(index=1)
    await manager.get_by_label("For how long").select_option(label="They leave")
    await manager.get_by_role("button", name="Plan").click()
    plan = manager.get_by_role("table", name="Plan")
    await expect(plan.locator("tbody tr")).to_have_count(HELD)
    await expect(manager.get_by_role("table", name="Who gets it")).to_contain_text("Cora Vance")
    # One item is given to the manager, against the plan.
    await plan.get_by_role("combobox", name=f"Who gets {titles[0]}").select_option(label="Lee Fontaine")
    await expect(plan).to_contain_text("Chosen")
    await manager.keyboard.press("m")
    await manager.get_by_role("dialog").get_by_label("Why").fill("Bea leaves on Friday.")
    await manager.get_by_role("dialog").get_by_role("button", name="Ask").click()
    await expect(_state(manager)).to_have_text("Waits for approval")

    # Somebody else approves it; the page of the asker has been open all the while.
    other = await sign_in("lantern", "ada@lantern.example")
    await other.goto(stack.tenant_url("lantern") + "/approvals")
    await other.get_by_role("table", name="Approvals").get_by_text("4 items of Bea Lindgren").click()
    await expect(other.get_by_text("Bea leaves on Friday.")).to_be_visible()
    await other.keyboard.press("a")
    await other.get_by_role("dialog").get_by_label("Comment").fill("Thank you.")
    await other.get_by_role("dialog").get_by_role("button", name="Approve").click()
    await expect(_state(other)).to_have_text("Approved and done")
    await expect(_state(manager)).to_have_text("Moved")
    await expect(manager.get_by_role("table", name="Items").get_by_text("Moved", exact=True)).to_have_count(
        HELD
    )

    colleague = await sign_in("lantern", COLLEAGUE)
    await colleague.goto(stack.tenant_url("lantern") + "/work?tab=mine")
    await expect(colleague.locator("[data-rows] tr").first).to_be_visible()
    assert await _held_by(scene, "biller") == []


async def test_a_role_taken_away_in_one_browser_is_felt_at_the_next_click_in_the_other(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    admin = _admin(scene)
    roles = {role["name"]: role["id"] for role in await admin.get("roles")}
    person = {"email": "remy@lantern.example", "name": "Remy Castor", "password": PASSWORD}
    await admin.post("people", person | {"role_ids": [roles["Biller"]]})
    made = await scene.programs["biller"].post("claims", scene.draft("42", [line("99213", 9_700, 5, 62)]))
    biller = await sign_in("lantern", "remy@lantern.example")
    await biller.goto(stack.tenant_url("lantern") + "/work")
    row = biller.locator("[data-rows] tr").filter(has_text=made["reference"])
    await row.click()
    take = biller.get_by_role("button", name="Take")
    await expect(take).to_be_visible()

    owner = await sign_in("lantern", "ada@lantern.example")
    await owner.goto(stack.tenant_url("lantern") + "/people")
    remy = owner.get_by_role("table", name="People").get_by_role("row").filter(has_text="Remy Castor")
    await remy.get_by_role("button", name="Roles").click()
    await _exchange(owner, "Biller", "View-Only")
    people = {one["name"]: one["roles"] for one in (await admin.get("people"))["items"]}
    assert [role["name"] for role in people["Remy Castor"]] == ["View-Only"]

    # The page is open as it was; what it still offers is refused.
    await biller.keyboard.press("t")
    await expect(biller.get_by_text(re.compile("roles do not allow|not allow", re.I)).first).to_be_visible()
    item = next(
        one
        for one in (await admin.get("work?scope=all&limit=200"))["items"]
        if made["reference"] in one["title"]
    )
    assert item["owner_id"] is None


async def _a_leaver_with_work(scene: Scene) -> list[str]:
    """Bea, who leaves, holds four claims; Cora bills too, and Lee leads both. The titles of the items."""
    admin, biller = _admin(scene), scene.programs["biller"]
    roles = {role["name"]: role["id"] for role in await admin.get("roles")}
    for email, name, role in ((MANAGER, "Lee Fontaine", "Team Lead"), (COLLEAGUE, "Cora Vance", "Biller")):
        await admin.post(
            "people", {"email": email, "name": name, "role_ids": [roles[role]], "password": PASSWORD}
        )
    people = {one["name"]: one["user_id"] for one in (await admin.get("people"))["items"]}
    team = await admin.post("teams", {"name": "Billing"})
    today = datetime.now(UTC).date().isoformat()
    for number, name in enumerate(("Lee Fontaine", "Bea Lindgren", "Cora Vance"), 1):
        leaves = {"left_on": today} if name == "Bea Lindgren" else {}
        facts = {"number": f"M-{number}", "name": name, "user_id": people[name], "team_id": team["id"]}
        await admin.post("employees", facts | leaves)
    for number in range(HELD):
        await biller.post("claims", scene.draft("42", [line("99213", 9_200 + number, 5, 50 + number)]))

    async def held() -> list[Any]:
        return list((await biller.get("work?kinds=hold&scope=available&limit=200"))["items"])

    items = (await until(held, lambda found: len(found) >= HELD, "held claims"))[:HELD]
    for one in items:
        await biller.post(f"work/{one['id']}/take")
    return [one["title"] for one in items]


async def _held_by(scene: Scene, who: str) -> list[Any]:
    return list((await scene.programs[who].get("work?scope=mine"))["items"])


async def _exchange(page: Page, before: str, after: str) -> None:
    """Take one role away and give another in its place."""
    window = page.get_by_role("dialog")
    await window.get_by_role("checkbox", name=re.compile(f"^{before}")).uncheck()
    await window.get_by_role("checkbox", name=re.compile(f"^{after}")).check()
    await window.get_by_role("button", name="Save").click()
    await expect(window).to_have_count(0)


def _state(page: Page) -> Any:
    return page.locator("h1 .chip")


def _admin(scene: Scene) -> Any:
    assert scene.admin is not None
    return scene.admin
