"""The way in: landing, sign-in, choice of a tenant, registration, and the HTTP forms that set the session's cookie."""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from nicegui import ui

from domain.refusals import NotAllowed, NotAMember, NotFound, NotSignedIn, Refusal
from services.tenancy import registration, sign_in
from services.tenancy.registration import RegistrationView
from services.tenancy.sign_in import TenantChoice
from ui import theme
from ui.parts.buttons import link, submit
from ui.parts.forms import choice, field, hidden
from ui.parts.icons import icon, mark
from ui.parts.markup import (
    Child,
    Markup,
    a,
    button,
    div,
    footer,
    form,
    h1,
    header,
    join,
    li,
    ol,
    p,
    small,
    span,
    strong,
    ul,
)
from ui.parts.states import notice
from ui.region import Region
from ui.site import Site, from_here, own_path

POLL_SECONDS = 0.7


def sign_in_address(back: str) -> str:
    """The sign-in page that leads back to where somebody wanted to go."""
    return "/sign-in" if back == "/" else f"/sign-in?back={quote(back, safe='')}"


# Pages


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
        _show(request, site, "Register", box(_registration_form(site), large=True), here="register")

    @ui.page("/register/{registration_id}")
    async def progress_page(request: Request, registration_id: str) -> None:
        await _progress_page(request, site, registration_id)


async def landing(request: Request, site: Site) -> Response | None:
    """The page of the bare domain: what this is, and the way in."""
    if request.cookies.get("caseload_session") and await _choices(request):
        return RedirectResponse("/tenants", 303)
    body = div(_pitch(), div(_sign_in_form("", "/", "Sign in"), cls="gate-box"), cls="gate-two")
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
    _show(request, site, title, box(_sign_in_form(visit.subdomain, back, title)))
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
            _choice_list(choices),
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
    region = _show(request, site, "Registration", box(_progress(seen, site), large=True))

    async def look_again() -> None:
        now = await registration.registration(seen.id)
        region.set_html(_gate(site, box(_progress(now, site), large=True)))
        if now.status in ("ready", "failed", "refused"):
            timer.deactivate()

    timer = ui.timer(POLL_SECONDS, look_again)


async def _choices(request: Request) -> list[TenantChoice] | None:
    """The tenants of whoever asks; None when nobody is signed in."""
    try:
        return await sign_in.my_tenants(request.cookies.get("caseload_session", ""))
    except NotSignedIn:
        return None


# Forms over HTTP, because only an HTTP answer can set a cookie that scripts cannot read


def forms(root: FastAPI, site: Site) -> None:
    """Register the forms of signing in and out, of switching tenants and of registering."""

    @root.post("/sign-in", include_in_schema=False)
    async def post_sign_in(request: Request) -> Response:
        return await _answered(request, _sign_in, site)

    @root.post("/sign-out", include_in_schema=False)
    async def post_sign_out(request: Request) -> Response:
        return await _answered(request, _sign_out, site)

    @root.post("/switch/{subdomain}", include_in_schema=False)
    async def post_switch(request: Request, subdomain: str) -> Response:
        return await _answered(request, _switch, site)

    @root.get("/enter", include_in_schema=False)
    async def enter(request: Request, ticket: str = "", back: str = "/") -> Response:
        try:
            token = await sign_in.redeem(ticket)
        except NotSignedIn:
            return RedirectResponse(sign_in_address(own_path(back)), 303)
        return site.with_session(RedirectResponse(own_path(back), 303), token)

    @root.post("/register", include_in_schema=False)
    async def post_register(request: Request) -> Response:
        return await _answered(request, _register, site)


async def _answered(request: Request, handle: Any, site: Site) -> Response:
    """A form's answer: a redirect, or for a page that waits, where to go or what was refused."""
    waits = "application/json" in request.headers.get("accept", "")
    try:
        if not from_here(request):
            raise NotAllowed(
                "form.foreign", "This form was sent from another site.", "Open our own page and try again."
            )
        response: Response = await handle(request, site)
    except Refusal as refusal:
        if waits:
            return JSONResponse(_problem(refusal), refusal.status)
        return RedirectResponse("/sign-in" if refusal.status == 401 else "/", 303)
    if not waits:
        return response
    answer = JSONResponse({"location": response.headers["location"]})
    answer.raw_headers.extend(pair for pair in response.raw_headers if pair[0] == b"set-cookie")
    return answer


def _problem(refusal: Refusal) -> dict[str, Any]:
    fields = {fault.field: fault.message for fault in refusal.fields}
    return {"code": refusal.code, "title": refusal.title, "what_to_do": refusal.what_to_do, "fields": fields}


async def _sign_in(request: Request, site: Site) -> Response:
    typed = await request.form()
    subdomain = site.visit(request).subdomain
    signed_in = await sign_in.sign_in(
        str(typed.get("email", "")),
        str(typed.get("password", "")),
        subdomain,
        replaces=request.cookies.get("caseload_session", ""),
    )
    back = own_path(str(typed.get("back", "/")))
    if subdomain:
        return site.with_session(RedirectResponse(back, 303), signed_in.token)
    return site.with_session(
        RedirectResponse(await _first_place(request, site, signed_in.token), 303), signed_in.token
    )


async def _first_place(request: Request, site: Site, token: str) -> str:
    """From the bare domain: straight into the only tenant, or to the choice."""
    tenants = await sign_in.my_tenants(token)
    if len(tenants) != 1:
        return "/tenants"
    return site.enter(request, tenants[0].subdomain, await sign_in.hand_over(token))


async def _sign_out(request: Request, site: Site) -> Response:
    await sign_in.sign_out(request.cookies.get("caseload_session", ""))
    return site.without_session(RedirectResponse("/sign-in", 303))


async def _switch(request: Request, site: Site) -> Response:
    """On to another of the person's tenants, without a second sign-in."""
    token = request.cookies.get("caseload_session", "")
    wanted = request.path_params["subdomain"]
    if wanted not in {tenant.subdomain for tenant in await sign_in.my_tenants(token)}:
        raise NotAMember("membership.missing", "You do not work in that tenant.", "Choose one of your own.")
    return RedirectResponse(site.enter(request, wanted, await sign_in.hand_over(token)), 303)


async def _register(request: Request, site: Site) -> Response:
    typed = {key: str(value) for key, value in (await request.form()).items()}
    seen = await registration.register(
        typed.get("request_key", ""),
        typed.get("company", ""),
        typed.get("subdomain", ""),
        typed.get("plan", ""),
        typed.get("kind", ""),
        typed.get("admin_email", ""),
        typed.get("admin_name", ""),
        typed.get("password", ""),
    )
    return RedirectResponse(f"/register/{seen.id}", 303)


# Markup


def box(*content: Child, large: bool = False) -> Markup:
    """The one box in the middle of a page outside the frame."""
    return div(*content, cls="gate-box large" if large else "gate-box")


def ways_out(refusal: Refusal) -> Markup:
    """What somebody can do who stands before the wrong door."""
    signs_out = isinstance(refusal, NotAMember)
    out = form(
        button("Sign out", type="submit", cls="button"), method="post", action="/sign-out", data_plain=True
    )
    return div(link("My tenants", "/tenants") if signs_out else None, signs_out and out, cls="row")


def _show(request: Request, site: Site, title: str, body: Markup, here: str = "") -> Region:
    ui.add_head_html(theme.head(site.visit(request).theme))
    ui.page_title(title if title == "Caseload" else f"{title} · Caseload")
    return Region("main", _gate(site, body, here), "main")


def _gate(site: Site, body: Markup, here: str = "") -> Markup:
    home = site.address_of("")
    registered = a(
        "Register a company", href=site.address_of("", "/register"), cls="button quiet", data_plain=True
    )
    return div(
        header(a(mark(), "Caseload", href=home, data_plain=True), here != "register" and registered),
        div(body, cls="gate-body"),
        footer("Caseload runs medical billing as durable processes.", cls="gate-foot"),
        cls="gate",
    )


def _pitch() -> Markup:
    points = (
        (
            "work",
            "One queue for everything that waits for a person",
            "Holds, rejections, denials, unmatched money; most urgent first.",
        ),
        (
            "claims",
            "Claims that look after themselves",
            "Scrubbed, sent, acknowledged and posted, with an alarm when a payer is silent.",
        ),
        (
            "remittances",
            "Money that always adds up",
            "Every remittance is proved to the cent before a line is posted.",
        ),
    )
    return div(
        h1("From charge to payment, without a claim lost on the way"),
        p(
            "Caseload takes a claim from capture through the clearinghouse to the posted payment, and asks a person only when one is needed."
        ),
        ul([li(icon(name), div(strong(title), small(words))) for name, title, words in points]),
        cls="pitch",
    )


def _sign_in_form(subdomain: str, back: str, title: str) -> Markup:
    under = "With the e-mail and password of your account." if subdomain else "You choose the tenant after."
    return form(
        h1(title),
        p(under, cls="lead"),
        _problem_place(),
        hidden("back", back),
        div(
            field("email", "E-mail", kind="email", required=True, autocomplete="username", autofocus=True),
            field("password", "Password", kind="password", required=True, autocomplete="current-password"),
            cls="fields",
        ),
        submit("Sign in"),
        method="post",
        action="/sign-in",
        data_fetch=True,
    )


def _problem_place() -> Markup:
    return div(
        icon("alert"),
        div(strong(""), span("")),
        cls="notice bad",
        role="alert",
        hidden=True,
        data_problem=True,
    )


def _choice_list(choices: list[TenantChoice]) -> Markup:
    return div(
        [
            form(
                button(strong(one.name), small(one.subdomain), type="submit", cls="menu-item two"),
                method="post",
                action=f"/switch/{one.subdomain}",
                data_plain=True,
            )
            for one in choices
        ],
        cls="choices",
    )


_KINDS = (("billing", "Billing company"), ("care", "Care coordination"), ("clinic", "Clinic"))
_PLANS = (("starter", "Starter"), ("pro", "Pro"), ("enterprise", "Enterprise"))


def _registration_form(site: Site) -> Markup:
    return form(
        h1("Register your company"),
        p(
            "Your own tenant with its own keys, roles and address. You are its first administrator.",
            cls="lead",
        ),
        _problem_place(),
        hidden("request_key", uuid4()),
        div(
            field(
                "company", "Company", required=True, look="wide", autocomplete="organization", autofocus=True
            ),
            field(
                "subdomain",
                "Address",
                required=True,
                hint=f"becomes your-name.{site.base_domain}",
                placeholder="your-name",
            ),
            choice("kind", "Kind of company", _KINDS, "billing", required=True),
            field("admin_name", "Your name", required=True, autocomplete="name"),
            field("admin_email", "E-mail", kind="email", required=True, autocomplete="username"),
            field(
                "password",
                "Password",
                kind="password",
                required=True,
                hint="at least 12 characters",
                autocomplete="new-password",
            ),
            choice("plan", "Plan", _PLANS, "starter", required=True),
            cls="fields",
        ),
        submit("Register"),
        method="post",
        action="/register",
        data_fetch=True,
    )


_STATES = {"done": ("done", "✓"), "running": ("now", "…"), "failed": ("failed", "!"), "waiting": ("", "")}


def _progress(seen: RegistrationView, site: Site) -> Markup:
    lines = [_step(number, one.label, one.state) for number, one in enumerate(seen.steps, 1)]
    return join(
        h1(seen.company),
        p(f"Becoming {seen.subdomain}.{site.base_domain}", cls="lead"),
        _outcome(seen, site),
        ol(lines, cls="steps", aria_live="polite"),
    )


def _step(number: int, words: str, state: str) -> Markup:
    look, sign = _STATES.get(state, ("", ""))
    return li(span(sign or str(number), cls="tick"), div(words, cls="words"), cls=look or None)


def _outcome(seen: RegistrationView, site: Site) -> Child:
    if seen.status == "ready":
        there = link(
            "Sign in",
            site.address_of(seen.subdomain, "/sign-in?back=%2Fchecklist"),
            look="filled",
            data_plain=True,
        )
        return join(
            notice("ok", "Your tenant is ready.", "Sign in with the e-mail and password you chose."), there
        )
    if seen.status in ("failed", "refused"):
        words = seen.reason or "A step failed for good; everything it had made was undone."
        return join(notice("bad", "Your tenant could not be made.", words), link("Try again", "/register"))
    return p("This takes a few seconds. You can leave this page; nothing stops.", cls="faint")
