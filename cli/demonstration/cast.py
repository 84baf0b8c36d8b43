"""The two demo companies and the people who work there. Everybody is invented."""

from dataclasses import dataclass

from policies.permissions import Permission

PASSWORD = "harbor lights 2026"  # of every demo person, printed by `caseload up`
DENIAL_MANAGEMENT = "Denial Management Specialist"


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role that a demo company builds for itself on top of others."""

    name: str
    description: str
    permissions: tuple[Permission, ...]
    inherits_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at work. `roles` are names of roles in the company."""

    name: str
    email: str
    job_title: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """A demo tenant: its registration, its people with the administrator first, and its kind."""

    name: str
    subdomain: str
    people: tuple[Person, ...]
    kind: str = "billing"

    @property
    def admin(self) -> Person:
        """Who registered the company."""
        return self.people[0]

    def holding(self, role: str) -> tuple[Person, ...]:
        """The people who hold a role, in the order of the cast."""
        return tuple(person for person in self.people if role in person.roles)


# Names it as the product does: views claims, adds notes, starts appeals and corrections, cannot create claims.
CUSTOM_ROLE = CustomRole(
    DENIAL_MANAGEMENT,
    "Works denials: views claims, adds notes, corrects and appeals; cannot create or release claims.",
    (
        Permission.APPEALS_MANAGE,
        Permission.CLAIMS_CORRECT,
        Permission.DENIALS_WORK,
        Permission.DOCUMENTS_VIEW,
        Permission.EDI_BODY,
        Permission.NOTES_ADD,
        Permission.WORK_TAKE,
    ),
    ("View-Only",),
)

_LEAD = Person("Theo Lindqvist", "theo.lindqvist@harbor.example", "Team Lead", ("Team Lead",))

HARBOR = Company(
    "Harbor Billing Partners",
    "harbor",
    (
        Person(
            "Maya Castellanos",
            "maya.castellanos@harbor.example",
            "Director of Operations",
            ("Tenant Admin",),
        ),
        _LEAD,
        Person("Priya Raman", "priya.raman@harbor.example", "Senior Biller", ("Biller",)),
        Person("Owen Bradshaw", "owen.bradshaw@harbor.example", "Biller", ("Biller",)),
        Person("Lucia Ferreira", "lucia.ferreira@harbor.example", "Biller", ("Biller",)),
        Person("Grace Okafor", "grace.okafor@harbor.example", "Denial Specialist", (DENIAL_MANAGEMENT,)),
        Person("Daniel Yamada", "daniel.yamada@harbor.example", "Denial Specialist", (DENIAL_MANAGEMENT,)),
        Person("Ingrid Solberg", "ingrid.solberg@harbor.example", "QA Specialist", ("QA Specialist",)),
        Person("Sam Whitfield", "sam.whitfield@harbor.example", "Managing Partner", ("View-Only",)),
    ),
)
PRAIRIE = Company(
    "Prairie Revenue Services",
    "prairie",
    (
        Person("Nora Hendricks", "nora.hendricks@prairie.example", "Owner", ("Tenant Admin",)),
        _LEAD,  # works for both: switches without signing in again
        Person("Caleb Morgan", "caleb.morgan@prairie.example", "Biller", ("Biller",)),
        Person("Ruth Abernathy", "ruth.abernathy@prairie.example", "Denial Specialist", (DENIAL_MANAGEMENT,)),
    ),
)
COMPANIES = (HARBOR, PRAIRIE)


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, e-mail, subdomain) of one person for each role, for whoever tries the product."""
    first: dict[str, Person] = {}
    for person in HARBOR.people:
        first.setdefault(person.roles[0], person)
    rows = [(role, person.email, HARBOR.subdomain) for role, person in first.items()]
    return [*rows, ("Tenant Admin", PRAIRIE.admin.email, PRAIRIE.subdomain)]
