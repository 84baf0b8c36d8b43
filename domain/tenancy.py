"""Who acts, for which tenant, and with what: the facts that every room passes along explicitly."""

import re
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

ActorKind = Literal["person", "token", "workflow", "platform"]

SUBDOMAIN = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
RESERVED_SUBDOMAINS = frozenset(
    {"admin", "api", "app", "docs", "mail", "platform", "static", "status", "www"}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or a workflow) inside one tenant, with the permission set resolved at `policy_version`.

    Passed explicitly, never found in a context variable: click handlers and activities do not run in a request's context.
    """

    tenant_id: UUID
    user_id: UUID | None
    kind: ActorKind
    name: str = ""
    permissions: frozenset[str] = field(default=frozenset())
    policy_version: int = 0
    sign_in: str = ""  # hash of the sign-in, hexadecimal; empty for tokens and workflows
    time_zone: str = "America/New_York"

    def may(self, permission: str) -> bool:
        """Whether the actor holds the permission. A set look-up: the guard resolved the roles before."""
        return permission in self.permissions


def workflow_actor(tenant_id: UUID, workflow: str) -> Actor:
    """The actor of activities: no person, and no permissions, because services are not theirs to call."""
    return Actor(tenant_id=tenant_id, user_id=None, kind="workflow", name=workflow)


def subdomain_problem(subdomain: str) -> str:
    """Why a subdomain cannot be used, or an empty string."""
    if not SUBDOMAIN.fullmatch(subdomain):
        return "Use 3 to 40 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen."
    if subdomain in RESERVED_SUBDOMAINS:
        return "This address is kept for the platform. Choose another."
    return ""


def role_cycle(parents: dict[str, set[str]]) -> list[str]:
    """A cycle in role inheritance as a list of role names, first repeated last; empty when there is none."""
    done: set[str] = set()

    def walk(role: str, path: list[str]) -> list[str]:
        if role in path:
            return [*path[path.index(role) :], role]
        if role in done:
            return []
        for parent in sorted(parents.get(role, ())):
            if found := walk(parent, [*path, role]):
                return found
        done.add(role)
        return []

    for role in sorted(parents):
        if found := walk(role, []):
            return found
    return []
