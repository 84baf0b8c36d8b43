"""The practice clearinghouse's control desk: where a new connection is enrolled without telephone calls."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

ANSWER_SECONDS = 10.0


class DeskError(Exception):
    """The desk did not enrol. `code` is `unreachable`, `refused` or `unreadable`; `status` the HTTP answer or 0."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a partner hands back for a public key: where the mailbox is, and the host key to pin."""

    host: str
    port: int
    host_key: str
    inbound: str
    outbound: str
    receiver_id: str


@dataclass(frozen=True, slots=True)
class RestEnrolment:
    """What a partner hands back for a mailbox over HTTP."""

    base_url: str
    receiver_id: str
    token: str = field(repr=False)


class PracticeDesk(Protocol):
    """Enrols senders with a practice clearinghouse."""

    async def enrol(self, username: str, public_key: str, sender_id: str) -> Enrolment:
        """Enrol, or renew the enrolment of this very name and key. Raises DeskError."""
        ...

    async def enrol_rest(self, username: str, sender_id: str) -> RestEnrolment:
        """Enrol a new name for a mailbox over HTTP. Raises DeskError."""
        ...

    async def add_key(self, username: str, present: str, public_key: str) -> None:
        """Have one more key let in beside the present one. Raises DeskError."""
        ...

    async def forget_key(self, username: str, present: str, public_key: str) -> None:
        """Have a key let in no more. Raises DeskError."""
        ...


class HttpPracticeDesk:
    """The desk over HTTP: `POST /enrolments`, `/tokens`, `/keys`, `/keys/forget`."""

    def __init__(self, url: str, *, seconds: float = ANSWER_SECONDS) -> None:
        self._url = url.rstrip("/")
        self._seconds = seconds

    async def enrol(self, username: str, public_key: str, sender_id: str) -> Enrolment:
        """See `PracticeDesk.enrol`."""
        facts = {"username": username, "public_key": public_key, "sender_id": sender_id}
        return _enrolment(await self._post("/enrolments", facts))

    async def enrol_rest(self, username: str, sender_id: str) -> RestEnrolment:
        """See `PracticeDesk.enrol_rest`. The password proves to the desk whose token it gives, and is then forgotten."""
        password = secrets.token_urlsafe(24)
        facts = {"username": username, "password": password, "sender_id": sender_id}
        enrolled = _enrolment(await self._post("/enrolments", facts))
        given = await self._post("/tokens", {"username": username, "password": password})
        try:
            token = str(given["token"])
        except KeyError:
            raise DeskError("unreadable") from None
        return RestEnrolment(f"{self._url}/mailbox", enrolled.receiver_id, token)

    async def add_key(self, username: str, present: str, public_key: str) -> None:
        """See `PracticeDesk.add_key`."""
        await self._post("/keys", {"username": username, "present": present, "public_key": public_key})

    async def forget_key(self, username: str, present: str, public_key: str) -> None:
        """See `PracticeDesk.forget_key`."""
        await self._post("/keys/forget", {"username": username, "present": present, "public_key": public_key})

    async def _post(self, path: str, facts: dict[str, str]) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=self._seconds, trust_env=False) as client:
                answer = await client.post(f"{self._url}{path}", json=facts)
        except httpx.HTTPError:
            raise DeskError("unreachable") from None
        if answer.status_code not in (200, 201):
            raise DeskError("refused", answer.status_code)
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise DeskError("unreadable", answer.status_code)
        return told


def _enrolment(facts: dict[str, Any]) -> Enrolment:
    try:
        return Enrolment(
            host=str(facts["host"]),
            port=int(facts["port"]),
            host_key=str(facts["host_key"]),
            inbound=str(facts["inbound"]),
            outbound=str(facts["outbound"]),
            receiver_id=str(facts["receiver_id"]),
        )
    except (ValueError, KeyError, TypeError):
        raise DeskError("unreadable") from None
