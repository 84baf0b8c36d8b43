"""A program that uses the API with the token of a person, and the mailbox as its trading partner sees it."""

import base64
import io
from typing import Any
from uuid import UUID

import httpx
import paramiko

from cli.story.telling import NotHeld
from database.clientele_reads import SftpAccess, sftp_settings
from database.session import tenant_session
from domain.tenancy import workflow_actor

Json = Any


class Program:
    """One person's program in one tenant. Refusals of the API become NotHeld with what they say."""

    def __init__(self, http: httpx.AsyncClient, host: str, token: str = "") -> None:
        self._http = http
        self._headers = {"Host": host} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def get(self, path: str, **query: str | int) -> Json:
        """GET /api/{path}."""
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, body: Json = None, **query: str | int) -> Json:
        """POST /api/{path}."""
        return await self._ask("POST", path, json=body, params=query)

    async def put(self, path: str, body: Json, version: int | None = None) -> Json:
        """PUT /api/{path}, with If-Match when a version is given."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        return await self._ask("PUT", path, json=body, headers=headers)

    async def hand_in(self, path: str, name: str, body: bytes) -> Json:
        """POST a file to /api/{path}."""
        return await self._ask("POST", path, files={"data": (name, body, "application/edi-x12")})

    async def text(self, path: str) -> str:
        """The body of a GET as text."""
        self._http.cookies.clear()
        answer = await self._http.get(f"/api/{path}", headers=self._headers)
        if answer.is_error:
            raise _refused("GET", path, answer)
        return answer.text

    async def status(self, path: str) -> int:
        """Only the status of a GET."""
        self._http.cookies.clear()
        return (await self._http.get(f"/api/{path}", headers=self._headers)).status_code

    async def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, **how: Any) -> Json:
        self._http.cookies.clear()  # programs show their token; the cookie is for pages
        answer = await self._http.request(
            method, f"/api/{path}", headers={**self._headers, **(headers or {})}, **how
        )
        if answer.is_error:
            raise _refused(method, path, answer)
        return answer.json() if answer.content else None


def _refused(method: str, path: str, answer: httpx.Response) -> NotHeld:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    faults = "; ".join(f"{one.get('field')}: {one.get('message')}" for one in problem.get("errors") or [])
    said = f"{problem.get('title', '')} {problem.get('detail', '')} {faults}".strip()
    return NotHeld(f"{method} /api/{path} was refused with {answer.status_code}: {said}")


async def mailbox_access(tenant_id: str, connection_id: str) -> SftpAccess:
    """How the tenant reaches its mailbox. Past the API on purpose: a private key has no route and no service."""
    async with tenant_session(workflow_actor(UUID(tenant_id), "demo")) as session:
        return await sftp_settings(session, UUID(connection_id))


def mailbox_names(access: SftpAccess) -> dict[str, list[str]]:
    """File names by folder, listed over SFTP with the tenant's own key and the pinned host key. Blocks."""
    kind, blob = access.host_key.split()[:2]
    pinned = paramiko.PKey.from_type_string(kind, base64.b64decode(blob))
    with paramiko.Transport((access.host, access.port)) as transport:
        key = paramiko.Ed25519Key.from_private_key(io.StringIO(access.private_key))
        transport.connect(hostkey=pinned, username=access.username, pkey=key)
        with paramiko.SFTPClient.from_transport(transport) as sftp:
            return {folder: sorted(sftp.listdir(folder)) for folder in (access.inbound, access.outbound)}
