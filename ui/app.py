"""Puts the pages into the web application: the pages themselves, the forms that set cookies, the look."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import Client, ui

from domain.refusals import NotFound, NotSignedIn, Refusal
from services.live import Live
from services.tenancy.sign_in import renewed, tenant_of
from ui import downloads, theme, uploads
from ui.headers import Guarded
from ui.page import ROUTES, own_path
from ui.parts.states import refused
from ui.region import Region
from ui.screen import Screen, Visit
from ui.site import Site
from ui.tenancy import gate, gate_forms, gate_view

BUILD_SECONDS = 10.0
# A sleeping laptop or a short network failure must not cost a half-filled form.
RECONNECT_SECONDS = 30.0


def build(
    root: FastAPI,
    *,
    storage_secret: str,
    base_domain: str,
    public_port: int,
    live: Live | None,
    scheme: str = "http",
) -> None:
    """Register every page and form on `root`. `/api` and `/admin` must be mounted before: pages take the rest."""
    from ui import pages  # noqa: F401 - importing registers the pages

    site = Site(base_domain, public_port, scheme)
    root.add_middleware(Guarded)
    theme.serve(root)
    gate_forms.forms(root, site)
    downloads.serve(root, site)
    uploads.serve(root, site)
    gate.pages(site)
    for path in sorted({route.page.path for route in ROUTES}, key=lambda one: one.count("{")):
        _page(path, site, live)
    _page("/{anything:path}", site, live)
    ui.run_with(
        root,
        title="Caseload",
        favicon=theme.FAVICON,
        language="en-US",
        storage_secret=storage_secret,
        tailwind=False,
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
        binding_refresh_interval=None,
    )


def _page(path: str, site: Site, live: Live | None) -> None:
    @ui.page(path, response_timeout=BUILD_SECONDS)
    async def show(request: Request) -> Response | None:
        visit = site.visit(request)
        answer = (
            await _guarded(request, site, visit, live) if visit.subdomain else await _outside(request, site)
        )
        if answer is not None:
            # Nobody will ever connect to it, and the framework would keep it awake for a minute.
            ui.context.client.delete()
        return answer


async def _outside(request: Request, site: Site) -> Response | None:
    """The address without a tenant: the landing page; every other page belongs to a tenant."""
    if request.url.path != "/":
        return RedirectResponse("/", 303)
    return await gate.landing(request, site)


async def _guarded(request: Request, site: Site, visit: Visit, live: Live | None) -> Response | None:
    client = ui.context.client
    ui.add_head_html(theme.head(visit.theme))
    href = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        if fresh := await renewed(visit.token):
            return site.with_session(RedirectResponse(href, 303), fresh.token)
        screen = Screen(visit, live)
        client.status_code = await screen.open(href)
        if client.status_code == 303:
            return RedirectResponse(own_path(screen.next_href), 303)
        ui.page_title(f"{screen.page.name} · Caseload" if screen.page else "Caseload")
    except NotSignedIn:
        return await _to_sign_in(client, site, visit, href)
    except Refusal as refusal:
        _alone(client, site, refusal)
    return None


async def _to_sign_in(client: Client, site: Site, visit: Visit, href: str) -> Response | None:
    try:
        await tenant_of(visit.subdomain)
    except NotFound as refusal:
        _alone(client, site, refusal)
        return None
    return RedirectResponse(gate_view.sign_in_address(href), 303)


def _alone(client: Client, site: Site, refusal: Refusal) -> None:
    """A refusal without a frame: there is no tenant here, or none of this person's."""
    client.status_code = refusal.status
    ui.page_title("Caseload")
    body = gate_view.box(refused(refusal), gate_view.ways_out(refusal))
    Region("main", gate_view.gate(site, body), "main")
