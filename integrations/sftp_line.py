"""One open SFTP connection and what is done over it; everything here blocks and runs in a thread."""

import hashlib
import io
import logging
import re
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import paramiko

from integrations.addresses import resolved
from integrations.mailbox import (
    MailboxError,
    MailboxFailed,
    MailboxRefused,
    Receipt,
    RemoteFile,
    SftpSettings,
)
from integrations.ssh_keys import host_key_parts

T = TypeVar("T")
log = logging.getLogger("caseload.sftp")
# paramiko writes whole tracebacks about partners' servers; what matters reaches us as an exception.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)

LARGEST_FILE = 128 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_UNFINISHED = (".part", ".tmp")


@dataclass(frozen=True, slots=True)
class Line:
    """An open connection."""

    transport: paramiko.Transport
    sftp: paramiko.SFTPClient

    def close(self) -> None:
        self.transport.close()


def named(work: Callable[[], T]) -> T:
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


def connect(settings: SftpSettings, connect_seconds: float, answer_seconds: float) -> Line:
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
        _sign_in(transport, settings.username, key)
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        sftp.get_channel().settimeout(answer_seconds)
        return Line(transport, sftp)
    except BaseException:
        transport.close()
        raise


def _sign_in(transport: paramiko.Transport, username: str, key: paramiko.PKey) -> None:
    """A line that broke, or a server that fell silent, has refused nobody, though paramiko calls both a failed
    authentication: told apart by its words, for it keeps nothing else."""
    try:
        transport.auth_publickey(username, key)
    except paramiko.AuthenticationException as error:
        if "EOF" in str(error):
            raise MailboxFailed("connection_lost") from None
        if "timeout" in str(error):
            raise MailboxFailed("timed_out") from None
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
        address = resolved(settings.host, settings.port, settings.private_hosts)
        return socket.create_connection(address, timeout=seconds)
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


def host_key_of(host: str, port: int, seconds: float, *, private_hosts: bool = True) -> str:
    """The key that a server shows, as `type base64`, without signing in: for a person to compare and to pin."""
    asked = SftpSettings(host, port, "", "", "", private_hosts=private_hosts)
    transport = paramiko.Transport(_socket(asked, seconds))
    try:
        transport.banner_timeout = transport.handshake_timeout = seconds
        transport.start_client(timeout=seconds)
        key = transport.get_remote_server_key()
        return f"{key.get_name()} {key.get_base64()}"
    finally:
        transport.close()


def folders(line: Line) -> list[str]:
    """The folders below the one that the partner lets us into, two levels deep, at most a hundred."""
    found: list[str] = []
    for outer in _folders_in(line, "."):
        found += [outer, *(f"{outer}/{inner}" for inner in _folders_in(line, outer))]
    return sorted(found)[:100]


def _folders_in(line: Line, path: str) -> list[str]:
    try:
        entries = line.sftp.listdir_attr(path)
    except OSError as error:
        # A folder that may not be opened is one that we do not need; a broken line is told.
        if path == "." or error.errno is None:
            raise
        return []
    names = [one.filename for one in entries if stat.S_ISDIR(one.st_mode or 0)]
    return [name for name in names if name.isprintable() and not name.startswith(".") and "/" not in name][
        :50
    ]


def must_be_usable(name: str) -> None:
    if not _NAME.fullmatch(name) or name.lower().endswith(_UNFINISHED):
        raise MailboxRefused("name_unusable")


def must_be_plain(name: str) -> None:
    """Partners choose the names of what they send; only what would leave the folder is refused."""
    if not name or name in (".", "..") or "/" in name or "\\" in name or not name.isprintable():
        raise MailboxRefused("name_unusable")


def upload(line: Line, folder: str, name: str, body: bytes) -> Receipt:
    """Proven under the temporary name, before the rename: from then on the partner may take the file away."""
    final, part = f"{folder}/{name}", f"{folder}/{name}.part"
    receipt = Receipt(name, len(body), hashlib.sha256(body).hexdigest())
    if _arrived(line, final, body):
        return Receipt(name, receipt.size, receipt.sha256, already_there=True)
    with line.sftp.open(part, "wb") as file:
        file.set_pipelined(True)
        file.write(body)
    if hashlib.sha256(read(line, part)).hexdigest() != receipt.sha256:
        raise MailboxFailed("not_verified")
    _rename(line, part, final, body)
    try:
        if line.sftp.stat(final).st_size != receipt.size:
            raise MailboxFailed("not_verified")
    except FileNotFoundError:
        log.debug("the partner took the file at once")
    return receipt


def _arrived(line: Line, path: str, body: bytes) -> bool:
    """Whether exactly this content is there already; other content under the name is refused."""
    try:
        size = line.sftp.stat(path).st_size
    except FileNotFoundError:
        return False
    if size != len(body) or read(line, path) != body:
        raise MailboxRefused("name_taken")
    return True


def _rename(line: Line, part: str, final: str, body: bytes) -> None:
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


def finished(line: Line, folder: str) -> list[RemoteFile]:
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


def read(line: Line, path: str) -> bytes:
    with line.sftp.open(path, "rb") as file:
        size = file.stat().st_size or 0
        if size > LARGEST_FILE:
            raise MailboxRefused("too_large")
        file.prefetch(size)
        body: bytes = file.read(size)
    if len(body) != size:
        raise MailboxFailed("file_changed")
    return body


def move(line: Line, path: str, target: str) -> None:
    """One that is gone already was moved before, or taken back by the partner."""
    try:
        line.sftp.rename(path, target)
    except FileNotFoundError:
        log.debug("the file had been moved before")


def remove(line: Line, path: str) -> None:
    try:
        line.sftp.remove(path)
    except FileNotFoundError:
        log.debug("the file had been removed before")
