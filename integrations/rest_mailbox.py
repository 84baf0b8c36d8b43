"""A trading partner's mailbox over HTTP: the same promises as over SFTP, with a token instead of a key.

Submit is `PUT inbound/{name}` under an idempotency key and read back by size and SHA-256; `GET outbound` lists,
`GET outbound/{name}` fetches, `DELETE outbound/{name}` confirms.
"""

import asyncio
import hashlib
import ssl
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx

from integrations.addresses import resolved
from integrations.mailbox import MailboxFailed, MailboxRefused, Probe, Receipt, RemoteFile, RestSettings
from integrations.sftp_line import LARGEST_FILE, must_be_plain, must_be_usable

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0
_REFUSALS = {
    401: "credentials_refused",
    403: "not_permitted",
    404: "not_there",
    409: "name_taken",
    413: "too_large",
}


class RestMailbox:
    """The mailbox over HTTP with httpx."""

    def __init__(
        self,
        settings: RestSettings,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._settings = settings
        self._timeout = httpx.Timeout(answer_seconds, connect=connect_seconds)
        self._kept: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._kept = self._client()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.aclose()

    async def upload(self, name: str, body: bytes) -> Receipt:
        """See `Mailbox.upload`. The idempotency key is the content under its name: the same again is the same."""
        must_be_usable(name)
        digest = hashlib.sha256(body).hexdigest()
        headers = {
            "Idempotency-Key": hashlib.sha256(f"{name}:{digest}".encode()).hexdigest(),
            "Content-Type": "application/octet-stream",
            "X-Content-SHA256": digest,
        }
        answer = await self._ask("PUT", f"inbound/{_quoted(name)}", content=body, headers=headers)
        for told in (_object(answer), await self._read_back(name) or _object(answer)):
            if (told.get("size"), told.get("sha256")) != (len(body), digest):
                raise MailboxFailed("not_verified")
        return Receipt(name, len(body), digest, already_there=answer.status_code == 200)

    async def _read_back(self, name: str) -> dict[str, Any] | None:
        """What lies at the partner under the name; None when it was taken in at once, as its receipt has proven."""
        try:
            return _object(await self._ask("GET", f"inbound/{_quoted(name)}"))
        except MailboxRefused as refusal:
            if refusal.code != "not_there":
                raise
            return None

    async def list(self) -> list[RemoteFile]:
        """See `Mailbox.list`."""
        files = _object(await self._ask("GET", "outbound")).get("files")
        try:
            found = [
                RemoteFile(
                    str(one["name"]), int(one["size"]), datetime.fromtimestamp(float(one["mtime"]), UTC)
                )
                for one in files  # type: ignore[union-attr]
            ]
        except (TypeError, KeyError, ValueError, OverflowError, OSError):
            raise MailboxFailed("partner_failed") from None
        return sorted(found, key=lambda one: (one.mtime, one.name))

    async def fetch(self, name: str) -> bytes:
        """See `Mailbox.fetch`. What the partner says of its hash must hold."""
        must_be_plain(name)
        answer = await self._ask("GET", f"outbound/{_quoted(name)}")
        told = answer.headers.get("X-Content-SHA256", "")
        if told and told != hashlib.sha256(answer.content).hexdigest():
            raise MailboxFailed("file_changed")
        return answer.content

    async def remove(self, name: str) -> None:
        """See `Mailbox.remove`."""
        must_be_plain(name)
        try:
            await self._ask("DELETE", f"outbound/{_quoted(name)}")
        except MailboxRefused as refusal:
            if refusal.code != "not_there":
                raise

    async def put_away(self, name: str) -> None:
        """See `Mailbox.put_away`: over HTTP a partner keeps its own archive."""

    async def probe(self) -> Probe:
        """See `Mailbox.probe`."""
        inbound = _object(await self._ask("GET", "inbound")).get("files")
        return Probe(len(inbound) if isinstance(inbound, list) else 0, len(await self.list()))

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=self._timeout, trust_env=False, follow_redirects=False)

    async def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        client = self._kept or self._client()
        try:
            return await self._asked(client, method, path, sent)
        finally:
            if client is not self._kept:
                await client.aclose()

    async def _asked(
        self, client: httpx.AsyncClient, method: str, path: str, sent: dict[str, Any]
    ) -> httpx.Response:
        """The address that was judged is the one that is called; the name goes along for the host and its certificate."""
        where = urlsplit(self._settings.base_url)
        host, secure = where.hostname or "", where.scheme == "https"
        port = where.port or (443 if secure else 80)
        address, port = await asyncio.to_thread(resolved, host, port, self._settings.private_hosts)
        target = f"[{address}]" if ":" in address else address
        headers = {
            "Host": where.netloc.rpartition("@")[2],
            "Authorization": f"Bearer {self._settings.token}",
            **sent.pop("headers", {}),
        }
        url = f"{where.scheme}://{target}:{port}{where.path.rstrip('/')}/{path}"
        extensions = {"sni_hostname": host} if secure else {}
        try:
            request = client.build_request(method, url, headers=headers, extensions=extensions, **sent)
            answer = await client.send(request, stream=True)
            try:
                return await _read(answer)
            finally:
                await answer.aclose()
        except httpx.TimeoutException:
            raise MailboxFailed("timed_out") from None
        except httpx.ConnectError as error:
            raise _unconnected(error) from None
        except httpx.HTTPError:
            raise MailboxFailed("connection_lost") from None


async def _read(answer: httpx.Response) -> httpx.Response:
    if answer.status_code in _REFUSALS:
        raise MailboxRefused(_REFUSALS[answer.status_code])
    if not 200 <= answer.status_code < 300:
        raise MailboxFailed("partner_failed")
    body = bytearray()
    async for portion in answer.aiter_bytes():
        body += portion
        if len(body) > LARGEST_FILE:
            raise MailboxRefused("too_large")
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-encoding"}
    return httpx.Response(answer.status_code, headers=headers, content=bytes(body))


def _unconnected(error: httpx.ConnectError) -> MailboxFailed | MailboxRefused:
    """A certificate that does not hold is a refusal of ours; nothing was sent."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(cause):
            return MailboxRefused("certificate_refused")
        cause = cause.__cause__ or cause.__context__
    return MailboxFailed("unreachable")


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise MailboxFailed("partner_failed")
    return told


def _quoted(name: str) -> str:
    return quote(name, safe="")
