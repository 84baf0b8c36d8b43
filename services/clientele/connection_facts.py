"""What is typed and shown about a connection, and the checks between the two."""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.circuits import LABELS
from integrations.ssh_keys import fingerprint, host_key_parts
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.clientele.connection_words import sentence, told_of

# ISA06 and ISA08 hold 15 characters; GS02 and GS03 need at least 2.
_INTERCHANGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,14}")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*|[0-9a-fA-F:]{2,45}"
)
_FOLDER = re.compile(r"/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9a-fA-F:]{2,45}\])(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~-]+)*)"
)
_USERNAME = re.compile(r"[!-~]{1,64}")


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What a partner hands over. `host_key` is a line of `ssh-keyscan` or of known_hosts; `usage_indicator` is T or P.

    `inbound_folder` is the partner's folder that we upload to, `outbound_folder` the one we read from.
    """

    name: str
    host: str = ""
    port: int = 22
    username: str = ""
    host_key: str = ""
    sender_id: str = ""
    receiver_id: str = ""
    inbound_folder: str = "inbound"
    outbound_folder: str = "outbound"
    usage_indicator: str = "T"
    kind: str = "sftp"
    base_url: str = ""
    access_token: str = field(default="", repr=False)
    archive_folder: str = ""


@dataclass(frozen=True, slots=True)
class CircuitView:
    """Whether the partner may be called: `state` is closed (works), open (paused) or half_open (trying again).

    `retry_at` is when it is tried by itself; without one while open, only a person lets it be tried.
    """

    state: str = "closed"
    label: str = "Works"
    tone: str = "ok"
    failures: int = 0
    code: str = ""
    words: str = ""
    what_to_do: str = ""
    opened_at: datetime | None = None
    retry_at: datetime | None = None
    closed_reason: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as shown; `version` is its ETag. `last_error` is a code, `last_error_words` says it in a sentence.

    `setup_step` is empty once the connection is set up. `next_public_key` is that of a key that is to follow.
    """

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    created_at: datetime
    name: str
    host: str
    port: int
    username: str
    host_key: str
    host_fingerprint: str
    public_key: str
    sender_id: str
    receiver_id: str
    inbound_folder: str
    outbound_folder: str
    usage_indicator: str
    last_polled_at: datetime | None
    last_tested_at: datetime | None
    last_error: str
    last_error_words: str
    kind: str = "sftp"
    base_url: str = ""
    archive_folder: str = ""
    setup_step: str = ""
    next_public_key: str = ""
    next_key_tested_at: datetime | None = None
    host_key_note: str = ""
    circuit: CircuitView = CircuitView()


def checked(facts: ConnectionFacts) -> dict[str, Any]:
    """The columns of these facts, or `Invalid` with every fault."""
    ready = _cleaned(facts)
    faults_of(ready).refuse()
    values = asdict(ready)
    values.pop("access_token")
    return values


def faults_of(facts: ConnectionFacts) -> Faults:
    """What is wrong with cleaned facts."""
    faults = Faults("connection")
    faults.text("name", facts.name, 80, missing="Enter a name that people will recognise.")
    faults.one_of("kind", facts.kind, ("sftp", "rest"), "Choose SFTP or REST.")
    faults.one_of("usage_indicator", facts.usage_indicator, ("T", "P"), "Choose test or production.")
    if facts.kind == "rest":
        _rest_faults(facts, faults)
    else:
        _sftp_faults(facts, faults)
    for name, message in (
        ("sender_id", "Enter 2 to 15 letters and digits: who we are in ISA06."),
        ("receiver_id", "Enter 2 to 15 letters and digits: who the partner is in ISA08."),
    ):
        if not _INTERCHANGE_ID.fullmatch(getattr(facts, name)):
            faults.add(name, f"{name}.invalid", message)
    return faults


def _rest_faults(facts: ConnectionFacts, faults: Faults) -> None:
    if not _URL.fullmatch(facts.base_url):
        faults.add(
            "base_url",
            "base_url.invalid",
            "Enter the address of the mailbox, such as https://edi.example.com/mailbox.",
        )
    if facts.access_token and not re.fullmatch(r"[!-~]{8,500}", facts.access_token):
        faults.add("access_token", "access_token.invalid", "Paste the token as the partner gave it.")


def _sftp_faults(facts: ConnectionFacts, faults: Faults) -> None:
    for name, pattern, message in (
        ("host", _HOST, "Enter the partner's host name or address, without sftp://."),
        ("username", _USERNAME, "Enter the user name that the partner gave you."),
        ("inbound_folder", _FOLDER, "Enter the folder to upload to, such as inbound."),
        ("outbound_folder", _FOLDER, "Enter the folder to read from, such as outbound."),
    ):
        value = getattr(facts, name)
        if not pattern.fullmatch(value) or ".." in value:
            faults.add(name, f"{name}.invalid", message)
    archive = facts.archive_folder
    if archive and (not _FOLDER.fullmatch(archive) or ".." in archive):
        faults.add(
            "archive_folder", "archive_folder.invalid", "Enter a folder of the partner, or leave it empty."
        )
    if not 1 <= facts.port <= 65535:
        faults.add("port", "port.out_of_range", "Enter a port from 1 to 65535; SFTP is usually 22.")
    if not facts.host_key:
        faults.add(
            "host_key", "host_key.invalid", "Paste the partner's public host key: its type and the key."
        )


def shown(row: records.Row, circuit: Any = None) -> ConnectionView:
    """The view of a row and of its circuit's row, if it has one; without its private key and its token."""
    return records.view_of(
        ConnectionView,
        row,
        host_fingerprint=fingerprint(row["host_key"]),
        last_error_words=sentence(row["last_error"]),
        circuit=_circuit(circuit) if circuit else CircuitView(),
    )


def _circuit(row: Any) -> CircuitView:
    label, tone = LABELS[row["state"]]
    told = told_of(row["code"])
    names = ("state", "failures", "code", "opened_at", "retry_at", "closed_reason")
    words, what_to_do = told if row["code"] else ("", "")
    return CircuitView(
        label=label, tone=tone, words=words, what_to_do=what_to_do, **{n: row[n] for n in names}
    )


def _cleaned(facts: ConnectionFacts) -> ConnectionFacts:
    return ConnectionFacts(
        name=checks.clean(facts.name),
        host=_host(facts),
        port=_port(facts),
        username=facts.username.strip(),
        host_key=_host_key(facts.host_key),
        sender_id=facts.sender_id.strip(),
        receiver_id=facts.receiver_id.strip(),
        inbound_folder=facts.inbound_folder.strip().rstrip("/"),
        outbound_folder=facts.outbound_folder.strip().rstrip("/"),
        usage_indicator=checks.code(facts.usage_indicator),
        kind=facts.kind.strip().lower(),
        base_url=facts.base_url.strip().rstrip("/"),
        access_token=facts.access_token.strip(),
        archive_folder=facts.archive_folder.strip().rstrip("/"),
    )


def _host(facts: ConnectionFacts) -> str:
    """Of a REST mailbox the host of its address, so that lists show where it leads."""
    if facts.kind.strip().lower() != "rest":
        return facts.host.strip()
    found = _URL.fullmatch(facts.base_url.strip().rstrip("/"))
    return found["host"] if found else ""


def _port(facts: ConnectionFacts) -> int:
    if facts.kind.strip().lower() != "rest":
        return facts.port
    found = _URL.fullmatch(facts.base_url.strip().rstrip("/"))
    return int(found["port"] or (443 if found["scheme"] == "https" else 80)) if found else 443


def _host_key(text: str) -> str:
    """Only type and key, whatever stood around them; empty when there is none."""
    parts = host_key_parts(text)
    if parts is None:
        return ""
    words = text.split()
    return f"{parts[0]} {words[words.index(parts[0]) + 1]}"
