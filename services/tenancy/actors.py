"""From a sign-in or a token to an `Actor` with a resolved permission set. The only place where actors of people are made."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from database.session import Session
from domain.refusals import NotAMember
from domain.tenancy import Actor
from policies.default_roles import TENANT_ADMIN
from policies.guard import PolicyCache, RoleFacts, build, permissions_of
from services.tenancy import sign_ins

_policies = PolicyCache()


class Member(NamedTuple):
    """Somebody who works in the tenant, with what their roles together allow."""

    user_id: UUID
    name: str
    permissions: frozenset[str]


_MEMBER = """
SELECT t.policy_version, t.time_zone, t.status AS tenant_status, u.name,
       array(SELECT mr.role_id::text FROM membership_roles mr
             WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id) AS roles
FROM memberships m JOIN tenants t ON t.id = m.tenant_id JOIN users u ON u.id = m.user_id
WHERE m.tenant_id = current_tenant() AND m.user_id = $1 AND m.status = 'active' AND t.status IN ('active', 'suspended')
"""
# The built-in administrator role always holds the whole catalogue, also what a later release added to it.
_ROLES = """
SELECT r.id::text, CASE WHEN r.built_in THEN $1::text[] ELSE r.permissions END AS permissions,
    array(SELECT p.parent_id::text FROM role_parents p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id) AS parents
FROM roles r
"""
_MEMBERS = """
SELECT m.user_id, u.name, array(SELECT mr.role_id::text FROM membership_roles mr
    WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY mr.role_id) AS roles
FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant_id = current_tenant() AND m.status = 'active'
"""
_TOKEN = """
SELECT a.id, a.created_by, a.permissions, a.name, t.policy_version, t.time_zone
FROM api_tokens a JOIN tenants t ON t.id = a.tenant_id
WHERE a.token_hash = $1 AND a.revoked_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > now())
"""


async def person(session: Session, user_id: UUID, sign_in: str = "") -> Actor:
    """The actor of a signed-in person in the session's tenant, or the refusal `NotAMember`."""
    row = await session.row(_MEMBER, user_id)
    if row is None:
        raise NotAMember(
            "membership.missing",
            "You are signed in, but you do not work in this tenant.",
            "Switch to one of your own tenants, or ask its administrator to invite you.",
        )
    enforcer = await _enforcer(session, row["policy_version"])
    return Actor(
        tenant_id=session.tenant_id,
        user_id=user_id,
        kind="person",
        name=row["name"],
        permissions=permissions_of(enforcer, row["roles"]),
        policy_version=row["policy_version"],
        sign_in=sign_in,
        time_zone=row["time_zone"],
    )


async def token(session: Session, token_hash: bytes) -> Actor | None:
    """The actor of an API token. It never holds more than the person who made it holds now."""
    row = await session.row(_TOKEN, token_hash)
    if row is None:
        return None
    maker = await person(session, row["created_by"])
    return Actor(
        tenant_id=session.tenant_id,
        user_id=row["created_by"],
        kind="token",
        name=row["name"],
        permissions=maker.permissions & frozenset(row["permissions"]),
        policy_version=row["policy_version"],
        sign_in=token_hash.hex(),
        time_zone=row["time_zone"],
    )


async def holders(session: Session, permissions: Collection[str]) -> dict[UUID, str]:
    """Names by user id of the active members whose roles together hold all of these permissions."""
    found = await members(session)
    return {one.user_id: one.name for one in found if one.permissions.issuperset(permissions)}


async def members(session: Session) -> list[Member]:
    """The active members."""
    version = await session.value("SELECT policy_version FROM tenants WHERE id = $1", session.tenant_id)
    enforcer = await _enforcer(session, version)
    rows = await session.fetch(_MEMBERS)
    sets = {roles: permissions_of(enforcer, roles) for roles in {tuple(row["roles"]) for row in rows}}
    return [Member(row["user_id"], row["name"], sets[tuple(row["roles"])]) for row in rows]


async def refreshed(session: Session, actor: Actor, *, active: bool = False) -> Actor:
    """The same actor if nothing changed since it was resolved, else resolved anew: an open page holds no old rights.

    A sign-in that ended meanwhile is refused. `active` keeps it from being idle: the person does something.
    """
    if actor.kind == "person" and actor.sign_in:
        await sign_ins.must_live(session, UUID(actor.sign_in), active=active)
    if session.policy_version == actor.policy_version or actor.user_id is None:
        return actor
    if actor.kind == "token":
        renewed = await token(session, bytes.fromhex(actor.sign_in))
        if renewed is None:
            raise NotAMember("token.ended", "This token is no longer valid.", "Make a new token.")
        return renewed
    return await person(session, actor.user_id, actor.sign_in)


async def policies_changed(session: Session) -> None:
    """Raise the tenant's policy version: every actor resolved before is resolved anew at its next command."""
    await session.execute(
        "UPDATE tenants SET policy_version = policy_version + 1 WHERE id = $1", session.tenant_id
    )


async def uncommitted(session: Session) -> Any:
    """An enforcer over the roles as this very transaction sees them. Never cached: the transaction may roll back."""
    rows = await session.fetch(_ROLES, list(TENANT_ADMIN.permissions))
    return build(
        RoleFacts(row["id"], frozenset(row["permissions"]), frozenset(row["parents"])) for row in rows
    )


async def _enforcer(session: Session, version: int) -> Any:
    enforcer = _policies.get(session.tenant_id, version)
    if enforcer is None:
        enforcer = await uncommitted(session)
        _policies.put(session.tenant_id, version, enforcer)
    return enforcer
