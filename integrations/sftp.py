"""A trading partner's mailbox over SFTP: pinned host key, key sign-in, upload that is proven or fails.

Every error is a code without data: partners' messages may quote what we sent. paramiko blocks, so it runs in a small
pool of threads of its own.
"""

import asyncio
import hashlib
import io
import logging
import re
import socket
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar

import paramiko

from integrations.ssh_keys import host_key_parts

T = TypeVar("T")
log = logging.getLogger("caseload.sftp")
# paramiko writes whole tracebacks about partners' servers; what matters reaches us as an exception.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
LARGEST_FILE = 128 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_UNFINISHED = (".part", ".tmp")
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="sftp")


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
    `key_unreadable`, `host_key_unreadable`, `name_taken`, `name_unusable`, `not_there`, `not_permitted`, `too_large`."""


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

    async def probe(self) -> Probe:
        """Connect, sign in, look into both folders and change nothing."""
        ...


class SftpMailbox:
    """The mailbox over SFTP with paramiko."""

    def __init__(
        self,
        settings: SftpSettings,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._settings = settings
        self._connect_seconds = connect_seconds
        self._answer_seconds = answer_seconds
        self._kept: _Line | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._kept = await _in_thread(self._connect)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            await _in_thread(kept.close)

    async def upload(self, name: str, body: bytes) -> Receipt:
        """See `Mailbox.upload`."""
        _must_be_usable(name)
        return await self._do(lambda line: _upload(line, self._settings.inbound, name, body))

    async def list(self) -> list[RemoteFile]:
        """See `Mailbox.list`."""
        return await self._do(lambda line: _finished(line, self._settings.outbound))

    async def fetch(self, name: str) -> bytes:
        """See `Mailbox.fetch`."""
        _must_be_plain(name)
        return await self._do(lambda line: _read(line, f"{self._settings.outbound}/{name}"))

    async def remove(self, name: str) -> None:
        """See `Mailbox.remove`."""
        _must_be_plain(name)
        await self._do(lambda line: _remove(line, f"{self._settings.outbound}/{name}"))

    async def probe(self) -> Probe:
        """See `Mailbox.probe`."""
        return await self._do(
            lambda line: Probe(
                len(_finished(line, self._settings.inbound)), len(_finished(line, self._settings.outbound))
            )
        )

    async def _do(self, work: "Callable[[_Line], T]") -> T:
        async with self._one_at_a_time:
            if self._kept is not None:
                kept = self._kept
                return await _in_thread(lambda: _named(lambda: work(kept)))
            return await _in_thread(lambda: self._once(work))

    def _once(self, work: "Callable[[_Line], T]") -> T:
        line = self._connect()
        try:
            return _named(lambda: work(line))
        finally:
            line.close()

    def _connect(self) -> "_Line":
        return _named(lambda: _connect(self._settings, self._connect_seconds, self._answer_seconds))


@dataclass(frozen=True, slots=True)
class _Line:
    """An open connection."""

    transport: paramiko.Transport
    sftp: paramiko.SFTPClient

    def close(self) -> None:
        self.transport.close()


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def _named(work: Callable[[], T]) -> T:
    """Run something that talks to the partner; whatever it raises comes out as a code, without the partner's words."""
    try:
        return work()
    except MailboxError:
        raise
    except paramiko.AuthenticationException:
        raise MailboxRefused("credentials_refused") from None
    except TimeoutError:
        raise MailboxFailed("timed_out") from None
    except FileNotFoundError:
        raise MailboxRefused("not_there") from None
    except PermissionError:
        raise MailboxRefused("not_permitted") from None
    except (EOFError, ConnectionError, paramiko.SSHException):
        raise MailboxFailed("connection_lost") from None
    except OSError as error:
        # The SFTP client tells a refusal by the server from a broken socket only by there being an error number.
        raise MailboxFailed("partner_failed" if error.errno is None else "connection_lost") from None


def _connect(settings: SftpSettings, connect_seconds: float, answer_seconds: float) -> _Line:
    kind, blob = host_key_parts(settings.host_key) or ("", b"")
    if not kind:
        raise MailboxRefused("host_key_unreadable")
    key = _private_key(settings.private_key)
    transport = paramiko.Transport(_socket(settings, connect_seconds))
    try:
        transport.banner_timeout = transport.auth_timeout = transport.channel_timeout = connect_seconds
        transport.handshake_timeout = connect_seconds
        transport.get_security_options().key_types = _algorithms(kind)
        _negotiate(transport, connect_seconds)
        if transport.get_remote_server_key().asbytes() != blob:
            raise MailboxRefused("host_key_changed")
        transport.auth_publickey(settings.username, key)
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        sftp.get_channel().settimeout(answer_seconds)
        return _Line(transport, sftp)
    except BaseException:
        transport.close()
        raise


def _negotiate(transport: paramiko.Transport, seconds: float) -> None:
    """A server that has no key of the pinned type any more has changed its key."""
    try:
        transport.start_client(timeout=seconds)
    except paramiko.ssh_exception.IncompatiblePeer as error:
        if "host key" in str(error):
            raise MailboxRefused("host_key_changed") from None
        raise


def _socket(settings: SftpSettings, seconds: float) -> socket.socket:
    try:
        return socket.create_connection((settings.host, settings.port), timeout=seconds)
    except TimeoutError:
        raise MailboxFailed("timed_out") from None
    except OSError:
        raise MailboxFailed("unreachable") from None


def _private_key(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError):
            continue  # not of this kind; the last word is the refusal below
    raise MailboxRefused("key_unreadable")


def _algorithms(kind: str) -> tuple[str, ...]:
    """Signature algorithms of the pinned key's type, so that a server with several keys shows the pinned one."""
    return ("rsa-sha2-512", "rsa-sha2-256") if kind == "ssh-rsa" else (kind,)


def _must_be_usable(name: str) -> None:
    if not _NAME.fullmatch(name) or name.lower().endswith(_UNFINISHED):
        raise MailboxRefused("name_unusable")


def _must_be_plain(name: str) -> None:
    """Partners choose the names of what they send; only what would leave the folder is refused."""
    if not name or name in (".", "..") or "/" in name or "\\" in name or not name.isprintable():
        raise MailboxRefused("name_unusable")


def _upload(line: _Line, folder: str, name: str, body: bytes) -> Receipt:
    """Proven under the temporary name, before the rename: from then on the partner may take the file away."""
    final, part = f"{folder}/{name}", f"{folder}/{name}.part"
    receipt = Receipt(name, len(body), hashlib.sha256(body).hexdigest())
    if _arrived(line, final, body):
        return Receipt(name, receipt.size, receipt.sha256, already_there=True)
    with line.sftp.open(part, "wb") as file:
        file.set_pipelined(True)
        file.write(body)
    if hashlib.sha256(_read(line, part)).hexdigest() != receipt.sha256:
        raise MailboxFailed("not_verified")
    _rename(line, part, final, body)
    try:
        if line.sftp.stat(final).st_size != receipt.size:
            raise MailboxFailed("not_verified")
    except FileNotFoundError:
        log.debug("the partner took the file at once")
    return receipt


def _arrived(line: _Line, path: str, body: bytes) -> bool:
    """Whether exactly this content is there already; other content under the name is refused."""
    try:
        size = line.sftp.stat(path).st_size
    except FileNotFoundError:
        return False
    if size != len(body) or _read(line, path) != body:
        raise MailboxRefused("name_taken")
    return True


def _rename(line: _Line, part: str, final: str, body: bytes) -> None:
    try:
        line.sftp.posix_rename(part, final)
    except FileNotFoundError:
        # Another attempt for the same file renamed it first.
        if not _arrived(line, final, body):
            raise MailboxFailed("not_verified") from None
    except OSError as error:
        if error.errno is not None:
            raise
        # A server without the posix-rename extension; nothing stands under the final name, so this replaces nothing.
        line.sftp.rename(part, final)


def _finished(line: _Line, folder: str) -> list[RemoteFile]:
    found = [one for one in line.sftp.listdir_attr(folder) if stat.S_ISREG(one.st_mode or stat.S_IFREG)]
    names = [one for one in found if _is_finished(one.filename)]
    if len(names) < len(found):
        log.info("left %s unfinished or unusable names in a mailbox", len(found) - len(names))
    files = [
        RemoteFile(one.filename, one.st_size or 0, datetime.fromtimestamp(one.st_mtime or 0, UTC))
        for one in names
    ]
    return sorted(files, key=lambda one: (one.mtime, one.name))


def _is_finished(name: str) -> bool:
    hidden = name.startswith(".") or name.lower().endswith(_UNFINISHED)
    return not hidden and "/" not in name and "\\" not in name and name.isprintable()


def _read(line: _Line, path: str) -> bytes:
    with line.sftp.open(path, "rb") as file:
        size = file.stat().st_size or 0
        if size > LARGEST_FILE:
            raise MailboxRefused("too_large")
        file.prefetch(size)
        body: bytes = file.read(size)
    if len(body) != size:
        raise MailboxFailed("file_changed")
    return body


def _remove(line: _Line, path: str) -> None:
    try:
        line.sftp.remove(path)
    except FileNotFoundError:
        log.debug("the file had been removed before")
