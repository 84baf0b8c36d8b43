"""Makes a demo company: registration, roles, people, clients, payers, fees and patients. What is there already stays."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from cli.demonstration.cast import CUSTOM_ROLE, PASSWORD, Company, Person
from cli.demonstration.records import CONTRACT, FEES, DemoClient, DemoPatient, DemoPayer
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele.clients import ClientFacts, add_client, list_clients
from services.clientele.coverages import CoverageFacts, add_coverage, list_coverages
from services.clientele.fee_schedules import (
    FeeScheduleFacts,
    add_fee_schedule,
    list_fee_schedules,
    paste_fee_lines,
)
from services.clientele.patients import PatientFacts, add_patient, list_patients
from services.clientele.payers import PayerFacts, add_payer, list_payers
from services.clientele.people import PersonFacts
from services.clientele.providers import ProviderFacts, add_provider, list_providers
from services.tenancy import account, people, registration, roles, sign_in
from services.tenancy.expected_answers import expect_answers_within

# So that the silence of a payer shows within minutes; a real tenant waits for days.
ANSWERS_DUE = {"999": 60, "clearinghouse_277ca": 120}


# Patients of these scenarios of the clearinghouse get a second coverage: a share is left, or the claim is passed on.
_LEAVING = frozenset({"01", "18"})


class OnboardingFailed(Exception):
    """A demo company could not be made; the text says why."""


@dataclass(slots=True)
class House:
    """A demo company as it stands: its ids by the plan's numbers, and the people who are signed in."""

    company: Company
    since: date
    clients: list[UUID] = field(default_factory=list)
    providers: list[list[UUID]] = field(default_factory=list)
    payers: list[UUID] = field(default_factory=list)
    patients: dict[int, UUID] = field(default_factory=dict)
    coverages: dict[int, UUID] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    async def actor(self, person: Person) -> Actor:
        """The person at work in this company."""
        if person.email not in self.actors:
            signed_in = await sign_in.sign_in(person.email, PASSWORD, self.company.subdomain)
            self.actors[person.email] = await sign_in.actor_for(signed_in.token, self.company.subdomain)
        return self.actors[person.email]

    async def admin(self) -> Actor:
        """The administrator."""
        return await self.actor(self.company.admin)


async def found(company: Company) -> House:
    """Register the company and wait until its onboarding is done. Raises OnboardingFailed."""
    key = f"demo-tenant-{company.subdomain}"
    admin = company.admin
    asked = await registration.register(
        key, company.name, company.subdomain, "pro", company.kind, admin.email, admin.name, PASSWORD
    )
    while asked.status not in ("ready", "failed", "refused"):
        await asyncio.sleep(0.2)
        asked = await registration.registration(asked.id)
    if asked.status != "ready":
        raise OnboardingFailed(f"{company.name} could not be registered: {asked.reason}")
    return House(company, asked.requested_at.date())


async def staff(house: House) -> None:
    """Give the company its own role, bring its people in, and set how soon answers are expected."""
    admin = await house.admin()
    await expect_answers_within(admin, ANSWERS_DUE)
    known = {role.name: role.id for role in await roles.list_roles(admin)}
    if CUSTOM_ROLE.name not in known:
        made = await roles.add_role(
            admin,
            CUSTOM_ROLE.name,
            CUSTOM_ROLE.description,
            list(CUSTOM_ROLE.permissions),
            [known[name] for name in CUSTOM_ROLE.inherits_from],
        )
        known[made.name] = made.id
    here = {person.email: person for person in await every(people.list_people, admin)}
    for person in house.company.people[1:]:
        if person.email not in here or here[person.email].status == "invited":
            await _bring_in(house, admin, person, [known[name] for name in person.roles])


async def _bring_in(house: House, admin: Actor, person: Person, role_ids: list[UUID]) -> None:
    invited = await people.invite(admin, person.email, person.name, person.job_title, role_ids, PASSWORD)
    if invited.code:  # has an account from the other company and joins with the code
        signed_in = await sign_in.sign_in(person.email, PASSWORD)
        await account.accept_invitation(signed_in.token, house.company.subdomain, invited.code)


async def furnish(
    house: House, clients: tuple[DemoClient, ...], payers: tuple[DemoPayer, ...], fees: str = FEES
) -> None:
    """Clients with their providers, payers, and the fee schedule; with the usual fees also the first payer's contract."""
    admin = await house.admin()
    known = {client.name: client.id for client in await every(list_clients, admin)}
    house.clients = [known.get(one.name) or await _add_client(admin, one) for one in clients]
    house.providers = [
        await _providers(admin, client_id, one) for client_id, one in zip(house.clients, clients, strict=True)
    ]
    there = {payer.payer_id: payer.id for payer in await every(list_payers, admin)}
    house.payers = [there.get(one.payer_id) or await _add_payer(admin, one) for one in payers]
    if not await every(list_fee_schedules, admin):
        schedule = await add_fee_schedule(admin, FeeScheduleFacts("Standard charges", date(2026, 1, 1)))
        await paste_fee_lines(admin, schedule.id, fees)
        if fees != FEES:
            return
        facts = FeeScheduleFacts(
            f"{payers[0].name}: contract", date(2026, 1, 1), house.payers[0], kind="contract"
        )
        await paste_fee_lines(admin, (await add_fee_schedule(admin, facts)).id, CONTRACT)


async def admit(house: House, patients: list[DemoPatient]) -> None:
    """Patients with their coverages, added by a biller."""
    biller = await house.actor(house.company.holding("Biller")[0])
    known = {patient.account_number: patient.id for patient in await every(list_patients, biller)}
    for patient in patients:
        number = account_number(house.company, patient)
        patient_id = known.get(number)
        if patient_id is None:
            patient_id = (await add_patient(biller, _patient_facts(house, patient, number))).id
        covered = (await list_coverages(biller, patient_id)).items
        house.patients[patient.number] = patient_id
        house.coverages[patient.number] = (
            covered[0].id if covered else await _add_coverage(house, biller, patient)
        )


async def cover_again(house: House, patients: list[DemoPatient], payers: tuple[DemoPayer, ...]) -> None:
    """A second coverage for every other patient whose first payer leaves a share or passes the claim on."""
    biller = await house.actor(house.company.holding("Biller")[0])
    for patient in patients:
        if patient.scenario not in _LEAVING or patient.number % 2:
            continue
        patient_id = house.patients[patient.number]
        if len((await list_coverages(biller, patient_id)).items) == 1:
            second = _next_payer(patient, payers)
            ending = "01" if patient.number % 4 else "99"  # some of them leave a share again
            facts = CoverageFacts(
                patient_id, house.payers[second], f"SUP{5_000 + patient.number}{ending}", rank="S"
            )
            await add_coverage(biller, facts)


def _next_payer(patient: DemoPatient, payers: tuple[DemoPayer, ...]) -> int:
    """Another payer than the first, and not Medicare, which would ask why it is not the first."""
    later = [(patient.payer + step) % len(payers) for step in range(1, len(payers))]
    return next(number for number in later if not payers[number].medicare)


def account_number(company: Company, patient: DemoPatient) -> str:
    """How the company calls the patient; recognises them after a restart."""
    return f"{company.subdomain[:2].upper()}{1001 + patient.number}"


async def every(list_page: Callable[..., Awaitable[Page[Any]]], actor: Actor, **filters: Any) -> list[Any]:
    """All pages of a list."""
    page = await list_page(actor, **filters)
    items = list(page.items)
    while page.next:
        page = await list_page(actor, cursor=page.next, **filters)
        items.extend(page.items)
    return items


async def _add_client(admin: Actor, client: DemoClient) -> UUID:
    line1, city, state, postal_code = client.address
    contact, phone = client.contact
    facts = ClientFacts(
        name=client.name,
        npi=client.npi,
        tax_id=client.tax_id,
        taxonomy=client.taxonomy,
        line1=line1,
        city=city,
        state=state,
        postal_code=postal_code,
        contact_name=contact,
        phone=phone,
    )
    return (await add_client(admin, facts)).id


async def _providers(admin: Actor, client_id: UUID, client: DemoClient) -> list[UUID]:
    known = {one.npi: one.id for one in await every(list_providers, admin, client_id=client_id)}
    ids = []
    for last_name, first_name, npi in client.providers:
        if npi not in known:
            facts = ProviderFacts(client_id, last_name, first_name, npi, client.taxonomy)
            known[npi] = (await add_provider(admin, facts)).id
        ids.append(known[npi])
    return ids


async def _add_payer(admin: Actor, payer: DemoPayer) -> UUID:
    facts = PayerFacts(
        payer.name,
        payer.payer_id,
        claim_filing_code=payer.filing_code,
        timely_filing_days=payer.filing_days,
        medicare=payer.medicare,
    )
    return (await add_payer(admin, facts)).id


def _patient_facts(house: House, patient: DemoPatient, number: str) -> PatientFacts:
    city, state, postal_code = (
        ("Salina", "KS", "67401") if house.company.subdomain == "prairie" else ("Gloucester", "MA", "01930")
    )
    return PatientFacts(
        client_id=house.clients[patient.client],
        last_name=patient.last_name,
        first_name=patient.first_name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        line1=patient.line1,
        city=city,
        state=state,
        postal_code=postal_code,
        account_number=number,
    )


async def _add_coverage(house: House, biller: Actor, patient: DemoPatient) -> UUID:
    parent = None
    if patient.child_of:
        facts = _patient_facts(house, patient, "")
        parent = PersonFacts(
            patient.last_name,
            patient.child_of,
            date(1981, 4, 17),
            "F",
            facts.line1,
            facts.city,
            facts.state,
            facts.postal_code,
        )
    coverage = CoverageFacts(
        patient_id=house.patients[patient.number],
        payer_id=house.payers[patient.payer],
        member_id=patient.member_id,
        relationship="19" if parent else "18",
        subscriber=parent,
    )
    return (await add_coverage(biller, coverage)).id
