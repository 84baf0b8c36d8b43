"""Forms and fields at open pages: written, published, filled in where work ends, kept as typed, shown and exported."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

from activities.work import open_item
from database.session import tenant_session
from domain.tenancy import workflow_actor
from services.work import drafts
from tests.fixtures.tenancy import TenantFixture
from tests.ui.conftest import Both, Visit

TODAY = datetime.now(UTC).date().isoformat()


async def silent(tenant: TenantFixture) -> UUID:
    """An item without an answer, free to take."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await open_item(session, str(uuid4()), "silence", "C-77 no answer")


async def test_a_form_is_written_published_filled_in_and_read_back(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/rules/forms")
    await tab.do("attach", fields={"ends": "silence", "title": "Call to the payer"})
    form = re.findall(r"/rules/forms/([0-9a-f-]{36})", tab.at)[0]
    for title, kind, more in (
        ("Their reference", "text", {"required": "true", "max_length": "20"}),
        ("Promised", "cents", {"minimum": "0"}),
        ("They said", "choice", {"choices": "Paid\nIn process"}),
    ):
        await tab.do("field", fields={"title": title, "type": kind, **more})
    await tab.do("pick", code="they_said")
    await tab.do("move", by="up")
    assert tab.main.index("They said") < tab.main.index("Promised")
    await tab.do("try", fields={"preview.promised": "-1"})
    assert "Their reference is needed." in tab.main and "At least 0.00." in tab.main
    await tab.do("publish", fields={"effective_from": TODAY, "reason": ""})
    assert "Say why" in tab.regions["over"]
    await tab.do("publish", fields={"effective_from": TODAY, "reason": "Every call counts."})
    assert ("ok", "Published.", "") in tab.told
    assert (await (await visit(south.tenant, south.tenant.admin)).get(f"/rules/forms/{form}")).status == 404

    item = await silent(north.tenant)
    work = await browser.open(f"/work?tab=all&item={item}")
    await work.do("take", id=str(item))
    assert "Call to the payer" in work.main and "f-answers.their_reference" in work.main
    typed = {"decision": "keep_waiting", "answers.promised": "12.5", "comment": ""}
    await work.do("answering", id=str(item), fields=typed)
    again = await browser.open(f"/work?tab=all&item={item}")
    assert 'value="12.5"' in again.main
    await work.do("complete", id=str(item), then="stay", fields=typed)
    assert "Their reference is needed." in work.main and "One thing needs" in work.main
    await work.do("complete", id=str(item), then="stay", fields=typed | {"answers.their_reference": "R-88"})
    assert await drafts.draft(north.tenant.admin, f"work/{item}") is None
    ended = await browser.open(f"/work?tab=all&item={item}")
    assert "R-88" in ended.main and "$12.50" in ended.main and "version 1" in ended.main
    listed = await browser.get(f"/export/form-answers.csv?form={form}")
    assert listed.text.splitlines()[0].endswith("Their reference,They said,Promised")
    assert "R-88,,12.50" in listed.text


async def test_a_field_stands_in_forms_lists_and_exports_and_its_type_stays(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/rules/fields?of=claim")
    fields = {"name": "Visit setting", "type": "choice", "choices": "Video\nPhone"}
    await tab.do("custom", fields=fields)
    assert "visit_setting" in tab.main
    claim = north.ids["claim_id"]
    page = await browser.open(f"/claims/{claim}")
    await page.do("open_custom")
    assert "f-custom.visit_setting" in page.main
    await page.do("save_custom", fields={"custom.visit_setting": "Fax"})
    assert "Choose one of the list." in page.main
    await page.do("save_custom", fields={"custom.visit_setting": "Video"})
    assert ("ok", "Saved.", "") in page.told
    assert str(claim) in (await browser.open("/claims?custom.visit_setting=Video")).main
    assert str(claim) not in (await browser.open("/claims?custom.visit_setting=Phone")).main
    listed = await browser.get("/export/claims.csv?custom.visit_setting=Video")
    assert "Visit setting" in listed.text.splitlines()[0] and ",Video" in listed.text
    await tab.go("/rules/fields?of=claim")
    ident = re.findall(r'data-id="([0-9a-f-]{36})"[^>]*><span>Change', tab.main)[-1]
    await tab.do("ask_custom", id=ident)
    assert "stays: values are kept already" in tab.regions["over"]
    await tab.do("custom", fields=fields | {"choices": "Phone"})
    assert "Records hold Video" in tab.regions["over"]
    assert (
        "Visit setting"
        not in (await (await visit(south.tenant, south.tenant.admin)).open("/rules/fields")).main
    )


async def test_a_table_shows_what_its_draft_would_have_changed(both: Both, visit: Visit) -> None:
    north, _ = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/rules/denial_playbooks?tab=simulate")
    await tab.do("simulate", fields={"days": "7"})
    assert "Nothing was decided in these days." in tab.main
    await tab.do("simulate", fields={"days": "400"})
    assert any(tone == "bad" for tone, *_ in tab.told) or "Choose 1 to 90 days" in tab.main
