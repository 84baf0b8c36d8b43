"""Who asks: a token or a session cookie and the subdomain become an `Actor` before anything of the request is read."""

from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from api.requests import cookie, header, subdomain
from domain.refusals import NotAllowed, NotSignedIn
from domain.tenancy import Actor
from services.tenancy.sign_in import actor_for, actor_for_token
from services.tenancy.tokens import PREFIX

COOKIE = "caseload_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Admission(ASGIMiddleware):
    """Resolves the actor: 401 nobody, 404 no such tenant, 403 no member of it. Routes with `public` go without."""

    scopes = (ScopeType.HTTP,)
    exclude_path_pattern = r"^/schema(/|$)"

    def __init__(self, base_domain: str) -> None:
        self._base_domain = base_domain

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Refuse, or pass on with the actor in the scope's state."""
        scope["state"]["subdomain"] = subdomain(scope, self._base_domain)
        refuse_foreign_pages(scope)
        if not scope["route_handler"].opt.get("public"):
            scope["state"]["actor"] = await _actor(scope)
        await next_app(scope, receive, send)


def credential(scope: Scope) -> str:
    """The token of the request: from `Authorization: Bearer`, else from the session cookie; empty when neither."""
    scheme, _, value = header(scope, b"authorization").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return cookie(scope, COOKIE)


def refuse_foreign_pages(scope: Scope) -> None:
    """Cross-site request forgery: a browser sends the cookie for any page, and says which page asked.

    A bearer token is never sent by itself, so its requests are not checked.
    """
    method = scope["method"]  # type: ignore[typeddict-item]
    if method in _SAFE or header(scope, b"authorization"):
        return
    site = header(scope, b"sec-fetch-site")
    origin = header(scope, b"origin").partition("://")[2]
    if cookie(scope, COOKIE):
        own = site == "same-origin" or (not site and bool(origin) and origin == header(scope, b"host"))
    else:
        own = site in ("", "none", "same-origin")  # signing in: a foreign page must not choose as whom
    if not own:
        raise NotAllowed(
            "request.foreign_page",
            "This request came from a page of another site.",
            "Send it from this site's own page, or with a token as Authorization: Bearer.",
        )


async def _actor(scope: Scope) -> Actor:
    token = credential(scope)
    if not token:
        raise NotSignedIn(
            "sign_in.required", "Nobody is signed in.", "Send a token as Authorization: Bearer, or sign in."
        )
    ask = actor_for_token if token.startswith(PREFIX) else actor_for
    return await ask(token, scope["state"]["subdomain"])


async def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """The dependency `actor` of every route that is not public."""
    actor: Actor = request.scope["state"]["actor"]
    return actor
