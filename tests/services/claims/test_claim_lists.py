"""The claims list: its order, its pages, its filters and its search, and what one claim shows."""

import pytest

from domain.refusals import Invalid
from services.claims import capture, catalogue
from services.clientele import coverages, patients
from services.clientele.coverages import CoverageFacts
from services.clientele.patients import PatientFacts
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


async def _references(here: Exchange, **asked: object) -> list[str]:
    return [one.reference for one in (await catalogue.list_claims(here.tenant.admin, **asked)).items]  # type: ignore[arg-type]


async def test_claims_come_newest_first_in_pages_without_gap_or_repeat(
    here: Exchange, there: Exchange
) -> None:
    made = [(await capture.create(here.tenant.admin, here.draft(100))).reference for _ in range(5)]
    await capture.create(there.tenant.admin, there.draft(100))
    seen: list[str] = []
    cursor = None
    while True:
        page = await catalogue.list_claims(here.tenant.admin, cursor=cursor, limit=2)
        seen += [one.reference for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == made[::-1]


async def test_a_cursor_of_somebody_elses_making_is_refused(here: Exchange, there: Exchange) -> None:
    with pytest.raises(Invalid):
        await catalogue.list_claims(here.tenant.admin, cursor="not-a-cursor")


async def test_filters_narrow_the_list(here: Exchange, there: Exchange) -> None:
    draft = await capture.create(here.tenant.admin, here.draft(100))
    sent = await here.sent_claim()
    reference = (await catalogue.get_claim(here.tenant.admin, sent.id)).reference
    assert await _references(here, statuses=("sent",)) == [reference]
    assert await _references(here, statuses=("coding", "sent")) == [reference, draft.reference]
    assert await _references(here, client_id=there.client_id) == []
    assert len(await _references(here, client_id=here.client_id, patient_id=here.patient_id)) == 2
    assert await _references(here, statuses=("closed",)) == []


async def test_a_claim_is_found_by_every_number_and_name_it_has(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    claim = await catalogue.get_claim(here.tenant.admin, sent.id)
    await capture.create(there.tenant.admin, there.draft(100))
    for text in (
        claim.reference,
        sent.number,
        sent.number.lower(),
        "doe",
        "jan do",
        "ABC12345",
        "abc 123 45",
    ):
        assert await _references(here, text=text) == [claim.reference], text
    for text in ("smith", "ABC1234", "C-9999999", "%", "_", "' OR 1=1 --"):
        assert await _references(here, text=text) == [], text


async def test_a_name_finds_only_its_own_patients_claims(here: Exchange, there: Exchange) -> None:
    await capture.create(here.tenant.admin, here.draft(100))
    patient = await patients.add_patient(
        here.tenant.admin,
        PatientFacts(client_id=here.client_id, last_name="Quill", first_name="Rose", birth_date=here.draft(1).lines[0].service_from,
                     sex="F", line1="7 Oak Street", city="Dayton", state="OH", postal_code="45402"),
    )  # fmt: skip
    payer_id = (await here.one("SELECT id FROM payers"))["id"]
    coverage = await coverages.add_coverage(
        here.tenant.admin, CoverageFacts(patient.id, payer_id, member_id="QQ777")
    )
    from dataclasses import replace

    hers = await capture.create(
        here.tenant.admin, replace(here.draft(100), patient_id=patient.id, coverage_id=coverage.id)
    )
    assert await _references(here, text="quill") == await _references(here, text="QQ777") == [hers.reference]


async def test_a_paid_claim_shows_where_every_figure_comes_from(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim(10_000, 6_000)
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), sent.controls[0]),
        Svc(6_000, 0, (("CO", "16", 6_000),), sent.controls[1]),
    )
    await here.take(era(Payment((Clp(sent.number, 16_000, 8_000, lines=lines),))))
    claim = await catalogue.get_claim(here.tenant.admin, sent.id)
    assert (claim.charge_cents, claim.paid_cents, claim.adjusted_cents) == (16_000, 8_000, 2_000)
    assert sum(one.amount_cents for one in claim.ledger) == 0
    (decided,) = claim.adjudications
    assert [(one.line, one.group_code, one.reason_code, one.amount_cents) for one in decided.adjustments] == [
        (1, "CO", "45", 2_000),
        (2, "CO", "16", 6_000),
    ]
    line = (await catalogue.list_claims(here.tenant.admin)).items[0]
    assert (line.paid_cents, line.balance_cents) == (8_000, claim.balance_cents)


async def test_diagnoses_are_found_by_code_and_by_words(here: Exchange, there: Exchange) -> None:
    by_code = await catalogue.search_diagnoses(here.tenant.admin, "E11.9")
    assert by_code[0].code.replace(".", "") == "E119"
    assert any(
        "diabetes" in one.description.lower()
        for one in await catalogue.search_diagnoses(here.tenant.admin, "diabetes")
    )
    assert await catalogue.search_diagnoses(here.tenant.admin, "no such illness") == []
