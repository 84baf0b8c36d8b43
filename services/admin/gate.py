"""The gates in front of Piccolo Admin: who comes in, whose rows, what may be done to them, and what was done.

Each request for a table runs inside one tenant session, so that row-level security confines list, count, get and
change. Its answer is held back until the transaction has committed; a refused one is rolled back and audited.
"""

from html import escape
from uuid import UUID

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from database.session import Session, tenant_session
from domain.refusals import NotAllowed, NotFound, Refusal
from domain.tenancy import Actor
from policies.guard import require
from services.admin.checking import SESSION, finish_insert, finish_update
from services.admin.request import Asked, Held, ReadOnly, asked_of, body_of, must_be_same_origin
from services.admin.tables import ENTRY, SHOWN
from services.admin.telling import HEADERS, answer
from services.tenancy import sign_in

COOKIE = "caseload_session"
ACTOR = "caseload.actor"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Counting and searching large process tables must not hold a connection for long.
_LIMIT = "SET LOCAL statement_timeout = '5s'"


class SignedIn:
    """Lets in whoever is signed in, works in the subdomain's tenant and may change master data; else 401, 404, 403."""

    def __init__(self, app: ASGIApp, *, base_domain: str, sign_in_path: str) -> None:
        self._app = app
        self._base_domain = base_domain
        self._sign_in_path = sign_in_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass what concerns nobody; resolve the actor for everything else."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        path = path_of(scope)
        if path.startswith("/assets/"):
            await self._app(scope, receive, send)
            return
        try:
            if path == "/public/logout/":
                await (await _signed_out(scope))(scope, receive, send)
                return
            scope[ACTOR] = await self._actor(scope)
        except Refusal as refusal:
            await self._closed(path, refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _actor(self, scope: Scope) -> Actor:
        headers = Headers(scope=scope)
        if scope["method"] not in SAFE:
            must_be_same_origin(headers)
        host = headers.get("host", "").rsplit(":", 1)[0].lower().rstrip(".")
        suffix = f".{self._base_domain.lower()}"
        subdomain = host.removesuffix(suffix) if host.endswith(suffix) else ""
        actor = await sign_in.actor_for(Request(scope).cookies.get(COOKIE, ""), subdomain)
        if not ENTRY & actor.permissions:
            refusal = NotAllowed(
                "admin.closed",
                "Your roles do not open the master data.",
                "Ask an administrator of your tenant for a role that sets up clients or connections.",
            )
            await _audit_refusal(actor, Asked(scope["method"], "", about="enter"), refusal.code)
            raise refusal
        return actor

    def _closed(self, path: str, refusal: Refusal) -> Response:
        if path not in ("", "/"):
            return answer(refusal)
        link = f'<p><a href="{escape(self._sign_in_path)}">Sign in</a></p>' if refusal.status == 401 else ""
        words = escape(f"{refusal.title} {refusal.what_to_do}")
        page = f'<!doctype html><html lang="en"><title>Caseload</title><p>{words}</p>{link}</html>'
        return HTMLResponse(page, refusal.status, HEADERS)


class AdminGate:
    """Stands in the place of Piccolo's own authentication, before its API for tables."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer who is asking and what they may see; confine everything that concerns a table; close the rest."""
        actor: Actor = scope[ACTOR]
        asked = asked_of(scope["method"], path_of(scope))
        if asked is None:
            response = _about(actor, scope["method"], path_of(scope))
        else:
            try:
                response = await self._confined(actor, asked, scope, receive)
            except Refusal as refusal:
                await _audit_refusal(actor, asked, refusal.code)
                response = answer(refusal)
        response.headers.update(HEADERS)
        await response(scope, receive, send)

    async def _confined(self, actor: Actor, asked: Asked, scope: Scope, receive: Receive) -> Response:
        if asked.table not in SHOWN:
            raise NotFound("not_found", "There is no such table here.", "Go back to the list of tables.")
        held = Held(await body_of(actor, asked, receive))
        try:
            async with tenant_session(actor) as session:
                await session.execute(_LIMIT)
                await _must_be_allowed(session, asked)
                inner = {**scope, SESSION: session, "query_string": asked.query(scope["query_string"])}
                await self._app(inner, held.receive, held.send)
                if held.status >= 400:
                    raise _Undone
                await _finish(session, asked, held)
        except _Undone:
            await _audit_refusal(actor, asked, f"http.{held.status}")
        return held.response()


class _Undone(Exception):
    """Rolls back what a refused request had begun."""


async def _must_be_allowed(session: Session, asked: Asked) -> None:
    """404 before 403 before 405."""
    if asked.row and not await asked.exists(session):
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Check the address, and that you are in the right tenant.",
        )
    shown = SHOWN[asked.table]
    require(session.actor, shown.permission)
    if asked.writes and not shown.writable:
        raise ReadOnly(
            "table.read_only",
            f"{shown.name} is written by processes and cannot be changed here.",
            "Open the record in the product and act on it there.",
        )
    if asked.method == "PUT":
        raise ReadOnly(
            "put.refused", "Rows are not replaced as a whole here.", "Send what changes with PATCH."
        )


async def _finish(session: Session, asked: Asked, held: Held) -> None:
    subject: object = asked.row
    if asked.method == "POST" and (made := held.made_id()):
        subject = made
        await finish_insert(session, asked.table, made)
    elif asked.method == "PATCH" and isinstance(asked.row_id, UUID):
        await finish_update(session, asked.table, asked.row_id)
    if asked.reads_or_changes:
        names = sorted(held.body or ())
        await session.audit(
            asked.action, asked.table, subject, phi=SHOWN[asked.table].phi, detail={"fields": names}
        )


async def _audit_refusal(actor: Actor, asked: Asked, code: str) -> None:
    """In a transaction of its own: the request's was rolled back."""
    table = asked.table if asked.table in SHOWN else ""
    row = (asked.row_id or "") if table else ""
    async with tenant_session(actor) as session:
        await session.audit(asked.action, table, row, outcome="refused", detail={"code": code})


async def _signed_out(scope: Scope) -> Response:
    if scope["method"] != "POST":
        return PlainTextResponse("Sign out with POST.", 405)
    must_be_same_origin(Headers(scope=scope))
    await sign_in.sign_out(Request(scope).cookies.get(COOKIE, ""))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response


def _about(actor: Actor, method: str, path: str) -> Response:
    """What Piccolo's pages ask about the person and the menu; everything else of its API is closed."""
    mine = [shown for shown in SHOWN.values() if actor.may(shown.permission)]
    answers: dict[str, object] = {
        "/user/": {"username": actor.name, "user_id": str(actor.user_id)},
        "/tables/": sorted(shown.name for shown in mine),
        "/tables/grouped/": {
            "grouped": {
                group: sorted(shown.name for shown in mine if shown.group == group)
                for group in sorted({shown.group for shown in mine})
            },
            "ungrouped": [],
        },
        "/links/": {"Back to Caseload": "/"},
        "/forms/": [],
        "/forms/grouped/": {"grouped": {}, "ungrouped": []},
    }
    if method != "GET" or path not in answers:
        return answer(NotFound("not_found", "There is no such page here.", "Go back to the list of tables."))
    return JSONResponse(answers[path])


def path_of(scope: Scope) -> str:
    """The path below where the application is mounted."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
