"""API tokens for programs: shown once, stored as a hash, never stronger than the person who made them is now."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.session import Session
from domain.refusals import FieldError, Invalid, NotAllowed
from domain.tenancy import name_problem
from policies.permissions import Permission
from services import door
from services.tenancy import actors, grants, sign_ins

# Scanners for leaked secrets look for a prefix.
PREFIX = "cl_"
LONGEST_DAYS = 365

_TOKENS = """
SELECT a.id, a.name, a.permissions, u.name AS made_by, a.created_at, a.last_used_at, a.expires_at, a.revoked_at
FROM api_tokens a JOIN users u ON u.id = a.created_by
"""


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret."""

    id: UUID
    name: str
    permissions: list[str]
    made_by: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token with its secret, which is never shown again."""

    id: UUID
    token: TokenView
    secret: str


@door.query(Permission.TOKENS_MANAGE)
async def list_tokens(session: Session) -> list[TokenView]:
    """Every token of the tenant, the newest first."""
    return [TokenView(**row) for row in await session.fetch(f"{_TOKENS} ORDER BY a.id DESC")]


@door.command(Permission.TOKENS_MANAGE)
async def make_token(session: Session, name: str, permissions: Sequence[str], days: int = 90) -> MadeToken:
    """Make a token that holds these permissions for so many days, and never more than its maker holds."""
    if session.actor.kind == "token" or session.actor.user_id is None:
        raise NotAllowed("token.from_token", "A token cannot make tokens.", "Sign in to make one.")
    _must_be_sound(name, permissions, days)
    grants.may_give(session.actor, permissions)
    secret = PREFIX + secrets.token_urlsafe(32)
    identifier = await session.value(
        "INSERT INTO api_tokens (tenant_id, name, token_hash, permissions, created_by, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6)) RETURNING id",
        session.tenant_id,
        name.strip(),
        sign_ins.fingerprint(secret),
        sorted(set(permissions)),
        session.actor.user_id,
        days,
    )
    return MadeToken(identifier, await _one(session, identifier), secret)


@door.command(Permission.TOKENS_MANAGE, of="api_tokens")
async def revoke_token(session: Session, token_id: UUID) -> TokenView:
    """End a token at once; ending it again changes nothing."""
    await session.execute(
        "UPDATE api_tokens SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", token_id
    )
    await actors.policies_changed(session)
    return await _one(session, token_id)


async def _one(session: Session, token_id: UUID) -> TokenView:
    return TokenView(**await session.row(f"{_TOKENS} WHERE a.id = $1", token_id))


def _must_be_sound(name: str, permissions: Sequence[str], days: int) -> None:
    errors = []
    if problem := name_problem(name):
        errors.append(FieldError("name", "name.invalid", problem))
    if not 1 <= days <= LONGEST_DAYS:
        errors.append(FieldError("days", "days.out_of_range", f"A token lives 1 to {LONGEST_DAYS} days."))
    known = set(Permission)
    if not permissions or not known.issuperset(permissions):
        errors.append(
            FieldError("permissions", "permission.unknown", "Choose permissions from the catalogue.")
        )
    if errors:
        raise Invalid("token.invalid", "The token is not complete.", "Mend the fields.", fields=tuple(errors))
