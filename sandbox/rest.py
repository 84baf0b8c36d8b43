"""The REST face: the same partner accounts and files as over SFTP, with a bearer token instead of a key.

`PUT inbound/{name}` submits, `GET inbound` and `GET inbound/{name}` say what lies there, `GET outbound` lists answers,
`GET outbound/{name}` fetches one, `DELETE outbound/{name}` confirms it.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sandbox.clearinghouse import Clearinghouse
from sandbox.homes import INBOUND, OUTBOUND, is_final
from sandbox.ledger import Ledger
from sandbox.partners import Declined

PREFIX = "/mailbox/"
LARGEST_FILE = 128 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,199}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, as far as this face needs it. `headers` has lower-case names."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer."""

    status: int
    body: bytes
    kind: str = "application/json"
    sha256: str = ""


class RestFace:
    """Answers requests below `/mailbox/`; knows nothing of sockets."""

    def __init__(self, house: Clearinghouse) -> None:
        self._house = house

    def answer(self, sent: Sent) -> Told:
        """Raises Declined for what is refused."""
        username = self._username(sent.headers)
        folder, _, quoted = sent.path.removeprefix(PREFIX).partition("/")
        name = unquote(quoted)
        if folder not in (INBOUND, OUTBOUND):
            raise Declined(404, "no_such_folder", f"There are {INBOUND} and {OUTBOUND}.")
        home = self._house.homes.home(username) / folder
        if not name:
            return self._listed(sent, home)
        if not _NAME.fullmatch(name) or not is_final(name):
            raise Declined(422, "name_invalid", "Use letters, digits, dots, hyphens and underscores.")
        if folder == INBOUND:
            return self._inbound(sent, username, home / name)
        return self._outbound(sent, home / name)

    def _username(self, headers: dict[str, str]) -> str:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            ledger = self._house.open_ledger()
            try:
                row = ledger.row("SELECT username FROM tokens WHERE digest = ?", _digest(token.strip()))
            finally:
                ledger.close()
            if row is not None:
                return str(row[0])
        raise Declined(401, "token_refused", "Send the token of this partner: Authorization: Bearer …")

    def _listed(self, sent: Sent, home: Path) -> Told:
        if sent.method != "GET":
            raise Declined(405, "method_not_allowed", "Use GET here.")
        files = [_facts(one) for one in sorted(home.iterdir()) if one.is_file() and is_final(one.name)]
        return _json(200, {"files": files})

    def _inbound(self, sent: Sent, username: str, path: Path) -> Told:
        if sent.method == "GET":
            return _json(200, {**_facts(_there(path)), "sha256": _hash(path.read_bytes())})
        if sent.method != "PUT":
            raise Declined(405, "method_not_allowed", "Use PUT to submit and GET to look.")
        if not sent.headers.get("idempotency-key"):
            raise Declined(422, "idempotency_key_missing", "Send an Idempotency-Key with every submission.")
        digest = _hash(sent.body)
        claimed = sent.headers.get("x-content-sha256", digest)
        if not hmac.compare_digest(claimed, digest):
            raise Declined(
                422, "hash_mismatch", "What arrived is not what X-Content-SHA256 says. Send it again."
            )
        known = self._taken(username, path, digest)
        if not known:
            part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
            part.write_bytes(sent.body)
            os.replace(part, path)
            self._house.receive(username, path)
        told = {"name": path.name, "size": len(sent.body), "sha256": digest}
        return _json(200 if known else 201, told)

    def _taken(self, username: str, path: Path, digest: str) -> bool:
        """Whether this very content was submitted under the name; other content under it is refused."""
        ledger = self._house.open_ledger()
        try:
            row = ledger.row(
                "SELECT sha256 FROM uploads WHERE username = ? AND name = ?", username, path.name
            )
        finally:
            ledger.close()
        if row is not None and row[0] != digest:
            raise Declined(409, "name_taken", "Another file was submitted under this name. Choose another.")
        return row is not None

    def _outbound(self, sent: Sent, path: Path) -> Told:
        if sent.method == "GET":
            body = _there(path).read_bytes()
            return Told(200, body, "application/octet-stream", _hash(body))
        if sent.method == "DELETE":
            _there(path).unlink()
            return _json(200, {"removed": path.name})
        raise Declined(405, "method_not_allowed", "Use GET to fetch and DELETE to confirm.")


def give_token(ledger: Ledger, username: str) -> str:
    """A new token of an enrolled partner; tokens given before stay good until they are taken back."""
    token = f"sb_{secrets.token_urlsafe(32)}"
    with ledger.transaction():
        ledger.write("INSERT INTO tokens (digest, username) VALUES (?, ?)", _digest(token), username)
    return token


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Declined(404, "no_such_file", "There is no file of this name.")
    return path


def _facts(path: Path) -> dict[str, Any]:
    found = path.stat()
    return {"name": path.name, "size": found.st_size, "mtime": found.st_mtime}


def _json(status: int, told: dict[str, Any]) -> Told:
    return Told(status, json.dumps(told).encode())


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
