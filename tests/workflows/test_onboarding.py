"""Onboarding on a real Temporal server: completely, or not at all."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.worker import Replayer

from activities import ports
from domain.refusals import NotFound
from integrations.clearinghouse import DeskError, Enrolment, HttpPracticeDesk
from integrations.payments import Customer, FilePayments, PaymentRefused, PaymentsUnavailable
from integrations.temporal import data_converter
from services.tenancy import checklist, registration, sign_in
from tests.fixtures.clearinghouse import Partner
from tests.fixtures.onboarding import Onboarding
from tests.fixtures.tenancy import MASTER_KEY, TenantFixture
from workflows.tenancy import Onboarded, TenantOnboarding

HISTORIES = Path(__file__).parent.parent / "data" / "histories"
FACTS: dict[str, Any] = {
    "request_key": "key-of-this-request",
    "company": "Canary Billing",
    "subdomain": "east",
    "plan": "pro",
    "kind": "billing",
    "admin_email": "canary@east.example",
    "admin_name": "Carla Canary",
    "password": "canary long password",
}


class RefusingPayments(FilePayments):
    """A provider that takes no new customers."""

    async def open_customer(self, request_key: str, customer: Customer) -> str:
        await super().open_customer(request_key, customer)
        raise PaymentRefused("card_declined")


class StumblingPayments(FilePayments):
    """A provider that answers only the third time."""

    tries = 0

    async def open_customer(self, request_key: str, customer: Customer) -> str:
        self.tries += 1
        if self.tries < 3:
            raise PaymentsUnavailable("no answer")
        return await super().open_customer(request_key, customer)


class ClosedDesk:
    """A practice clearinghouse that enrols nobody."""

    async def enrol(self, username: str, public_key: str, sender_id: str) -> Enrolment:
        raise DeskError("refused", 403)


async def _ended(
    onboarding: Onboarding, view: registration.RegistrationView
) -> tuple[Onboarded, WorkflowHandle]:
    handle = onboarding.client.get_workflow_handle_for(
        TenantOnboarding.run, f"{view.tenant_id}/onboarding/{view.id}"
    )
    return await asyncio.wait_for(handle.result(), 30), handle


async def test_a_registration_ends_with_an_administrator_who_signs_in_and_sees_a_checklist(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    view = await registration.register(**FACTS)
    result, _ = await _ended(onboarding, view)
    assert result == Onboarded(view.tenant_id, "ready")
    signed = await sign_in.sign_in("canary@east.example", FACTS["password"], "east")
    actor = await sign_in.actor_for(signed.token, "east")
    assert actor.may("users.manage")
    assert len(await checklist.checklist(actor)) == 7
    done = await registration.registration(view.id)
    assert (done.status, {step.state for step in done.steps}) == ("ready", {"done"})
    assert len(await onboarding.payments.customers()) == 1


async def test_registering_again_with_the_same_key_starts_nothing_new(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    view = await registration.register(**FACTS)
    await _ended(onboarding, view)
    again = await registration.register(**FACTS)
    assert (again.id, again.status) == (view.id, "ready")
    assert await onboarding.owner.fetchval("SELECT count(*) FROM tenants") == 3


async def test_a_refusal_for_good_leaves_nothing_behind_but_the_reason(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    payments = RefusingPayments(onboarding.payments._file)
    ports.install(ports.Ports(payments))
    view = await registration.register(**FACTS)
    result, _ = await _ended(onboarding, view)
    assert result == Onboarded(view.tenant_id, "failed", "billing.refused")
    told = await registration.registration(view.id)
    assert (told.status, told.reason) == (
        "failed",
        "The payment provider refused the account (card_declined).",
    )
    assert [step.state for step in told.steps if step.key == "billing"] == ["failed"]
    left = await onboarding.owner.fetchrow(
        "SELECT (SELECT count(*) FROM memberships WHERE tenant_id = $1) AS memberships,"
        " (SELECT count(*) FROM roles WHERE tenant_id = $1) AS roles,"
        " (SELECT count(*) FROM tenant_keys WHERE tenant_id = $1) AS keys,"
        " (SELECT count(*) FROM users WHERE email = 'canary@east.example') AS users,"
        " (SELECT status FROM tenants WHERE id = $1) AS status,"
        " (SELECT password_hash FROM registrations WHERE tenant_id_made = $1) AS hash",
        view.tenant_id,
    )
    assert tuple(left) == (0, 0, 0, 0, "closed", "")
    assert {one["status"] for one in (await payments.customers()).values()} == {"closed"}
    with pytest.raises(NotFound):
        await sign_in.tenant_of("east")


async def test_after_a_failure_the_address_is_free_for_another_try(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    ports.install(ports.Ports(RefusingPayments(onboarding.payments._file)))
    await _ended(onboarding, await registration.register(**FACTS))
    ports.install(ports.Ports(onboarding.payments))
    second = await registration.register(**{**FACTS, "request_key": "another-request-key"})
    result, _ = await _ended(onboarding, second)
    assert result.status == "ready"


async def test_the_way_back_spares_a_person_whom_another_tenant_knows(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    ports.install(ports.Ports(RefusingPayments(onboarding.payments._file)))
    await _ended(onboarding, await registration.register(**{**FACTS, "admin_email": "admin@north.example"}))
    assert (await north.person(north.people["admin@north.example"])).may("users.manage")


async def test_an_outage_that_passes_costs_only_time(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    payments = StumblingPayments(onboarding.payments._file)
    ports.install(ports.Ports(payments))
    result, _ = await _ended(onboarding, await registration.register(**FACTS))
    assert (result.status, payments.tries) == ("ready", 3)
    assert len(await payments.customers()) == 1


async def test_the_first_connection_is_enrolled_at_the_practice_clearinghouse(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture, partner: Partner
) -> None:
    ports.install(ports.Ports(onboarding.payments, HttpPracticeDesk(partner.control_url)))
    view = await registration.register(**FACTS)
    await _ended(onboarding, view)
    row = await onboarding.owner.fetchrow("SELECT * FROM connections WHERE tenant_id = $1", view.tenant_id)
    assert row["active"]
    assert row["host_key"].startswith("ssh-")
    assert b"PRIVATE KEY" not in row["private_key"]


async def test_a_desk_that_enrols_nobody_undoes_the_connection_too(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    ports.install(ports.Ports(onboarding.payments, ClosedDesk()))
    view = await registration.register(**FACTS)
    result, _ = await _ended(onboarding, view)
    assert result.code == "connection.refused"
    assert await onboarding.owner.fetchval("SELECT count(*) FROM connections") == 0
    assert {one["status"] for one in (await onboarding.payments.customers()).values()} == {"closed"}


async def test_each_step_may_be_repeated(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    view = await registration.register(**FACTS)
    await _ended(onboarding, view)
    counts = "SELECT (SELECT count(*) FROM roles), (SELECT count(*) FROM memberships), (SELECT count(*) FROM tenant_keys)"
    before = await onboarding.owner.fetchrow(counts)
    for step in registration.STEPS:
        await step(registration.steps.Onboarding(view.tenant_id, view.id))
    assert await onboarding.owner.fetchrow(counts) == before


async def test_history_holds_nothing_readable_about_the_person(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture
) -> None:
    ports.install(ports.Ports(RefusingPayments(onboarding.payments._file)))
    _, handle = await _ended(onboarding, await registration.register(**FACTS))
    history = await handle.fetch_history()
    raw = b"".join(event.SerializeToString() for event in history.events).lower()
    for canary in (b"canary", b"carla", b"declined"):
        assert canary not in raw


@pytest.mark.parametrize("name", ["onboarding_ready", "onboarding_failed"])
async def test_recorded_histories_replay(name: str) -> None:
    recorded = json.loads((HISTORIES / f"{name}.json").read_text())
    history = WorkflowHistory.from_json(recorded["workflow_id"], recorded["history"])
    replayer = Replayer(workflows=[TenantOnboarding], data_converter=data_converter(MASTER_KEY))
    await replayer.replay_workflow(history)


@pytest.mark.parametrize("name", ["onboarding_ready", "onboarding_failed"])
async def test_the_order_of_commands_is_the_recorded_one(
    onboarding: Onboarding, north: TenantFixture, south: TenantFixture, name: str
) -> None:
    """The fingerprint: a new order of commands is an event that needs a patch marker and a new recording."""
    if name == "onboarding_failed":
        ports.install(ports.Ports(RefusingPayments(onboarding.payments._file)))
    _, handle = await _ended(onboarding, await registration.register(**FACTS))
    history = json.loads((await handle.fetch_history()).to_json())
    recorded = json.loads((HISTORIES / f"{name}.json").read_text())["history"]
    assert _scheduled(history) == _scheduled(recorded)


def _scheduled(history: dict[str, Any]) -> list[str]:
    found = (event.get("activityTaskScheduledEventAttributes") for event in history["events"])
    return [event["activityType"]["name"] for event in found if event]
