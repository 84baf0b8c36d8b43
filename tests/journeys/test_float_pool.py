"""A float assignment in two browsers: offered, accepted, worked, and over by itself without anybody's reload."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from cli.stack import Stack
from cli.story.opening import Scene, line
from tests.journeys.conftest import PATIENCE, SignIn

pytestmark = [pytest.mark.journey, pytest.mark.slow]

SHORTEST, LONGEST = 12, 120
"""Seconds that the assignment lasts: twice what signing in takes on this machine, so that it can be worked meanwhile."""


async def test_a_float_assignment_comes_into_the_inbox_and_leaves_it_by_itself(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    assert scene.admin is not None
    held = await scene.programs["biller"].post("claims", scene.draft("42", [line("99213", 9123, 5, 71)]))
    people = {one["email"]: one["user_id"] for one in (await scene.admin.get("people"))["items"]}
    biller_id = people["biller@lantern.example"]
    employee = {"number": "F-1", "name": "Bea Lindgren", "user_id": biller_id, "float_pool": True}
    await scene.admin.post("employees", employee)
    lead = await sign_in("lantern", "ada@lantern.example")
    began = time.monotonic()
    biller = await sign_in("lantern", "biller@lantern.example")
    await biller.goto(stack.tenant_url("lantern") + "/work?tab=mine")
    await expect(biller.get_by_role("heading", name="My work")).to_be_visible()
    lasts = min(max(2 * (time.monotonic() - began), SHORTEST), LONGEST)

    now = datetime.now(UTC)
    asked = {
        "user_id": biller_id,
        "client_id": scene.client_id,
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(seconds=lasts)).isoformat(),
    }
    made = await scene.admin.post("float-assignments", asked)
    await lead.goto(stack.tenant_url("lantern") + f"/team/float/assignments/{made['id']}")

    # The offer appears in the open page; accepted, the work is there at once.
    await biller.locator("[data-rows] tr", has_text=made["line"]["reference"]).click()
    await biller.get_by_role("link", name="Open the assignment").click()
    await biller.get_by_role("button", name="Accept").click()
    await biller.get_by_role("link", name="Open the work").click()
    row = biller.locator("[data-rows] tr", has_text=held["reference"])
    await row.click()
    panel = biller.get_by_role("complementary", name="The open item")
    await panel.get_by_role("button", name="Take").click()
    await expect(panel).to_contain_text("with Bea Lindgren")

    # Nobody does anything: it ends, and what was taken is free again.
    await expect(panel).not_to_contain_text("with Bea Lindgren", timeout=1000 * lasts + PATIENCE)
    await expect(panel).to_contain_text(f"{made['line']['reference']} has ended.")
    await expect(lead.locator("h1")).to_contain_text("Ended")
    await expect(row).to_have_count(0)
    await expect(biller.get_by_text("Nothing waits where you lend a hand.")).to_be_visible()
