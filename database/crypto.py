"""Encryption of PHI columns: AES-256-GCM with a key per tenant, wrapped by the master key, and keyed blind indexes.

A sealed value is `version (1) | key id (2) | nonce (12) | ciphertext and tag`. The column's name and the tenant are
authenticated with it, so a value copied into another column or tenant does not open.
"""

import hashlib
import hmac
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1


class SealBroken(Exception):
    """A sealed value does not open: wrong key, wrong column, or altered bytes. Names the column, never the value."""


@dataclass(frozen=True, slots=True)
class TenantKey:
    """An unwrapped data key. `id` is stored with every sealed value so that keys can be rotated."""

    tenant_id: UUID
    id: int
    secret: bytes

    def seal(self, column: str, plain: bytes) -> bytes:
        """Encrypt `plain` for one column of this tenant."""
        nonce = os.urandom(12)
        head = bytes([_VERSION]) + self.id.to_bytes(2, "big")
        return head + nonce + AESGCM(self.secret).encrypt(nonce, plain, self._bound_to(column))

    def open(self, column: str, sealed: bytes) -> bytes:
        """Decrypt what `seal` made for the same column, or raise `SealBroken`."""
        if len(sealed) < 31 or sealed[0] != _VERSION:
            raise SealBroken(column)
        try:
            return AESGCM(self.secret).decrypt(sealed[3:15], sealed[15:], self._bound_to(column))
        except InvalidTag:
            raise SealBroken(column) from None

    def seal_json(self, column: str, value: Any) -> bytes:
        """Seal a JSON value; dates and decimals are written as text."""
        return self.seal(column, json.dumps(value, default=str, separators=(",", ":")).encode())

    def open_json(self, column: str, sealed: bytes) -> Any:
        """Open what `seal_json` made."""
        return json.loads(self.open(column, sealed))

    def blind(self, column: str, text: str) -> bytes:
        """A keyed hash (16 bytes) that finds equal values of a column without showing them."""
        key = hmac.digest(self.secret, b"blind index", hashlib.sha256)
        return hmac.digest(key, f"{column}\0{folded(text)}".encode(), hashlib.sha256)[:16]

    def prefixes(self, column: str, text: str, longest: int = 12) -> list[bytes]:
        """Blind indexes of every word's beginnings of 2 letters and more, for search as you type."""
        words = folded(text).split()
        return sorted({self.blind(column, w[:n]) for w in words for n in range(2, min(len(w), longest) + 1)})

    def _bound_to(self, column: str) -> bytes:
        return self.tenant_id.bytes + column.encode()


def folded(text: str) -> str:
    """Text for comparison: accents folded, lower case, only letters, digits and single spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def wrap(master: bytes, tenant_id: UUID, secret: bytes) -> bytes:
    """Encrypt a data key under the master key, bound to its tenant."""
    nonce = os.urandom(12)
    return nonce + AESGCM(master).encrypt(nonce, secret, b"tenant key" + tenant_id.bytes)


def unwrap(master: bytes, tenant_id: UUID, wrapped: bytes) -> bytes:
    """Decrypt a data key, or raise `SealBroken` when the master key is not the one that wrapped it."""
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], b"tenant key" + tenant_id.bytes)
    except InvalidTag:
        raise SealBroken("tenant_keys.wrapped") from None
