"""The guard: Casbin resolves a tenant's roles, with inheritance, into permission sets.

A whole set is resolved once per policy version and kept on the `Actor`, so that a check is a set look-up: Casbin's own
`enforce` is linear in the policies. One tenant's policies are loaded alone, into a fresh enforcer that is then swapped in.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from uuid import UUID

import casbin

from domain.refusals import NotAllowed
from domain.tenancy import Actor
from policies.permissions import WORDS, Permission


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role of one tenant as stored: ids as text, its own permissions and the roles it inherits from."""

    id: str
    permissions: frozenset[str]
    parents: frozenset[str] = field(default=frozenset())


def build(roles: Iterable[RoleFacts]) -> casbin.Enforcer:
    """An enforcer that knows the given roles and nothing else."""
    model = casbin.Model()
    model.load_model_from_text(files("policies").joinpath("model.conf").read_text())
    enforcer = casbin.Enforcer(model)
    for role in roles:
        enforcer.add_policies([[role.id, permission] for permission in sorted(role.permissions)])
        enforcer.add_grouping_policies([[role.id, parent] for parent in sorted(role.parents)])
    return enforcer


def permissions_of(enforcer: casbin.Enforcer, role_ids: Iterable[str]) -> frozenset[str]:
    """Everything that the roles hold, inherited included; names that left the catalogue are dropped."""
    known = set(Permission)
    held = {rule[1] for role in role_ids for rule in enforcer.get_implicit_permissions_for_user(role)}
    return frozenset(str(permission) for permission in held if permission in known)


class PolicyCache:
    """Enforcers by tenant and policy version, the least recently used dropped first."""

    def __init__(self, size: int = 2000) -> None:
        self._size = size
        self._enforcers: OrderedDict[UUID, tuple[int, casbin.Enforcer]] = OrderedDict()

    def get(self, tenant_id: UUID, version: int) -> casbin.Enforcer | None:
        """The enforcer built at this very version, or None: an older one is never an answer."""
        entry = self._enforcers.get(tenant_id)
        if entry is None or entry[0] != version:
            return None
        self._enforcers.move_to_end(tenant_id)
        return entry[1]

    def put(self, tenant_id: UUID, version: int, enforcer: casbin.Enforcer) -> None:
        """Swap in an enforcer that was built aside."""
        self._enforcers[tenant_id] = (version, enforcer)
        self._enforcers.move_to_end(tenant_id)
        while len(self._enforcers) > self._size:
            self._enforcers.popitem(last=False)


def require(actor: Actor, permission: Permission) -> None:
    """Pass, or refuse with the permission named in words so that the person can ask their admin for it."""
    if permission not in actor.permissions:
        raise NotAllowed(
            "permission.missing",
            f"Your roles do not allow this: {WORDS[permission].lower()}.",
            f"Ask an administrator of your tenant for a role that holds {permission}.",
        )
