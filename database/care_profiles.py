"""Patients and coordinators as assignment weighs them: profiles, rosters, skills, licences, absences and contacts."""

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.approval_states import holders_of
from database.clientele_phi import open_person
from database.session import Session
from domain.care.assignment import AWAY_LOOK, LOADS, Contact, Coordinator, Patient
from domain.care.profiles import Profile, state_of

RECORDS = "care.record"
DEFAULT_MOST = 100
CONTACT_DAYS = 365
_PROFILES = """
SELECT patient_id, language, zone, state, risk, engagement, specialisation, version FROM care_profiles
WHERE tenant_id = current_tenant() AND patient_id = ANY($1::uuid[])
"""
_PATIENTS = """
SELECT e.id, e.patient_id, e.conditions, e.complex_decisions, e.coordinator_id, p.person,
    coalesce(e.coordinator_since, e.created_at) AS since, coalesce(nullif(f.zone, ''), c.zone, t.time_zone) AS zone,
    coalesce(f.language, '') AS language, coalesce(f.state, '') AS state, coalesce(f.risk, 3) AS risk,
    coalesce(f.engagement, 3) AS engagement, coalesce(f.specialisation, '') AS specialisation
FROM care_enrolments e JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
JOIN tenants t ON t.id = e.tenant_id
LEFT JOIN care_practices c ON c.tenant_id = e.tenant_id AND c.client_id = e.client_id
LEFT JOIN care_profiles f ON f.tenant_id = e.tenant_id AND f.patient_id = e.patient_id
WHERE e.tenant_id = current_tenant() AND e.step <> 'ended' AND ($1::uuid[] IS NULL OR e.id = ANY($1)) ORDER BY e.id
"""
_STATES = """
SELECT p.id, p.person, coalesce(f.state, '') AS state FROM patients p
LEFT JOIN care_profiles f ON f.tenant_id = p.tenant_id AND f.patient_id = p.id
WHERE p.tenant_id = current_tenant() AND p.id = ANY($1::uuid[])
"""
_CONTACTS = f"""
SELECT t.patient_id, t.staff_id, min(t.starts_at)::date AS since,
    sum(extract(epoch FROM t.ends_at - t.starts_at))::bigint AS seconds
FROM care_time_entries t WHERE t.tenant_id = current_tenant() AND t.patient_id = ANY($1::uuid[]) AND NOT t.void
    AND t.starts_at > now() - interval '{CONTACT_DAYS} days' AND NOT EXISTS (SELECT 1 FROM care_time_entries s
        WHERE s.tenant_id = t.tenant_id AND s.supersedes = t.id) GROUP BY 1, 2
"""
_COORDINATORS = """
SELECT m.user_id, u.name, m.status, c.fewest_patients, c.most_patients, c.states, e.active, e.left_on,
    coalesce(e.time_zone, t.time_zone) AS zone,
    coalesce((SELECT jsonb_object_agg(lower(s.name), k.level) FROM employee_skills k JOIN skills s
        ON s.tenant_id = k.tenant_id AND s.id = k.skill_id
        WHERE k.tenant_id = e.tenant_id AND k.employee_id = e.id), '{}') AS skills,
    coalesce((SELECT jsonb_agg(jsonb_build_array(a.starts_on, a.ends_on) ORDER BY a.starts_on) FROM absences a
        WHERE a.tenant_id = e.tenant_id AND a.employee_id = e.id AND a.cancelled_at IS NULL
        AND a.ends_on >= $1 AND a.starts_on < $2), '[]') AS away
FROM memberships m JOIN users u ON u.id = m.user_id JOIN tenants t ON t.id = m.tenant_id
LEFT JOIN care_coordinators c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id
LEFT JOIN employees e ON e.tenant_id = m.tenant_id AND e.user_id = m.user_id
WHERE m.tenant_id = current_tenant() AND (c.user_id IS NOT NULL OR m.user_id = ANY($3::uuid[])) ORDER BY u.name, m.user_id
"""
_ROSTERS = """
SELECT e.coordinator_id, coalesce(f.risk, 3) AS risk, count(*) AS n FROM care_enrolments e
LEFT JOIN care_profiles f ON f.tenant_id = e.tenant_id AND f.patient_id = e.patient_id
WHERE e.tenant_id = current_tenant() AND e.step <> 'ended' AND e.coordinator_id IS NOT NULL GROUP BY 1, 2
"""


async def profiles_of(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, Profile]:
    """What was said of these patients; those of whom nothing was said have the usual profile."""
    rows = await session.fetch(_PROFILES, list(patient_ids))
    said = {
        row["patient_id"]: Profile(**{one.name: row[one.name] for one in fields(Profile)}) for row in rows
    }
    return {one: said.get(one, Profile()) for one in patient_ids}


async def states_of(session: Session, patient_ids: Collection[UUID]) -> dict[UUID, str]:
    """The state that each patient stays in: the profile's, or else the address's; empty where neither says one."""
    key = await session.key()
    rows = await session.fetch(_STATES, list(patient_ids))
    return {row["id"]: _state(key, row) for row in rows}


def _state(key: Any, row: Any) -> str:
    return row["state"] or state_of(open_person(key, row["person"])[0].address.state) or ""


async def licences_of(session: Session, user_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The states in which these are licensed; of whom none was ever entered are not in it."""
    rows = await session.fetch(
        "SELECT user_id, states FROM care_coordinators WHERE tenant_id = current_tenant() AND states <> '{}'"
        " AND user_id = ANY($1::uuid[])",
        list(user_ids),
    )
    return {row["user_id"]: frozenset(row["states"]) for row in rows}


async def patients_to_assign(session: Session, enrolment_ids: Sequence[UUID] | None = None) -> list[Patient]:
    """These enrolments, or all that have not ended, as assignment weighs them."""
    rows = await session.fetch(_PATIENTS, None if enrolment_ids is None else list(enrolment_ids))
    known: dict[UUID, dict[UUID, Contact]] = {}
    for one in await session.fetch(_CONTACTS, list({row["patient_id"] for row in rows})):
        known.setdefault(one["patient_id"], {})[one["staff_id"]] = Contact(one["since"], one["seconds"])
    key, moment = await session.key(), datetime.now(UTC)
    offsets = {zone: _offset(zone, moment) for zone in {row["zone"] for row in rows}}
    same = (
        "id",
        "conditions",
        "complex_decisions",
        "coordinator_id",
        "language",
        "risk",
        "engagement",
        "specialisation",
    )
    return [
        Patient(
            **{name: row[name] for name in same},
            state=_state(key, row),
            offset=offsets[row["zone"]],
            since=row["since"].date() if row["coordinator_id"] else None,
            known_by=known.get(row["patient_id"], {}),
        )
        for row in rows
    ]


async def coordinators_to_assign(session: Session, today: date) -> list[Coordinator]:
    """Everybody with a coordinator's profile or with patients, by name, with their rosters as they are now."""
    rosters: dict[UUID, tuple[int, int]] = {}
    for row in await session.fetch(_ROSTERS):
        count, load = rosters.get(row["coordinator_id"], (0, 0))
        rosters[row["coordinator_id"]] = (count + row["n"], load + row["n"] * LOADS[row["risk"]])
    until = today + timedelta(days=AWAY_LOOK)
    rows = await session.fetch(_COORDINATORS, today, until, list(rosters))
    able, moment = await holders_of(session, RECORDS), datetime.now(UTC)
    return [_coordinator(row, rosters.get(row["user_id"], (0, 0)), able, today, moment) for row in rows]


def _coordinator(
    row: Any, roster: tuple[int, int], able: set[UUID], today: date, moment: datetime
) -> Coordinator:
    away = [tuple(date.fromisoformat(day) for day in one) for one in json.loads(row["away"])]
    days = {
        day
        for begins, ends in away
        for day in _days(begins, ends)
        if today <= day < today + timedelta(days=AWAY_LOOK)
    }
    states = row["states"]
    return Coordinator(
        row["user_id"],
        row["name"],
        row["fewest_patients"] or 0,
        DEFAULT_MOST if row["most_patients"] is None else row["most_patients"],
        *roster,
        skills=json.loads(row["skills"]),
        states=frozenset(states) if states else None,
        offset=_offset(row["zone"], moment),
        away_days=len(days),
        away_from=away[0][0] if away else None,
        away_to=away[0][1] if away else None,
        blocked=_blocked(row, able, today),
    )


def _blocked(row: Any, able: set[UUID], today: date) -> str:
    if row["status"] != "active" or row["active"] is False:
        return "does not work here any more"
    if row["left_on"] and row["left_on"] < today + timedelta(days=AWAY_LOOK):
        return f"leaves on {row['left_on']:%B} {row['left_on'].day}"
    return "" if row["user_id"] in able else "their roles do not allow recording care"


def _days(begins: date, ends: date) -> list[date]:
    return [begins + timedelta(days=number) for number in range(min((ends - begins).days, 366) + 1)]


def _offset(zone: str, moment: datetime) -> float:
    """Hours of a zone from UTC now."""
    apart = moment.astimezone(ZoneInfo(zone)).utcoffset()
    return apart.total_seconds() / 3600 if apart else 0.0
