"""Becoming a tenant: the one thing that nobody needs to be signed in for."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID, uuid4

from litestar import Controller, get, post
from litestar.params import Parameter

from api.answers import Answer
from services.tenancy import registration
from services.tenancy.registration import RegistrationView


@dataclass(frozen=True, slots=True)
class Registering:
    """A company that wants to work here, and its first administrator."""

    company: str
    subdomain: str
    admin_email: str
    admin_name: str
    password: str = field(repr=False)
    plan: str = "starter"
    kind: str = "billing"


class Registrations(Controller):
    """Starts the onboarding of a tenant and tells how far it is."""

    path = "/registrations"
    tags = ("Registration",)
    opt = {"public": True}

    @post("/", status_code=202)
    async def register(
        self,
        data: Registering,
        idempotency_key: Annotated[
            str | None, Parameter(header="Idempotency-Key", description="The same key registers once.")
        ] = None,
    ) -> RegistrationView:
        """Register a tenant. Ask its address in `Location` until `status` is ready, refused or failed."""
        view = await registration.register(
            idempotency_key or uuid4().hex,
            data.company,
            data.subdomain,
            data.plan,
            data.kind,
            data.admin_email,
            data.admin_name,
            data.password,
        )
        return Answer(view, status_code=202, headers={"Location": f"registrations/{view.id}"})  # type: ignore[return-value]

    @get("/{registration_id:uuid}")
    async def get_registration(self, registration_id: UUID) -> RegistrationView:
        """How far the onboarding is, step by step."""
        return await registration.registration(registration_id)
