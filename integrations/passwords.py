"""Password hashes: argon2id with the parameters that OWASP recommends, computed in a thread so that the loop keeps serving."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
# A valid hash of a password that nobody has: an unknown e-mail costs the same time as a known one.
_NOBODY = _HASHER.hash("no account has this password")


async def hashed(password: str) -> str:
    """The hash to store, with its own salt and parameters (PHC string)."""
    return await asyncio.to_thread(_HASHER.hash, _bytes(password))


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one hashed. Without a hash it takes as long and answers False."""
    right = await asyncio.to_thread(_verified, stored or _NOBODY, password)
    return right and bool(stored)


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's and should be made anew at the next sign-in."""
    return _HASHER.check_needs_rehash(stored)


def _verified(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, _bytes(password))
    except (Argon2Error, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    """One spelling of the same characters (NFKC, as NIST SP 800-63B advises), whatever keyboard typed them."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
