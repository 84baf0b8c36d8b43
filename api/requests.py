"""What every request carries: an id, the tenant's subdomain, and headers that every answer gets."""

import re
from typing import Any
from uuid import uuid4

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADERS = {
    # Answers may carry PHI: no cache on the way may keep them.
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def request_id(scope: Scope) -> str:
    """The id by which a request is found in the log: the caller's own `X-Request-Id` if it is plain, else a new one."""
    state: dict[str, Any] = scope["state"]
    if "request_id" not in state:
        given = header(scope, b"x-request-id")
        state["request_id"] = given if _ID.fullmatch(given) else uuid4().hex
    return str(state["request_id"])


def header(scope: Scope, name: bytes) -> str:
    """The value of a header (name in lower case), empty when absent."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def cookie(scope: Scope, name: str) -> str:
    """The value of a cookie, empty when absent."""
    for part in header(scope, b"cookie").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def subdomain(scope: Scope, base_domain: str) -> str:
    """The tenant's part of the Host header; empty at the bare domain and at any other one."""
    host = header(scope, b"host").rsplit(":", 1)[0].lower().rstrip(".")
    suffix = f".{base_domain.lower()}"
    return host.removesuffix(suffix) if host.endswith(suffix) else ""


def subdomain_of(request: Request[Any, Any, Any]) -> str:
    """The subdomain that admission found in the request."""
    return str(request.scope["state"]["subdomain"])


async def on_every_answer(message: Message, scope: Scope) -> None:
    """Give the answer its request id and the headers that keep it out of caches and sniffers."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers["X-Request-Id"] = request_id(scope)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
