"""A trading partner's mailbox as the product sees it, whatever it is reached by. Errors are codes without data."""

from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self


class MailboxError(Exception):
    """Something went wrong with a partner's mailbox. `code` is permanent; there is never data in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailboxFailed(MailboxError):
    """Worth trying again: `unreachable`, `timed_out`, `connection_lost`, `not_verified`, `file_changed`,
    `partner_failed`."""


class MailboxRefused(MailboxError):
    """Trying again changes nothing, and may lock the account: `host_key_changed`, `credentials_refused`,
    `key_unreadable`, `host_key_unreadable`, `name_taken`, `name_unusable`, `not_there`, `not_permitted`, `too_large`,
    `host_forbidden`, `certificate_refused`."""


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """One partner's mailbox. `host_key` is `type base64`, `private_key` OpenSSH text.

    `inbound` is the partner's folder that we upload to, `outbound` the one we read from.
    """

    host: str
    port: int
    username: str
    host_key: str
    private_key: str = field(repr=False)
    inbound: str = "inbound"
    outbound: str = "outbound"
    private_hosts: bool = True
    """Whether the host may be a private or loopback address: not in production."""
    archive: str = ""
    """The partner's folder that read files are moved to; empty: they stay where they are."""


@dataclass(frozen=True, slots=True)
class RestSettings:
    """One partner's mailbox over HTTP. `base_url` ends without a slash; `token` is sent as a bearer token."""

    base_url: str
    token: str = field(repr=False)
    private_hosts: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an upload: read back from the partner. `already_there`: an earlier attempt had arrived."""

    name: str
    size: int
    sha256: str
    already_there: bool = False


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A finished file that waits in the partner's outbound folder."""

    name: str
    size: int
    mtime: datetime


@dataclass(frozen=True, slots=True)
class Probe:
    """What a look into a mailbox found: files still in our inbound folder, files waiting for us."""

    inbound_files: int
    outbound_files: int


class Mailbox(Protocol):
    """A partner's mailbox. Inside `async with` all calls share one connection; outside each makes its own."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def upload(self, name: str, body: bytes) -> Receipt:
        """Deliver a file under exactly this name, proven by size and SHA-256; the same again is a success."""
        ...

    async def list(self) -> list[RemoteFile]:
        """Finished files waiting for us, oldest first."""
        ...

    async def fetch(self, name: str) -> bytes:
        """The whole content of a waiting file."""
        ...

    async def remove(self, name: str) -> None:
        """Take a file out of the mailbox; one that is gone already is fine."""
        ...

    async def put_away(self, name: str) -> None:
        """Move a file that was read to the archive; nothing happens where there is none."""
        ...

    async def probe(self) -> Probe:
        """Connect, sign in, look into both folders and change nothing."""
        ...
