"""How practices want their months reckoned, and what people are, from a day on."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from database.care_months import must_keep_midnights
from database.care_reads import Practice, practice_of, practices_of
from database.clientele import ClientRow
from database.session import Session
from domain.care.activities import CREDENTIALS
from domain.care.billing import ServiceDate
from domain.care.entries import Credential
from domain.paging import PAGE, Page
from policies.permissions import Permission
from services import door
from services.care.profiles import PersonChoice
from services.clientele import records
from services.clientele.checks import Faults
from services.tenancy.actors import holders
from services.workforce.checks import zone

_SAVE = """
INSERT INTO care_practices (tenant_id, client_id, zone, service_date, practitioner_as_staff, idle_seconds,
    back_dated_after_seconds, plan_due_days, contact_line) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (tenant_id, client_id) DO UPDATE SET zone = $3, service_date = $4, practitioner_as_staff = $5,
    idle_seconds = $6, back_dated_after_seconds = $7, plan_due_days = $8, contact_line = $9,
    version = care_practices.version + 1
WHERE care_practices.version = coalesce($10, care_practices.version)
"""


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """A practice's wishes: its zone (IANA), the day that a service carries, when time counts as back-dated, and how its
    patients reach somebody at any hour (`contact_line`, printed on their copy of the plan)."""

    zone: str
    service_date: str = ServiceDate.THRESHOLD_MET.value
    practitioner_as_staff: bool = True
    idle_seconds: int = 900
    back_dated_after_seconds: int = 172_800
    plan_due_days: int = 30
    contact_line: str = ""


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """What somebody is from a day on: practitioner, clinical or other."""

    user_id: UUID
    since: date
    credential: str


@dataclass(frozen=True, slots=True)
class CredentialView:
    """One row of somebody's credentials, the newest first."""

    user_id: UUID
    name: str
    since: date
    credential: str
    label: str


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A practice and its wishes."""

    client_id: UUID
    client_name: str
    wishes: Practice


@door.query(Permission.CARE_VIEW)
async def list_practices(
    session: Session, cursor: str | None = None, limit: int = PAGE
) -> Page[PracticeLine]:
    """Every active client with its wishes, by name."""
    query = ClientRow.select().where(ClientRow.active == True)  # noqa: E712 - a column
    found = await records.page(query, (ClientRow.name, ClientRow.id), cursor, limit, dict)
    wishes = await practices_of(session, [one["id"] for one in found.items])
    return Page([PracticeLine(one["id"], one["name"], wishes[one["id"]]) for one in found.items], found.next)


@door.query(Permission.CARE_VIEW, of="clients")
async def get_practice(session: Session, client_id: UUID) -> Practice:
    """A practice's wishes; its version is 0 while it has said nothing."""
    return await practice_of(session, client_id)


@door.command(Permission.CARE_MANAGE, of="clients")
async def save_practice(
    session: Session, client_id: UUID, facts: PracticeFacts, expected_version: int | None = None
) -> Practice:
    """Replace a practice's wishes. They hold for every month that is not closed yet."""
    _faults_of(facts).refuse()
    before = await practice_of(session, client_id)
    await must_keep_midnights(session, client_id, facts.zone, before.zone)
    changed = await session.execute(
        _SAVE,
        session.tenant_id,
        client_id,
        *(getattr(facts, one.name) for one in fields(facts)),
        expected_version,
    )
    records.must_have_changed(changed)
    return await practice_of(session, client_id)


@door.query(Permission.CARE_MANAGE)
async def people_who_record(session: Session) -> list[PersonChoice]:
    """Whose roles allow recording care, by name."""
    able = await holders(session, {Permission.CARE_RECORD})
    return sorted((PersonChoice(*one) for one in able.items()), key=lambda one: (one.name, str(one.user_id)))


@door.query(Permission.CARE_MANAGE)
async def list_credentials(session: Session) -> list[CredentialView]:
    """What everybody is and was, by name."""
    rows = await session.fetch(
        "SELECT c.user_id, u.name, c.since, c.credential FROM care_credentials c JOIN users u ON u.id = c.user_id"
        " WHERE c.tenant_id = current_tenant() ORDER BY u.name, c.user_id, c.since DESC LIMIT 2000"
    )
    return [CredentialView(**dict(row), label=CREDENTIALS[Credential(row["credential"])]) for row in rows]


@door.command(Permission.CARE_MANAGE)
async def set_credential(session: Session, facts: CredentialFacts) -> CredentialView:
    """Say what a member is from a day on. Time that was recorded keeps what it was recorded with."""
    return await credential_set(session, facts)


async def credential_set(session: Session, facts: CredentialFacts) -> CredentialView:
    """The same inside a transaction that does more."""
    faults = Faults("credential")
    faults.one_of("credential", facts.credential, CREDENTIALS, f"Choose one of: {', '.join(CREDENTIALS)}.")
    name = await session.value(
        "SELECT u.name FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.tenant_id = current_tenant() AND m.user_id = $1",
        facts.user_id,
    )
    if name is None:
        faults.add("user_id", "user_id.no_member", "Choose somebody who can sign in to this company.")
    faults.refuse()
    await session.execute(
        "INSERT INTO care_credentials (tenant_id, user_id, since, credential, set_by) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, user_id, since) DO UPDATE SET credential = $4, set_by = $5, set_at = now()",
        session.tenant_id,
        facts.user_id,
        facts.since,
        facts.credential,
        session.actor.user_id,
    )
    return CredentialView(
        facts.user_id, name, facts.since, facts.credential, CREDENTIALS[Credential(facts.credential)]
    )


def _faults_of(facts: PracticeFacts) -> Faults:
    faults = Faults("practice")
    zone(faults, "zone", facts.zone)
    faults.one_of("service_date", facts.service_date, list(ServiceDate), "Choose one of the three days.")
    if not 60 <= facts.idle_seconds <= 14_400:
        faults.add(
            "idle_seconds", "idle.out_of_range", "Ask after 1 to 240 minutes without a key or a click."
        )
    if not 0 <= facts.back_dated_after_seconds <= 40 * 86_400:
        faults.add("back_dated_after_seconds", "late.out_of_range", "Choose at most 40 days.")
    faults.text("contact_line", facts.contact_line, 120)
    if not 1 <= facts.plan_due_days <= 365:
        faults.add("plan_due_days", "plan_due.out_of_range", "Choose 1 to 365 days.")
    return faults
