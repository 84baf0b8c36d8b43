"""SSH keys as text: a fresh pair for a connection, and what a partner's host key says."""

import base64
import binascii
import hashlib
import itertools
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

HOST_KEY_KINDS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An ed25519 key pair. `public_key` is one line for the partner, `private_key` OpenSSH text in clear."""

    public_key: str
    private_key: str = field(repr=False)


def make_key_pair(comment: str = "caseload") -> KeyPair:
    """A fresh key pair; the private half has no passphrase because it is sealed where it is stored."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    return KeyPair(f"{public} {comment}", private)


def host_key_parts(text: str) -> tuple[str, bytes] | None:
    """Type and key bytes of `type base64 …`, also behind host names as known_hosts has them; None if it is none."""
    words = text.split()
    for kind, encoded in itertools.pairwise(words):
        if kind in HOST_KEY_KINDS:
            return _decoded(kind, encoded)
    return None


def fingerprint(text: str) -> str:
    """The SHA256 fingerprint as `ssh-keygen -l` prints it, to compare by telephone; empty if it is no key."""
    parts = host_key_parts(text)
    if parts is None:
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(parts[1]).digest()).decode().rstrip("=")


def _decoded(kind: str, encoded: str) -> tuple[str, bytes] | None:
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    named = len(kind).to_bytes(4, "big") + kind.encode()
    return (kind, blob) if blob.startswith(named) and len(blob) > len(named) + 4 else None
