"""What those who lead do: an audit up to a disputed finding, somebody lends a hand for a while, a rule is changed.

Together, since a platform is started for each file.
"""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from cli.stack import Stack
from cli.story.opening import PASSWORD, Scene, line
from cli.story.program import Program
from cli.story.telling import until
from tests.journeys.conftest import PATIENCE, SignIn

pytestmark = [pytest.mark.journey, pytest.mark.slow]

CLAIMS = 2


async def test_an_audit_goes_from_its_plan_to_a_finding_that_a_third_person_withdraws(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    await _auditor_joins(scene)
    for number in range(CLAIMS):
        draft = scene.draft("06", [line("99213", 12_500, days_ago=20 + number)])
        await scene.programs["biller"].post("claims", draft)
    lead = await sign_in("lantern", "ada@lantern.example")
    await lead.goto(stack.tenant_url("lantern") + "/quality")
    await _plan(lead)

    auditor = await sign_in("lantern", "quinn@lantern.example")
    await _opened_from_the_bell(auditor, "to review")
    await _review(auditor)

    biller = await sign_in("lantern", "biller@lantern.example")
    await _opened_from_the_bell(biller, "is complete")
    await expect(biller.get_by_text("Two units were billed, one was given.")).to_be_visible()
    await _dispute(biller)

    # The page of who planned it has been open all the while.
    await expect(_state(lead)).to_have_text("Disputed")
    await lead.get_by_role("button", name="Decide").click()
    await lead.get_by_label("Two units were billed").check()
    await lead.get_by_label("Why").fill("The note does say two units.")
    await lead.get_by_role("dialog").get_by_role("button", name="Decide").click()
    await expect(_findings(lead)).to_contain_text("Withdrawn")
    # And whoever disputed sees it without asking again.
    await expect(_findings(biller)).to_contain_text("Withdrawn")
    await expect(biller.get_by_text("The note does say two units.")).to_be_visible()


SHORTEST, LONGEST = 12, 120
"""Seconds that the assignment lasts: twice what signing in takes on this machine, so that it can be worked meanwhile."""


async def _in_the_pool(admin: Program) -> str:
    """Make the biller an employee who may be lent; their user's id."""
    people = {one["email"]: one["user_id"] for one in (await admin.get("people"))["items"]}
    biller_id: str = people["biller@lantern.example"]
    employee = {"number": "F-1", "name": "Bea Lindgren", "user_id": biller_id, "float_pool": True}
    await admin.post("employees", employee)
    return biller_id


async def test_a_float_assignment_comes_into_the_inbox_and_leaves_it_by_itself(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    assert scene.admin is not None
    held = await scene.programs["biller"].post("claims", scene.draft("42", [line("99213", 9123, 5, 71)]))
    biller_id = await _in_the_pool(scene.admin)
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


async def _auditor_joins(scene: Scene) -> None:
    assert scene.admin is not None
    roles = {role["name"]: role["id"] for role in await scene.admin.get("roles")}
    person = {"email": "quinn@lantern.example", "name": "Quinn Harper", "password": PASSWORD}
    await scene.admin.post("people", person | {"role_ids": [roles["QA Specialist"]]})


async def _plan(page: Page) -> None:
    """Plan it with the key; the page of the audit shows the seed and the sample."""
    await expect(page.get_by_role("button", name="Plan an audit")).to_be_visible()
    await page.keyboard.press("n")
    await page.get_by_label("Who is audited").select_option(label="Bea Lindgren")
    await page.get_by_label("Auditor", exact=True).select_option(label="Quinn Harper")
    await page.get_by_label("Claims", exact=True).fill(str(CLAIMS))
    await page.get_by_label("Seed").fill("20261122")
    await page.get_by_role("button", name="Plan and draw the sample").click()
    await expect(_state(page)).to_have_text("Sampled")
    await expect(page.get_by_text("20261122", exact=True)).to_be_visible()


async def _opened_from_the_bell(page: Page, words: str) -> None:
    """What they were told leads to the audit."""
    await page.keyboard.press("N")
    await page.get_by_role("menuitem", name=re.compile(words)).first.click()
    await expect(page.get_by_role("heading", name=re.compile(r"QA-\d+"))).to_be_visible()


async def _review(page: Page) -> None:
    """One claim is right, the other has one unit too many; then the result is told."""
    await page.get_by_role("link", name="Review the next claim").click()
    await page.get_by_role("button", name="All met").click()
    await expect(page.get_by_label("Units and dates of service are right.")).to_have_value("met")
    await page.get_by_role("button", name="Keep and next").click()
    await expect(page.get_by_text("claim 2 of 2")).to_be_visible()
    await page.get_by_role("button", name="All met").click()
    question = page.get_by_label("Units and dates of service are right.")
    await expect(question).to_have_value("met")
    await question.select_option("not_met")
    asked = page.locator(".stack > div", has=question)
    await asked.get_by_text("Finding", exact=True).click()
    await asked.get_by_label("What is wrong").fill("Two units were billed, one was given.")
    await asked.get_by_label("Field").fill("lines.1.units")
    await page.get_by_role("button", name=re.compile("Keep")).click()
    await page.get_by_role("button", name="Complete the audit").click()
    await page.get_by_label("Feedback").fill("Careful work; mind the units.")
    await page.get_by_role("button", name="Complete and tell").click()
    await expect(_state(page)).to_have_text("Notified")


async def _dispute(page: Page) -> None:
    await page.locator("main summary[aria-label='More actions']").click()
    await page.get_by_role("menuitem", name="Dispute").click()
    await page.get_by_label("Why").fill("The note says two units.")
    await page.get_by_role("dialog").get_by_role("button", name="Dispute").click()
    await expect(_state(page)).to_have_text("Disputed")


def _state(page: Page) -> Locator:
    """The chip in the head."""
    return page.locator("h1 .chip")


def _findings(page: Page) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name="Findings"))


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
