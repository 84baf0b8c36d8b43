"""Registration of a new tenant: checked, stored once per request key, and handed to the onboarding workflow."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from activities import courier
from activities.tenancy import connection
from activities.tenancy import onboarding as steps
from database.session import platform_session, tenant_session
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.tenancy import (
    ONBOARDING_STEPS,
    PLANS,
    TENANT_KINDS,
    Actor,
    email_problem,
    name_problem,
    password_problem,
    subdomain_problem,
)
from integrations import passwords
from services import door

STEPS = (
    steps.reserve_address,
    steps.make_data_key,
    steps.seed_roles,
    steps.add_first_admin,
    steps.set_plan,
    steps.open_billing,
    connection.make_first_connection,
    steps.open_doors,
)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of onboarding: `state` is done, running, waiting or failed."""

    key: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """How far a registration is. `status`: requested, provisioning, ready or failed with a `reason` in plain words."""

    id: UUID
    company: str
    subdomain: str
    plan: str
    kind: str
    status: str
    reason: str
    tenant_id: UUID
    steps: list[StepView]
    requested_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A registration as asked, folded."""

    request_key: str
    company: str
    subdomain: str
    plan: str
    kind: str
    admin_email: str
    admin_name: str
    password: str = field(repr=False)


@door.public("whoever registers is nobody yet")
async def register(
    request_key: str,
    company: str,
    subdomain: str,
    plan: str,
    kind: str,
    admin_email: str,
    admin_name: str,
    password: str,
) -> RegistrationView:
    """Register a tenant. The same key with the same content gives the same answer; with other content, Conflict."""
    wanted = _folded(request_key, company, subdomain, plan, kind, admin_email, admin_name, password)
    return await _register(wanted, in_workflow=True)


@door.public("the command line makes tenants where no workflow may be waited for")
async def found(
    request_key: str,
    company: str,
    subdomain: str,
    plan: str,
    kind: str,
    admin_email: str,
    admin_name: str,
    password: str,
) -> RegistrationView:
    """Register a tenant and take every step of onboarding here and now; a second call goes on where one stopped.

    Needs `activities.ports.install`. Does not undo: what fails is raised and may be called again.
    """
    wanted = _folded(request_key, company, subdomain, plan, kind, admin_email, admin_name, password)
    registered = await _register(wanted, in_workflow=False)
    if registered.status != "ready":
        for step in STEPS:
            await step(steps.Onboarding(registered.tenant_id, registered.id))
    return await registration(registered.id)


@door.public("the progress page is shown before there is anybody to sign in")
async def registration(id: UUID) -> RegistrationView:
    """How far a registration is, or NotFound. Shows nothing of the person who registered."""
    async with platform_session() as connection:
        row = await connection.fetchrow("SELECT * FROM registrations WHERE id = $1", id)
    if row is None:
        raise NotFound("registration.unknown", "There is no such registration.", "Register again.")
    return _view(row)


async def _register(wanted: _Wanted, *, in_workflow: bool) -> RegistrationView:
    if errors := tuple(_errors(wanted)):
        raise Invalid(
            "registration.invalid", "The registration is not complete.", "Mend the fields.", fields=errors
        )
    if earlier := await _earlier(wanted):
        return earlier
    password_hash = await passwords.hashed(wanted.password)
    try:
        return await _store(wanted, password_hash, in_workflow)
    except asyncpg.UniqueViolationError as error:
        # Somebody took the address, or this very request came twice at once and the other was first.
        if "request_key" in (error.constraint_name or "") and (earlier := await _earlier(wanted)):
            return earlier
        raise _address_taken() from error


async def _store(wanted: _Wanted, password_hash: str, in_workflow: bool) -> RegistrationView:
    """Registration, tenant row (which holds the subdomain) and the message that starts the workflow: one transaction."""
    actor = Actor(uuid4(), None, "platform", "registration")
    async with tenant_session(actor) as session:
        row = await session.row(
            "INSERT INTO registrations (request_key, company, subdomain, plan, kind, admin_email, admin_name,"
            " password_hash, tenant_id_made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
            wanted.request_key,
            wanted.company,
            wanted.subdomain,
            wanted.plan,
            wanted.kind,
            wanted.admin_email,
            wanted.admin_name,
            password_hash,
            actor.tenant_id,
        )
        await session.execute(
            "INSERT INTO tenants (id, name, subdomain, plan, kind) VALUES ($1, $2, $3, $4, $5)",
            actor.tenant_id,
            wanted.company,
            wanted.subdomain,
            wanted.plan,
            wanted.kind,
        )
        await session.audit("tenancy.registration.register", "registrations", row["id"])
        if in_workflow:
            await session.tell(
                "start",
                f"{actor.tenant_id}/onboarding/{row['id']}",
                "",
                {"tenant_id": actor.tenant_id, "registration_id": row["id"]},
                workflow=steps.WORKFLOW,
            )
    await courier.deliver(actor.tenant_id, session.messages)
    return _view(row)


async def _earlier(wanted: _Wanted) -> RegistrationView | None:
    """The registration that this request key has made already."""
    async with platform_session() as connection:
        row = await connection.fetchrow(
            "SELECT * FROM registrations WHERE request_key = $1", wanted.request_key
        )
    if row is None:
        return None
    asked = (
        wanted.company,
        wanted.subdomain,
        wanted.plan,
        wanted.kind,
        wanted.admin_email,
        wanted.admin_name,
    )
    kept = tuple(row[n] for n in ("company", "subdomain", "plan", "kind", "admin_email", "admin_name"))
    # The hash is forgotten once the administrator has it.
    same = not row["password_hash"] or await passwords.matches(row["password_hash"], wanted.password)
    if asked != kept or not same:
        raise Conflict(
            "request_key.reused",
            "This request was made before with other content.",
            "Send a new request key for a new registration.",
        )
    return _view(row)


def _folded(
    request_key: str,
    company: str,
    subdomain: str,
    plan: str,
    kind: str,
    admin_email: str,
    admin_name: str,
    password: str,
) -> _Wanted:
    return _Wanted(
        request_key.strip(),
        " ".join(company.split(" ")).strip(),
        subdomain.strip().lower(),
        plan,
        kind,
        admin_email.strip().lower(),
        admin_name.strip(),
        password,
    )


def _errors(wanted: _Wanted) -> Iterator[FieldError]:
    if not 8 <= len(wanted.request_key) <= 100 or not wanted.request_key.isprintable():
        yield FieldError(
            "request_key", "request_key.shape", "Send 8 to 100 characters, new for each registration."
        )
    if wanted.plan not in PLANS:
        yield FieldError("plan", "plan.unknown", f"Choose one of {', '.join(PLANS)}.")
    if wanted.kind not in TENANT_KINDS:
        yield FieldError("kind", "kind.unknown", f"Choose one of {', '.join(TENANT_KINDS)}.")
    problems = {
        "company": name_problem(wanted.company),
        "subdomain": subdomain_problem(wanted.subdomain),
        "admin_email": email_problem(wanted.admin_email),
        "admin_name": name_problem(wanted.admin_name),
        "password": password_problem(wanted.password),
    }
    for name, problem in problems.items():
        if problem:
            yield FieldError(name, f"{name}.invalid", problem)


def _address_taken() -> Conflict:
    said = FieldError("subdomain", "subdomain.taken", "This address is taken. Choose another.")
    return Conflict("subdomain.taken", "This address is taken.", "Choose another.", fields=(said,))


def _view(row: Any) -> RegistrationView:
    return RegistrationView(
        id=row["id"],
        company=row["company"],
        subdomain=row["subdomain"],
        plan=row["plan"],
        kind=row["kind"],
        status=row["status"],
        reason=row["reason"],
        tenant_id=row["tenant_id_made"],
        steps=list(_steps(row["status"], row["step"])),
        requested_at=row["requested_at"],
        finished_at=row["finished_at"],
    )


def _steps(status: str, current: str) -> Iterator[StepView]:
    keys = [key for key, _ in ONBOARDING_STEPS]
    at = len(keys) if status == "ready" else keys.index(current) if current else 0
    for number, (key, label) in enumerate(ONBOARDING_STEPS):
        here = "failed" if status == "failed" else "running"
        yield StepView(key, label, "done" if number < at else here if number == at else "waiting")
