"""The practice clearinghouse's control desk: where a new connection is enrolled without telephone calls."""

from dataclasses import dataclass
from typing import Protocol

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


class PracticeDesk(Protocol):
    """Enrols senders with a practice clearinghouse."""

    async def enrol(self, username: str, public_key: str, sender_id: str) -> Enrolment:
        """Enrol, or renew the enrolment of this very name and key. Raises DeskError."""
        ...


class HttpPracticeDesk:
    """The desk over HTTP: `POST /enrolments`."""

    def __init__(self, url: str, *, seconds: float = ANSWER_SECONDS) -> None:
        self._url = url.rstrip("/")
        self._seconds = seconds

    async def enrol(self, username: str, public_key: str, sender_id: str) -> Enrolment:
        """See `PracticeDesk.enrol`."""
        facts = {"username": username, "public_key": public_key, "sender_id": sender_id}
        try:
            async with httpx.AsyncClient(timeout=self._seconds, trust_env=False) as client:
                answer = await client.post(f"{self._url}/enrolments", json=facts)
        except httpx.HTTPError:
            raise DeskError("unreachable") from None
        if answer.status_code not in (200, 201):
            raise DeskError("refused", answer.status_code)
        return _enrolment(answer)


def _enrolment(answer: httpx.Response) -> Enrolment:
    try:
        facts = answer.json()
        return Enrolment(
            host=str(facts["host"]),
            port=int(facts["port"]),
            host_key=str(facts["host_key"]),
            inbound=str(facts["inbound"]),
            outbound=str(facts["outbound"]),
            receiver_id=str(facts["receiver_id"]),
        )
    except (ValueError, KeyError, TypeError):
        raise DeskError("unreadable", answer.status_code) from None
