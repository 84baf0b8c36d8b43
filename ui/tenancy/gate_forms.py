"""The forms that set the session's cookie: by HTTP, because only its answer can set one that scripts cannot read."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from domain.refusals import NotAllowed, NotAMember, NotSignedIn, Refusal
from services.tenancy import account, registration, sign_in
from ui.site import Site, from_here, own_path
from ui.tenancy.gate_view import sign_in_address


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

    @root.post("/join", include_in_schema=False)
    async def post_join(request: Request) -> Response:
        return await _answered(request, _join, site)

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
    return site.enter(tenants[0].subdomain, await sign_in.hand_over(token))


async def _sign_out(request: Request, site: Site) -> Response:
    await sign_in.sign_out(request.cookies.get("caseload_session", ""))
    return site.without_session(RedirectResponse("/sign-in", 303))


async def _switch(request: Request, site: Site) -> Response:
    """On to another of the person's tenants, without a second sign-in."""
    token = request.cookies.get("caseload_session", "")
    wanted = request.path_params["subdomain"]
    if wanted not in {tenant.subdomain for tenant in await sign_in.my_tenants(token)}:
        raise NotAMember("membership.missing", "You do not work in that tenant.", "Choose one of your own.")
    return RedirectResponse(site.enter(wanted, await sign_in.hand_over(token)), 303)


async def _join(request: Request, site: Site) -> Response:
    """Accept an invitation to the tenant of this address."""
    typed = await request.form()
    token = request.cookies.get("caseload_session", "")
    joined = await account.accept_invitation(
        token, site.visit(request).subdomain, str(typed.get("code", "")).strip()
    )
    return site.with_session(RedirectResponse("/", 303), joined.token)


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
