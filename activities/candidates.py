"""Who is a candidate for an item: by skill and by team, as they are at the moment of asking and never as they once were."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from database.float_scope import COVERING
from database.session import Session
from domain.refusals import NotAllowed

MANAGES_CARE, VIEWS_CARE, BILLS_CARE = "care.manage", "care.view", "care.billing"
_COORDINATOR = """
SELECT e.coordinator_id AS id FROM work_items w JOIN care_enrolments e ON e.tenant_id = w.tenant_id AND e.id = w.subject_id
WHERE w.id = $1 AND w.subject_type = 'care_enrolment'
"""
# Of an item about a patient in care, or about such a patient's month: who holds it and on whose rosters the patient is.
_CARED_FOR = """
SELECT w.owner_id, w.subject_type = 'care_patient_month' AS billed, ARRAY(SELECT e.coordinator_id FROM care_enrolments e
        WHERE e.tenant_id = w.tenant_id AND e.id = w.subject_id
    UNION ALL SELECT e.coordinator_id FROM care_patient_months m
    JOIN care_enrolments e ON e.tenant_id = m.tenant_id AND e.patient_id = m.patient_id
        WHERE m.tenant_id = w.tenant_id AND m.id = w.subject_id) AS coordinators
FROM work_items w WHERE w.id = $1 AND w.subject_type IN ('care_enrolment', 'care_patient_month')
"""

_STAND_INS = """
SELECT s.user_id AS stand_in, e.user_id AS away FROM employees e
JOIN absences a ON a.tenant_id = e.tenant_id AND a.employee_id = e.id AND a.cancelled_at IS NULL
JOIN employees s ON s.tenant_id = a.tenant_id AND s.id = a.substitute_id AND s.active
JOIN tenants t ON t.id = e.tenant_id
WHERE e.tenant_id = current_tenant() AND e.user_id = ANY($1)
    AND (now() AT TIME ZONE t.time_zone)::date BETWEEN a.starts_on AND a.ends_on
"""


def teams_of(person: str) -> str:
    """The teams that a person (a parameter such as `$1`) belongs to: their own and every one above it, as SQL."""
    return (
        "(WITH RECURSIVE mine AS (SELECT t.id, t.parent_id FROM employees e JOIN teams t ON t.tenant_id = e.tenant_id"
        " AND t.id = e.team_id WHERE e.tenant_id = current_tenant() AND e.active AND t.active"
        f" AND e.user_id = {person}"
        " UNION SELECT p.id, p.parent_id FROM mine JOIN teams p ON p.tenant_id = current_tenant()"
        " AND p.id = mine.parent_id) SELECT id FROM mine)"
    )


def skilled(person: str, skill: str, level: str) -> str:
    """Whether a person has a skill at a level or above, as SQL of parameters or columns."""
    return (
        "EXISTS (SELECT 1 FROM employees e"
        " JOIN employee_skills k ON k.tenant_id = e.tenant_id AND k.employee_id = e.id"
        " JOIN skills s ON s.tenant_id = k.tenant_id AND s.id = k.skill_id"
        f" WHERE e.tenant_id = current_tenant() AND e.active AND e.user_id = {person}"
        f" AND s.name = {skill} AND k.level >= {level})"
    )


def floating(person: str) -> str:
    """Whether a person lends a hand just now where the item `w` belongs, as SQL: they count as of its team meanwhile."""
    return f"{COVERING.format(user=person, item='w')} IS NOT NULL"


def lent(person: str) -> str:
    """Whether a person who lends a hand is a candidate for the item `w`: of any team, with its skill, not excluded."""
    return (
        f"(NOT ({person} = ANY(w.excluded))"
        f" AND (w.skill = '' OR {skilled(person, 'w.skill', 'w.skill_level')}))"
    )


def candidate(person: str) -> str:
    """Whether a person is a candidate for the item `w`, as SQL. What is asked of few items costs the others nothing."""
    return (
        f"(NOT ({person} = ANY(w.excluded))"
        f" AND (w.skill = '' OR {skilled(person, 'w.skill', 'w.skill_level')})"
        f" AND (w.team_id IS NULL OR w.team_id IN {teams_of(person)}))"
    )


async def must_be_candidate(session: Session, item_id: UUID, user_id: UUID | None) -> None:
    """Refuse who lacks the skill that the item demands, or is not in the team that it is for."""
    row = await session.row(
        f"SELECT w.skill, w.skill_level, t.name AS team, (w.skill = '' OR {skilled('$2::uuid', 'w.skill', 'w.skill_level')})"
        f" AS skilled, (w.team_id IS NULL OR w.team_id IN {teams_of('$2::uuid')} OR {floating('$2::uuid')}) AS member"
        " FROM work_items w LEFT JOIN teams t ON t.tenant_id = w.tenant_id AND t.id = w.team_id WHERE w.id = $1",
        item_id,
        user_id,
    )
    if not row["skilled"]:
        raise NotAllowed(
            "work.skill_missing",
            f"This asks for the skill {row['skill']}, level {row['skill_level']} or higher.",
            "Ask your lead for an item that fits, or to enter the skill under Team.",
        )
    if not row["member"]:
        raise NotAllowed(
            "work.another_team",
            f"This is for the team {row['team']}.",
            "Take an item of your own team, or ask your lead to move you.",
        )


async def on_roster(session: Session, item_id: UUID, stands_in_for: Sequence[UUID]) -> bool:
    """Whether an item is of no patient in care, or of one on the asker's roster, on nobody's, or on that of somebody
    for whom they stand in; managers of care see all."""
    coordinator = await session.row(_COORDINATOR, item_id)
    if coordinator is None or MANAGES_CARE in session.actor.permissions:
        return True
    return coordinator["id"] in (None, session.actor.user_id, *stands_in_for)


async def must_be_on_roster(session: Session, item_id: UUID, stands_in_for: Sequence[UUID]) -> None:
    """Refuse work on a patient of somebody else's roster."""
    if not await on_roster(session, item_id, stands_in_for):
        raise _another_roster()


async def reads_words(session: Session, item_id: UUID, stands_in_for: Sequence[UUID]) -> bool:
    """Whether the asker may read what people said about an item."""
    item = await session.row(_CARED_FOR, item_id)
    return _reads(item, session.actor.user_id, session.actor.permissions, stands_in_for)


async def readers_of_words(
    session: Session, item_id: UUID, people: Mapping[UUID, Collection[str]]
) -> set[UUID]:
    """Those of these people, each with their permissions, who may read what was said about an item."""
    item = await session.row(_CARED_FOR, item_id)
    stand_ins: dict[UUID, list[UUID]] = {}
    for row in await session.fetch(_STAND_INS, item["coordinators"]) if item else ():
        stand_ins.setdefault(row["stand_in"], []).append(row["away"])
    return {one for one, may in people.items() if _reads(item, one, may, stand_ins.get(one, ()))}


def _reads(item: Any, person: UUID | None, may: Collection[str], stands_in_for: Sequence[UUID]) -> bool:
    """Of a patient in care, that is for whoever holds the item or looks after the patient, and what was said of a month
    also for who bills it."""
    if item is None or item["owner_id"] == person or MANAGES_CARE in may:
        return True
    if item["billed"] and BILLS_CARE in may:
        return True
    return VIEWS_CARE in may and not {None, person, *stands_in_for}.isdisjoint(item["coordinators"])


async def must_read_words(session: Session, item_id: UUID, stands_in_for: Sequence[UUID]) -> None:
    """Refuse notes and files of an item about a patient whom somebody else looks after."""
    if not await reads_words(session, item_id, stands_in_for):
        raise _another_roster()


def _another_roster() -> NotAllowed:
    return NotAllowed(
        "work.another_roster",
        "This is for a patient on somebody else's roster.",
        "Ask whoever leads you to put the patient on yours.",
    )
