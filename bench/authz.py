"""A permission check with a thousand tenants of ninety policies each, beside Casbin's own `enforce` and a whole refresh at the door."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import casbin

from bench.migrating import migrated
from cli.postgres import Postgres
from database import session
from domain.tenancy import Actor
from policies.guard import PolicyCache, RoleFacts, build, permissions_of, require
from policies.permissions import Permission
from services.tenancy import actors, sign_ins

ROOT = Path(__file__).resolve().parent.parent
TENANTS = 1_000
ROLES = 6
POLICIES_A_ROLE = 15  # ninety in all
ROUNDS = 7
CHECKS = 100_000
MOST_MICROSECONDS = 5.0

_TENANT = "INSERT INTO tenants (name, subdomain, status) SELECT 'T ' || n, 'bench' || n, 'active' FROM generate_series(1, $1::int) n"
_MEMBERS = """
WITH u AS (INSERT INTO users (email, name, password_hash) VALUES ('bench@bench.example', 'Bench', '') RETURNING id),
m AS (INSERT INTO memberships (tenant_id, user_id) SELECT t.id, u.id FROM tenants t, u RETURNING tenant_id, id),
r AS (INSERT INTO roles (tenant_id, name, permissions) SELECT t.id, 'Role ' || n, $1::text[]
      FROM tenants t, generate_series(1, 6) n RETURNING tenant_id, id)
INSERT INTO membership_roles SELECT m.tenant_id, m.id, r.id FROM m JOIN r USING (tenant_id)
"""


def run() -> dict[str, Any]:
    """Medians of rounds, in microseconds; only the check itself must hold, the rest is for information."""
    random.seed(20261121)
    people = [_person() for _ in range(TENANTS)]
    wanted = [(random.choice(people)[0], random.choice(_HELD)) for _ in range(CHECKS)]
    check = _median(lambda: _checks(wanted)) / CHECKS
    with tempfile.TemporaryDirectory(prefix="caseload-bench-") as folder:
        refresh = asyncio.run(_refreshes(Path(folder)))
    figures = {
        "tenants": TENANTS,
        "policies_a_tenant": ROLES * POLICIES_A_ROLE,
        "check_us": round(check * 1e6, 3),
        "casbin_enforce_one_tenant_us": round(_enforce(people[0][1], people[0][2]) * 1e6, 1),
        "resolve_from_cache_us": round(_resolve(people) * 1e6, 1),
        "build_one_tenant_us": round(_median(lambda: build(_roles())) * 1e6, 1),
        "door_transaction_us": round(refresh["bare"] * 1e6, 1),
        "door_transaction_with_refresh_us": round(refresh["refreshed"] * 1e6, 1),
        "door_transaction_resolved_anew_us": round(refresh["anew"] * 1e6, 1),
    }
    return {
        "bench": "authz",
        "figures": figures,
        "holds": {f"check_at_most_{MOST_MICROSECONDS:g}_us": check * 1e6 <= MOST_MICROSECONDS},
    }


_HELD: list[Permission] = [
    permission for permission in Permission if permission is not Permission.USERS_MANAGE
]


def _roles() -> list[RoleFacts]:
    """Six roles in a row of inheritance, fifteen permissions each."""
    names = [str(uuid4()) for _ in range(ROLES)]
    held = [frozenset(_HELD[(n * 5 + k) % len(_HELD)] for k in range(POLICIES_A_ROLE)) for n in range(ROLES)]
    return [RoleFacts(names[n], held[n], frozenset(names[n + 1 : n + 2])) for n in range(ROLES)]


_CACHE = PolicyCache(TENANTS)


def _person() -> tuple[Actor, casbin.Enforcer, str]:
    """An actor of a tenant of its own, resolved through the guard."""
    tenant_id, roles = uuid4(), _roles()
    enforcer = build(roles)
    _CACHE.put(tenant_id, 1, enforcer)
    held = permissions_of(enforcer, [roles[0].id])
    return Actor(tenant_id, uuid4(), "person", "Bench", held, 1), enforcer, roles[0].id


def _checks(wanted: Sequence[tuple[Actor, Permission]]) -> None:
    for actor, permission in wanted:
        require(actor, permission)


def _resolve(people: list[tuple[Actor, casbin.Enforcer, str]]) -> float:
    """From a tenant's id and version to a whole permission set, the enforcer being in the cache."""

    def all_of_them() -> None:
        for actor, _, role in people:
            permissions_of(_CACHE.get(actor.tenant_id, 1), [role])

    return _median(all_of_them) / len(people)


def _enforce(enforcer: casbin.Enforcer, role: str) -> float:
    """What one check would cost if Casbin were asked each time."""

    def hundred() -> None:
        for permission in _HELD * 4:
            enforcer.enforce(role, str(permission))

    return _median(hundred) / (len(_HELD) * 4)


def _median(work: Callable[[], Any]) -> float:
    """Seconds, the median of the rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


async def _refreshes(folder: Path) -> dict[str, float]:
    """Transactions at the door in a real database with as many tenants: without, with, and after a change of rights."""
    server = Postgres(folder, throwaway=True)
    await server.start()
    try:
        await migrated(server.owner_url())
        await session.start(server.app_url(), bytes(32), max_size=2)
        await _filled(server.owner_url())
        return await _transactions()
    finally:
        await session.stop()
        await server.stop()


async def _filled(owner_url: str) -> None:
    import asyncpg

    owner = await asyncpg.connect(owner_url)
    await owner.execute(_TENANT, TENANTS)
    await owner.execute(_MEMBERS, [str(permission) for permission in _HELD])
    await owner.execute("ANALYZE")
    await owner.close()


async def _transactions() -> dict[str, float]:
    async with session.platform_session() as connection:
        user_id = await connection.fetchval("SELECT id FROM users")
        tenant_ids = [row["id"] for row in await connection.fetch("SELECT id FROM tenants")]
        token, _ = await sign_ins.begin(connection, user_id)
        found = await sign_ins.find(connection, token)
    signed_in = {t: await _actor(t, user_id, str(found.id)) for t in random.sample(tenant_ids, 200)}
    outdated = [Actor(a.tenant_id, a.user_id, "person", sign_in=a.sign_in) for a in signed_in.values()]
    taken: dict[str, list[float]] = {"bare": [], "refreshed": [], "anew": []}
    for _ in range(ROUNDS):
        taken["bare"].append(await _each(list(signed_in.values()), refresh=False))
        taken["refreshed"].append(await _each(list(signed_in.values()), refresh=True))
        taken["anew"].append(await _each(outdated, refresh=True))
    return {name: median(seconds) for name, seconds in taken.items()}


async def _actor(tenant_id: UUID, user_id: UUID, sign_in: str) -> Actor:
    async with session.tenant_session(Actor(tenant_id, user_id, "person")) as opened:
        return await actors.person(opened, user_id, sign_in)


async def _each(people: list[Actor], *, refresh: bool) -> float:
    """Seconds of one transaction."""
    began = time.perf_counter()
    for actor in people:
        async with session.tenant_session(actor) as opened:
            if refresh:
                await actors.refreshed(opened, actor)
            else:
                await opened.value("SELECT 1")
    return (time.perf_counter() - began) / len(people)
