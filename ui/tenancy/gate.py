"""The way in: landing, sign-in, choice of a tenant, registration."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from domain.refusals import NotFound, NotSignedIn, Refusal
from services.tenancy import registration, sign_in
from services.tenancy.sign_in import TenantChoice
from ui import theme
from ui.parts.buttons import link
from ui.parts.markup import (
    Markup,
    div,
    h1,
    p,
)
from ui.parts.states import notice
from ui.region import Region
from ui.site import Site, own_path
from ui.tenancy.gate_view import (
    box,
    choice_list,
    gate,
    pitch,
    progress,
    registration_form,
    sign_in_form,
    ways_out,
)

POLL_SECONDS = 0.7


def pages(site: Site) -> None:
    """Register the pages that need nobody signed in."""

    @ui.page("/sign-in")
    async def sign_in_page(request: Request) -> Response | None:
        return await _sign_in_page(request, site)

    @ui.page("/tenants")
    async def tenants_page(request: Request) -> Response | None:
        return await _tenants_page(request, site)

    @ui.page("/register")
    async def register_page(request: Request) -> None:
        _show(request, site, "Register", box(registration_form(site), large=True), here="register")

    @ui.page("/register/{registration_id}")
    async def progress_page(request: Request, registration_id: str) -> None:
        await _progress_page(request, site, registration_id)


async def landing(request: Request, site: Site) -> Response | None:
    """The page of the bare domain: what this is, and the way in."""
    if request.cookies.get("caseload_session") and await _choices(request):
        return RedirectResponse("/tenants", 303)
    body = div(pitch(), div(sign_in_form("", "/", "Sign in"), cls="gate-box"), cls="gate-two")
    _show(request, site, "Caseload", body)
    return None


async def _sign_in_page(request: Request, site: Site) -> Response | None:
    visit = site.visit(request)
    back = own_path(request.query_params.get("back", "/"))
    try:
        tenant = await sign_in.tenant_of(visit.subdomain) if visit.subdomain else None
        if tenant is not None and visit.token:
            await sign_in.actor_for(visit.token, visit.subdomain)
            return RedirectResponse(back, 303)
    except NotSignedIn:
        pass  # the reason to be on this page
    except Refusal as refusal:
        ui.context.client.status_code = refusal.status
        _show(
            request,
            site,
            "Sign in",
            box(notice("warn", refusal.title, refusal.what_to_do), ways_out(refusal)),
        )
        return None
    title = f"Sign in to {tenant.name}" if tenant else "Sign in"
    _show(request, site, title, box(sign_in_form(visit.subdomain, back, title)))
    return None


async def _tenants_page(request: Request, site: Site) -> Response | None:
    choices = await _choices(request)
    if choices is None:
        return RedirectResponse("/sign-in", 303)
    if not choices:
        words = "Ask the administrator of your company to invite you, or register a company of your own."
        body = box(
            h1("You belong to no tenant yet"),
            p(words, cls="lead"),
            link("Register", "/register", look="filled"),
        )
    else:
        body = box(
            h1("Where do you want to work?"),
            p("You can switch at any time, at the top left.", cls="lead"),
            choice_list(choices),
        )
    _show(request, site, "Choose a tenant", body)
    return None


async def _progress_page(request: Request, site: Site, text: str) -> None:
    try:
        seen = await registration.registration(UUID(text))
    except (ValueError, NotFound):
        ui.context.client.status_code = 404
        _show(
            request,
            site,
            "Registration",
            box(notice("warn", "There is no such registration.", "Start a new one.")),
        )
        return
    region = _show(request, site, "Registration", box(progress(seen, site), large=True))

    async def look_again() -> None:
        now = await registration.registration(seen.id)
        region.set_html(gate(site, box(progress(now, site), large=True)))
        if now.status in ("ready", "failed", "refused"):
            timer.deactivate()

    timer = ui.timer(POLL_SECONDS, look_again)


async def _choices(request: Request) -> list[TenantChoice] | None:
    """The tenants of whoever asks; None when nobody is signed in."""
    try:
        return await sign_in.my_tenants(request.cookies.get("caseload_session", ""))
    except NotSignedIn:
        return None


def _show(request: Request, site: Site, title: str, body: Markup, here: str = "") -> Region:
    ui.add_head_html(theme.head(site.visit(request).theme))
    ui.page_title(title if title == "Caseload" else f"{title} · Caseload")
    return Region("main", gate(site, body, here), "main")
