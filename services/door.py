"""The first gate: may this actor do this?

Every public coroutine in `services` is declared here with the permission it needs. Order of refusal: 401 not signed in,
403 no membership in this tenant, 404 not yours or not there, 403 not allowed, 409 or 422 refused by the domain.
Then one transaction, one audit row, and delivery of what the command tells its workflow. A denial is audited too.
"""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import asyncpg

from activities import courier
from database.session import Session, tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotAMember, NotFound, NotSignedIn, Refusal
from domain.tenancy import Actor
from policies.guard import require
from policies.permissions import Permission
from services.tenancy.actors import refreshed

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V")
Service = Callable[Concatenate[Session, P], Awaitable[R]]
Asked = Callable[Concatenate[Actor | None, P], Awaitable[R]]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a service says of itself: `permission` None means that being a member is enough."""

    name: str
    permission: Permission | None
    kind: str  # command, query or public
    of: str = ""
    phi: bool = False
    reason: str = ""


DECLARED: dict[str, Declaration] = {}


def command(permission: Permission | None, *, of: str = "") -> Callable[[Service[P, R]], Asked[P, R]]:
    """Declare a service that changes something. `of` names the table whose id is the first argument: 404 when absent."""
    return functools.partial(_declare, permission, "command", of, False)


def query(
    permission: Permission | None, *, of: str = "", phi: bool = False
) -> Callable[[Service[P, R]], Asked[P, R]]:
    """Declare a read. With `phi` every call leaves an audit row."""
    return functools.partial(_declare, permission, "query", of, phi)


def answering(
    permission: Permission | None, answer: Callable[[Session, UUID], Awaitable[V]], *, of: str = ""
) -> Callable[[Service[P, UUID]], Asked[P, V]]:
    """Declare a command that returns the id of what it changed. The answer is read once its workflow has been told, so
    that whoever asked sees the step taken."""

    def declare(service: Service[P, UUID]) -> Asked[P, V]:
        declaration = Declaration(_name(service), permission, "command", of)
        command = _declare_as(declaration, service)

        @functools.wraps(service)
        async def asked(actor: Actor | None, /, *args: P.args, **kwargs: P.kwargs) -> V:
            identifier = await command(actor, *args, **kwargs)
            assert actor is not None  # the command has refused nobody
            async with tenant_session(actor) as session:
                return await answer(session, identifier)

        return cast(Asked[P, V], _registered(declaration, asked))

    return declare


def bulk(
    permission: Permission, *, of: str = ""
) -> Callable[[Callable[Concatenate[Actor, P], Awaitable[R]]], Asked[P, R]]:
    """Declare a service that works through other services: one for each row, or before and after a wait for somebody
    else's server, which must not happen inside a transaction. Checked once here; each of them is its own command."""

    def declare(service: Callable[Concatenate[Actor, P], Awaitable[R]]) -> Asked[P, R]:
        declaration = Declaration(_name(service), permission, "command", of)

        async def check(session: Session, *args: Any, **kwargs: Any) -> Actor:
            return session.actor

        @functools.wraps(service)
        async def asked(actor: Actor | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
            checked = await _declare_as(declaration, check)(actor, *args, **kwargs)
            return await service(checked, *args, **kwargs)

        return cast(Asked[P, R], _registered(declaration, asked))

    return declare


def also(session: Session, permission: Permission) -> None:
    """Require a second permission inside a service, for an option that does more than the service itself."""
    require(session.actor, permission)


def public(reason: str) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Declare a service that nobody needs to be signed in for, with the reason. It opens its own session."""

    def declare(service: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        name = _name(service)
        DECLARED[name] = Declaration(name, None, "public", reason=reason)
        service.declaration = DECLARED[name]  # type: ignore[attr-defined]
        return service

    return declare


def _name(service: Callable[..., Any]) -> str:
    return f"{service.__module__.removeprefix('services.')}.{service.__name__}"


def _declare(
    permission: Permission | None, kind: str, of: str, phi: bool, service: Service[P, R]
) -> Asked[P, R]:
    declaration = Declaration(_name(service), permission, kind, of, phi)
    return cast(Asked[P, R], _registered(declaration, _declare_as(declaration, service)))


def _registered(declaration: Declaration, asked: Any) -> Any:
    DECLARED[declaration.name] = declaration
    asked.declaration = declaration
    return asked


def _declare_as(declaration: Declaration, service: Service[P, R]) -> Asked[P, R]:
    @functools.wraps(service)
    async def asked(actor: Actor | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if actor is None:
            raise NotSignedIn("sign_in.required", "Nobody is signed in.", "Sign in and try again.")
        subject = _subject(declaration, args, kwargs)
        try:
            result, session = await _in_session(declaration, service, actor, subject, args, kwargs)
        except (NotAllowed, NotFound, NotAMember) as refusal:
            await _audit_denial(declaration, actor, subject, refusal)
            raise
        except asyncpg.PostgresError as error:
            raise refusal_for(error) from error
        await _tell_workflows(session)
        return result

    return asked


def _subject(declaration: Declaration, args: Any, kwargs: Any) -> Any:
    """The id that a service with `of` is about: its first argument, however it was given."""
    if not declaration.of:
        return ""
    return args[0] if args else next(iter(kwargs.values()), "")


async def _in_session(
    declaration: Declaration,
    service: Callable[..., Awaitable[R]],
    actor: Actor,
    subject: Any,
    args: Any,
    kwargs: Any,
) -> tuple[R, Session]:
    async with tenant_session(actor) as session:
        session.actor = await refreshed(session, actor, active=declaration.kind == "command")
        if declaration.of:
            await _must_be_there(session, declaration.of, subject)
        if declaration.permission is not None:
            require(session.actor, declaration.permission)
        result = await service(session, *args, **kwargs)
        if declaration.kind == "command" or declaration.phi:
            about = subject or (result if isinstance(result, UUID) else getattr(result, "id", "")) or ""
            await session.audit(declaration.name, declaration.of, about, phi=declaration.phi)
    return result, session


async def _must_be_there(session: Session, table: str, identifier: Any) -> None:
    """`table` comes from a declaration in the source, never from a request."""
    there = isinstance(identifier, UUID) and await session.value(
        f"SELECT 1 FROM {table} WHERE id = $1", identifier
    )
    if not there:
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Check the address, and that you are in the right tenant.",
        )


async def _audit_denial(declaration: Declaration, actor: Actor, subject: Any, refusal: Refusal) -> None:
    """In a transaction of its own: the command's was rolled back."""
    async with tenant_session(actor) as session:
        await session.audit(
            declaration.name, declaration.of, subject, outcome="refused", detail={"code": refusal.code}
        )


async def _tell_workflows(session: Session) -> None:
    refusals = await courier.deliver(session.tenant_id, session.messages)
    if refusals:
        raise Conflict(refusals[0].code, refusals[0].reason, "Reload to see where the process stands now.")


def refusal_for(error: asyncpg.PostgresError) -> Exception:
    """What PostgreSQL refused, in words; an error that is nobody's input stays what it is."""
    constraint = getattr(error, "constraint_name", "") or ""
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict(
            "already_there", "There is one like this already.", f"Change what must be unique ({constraint})."
        )
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return Invalid(
            "refers_to_nothing",
            "This refers to something that is not there.",
            f"Check the ids ({constraint}).",
        )
    if isinstance(error, asyncpg.CheckViolationError | asyncpg.DataError | asyncpg.NotNullViolationError):
        return Invalid(
            "value_refused", "A value is outside what is allowed.", f"Check the values ({constraint})."
        )
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return Conflict(
            "somebody_was_faster", "Somebody changed the same thing at the same moment.", "Try again."
        )
    return error
