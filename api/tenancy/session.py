"""Signing in and out, who one is here, and which tenants one may switch to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, delete, get, post, put
from litestar.datastructures import Cookie

from api.admission import COOKIE, credential
from api.answers import Answer
from api.requests import subdomain_of
from domain.refusals import NotSignedIn
from domain.tenancy import Actor
from services.tenancy import account, sign_in
from services.tenancy.sign_in import SignedIn, TenantChoice, TenantView


@dataclass(frozen=True, slots=True)
class Credentials:
    """A local account's e-mail and password."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The present password and the one that replaces it."""

    present: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvitationCode:
    """The code that came with an invitation."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Whoami:
    """The asker in this tenant: who, how signed in, and what their roles allow."""

    user_id: UUID | None
    name: str
    kind: str
    time_zone: str
    permissions: list[str]
    tenant: TenantView


@dataclass(frozen=True, slots=True)
class Renewal:
    """Whether the token was exchanged, and for which; the old one is worth nothing then."""

    renewed: bool
    token: str
    expires_at: datetime | None


class Session(Controller):
    """The sign-in of a person: by cookie for pages, by the same token as a bearer for programs."""

    path = "/session"
    tags = ("Session",)

    @post("/", opt={"public": True})
    async def sign_in(self, data: Credentials, request: Request[Any, Any, Any]) -> SignedIn:
        """Sign in. The token comes in the body and as a cookie; an earlier one of this browser ends."""
        signed_in = await sign_in.sign_in(
            data.email, data.password, subdomain_of(request), replaces=credential(request.scope)
        )
        return _with_cookie(request, signed_in, signed_in.token)

    @get("/")
    async def whoami(self, actor: Actor, request: Request[Any, Any, Any]) -> Whoami:
        """Who the asker is in this tenant."""
        tenant = await sign_in.tenant_of(subdomain_of(request))
        return Whoami(
            actor.user_id, actor.name, actor.kind, actor.time_zone, sorted(actor.permissions), tenant
        )

    @delete("/", opt={"public": True})
    async def sign_out(self, request: Request[Any, Any, Any]) -> None:
        """Sign out here. Signing out twice is no error."""
        await sign_in.sign_out(credential(request.scope))
        return _with_cookie(request, None, "")

    @post("/renewal", opt={"public": True}, status_code=200)
    async def renew(self, request: Request[Any, Any, Any]) -> Renewal:
        """Exchange the token if the person's rights changed since it was given."""
        fresh = await sign_in.renewed(_token(request))
        if fresh is None:
            return Renewal(False, "", None)
        return _with_cookie(request, Renewal(True, fresh.token, fresh.expires_at), fresh.token)

    @post("/sign-out-everywhere", opt={"public": True}, status_code=200)
    async def sign_out_everywhere(self, request: Request[Any, Any, Any]) -> int:
        """End every sign-in of the person, this one too; answers how many there were."""
        ended = await sign_in.sign_out_everywhere(_token(request))
        return _with_cookie(request, ended, "")

    @put("/password", opt={"public": True})
    async def change_password(self, data: PasswordChange, request: Request[Any, Any, Any]) -> SignedIn:
        """Change the password; every other sign-in ends and this one gets a new token."""
        fresh = await account.change_password(_token(request), data.present, data.new)
        return _with_cookie(request, fresh, fresh.token)

    @post("/invitations", opt={"public": True}, status_code=200)
    async def accept_invitation(self, data: InvitationCode, request: Request[Any, Any, Any]) -> SignedIn:
        """Join this subdomain's tenant with the code of an invitation."""
        fresh = await account.accept_invitation(_token(request), subdomain_of(request), data.code)
        return _with_cookie(request, fresh, fresh.token)


class Tenants(Controller):
    """The tenants of a person, and the one of this address."""

    tags = ("Session",)
    opt = {"public": True}

    @get("/tenants")
    async def my_tenants(self, request: Request[Any, Any, Any]) -> list[TenantChoice]:
        """The tenants that the signed-in person may switch to; the same token is good in each."""
        return await sign_in.my_tenants(_token(request))

    @get("/tenant")
    async def tenant_of(self, request: Request[Any, Any, Any]) -> TenantView:
        """Whose address this is; needs no sign-in."""
        return await sign_in.tenant_of(subdomain_of(request))


def _token(request: Request[Any, Any, Any]) -> str:
    token = credential(request.scope)
    if not token:
        raise NotSignedIn("sign_in.required", "Nobody is signed in.", "Sign in and try again.")
    return token


def _with_cookie(request: Request[Any, Any, Any], content: Any, token: str) -> Any:
    """The answer with the session cookie set, or cleared when there is no token."""
    cookie = Cookie(
        COOKIE,
        value=token,
        max_age=None if token else 0,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return Answer(content, cookies=[cookie])
