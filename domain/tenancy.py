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
EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """What a subscription gives: features, limits, API requests a minute, and the share of busy workers (fairness weight)."""

    name: str
    people: int
    connections: int
    requests_a_minute: int
    fairness_weight: float
    features: tuple[str, ...] = ()


PLANS = {
    "starter": Plan("Starter", people=25, connections=1, requests_a_minute=300, fairness_weight=1.0),
    "pro": Plan("Pro", 100, 5, 1_200, 2.0, ("custom_roles", "api_tokens")),
    "enterprise": Plan("Enterprise", 5_000, 50, 6_000, 4.0, ("custom_roles", "api_tokens", "single_sign_on")),
}
TENANT_KINDS = ("billing", "care", "clinic")

# The steps of onboarding in their order: key and what the registration page says while it runs.
ONBOARDING_STEPS = (
    ("address", "Reserving your address"),
    ("data_key", "Making your encryption key"),
    ("roles", "Setting up roles"),
    ("admin", "Making the first administrator"),
    ("plan", "Setting up your plan"),
    ("billing", "Opening your billing account"),
    ("connection", "Connecting the practice clearinghouse"),
    ("opening", "Opening the doors"),
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
    sign_in: str = ""  # id of a person's sign-in, or hash of a token in hexadecimal; empty for workflows
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


def email_problem(email: str) -> str:
    """Why a folded e-mail address cannot be one, or an empty string."""
    if len(email) > 254 or not EMAIL.fullmatch(email):
        return "Enter an e-mail address such as name@company.com."
    return ""


def password_problem(password: str) -> str:
    """Why a password is refused, or an empty string. Length counts, not classes of characters (NIST SP 800-63B)."""
    if len(password) < SHORTEST_PASSWORD:
        return f"Use at least {SHORTEST_PASSWORD} characters; a sentence is easy to remember."
    if len(password) > LONGEST_PASSWORD:
        return f"Use at most {LONGEST_PASSWORD} characters."
    if len(set(password)) < 5:
        return "Use at least five different characters."
    return ""


def name_problem(name: str) -> str:
    """Why the name of a person, company or role is refused, or an empty string."""
    if not name.strip():
        return "Enter a name."
    if len(name) > LONGEST_NAME:
        return f"Use at most {LONGEST_NAME} characters."
    if not name.isprintable():
        return "Use letters, digits and punctuation only."
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
