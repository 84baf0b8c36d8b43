"""Institutional claims through the door: what is entered is kept, judged by its own rules, and corrected."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from activities.claims.messages import ClaimTask, DecisionTask
from activities.claims.resending import copy_for_resending
from activities.claims.scrubbing import scrub_claim
from database.claim_reads import load_claims
from database.session import tenant_session
from domain.claims.institutional import InstitutionalClaim, InstitutionalDiagnosis, ValueCode
from domain.refusals import Invalid
from domain.tenancy import workflow_actor
from services.claims import capture, catalogue
from services.claims.institutional_views import PractitionerDraft, RevenueLineDraft
from services.claims.views import ClaimView
from services.clientele import providers
from services.clientele.providers import ProviderFacts
from tests.fixtures.exchange import Exchange
from tests.fixtures.institutional import institutional, stay_bill, visit_bill

DAY = date.today() - timedelta(days=40)


async def _scrubbed(here: Exchange, **changes: Any) -> ClaimView:
    made = await capture.create(here.tenant.admin, institutional(here, stay_bill(DAY, **changes)))
    await scrub_claim(ClaimTask(here.tenant.tenant_id, made.id, 1))
    return await catalogue.get_claim(here.tenant.admin, made.id)


async def _loaded(here: Exchange, claim: ClaimView, version: int = 1) -> InstitutionalClaim:
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        found = (await load_claims(session, [(claim.id, version)]))[claim.id, version]
    assert isinstance(found, InstitutionalClaim)
    return found


async def test_what_was_entered_comes_back_fact_by_fact(here: Exchange, there: Exchange) -> None:
    for bill in (stay_bill(DAY), visit_bill(DAY), stay_bill(DAY, frequency="2", patient_status="30")):
        draft = institutional(here, bill)
        claim = await capture.create(here.tenant.admin, draft)
        assert (claim.draft, claim.form) == (draft, "institutional")
        assert (claim.charge_cents, claim.service_from, claim.service_to) == (
            sum(line.charge_cents for line in bill.lines),
            bill.statement_from,
            bill.statement_to,
        )
    assert await there.rows("SELECT 1 FROM institutional_facts") == []


async def test_a_good_stay_and_a_good_visit_are_clean(here: Exchange, there: Exchange) -> None:
    assert (await _scrubbed(here)).findings == []
    made = await capture.create(here.tenant.admin, institutional(here, visit_bill(DAY)))
    await scrub_claim(ClaimTask(here.tenant.tenant_id, made.id, 1))
    assert (await catalogue.get_claim(here.tenant.admin, made.id)).step == "ready"


async def test_codes_are_tidied_and_empty_ones_left_out(here: Exchange, there: Exchange) -> None:
    claim = await _scrubbed(
        here,
        principal=InstitutionalDiagnosis(" i21.4 ", "y"),
        other_diagnoses=(InstitutionalDiagnosis("e11.9", "Y"), InstitutionalDiagnosis(" ")),
        conditions=("09", ""),
    )
    assert claim.draft.facts is not None
    assert claim.draft.facts.principal == InstitutionalDiagnosis("I214", "Y")
    assert claim.draft.facts.other_diagnoses == (InstitutionalDiagnosis("E119", "Y"),)
    assert claim.draft.facts.conditions == ("09",)
    rows = await here.rows("SELECT diagnoses FROM claim_versions")
    assert rows[0]["diagnoses"] == ["I214", "E119"]


async def test_a_practitioner_of_the_client_is_named_by_the_records_and_a_typed_npi_stands_before(
    here: Exchange, there: Exchange
) -> None:
    known = ProviderFacts(here.client_id, "Hill", "Ann", "1987654328", "207Q00000X")
    provider = (await providers.add_provider(here.tenant.admin, known)).id
    claim = await _scrubbed(here, attending=PractitionerDraft(provider), operating=None)
    facts = (await _loaded(here, claim)).facts
    assert facts.attending is not None and facts.operating is None
    assert (facts.attending.last_name, facts.attending.npi) == ("Hill", "1987654328")
    wrong = await _scrubbed(here, attending=PractitionerDraft(provider, npi="1987654321"))
    assert (await _loaded(here, wrong)).facts.attending == replace(facts.attending, npi="1987654321")
    assert {one.field for one in wrong.findings} == {"facts.attending.npi"}


async def test_the_note_is_sealed(here: Exchange, there: Exchange) -> None:
    await _scrubbed(here, note="Fell at the fair")
    rows = await here.rows("SELECT note, codes::text AS codes FROM institutional_facts")
    assert b"fair" not in rows[0]["note"].lower() and "fair" not in rows[0]["codes"].lower()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facility_code": "99"}, "facts.facility_code"),
        ({"patient_status": "30"}, "facts.patient_status"),
        ({"admission_type": ""}, "facts.admission_type"),
        ({"values": (ValueCode("8", Decimal(4)),)}, "facts.values.1.code"),
        ({"other_diagnoses": (InstitutionalDiagnosis("E119", ""),)}, "facts.other_diagnoses.1.present_on_admission"),
        ({"attending": None}, "facts.attending"),
    ],
)  # fmt: skip
async def test_a_fault_is_found_by_the_institutional_rules_at_its_field(
    here: Exchange, there: Exchange, changes: dict[str, Any], field: str
) -> None:
    assert field in {one.field for one in (await _scrubbed(here, **changes)).findings}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": ()}, "facts.lines"),
        ({"lines": (RevenueLineDraft("0120", -1),)}, "facts.lines.1.charge_cents"),
        ({"lines": (RevenueLineDraft("0120", 1, Decimal("NaN")),)}, "facts.lines.1.units"),
        ({"lines": (RevenueLineDraft("01200", 1),)}, "facts.lines.1.revenue_code"),
        ({"frequency": "7"}, "facts.frequency"),
        ({"note": "a\x00b"}, "facts.note"),
        ({"conditions": ("09",) * 25}, "facts.conditions"),
        ({"values": (ValueCode("80", Decimal("Infinity")),)}, "facts.values.1"),
        ({"attending": PractitionerDraft(npi="1" * 21)}, "facts.attending"),
    ],
)
async def test_what_cannot_be_stored_is_refused_at_its_field(
    here: Exchange, there: Exchange, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await capture.create(here.tenant.admin, institutional(here, stay_bill(DAY, **changes)))
    assert [fault.field for fault in refusal.value.fields] == [field]
    assert await here.count("claims") == 0


async def test_lines_and_diagnoses_of_the_other_form_are_refused(here: Exchange, there: Exchange) -> None:
    mixed = replace(here.draft(100), facts=stay_bill(DAY))
    with pytest.raises(Invalid) as refusal:
        await capture.create(here.tenant.admin, mixed)
    assert [fault.field for fault in refusal.value.fields] == ["lines", "diagnoses"]


async def test_an_edited_bill_is_a_new_version_of_the_same_form(here: Exchange, there: Exchange) -> None:
    claim = await _scrubbed(here, facility_code="99")
    with pytest.raises(Invalid, match="form"):
        await capture.correct(here.tenant.admin, claim.id, here.draft(100))
    later = stay_bill(DAY + timedelta(days=1), frequency="2", patient_status="30", discharge_hour="")
    await capture.correct(here.tenant.admin, claim.id, institutional(here, later))
    await scrub_claim(ClaimTask(here.tenant.tenant_id, claim.id, 2))
    seen = await catalogue.get_claim(here.tenant.admin, claim.id)
    assert (seen.frequency, seen.current_version, seen.draft.facts) == ("2", 2, later)
    assert seen.service_from == later.statement_from
    assert (await _loaded(here, claim, 1)).facts.facility_code == "99"


async def test_a_bill_sent_again_unchanged_has_the_same_facts_under_new_numbers(
    here: Exchange, there: Exchange
) -> None:
    claim = await _scrubbed(here)
    task = DecisionTask(here.tenant.tenant_id, claim.id, 1, uuid4(), "resend")
    assert await copy_for_resending(task) == 2
    first, second = await _loaded(here, claim, 1), await _loaded(here, claim, 2)
    assert first.claim_number != second.claim_number
    numbers = [line.control_number for line in second.lines]
    assert numbers == [f"{second.claim_number}{n:03d}" for n in (1, 2, 3)]
    same = tuple(replace(line, control_number="") for line in first.lines)
    assert tuple(replace(line, control_number="") for line in second.lines) == same
    assert replace(first.facts, lines=()) == replace(second.facts, lines=())


async def test_the_list_is_narrowed_by_form(here: Exchange, there: Exchange) -> None:
    stay = await capture.create(here.tenant.admin, institutional(here, stay_bill(DAY)))
    other = await capture.create(here.tenant.admin, here.draft(100))
    for form, wanted in (
        ("institutional", [stay.id]),
        ("professional", [other.id]),
        ("", [other.id, stay.id]),
    ):
        found = await catalogue.list_claims(here.tenant.admin, form=form)
        assert [line.id for line in found.items] == wanted
