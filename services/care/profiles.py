"""What is known for choosing a coordinator: a patient's profile, and what a coordinator can take and is licensed for."""

from dataclasses import dataclass, replace
from uuid import UUID

from activities.care.rosters import must_coordinate
from activities.denials.classifying import today_of
from database.care_profiles import coordinators_to_assign, profiles_of
from database.session import Session
from domain.care.assignment import NO_LICENCE, Coordinator
from domain.care.profiles import ENGAGEMENTS, RISKS, ProfileFacts, language_of, state_of
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from services.care.scope import mine
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.tenancy.actors import holders
from services.workforce.checks import zone

MOST_PATIENTS = 2000
_SAVE = """
INSERT INTO care_profiles (tenant_id, patient_id, language, zone, state, risk, engagement, specialisation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, patient_id) DO UPDATE SET language = $3, zone = $4,
    state = $5, risk = $6, engagement = $7, specialisation = $8, version = care_profiles.version + 1
WHERE care_profiles.version = coalesce($9, care_profiles.version)
"""
_SAVE_COORDINATOR = """
INSERT INTO care_coordinators (tenant_id, user_id, fewest_patients, most_patients, states) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET fewest_patients = $3, most_patients = $4, states = $5,
    version = care_coordinators.version + 1 WHERE care_coordinators.version = coalesce($6, care_coordinators.version)
"""


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A patient's profile (PHI); `version` is its ETag, 0 while nothing was said."""

    patient_id: UUID
    version: int
    language: str
    zone: str
    state: str
    risk: int
    risk_label: str
    engagement: int
    engagement_label: str
    specialisation: str


@dataclass(frozen=True, slots=True)
class CoordinatorFacts:
    """How few and how many patients a coordinator is to have, and the states they are licensed in."""

    fewest_patients: int = 0
    most_patients: int = 100
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoordinatorView:
    """A coordinator with their roster of now; `load` is in patients of middle risk. `hindrance` says why they cannot be
    given patients; `version` is 0 while nothing was said of them. Skills are those of the employee."""

    user_id: UUID
    version: int
    name: str
    fewest_patients: int
    most_patients: int
    states: list[str]
    skills: list[str]
    patients: int
    load: float
    away_days: int
    hindrance: str


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who can be chosen."""

    user_id: UUID
    name: str


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def get_profile(session: Session, id: UUID) -> ProfileView:
    """The profile of an enrolment's patient."""
    return await _profile(session, (await mine(session, id))["patient_id"])


@door.command(Permission.CARE_RECORD, of="care_enrolments")
async def save_profile(
    session: Session, id: UUID, facts: ProfileFacts, expected_version: int | None = None
) -> ProfileView:
    """Replace the profile of an enrolment's patient."""
    patient_id = (await mine(session, id))["patient_id"]
    await profile_set(session, patient_id, facts, expected_version)
    return await _profile(session, patient_id)


async def profile_set(
    session: Session, patient_id: UUID, facts: ProfileFacts, expected_version: int | None = None
) -> None:
    """The same inside a transaction that does more."""
    one = await _checked(session, facts)
    values = (one.language, one.zone, one.state, one.risk, one.engagement, one.specialisation)
    changed = await session.execute(_SAVE, session.tenant_id, patient_id, *values, expected_version)
    records.must_have_changed(changed)


async def _profile(session: Session, patient_id: UUID) -> ProfileView:
    one = (await profiles_of(session, [patient_id]))[patient_id]
    return ProfileView(
        patient_id, one.version, one.language, one.zone, one.state, one.risk, RISKS[one.risk], one.engagement,
        ENGAGEMENTS[one.engagement], one.specialisation,
    )  # fmt: skip


async def _checked(session: Session, facts: ProfileFacts) -> ProfileFacts:
    """The facts as they are kept, or the refusal that names each fault."""
    faults = Faults("care_profile")
    language, state = language_of(facts.language), state_of(facts.state)
    if language is None:
        faults.add("language", "language.unknown", "Choose one of the languages of the list.")
    if state is None:
        faults.add("state", "state.unknown", "Enter two letters, such as TX.")
    if facts.zone:
        zone(faults, "zone", facts.zone)
    for name, known in (("risk", RISKS), ("engagement", ENGAGEMENTS)):
        if getattr(facts, name) not in known:
            faults.add(name, f"{name}.range", "Choose 1 to 5.")
    skill = await _skill(session, checks.clean(facts.specialisation), faults)
    faults.refuse()
    return replace(facts, language=language or "", state=state or "", specialisation=skill)


async def _skill(session: Session, text: str, faults: Faults) -> str:
    if not text:
        return ""
    name: str | None = await session.value(
        "SELECT name FROM skills WHERE tenant_id = current_tenant() AND active AND lower(name) = lower($1)",
        text,
    )
    if name is None:
        words = "Choose one of your skills; they are kept under Team."
        faults.add("specialisation", "specialisation.unknown", words)
    return name or ""


@door.query(Permission.CARE_MANAGE)
async def list_coordinators(session: Session) -> list[CoordinatorView]:
    """Everybody who has patients or may be given some, by name."""
    found = await coordinators_to_assign(session, await today_of(session))
    rows = await session.fetch("SELECT * FROM care_coordinators WHERE tenant_id = current_tenant()")
    versions = {row["user_id"]: row["version"] for row in rows}
    skills = await _skill_words(session)
    return [_view(one, versions.get(one.id, 0), skills.get(one.id, [])) for one in found]


async def _skill_words(session: Session) -> dict[UUID, list[str]]:
    """Skills with their levels, by user, as they are written."""
    rows = await session.fetch(
        "SELECT e.user_id, s.name, k.level FROM employees e JOIN employee_skills k ON k.tenant_id = e.tenant_id"
        " AND k.employee_id = e.id JOIN skills s ON s.tenant_id = k.tenant_id AND s.id = k.skill_id"
        " WHERE e.tenant_id = current_tenant() AND e.user_id IS NOT NULL ORDER BY s.name"
    )
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row["user_id"], []).append(f"{row['name']} {row['level']}")
    return found


@door.query(Permission.CARE_MANAGE)
async def possible_coordinators(session: Session) -> list[PersonChoice]:
    """Whose roles allow recording care and of whom nothing was said yet, by name."""
    said = {row["user_id"] for row in await session.fetch("SELECT user_id FROM care_coordinators")}
    able = await holders(session, {Permission.CARE_RECORD})
    found = [PersonChoice(user_id, name) for user_id, name in able.items() if user_id not in said]
    return sorted(found, key=lambda one: (one.name, str(one.user_id)))


@door.query(Permission.CARE_VIEW)
async def specialisations(session: Session) -> list[str]:
    """The skills that a patient can ask for, by name."""
    rows = await session.fetch(
        "SELECT name FROM skills WHERE tenant_id = current_tenant() AND active ORDER BY name LIMIT 500"
    )
    return [row["name"] for row in rows]


@door.command(Permission.CARE_MANAGE)
async def save_coordinator(
    session: Session, user_id: UUID, facts: CoordinatorFacts, expected_version: int | None = None
) -> CoordinatorView:
    """Say how many patients somebody takes and where they are licensed; from then on they can be given patients."""
    await _must_be_there(session, user_id)
    await coordinator_set(session, user_id, facts, expected_version)
    version = await session.value("SELECT version FROM care_coordinators WHERE user_id = $1", user_id)
    found = await coordinators_to_assign(session, await today_of(session))
    one = next(one for one in found if one.id == user_id)
    return _view(one, version, (await _skill_words(session)).get(user_id, []))


async def coordinator_set(
    session: Session, user_id: UUID, facts: CoordinatorFacts, expected_version: int | None = None
) -> None:
    """The same inside a transaction that does more."""
    await must_coordinate(session, user_id)
    states = _checked_states(facts)
    changed = await session.execute(
        _SAVE_COORDINATOR, session.tenant_id, user_id, facts.fewest_patients, facts.most_patients, states, expected_version
    )  # fmt: skip
    records.must_have_changed(changed)


async def _must_be_there(session: Session, user_id: UUID) -> None:
    """People belong to no tenant: only their membership says that they are of this one."""
    if not await session.value(
        "SELECT 1 FROM memberships WHERE tenant_id = current_tenant() AND user_id = $1", user_id
    ):
        raise NotFound(
            "not_found",
            "There is nobody here under this id.",
            "Choose somebody who can sign in to this company.",
        )


def _checked_states(facts: CoordinatorFacts) -> list[str]:
    faults = Faults("care_coordinator")
    states = [state_of(one) for one in facts.states if one.strip()]
    if None in states:
        faults.add("states", "states.unknown", "Enter states with two letters each, such as TX OK.")
    if not 0 <= facts.most_patients <= MOST_PATIENTS:
        faults.add("most_patients", "most_patients.range", f"Choose 0 to {MOST_PATIENTS:,}.")
    if not 0 <= facts.fewest_patients <= facts.most_patients:
        faults.add("fewest_patients", "fewest_patients.range", "Choose 0 to as many as they take at most.")
    faults.refuse()
    return sorted({one for one in states if one})


def _view(one: Coordinator, version: int, skills: list[str]) -> CoordinatorView:
    hindrance = one.blocked or ("" if one.states else NO_LICENCE)
    return CoordinatorView(
        one.id, version, one.name, one.fewest, one.most, sorted(one.states or ()), skills, one.count, one.load / 10,
        one.away_days, hindrance,
    )  # fmt: skip
