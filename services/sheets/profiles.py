"""What sheets say of patients and coordinators for assignment, written beside what was said before."""

from collections.abc import Sequence
from uuid import UUID

from database.session import Session
from domain.care.profiles import Profile

_PROFILE = """
INSERT INTO care_profiles (tenant_id, patient_id, language, zone, state, risk, engagement, specialisation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, patient_id) DO UPDATE SET language = excluded.language,
    zone = excluded.zone, state = excluded.state, risk = excluded.risk, engagement = excluded.engagement,
    specialisation = excluded.specialisation, version = care_profiles.version + 1
"""
_COORDINATOR = """
INSERT INTO care_coordinators (tenant_id, user_id, most_patients, states)
VALUES ($1, $2, coalesce($3, 100), coalesce($4::text[], '{}')) ON CONFLICT (tenant_id, user_id) DO UPDATE SET
    most_patients = coalesce($3, care_coordinators.most_patients),
    fewest_patients = least(care_coordinators.fewest_patients, coalesce($3, care_coordinators.most_patients)),
    states = coalesce($4::text[], care_coordinators.states), version = care_coordinators.version + 1
"""


async def save_profile(session: Session, patient_id: UUID, profile: Profile) -> None:
    """Store what is known of a patient."""
    one = profile
    values = (one.language, one.zone, one.state, one.risk, one.engagement, one.specialisation)
    await session.execute(_PROFILE, session.tenant_id, patient_id, *values)


async def save_coordinator(
    session: Session, user_id: UUID, most_patients: int | None, states: Sequence[str] | None
) -> None:
    """Store how many patients somebody may have and where they are licensed; None leaves it as it is."""
    await session.execute(_COORDINATOR, session.tenant_id, user_id, most_patients, states and list(states))
