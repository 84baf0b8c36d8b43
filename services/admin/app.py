"""Puts Piccolo Admin together: its pages and its API for tables, without its own sign-in, behind the gate."""

import json
import logging

import asyncpg
from fastapi import FastAPI
from piccolo_admin.endpoints import AdminRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from domain.refusals import Invalid, Refusal
from services.admin.gate import AdminGate, SignedIn
from services.admin.tables import SHOWN
from services.admin.telling import answer
from services.door import refusal_for

# Piccolo logs refused values in full, with what was typed; the answer says it to whom it concerns.
logging.getLogger("piccolo_api.crud.exceptions").setLevel(logging.CRITICAL + 1)

log = logging.getLogger("caseload.admin")
SITE_NAME = "Caseload master data"
# Piccolo's pages know a sign-in of their own; whoever is sent there goes to the product's instead.
_SCRIPT = """<script>
const signIn = %s;
for (const name of ["pushState", "replaceState"]) {
  const original = history[name];
  history[name] = function (state, title, url) {
    if (String(url).includes("#/login")) { location.replace(signIn); return; }
    return original.apply(this, arguments);
  };
}
</script><style>a[href*="change-password"]{display:none}</style></head>"""


def admin_app(base_domain: str = "localhost", *, sign_in_path: str = "/sign-in?back=/admin/") -> ASGIApp:
    """The ASGI application to mount at `/admin`. The tenant is the subdomain of `base_domain` in the Host header."""
    tenants = _Tenants(base_domain)
    router = AdminRouter(
        *(shown.config() for shown in SHOWN.values()), site_name=SITE_NAME, allowed_hosts=tenants
    )
    router.template = router.template.replace("</head>", _SCRIPT % json.dumps(sign_in_path))
    api = _mount(router, "/api")
    tables = api.app.app  # type: ignore[attr-defined]  # beneath Piccolo's authentication, which the gate replaces
    assert isinstance(tables, FastAPI)
    _answer_in_words(tables)
    api.app = AdminGate(tables)
    _without_sign_in(_mount(router, "/public").app)
    return SignedIn(router, base_domain=base_domain, sign_in_path=sign_in_path)


class _Tenants(tuple[str, ...]):
    """Piccolo's check of referers under https wants a list of hosts; this one holds every tenant's. That page and
    request are of the same tenant, the gate has checked before."""

    def __new__(cls, base_domain: str) -> "_Tenants":
        return super().__new__(cls, (base_domain,))

    def __contains__(self, host: object) -> bool:
        return isinstance(host, str) and (host == self[0] or host.endswith(f".{self[0]}"))


def _mount(app: FastAPI, path: str) -> Mount:
    return next(route for route in app.routes if isinstance(route, Mount) and route.path == path)


def _without_sign_in(public: ASGIApp) -> None:
    assert isinstance(public, FastAPI)
    kept = ("/meta/", "/translations/", "/translations/{language_code:str}/")
    public.router.routes[:] = [route for route in public.routes if getattr(route, "path", "") in kept]


def _answer_in_words(tables: FastAPI) -> None:
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return answer(error)

    async def unreadable(request: Request, error: Exception) -> Response:
        # Piccolo and pydantic say so of columns, filters and values that they do not know.
        log.info("the admin could not read a request: %s", type(error).__name__)
        return answer(Invalid("input.unreadable", "A column, filter or value here is not known."))

    async def database_refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, asyncpg.PostgresError)
        refusal = refusal_for(error)
        if isinstance(refusal, Refusal):
            return answer(refusal)
        raise error

    tables.add_exception_handler(Refusal, refused)
    tables.add_exception_handler(ValueError, unreadable)
    tables.add_exception_handler(asyncpg.PostgresError, database_refused)
