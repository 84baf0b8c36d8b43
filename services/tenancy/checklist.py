"""The onboarding checklist: the way to the first accepted claim, derived from what is there; nothing is ticked by hand."""

from dataclasses import dataclass

from database.session import Session
from policies.permissions import Permission
from services import door

_FACTS = """
SELECT EXISTS (SELECT 1 FROM connections WHERE active) AS connection,
       EXISTS (SELECT 1 FROM clients WHERE active) AS client,
       EXISTS (SELECT 1 FROM providers WHERE active) AS provider,
       EXISTS (SELECT 1 FROM payers WHERE active) AS payer,
       EXISTS (SELECT 1 FROM coverages) AS patient,
       EXISTS (SELECT 1 FROM claims) AS claim,
       EXISTS (SELECT 1 FROM acknowledgements WHERE kind = '277CA' AND verdict = 'accepted') AS accepted
"""
# Key, title, hint and where it is done.
_STEPS = (
    (
        "connection",
        "Connect a clearinghouse",
        "Files travel through it; the practice one answers like a real one.",
        "/connections",
    ),
    ("client", "Add a client", "The practice that you bill for: name, NPI, tax id, address.", "/clients"),
    ("provider", "Add a provider", "Who treats the patients, with an NPI of their own.", "/providers"),
    (
        "payer",
        "Add a payer",
        "With its payer id; claims go through its own connection, or through the first one.",
        "/payers",
    ),
    (
        "patient",
        "Add a patient with a coverage",
        "Demographics and the member id; both are encrypted.",
        "/patients",
    ),
    (
        "claim",
        "Create a first claim",
        "It is checked as you go; what is missing is shown at its field.",
        "/claims/new",
    ),
    ("accepted", "See it accepted", "The payer's 277CA brings its claim control number.", "/claims"),
)


@dataclass(frozen=True, slots=True)
class ChecklistStep:
    """One step: `done` is a fact in the database, `link` the page where it happens."""

    key: str
    title: str
    hint: str
    done: bool
    link: str


@door.query(Permission.TENANT_VIEW)
async def checklist(session: Session) -> list[ChecklistStep]:
    """The steps in their order."""
    facts = await session.row(_FACTS)
    return [ChecklistStep(key, title, hint, facts[key], link) for key, title, hint, link in _STEPS]
