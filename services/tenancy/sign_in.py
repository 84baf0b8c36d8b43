"""Signing in and out with a local account, and from a token to an actor in one tenant."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.session import platform_session, tenant_session
from domain.refusals import NotAMember, NotSignedIn
from domain.tenancy import Actor
from services import door
from services.tenancy import actors, sign_ins
from services.tenancy.credentials import REFUSAL_SECONDS, checked, no_tenant, note, refused, tenant_at


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in. `token` is shown this once; it belongs into a cookie or the page's server-side storage."""

    token: str
    user_id: UUID
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TenantChoice:
    """A tenant that a person may switch to."""

    id: UUID
    name: str
    subdomain: str


@dataclass(frozen=True, slots=True)
class TenantView:
    """What anybody may know of a tenant: enough for its sign-in page."""

    id: UUID
    name: str
    subdomain: str
    status: str


def configure(*, idle_minutes: int, hours: int) -> None:
    """Set after how many idle minutes, and after how many hours at most, a person signs in again."""
    sign_ins.configure(idle_minutes=idle_minutes, hours=hours)


@door.public("signing in is how somebody becomes known")
async def sign_in(email: str, password: str, subdomain: str = "", *, replaces: str = "") -> SignedIn:
    """Start a sign-in that is good in every tenant of the person. `replaces` is the token to end with it.

    Unknown e-mail, wrong password and locked account are refused alike, in words and in time.
    """
    began = time.monotonic()
    account, right = await checked(email, password)
    if account is None or not right:
        code = "sign_in.locked" if account is not None and account["locked"] else "sign_in.wrong"
        await note("sign_in.sign_in", account and account["id"], subdomain, code)
        await asyncio.sleep(max(0.0, began + REFUSAL_SECONDS - time.monotonic()))
        raise refused()
    async with platform_session() as connection:
        if replaces:
            await sign_ins.end(connection, replaces)
        await connection.execute(
            "UPDATE users SET failed_attempts = 0, locked_until = NULL WHERE id = $1", account["id"]
        )
        token, expires_at = await sign_ins.begin(connection, account["id"])
    await note("sign_in.sign_in", account["id"], subdomain)
    return SignedIn(token, account["id"], account["name"], expires_at)


@door.public("a token is all that is needed to give it back")
async def sign_out(token: str) -> None:
    """End this sign-in; one that has ended stays so."""
    async with platform_session() as connection:
        user_id = await sign_ins.end(connection, token)
    if user_id is not None:
        await note("sign_in.sign_out", user_id)


@door.public("needs a living sign-in")
async def sign_out_everywhere(token: str) -> int:
    """End every sign-in of the person, this one too; how many there were."""
    async with platform_session() as connection:
        found = await sign_ins.find(connection, token)
        ended = await sign_ins.end_all(connection, found.user_id)
    await note("sign_in.sign_out_everywhere", found.user_id)
    return ended


@door.public("needs a living sign-in")
async def renewed(token: str) -> SignedIn | None:
    """A new token in place of this one when rights changed since, else None. To be asked at every full page load."""
    async with platform_session() as connection:
        found = await sign_ins.find(connection, token)
        if not found.renew:
            return None
        fresh = await sign_ins.exchange(connection, found)
    return SignedIn(fresh, found.user_id, found.name, found.expires_at)


@door.public("this is where an actor comes from")
async def actor_for(token: str, subdomain: str) -> Actor:
    """The actor of a sign-in in the tenant of a subdomain: NotSignedIn, NotFound, NotAMember in this order."""
    async with platform_session() as connection:
        found = await sign_ins.find(connection, token)
        tenant_id = await tenant_at(connection, subdomain)
    if tenant_id is None:
        raise no_tenant()
    try:
        async with tenant_session(Actor(tenant_id, found.user_id, "person")) as session:
            return await actors.person(session, found.user_id, str(found.id))
    except NotAMember as refusal:
        await note("sign_in.actor_for", None, subdomain, refusal.code)
        raise


@door.public("asks again about an actor that was resolved before")
async def actor_again(actor: Actor, *, active: bool = True) -> Actor:
    """The same person as they stand now, for a page that stays open: ended sign-ins and lost rights are refused.

    `active` counts as a sign of life against idle logoff; a page that refreshes by itself must not give one.
    """
    async with tenant_session(actor) as session:
        return await actors.refreshed(session, actor, active=active)


@door.public("leaves a trace of a refusal, and shows nothing")
async def page_refused(actor: Actor, page: str) -> None:
    """Audit that a person's roles did not open a page: its path as registered, without ids."""
    async with tenant_session(actor) as session:
        detail = {"code": "permission.missing"}
        await session.audit("tenancy.sign_in.page_refused", "pages", page, outcome="refused", detail=detail)


@door.public("needs a living sign-in")
async def hand_over(token: str) -> str:
    """A ticket with which the same person enters at another subdomain: good once, for 30 seconds."""
    async with platform_session() as connection:
        return await sign_ins.ticket(connection, await sign_ins.find(connection, token))


@door.public("needs a ticket from a living sign-in")
async def redeem(ticket: str) -> str:
    """The token of the sign-in that a ticket opens at this subdomain; NotSignedIn when it was used or is too old."""
    async with platform_session() as connection:
        return await sign_ins.redeem(connection, ticket)


@door.public("this is where the actor of a program comes from")
async def actor_for_token(bearer: str, subdomain: str) -> Actor:
    """The actor of an API token in the tenant of a subdomain: NotFound, NotSignedIn, NotAMember."""
    async with platform_session() as connection:
        tenant_id = await tenant_at(connection, subdomain)
    if tenant_id is None:
        raise no_tenant()
    try:
        async with tenant_session(Actor(tenant_id, None, "token")) as session:
            actor = await actors.token(session, sign_ins.fingerprint(bearer))
            if actor is None:
                raise NotSignedIn(
                    "token.unknown", "This token is not valid here.", "Make a token in this tenant."
                )
            await session.execute(
                "UPDATE api_tokens SET last_used_at = now() WHERE token_hash = $1"
                " AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
                sign_ins.fingerprint(bearer),
            )
            return actor
    except (NotSignedIn, NotAMember) as refusal:
        await note("sign_in.actor_for_token", None, subdomain, refusal.code, kind="token")
        raise


@door.public("needs a living sign-in; shows the person's own memberships")
async def my_tenants(token: str) -> list[TenantChoice]:
    """The tenants that the person may switch to, by name."""
    async with platform_session() as connection:
        found = await sign_ins.find(connection, token)
    async with platform_session(user_id=found.user_id) as connection:
        rows = await connection.fetch(
            "SELECT t.id, t.name, t.subdomain FROM memberships m JOIN tenants t ON t.id = m.tenant_id"
            " WHERE m.user_id = $1 AND m.status = 'active' AND t.status IN ('active', 'suspended') ORDER BY t.name",
            found.user_id,
        )
    return [TenantChoice(**row) for row in rows]


@door.public("the sign-in page shows whose it is")
async def tenant_of(subdomain: str) -> TenantView:
    """The tenant of a subdomain, or NotFound; one that is being made or closed is not found."""
    async with platform_session() as connection:
        row = await connection.fetchrow(
            "SELECT id, name, subdomain, status FROM tenants WHERE id = $1",
            await tenant_at(connection, subdomain),
        )
    if row is None:
        raise no_tenant()
    return TenantView(**row)
