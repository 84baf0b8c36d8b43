"""Where this installation is reached, and what a request says of its visitor."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from domain.tenancy import Actor
from services.tenancy.sign_in import actor_for
from ui.page import own_path
from ui.screen import Visit
from ui.theme import theme_of

COOKIE = "caseload_session"


@dataclass(frozen=True, slots=True)
class Site:
    """The domain under which every tenant has its subdomain, and the scheme and port that browsers use (0: the usual)."""

    base_domain: str
    public_port: int
    scheme: str = "http"

    def subdomain_of(self, host: str) -> str:
        """The subdomain in a Host header; empty at the bare domain and at an address of numbers."""
        name = host.rsplit(":", 1)[0].lower()
        suffix = f".{self.base_domain}"
        return name.removesuffix(suffix) if name.endswith(suffix) else ""

    def visit(self, request: Request) -> Visit:
        """Who asks, as far as cookies and the Host header say."""
        return Visit(
            self.subdomain_of(request.headers.get("host", "")),
            request.cookies.get(COOKIE, ""),
            theme_of(request.cookies.get("caseload_theme")),
        )

    async def asker(self, request: Request) -> Actor:
        """Who asks, signed in; otherwise the refusal."""
        visit = self.visit(request)
        return await actor_for(visit.token, visit.subdomain)

    def address_of(self, subdomain: str, path: str = "/") -> str:
        """The address of a tenant's page in a browser; of the bare domain for an empty subdomain."""
        host = f"{subdomain}.{self.base_domain}" if subdomain else self.base_domain
        port = f":{self.public_port}" if self.public_port not in (0, 80, 443) else ""
        return f"{self.scheme}://{host}{port}{path}"

    def enter(self, subdomain: str, ticket: str, back: str = "/") -> str:
        """Where a person with a ticket goes on in another tenant."""
        path = f"/enter?ticket={quote(ticket)}&back={quote(own_path(back), safe='')}"
        return self.address_of(subdomain, path)

    def with_session(self, response: Response, token: str) -> Response:
        """The answer with the session's cookie: out of reach for scripts, host-only, not sent by other sites' forms."""
        secure = self.scheme == "https"
        response.set_cookie(COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/")
        return response

    def without_session(self, response: Response) -> Response:
        """The answer that takes the session's cookie away."""
        response.delete_cookie(COOKIE, path="/")
        return response


def from_here(request: Request) -> bool:
    """Whether a form was sent from our own page: a browser names the page's origin with every POST."""
    origin = request.headers.get("origin")
    # Compared as text: a header that is no address must be a refusal, not an error.
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
