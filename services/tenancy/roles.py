"""Roles: a tenant's own rows, with inheritance from several others and never in a circle."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid, NotAllowed, NotFound, Stale
from domain.tenancy import Actor, name_problem, role_cycle
from policies.default_roles import SUGGESTED_ROLES
from policies.guard import permissions_of
from policies.permissions import Permission
from services import door
from services.tenancy import actors, grants

LONGEST_DESCRIPTION = 500

_ROLES = """
SELECT r.id, r.name, r.description, r.permissions, r.built_in, r.version,
       array(SELECT p.parent_id FROM role_parents p WHERE p.role_id = r.id) AS parent_ids,
       (SELECT count(*) FROM membership_roles mr WHERE mr.role_id = r.id) AS members
FROM roles r ORDER BY lower(r.name)
"""


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role. `permissions` are its own, `effective` with what it inherits; a built-in role cannot be changed."""

    id: UUID
    name: str
    description: str
    permissions: list[str]
    effective: list[str]
    parent_ids: list[UUID]
    parents: list[str]
    members: int
    built_in: bool
    version: int


@dataclass(frozen=True, slots=True)
class SuggestedRole:
    """A template that a tenant may add."""

    name: str
    description: str
    permissions: list[str]
    inherits_from: list[str]


@door.query(Permission.TENANT_VIEW)
async def list_roles(session: Session) -> list[RoleView]:
    """Every role of the tenant by name."""
    return await _views(session)


@door.query(Permission.TENANT_VIEW, of="roles")
async def get_role(session: Session, role_id: UUID) -> RoleView:
    """One role."""
    return await _one(session, role_id)


@door.query(Permission.TENANT_VIEW)
async def suggested_roles(session: Session) -> list[SuggestedRole]:
    """Templates whose name no role of the tenant has yet."""
    names = {row["name"] for row in await session.fetch("SELECT name FROM roles")}
    return [
        SuggestedRole(r.name, r.description, sorted(r.permissions), list(r.inherits_from))
        for r in SUGGESTED_ROLES
        if r.name not in names
    ]


def save_role(
    actor: Actor | None,
    id: UUID | None,
    name: str,
    description: str,
    permissions: Sequence[str],
    parent_ids: Sequence[UUID] = (),
    expected_version: int | None = None,
) -> Awaitable[RoleView]:
    """Add a role when `id` is None, else change it."""
    if id is None:
        return add_role(actor, name, description, permissions, parent_ids)
    return change_role(actor, id, name, description, permissions, parent_ids, expected_version)


@door.command(Permission.ROLES_MANAGE)
async def add_role(
    session: Session, name: str, description: str, permissions: Sequence[str], parent_ids: Sequence[UUID] = ()
) -> RoleView:
    """Make a role of the tenant's own."""
    _must_be_sound(name, description, permissions)
    await grants.begin(session)
    role_id = uuid4()
    await session.execute(
        "INSERT INTO roles (tenant_id, id, name, description, permissions) VALUES ($1, $2, $3, $4, $5)",
        session.tenant_id,
        role_id,
        name.strip(),
        description.strip(),
        sorted(set(permissions)),
    )
    await _inherit(session, role_id, parent_ids)
    grants.may_give(session.actor, await grants.held_by(session, [role_id]))
    return await _one(session, role_id)


@door.command(Permission.ROLES_MANAGE, of="roles")
async def change_role(
    session: Session,
    role_id: UUID,
    name: str,
    description: str,
    permissions: Sequence[str],
    parent_ids: Sequence[UUID] = (),
    expected_version: int | None = None,
) -> RoleView:
    """Change a role for everybody who holds it. What it gains, the one who changes it must hold."""
    _must_be_sound(name, description, permissions)
    await grants.begin(session)
    before = await _changeable(session, role_id)
    if expected_version is not None and before.version != expected_version:
        raise Stale("role.stale", "Somebody changed this role meanwhile.", "Reload, and change it again.")
    await session.execute(
        "UPDATE roles SET name = $2, description = $3, permissions = $4, version = version + 1 WHERE id = $1",
        role_id,
        name.strip(),
        description.strip(),
        sorted(set(permissions)),
    )
    await session.execute("DELETE FROM role_parents WHERE role_id = $1", role_id)
    await _inherit(session, role_id, parent_ids)
    gained = await grants.held_by(session, [role_id]) - frozenset(before.effective)
    grants.may_give(session.actor, gained)
    return await _one(session, role_id)


@door.command(Permission.ROLES_MANAGE)
async def add_suggested_role(session: Session, name: str) -> RoleView:
    """Add a template as a role of the tenant's own; what it inherits from is found by name, as far as it is there."""
    template = next((role for role in SUGGESTED_ROLES if role.name == name), None)
    if template is None:
        raise NotFound("role.no_template", "There is no such template.", "Choose one from the list.")
    rows = await session.fetch("SELECT id FROM roles WHERE name = ANY($1)", list(template.inherits_from))
    await grants.begin(session)
    role_id = uuid4()
    await session.execute(
        "INSERT INTO roles (tenant_id, id, name, description, permissions) VALUES ($1, $2, $3, $4, $5)",
        session.tenant_id,
        role_id,
        template.name,
        template.description,
        sorted(template.permissions),
    )
    await _inherit(session, role_id, [row["id"] for row in rows])
    grants.may_give(session.actor, await grants.held_by(session, [role_id]))
    return await _one(session, role_id)


@door.command(Permission.ROLES_MANAGE, of="roles")
async def delete_role(session: Session, role_id: UUID) -> None:
    """Remove a role that nobody holds and no other role inherits from."""
    await grants.begin(session)
    role = await _changeable(session, role_id)
    heirs = await session.fetch(
        "SELECT r.name FROM role_parents p JOIN roles r ON r.id = p.role_id WHERE p.parent_id = $1 ORDER BY 1",
        role_id,
    )
    if role.members:
        raise Conflict("role.held", f"{role.members} people hold this role.", "Give them another role first.")
    if heirs:
        names = ", ".join(row["name"] for row in heirs)
        raise Conflict(
            "role.inherited", f"Other roles inherit from this one: {names}.", "Change those first."
        )
    await session.execute("DELETE FROM roles WHERE id = $1", role_id)


async def _inherit(session: Session, role_id: UUID, parent_ids: Sequence[UUID]) -> None:
    """Set the parents; refuse unknown ones and circles, naming the circle."""
    await grants.must_exist(session, parent_ids, "parent_ids")
    if role_id in parent_ids:
        raise _circle(["this role", "this role"])
    rows = [(session.tenant_id, role_id, parent_id) for parent_id in dict.fromkeys(parent_ids)]
    await session.execute_many("INSERT INTO role_parents VALUES ($1, $2, $3)", rows)
    links = await session.fetch(
        "SELECT c.name AS child, p.name AS parent FROM role_parents rp"
        " JOIN roles c ON c.id = rp.role_id JOIN roles p ON p.id = rp.parent_id"
    )
    parents: dict[str, set[str]] = {}
    for link in links:
        parents.setdefault(link["child"], set()).add(link["parent"])
    if cycle := role_cycle(parents):
        raise _circle(cycle)


def _circle(names: list[str]) -> Invalid:
    said = " inherits from ".join(names)
    error = FieldError("parent_ids", "role.circle", f"This is a circle: {said}.")
    return Invalid(
        "role.circle", f"Roles cannot inherit in a circle: {said}.", "Take one of them out.", fields=(error,)
    )


async def _changeable(session: Session, role_id: UUID) -> RoleView:
    role = await _one(session, role_id)
    if role.built_in:
        raise NotAllowed(
            "role.built_in",
            "The administrator role is built in, so that a tenant cannot lock itself out.",
            "Make a role of your own instead.",
        )
    return role


async def _one(session: Session, role_id: UUID) -> RoleView:
    return next(role for role in await _views(session) if role.id == role_id)


async def _views(session: Session) -> list[RoleView]:
    enforcer = await actors.uncommitted(session)
    rows = await session.fetch(_ROLES)
    names = {row["id"]: row["name"] for row in rows}
    return [_view(row, names, permissions_of(enforcer, [str(row["id"])])) for row in rows]


def _view(row: Any, names: dict[UUID, str], effective: frozenset[str]) -> RoleView:
    return RoleView(
        id=row["id"],
        name=row["name"],
        description=row["description"],
        permissions=sorted(effective) if row["built_in"] else list(row["permissions"]),
        effective=sorted(effective),
        parent_ids=list(row["parent_ids"]),
        parents=sorted(names[parent] for parent in row["parent_ids"]),
        members=row["members"],
        built_in=row["built_in"],
        version=row["version"],
    )


def _must_be_sound(name: str, description: str, permissions: Sequence[str]) -> None:
    errors = []
    if problem := name_problem(name):
        errors.append(FieldError("name", "name.invalid", problem))
    if len(description) > LONGEST_DESCRIPTION or "\0" in description:
        errors.append(
            FieldError("description", "description.invalid", f"Use at most {LONGEST_DESCRIPTION} characters.")
        )
    known = set(Permission)
    errors += [
        FieldError(f"permissions.{number}", "permission.unknown", "Choose a permission from the catalogue.")
        for number, permission in enumerate(permissions)
        if permission not in known
    ]
    if errors:
        raise Invalid("role.invalid", "The role is not complete.", "Mend the fields.", fields=tuple(errors))
