"""Enrolment and recognition of trading partners."""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass

from sandbox.homes import Homes
from sandbox.ledger import Ledger, User

RECEIVER_ID = "SANDBOXCH"
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_INTERCHANGE_ID = re.compile(r"[\x21-\x29\x2b-\x39\x3b-\x5d\x5f-\x7d]{1,15}")
_KEY_KINDS = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")


@dataclass  # not frozen: a context manager sets its traceback
class Declined(Exception):
    """A request that the control desk refuses: HTTP status, name and what to do."""

    status: int
    error: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a submitter asks for."""

    username: str
    sender_id: str
    public_key: str = ""
    password: str = ""
    receiver_id: str = RECEIVER_ID

    def check(self) -> None:
        if not _USERNAME.fullmatch(self.username):
            raise Declined(
                422, "username_invalid", "Use 1 to 64 letters, digits, dots, dashes or underscores."
            )
        if not self.public_key and not self.password:
            raise Declined(422, "credential_missing", "Send public_key (an OpenSSH line), password, or both.")
        if self.public_key and not key_blob(self.public_key):
            raise Declined(
                422, "public_key_invalid", "Send one OpenSSH public key line: type and base64 blob."
            )
        for name, value in (("sender_id", self.sender_id), ("receiver_id", self.receiver_id)):
            if not _INTERCHANGE_ID.fullmatch(value):
                raise Declined(
                    422, f"{name}_invalid", "Use 1 to 15 printable characters without blanks or * : ^ ~."
                )


def key_blob(public_key: str) -> str:
    """The base64 part of an OpenSSH public key line, empty when it is not one."""
    words = public_key.split()
    if (
        len(words) < 2
        or words[0] not in _KEY_KINDS
        or not re.fullmatch(r"[A-Za-z0-9+/]{40,}={0,2}", words[1])
    ):
        return ""
    return words[1]


def enrol(ledger: Ledger, homes: Homes, asked: Enrolment) -> bool:
    """True when new, False when the same enrolment was there already; another one of that name is refused."""
    asked.check()
    with ledger.transaction():
        known = ledger.user(asked.username)
        if known is None:
            ledger.add_user(_user(asked))
        elif not _same(known, asked):
            raise Declined(
                409, "username_taken", "Choose another username, or send the key it was enrolled with."
            )
        homes.make(asked.username)
    return known is None


def password_holds(user: User, password: str) -> bool:
    return bool(user.password) and hmac.compare_digest(user.password, _digest(password, user.salt))


def key_holds(user: User, blob: str) -> bool:
    """Whether it is one of the user's keys: while a key is replaced there are two."""
    return any(hmac.compare_digest(key_blob(line), blob) for line in user.public_key.splitlines())


def add_key(ledger: Ledger, username: str, present: str, public_key: str) -> None:
    """Lets one more key in beside the present one."""
    with ledger.transaction():
        user = _holder(ledger, username, present)
        if not key_blob(public_key):
            raise Declined(
                422, "public_key_invalid", "Send one OpenSSH public key line: type and base64 blob."
            )
        if not key_holds(user, key_blob(public_key)):
            lines = [*user.public_key.splitlines(), public_key.strip()]
            ledger.write("UPDATE users SET public_key = ? WHERE username = ?", "\n".join(lines), username)


def forget_key(ledger: Ledger, username: str, present: str, public_key: str) -> None:
    """Lets a key in no more; the one that is shown as present stays."""
    with ledger.transaction():
        user = _holder(ledger, username, present)
        if key_blob(present) == key_blob(public_key):
            raise Declined(409, "key_in_use", "This is the key you show: forget the other one.")
        lines = [line for line in user.public_key.splitlines() if key_blob(line) != key_blob(public_key)]
        ledger.write("UPDATE users SET public_key = ? WHERE username = ?", "\n".join(lines), username)


def must_know(ledger: Ledger, username: str, public_key: str, password: str) -> None:
    """Refuses whoever shows neither a key nor the password of the user."""
    user = ledger.user(username)
    if user is None or not (
        key_holds(user, key_blob(public_key)) or (password and password_holds(user, password))
    ):
        raise Declined(403, "credential_refused", "Send the public_key or the password that was enrolled.")


def _holder(ledger: Ledger, username: str, present: str) -> User:
    must_know(ledger, username, present, "")
    user = ledger.user(username)
    assert user is not None  # just known
    return user


def _user(asked: Enrolment) -> User:
    salt = os.urandom(16)
    password = _digest(asked.password, salt) if asked.password else b""
    return User(asked.username, asked.public_key, salt, password, asked.sender_id, asked.receiver_id)


def _same(known: User, asked: Enrolment) -> bool:
    """Every credential given must be the known one."""
    if asked.public_key and not key_holds(known, key_blob(asked.public_key)):
        return False
    if asked.password and not password_holds(known, asked.password):
        return False
    return (known.sender_id, known.receiver_id) == (asked.sender_id, asked.receiver_id)


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
