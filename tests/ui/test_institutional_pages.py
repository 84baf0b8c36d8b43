"""Institutional claims on their pages: typed, kept, handed in, shown with their findings, corrected."""

from dataclasses import replace
from datetime import date, timedelta

from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from services.claims import capture, catalogue
from services.claims.views import ClaimDraft
from tests.fixtures.institutional import stay_bill
from tests.ui.conftest import Both, Visit

DAY = date.today() - timedelta(days=20)


async def test_a_visit_is_typed_kept_as_a_draft_and_handed_in(both: Both, visit: Visit) -> None:
    north, south = both
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/claims/new/institutional")
    await tab.do("choose_patient", id=str(north.ids["patient_id"]))
    await tab.do("add_diagnosis", code="S93.401A")
    await tab.do("add_diagnosis", code="M25571", fields={"adding": "reason"})
    await tab.do("paste", number="1", value=f"450\t99283\t25\t{DAY:%m/%d/%Y}\t1\t900.00\n0250\t2\t24.50")
    await tab.do("add_code", fields={"facts.patient_status": "01"})
    await tab.do("typed", fields={"codes.1.kind": "value", "codes.1.code": "80", "codes.1.amount": "1"})
    again = await browser.open("/claims/new/institutional")
    assert "$924.50" in again.main and "S93.401A" in again.main and "Reason for visit" in again.main
    assert "$924.50" not in (await browser.open("/claims/new")).main
    await tab.do("save", then="check")
    assert 'href="#f-facts.statement_from"' in tab.main
    day = DAY.isoformat()
    await tab.do(
        "save", then="check", fields={"facts.statement_from": day, "facts.statement_to": day, "facts.attending.npi": "1245319599"}
    )  # fmt: skip
    (made, *_) = (await catalogue.list_claims(north.tenant.admin, form="institutional")).items
    claim = await catalogue.get_claim(north.tenant.admin, made.id)
    assert claim.draft.facts is not None and claim.charge_cents == 92_450
    assert [line.revenue_code for line in claim.draft.facts.lines] == ["0450", "0250"]
    assert (await catalogue.list_claims(south.tenant.admin, form="institutional")).items == []


async def test_findings_stand_at_their_fields_and_the_form_corrects_them(both: Both, visit: Visit) -> None:
    north, _ = both
    ids = north.ids
    bill = replace(stay_bill(DAY), admission_type="", other_procedures=())
    draft = ClaimDraft(ids["client_id"], ids["patient_id"], ids["coverage_id"], facts=bill)
    made = await capture.create(north.tenant.admin, draft)
    await scrub_claim(ClaimTask(north.tenant.tenant_id, made.id, 1))
    browser = await visit(north.tenant, north.tenant.admin)
    shown = (await browser.open(f"/claims/{made.id}")).main
    assert "111 Hospital inpatient" in shown and "4 days × 1200.00" in shown
    assert 'data-field="facts.admission_type"' in shown
    tab = await browser.open(f"/claims/{made.id}/edit")
    assert 'data-field="facts.admission_type"' in tab.main and 'value="1415"' in tab.main
    await tab.do("save", fields={"facts.admission_type": "1"})
    await scrub_claim(ClaimTask(north.tenant.tenant_id, made.id, 2))
    after = await catalogue.get_claim(north.tenant.admin, made.id)
    assert (after.findings, after.current_version) == ([], 2)
    assert after.draft.facts == replace(bill, admission_type="1")


async def test_a_row_of_a_professional_claim_cannot_be_forged_into_a_bill(both: Both, visit: Visit) -> None:
    north, _ = both
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/claims/new")
    await tab.do("add_code")
    await tab.do("remove_code", number="1")
    assert "Codes and procedures" not in tab.main and "New claim" in tab.main
