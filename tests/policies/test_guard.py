"""The guard: a tenant's roles become one permission set, and nothing else."""

import itertools
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import NotAllowed
from domain.tenancy import Actor, role_cycle
from policies.default_roles import DEFAULT_ROLES, TENANT_ADMIN
from policies.guard import PolicyCache, RoleFacts, build, permissions_of, require
from policies.permissions import WORDS, Permission

NAMES = [str(permission) for permission in Permission]


def _reached(roles: dict[str, RoleFacts], start: str) -> frozenset[str]:
    """What a role holds, by walking: the yardstick for Casbin."""
    seen: set[str] = set()
    waiting = [start]
    held: set[str] = set()
    while waiting:
        role = waiting.pop()
        if role not in seen:
            seen.add(role)
            held |= roles[role].permissions
            waiting += roles[role].parents
    return frozenset(held)


@st.composite
def _hierarchies(draw: st.DrawFn) -> dict[str, RoleFacts]:
    """Up to eight roles; each may inherit from any before it, so there is no circle."""
    roles: dict[str, RoleFacts] = {}
    for number in range(draw(st.integers(1, 8))):
        parents = draw(st.sets(st.sampled_from(sorted(roles)), max_size=3)) if roles else set()
        held = draw(st.sets(st.sampled_from(NAMES), max_size=5))
        roles[f"role-{number}"] = RoleFacts(f"role-{number}", frozenset(held), frozenset(parents))
    return roles


@given(_hierarchies())
def test_a_role_holds_its_own_and_everything_that_its_ancestors_hold(roles: dict[str, RoleFacts]) -> None:
    enforcer = build(roles.values())
    for name in roles:
        assert permissions_of(enforcer, [name]) == _reached(roles, name)


@given(_hierarchies())
def test_several_roles_hold_what_each_of_them_holds(roles: dict[str, RoleFacts]) -> None:
    enforcer = build(roles.values())
    together = frozenset(itertools.chain.from_iterable(_reached(roles, name) for name in roles))
    assert permissions_of(enforcer, roles) == together


def test_no_roles_hold_nothing() -> None:
    assert permissions_of(build([]), []) == frozenset()


def test_a_permission_that_left_the_catalogue_is_dropped() -> None:
    enforcer = build([RoleFacts("r", frozenset({"claims.view", "claims.gone"}))])
    assert permissions_of(enforcer, ["r"]) == {"claims.view"}


def test_a_role_of_another_tenant_is_unknown_to_this_ones_enforcer() -> None:
    ours = build([RoleFacts("ours", frozenset({"claims.view"}))])
    build([RoleFacts("theirs", frozenset({"users.manage"}))])
    assert permissions_of(ours, ["theirs"]) == frozenset()


def test_require_passes_what_is_held_and_names_what_is_not() -> None:
    actor = Actor(uuid4(), uuid4(), "person", permissions=frozenset({"claims.view"}))
    require(actor, Permission.CLAIMS_VIEW)
    with pytest.raises(NotAllowed) as refused:
        require(actor, Permission.CLAIMS_SUBMIT)
    assert WORDS[Permission.CLAIMS_SUBMIT].lower() in refused.value.title
    assert "claims.submit" in refused.value.what_to_do


def test_the_cache_answers_only_for_the_very_version() -> None:
    cache, tenant = PolicyCache(), uuid4()
    old, new = build([]), build([])
    cache.put(tenant, 1, old)
    assert cache.get(tenant, 1) is old
    assert cache.get(tenant, 2) is None
    cache.put(tenant, 2, new)
    assert cache.get(tenant, 1) is None
    assert cache.get(tenant, 2) is new


def test_the_cache_drops_the_tenant_that_was_not_asked_for_longest() -> None:
    cache, tenants = PolicyCache(size=2), [uuid4() for _ in range(3)]
    for tenant in tenants[:2]:
        cache.put(tenant, 1, build([]))
    cache.get(tenants[0], 1)
    cache.put(tenants[2], 1, build([]))
    assert [cache.get(tenant, 1) is not None for tenant in tenants] == [True, False, True]


def test_the_default_administrator_holds_what_every_other_default_role_holds() -> None:
    facts = {
        role.name: RoleFacts(role.name, frozenset(role.permissions), frozenset(role.inherits_from))
        for role in DEFAULT_ROLES
    }
    enforcer = build(facts.values())
    everything = permissions_of(enforcer, facts)
    assert permissions_of(enforcer, [TENANT_ADMIN.name]) == everything


@pytest.mark.parametrize(
    ("parents", "cycle"),
    [
        ({}, []),
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, []),
        ({"a": {"a"}}, ["a", "a"]),
        ({"a": {"b"}, "b": {"a"}}, ["a", "b", "a"]),
        ({"x": {"a"}, "a": {"b"}, "b": {"c"}, "c": {"a"}}, ["a", "b", "c", "a"]),
    ],
)
def test_a_circle_is_found_and_named(parents: dict[str, set[str]], cycle: list[str]) -> None:
    assert role_cycle(parents) == cycle
