"""People of a tenant: inviting them, granting roles, and ending their membership."""

from dataclasses import dataclass, field
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.tenancy import people
from services.tenancy.people import Invitation, PersonView


@dataclass(frozen=True, slots=True)
class Inviting:
    """Somebody to invite. Without a password one is made for a new account."""

    email: str
    name: str
    job_title: str = ""
    role_ids: list[UUID] = field(default_factory=list)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Granting:
    """The roles that a person is to hold, in place of those held now."""

    role_ids: list[UUID]


class People(Controller):
    """The memberships of this tenant; ids are memberships'."""

    path = "/people"
    tags = ("People",)

    @get("/")
    async def list_people(
        self, actor: Actor, text: str = "", cursor: str | None = None, limit: int = 50, ended: bool = False
    ) -> Page[PersonView]:
        """People by name; `ended` shows those who left instead."""
        return await people.list_people(actor, text, cursor, limit, ended=ended)

    @get("/{membership_id:uuid}")
    async def get_person(self, actor: Actor, membership_id: UUID) -> PersonView:
        """One person."""
        return await people.get_person(actor, membership_id)

    @post("/")
    async def invite(self, actor: Actor, data: Inviting) -> Invitation:
        """Invite somebody. A first password or a code comes back, once."""
        return await people.invite(
            actor, data.email, data.name, data.job_title, tuple(data.role_ids), data.password
        )

    @put("/{membership_id:uuid}/roles")
    async def set_roles(self, actor: Actor, membership_id: UUID, data: Granting) -> PersonView:
        """Replace the roles of a person; nobody can grant what they do not hold."""
        return await people.set_roles(actor, membership_id, tuple(data.role_ids))

    @post("/{membership_id:uuid}/end", status_code=200)
    async def end_membership(self, actor: Actor, membership_id: UUID) -> PersonView:
        """End a membership; the person keeps the account and other tenants."""
        return await people.end_membership(actor, membership_id)
