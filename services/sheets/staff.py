"""Sheets of staff: what each person's paycode says of credential and job title, how many patients they may have, what
they speak and where they are licensed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from database.approval_states import holders_of
from database.care_profiles import RECORDS
from database.session import Session
from domain.sheets.columns import SheetRow, fault_once
from domain.sheets.kinds import Kind
from policies.permissions import Permission
from services.care.practices import CredentialFacts, credential_set
from services.care.profiles import CoordinatorFacts, coordinator_set
from services.sheets import care_rows
from services.sheets.care_rows import Members
from services.sheets.planning import About, Comes, Planned, SheetKind
from services.sheets.views import Paycode
from services.workforce import employees, skills
from services.workforce.checks import lock_workforce
from services.workforce.employees import EmployeeFacts, SkillLevel
from services.workforce.skills import SkillFacts

SPEAKS = 4
"""The level at which a language is entered: enough to be given patients who speak it."""
_CARE = frozenset({"paycode", "most_patients", "licences"})
_EMPLOYEES = """
SELECT e.id, e.number, e.name, e.email, e.user_id, e.job_title, e.time_zone, e.hire_date, e.left_on, e.calendar_id,
    e.team_id, e.daily_seconds, e.float_pool, coalesce((SELECT jsonb_agg(jsonb_build_array(s.skill_id, k.name, s.level))
        FROM employee_skills s JOIN skills k ON k.tenant_id = s.tenant_id AND k.id = s.skill_id
        WHERE s.tenant_id = e.tenant_id AND s.employee_id = e.id), '[]') AS skills
FROM employees e WHERE e.tenant_id = current_tenant() AND e.active
"""


@dataclass(slots=True)
class Act:
    """What is written for a person; None where nothing of it is."""

    user_id: UUID
    facts: EmployeeFacts
    employee_id: UUID | None = None
    employee: bool = False
    credential: CredentialFacts | None = None
    coordinator: CoordinatorFacts | None = None
    speaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class There:
    """What staff is held against."""

    members: Members
    paycodes: Mapping[str, Paycode]
    employees: Sequence[Any]
    credentials: Mapping[tuple[UUID, date], str]
    coordinators: Mapping[UUID, CoordinatorFacts]
    able: Collection[UUID]  # whose roles allow recording care


async def plan(session: Session, rows: Sequence[SheetRow], about: About) -> list[Planned]:
    """What each person comes to."""
    fault_once(rows, lambda row: row.facts.get("email"), "email", "e-mail")
    there = await _there(session)
    found = (_planned(row, there) for row in rows if "email" in row.facts)
    return [one for one in found if one is not None and not one.row.faults]


async def take(session: Session, planned: Planned, about: About) -> UUID | None:
    """Write what the row says, through what writes it when it is typed."""
    act: Act = planned.act
    await lock_workforce(session)
    facts = replace(act.facts, skills=[*act.facts.skills, *await _levels(session, act.speaks)])
    if act.employee_id is None:
        await employees.added(session, facts)
    elif act.employee or act.speaks:
        await employees.changed(session, act.employee_id, facts)
    if act.credential:
        await credential_set(session, act.credential)
    if act.coordinator:
        await coordinator_set(session, act.user_id, act.coordinator)
    return act.user_id


async def paycodes_in(session: Session, rows: Sequence[SheetRow]) -> list[Paycode]:
    """The paycodes that a sheet holds, with what was said of them, those not said yet first."""
    counts: dict[str, int] = {}
    for row in rows:
        if code := _code(row):
            counts[code] = counts.get(code, 0) + 1
    said = await _paycodes(session)
    found = [replace(said.get(code, Paycode(code, "", "", 0)), rows=rows) for code, rows in counts.items()]
    return sorted(found, key=lambda one: (one.credential != "", one.code))


STAFF = SheetKind(Kind.STAFF, Permission.WORKFORCE_MANAGE, plan, take, ((_CARE, Permission.CARE_MANAGE),))


def _code(row: SheetRow) -> str:
    return " ".join(str(row.facts.get("paycode", "")).upper().split())


async def _there(session: Session) -> There:
    held = await session.fetch(
        "SELECT user_id, since, credential FROM care_credentials WHERE tenant_id = current_tenant()"
    )
    said = await session.fetch(
        "SELECT user_id, fewest_patients, most_patients, states FROM care_coordinators WHERE tenant_id = current_tenant()"
    )
    return There(
        await care_rows.members(session),
        await _paycodes(session),
        await session.fetch(_EMPLOYEES),
        {(row["user_id"], row["since"]): row["credential"] for row in held},
        {
            row["user_id"]: CoordinatorFacts(
                row["fewest_patients"], row["most_patients"], tuple(sorted(row["states"]))
            )
            for row in said
        },
        await holders_of(session, RECORDS),
    )


async def _paycodes(session: Session) -> dict[str, Paycode]:
    rows = await session.fetch(
        "SELECT code, credential, job_title FROM care_paycodes WHERE tenant_id = current_tenant() ORDER BY code"
    )
    return {row["code"]: Paycode(row["code"], row["credential"], row["job_title"], 0) for row in rows}


def _planned(row: SheetRow, there: There) -> Planned | None:
    who = there.members.who(row, "email")
    if who is None:
        return None
    now = _employee(row, there, who[0])
    said = there.paycodes.get(_code(row))
    if _code(row) and said is None:
        row.fault("paycode", "Say below what this paycode stands for.")
    comes = Comes()
    act = Act(who[0], _facts(row, who, now, said), employee_id=now["id"] if now else None)
    _compare(act, row, now, comes)
    _credential(act, row, there, said, comes)
    _coordinator(act, row, there, comes)
    outcome = "new" if now is None else "changed" if comes.changes else "same"
    return Planned(row, outcome, "; ".join(comes.words) or "as known", who[0], act)


def _employee(row: SheetRow, there: There, user_id: UUID) -> Any:
    """Who stands behind the sign-in already, or is known by number or e-mail and by no sign-in yet."""
    own = next((one for one in there.employees if one["user_id"] == user_id), None)
    number, email = row.facts.get("number"), row.facts["email"]
    free = [one for one in there.employees if one["user_id"] is None]
    same = next(
        (one for one in free if one["number"] == number or (not number and one["email"] == email)), None
    )
    taken = number and next((one for one in there.employees if one["number"] == number), None)
    if taken and taken is not (own or same):
        row.fault("number", "Another employee has this number.")
    return own or same


def _facts(row: SheetRow, who: tuple[UUID, str], now: Any, said: Paycode | None) -> EmployeeFacts:
    if now is None:
        before = EmployeeFacts(str(row.facts.get("number", row.facts["email"]))[:40], who[1])
    else:
        names = ("number", "name", "email", "job_title", "time_zone", "hire_date", "left_on", "calendar_id", "team_id", "daily_seconds", "float_pool")  # fmt: skip
        before = EmployeeFacts(**{name: now[name] for name in names})
        before = replace(before, skills=[SkillLevel(UUID(id), level) for id, _, level in _skills(now)])
    title: dict[str, Any] = {"job_title": said.job_title} if said and said.job_title else {}
    told = {name: row.facts[name] for name in ("number", "name", "time_zone") if name in row.facts}
    return replace(before, **title, **told, email=row.facts["email"], user_id=who[0])


def _skills(now: Any) -> list[Any]:
    """Skill id, name and level."""
    found: list[Any] = json.loads(now["skills"])
    return found


def _compare(act: Act, row: SheetRow, now: Any, comes: Comes) -> None:
    names = ("number", "name", "email", "job_title", "time_zone", "user_id")
    act.employee = now is not None and any(getattr(act.facts, name) != now[name] for name in names)
    if now is None:
        comes.to("new employee")
    elif act.employee:
        comes.to("facts change")
    known = {name.casefold() for _, name, _ in _skills(now)} if now else set()
    act.speaks = tuple(one for one in row.facts.get("languages", ()) if one.casefold() not in known)
    if act.speaks:
        comes.to(f"speaks {', '.join(act.speaks)}")


def _credential(act: Act, row: SheetRow, there: There, said: Paycode | None, comes: Comes) -> None:
    if said is None:
        return
    since = row.facts.get("since")
    if since is None:
        row.fault("since", "Enter from which day on the paycode holds.")
    elif there.credentials.get((act.user_id, since)) != said.credential:
        act.credential = CredentialFacts(act.user_id, since, said.credential)
        comes.to(f"{said.credential} from {since}")


def _coordinator(act: Act, row: SheetRow, there: There, comes: Comes) -> None:
    told = [one for one in ("most_patients", "licences") if one in row.facts]
    if told and act.user_id not in there.able:
        row.fault(
            told[0], "Their roles do not allow recording care; give them such a role under Team, People."
        )
    if not told:
        return
    known = there.coordinators.get(act.user_id)
    before = known or CoordinatorFacts()
    most = row.facts.get("most_patients", before.most_patients)
    states = tuple(sorted(row.facts.get("licences", before.states)))
    after = CoordinatorFacts(min(before.fewest_patients, most), most, states)
    if after == known:
        return
    act.coordinator = after
    if known is None or most != known.most_patients:
        comes.to(f"up to {most} patients")
    if states != before.states:
        comes.to(f"licensed in {', '.join(states)}")


async def _levels(session: Session, languages: Sequence[str]) -> list[SkillLevel]:
    """The languages as skills; one that nobody has spoken here yet is added."""
    rows = await session.fetch(
        "SELECT id, name FROM skills WHERE tenant_id = current_tenant() AND active AND lower(name) = ANY($1)",
        [one.lower() for one in languages],
    )
    there = {row["name"].casefold(): row["id"] for row in rows}
    found = []
    for one in languages:
        id = there.get(one.casefold()) or (await skills.added(session, SkillFacts(one)))["id"]
        found.append(SkillLevel(id, SPEAKS))
    return found
