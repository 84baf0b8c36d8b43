"""The story in a browser: people come in, and two of them take a claim from its first fault to the last cent.

One file, so that the stack of the fixtures ends with it and leaves the machine to the other tests.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from cli.stack import Stack
from cli.story.opening import PASSWORD, Scene, line
from cli.story.telling import until
from tests.journeys.conftest import PATIENCE, SignIn, fill_sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]

DAY = (datetime.now(UTC).date() - timedelta(days=30)).isoformat()
BAD_NPI = "1234567890"


async def test_a_claim_goes_from_two_findings_over_a_denial_to_closed(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    biller = await sign_in("lantern", "biller@lantern.example")
    specialist = await sign_in("lantern", "specialist@lantern.example")

    await _capture(biller, stack, "Marlow", pointer="7", referring_npi=BAD_NPI)
    reference = await _held_with_findings_at_their_fields(biller)
    await _correct_both(biller)
    await specialist.goto(stack.tenant_url("lantern") + "/work")
    await expect(_row(specialist, reference)).to_have_count(0)

    await biller.get_by_role("button", name="Release").click()
    await expect(_status(biller)).to_have_text("Partially denied")

    # New work appears while the queue is open: nobody has loaded it again.
    await expect(_row(specialist, reference)).to_contain_text("CO-16")
    await _take_and_replace_by_keyboard(specialist, reference)
    await expect(_status(biller)).to_have_text("Closed")
    await expect(biller.get_by_text("$132.00").first).to_be_visible()
    await expect(biller.get_by_text("Replacement").or_(biller.get_by_text("(7)")).first).to_be_visible()


async def test_the_queue_is_worked_from_the_keyboard(sign_in: SignIn, stack: Stack, scene: Scene) -> None:
    for number in range(3):
        await _held_claim(scene, number)
    page = await sign_in("lantern", "biller@lantern.example")
    await page.goto(stack.tenant_url("lantern") + "/work")
    rows = page.locator("[data-rows] tr")
    await expect(rows.nth(2)).to_be_visible()
    titles = [await rows.nth(number).get_by_role("link").first.inner_text() for number in range(3)]

    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(page.locator("tr[data-current]")).to_contain_text(titles[1])
    await page.keyboard.press("k")
    await expect(page.locator("tr[data-current]")).to_contain_text(titles[0])
    await page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="The open item")
    await expect(panel.get_by_role("heading", name=titles[0])).to_be_visible()
    await page.keyboard.press("t")
    await expect(panel).to_contain_text("with Bea Lindgren")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next / previous row")


async def _by_keys(page: Page, address: str) -> list[str]:
    """Sign in as the specialist without a mouse; the titles of the three denials that wait."""
    await page.goto(address)
    for words, then in (("specialist@lantern.example", "Tab"), (PASSWORD, "Enter")):
        await page.keyboard.type(words)
        await page.keyboard.press(then)
    rows = page.locator("[data-rows] tr")
    await expect(rows).to_have_count(3)
    return [await rows.nth(number).get_by_role("link").first.inner_text() for number in range(3)]


async def _taken_by_keys(page: Page, title: str) -> None:
    """Open the first row of the queue and take it."""
    panel = page.get_by_role("complementary", name="The open item")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("heading", name=title)).to_be_visible()
    await page.keyboard.press("t")
    await expect(panel).to_contain_text("with Dan Okoye")


async def test_a_denial_specialists_day_by_keyboard_alone(
    chromium: Browser, stack: Stack, scene: Scene
) -> None:
    expect.set_options(timeout=PATIENCE)
    await _three_denials(scene)
    context = await chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    keys = page.keyboard
    titles = await _by_keys(page, stack.tenant_url("lantern") + "/work?kind=denial")
    panel = page.get_by_role("complementary", name="The open item")

    # The first is read, spoken of, and put off until the payer has called back.
    await _taken_by_keys(page, titles[0])
    await expect(panel).to_contain_text("CO-16")
    await keys.press("@")
    await keys.type("@Bea Lindgren, what did they say on the phone?")
    await keys.press("Control+Enter")
    await expect(panel).to_contain_text("to Bea Lindgren")
    await keys.press("s")
    await expect(page.get_by_role("dialog", name="Put off")).to_be_visible()
    await keys.press("Control+Enter")
    await expect(panel).to_have_count(0)
    await expect(page.locator("[data-rows] tr")).to_have_count(2)

    # The second is appealed, and the third opens by itself.
    await _taken_by_keys(page, titles[1])
    await keys.press("1")
    await keys.press("m")
    await keys.type("The remark is answered by the operative report.")
    await keys.press("Control+Enter")
    await expect(panel.get_by_role("heading", name=titles[2])).to_be_visible()
    await keys.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Take")
    await keys.press("Escape")
    appeals = await scene.programs["specialist"].get("appeals")
    assert [one["reference"] for one in appeals["items"]] == [titles[1].split()[0]]
    snoozed = await scene.programs["specialist"].get("work", scope="snoozed")
    assert [one["title"] for one in snoozed["items"]] == [titles[0]]
    await context.close()


async def test_what_another_took_shows_in_an_open_page_without_reload(
    sign_in: SignIn, stack: Stack, scene: Scene
) -> None:
    reference = await _held_claim(scene, 5)
    first = await sign_in("lantern", "biller@lantern.example")
    second = await sign_in("lantern", "specialist@lantern.example")
    for page in (first, second):
        await page.goto(stack.tenant_url("lantern") + "/work")
        await _row(page, reference).click()
        await expect(page.get_by_role("button", name="Take")).to_be_visible()
    await first.keyboard.press("t")
    await expect(second.get_by_role("complementary", name="The open item")).to_contain_text("Bea Lindgren")


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


async def _capture(page: Page, stack: Stack, patient: str, *, pointer: str, referring_npi: str) -> None:
    """Type a claim of two lines as a biller does."""
    await page.goto(stack.tenant_url("lantern") + "/claims/new")
    await page.locator("#f-patient_id").press_sequentially(patient)
    await page.get_by_role("option", name=re.compile(patient)).click()
    await expect(page.get_by_label("Coverage")).to_be_visible()
    for code in ("E11.9", "I10"):
        await page.get_by_label("Add a diagnosis").press_sequentially(code)
        await page.get_by_role("option", name=re.compile(re.escape(code))).first.click()
        await expect(page.locator(".codes")).to_contain_text(code)
    await _line(page, 1, "99213", "1", "125.00")
    await page.get_by_role("button", name="Add a line").click()
    await _line(page, 2, "85025", pointer, "40.00")
    await page.get_by_text("Referral, authorization, accident, dates").click()
    await page.get_by_label("Referring provider").fill("Quill")
    await page.get_by_label("Referring NPI").fill(referring_npi)
    await page.get_by_role("button", name="Save and check").click()


async def _line(page: Page, number: int, procedure: str, pointer: str, charge: str) -> None:
    typed = {"from": DAY, "to": DAY, "procedure": procedure, "diagnoses": pointer, "units": "1"}
    for head, text in (*typed.items(), ("charge $", charge)):
        await page.get_by_label(f"Line {number}, {head}", exact=True).fill(text)


async def _held_with_findings_at_their_fields(page: Page) -> str:
    """Wait for the claim's page; answers its reference."""
    await expect(_status(page)).to_have_text("Held")
    pointer = page.locator("[data-field='lines.2.pointers']")
    npi = page.locator("[data-field='referring.npi']")
    await expect(pointer.first).to_contain_text("CL-COD-014")
    await expect(npi.first).to_contain_text("CL-PRV-003")
    found = re.search(r"C-\d+", await page.get_by_role("heading", level=1).inner_text())
    assert found
    return found[0]


async def _correct_both(page: Page) -> None:
    await page.get_by_role("link", name="Correct and scrub again").click()
    await expect(page.locator("[data-field='lines.2.pointers']").first).to_be_visible()
    await page.get_by_label("Line 2, diagnoses", exact=True).fill("2")
    await page.get_by_label("Referring NPI").fill("")
    await page.get_by_label("Referring provider").fill("")
    await page.get_by_role("button", name="Save and check again").click()
    await expect(_status(page)).to_have_text("To be released")
    await expect(page.locator(".finding.error")).to_have_count(0)


async def _take_and_replace_by_keyboard(page: Page, reference: str) -> None:
    await _row(page, reference).click()
    panel = page.get_by_role("complementary", name="The open item")
    await expect(panel).to_contain_text(reference)
    await page.keyboard.press("t")
    await expect(panel).to_contain_text("with Dan Okoye")
    await page.keyboard.press("f")
    await expect(page.get_by_role("heading", name=f"Correct {reference}")).to_be_visible()
    await page.get_by_label("Line 2, modifiers", exact=True).fill("59")
    await page.keyboard.press("Control+Enter")
    await expect(_status(page)).to_have_text("Closed")


async def _held_claim(scene: Scene, number: int) -> str:
    """A claim that the rules hold, made by a program; answers its reference."""
    faulty = line("99213", 9000 + number, 5, 40 + number)
    made = await scene.programs["biller"].post("claims", scene.draft("42", [faulty]))
    return str(made["reference"])


async def _three_denials(scene: Scene) -> None:
    """Claims that the payer pays in part, made and released by programs; waits for the work that they leave."""
    biller, specialist = scene.programs["biller"], scene.programs["specialist"]
    for number in range(3):
        days = 13 + 2 * number
        lines = [line("99213", 12_500, 1, days), line("85025", 4_000 + number, 1, days)]
        made = await biller.post("claims", scene.draft("06", lines))
        await until(
            lambda made=made: biller.get(f"claims/{made['id']}"),
            lambda one: one["step"] == "ready",
            "a checked claim",
        )
        await biller.post(f"claims/{made['id']}/release")

    async def denials() -> list[object]:
        return list((await specialist.get("work", kinds="denial"))["items"])

    await until(denials, lambda found: len(found) == 3, "three denials")


def _status(page: Page) -> Locator:
    """The chip beside the heading."""
    return page.get_by_role("heading", level=1).locator(".chip")


def _row(page: Page, text: str) -> Locator:
    return page.locator("[data-rows] tr", has_text=text)
