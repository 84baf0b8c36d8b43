"""Planning a move: what a person holds, who can get it, and the shares that leave the loads most even."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.approval_limits import limit_of
from database.session import Session
from domain.approvals.limits import LimitKind, levels_for
from domain.reassignment.process import Mode
from domain.refusals import FieldError, Invalid
from domain.work import KINDS, Kind
from domain.workforce.spreading import BACK, Colleague, Share, Task, can, spread
from policies.permissions import Permission as P
from services import door
from services.reassignment.views import MovablePerson, MoveFacts, MovePlan, PlannedRow, Receiver
from services.tenancy.actors import holders

MOST = 5_000
_HELD = """
SELECT w.id, w.kind, w.title, w.priority, w.due_at, w.follow_up_at, w.permission, w.skill, w.skill_level, w.excluded,
    w.owner_id, w.return_to, CASE WHEN w.owner_id = $1 THEN 'owner' ELSE 'return_to' END AS part,
    coalesce(o.name, '') AS with_name
FROM work_items w LEFT JOIN users o ON o.id = CASE WHEN w.owner_id = $1 THEN w.return_to ELSE w.owner_id END
WHERE w.tenant_id = current_tenant() AND w.status = 'open' AND (w.owner_id = $1 OR $2 AND w.return_to = $1)
    AND (cardinality($3::text[]) = 0 OR w.kind = ANY($3)) ORDER BY w.priority, w.due_at, w.id LIMIT $4
"""
_LOADS = """
SELECT owner_id, count(*) AS n FROM work_items WHERE tenant_id = current_tenant() AND status = 'open'
    AND owner_id = ANY($1::uuid[]) GROUP BY owner_id
"""
_SKILLS = """
SELECT e.user_id, s.name, k.level FROM employees e
JOIN employee_skills k ON k.tenant_id = e.tenant_id AND k.employee_id = e.id
JOIN skills s ON s.tenant_id = k.tenant_id AND s.id = k.skill_id
WHERE e.tenant_id = current_tenant() AND e.user_id = ANY($1::uuid[])
"""
_TEAM = """
SELECT o.user_id FROM employees e JOIN employees o ON o.tenant_id = e.tenant_id AND o.team_id = e.team_id
WHERE e.tenant_id = current_tenant() AND e.user_id = $1 AND o.active AND o.left_on IS NULL AND o.user_id IS NOT NULL
"""
_PEOPLE = """
SELECT m.user_id, u.name, coalesce(n.n, 0) AS open_items, e.left_on, m.status = 'ended' AS ended FROM memberships m
JOIN users u ON u.id = m.user_id LEFT JOIN employees e ON e.tenant_id = m.tenant_id AND e.user_id = m.user_id
LEFT JOIN (SELECT owner_id, count(*) AS n FROM work_items WHERE tenant_id = current_tenant() AND status = 'open'
    AND owner_id IS NOT NULL GROUP BY owner_id) n ON n.owner_id = m.user_id
WHERE m.tenant_id = current_tenant() AND m.status <> 'invited' AND (n.n > 0 OR m.status = 'active')
ORDER BY (e.left_on IS NOT NULL OR m.status = 'ended') AND coalesce(n.n, 0) > 0 DESC, u.name, m.user_id
"""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who could get the items: with what they may do, their skills and loads."""

    people: dict[UUID, Colleague]
    chosen: set[UUID]


@door.query(P.WORK_ASSIGN)
async def movable_people(session: Session) -> list[MovablePerson]:
    """Whose work can be moved, with how much they hold: those who leave and still hold something come first."""
    rows = await session.fetch(_PEOPLE)
    return [MovablePerson(*row) for row in rows]


@door.query(P.WORK_ASSIGN)
async def preview_move(session: Session, facts: MoveFacts) -> MovePlan:
    """Who would get what and why, without doing anything. The choices given are kept where they are possible."""
    return await plan_of(session, facts)


async def plan_of(session: Session, facts: MoveFacts) -> MovePlan:
    """The plan, or the refusal that says what is missing."""
    mode = checked_mode(facts)
    name = await session.value(
        "SELECT u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.user_id = $1",
        facts.from_user_id,
    )
    if name is None:
        raise wrong("from_user_id", "Choose somebody who works or worked here.")
    kinds = [] if mode is Mode.LEAVER else facts.kinds
    held = await session.fetch(_HELD, facts.from_user_id, mode is not Mode.TEMPORARY, kinds, MOST + 1)
    if len(held) > MOST:
        raise wrong("kinds", f"At most {MOST:,} items at once: narrow it by kind.")
    able = await _candidates(session, facts, {row["permission"] for row in held})
    return await _planned(session, facts, mode, name, held, able)


def checked_mode(facts: MoveFacts) -> Mode:
    """The mode, when there is one and the kinds are known; the day of return is checked when it is asked for."""
    if facts.mode not in set(Mode):
        raise wrong("mode", f"Choose one of: {', '.join(Mode)}.")
    if not set(facts.kinds) <= set(Kind):
        raise wrong("kinds", "Choose kinds of work that there are.")
    return Mode(facts.mode)


def wrong(field: str, words: str) -> Invalid:
    """A field that cannot be so."""
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"reassignment.{field}", "The work cannot be moved so.", words, fields=(fault,))


async def _candidates(session: Session, facts: MoveFacts, permissions: set[str]) -> Candidates:
    everybody = await holders(session, {P.WORK_TAKE})
    everybody.pop(facts.from_user_id, None)
    held: dict[UUID, set[str]] = {one: set() for one in everybody}
    for permission in permissions:
        for user_id in (await holders(session, {permission, P.WORK_TAKE})).keys() & held.keys():
            held[user_id].add(permission)
    loads = {row["owner_id"]: row["n"] for row in await session.fetch(_LOADS, list(everybody))}
    skills: dict[UUID, dict[str, int]] = {}
    for row in await session.fetch(_SKILLS, list(everybody)):
        skills.setdefault(row["user_id"], {})[row["name"]] = row["level"]
    people = {
        one: Colleague(one, name, frozenset(held[one]), skills.get(one, {}), loads.get(one, 0))
        for one, name in everybody.items()
    }
    team = {row["user_id"] for row in await session.fetch(_TEAM, facts.from_user_id)} & people.keys()
    chosen = set(facts.to) & people.keys() if facts.to else team or set(people)
    return Candidates(people, chosen)


async def _planned(
    session: Session, facts: MoveFacts, mode: Mode, name: str, held: list[Any], able: Candidates
) -> MovePlan:
    own = {one.item_id: one.to_user_id for one in facts.moves}
    tasks = {row["id"]: _task(row, able) for row in held}
    back = _handed_back(held, mode, able)
    left = [task for item_id, task in tasks.items() if item_id not in own and item_id not in back]
    shares = {one.item_id: one for one in spread(left, _loaded(able, tasks, own, back))}
    shares |= back | {
        item_id: _chosen(tasks[item_id], to, able) for item_id, to in own.items() if item_id in tasks
    }
    rows = [_row(row, shares[row["id"]], tasks[row["id"]], able) for row in held]
    limit = await limit_of(session, LimitKind.REASSIGNMENT)
    gets = Counter(row.to_user_id for row in rows if row.part == "owner")
    receivers = [
        Receiver(one.id, one.name, one.load, gets[one.id], one.id in able.chosen)
        for one in sorted(able.people.values(), key=lambda one: (one.id not in able.chosen, one.name))
    ]
    return MovePlan(name, rows, receivers, gets[None], levels_for(limit, len(rows)), limit.free_up_to)


def _task(row: Any, able: Candidates) -> Task:
    """What the item asks for. Whom a delegated item lies with, or comes from, gets it by itself and not from the plan."""
    out = set(row["excluded"]) & able.people.keys()
    party = row["return_to"] if row["part"] == "owner" else row["owner_id"]
    out |= {party} & able.people.keys()
    return Task(row["id"], row["permission"], row["skill"], row["skill_level"], frozenset(out))


def _handed_back(held: list[Any], mode: Mode, able: Candidates) -> dict[UUID, Share]:
    """What somebody delegated to the person goes back to them, unless it only moves for a time."""
    if mode is Mode.TEMPORARY:
        return {}
    return {
        row["id"]: Share(row["id"], row["return_to"], f"Back to {row['with_name']}, who delegated it")
        for row in held
        if row["part"] == "owner" and row["return_to"] in able.people
    }


def _loaded(
    able: Candidates, tasks: dict[UUID, Task], own: dict[UUID, UUID | None], back: dict[UUID, Share]
) -> list[Colleague]:
    """The chosen people, with what they get already by choice or by return."""
    more = Counter(to for item_id, to in own.items() if item_id in tasks)
    more += Counter(one.to for item_id, one in back.items() if item_id not in own)
    return [
        Colleague(one.id, one.name, one.permissions, one.skills, one.load + more[one.id])
        for one in able.people.values()
        if one.id in able.chosen
    ]


def _chosen(task: Task, to: UUID | None, able: Candidates) -> Share:
    if to is None:
        return Share(task.id, None, "Chosen: back to the queue")
    person = able.people.get(to)
    if person is None or not can(task, person):
        raise wrong(
            "moves",
            f"{person.name if person else 'Somebody'} cannot work everything that was chosen for them.",
        )
    return Share(task.id, to, "Chosen")


def _row(row: Any, share: Share, task: Task, able: Candidates) -> PlannedRow:
    person = able.people.get(share.to) if share.to else None
    why = share.why
    if share.to is None and row["part"] == "return_to" and share.why == BACK:
        why = f"Stays with {row['with_name']}, to finish"
    return PlannedRow(
        row["id"], row["part"], row["title"], row["kind"], KINDS[Kind(row["kind"])].label, row["priority"], row["due_at"],
        row["follow_up_at"], row["with_name"], share.to, person.name if person else "", why,
        [one.id for one in able.people.values() if can(task, one)],
    )  # fmt: skip
