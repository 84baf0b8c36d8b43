"""The demo company that coordinates care: enough of everybody, six months that look like work, filled once."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import asyncpg
import pytest

from cli.demonstration.juniper import company, history, rhythm
from cli.demonstration.juniper.company import JUNIPER
from cli.demonstration.juniper.filling import fill
from cli.demonstration.juniper.patients import CarePatient, patients
from cli.demonstration.juniper.planning import plan_for
from cli.demonstration.masters import House
from domain.care.entries import Programme
from domain.care.plan_checks import faults_of
from domain.clientele import is_npi, is_phone, is_tax_id, is_zip_plus_four
from services.care import enrolments, invoices, months, payments, roster
from services.clientele import patients as patient_services
from tests.cli.test_demonstration import MBI
from tests.fixtures.tenancy import TenantFixture, founded

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
FIRST = {"ccm": 1200, "pcm": 1800}


@pytest.fixture(scope="module")
def everybody() -> list[CarePatient]:
    return patients(TODAY)


def _seconds(spent: list[history.Spent]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for one in spent:
        sums[one.patient.number] += int((one.ends_at - one.starts_at).total_seconds())
    return sums


def test_the_company_has_thirty_coordinators_and_fifteen_hundred_patients(
    everybody: list[CarePatient],
) -> None:
    roles = Counter(person.roles[0] for person in JUNIPER.people)
    assert roles == {"Tenant Admin": 1, "Care Manager": 4, "Care Coordinator": 30, "Billing Staff": 3}
    assert len({person.email for person in JUNIPER.people}) == len(JUNIPER.people)
    assert len(everybody) == 1500
    assert {one.programme for one in everybody} == {one.value for one in Programme}
    assert len({place.zone for place in company.PLACES}) == len(company.CLIENTS) == 6
    assert {role for role, _, _ in company.sign_ins()} == set(roles)


def test_numbers_of_practices_and_patients_have_their_form(everybody: list[CarePatient]) -> None:
    for client in company.CLIENTS:
        assert is_npi(client.npi) and is_tax_id(client.tax_id) and is_zip_plus_four(client.address[3])
        assert is_phone(client.contact[1]) and all(is_npi(npi) for _, _, npi in client.providers)
    assert len({one.member_id for one in everybody}) == len({one.account for one in everybody}) == 1500
    assert all(is_phone(one.phone) for one in everybody)
    assert all(bool(MBI.fullmatch(one.member_id)) == (one.payer == 0) for one in everybody)


def test_care_plans_lack_nothing_that_is_asked_of_them(everybody: list[CarePatient]) -> None:
    assert [fault for one in everybody for fault in faults_of(plan_for(one, TODAY))] == []


def test_nobody_is_with_two_patients_at_once_and_nothing_is_spent_before_consent(
    everybody: list[CarePatient],
) -> None:
    spent = history.month_of(date(2026, 10, 1), everybody, NOW)
    by_person: dict[int, list[history.Spent]] = {}
    for one in spent:
        by_person.setdefault(one.patient.coordinator, []).append(one)
    for mine in by_person.values():
        mine.sort(key=lambda one: one.starts_at)
        assert all(before.ends_at <= after.starts_at for before, after in pairwise(mine))
    assert all(one.starts_at.date() >= one.patient.since for one in spent)
    assert {one.starts_at.microsecond for one in spent} == {0}


def test_some_patients_are_missed_and_the_running_month_is_on_its_way(everybody: list[CarePatient]) -> None:
    timed = [one for one in everybody if one.step == "active" and one.programme in FIRST]
    whole = _seconds(history.month_of(date(2026, 10, 1), everybody, NOW))
    running = _seconds(history.month_of(date(2026, 11, 1), everybody, NOW))
    missed = [one for one in timed if whole[one.number] < FIRST[one.programme]]
    behind = [one for one in timed if running[one.number] < FIRST[one.programme]]
    assert 0.05 < len(missed) / len(timed) < 0.25 < len(behind) / len(timed) < 0.8


def test_coordinators_differ_in_when_they_work() -> None:
    shares = []
    for number in range(company.COORDINATORS):
        days, weights = rhythm.weighed_days(number, date(2026, 10, 1), TODAY)
        early = sum(weight for day, weight in zip(days, weights, strict=True) if day.day <= 15)
        shares.append(early / sum(weights))
    assert min(shares) < 0.35 and max(shares) > 0.6


async def test_filling_twice_adds_nothing_and_tells_the_audit_trail_how_many(
    house: asyncpg.Connection, password_hash: str, south: TenantFixture
) -> None:
    juniper = await founded(house, "juniper", password_hash, "care")
    now = datetime.now(UTC)
    stand = House(JUNIPER, now.date(), actors={JUNIPER.admin.email: juniper.admin})
    added = await fill(stand, now)
    before = await _counts(house)
    assert await fill(stand, now) == 0
    assert await _counts(house) == before
    assert before["care_time_entries"] == added > 25_000 and before["care_enrolments"] == 1500
    told = await house.fetchval(
        "SELECT sum((detail->>'entries')::int) FROM audit_log WHERE action = 'demonstration.care_time'"
    )
    assert told == added
    await _as_people_see_it(house, juniper, south)
    await _only_the_last_month_is_left_to_close(juniper, stand.since)
    await _practices_pay_in_every_way(juniper, south)


async def _as_people_see_it(house: asyncpg.Connection, juniper: TenantFixture, south: TenantFixture) -> None:
    person = await house.fetchval("SELECT id FROM users WHERE email = $1", company.coordinator(0).email)
    coordinator = await juniper.person(person)
    mine = await roster.roster(coordinator)
    assert 40 < len(mine.patients) <= 50 and {one.coordinator_id for one in mine.patients} == {person}
    shown = await enrolments.get_care(coordinator, mine.patients[0].id)
    consent = next(one.said for one in shown.history if one.event == "consented")
    assert consent["words"] and shown.patient_name
    found = await patient_services.list_patients(juniper.admin, text=shown.patient_name.split(",")[0])
    assert shown.patient_id in {one.id for one in found.items}
    assert (await roster.roster(south.admin)).patients == []


async def _only_the_last_month_is_left_to_close(juniper: TenantFixture, today: date) -> None:
    running, last = (f"{one:%Y-%m}" for one in reversed(rhythm.months_until(today)[-2:]))
    known = await months.list_months(juniper.admin)
    assert [one.key for one in known if not one.step] == [running, last]
    assert {one.step for one in known[2:]} == {"closed"} and len(known) == 7
    closed = await months.get_month(juniper.admin, known[2].key)
    by_outcome = {one.outcome: one.patients for one in closed.outcomes}
    assert by_outcome["billed"] > 900 > by_outcome["nothing"] > 50


async def _practices_pay_in_every_way(juniper: TenantFixture, south: TenantFixture) -> None:
    listed = (await invoices.list_invoices(juniper.admin, limit=100)).items
    states = Counter(one.state for one in listed)
    assert set(states) == {"open", "partly_paid", "overdue", "paid", "credited", "credit_note"}
    assert states["paid"] > 10 and states["credit_note"] == states["credited"] == 1
    owed = await payments.ageing(juniper.admin)
    assert sum(one.open_cents for one in owed) == sum(one.balance_cents for one in listed) > 0
    late = {place for one in owed for place, cents in enumerate(one.ages) if cents}
    assert 0 in late and len(late) > 2
    paid = (await payments.list_payments(juniper.admin, limit=100)).items
    assert len([one for one in paid if one.reversed_on]) == 1
    assert (await invoices.list_invoices(south.admin)).items == []


async def _counts(owner: asyncpg.Connection) -> dict[str, int]:
    tables = ("users", "patients", "care_enrolments", "care_plans", "care_time_entries", "care_outreach", "outbox", "absences",
              "care_terms", "care_invoices", "care_payments", "care_receivables")  # fmt: skip
    return {name: await owner.fetchval(f"SELECT count(*) FROM {name}") for name in tables}
