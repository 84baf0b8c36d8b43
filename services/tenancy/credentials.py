"""What signing in, registering a new password and finding a tenant have in common: the check of a password, and its trace."""

from typing import Any
from uuid import UUID

from database.session import platform_session, tenant_session
from domain.refusals import NotFound, NotSignedIn, Refusal
from domain.tenancy import LONGEST_PASSWORD, SUBDOMAIN, Actor, ActorKind, email_problem
from integrations import passwords

ATTEMPTS = 5
LOCKED_MINUTES = 15
# A refusal never comes sooner, so that its time tells nothing about the account.
REFUSAL_SECONDS = 0.25

# The attempt is counted before the password is looked at: a hundred guesses at once are still a hundred.
_ATTEMPT = f"""
UPDATE users SET
    failed_attempts = CASE WHEN locked_until IS NULL THEN failed_attempts + 1 ELSE 1 END,
    locked_until = CASE WHEN locked_until IS NULL AND failed_attempts + 1 >= {ATTEMPTS}
        THEN now() + interval '{LOCKED_MINUTES} minutes' END
WHERE email = $1 AND (locked_until IS NULL OR locked_until <= now())
RETURNING id, name, password_hash, locked_until IS NOT NULL AS locked
"""
_LOCKED = "SELECT id, name, NULL AS password_hash, true AS locked FROM users WHERE email = $1"
_TENANT = "SELECT id FROM tenants WHERE subdomain = $1 AND status IN ('active', 'suspended')"


async def checked(email: str, password: str) -> tuple[Any, bool]:
    """The account of an e-mail and whether the password opens it; a locked one never opens. Costs the same in every case."""
    folded = email.strip().lower()
    if email_problem(folded):
        folded = ""
    async with platform_session() as connection:
        account = await connection.fetchrow(_ATTEMPT, folded) or await connection.fetchrow(_LOCKED, folded)
    stored = account["password_hash"] if account else None
    return account, await passwords.matches(stored, password[: LONGEST_PASSWORD + 1])


async def tenant_at(connection: Any, subdomain: str) -> UUID | None:
    """The id of the tenant that serves at a subdomain. What cannot be a subdomain is not asked for."""
    if not SUBDOMAIN.fullmatch(subdomain):
        return None
    identifier: UUID | None = await connection.fetchval(_TENANT, subdomain)
    return identifier


async def note(
    action: str, user_id: UUID | None, subdomain: str = "", code: str = "", *, kind: ActorKind = "person"
) -> None:
    """Audit in every tenant of the person and in the one of the subdomain; a refusal carries its code."""
    async with platform_session(user_id=user_id) as connection:
        rows = await connection.fetch(
            "SELECT tenant_id FROM memberships WHERE user_id = $1 AND status = 'active'", user_id
        )
        here = await tenant_at(connection, subdomain)
    members = {row["tenant_id"] for row in rows}
    for tenant_id in sorted(members | ({here} if here else set())):
        # A tenant learns nothing about people who are not its own.
        whose = user_id if tenant_id in members else None
        async with tenant_session(Actor(tenant_id, whose, kind)) as session:
            await session.audit(
                f"tenancy.{action}",
                "users",
                whose or "",
                outcome="refused" if code else "done",
                detail={"code": code} if code else {},
            )


def refused() -> Refusal:
    return NotSignedIn(
        "sign_in.refused",
        "E-mail and password do not match, or the account is locked for a while.",
        f"Try again; after {ATTEMPTS} failures an account is locked for {LOCKED_MINUTES} minutes.",
    )


def no_tenant() -> Refusal:
    return NotFound(
        "tenant.unknown", "There is no tenant at this address.", "Check the first part of the address."
    )
