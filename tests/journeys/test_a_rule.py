"""A rule changed in the browser, tested, simulated on past claims, published, and seen to act on the next one."""

import re

import pytest
from playwright.async_api import Page, expect

from cli.stack import Stack
from cli.story.opening import Scene, line
from cli.story.telling import until
from tests.journeys.conftest import SignIn

pytestmark = [pytest.mark.journey, pytest.mark.slow]

# One row that no claim meets yet, and the test that says what it should do.
DRAFT = {
    "grid": {
        "inputs": ["charge_cents"],
        "outputs": ["id", "severity", "message"],
        "rows": [
            {
                "id": "r1",
                "when": {"charge_cents": "> $9,000"},
                "then": {"id": "OWN-001", "severity": "hold", "message": "Attach the itemised bill."},
            }
        ],
        "hit": "collect",
    },
    "tests": [
        {
            "name": "Over a hundred dollars",
            "facts": {"charge_cents": "$125"},
            "expected": [{"id": "OWN-001"}],
        },
        {"name": "Small", "facts": {"charge_cents": "$80"}, "expected": []},
    ],
}


async def test_a_changed_rule_is_tested_simulated_published_and_holds_the_next_claim(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    assert scene.admin is not None
    past = await _claim(scene, 11)
    await scene.admin.put("decision-tables/scrubbing/draft", DRAFT)
    page = await sign_in("lantern", "ada@lantern.example")
    await page.goto(stack.tenant_url("lantern") + "/rules/scrubbing")

    await _lower_the_limit(page)
    await _simulated(page, past)
    await _published(page)

    reference = await _claim(scene, 12, status="held")
    await page.goto(stack.tenant_url("lantern") + "/claims")
    await page.locator("[data-rows] tr", has_text=reference).click()
    await expect(page.get_by_role("heading", level=1).locator(".chip")).to_have_text("Held")
    finding = page.locator(".finding", has_text="OWN-001").first
    await expect(finding).to_contain_text("Attach the itemised bill.")
    await expect(finding).to_contain_text("Scrubbing table, version 1, row 1")


async def _claim(scene: Scene, days_ago: int, status: str = "ready") -> str:
    """A claim of 125 dollars once it is scrubbed; its reference."""
    biller = scene.programs["biller"]
    made = await biller.post("claims", scene.draft("42", [line("99213", 12_500, 1, days_ago)]))
    await until(
        lambda: biller.get(f"claims/{made['id']}"),
        lambda one: one["step"] == status,
        f"a claim that is {status}",
    )
    return str(made["reference"])


async def _lower_the_limit(page: Page) -> None:
    """Edit the cell in the grid; the test that failed passes at once."""
    await expect(page.get_by_text("1 of 2 tests pass")).to_be_visible()
    await page.locator('[data-sheet="rules"] td[data-col="when.charge_cents"]').click()
    await page.keyboard.type("> $100")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 of 2 tests pass")).to_be_visible()


async def _simulated(page: Page, past: str) -> None:
    """What the past claim would have come to is shown before anything is in force."""
    await page.get_by_role("link", name="Simulate", exact=True).click()
    await page.get_by_role("button", name="Simulate the draft").click()
    await expect(page.get_by_text(re.compile(r"would have come to something else"))).to_be_visible()
    example = page.get_by_role("row").filter(has_text=past)
    await expect(example).to_contain_text("Attach the itemised bill.")


async def _published(page: Page) -> None:
    """Publishing asks for a day and a reason."""
    await page.get_by_role("button", name=re.compile("^Publish")).first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why").fill("Two payers asked for itemised bills.")
    await dialog.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("own version 1")).to_be_visible()
