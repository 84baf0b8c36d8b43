"""Circles that would never end: a team above itself, and substitutes who stand in for one another on one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Away:
    """An absence, both days included."""

    employee_id: UUID
    starts_on: date
    ends_on: date
    substitute_id: UUID | None = None


def team_circle(parents: Mapping[UUID, UUID | None], team: UUID, parent: UUID | None) -> bool:
    """Whether a team would stand above itself under this parent."""
    seen = {team}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parents.get(parent)
    return False


def substitute_circle(new: Away, known: Iterable[Away]) -> date | None:
    """The first day found on which the work would come back to the person who is away; None when there is none."""
    by_person: dict[UUID, list[Away]] = {}
    for one in known:
        by_person.setdefault(one.employee_id, []).append(one)
    waiting = [(new.substitute_id, new.starts_on, new.ends_on, frozenset({new.employee_id}))]
    while waiting:
        person, first, last, seen = waiting.pop()
        if person == new.employee_id:
            return first
        if person is None or person in seen:
            continue
        for one in by_person.get(person, ()):
            begins, ends = max(first, one.starts_on), min(last, one.ends_on)
            if begins <= ends:
                waiting.append((one.substitute_id, begins, ends, seen | {person}))
    return None
