"""Every service is declared at the door, and every permission means something."""

import dataclasses
import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from temporalio import activity, workflow

import services
from activities.registry import ACTIVITIES
from database.session import Session
from policies.default_roles import DEFAULT_ROLES, SUGGESTED_ROLES
from policies.permissions import UNASSIGNED, WORDS, Permission
from services import door
from workflows.registry import WORKFLOWS

# Modules whose coroutines nobody asks for from outside, each with the reason.
INNER = {
    "services.door": "is the door",
    "services.live": "tells pages that something changed, without saying what",
    "services.idempotency": "keeps answers for the API; takes an actor and checks nothing more",
    "services.admin.request": "reads the body of a request that the gate has admitted",
    "services.clientele.records": "takes tables, which pages and routes cannot import",
    "services.edi.schedules": "keeps a loop of the worker",
    "services.tenancy.credentials": "is the inside of signing in",
}


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _coroutines() -> dict[str, Callable[..., Any]]:
    """Public coroutines by name, where they are defined."""
    found = {}
    for module in _modules(services):
        for name, value in vars(module).items():
            here = getattr(value, "__module__", "") == module.__name__
            if here and not name.startswith("_") and inspect.iscoroutinefunction(inspect.unwrap(value)):
                found[f"{module.__name__}.{name}"] = value
    return found


def _needs_an_open_transaction(service: Callable[..., Any]) -> bool:
    """Whether only another service can call it: pages and routes cannot open a session or hold a connection."""
    first = next(iter(inspect.signature(service).parameters.values()), None)
    return first is not None and (first.annotation is Session or first.name in ("session", "connection"))


def _undeclared() -> list[str]:
    return sorted(
        name
        for name, service in _coroutines().items()
        if not hasattr(service, "declaration")
        and not _needs_an_open_transaction(service)
        and name.rsplit(".", 1)[0] not in INNER
    )


def test_every_public_coroutine_is_declared_or_needs_an_open_transaction() -> None:
    assert _undeclared() == []


def test_every_declared_service_takes_the_session_that_the_door_opens_or_the_actor_that_it_checked() -> None:
    first = {
        name: next(iter(inspect.signature(inspect.unwrap(service)).parameters))
        for name, service in _coroutines().items()
        if getattr(service, "declaration", None) and service.declaration.kind != "public"
    }
    assert {name for name, given in first.items() if given not in ("session", "actor")} == set()


def test_every_permission_that_a_service_names_exists_and_none_is_text() -> None:
    list(_modules(services))
    named = {d.permission for d in door.DECLARED.values() if d.permission is not None}
    assert named <= set(Permission)
    assert all(isinstance(permission, Permission) for permission in named)


def test_every_public_service_says_why() -> None:
    list(_modules(services))
    assert [d.name for d in door.DECLARED.values() if d.kind == "public" and not d.reason] == []


@pytest.mark.parametrize("kind", ["command", "query"])
async def test_every_service_refuses_somebody_who_is_not_signed_in(kind: str) -> None:
    asked = [
        s for s in _coroutines().values() if getattr(s, "declaration", None) and s.declaration.kind == kind
    ]
    assert asked
    for service in asked:
        with pytest.raises(door.NotSignedIn):
            await service(None)


def test_every_permission_is_held_by_a_default_role_or_left_out_for_a_reason() -> None:
    held = {permission for role in DEFAULT_ROLES for permission in role.permissions}
    assert set(Permission) - held == set(UNASSIGNED)
    assert all(UNASSIGNED.values())


def test_every_permission_is_said_in_words_and_named_by_the_rule() -> None:
    assert set(WORDS) == set(Permission)
    assert [p.name for p in Permission] == sorted(p.name for p in Permission)
    assert all(p.name == p.value.replace(".", "_").upper() for p in Permission)


def test_default_and_suggested_roles_inherit_from_roles_that_are_seeded_before_them() -> None:
    seen: set[str] = set()
    for role in (*DEFAULT_ROLES, *SUGGESTED_ROLES):
        assert set(role.inherits_from) <= seen, role.name
        seen.add(role.name)


def _inputs() -> Iterator[tuple[str, Any]]:
    for queue in ACTIVITIES.values():
        for one in queue:
            definition = activity._Definition.must_from_callable(one)
            yield definition.name or "", (definition.arg_types or [None])[0]
    for queue in WORKFLOWS.values():
        for flow in queue:
            definition = workflow._Definition.must_from_class(flow)
            yield definition.name or "", (definition.arg_types or [None])[0]


@pytest.mark.parametrize(("name", "given"), sorted(_inputs(), key=lambda pair: pair[0]))
def test_every_workflow_and_activity_is_given_one_dataclass_that_starts_with_the_tenant(
    name: str, given: Any
) -> None:
    assert dataclasses.is_dataclass(given), f"{name} takes {given}"
    first = dataclasses.fields(given)[0]
    assert first.name == "tenant_id", name
    assert typing.get_type_hints(given)["tenant_id"] in (UUID, str), name


def test_every_registered_activity_and_workflow_has_a_name_of_its_own() -> None:
    names = [name for name, _ in _inputs()]
    assert len(names) == len(set(names))
