"""The way back from an onboarding that failed for good: each step removes what its counterpart made, and only that."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg
from temporalio import activity

from activities.ports import ports
from activities.tenancy.onboarding import Onboarding, StepDone, first_user_id, session_of


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the onboarding is given up: a code, and a sentence for the person who registered."""

    tenant_id: UUID
    registration_id: UUID
    code: str
    reason: str


@activity.defn
async def remove_first_connection(onboarding: Onboarding) -> StepDone:
    """Remove the connection and its private key."""
    async with session_of(onboarding) as session:
        removed = await session.execute("DELETE FROM connections")
        await session.audit("tenancy.onboarding.undo.connection", "tenants", onboarding.tenant_id)
    return StepDone(removed > 0)


@activity.defn
async def close_billing(onboarding: Onboarding) -> StepDone:
    """Close the billing customer, also one whose making was not heard of."""
    identifier = await ports().payments.find_customer(str(onboarding.registration_id))
    if identifier:
        await ports().payments.close_customer(identifier)
    async with session_of(onboarding) as session:
        await session.execute("UPDATE tenants SET billing_customer = NULL WHERE id = $1", session.tenant_id)
        await session.audit("tenancy.onboarding.undo.billing", "tenants", onboarding.tenant_id)
    return StepDone(bool(identifier))


@activity.defn
async def remove_first_admin(onboarding: Onboarding) -> StepDone:
    """End the membership; remove the user too if this registration made it and nothing else refers to it."""
    async with session_of(onboarding) as session:
        removed = await session.execute("DELETE FROM memberships WHERE tenant_id = $1", session.tenant_id)
        try:
            async with session.connection.transaction():
                await session.execute(
                    "DELETE FROM users WHERE id = $1", first_user_id(onboarding.registration_id)
                )
        except asyncpg.ForeignKeyViolationError:
            # Invited by another tenant in the meantime: the person stays, without this tenant.
            activity.logger.info("the first user of a failed onboarding stays: another tenant knows it")
        await session.audit("tenancy.onboarding.undo.admin", "tenants", onboarding.tenant_id)
    return StepDone(removed > 0)


@activity.defn
async def remove_roles(onboarding: Onboarding) -> StepDone:
    """Remove the seeded roles and their inheritance."""
    async with session_of(onboarding) as session:
        await session.execute("DELETE FROM role_parents")
        removed = await session.execute("DELETE FROM roles")
        await session.audit("tenancy.onboarding.undo.roles", "tenants", onboarding.tenant_id)
    return StepDone(removed > 0)


@activity.defn
async def destroy_data_key(onboarding: Onboarding) -> StepDone:
    """Destroy the tenant's data key; nothing was encrypted with it that is still there."""
    async with session_of(onboarding) as session:
        removed = await session.execute("DELETE FROM tenant_keys")
        await session.audit("tenancy.onboarding.undo.data_key", "tenants", onboarding.tenant_id)
    return StepDone(removed > 0)


@activity.defn
async def give_back_address(refusal: Refusal) -> StepDone:
    """Close the tenant, free its subdomain for another try, and tell the person why.

    The tenant's row stays: its audit rows are append-only and refer to it.
    """
    onboarding = Onboarding(refusal.tenant_id, refusal.registration_id)
    async with session_of(onboarding) as session:
        closed = await session.execute(
            "UPDATE tenants SET status = 'closed', subdomain = $2 WHERE id = $1 AND status <> 'closed'",
            session.tenant_id,
            f"closed-{session.tenant_id.hex}",
        )
        await session.execute(
            "UPDATE registrations SET status = 'failed', reason = $2, password_hash = '', finished_at = now()"
            " WHERE id = $1",
            refusal.registration_id,
            refusal.reason,
        )
        await session.audit(
            "tenancy.onboarding.undo.address",
            "tenants",
            refusal.tenant_id,
            detail={"code": refusal.code},
        )
    return StepDone(closed > 0)
