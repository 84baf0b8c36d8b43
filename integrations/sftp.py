"""A trading partner's mailbox over SFTP: pinned host key, key sign-in, upload that is proven or fails.

paramiko blocks, so it runs in a small pool of threads of its own.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from integrations import sftp_line
from integrations.mailbox import (
    Mailbox,
    MailboxError,
    MailboxFailed,
    MailboxRefused,
    Probe,
    Receipt,
    RemoteFile,
    RestSettings,
    SftpSettings,
)

__all__ = [
    "Mailbox",
    "MailboxError",
    "MailboxFailed",
    "MailboxRefused",
    "Probe",
    "Receipt",
    "RemoteFile",
    "RestSettings",
    "SftpMailbox",
    "SftpSettings",
    "host_key_of",
]
T = TypeVar("T")
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="sftp")


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
        self._kept: sftp_line.Line | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        connecting = asyncio.ensure_future(_in_thread(self._connect))
        try:
            self._kept = await asyncio.shield(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(
                _close
            )  # a thread cannot be cancelled; what it opens must not stay open
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            await _in_thread(kept.close)

    async def upload(self, name: str, body: bytes) -> Receipt:
        """See `Mailbox.upload`."""
        sftp_line.must_be_usable(name)
        return await self._do(lambda line: sftp_line.upload(line, self._settings.inbound, name, body))

    async def list(self) -> list[RemoteFile]:
        """See `Mailbox.list`."""
        return await self._do(lambda line: sftp_line.finished(line, self._settings.outbound))

    async def fetch(self, name: str) -> bytes:
        """See `Mailbox.fetch`."""
        sftp_line.must_be_plain(name)
        return await self._do(lambda line: sftp_line.read(line, f"{self._settings.outbound}/{name}"))

    async def remove(self, name: str) -> None:
        """See `Mailbox.remove`."""
        sftp_line.must_be_plain(name)
        await self._do(lambda line: sftp_line.remove(line, f"{self._settings.outbound}/{name}"))

    async def put_away(self, name: str) -> None:
        """See `Mailbox.put_away`."""
        sftp_line.must_be_plain(name)
        if archive := self._settings.archive:
            outbound = self._settings.outbound
            await self._do(lambda line: sftp_line.move(line, f"{outbound}/{name}", f"{archive}/{name}"))

    async def probe(self) -> Probe:
        """See `Mailbox.probe`."""
        return await self._do(
            lambda line: Probe(
                len(sftp_line.finished(line, self._settings.inbound)),
                len(sftp_line.finished(line, self._settings.outbound)),
            )
        )

    async def folders(self) -> tuple[str, ...]:
        """The partner's folders that we may see, to choose from."""
        return await self._do(lambda line: tuple(sftp_line.folders(line)))

    async def _do(self, work: Callable[[sftp_line.Line], T]) -> T:
        async with self._one_at_a_time:
            if self._kept is not None:
                kept = self._kept
                return await _in_thread(lambda: sftp_line.named(lambda: work(kept)))
            return await _in_thread(lambda: self._once(work))

    def _once(self, work: Callable[[sftp_line.Line], T]) -> T:
        line = self._connect()
        try:
            return sftp_line.named(lambda: work(line))
        finally:
            line.close()

    def _connect(self) -> sftp_line.Line:
        return sftp_line.named(
            lambda: sftp_line.connect(self._settings, self._connect_seconds, self._answer_seconds)
        )


def _close(connecting: "asyncio.Future[sftp_line.Line]") -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().close()


async def host_key_of(host: str, port: int, *, private_hosts: bool = True) -> str:
    """The key that a server shows now, as `type base64`. Raises MailboxError."""
    return await _in_thread(
        lambda: sftp_line.named(
            lambda: sftp_line.host_key_of(host, port, CONNECT_SECONDS, private_hosts=private_hosts)
        )
    )


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)
