"""Coming in, changing companies and leaving, in a browser."""

import pytest
from playwright.async_api import Browser, expect

from cli.stack import Stack
from cli.story.opening import PASSWORD, Scene
from tests.journeys.conftest import PATIENCE, SignIn, fill_sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]


async def test_a_company_registers_watches_its_onboarding_and_sees_its_checklist(
    chromium: Browser, stack: Stack
) -> None:
    context = await chromium.new_context()
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    await page.goto(f"{stack.web_url}/register")
    await page.get_by_label("Company", exact=True).fill("Willow Billing")
    await page.get_by_label("Address").fill("willow")
    await page.get_by_label("Your name").fill("Wil Ferris")
    await page.get_by_label("E-mail").fill("wil@willow.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_text("Your tenant is ready.")).to_be_visible(timeout=PATIENCE)
    await page.get_by_role("link", name="Sign in").click()
    await fill_sign_in(page, "wil@willow.example")
    await expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
    await expect(page.locator("li.done")).to_contain_text("Connect a clearinghouse")
    await context.close()


async def test_a_person_of_two_companies_changes_between_them_without_signing_in_again(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    page = await sign_in("lantern", "ada@lantern.example")
    switcher = page.locator("summary[aria-label='Switch tenant']")
    await switcher.click()
    await page.get_by_role("menuitem", name="Copper Hill Billing").click()
    await page.wait_for_url(stack.tenant_url("copper") + "/**")
    await expect(switcher).to_contain_text("Copper Hill Billing")
    await page.goto(stack.tenant_url("lantern") + "/claims")
    await expect(page.get_by_role("heading", name="Claims")).to_be_visible()


async def test_whoever_works_elsewhere_is_shown_out(sign_in: SignIn, stack: Stack, scene: Scene) -> None:
    page = await sign_in("lantern", "biller@lantern.example")
    cookies = await page.context.cookies(stack.tenant_url("lantern"))
    session = next(one for one in cookies if one["name"] == "caseload_session")
    await page.context.add_cookies(
        [{"name": session["name"], "value": session["value"], "url": stack.tenant_url("copper")}]
    )
    answer = await page.goto(stack.tenant_url("copper") + "/claims")
    assert answer is not None
    assert answer.status == 403
    await expect(page.get_by_role("navigation", name="Main")).to_have_count(0)


async def test_signing_out_closes_every_page_of_the_sign_in(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    page = await sign_in("lantern", "ada@lantern.example")
    await page.locator("summary[aria-label^='Ada Lovell']").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.goto(stack.tenant_url("lantern") + "/claims")
    await expect(page.get_by_label("Password")).to_be_visible()
