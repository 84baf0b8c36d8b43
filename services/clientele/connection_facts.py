"""What is typed and shown about a connection, and the checks between the two."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from integrations.ssh_keys import fingerprint, host_key_parts
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.clientele.connection_words import sentence

# ISA06 and ISA08 hold 15 characters; GS02 and GS03 need at least 2.
_INTERCHANGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,14}")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*|[0-9a-fA-F:]{2,45}"
)
_FOLDER = re.compile(r"/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_USERNAME = re.compile(r"[!-~]{1,64}")


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What a partner hands over. `host_key` is a line of `ssh-keyscan` or of known_hosts; `usage_indicator` is T or P.

    `inbound_folder` is the partner's folder that we upload to, `outbound_folder` the one we read from.
    """

    name: str
    host: str
    port: int
    username: str
    host_key: str
    sender_id: str
    receiver_id: str
    inbound_folder: str = "inbound"
    outbound_folder: str = "outbound"
    usage_indicator: str = "T"


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as shown; `version` is its ETag. `last_error` is a code, `last_error_words` says it in a sentence."""

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


def checked(facts: ConnectionFacts) -> dict[str, Any]:
    """The columns of these facts, or `Invalid` with every fault."""
    ready = _cleaned(facts)
    faults_of(ready).refuse()
    return asdict(ready)


def faults_of(facts: ConnectionFacts) -> Faults:
    """What is wrong with cleaned facts."""
    faults = Faults("connection")
    faults.text("name", facts.name, 80, missing="Enter a name that people will recognise.")
    for field, pattern, message in (
        ("host", _HOST, "Enter the partner's host name or address, without sftp://."),
        ("username", _USERNAME, "Enter the user name that the partner gave you."),
        ("sender_id", _INTERCHANGE_ID, "Enter 2 to 15 letters and digits: who we are in ISA06."),
        ("receiver_id", _INTERCHANGE_ID, "Enter 2 to 15 letters and digits: who the partner is in ISA08."),
        ("inbound_folder", _FOLDER, "Enter the folder to upload to, such as inbound."),
        ("outbound_folder", _FOLDER, "Enter the folder to read from, such as outbound."),
    ):
        value = getattr(facts, field)
        if not pattern.fullmatch(value) or ".." in value:
            faults.add(field, f"{field}.invalid", message)
    if not 1 <= facts.port <= 65535:
        faults.add("port", "port.out_of_range", "Enter a port from 1 to 65535; SFTP is usually 22.")
    if not facts.host_key:
        faults.add(
            "host_key", "host_key.invalid", "Paste the partner's public host key: its type and the key."
        )
    faults.one_of("usage_indicator", facts.usage_indicator, ("T", "P"), "Choose test or production.")
    return faults


def shown(row: records.Row) -> ConnectionView:
    """The view of a row, without its private key."""
    return records.view_of(
        ConnectionView,
        row,
        host_fingerprint=fingerprint(row["host_key"]),
        last_error_words=sentence(row["last_error"]),
    )


def _cleaned(facts: ConnectionFacts) -> ConnectionFacts:
    return ConnectionFacts(
        name=checks.clean(facts.name),
        host=facts.host.strip(),
        port=facts.port,
        username=facts.username.strip(),
        host_key=_host_key(facts.host_key),
        sender_id=facts.sender_id.strip(),
        receiver_id=facts.receiver_id.strip(),
        inbound_folder=facts.inbound_folder.strip().rstrip("/"),
        outbound_folder=facts.outbound_folder.strip().rstrip("/"),
        usage_indicator=checks.code(facts.usage_indicator),
    )


def _host_key(text: str) -> str:
    """Only type and key, whatever stood around them; empty when there is none."""
    parts = host_key_parts(text)
    if parts is None:
        return ""
    words = text.split()
    return f"{parts[0]} {words[words.index(parts[0]) + 1]}"
