"""The plan of the demo companies: enough of everything, recognisable after a restart, every scenario there is."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

from cli.demonstration import cast, records
from cli.demonstration.plan import Ending, Fault, PlannedClaim, planned
from cli.demonstration.stays import planned_stays
from domain.claims.institutional import InstitutionalClaim, RevenueLine
from domain.claims.model import Address, BillingProvider, Coverage, Payer, Person, Provider
from domain.claims.rules import Finding, ScrubContext
from domain.claims.rules.institutional import scrub_institutional
from domain.clientele import is_npi, is_zip_plus_four
from domain.codes import icd10cm
from sandbox.scenarios import SCENARIOS
from services.claims.institutional_drafts import stored_facts

TODAY = date(2026, 11, 21)
MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d\d"
)


def _harbor() -> list[records.DemoPatient]:
    return records.patients(records.HARBOR_SCENARIOS, len(records.HARBOR_CLIENTS), records.HARBOR_PAYERS)


def _prairie() -> list[records.DemoPatient]:
    return records.patients(records.PRAIRIE_SCENARIOS, len(records.PRAIRIE_CLIENTS), records.PRAIRIE_PAYERS)


def _claims() -> list[PlannedClaim]:
    return planned(_harbor(), 4, TODAY) + planned(_prairie(), 5, TODAY)


def test_there_are_a_dozen_people_sixty_patients_and_three_hundred_claims() -> None:
    people = {person.email for company in cast.COMPANIES for person in company.people}
    assert (len(people), len(_harbor()), len(_claims())) == (12, 60, 300)
    assert (len(records.HARBOR_CLIENTS), len(records.HARBOR_PAYERS)) == (3, 8)


def test_the_claims_of_a_company_are_told_apart_by_patient_and_day() -> None:
    for patients, each in ((_harbor(), 4), (_prairie(), 5)):
        claims = planned(patients, each, TODAY)
        assert len({(one.patient.number, one.day) for one in claims}) == len(claims)


def test_every_scenario_of_the_clearinghouse_comes_before() -> None:
    # Only test files are accepted and never paid.
    wanted = {one.key for one in SCENARIOS.values() if one.key and one.name != "accepted_only"}
    assert wanted <= {patient.scenario for patient in _harbor()}
    assert any(patient.scenario > "19" for patient in _harbor())


def test_medicare_patients_have_a_beneficiary_number_and_others_do_not() -> None:
    for patients, payers in ((_harbor(), records.HARBOR_PAYERS), (_prairie(), records.PRAIRIE_PAYERS)):
        for patient in patients:
            assert bool(MBI.fullmatch(patient.member_id)) == payers[patient.payer].medicare
        assert len({patient.member_id for patient in patients}) == len(patients)


def test_what_is_not_wrong_on_purpose_is_right() -> None:
    clients = (*records.HARBOR_CLIENTS, *records.PRAIRIE_CLIENTS)
    assert all(is_npi(one.npi) and is_zip_plus_four(one.address[3]) for one in clients)
    for claim in _claims():
        assert all(icd10cm.is_billable(code.replace(".", "")) for code in claim.diagnoses)
        assert {line.pointers[0] for line in claim.lines} == set(range(1, len(claim.diagnoses) + 1))
        assert claim.day < TODAY


def test_claims_are_held_left_unreleased_and_worked_in_every_way() -> None:
    claims = _claims()
    faults = Counter(one.fault for one in claims)
    assert set(faults) == set(Fault)
    assert sum(not one.released for one in claims) >= 10
    assert {one.ending for one in claims} == set(Ending)


def test_every_role_has_a_sign_in_to_try() -> None:
    roles = {role for role, _, _ in cast.sign_ins()}
    assert roles == {role for company in cast.COMPANIES for person in company.people for role in person.roles}


def test_the_hospitals_claims_break_no_rule_and_are_told_apart() -> None:
    patients = records.hospital_patients(len(_harbor()), 3, records.HARBOR_PAYERS)
    stays = planned_stays(patients, 300, TODAY)
    assert len(patients) >= 6 and len({(one.patient.number, one.day) for one in stays}) == len(stays)
    assert not {one.number for one in patients} & {one.number for one in _harbor()}
    assert [found for one in stays for found in _findings(one)] == []
    assert {one.facts.facility_code for one in stays if one.facts} == {"11", "13"}


def _findings(planned: PlannedClaim) -> tuple[Finding, ...]:
    """What the rules find when the hospital's practitioners are on the claim."""
    hospital, patient, draft = records.HARBOR_HOSPITAL, planned.patient, planned.facts
    assert draft is not None
    line1, city, state, postal_code = hospital.address
    people = [Provider(last, first, npi) for last, first, npi in hospital.providers]
    lines = tuple(
        RevenueLine(number, one.revenue_code, one.charge_cents, one.units, one.procedure, one.modifiers, one.unit,
                    one.non_covered_cents, one.service_from, one.service_to, f"L{number}")
        for number, one in enumerate(draft.lines, 1)
    )  # fmt: skip
    operating = people[1] if draft.principal_procedure else None
    facts = replace(stored_facts(draft), lines=lines, attending=people[0], operating=operating)
    where = Address(line1, city, state, postal_code)
    person = Person(patient.last_name, patient.first_name, patient.birth_date, patient.sex, where)
    payer = records.HARBOR_PAYERS[patient.payer]
    claim = InstitutionalClaim(
        "C-1",
        BillingProvider(
            hospital.name, hospital.npi, hospital.tax_id, hospital.taxonomy, where, *hospital.contact
        ),
        person,
        Coverage(Payer(payer.name, payer.payer_id, payer.filing_code), patient.member_id, person),
        facts,
    )
    return scrub_institutional(claim, ScrubContext(TODAY))
