"""Answers kept by idempotency key, so that a request sent again is answered again and not done again."""

from dataclasses import dataclass
from typing import Any

from database.session import tenant_session
from domain.refusals import Conflict, Invalid
from domain.tenancy import Actor
from services import door

BODY = "idempotency_keys.body"
LONGEST = 200
_REASON = (
    "called only around a command that passes the door itself; keeps that command's answer for its own actor"
)

_CLAIM = """
INSERT INTO idempotency_keys (tenant_id, key, actor_id, request_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, key, actor_id) DO NOTHING RETURNING true
"""
_FORGET_OLD = "DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'"
_MINE = "tenant_id = current_tenant() AND key = $1 AND actor_id = $2"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer: HTTP status and what to send again."""

    status: int
    content: dict[str, Any]


@door.public(_REASON)
async def begin(actor: Actor, key: str, request_hash: bytes) -> KeptAnswer | None:
    """Claim a key for a request: None means go on, an answer means it was done before.

    Refused when the key was used for another request, or when the first one has not been answered. Kept for a day.
    """
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise Invalid(
            "idempotency.key_unusable",
            "This key cannot be used.",
            f"Send 1 to {LONGEST} printable characters.",
        )
    async with tenant_session(actor) as session:
        await session.execute(_FORGET_OLD)
        if await session.value(_CLAIM, session.tenant_id, key, actor.user_id, request_hash):
            return None
        row = await session.row(
            f"SELECT request_hash, status, body FROM idempotency_keys WHERE {_MINE}", key, actor.user_id
        )
        if row is None or (row["request_hash"] == request_hash and row["status"] is None):
            raise Conflict(
                "idempotency.in_progress",
                "The first request with this key has not been answered yet.",
                "Ask again in a moment. If it never answers, look whether it took effect before using a new key.",
            )
        if row["request_hash"] != request_hash:
            raise Conflict(
                "idempotency.other_request",
                "This key was used for another request.",
                "Use a new key for a new request.",
            )
        return KeptAnswer(row["status"], (await session.key()).open_json(BODY, row["body"]))


@door.public(_REASON)
async def keep(actor: Actor, key: str, status: int, content: dict[str, Any]) -> None:
    """Keep the answer of a request that was done; it is sealed, because it may carry PHI."""
    async with tenant_session(actor) as session:
        sealed = (await session.key()).seal_json(BODY, content)
        await session.execute(
            f"UPDATE idempotency_keys SET status = $3, body = $4 WHERE {_MINE}",
            key,
            actor.user_id,
            status,
            sealed,
        )


@door.public(_REASON)
async def forget(actor: Actor, key: str) -> None:
    """Give a key back when the request was refused: nothing was done, so it may be tried again."""
    async with tenant_session(actor) as session:
        await session.execute(
            f"DELETE FROM idempotency_keys WHERE {_MINE} AND status IS NULL", key, actor.user_id
        )
