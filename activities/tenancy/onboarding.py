"""The steps of onboarding. Each is idempotent by the registration: a second attempt finds what the first one did."""

import json
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid5

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.ports import ports
from database.session import Session, make_tenant_key, tenant_session
from domain.tenancy import PLANS, workflow_actor
from integrations.payments import Customer, PaymentRefused
from policies.default_roles import TENANT_ADMIN, DefaultRole, roles_for

WORKFLOW = "TenantOnboarding"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What every step is given: the tenant chosen at registration, and the registration."""

    tenant_id: UUID
    registration_id: UUID


@dataclass(frozen=True, slots=True)
class StepDone:
    """What a step answers. `changed` is False when an earlier attempt had done it already."""

    changed: bool


@activity.defn
async def reserve_address(onboarding: Onboarding) -> StepDone:
    """Take the registration into work. Its tenant row, made at registration, holds the subdomain."""
    async with session_of(onboarding) as session:
        await at_step(session, onboarding, "address")
        status = await session.value("SELECT status FROM tenants WHERE id = $1", onboarding.tenant_id)
        if status not in ("provisioning", "active"):
            raise for_good("address.lost", "The address was given back before the tenant was ready.")
        await session.audit("tenancy.onboarding.address", "tenants", onboarding.tenant_id)
    return StepDone(status == "provisioning")


@activity.defn
async def make_data_key(onboarding: Onboarding) -> StepDone:
    """Give the tenant the key that its PHI is encrypted with."""
    async with session_of(onboarding) as session:
        await at_step(session, onboarding, "data_key")
        there = await session.value("SELECT count(*) FROM tenant_keys")
        await make_tenant_key(session)
        await session.audit("tenancy.onboarding.data_key", "tenants", onboarding.tenant_id)
    return StepDone(not there)


@activity.defn
async def seed_roles(onboarding: Onboarding) -> StepDone:
    """Give the tenant the default roles of its kind of company as rows of its own."""
    async with session_of(onboarding) as session:
        registration = await at_step(session, onboarding, "roles")
        made = 0
        for role in roles_for(registration["kind"]):
            made += await _seed_role(session, role)
        await session.audit("tenancy.onboarding.roles", "tenants", onboarding.tenant_id)
    return StepDone(made > 0)


async def _seed_role(session: Session, role: DefaultRole) -> int:
    made = await session.execute(
        "INSERT INTO roles (tenant_id, name, description, permissions, built_in) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        session.tenant_id,
        role.name,
        role.description,
        sorted(role.permissions),
        role is TENANT_ADMIN,
    )
    await session.execute(
        "INSERT INTO role_parents (tenant_id, role_id, parent_id) SELECT c.tenant_id, c.id, p.id FROM roles c, roles p"
        " WHERE c.name = $1 AND p.name = ANY($2) ON CONFLICT DO NOTHING",
        role.name,
        list(role.inherits_from),
    )
    return made


@activity.defn
async def add_first_admin(onboarding: Onboarding) -> StepDone:
    """Make the registering person a user, unless the e-mail is one already, and an administrator of the tenant.

    An existing account keeps its own password: whoever registers cannot take it over.
    """
    async with session_of(onboarding) as session:
        registration = await at_step(session, onboarding, "admin")
        await session.execute(
            "INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            first_user_id(onboarding.registration_id),
            registration["admin_email"],
            registration["admin_name"],
            registration["password_hash"],
        )
        made = await session.execute(
            "INSERT INTO memberships (tenant_id, user_id, job_title)"
            " SELECT $1, id, 'Administrator' FROM users WHERE email = $2 ON CONFLICT DO NOTHING",
            session.tenant_id,
            registration["admin_email"],
        )
        await session.execute(
            "INSERT INTO membership_roles (tenant_id, membership_id, role_id)"
            " SELECT m.tenant_id, m.id, r.id FROM memberships m JOIN users u ON u.id = m.user_id, roles r"
            " WHERE m.tenant_id = $1 AND u.email = $2 AND r.name = $3 ON CONFLICT DO NOTHING",
            session.tenant_id,
            registration["admin_email"],
            TENANT_ADMIN.name,
        )
        await session.audit("tenancy.onboarding.admin", "tenants", onboarding.tenant_id)
    return StepDone(made > 0)


@activity.defn
async def set_plan(onboarding: Onboarding) -> StepDone:
    """Write the plan's features and limits into the tenant's settings, where they may be changed for this tenant."""
    async with session_of(onboarding) as session:
        registration = await at_step(session, onboarding, "plan")
        plan = asdict(PLANS[registration["plan"]])
        changed = await session.execute(
            "UPDATE tenants SET plan = $2, settings = settings || $3::jsonb WHERE id = $1",
            session.tenant_id,
            registration["plan"],
            json.dumps({"kind": registration["kind"], "plan": plan}),
        )
        await session.audit("tenancy.onboarding.plan", "tenants", onboarding.tenant_id)
    return StepDone(changed > 0)


@activity.defn
async def open_billing(onboarding: Onboarding) -> StepDone:
    """Make the tenant a customer of the payment provider; the provider is asked outside any transaction."""
    async with session_of(onboarding) as session:
        registration = await at_step(session, onboarding, "billing")
    customer = Customer(
        str(onboarding.tenant_id), registration["company"], registration["admin_email"], registration["plan"]
    )
    try:
        identifier = await ports().payments.open_customer(str(onboarding.registration_id), customer)
    except PaymentRefused as refusal:
        raise for_good(
            "billing.refused", f"The payment provider refused the account ({refusal.code})."
        ) from None
    async with session_of(onboarding) as session:
        changed = await session.execute(
            "UPDATE tenants SET billing_customer = $2 WHERE id = $1 AND billing_customer IS DISTINCT FROM $2",
            session.tenant_id,
            identifier,
        )
        await session.audit("tenancy.onboarding.billing", "tenants", onboarding.tenant_id)
    return StepDone(changed > 0)


@activity.defn
async def open_doors(onboarding: Onboarding) -> StepDone:
    """The last step: the tenant is active, and the registration forgets the password's hash."""
    async with session_of(onboarding) as session:
        await at_step(session, onboarding, "opening")
        changed = await session.execute(
            "UPDATE tenants SET status = 'active' WHERE id = $1 AND status = 'provisioning'",
            session.tenant_id,
        )
        await session.execute(
            "UPDATE registrations SET status = 'ready', step = '', password_hash = '', finished_at = now()"
            " WHERE id = $1",
            onboarding.registration_id,
        )
        await session.audit("tenancy.onboarding.opening", "tenants", onboarding.tenant_id)
    return StepDone(changed > 0)


def session_of(onboarding: Onboarding) -> AbstractAsyncContextManager[Session]:
    """One transaction of the onboarding inside its tenant."""
    return tenant_session(workflow_actor(onboarding.tenant_id, WORKFLOW))


async def at_step(session: Session, onboarding: Onboarding, step: str) -> Any:
    """Show the step on the registration and answer the registration's row."""
    row = await session.row(
        "UPDATE registrations SET status = CASE status WHEN 'requested' THEN 'provisioning' ELSE status END,"
        " step = $2 WHERE id = $1 AND tenant_id_made = $3 RETURNING *",
        onboarding.registration_id,
        step,
        onboarding.tenant_id,
    )
    if row is None:
        raise for_good("registration.missing", "The registration is not there.")
    return row


def first_user_id(registration_id: UUID) -> UUID:
    """The id of the user that this registration makes: the way back removes that one and no other."""
    return uuid5(registration_id, "first admin")


def for_good(code: str, reason: str) -> ApplicationError:
    """A failure that trying again does not mend. The text is shown to the person who registered; it holds no data."""
    return ApplicationError(reason, type=code, non_retryable=True)
