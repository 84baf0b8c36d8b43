"""What a request to Piccolo's API asks for, its body checked, and its answer held back until the commit."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive

from database.session import Session
from domain.refusals import Invalid, NotAllowed, Refusal
from domain.tenancy import Actor
from services.admin.tables import SHOWN

LARGEST_BODY = 256 * 1024
MOST_IDS = 500
# What a table answers about itself, beside its rows.
_ABOUT = frozenset({"count", "ids", "new", "references", "schema"})
_VERBS = {"GET": "get", "POST": "add", "PATCH": "change", "PUT": "change", "DELETE": "delete"}


class ReadOnly(Refusal):
    """405: this table is not changed here."""

    status = 405


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for one table: for a row, for the list, or for something about it (`ids`, `count`, `schema` …)."""

    method: str
    table: str
    row: str = ""
    about: str = ""

    @property
    def action(self) -> str:
        """What the audit row calls it: `admin.list`, `admin.change`."""
        verb = _VERBS.get(self.method, self.method.lower())
        return f"admin.{self.about or ('list' if verb == 'get' and not self.row else verb)}"

    @property
    def reads_or_changes(self) -> bool:
        """Whether data goes in or out, so that it is audited."""
        return self.about not in ("new", "references", "schema")

    @property
    def writes(self) -> bool:
        """Whether something is to be changed."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @property
    def row_id(self) -> UUID | int | None:
        """The row's key as the database knows it; None when it cannot be one."""
        try:
            kind = SHOWN[self.table].table._meta.primary_key.value_type
            return int(self.row) if kind is int else UUID(self.row)
        except ValueError:
            return None

    async def exists(self, session: Session) -> bool:
        """Whether the tenant has such a row. Table and column are of the source, never of the request."""
        key = SHOWN[self.table].table._meta.primary_key._meta.name
        if self.row_id is None:
            return False
        sql = f"SELECT 1 FROM {SHOWN[self.table].name} WHERE {key} = $1"
        return await session.value(sql, self.row_id) is not None

    def query(self, given: bytes) -> bytes:
        """The query string; a list of ids is never without a limit."""
        if self.about != "ids":
            return given
        asked = dict(parse_qsl(given.decode("latin-1")))
        limit = asked.get("limit", "")
        asked["limit"] = str(min(int(limit), MOST_IDS) if limit.isdecimal() else MOST_IDS)
        return urlencode(asked).encode()


def asked_of(method: str, path: str) -> Asked | None:
    """What is asked of a table; None for a path that is about no table."""
    parts = [part for part in path.split("/") if part]
    if len(parts) not in (2, 3) or parts[0] != "tables" or parts[1] == "grouped":
        return None
    third = parts[2] if len(parts) == 3 else ""
    if third in _ABOUT:
        return Asked(method, parts[1], about=third)
    return Asked(method, parts[1], row=third)


def must_be_same_origin(headers: Headers) -> None:
    """Refuse a browser's request from another address, a sibling subdomain included: cookies cannot tell those apart."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    host = headers.get("host", "").lower()
    foreign = (
        origin.lower().partition("://")[2] != host if origin else site not in (None, "same-origin", "none")
    )
    if foreign:
        raise NotAllowed(
            "origin.other", "This came from a page of another address.", "Open the page of your tenant."
        )


async def body_of(actor: Actor, asked: Asked, receive: Receive) -> dict[str, Any] | None:
    """The JSON object of a change, without the tenant: naming another tenant is refused, one's own is needless."""
    if not asked.writes or asked.method == "DELETE":
        return None
    try:
        body = json.loads(await _read(receive))
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Invalid("body.unreadable", "This is not one JSON object.", "Send the columns as a JSON object.")
    if str(body.pop("tenant_id", actor.tenant_id)) != str(actor.tenant_id):
        raise NotAllowed(
            "tenant.other", "A row cannot belong to another tenant.", "Leave the tenant out; it is filled in."
        )
    return body


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise Invalid("body.too_large", "This is too much for one row.", "Send less.")
        if not message.get("more_body"):
            return body


@dataclass(slots=True)
class Held:
    """Stands between Piccolo and the network: gives the checked body, keeps the answer."""

    body: dict[str, Any] | None
    start: Message = field(default_factory=dict)
    content: bytes = b""
    _given: bool = False

    async def receive(self) -> Message:
        """The body, once."""
        if self._given:
            return {"type": "http.disconnect"}
        self._given = True
        body = b"" if self.body is None else json.dumps(self.body).encode()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Keep a part of the answer."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.content += message.get("body", b"")

    @property
    def status(self) -> int:
        """The HTTP status that Piccolo chose."""
        return int(self.start.get("status", 500))

    def made_id(self) -> UUID | None:
        """The id of the row that Piccolo says it inserted."""
        told = json.loads(self.content)
        row = told[0] if isinstance(told, list) and told else told
        return UUID(row["id"]) if isinstance(row, dict) and "id" in row else None

    def response(self) -> Response:
        """Piccolo's answer as it was, but for refusals of the database: those in words."""
        if words := self._database_words():
            return PlainTextResponse(words, 409)
        kept = {name.decode().lower(): value.decode() for name, value in self.start.get("headers", [])}
        kept.pop("content-length", None)
        return Response(self.content, self.status, kept)

    def _database_words(self) -> str:
        told = self.content.decode(errors="replace") if self.status == 422 else ""
        if "db_error" not in told:
            return ""
        if "foreign key" in told:
            return (
                "Other records refer to this one, or it refers to something that is not there."
                " Take it out of use with a reason instead of deleting it."
            )
        if "unique constraint" in told:
            return "There is one like this already. Change what must be unique, such as the name."
        return "The database does not allow this value. Check what was typed."
