"""Spreading a person's work over others: each item once, only to who may and can work it, loads as even as possible.

Items that ask for the same are one group. Each next item goes where it leaves the loads most even, even if another item
has to make room for it (an augmenting path); so no other spread of the same items would be more even.
"""

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

BACK = "Nobody else may work it: back to the queue"


@dataclass(frozen=True, slots=True)
class Task:
    """An item to be given to somebody: what it asks for, and who must not work it."""

    id: UUID
    permission: str
    skill: str = ""
    skill_level: int = 1
    excluded: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be given work. `permissions` are those of the kinds that they can work, `load` their open items."""

    id: UUID
    name: str
    permissions: frozenset[str]
    skills: Mapping[str, int] = field(default_factory=dict)
    load: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """Who gets an item and why; None: nobody can, it goes back to the queue."""

    item_id: UUID
    to: UUID | None
    why: str


_Group = tuple[str, str, int, frozenset[UUID]]


def can(task: Task, person: Colleague) -> bool:
    """Whether this person may and can work the item."""
    return (
        person.id not in task.excluded
        and task.permission in person.permissions
        and (not task.skill or person.skills.get(task.skill, 0) >= task.skill_level)
    )


def spread(tasks: Sequence[Task], people: Collection[Colleague]) -> list[Share]:
    """A share for every task, in the order given. The same input always gives the same shares."""
    by_id = {one.id: one for one in sorted(people, key=lambda one: (one.load, one.name, one.id))}
    groups = Counter(_group(task) for task in tasks)
    able = {group: [one.id for one in by_id.values() if can(_sample(group), one)] for group in groups}
    counts = _even(groups, able, {one.id: one.load for one in by_id.values()})
    waiting = {group: _dealt(able[group], counts[group]) for group in groups}
    shares = []
    for task in tasks:
        group = _group(task)
        to = waiting[group].popleft() if waiting[group] else None
        shares.append(Share(task.id, to, _why(task, by_id.get(to) if to else None, len(able[group]))))
    return shares


def _group(task: Task) -> _Group:
    return task.permission, task.skill, task.skill_level if task.skill else 1, task.excluded


def _sample(group: _Group) -> Task:
    return Task(UUID(int=0), *group)


def _even(
    groups: Mapping[_Group, int], able: Mapping[_Group, list[UUID]], loads: Mapping[UUID, int]
) -> dict[_Group, Counter[UUID]]:
    """How many items of each group each person gets."""
    now = dict(loads)
    counts: dict[_Group, Counter[UUID]] = {group: Counter() for group in groups}
    for group, number in groups.items():
        for _ in range(number if able[group] else 0):
            path = _lightest(group, counts, able, now)
            for at, (of, person) in enumerate(path):
                counts[of][person] += 1
                if at + 1 < len(path):
                    counts[path[at + 1][0]][person] -= 1
            now[path[-1][1]] += 1
    return counts


def _lightest(
    start: _Group,
    counts: Mapping[_Group, Counter[UUID]],
    able: Mapping[_Group, list[UUID]],
    loads: Mapping[UUID, int],
) -> list[tuple[_Group, UUID]]:
    """The way to the least loaded person within reach: the group's item to the first, whose item of the next group makes
    room by going to the next person, and so on."""
    ways: dict[UUID, list[tuple[_Group, UUID]]] = {}
    open_groups = deque([(start, [])])  # type: ignore[var-annotated]
    seen = {start}
    while open_groups:
        group, way = open_groups.popleft()
        for person in able[group]:
            if person in ways:
                continue
            ways[person] = [*way, (group, person)]
            for other, given in counts.items():
                if other not in seen and given[person] > 0:
                    seen.add(other)
                    open_groups.append((other, ways[person]))
    # The shortest of equal ways: what needs not change hands stays.
    return min(ways.values(), key=lambda way: (loads[way[-1][1]], len(way)))


def _dealt(able: Sequence[UUID], counts: Mapping[UUID, int]) -> "deque[UUID]":
    """One each in turn, so that what is urgent does not all come to one person."""
    left = {one: counts.get(one, 0) for one in able}
    dealt: deque[UUID] = deque()
    while any(left.values()):
        for one in able:
            if left[one]:
                dealt.append(one)
                left[one] -= 1
    return dealt


def _why(task: Task, person: Colleague | None, able: int) -> str:
    if person is None:
        return BACK
    skill = f"{task.skill} {person.skills.get(task.skill, 0)}, " if task.skill else ""
    if able == 1:
        return f"{skill}nobody else may"
    return f"{skill}{person.load} open before, {able} could"
