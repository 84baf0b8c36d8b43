"""The web: NiceGUI pages on a FastAPI root, Litestar under /api, Piccolo Admin under /admin/. One process or several roles."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal, cast

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from cli.house import master_key, opened, start_logging
from services.live import Live
from services.tenancy import sign_in
from services.work import attachments
from settings import Settings

Role = Literal["web", "api", "ui"]


def run(role: Role, host: str, port: int, settings: Settings) -> None:
    """Serve until stopped. `web` is everything, `api` and `ui` are the roles of a larger deployment."""
    start_logging(settings)
    sign_in.configure(idle_minutes=settings.session_idle_minutes, hours=settings.session_hours)
    attachments.configure(settings.attachment_megabytes)
    uvicorn.run(
        build(role, settings, port),
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # addresses may carry search words
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=5,
    )


def build(role: Role, settings: Settings, port: int) -> FastAPI:
    """The ASGI application of a role."""
    from api.app import build as build_api

    live = Live()
    api = build_api(base_domain=settings.base_domain, live=live)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Starlette never runs the lifespan of a mounted application.
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(opened(settings))
            await stack.enter_async_context(api.lifespan())
            await live.start(settings.required("database_url"))
            stack.push_async_callback(live.stop)
            yield

    root = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @root.get("/api/health")
    async def health() -> dict[str, str]:
        """For probes of either role: this process serves."""
        return {"status": "ok", "role": role}

    # Litestar types its scopes more narrowly than Starlette.
    root.mount("/api", cast(ASGIApp, api))
    if role != "api":
        _add_pages(root, live, settings, port)
    return root


def _add_pages(root: FastAPI, live: Live, settings: Settings, port: int) -> None:
    from services.admin import admin_app
    from ui.app import build as build_ui

    root.mount("/admin", admin_app(base_domain=settings.base_domain))
    secret = hashlib.sha256(b"page storage" + master_key(settings)).hexdigest()
    build_ui(
        root,
        storage_secret=secret,
        base_domain=settings.base_domain,
        public_port=settings.public_port or port,
        live=live,
        scheme=settings.public_scheme,
    )
