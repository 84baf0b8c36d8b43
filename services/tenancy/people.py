"""The people of a tenant: who they are, which roles they hold, how they come and go."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Conflict, FieldError, Invalid
from domain.tenancy import LONGEST_NAME, email_problem, name_problem, password_problem
from integrations import passwords
from policies.guard import require
from policies.permissions import Permission
from services import door
from services.tenancy import grants, sign_ins

_PEOPLE = """
SELECT m.id, m.user_id, u.name, u.email, m.job_title, m.status, m.created_at,
       array(SELECT r.id FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
             WHERE mr.membership_id = m.id ORDER BY r.name) AS role_ids,
       array(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
             WHERE mr.membership_id = m.id ORDER BY r.name) AS role_names
FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role that somebody holds."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """A membership and its person. `id` is the membership's; `status` is invited, active or ended."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    job_title: str
    status: str
    roles: list[RoleName]
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the inviting person hands over, shown once: a first `password` for a new account, or a `code` that
    somebody who has an account already enters after signing in. One of the two is empty."""

    id: UUID
    person: PersonView
    password: str
    code: str


@door.query(Permission.USERS_MANAGE)
async def list_people(
    session: Session, text: str = "", cursor: str | None = None, limit: int = PAGE, *, ended: bool = False
) -> Page[PersonView]:
    """People by name; `text` finds in name and e-mail, `ended` shows those who left instead."""
    size = page_size(limit)
    name, identifier = decode_cursor(cursor, 2) if cursor else ("", str(UUID(int=0)))
    rows = await session.fetch(
        f"{_PEOPLE} AND (m.status = 'ended') = $1 AND (lower(u.name), m.id) > ($2, $3)"
        " AND ($4 = '' OR position(lower($4) IN lower(u.name)) > 0 OR position(lower($4) IN u.email) > 0)"
        " ORDER BY lower(u.name), m.id LIMIT $5",
        ended,
        name,
        _uuid(identifier),
        text.strip(),
        size + 1,
    )
    people = [_view(row) for row in rows[:size]]
    more = len(rows) > size
    return Page(people, encode_cursor(people[-1].name.lower(), people[-1].id) if more else None)


@door.query(Permission.USERS_MANAGE, of="memberships")
async def get_person(session: Session, membership_id: UUID) -> PersonView:
    """One person of the tenant."""
    return await _one(session, membership_id)


@door.command(Permission.USERS_MANAGE)
async def invite(
    session: Session,
    email: str,
    name: str,
    job_title: str = "",
    role_ids: Sequence[UUID] = (),
    password: str = "",
) -> Invitation:
    """Bring a person in. A new account is active at once with the given or a generated password; whoever has an
    account keeps it and joins with a code, because knowing an e-mail does not prove to be its owner."""
    folded = email.strip().lower()
    _must_be_sound(folded, name, job_title, password)
    await grants.begin(session)
    await _room_in_plan(session)
    await _may_grant(session, role_ids)
    user_id = await session.value("SELECT id FROM users WHERE email = $1", folded)
    code = secrets.token_urlsafe(24) if user_id else ""
    first = "" if user_id else password or secrets.token_urlsafe(12)
    if user_id is None:
        user_id = await _new_user(session, folded, name.strip(), first)
    membership_id = await _join(session, user_id, job_title, code)
    await _replace_roles(session, membership_id, role_ids)
    return Invitation(membership_id, await _one(session, membership_id), first, code)


@door.command(Permission.ROLES_MANAGE, of="memberships")
async def set_roles(session: Session, membership_id: UUID, role_ids: Sequence[UUID]) -> PersonView:
    """Give a person exactly these roles. Their tokens are exchanged, their open pages see it at the next click."""
    await grants.begin(session)
    await grants.must_exist(session, role_ids)
    before = await session.fetch(
        "SELECT role_id FROM membership_roles WHERE membership_id = $1", membership_id
    )
    held = await grants.held_by(session, [row["role_id"] for row in before])
    grants.may_give(session.actor, await grants.held_by(session, role_ids) - held)
    await _replace_roles(session, membership_id, role_ids)
    await grants.admin_remains(session)
    person = await _one(session, membership_id)
    await sign_ins.rights_changed(session, person.user_id)
    return person


@door.command(Permission.USERS_MANAGE, of="memberships")
async def end_membership(session: Session, membership_id: UUID) -> PersonView:
    """Take a person out of the tenant; account, history and other tenants stay. Their tokens stop working."""
    await grants.begin(session)
    await session.execute(
        "UPDATE memberships SET status = 'ended', invitation_hash = NULL WHERE id = $1 AND tenant_id = current_tenant()",
        membership_id,
    )
    await _replace_roles(session, membership_id, ())
    await grants.admin_remains(session)
    person = await _one(session, membership_id)
    await session.execute(
        "UPDATE api_tokens SET revoked_at = now() WHERE created_by = $1 AND revoked_at IS NULL",
        person.user_id,
    )
    await sign_ins.rights_changed(session, person.user_id)
    return person


async def _may_grant(session: Session, role_ids: Sequence[UUID]) -> None:
    if role_ids:
        require(session.actor, Permission.ROLES_MANAGE)
        await grants.must_exist(session, role_ids)
        grants.may_give(session.actor, await grants.held_by(session, role_ids))


async def _new_user(session: Session, email: str, name: str, password: str) -> UUID:
    identifier: UUID = await session.value(
        "INSERT INTO users (email, name, password_hash) VALUES ($1, $2, $3) RETURNING id",
        email,
        name,
        await passwords.hashed(password),
    )
    return identifier


async def _join(session: Session, user_id: UUID, job_title: str, code: str) -> UUID:
    """A new membership, or one that had ended or was never accepted, begun again."""
    identifier: UUID | None = await session.value(
        "INSERT INTO memberships (tenant_id, user_id, status, invitation_hash, job_title) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, user_id) DO UPDATE SET status = excluded.status, job_title = excluded.job_title,"
        " invitation_hash = excluded.invitation_hash WHERE memberships.status <> 'active' RETURNING id",
        session.tenant_id,
        user_id,
        "invited" if code else "active",
        sign_ins.fingerprint(code) if code else None,
        job_title.strip(),
    )
    if identifier is None:
        said = FieldError("email", "person.already_here", "This person works here already.")
        raise Conflict(
            "person.already_here",
            "This person works here already.",
            "Change their roles instead.",
            fields=(said,),
        )
    return identifier


async def _replace_roles(session: Session, membership_id: UUID, role_ids: Sequence[UUID]) -> None:
    await session.execute("DELETE FROM membership_roles WHERE membership_id = $1", membership_id)
    rows = [(session.tenant_id, membership_id, role_id) for role_id in dict.fromkeys(role_ids)]
    await session.execute_many("INSERT INTO membership_roles VALUES ($1, $2, $3)", rows)


async def _room_in_plan(session: Session) -> None:
    row = await session.row(
        "SELECT (settings #>> '{plan,people}')::int AS most,"
        " (SELECT count(*) FROM memberships WHERE tenant_id = t.id AND status <> 'ended') AS there"
        " FROM tenants t WHERE id = current_tenant()"
    )
    if row["most"] is not None and row["there"] >= row["most"]:
        raise Conflict(
            "plan.people_full",
            f"Your plan has room for {row['most']} people, and all places are taken.",
            "End a membership that is no longer needed, or move to a larger plan.",
        )


async def _one(session: Session, membership_id: UUID) -> PersonView:
    return _view(await session.row(f"{_PEOPLE} AND m.id = $1", membership_id))


def _must_be_sound(email: str, name: str, job_title: str, password: str) -> None:
    problems = {
        "email": email_problem(email),
        "name": name_problem(name),
        "job_title": ""
        if len(job_title) <= LONGEST_NAME and job_title.isprintable()
        else "Use fewer, plain characters.",
        "password": password_problem(password) if password else "",
    }
    errors = tuple(FieldError(n, f"{n}.invalid", problem) for n, problem in problems.items() if problem)
    if errors:
        raise Invalid("person.invalid", "The invitation is not complete.", "Mend the fields.", fields=errors)


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None


def _view(row: Any) -> PersonView:
    return PersonView(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        email=row["email"],
        job_title=row["job_title"],
        status=row["status"],
        roles=[RoleName(i, n) for i, n in zip(row["role_ids"], row["role_names"], strict=True)],
        joined_at=row["created_at"],
    )
