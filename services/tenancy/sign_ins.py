"""Sign-ins as rows: a random token whose hash is stored, an end by the clock, by idleness or by signing out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from database.session import Session
from domain.refusals import NotSignedIn

# A page that was open when rights changed has this long to exchange its token.
RENEW_WITHIN = timedelta(minutes=10)
# A ticket from one subdomain to another is good for one request that follows at once.
TICKET_LASTS = timedelta(seconds=30)
# last_seen_at is written at most this often.
TOUCH_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts: untouched, and at all."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Found:
    """A living sign-in."""

    id: UUID
    user_id: UUID
    name: str
    expires_at: datetime
    renew: bool


_limits = Limits()

_ALIVE = "ended_at IS NULL AND expires_at > now() AND last_seen_at > now() - {idle}::interval"
_FIND = f"""
SELECT s.id, s.user_id, u.name, s.expires_at, s.renew_before IS NOT NULL AS renew
FROM sign_ins s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = $1 AND {_ALIVE.format(idle="$2")} AND (s.renew_before IS NULL OR s.renew_before > now())
"""
# Whoever does not get the row at once leaves it: the other one is writing the same moment.
_TOUCH = """
UPDATE sign_ins SET last_seen_at = now() WHERE id IN (SELECT id FROM sign_ins
    WHERE id = $1 AND last_seen_at < now() - $2::interval AND ended_at IS NULL FOR UPDATE SKIP LOCKED)
"""
_LIVES = f"SELECT 1 FROM sign_ins WHERE id = $1 AND {_ALIVE.format(idle='$2')}"


def configure(*, idle_minutes: int, hours: int) -> None:
    """Set how long sign-ins last in this process."""
    global _limits
    _limits = Limits(timedelta(minutes=idle_minutes), timedelta(hours=hours))


def fingerprint(token: str) -> bytes:
    """What is stored of a token, a bearer or an invitation code: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def begin(connection: Any, user_id: UUID) -> tuple[str, datetime]:
    """A new sign-in: its token, shown once, and when it ends at the latest."""
    token = secrets.token_urlsafe(32)
    expires_at = await connection.fetchval(
        "INSERT INTO sign_ins (token_hash, user_id, expires_at) VALUES ($1, $2, now() + $3::interval)"
        " RETURNING expires_at",
        fingerprint(token),
        user_id,
        _limits.longest,
    )
    return token, expires_at


async def find(connection: Any, token: str) -> Found:
    """The living sign-in of a token, touched; or the refusal NotSignedIn."""
    row = await connection.fetchrow(_FIND, fingerprint(token), _limits.idle) if token else None
    if row is None:
        raise ended()
    await connection.execute(_TOUCH, row["id"], TOUCH_EVERY)
    return Found(**row)


async def exchange(connection: Any, found: Found) -> str:
    """Give the sign-in a new token; the old one is worth nothing at once. Open pages stay signed in."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        "UPDATE sign_ins SET token_hash = $2, renew_before = NULL, last_seen_at = now() WHERE id = $1",
        found.id,
        fingerprint(token),
    )
    return token


async def ticket(connection: Any, found: Found) -> str:
    """A ticket that opens one more sign-in of the same person, once and within 30 seconds.

    It is stored as a sign-in that no token opens until the ticket is redeemed, and keeps the day's limit of the first.
    """
    made = secrets.token_urlsafe(32)
    await connection.execute(
        "INSERT INTO sign_ins (token_hash, family, user_id, created_at, expires_at)"
        " SELECT $1, family, user_id, created_at, now() + $3::interval FROM sign_ins WHERE id = $2",
        _of_ticket(made),
        found.id,
        TICKET_LASTS,
    )
    return made


async def redeem(connection: Any, ticket_: str) -> str:
    """The token of the sign-in that a ticket opens; NotSignedIn when it is unknown, used or too old."""
    token = secrets.token_urlsafe(32)
    opened = await connection.fetchval(
        "UPDATE sign_ins SET token_hash = $2, expires_at = created_at + $3::interval, last_seen_at = now()"
        " WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > now() RETURNING id",
        _of_ticket(ticket_),
        fingerprint(token),
        _limits.longest,
    )
    if opened is None:
        raise ended()
    return token


def _of_ticket(ticket_: str) -> bytes:
    """Another fingerprint than a token's, so that a ticket never passes for one."""
    return fingerprint(f"ticket:{ticket_}")


async def end(connection: Any, token: str) -> UUID | None:
    """End a sign-in and those that grew out of it at other subdomains; the user, or None when it had ended."""
    identifier: UUID | None = await connection.fetchval(
        "UPDATE sign_ins SET ended_at = now() WHERE ended_at IS NULL"
        " AND family IN (SELECT family FROM sign_ins WHERE token_hash = $1 AND ended_at IS NULL) RETURNING user_id",
        fingerprint(token),
    )
    return identifier


async def end_all(connection: Any, user_id: UUID, *, but: UUID | None = None) -> int:
    """End every sign-in of a user, perhaps but one; the number ended."""
    rows = await connection.fetch(
        "UPDATE sign_ins SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL"
        " AND id IS DISTINCT FROM $2 RETURNING id",
        user_id,
        but,
    )
    return len(rows)


async def rights_changed(session: Session, user_id: UUID) -> None:
    """Have every token of a user exchanged soon: a token must not outlive the rights it was given for."""
    await session.execute(
        "UPDATE sign_ins SET renew_before = now() + $2::interval"
        " WHERE user_id = $1 AND ended_at IS NULL AND renew_before IS NULL",
        user_id,
        RENEW_WITHIN,
    )


async def must_live(session: Session, sign_in: UUID, *, active: bool) -> None:
    """Refuse with NotSignedIn when the sign-in has ended; with `active` it counts as used now."""
    if not await session.value(_LIVES, sign_in, _limits.idle):
        raise ended()
    if active:
        await session.execute(_TOUCH, sign_in, TOUCH_EVERY)


def ended() -> NotSignedIn:
    """The refusal for a token that is unknown or no longer good; it does not tell which."""
    return NotSignedIn("sign_in.ended", "You are not signed in, or your sign-in has ended.", "Sign in again.")
