"""The plan of the demo companies: enough of everything, recognisable after a restart, every scenario there is."""

import re
from collections import Counter
from datetime import date

from cli.demonstration import cast, records
from cli.demonstration.plan import Ending, Fault, PlannedClaim, planned
from domain.clientele import is_npi, is_zip_plus_four
from domain.codes import icd10cm
from sandbox.scenarios import SCENARIOS

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
    wanted = {one.key for one in SCENARIOS.values() if one.key}
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
