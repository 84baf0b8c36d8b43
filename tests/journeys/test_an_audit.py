"""An audit from its plan to a disputed finding, as the four people around it see it in their browsers."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from cli.stack import Stack
from cli.story.opening import PASSWORD, Scene, line
from tests.journeys.conftest import SignIn

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
