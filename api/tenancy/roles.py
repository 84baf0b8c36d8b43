"""Roles of a tenant's own making, and the catalogue of permissions they are made of."""

from dataclasses import dataclass, field
from uuid import UUID

from litestar import Controller, delete, get, post, put

from domain.tenancy import Actor
from policies.permissions import WORDS
from services.tenancy import roles
from services.tenancy.roles import RoleView, SuggestedRole


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role: its own permissions, and the roles it inherits from."""

    name: str
    description: str = ""
    permissions: list[str] = field(default_factory=list)
    parent_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """The name of a suggested role."""

    name: str


@dataclass(frozen=True, slots=True)
class PermissionView:
    """A permission of the catalogue and what it allows, in words."""

    permission: str
    words: str


class Roles(Controller):
    """What people may do here."""

    path = "/roles"
    tags = ("Roles",)

    @get("/")
    async def list_roles(self, actor: Actor) -> list[RoleView]:
        """Every role, with what it holds by itself and with inheritance."""
        return await roles.list_roles(actor)

    @get("/suggested")
    async def suggested_roles(self, actor: Actor) -> list[SuggestedRole]:
        """Roles that others found useful and this tenant has not added."""
        return await roles.suggested_roles(actor)

    @get("/permissions")
    async def list_permissions(self, actor: Actor) -> list[PermissionView]:
        """The catalogue of permissions that roles and tokens are made of."""
        return [PermissionView(str(permission), words) for permission, words in WORDS.items()]

    @get("/{role_id:uuid}")
    async def get_role(self, actor: Actor, role_id: UUID) -> RoleView:
        """One role."""
        return await roles.get_role(actor, role_id)

    @post("/")
    async def add_role(self, actor: Actor, data: RoleFacts) -> RoleView:
        """Make a role. Nobody can put in what they do not hold."""
        return await roles.add_role(actor, data.name, data.description, data.permissions, data.parent_ids)

    @post("/suggested")
    async def add_suggested_role(self, actor: Actor, data: RoleChoice) -> RoleView:
        """Add one of the suggested roles."""
        return await roles.add_suggested_role(actor, data.name)

    @put("/{role_id:uuid}")
    async def change_role(
        self, actor: Actor, role_id: UUID, data: RoleFacts, expected_version: int | None
    ) -> RoleView:
        """Change a role for everybody who holds it."""
        return await roles.change_role(
            actor, role_id, data.name, data.description, data.permissions, data.parent_ids, expected_version
        )

    @delete("/{role_id:uuid}")
    async def delete_role(self, actor: Actor, role_id: UUID) -> None:
        """Delete a role that nobody holds and none inherits from."""
        await roles.delete_role(actor, role_id)
