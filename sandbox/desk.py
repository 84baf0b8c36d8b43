"""The control desk: a small HTTP JSON service for enrolment, keys, scenarios and practising duplicates.

Below `/mailbox/` the same server is the REST face of the partners' mailboxes.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.clearinghouse import Clearinghouse
from sandbox.homes import INBOUND, OUTBOUND
from sandbox.ledger import Ledger
from sandbox.partners import RECEIVER_ID, Declined, Enrolment, add_key, enrol, forget_key, must_know
from sandbox.rest import LARGEST_FILE, PREFIX, RestFace, Sent, give_token
from sandbox.scenarios import SCENARIOS

log = logging.getLogger("sandbox")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,120}")
_LARGEST_BODY = 100_000
_WILDCARDS = ("0.0.0.0", "::", "")

Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a submitter finds the SFTP server."""

    host: str
    """The address listened on; a wildcard is told as the name by which the asker reached the desk."""
    sftp_port: int
    host_key: str


class Desk:
    """Answers requests; knows nothing of HTTP but status numbers."""

    def __init__(self, house: Clearinghouse, addresses: Addresses) -> None:
        self._house, self._addresses = house, addresses

    def answer(self, method: str, path: str, asked: dict[str, Any], reached_by: str) -> Reply:
        """`asked` is query and body together; `reached_by` the host name in the request."""
        routes: dict[tuple[str, str], Callable[[Ledger, dict[str, Any]], Reply]] = {
            ("GET", "/health"): self._health,
            ("GET", "/scenarios"): self._scenarios,
            ("GET", "/files"): self._files,
            ("POST", "/enrolments"): self._enrol,
            ("POST", "/deliver-again"): self._deliver_again,
            ("POST", "/tokens"): self._token,
            ("POST", "/keys"): self._add_key,
            ("POST", "/keys/forget"): self._forget_key,
        }
        route = routes.get((method, path))
        if route is None:
            if any(path == known for _, known in routes):
                raise Declined(405, "method_not_allowed", "Use the other of GET and POST here.")
            known = ", ".join(f"{m} {p}" for m, p in routes)
            raise Declined(404, "no_such_address", f"Known here: {known}.")
        ledger = self._house.open_ledger()
        try:
            return route(ledger, {**asked, "reached_by": reached_by})
        finally:
            ledger.close()

    def _health(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        waiting = ledger.row("SELECT count(*) FROM uploads WHERE state = 'received'")
        due = ledger.row("SELECT count(*) FROM answers WHERE state <> 'delivered'")
        return 200, {"status": "ok", "uploads_waiting": (waiting or (0,))[0], "answers_due": (due or (0,))[0]}

    def _scenarios(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        return 200, {"scenarios": [{**asdict(one), "chosen_by": one.chosen_by} for one in SCENARIOS.values()]}

    def _enrol(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        enrolment = Enrolment(
            username=_text(asked, "username"),
            sender_id=_text(asked, "sender_id"),
            public_key=_text(asked, "public_key", ""),
            password=_text(asked, "password", ""),
            receiver_id=_text(asked, "receiver_id", RECEIVER_ID),
        )
        new = enrol(ledger, self._house.homes, enrolment)
        where = self._addresses
        return 201 if new else 200, {
            "host": asked["reached_by"] if where.host in _WILDCARDS else where.host,
            "port": where.sftp_port,
            "host_key": where.host_key,
            "inbound": INBOUND,
            "outbound": OUTBOUND,
            "receiver_id": enrolment.receiver_id,
        }

    def _files(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        username = self._known(ledger, asked)
        uploads = ledger.rows(
            "SELECT name, state, received_at, sha256 FROM uploads WHERE username = ? ORDER BY id", username
        )
        answers = ledger.rows(
            "SELECT name, state, due_at, length(body) FROM answers WHERE username = ? ORDER BY due_at, id",
            username,
        )
        folder = self._house.homes.home(username) / OUTBOUND
        return 200, {
            "inbound": [
                dict(zip(("name", "state", "received_at", "sha256"), row, strict=True)) for row in uploads
            ],
            "answers": [dict(zip(("name", "state", "due_at", "size"), row, strict=True)) for row in answers],
            "outbound": sorted(one.name for one in folder.iterdir()),
        }

    def _deliver_again(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        username = self._known(ledger, asked)
        name, other = _text(asked, "file"), _text(asked, "as")
        if not _FILE_NAME.fullmatch(other) or other.lower().endswith((".tmp", ".part")):
            raise Declined(422, "name_invalid", "Give in `as` a plain file name without folders.")
        with ledger.transaction():
            found = ledger.row(
                "SELECT body, upload FROM answers WHERE username = ? AND name = ? AND state = 'delivered'",
                username,
                name,
            )
            if found is None:
                raise Declined(
                    404, "no_such_file", "Name in `file` one that was delivered to this user's outbound."
                )
            if ledger.row("SELECT 1 FROM answers WHERE username = ? AND name = ?", username, other):
                raise Declined(409, "name_taken", "Give in `as` a name that was not used before.")
            ledger.add_answer(username, other, found[1], time.time(), found[0])
        self._house.answer_queued()
        return 201, {"file": other}

    def _token(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        username = _text(asked, "username")
        must_know(ledger, username, _text(asked, "public_key", ""), _text(asked, "password", ""))
        return 201, {"token": give_token(ledger, username)}

    def _add_key(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        add_key(ledger, _text(asked, "username"), _text(asked, "present"), _text(asked, "public_key"))
        return 201, {"status": "both keys are let in"}

    def _forget_key(self, ledger: Ledger, asked: dict[str, Any]) -> Reply:
        forget_key(ledger, _text(asked, "username"), _text(asked, "present"), _text(asked, "public_key"))
        return 200, {"status": "the key is forgotten"}

    def _known(self, ledger: Ledger, asked: dict[str, Any]) -> str:
        username = _text(asked, "username")
        if ledger.user(username) is None:
            raise Declined(404, "no_such_user", "Enrol this username first: POST /enrolments.")
        return username


def _text(asked: dict[str, Any], name: str, otherwise: str | None = None) -> str:
    value = asked.get(name, otherwise)
    if value is None and otherwise is not None:
        return otherwise
    if not isinstance(value, str) or (not value and otherwise is None):
        raise Declined(422, f"{name}_missing", f"Send `{name}` as text.")
    return value


class _Handler(BaseHTTPRequestHandler):
    desk: Desk
    face: RestFace
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_PUT(self) -> None:
        self._handle("PUT")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def _handle(self, method: str) -> None:
        try:
            where = urlsplit(self.path)
            if where.path.startswith(PREFIX):
                self._mailbox(method, where.path)
                return
            query = {key: values[0] for key, values in parse_qs(where.query).items()}
            body = self._body() if method == "POST" else {}
            status, told = self.desk.answer(method, where.path, {**query, **body}, self._reached_by())
        except Declined as refused:
            status, told = refused.status, {"error": refused.error, "what_to_do": refused.what_to_do}
        except Exception:
            log.exception("the control desk failed at %s %s", method, urlsplit(self.path).path)
            status, told = 500, {"error": "internal_error", "what_to_do": "See the sandbox's log."}
        self._reply(status, told)

    def _mailbox(self, method: str, path: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(self._size(LARGEST_FILE)) if method == "PUT" else b""
        told = self.face.answer(Sent(method, path, headers, body))
        self.send_response(told.status)
        self.send_header("Content-Type", told.kind)
        self.send_header("Content-Length", str(len(told.body)))
        if told.sha256:
            self.send_header("X-Content-SHA256", told.sha256)
        self.end_headers()
        self.wfile.write(told.body)

    def _reached_by(self) -> str:
        return urlsplit(f"//{self.headers.get('Host', '')}").hostname or "127.0.0.1"

    def _size(self, largest: int) -> int:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isascii() and length.isdigit() else 0
        if size > largest:
            self.close_connection = True
            raise Declined(413, "body_too_large", f"Send at most {largest} bytes.")
        return size

    def _body(self) -> dict[str, Any]:
        size = self._size(_LARGEST_BODY)
        try:
            told = json.loads(self.rfile.read(size) or b"{}")
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise Declined(400, "body_not_json", "Send one JSON object.")
        return told

    def _reply(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug("control desk: %s", args[1] if len(args) > 1 else "")


class DeskServer:
    """The desk behind a threaded HTTP server."""

    def __init__(self, desk: Desk, face: RestFace, host: str, port: int) -> None:
        handler = type("Handler", (_Handler,), {"desk": desk, "face": face})
        self._server = ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="desk", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
