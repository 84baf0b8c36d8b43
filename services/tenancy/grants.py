"""Limits on giving rights: nobody grants what they do not hold, and a tenant never loses its last administrator."""

from collections.abc import Collection, Iterable
from uuid import UUID

from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid, NotAllowed
from domain.tenancy import Actor
from policies.guard import permissions_of
from policies.permissions import WORDS, Permission
from services.tenancy.actors import policies_changed, uncommitted


async def begin(session: Session) -> None:
    """Announce a change of rights. Locks the tenant's row, so that two such changes see each other's outcome."""
    await policies_changed(session)


async def must_exist(session: Session, role_ids: Collection[UUID], field: str = "role_ids") -> None:
    """Refuse ids that are not roles of this tenant."""
    rows = await session.fetch("SELECT id FROM roles WHERE id = ANY($1)", list(role_ids))
    known = {row["id"] for row in rows}
    errors = tuple(
        FieldError(f"{field}.{number}", "role.unknown", "Choose a role of this tenant.")
        for number, role_id in enumerate(role_ids)
        if role_id not in known
    )
    if errors:
        raise Invalid(
            "role.unknown", "A role is not there.", "Choose from the roles of this tenant.", fields=errors
        )


async def held_by(session: Session, role_ids: Iterable[UUID]) -> frozenset[str]:
    """Everything that these roles hold as they are stored now, inherited included."""
    return permissions_of(await uncommitted(session), [str(role_id) for role_id in role_ids])


def may_give(giver: Actor, permissions: Iterable[str]) -> None:
    """Refuse unless the giver holds every permission themselves."""
    lacking = sorted(set(permissions) - giver.permissions)
    if lacking:
        words = "; ".join(WORDS[Permission(name)].lower() for name in lacking[:3])
        raise NotAllowed(
            "grant.beyond_own",
            f"You cannot give what you do not hold yourself: {words}.",
            "Ask an administrator who holds it.",
        )


async def admin_remains(session: Session) -> None:
    """Refuse what would leave the tenant without an active administrator. To be asked after the change."""
    left = await session.value(
        "SELECT count(*) FROM memberships m JOIN membership_roles mr ON mr.membership_id = m.id"
        " JOIN roles r ON r.id = mr.role_id"
        " WHERE m.tenant_id = current_tenant() AND m.status = 'active' AND r.built_in"
    )
    if not left:
        raise Conflict(
            "admin.last",
            "This is the last administrator of the tenant.",
            "Make somebody else an administrator first.",
        )
