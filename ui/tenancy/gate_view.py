"""How the pages outside the frame look: sign-in, choice of a tenant, registration and its progress."""

from urllib.parse import quote
from uuid import uuid4

from domain.refusals import NotAMember, Refusal
from services.tenancy.registration import RegistrationView
from services.tenancy.sign_in import TenantChoice
from ui.parts.buttons import link, submit
from ui.parts.forms import choice, field, hidden
from ui.parts.icons import icon, mark
from ui.parts.markup import (
    EMPTY,
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
from ui.site import Site


def box(*content: Child, large: bool = False) -> Markup:
    """The one box in the middle of a page outside the frame."""
    return div(*content, cls="gate-box large" if large else "gate-box")


def ways_out(refusal: Refusal) -> Markup:
    """What somebody can do who stands before the wrong door."""
    signs_out = isinstance(refusal, NotAMember)
    out = form(
        button("Sign out", type="submit", cls="button"), method="post", action="/sign-out", data_plain=True
    )
    join_ = form(
        hidden("back", "/"),
        div(
            field("code", "Invitation code", required=True, hint="from the person who invited you"),
            cls="fields",
            style="margin: 16px 0",
        ),
        _problem_place(),
        button("Join", type="submit", cls="button"),
        method="post",
        action="/join",
        data_fetch=True,
    )
    tenants = link("My tenants", "/tenants")
    return div(join_, div(tenants, out, cls="row", style="margin-top: 16px")) if signs_out else EMPTY


def pitch() -> Markup:
    """What the product is, on the landing page."""
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


def sign_in_form(subdomain: str, back: str, title: str) -> Markup:
    """E-mail and password."""
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


def choice_list(choices: list[TenantChoice]) -> Markup:
    """The tenants of a person, each a button."""
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


def registration_form(site: Site) -> Markup:
    """The form that makes a tenant."""
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


def progress(seen: RegistrationView, site: Site) -> Markup:
    """How far a registration is."""
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


def sign_in_address(back: str) -> str:
    """The sign-in page that leads back to where somebody wanted to go."""
    return "/sign-in" if back == "/" else f"/sign-in?back={quote(back, safe='')}"


def gate(site: Site, body: Markup, here: str = "") -> Markup:
    """The page around what stands outside the frame."""
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
