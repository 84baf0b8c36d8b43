"""Patients and coverages: encrypted at rest, found by what people type, never across tenants."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from database import clientele_reads
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from domain.tenancy import workflow_actor
from services.clientele import clients, coverages, patients, payers, providers
from services.clientele.people import PersonFacts


@pytest.fixture
async def client(north, facts):
    return await clients.add_client(north.admin, facts.client)


@pytest.fixture
async def payer(north, facts):
    return await payers.add_payer(north.admin, facts.payer)


@pytest.fixture
async def patient(north, south, client, facts):
    return await patients.add_patient(north.admin, facts.patient_of(client.id))


async def test_a_patient_is_stored_sealed_and_shown_again(north, patient, facts) -> None:
    assert patient.name == "Ångström-Reyes, Zoë"
    assert patient.account_number.startswith("P")
    assert patient.phone == "9375550101"
    assert await patients.get_patient(north.admin, patient.id) == patient
    stored = await north.owner.fetchrow("SELECT * FROM patients WHERE id = $1", patient.id)
    raw = repr(dict(stored)).lower()
    assert not any(word in raw for word in ("ngstr", "zoë", "oak", "9375550101", "1950-01-31"))


@pytest.mark.parametrize(
    "text",
    [
        "ang",
        "ANGSTROM",
        "reyes",
        "zoe rey",
        "Ångström, Zoë",
        "1950-01-31",
        "1/31/1950",
        "01/31/1950 zo",
        "reyes 1950-01-31",
    ],
)
async def test_a_patient_is_found_by_beginnings_of_names_and_by_birth_date(north, patient, text: str) -> None:
    assert [one.id for one in await patients.search_patients(north.admin, text)] == [patient.id]
    assert [one.id for one in (await patients.list_patients(north.admin, text)).items] == [patient.id]


@pytest.mark.parametrize("text", ["zoe smith", "1950-01-30", "z", "2/30/1950", "' OR 1=1 --", "%", "ngs"])
async def test_a_patient_is_not_found_by_anything_else(north, patient, text: str) -> None:
    assert await patients.search_patients(north.admin, text) == []


async def test_a_patient_is_found_by_account_number_and_member_id(north, patient, payer, facts) -> None:
    await coverages.add_coverage(north.admin, facts.coverage(patient.id, payer.id))
    for text in (patient.account_number, patient.account_number.lower(), "ABC12345", "abc123-45"):
        assert [one.id for one in await patients.search_patients(north.admin, text)] == [patient.id], text


async def test_another_tenants_patient_is_never_found(north, south, patient) -> None:
    assert await patients.search_patients(south.admin, "angstrom") == []
    assert (await patients.list_patients(south.admin)).items == []
    for ask in (patients.get_patient, coverages.list_coverages):
        with pytest.raises(NotFound):
            await ask(south.admin, patient.id)


async def test_a_second_patient_of_the_same_name_and_birth_date_needs_a_second_thought(
    north, patient, facts
) -> None:
    twin = replace(facts.patient_of(patient.client_id), last_name="angstrom reyes", first_name="ZOE")
    with pytest.raises(Conflict, match="similar"):
        await patients.add_patient(north.admin, twin)
    await patients.add_patient(north.admin, replace(twin, birth_date=date(1951, 1, 31)))
    made = await patients.add_patient(north.admin, twin, even_if_similar=True)
    assert made.id != patient.id


async def test_every_wrong_field_of_a_patient_is_named_at_once(north, client, facts) -> None:
    tomorrow = date.today() + timedelta(days=2)
    wrong = replace(
        facts.patient_of(client.id),
        last_name=" ",
        sex="X",
        birth_date=tomorrow,
        state="",
        postal_code="1",
        phone="12",
        account_number="#",
    )
    with pytest.raises(Invalid) as refused:
        await patients.add_patient(north.admin, wrong)
    named = {fault.field for fault in refused.value.fields}
    assert named == {"last_name", "sex", "birth_date", "state", "postal_code", "phone", "account_number"}


async def test_a_refusal_never_repeats_what_was_typed(north, client, facts) -> None:
    with pytest.raises(Invalid) as refused:
        await patients.add_patient(north.admin, replace(facts.patient_of(client.id), phone="CANARY"))
    assert "CANARY" not in f"{refused.value}{refused.value.fields}"


async def test_a_renamed_patient_is_found_under_the_new_name_only(north, patient, facts) -> None:
    renamed = replace(facts.patient_of(patient.client_id), last_name="Berg")
    changed = await patients.change_patient(north.admin, patient.id, renamed, expected_version=1)
    assert (changed.version, changed.account_number) == (2, patient.account_number)
    assert await patients.search_patients(north.admin, "angstrom") == []
    assert len(await patients.search_patients(north.admin, "berg")) == 1
    with pytest.raises(Stale):
        await patients.change_patient(north.admin, patient.id, renamed, expected_version=1)


async def test_an_ended_patient_leaves_the_search_and_keeps_the_record(north, patient) -> None:
    ended = await patients.deactivate_patient(north.admin, patient.id, "Moved away")
    assert not ended.active
    assert await patients.search_patients(north.admin, "angstrom") == []
    assert len((await patients.list_patients(north.admin)).items) == 1
    assert (await patients.reactivate_patient(north.admin, patient.id)).active


async def test_reading_a_patient_leaves_an_audit_row_that_says_phi(north, patient) -> None:
    viewer = await north.actor("View-Only")
    await patients.get_patient(viewer, patient.id)
    await patients.search_patients(viewer, "angstrom")
    rows = await north.owner.fetch(
        "SELECT action, phi, subject_id, detail::text FROM audit_log WHERE actor_id = $1 ORDER BY seq",
        viewer.user_id,
    )
    assert [(row["action"], row["phi"]) for row in rows] == [
        ("clientele.patients.get_patient", True),
        ("clientele.patients.search_patients", True),
    ]
    assert "angstrom" not in repr([dict(row) for row in rows]).lower()
    with pytest.raises(NotAllowed):
        await patients.deactivate_patient(viewer, patient.id, "no")


async def test_patients_page_newest_first(north, client, facts) -> None:
    for number in range(5):
        born = date(1960, 1, 1 + number)
        await patients.add_patient(north.admin, replace(facts.patient_of(client.id), birth_date=born))
    first = await patients.list_patients(north.admin, limit=3, client_id=client.id)
    second = await patients.list_patients(north.admin, limit=3, client_id=client.id, cursor=first.next)
    days = [one.birth_date.day for one in first.items + second.items]
    assert (days, second.next) == ([5, 4, 3, 2, 1], None)


async def test_a_coverage_is_stored_sealed_and_shown_again(north, patient, payer, facts) -> None:
    made = await coverages.add_coverage(north.admin, facts.coverage(patient.id, payer.id))
    assert (made.member_id, made.rank_label, made.relationship_label) == ("ABC123-45", "Primary", "Self")
    assert made.payer_name == facts.payer.name
    assert (await coverages.list_coverages(north.admin, patient.id)).items == [made]
    stored = await north.owner.fetchrow("SELECT * FROM coverages WHERE id = $1", made.id)
    assert "ABC123" not in repr(dict(stored))


async def test_a_subscriber_is_asked_for_exactly_when_it_is_somebody_else(
    north, patient, payer, facts
) -> None:
    mother = PersonFacts("Berg", "Eva", date(1930, 5, 5), "F", "1 Elm", "Dayton", "OH", "45402")
    child = replace(facts.coverage(patient.id, payer.id), relationship="19")
    for wrong, field in (
        (child, "subscriber"),
        (replace(facts.coverage(patient.id, payer.id), subscriber=mother), "subscriber"),
        (replace(child, subscriber=replace(mother, last_name="")), "subscriber.last_name"),
        (replace(child, subscriber=mother, member_id="?"), "member_id"),
        (replace(child, subscriber=mother, rank="Q"), "rank"),
        (
            replace(
                child,
                subscriber=mother,
                effective_from=date(2026, 2, 1),
                effective_to=date(2026, 1, 1),
            ),
            "effective_to",
        ),
    ):
        with pytest.raises(Invalid) as refused:
            await coverages.add_coverage(north.admin, wrong)
        assert [fault.field for fault in refused.value.fields] == [field]
    made = await coverages.add_coverage(north.admin, replace(child, subscriber=mother))
    assert (made.subscriber, made.subscriber_name) == (mother, "Berg, Eva")


async def test_two_primary_coverages_at_the_same_time_are_refused(north, patient, payer, facts) -> None:
    first = replace(facts.coverage(patient.id, payer.id), effective_to=date(2025, 12, 31))
    made = await coverages.add_coverage(north.admin, first)
    with pytest.raises(Conflict, match="primary"):
        await coverages.add_coverage(north.admin, replace(first, effective_from=date(2025, 12, 31)))
    await coverages.add_coverage(
        north.admin, replace(first, effective_from=date(2026, 1, 1), effective_to=None)
    )
    await coverages.add_coverage(north.admin, replace(first, rank="S"))
    ended = await coverages.deactivate_coverage(north.admin, made.id, "Typed twice")
    assert not ended.active
    await coverages.add_coverage(north.admin, first)
    with pytest.raises(Conflict):
        await coverages.reactivate_coverage(north.admin, made.id)


async def test_a_coverage_is_changed_by_version_and_stays_with_its_patient(
    north, south, patient, payer, facts
) -> None:
    made = await coverages.add_coverage(north.admin, facts.coverage(patient.id, payer.id))
    changed = await coverages.change_coverage(
        north.admin, made.id, replace(facts.coverage(patient.id, payer.id), group_number="G1"), 1
    )
    assert (changed.version, changed.group_number) == (2, "G1")
    with pytest.raises(Stale):
        await coverages.change_coverage(north.admin, made.id, facts.coverage(patient.id, payer.id), 1)
    with pytest.raises(Invalid, match="stays"):
        await coverages.change_coverage(north.admin, made.id, facts.coverage(uuid4(), payer.id))
    with pytest.raises(NotFound):
        await coverages.get_coverage(south.admin, made.id)


async def test_a_coverage_cannot_name_another_tenants_patient_or_payer(
    north, south, patient, payer, facts
) -> None:
    with pytest.raises(Invalid):
        await coverages.add_coverage(south.admin, facts.coverage(patient.id, payer.id))


async def test_the_parties_of_a_claim_are_loaded_as_the_domain_knows_them(
    north, south, client, patient, payer, facts
) -> None:
    provider = await providers.add_provider(north.admin, facts.provider(client.id))
    coverage = await coverages.add_coverage(north.admin, facts.coverage(patient.id, payer.id))
    asked = (client.id, patient.id, coverage.id, provider.id)
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        many = await clientele_reads.load_parties(session, [asked, (*asked[:3], None)])
    parties = many[asked]
    assert parties.billing.npi == facts.client.npi
    assert parties.coverage.subscriber == parties.patient
    assert parties.coverage.payer.payer_id == "PM001"
    assert parties.rendering.npi == "1987654328"
    assert (parties.payer_id, parties.patient.birth_date) == (payer.id, date(1950, 1, 31))
    assert many[(*asked[:3], None)].rendering is None
    async with tenant_session(workflow_actor(south.tenant_id, "tests")) as session:
        with pytest.raises(LookupError):
            await clientele_reads.load_parties(session, [asked])


async def test_five_thousand_claims_take_five_queries(north, client, patient, payer, facts) -> None:
    coverage = await coverages.add_coverage(north.admin, facts.coverage(patient.id, payer.id))
    asked = [(client.id, patient.id, coverage.id, None)] * 5_000
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        await session.key()
        queries = []
        session.connection.add_query_logger(lambda record: queries.append(record.query))
        await clientele_reads.load_parties(session, asked)
    assert len([query for query in queries if "SELECT" in query]) == 5


async def test_medicare_after_another_payer_tells_why_and_nobody_else_does(
    north, south, patient, payer, facts
) -> None:
    medicare = await payers.add_payer(
        north.admin,
        replace(facts.payer, name="Medicare B", payer_id="MB1", medicare=True, claim_filing_code="MB"),
    )
    second = replace(facts.coverage(patient.id, medicare.id), rank="S")
    with pytest.raises(Invalid) as refusal:
        await coverages.add_coverage(north.admin, second)
    assert [fault.field for fault in refusal.value.fields] == ["insurance_type"]
    made = await coverages.add_coverage(north.admin, replace(second, insurance_type="12"))
    assert made.insurance_type_label.startswith("Working aged")
    with pytest.raises(Invalid):
        await coverages.change_coverage(north.admin, made.id, replace(second, rank="P", insurance_type="12"))
    with pytest.raises(Invalid):
        await coverages.add_coverage(
            north.admin, replace(facts.coverage(patient.id, payer.id), insurance_type="99")
        )
    first = await coverages.add_coverage(north.admin, facts.coverage(patient.id, payer.id))
    assert (first.rank, first.insurance_type) == ("P", "")
