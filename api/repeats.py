"""`Idempotency-Key`: a POST sent again with the same key and body is answered from what was kept, not done again."""

import hashlib
from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.requests import header
from domain.tenancy import Actor
from services import idempotency

HEADER = b"idempotency-key"
_KEPT_HEADERS = (b"content-type", b"etag", b"location")


class Repeats(ASGIMiddleware):
    """Stands between admission and the route, so that whose key it is is known."""

    scopes = (ScopeType.HTTP,)
    exclude_path_pattern = r"^/schema(/|$)"

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer again, or do it and keep the answer. Only what was done is kept: a refusal may be tried again."""
        key = header(scope, HEADER)
        actor = scope["state"].get("actor")
        if not key or actor is None or scope["method"] != "POST":  # type: ignore[typeddict-item]
            await next_app(scope, receive, send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        kept = await idempotency.begin(actor, key, await _fingerprint(request))
        if kept is not None:
            await _send_again(kept, send)
            return
        await _do_and_keep(actor, key, scope, receive, send, next_app)


async def _do_and_keep(
    actor: Actor, key: str, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp
) -> None:
    """The answer leaves only after it was kept: who received it can rely on it."""
    messages: list[Message] = []

    async def gather(message: Message) -> None:
        messages.append(message)

    await next_app(scope, receive, gather)
    status: int = messages[0]["status"]  # type: ignore[typeddict-item]
    if status < 300:
        await idempotency.keep(actor, key, status, _content(messages))
    elif status < 500:
        # Whether a request that failed or was cut off took effect is unknown: its key stays taken.
        await idempotency.forget(actor, key)
    for message in messages:
        await send(message)


async def _fingerprint(request: Request[Any, Any, Any]) -> bytes:
    asked = f"{request.method} {request.scope['path']}?{request.scope['query_string'].decode('latin-1')}\n"
    return hashlib.sha256(asked.encode() + await request.body()).digest()


def _content(messages: list[Message]) -> dict[str, Any]:
    body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
    named = {k.lower(): v for k, v in messages[0]["headers"]}  # type: ignore[typeddict-item]
    kept = {name.decode(): named[name].decode("latin-1") for name in _KEPT_HEADERS if name in named}
    return {"headers": kept, "body": body.decode("utf-8")}


async def _send_again(kept: idempotency.KeptAnswer, send: Send) -> None:
    body = kept.content["body"].encode()
    headers = [(name.encode(), value.encode("latin-1")) for name, value in kept.content["headers"].items()]
    headers += [(b"idempotency-replayed", b"true"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": kept.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
