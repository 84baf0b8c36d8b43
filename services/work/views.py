"""What the queue and an item's page show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.work_acts import COMMENT, RETURN_COMMENT
from database.crypto import TenantKey
from domain import work
from domain.tenancy import Actor

_LABELS = {str(kind): rules.label for kind, rules in work.KINDS.items()}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One row of the queue. `priority` 1 is the most urgent; `returned` means somebody gave it back with a comment."""

    id: UUID
    kind: str
    kind_label: str
    title: str
    priority: int
    status: str
    due_at: datetime
    follow_up_at: datetime | None
    created_at: datetime
    owner_id: UUID | None
    owner_name: str
    returned: bool
    subject_type: str
    subject_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One way to finish an item."""

    code: str
    label: str
    hint: str
    needs_comment: bool


@dataclass(frozen=True, slots=True)
class FormAsked:
    """The form that is filled in when an item ends. `decision` empty: with every decision that has no form of its own;
    `schema` is its JSON Schema."""

    version_id: UUID
    decision: str
    number: int
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FormAnswered:
    """What was answered when an item ended, with the form as it was then."""

    number: int
    schema: dict[str, Any]
    answers: dict[str, Any]
    answered_by_name: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class WorkEvent:
    """One entry of an item's history."""

    at: datetime
    kind: str
    actor_name: str
    detail: str


@dataclass(frozen=True, slots=True)
class TogetherLine:
    """Another open item about the same claim or remittance. `decisions` are the codes that it can end with;
    `finishable`: the asker can finish it now, taking it first where it is free."""

    id: UUID
    kind: str
    kind_label: str
    title: str
    owner_name: str
    due_at: datetime
    decisions: list[str]
    finishable: bool


@dataclass(frozen=True, slots=True)
class About:
    """What else an item's view needs: who holds it, the names around it, and what belongs together."""

    holding: work.Holding
    returns_to: str
    excluded: list[str]
    watching: bool
    watchers: list[str]
    together: list[TogetherLine]
    forms: list[FormAsked]
    answered: FormAnswered | None


@dataclass(frozen=True, slots=True)
class WorkView:
    """An item with everything about it. `actions` are those that the asker may take now, in menu order.

    `returns_to` delegated it; the `excluded` must not work it; `skill` and `team` are asked for when it is taken; with
    `stands_in` its owner is away and the asker is the substitute; `together` is other open work about the same claim or remittance.
    It is to be taken by `start_by`, None: at any time.
    `forms` are those it may end with, while it is open; `answered` is the one it ended with.
    """

    line: WorkLine
    detail: dict[str, Any]
    return_comment: str
    decision: str
    comment: str
    start_by: datetime | None
    taken_at: datetime | None
    finished_at: datetime | None
    finished_by_name: str
    decisions: list[DecisionView]
    actions: list[str]
    returns_to: str
    excluded: list[str]
    skill: str
    team: str
    stands_in: bool
    watching: bool
    watchers: list[str]
    together: list[TogetherLine]
    history: list[WorkEvent]
    forms: list[FormAsked]
    answered: FormAnswered | None

    @property
    def id(self) -> UUID:
        """The item's id."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much waits, counted up to `most` only: `mine` of that many means `most` or more. `floating` is free work of where
    one lends a hand."""

    mine: int
    available: int
    asleep: int
    overdue: int
    covering: int
    floating: int
    watched: int
    most: int = 99


@dataclass(frozen=True, slots=True)
class CandidateTeam:
    """A team that work can be left to."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class AssignablePerson:
    """Somebody who may take an item, and how many items are in their hands (counted up to 99)."""

    user_id: UUID
    name: str
    open_items: int


def line_of(row: Sequence[Any]) -> WorkLine:
    """A row of the queue's query, whose columns stand in the order of the view's fields without `kind_label`."""
    identifier, kind, *rest = row[: len(WorkLine.__slots__) - 1]
    return WorkLine(identifier, kind, _LABELS[kind], *rest)


def view_of(row: Any, events: list[Any], actor: Actor, key: TenantKey, about: About) -> WorkView:
    """A whole item, as this actor may act on it, with its sealed comments opened."""
    line = line_of(row)
    kind = work.Kind(line.kind)
    return WorkView(
        line=line,
        detail=json.loads(row["detail"]),
        return_comment=_opened(key, RETURN_COMMENT, row["return_comment"]),
        decision=row["decision"],
        comment=_opened(key, COMMENT, row["comment"]),
        start_by=row["start_by"],
        taken_at=row["taken_at"],
        finished_at=row["finished_at"],
        finished_by_name=row["finished_by_name"] or "",
        decisions=[
            DecisionView(d.code, d.label, d.hint, d.needs_comment) for d in work.KINDS[kind].decisions
        ],
        actions=list(work.actions(about.holding, actor.user_id, actor.permissions)),
        returns_to=about.returns_to,
        excluded=about.excluded,
        skill=f"{row['skill']} {row['skill_level']}" if row["skill"] else "",
        team=row["team"],
        stands_in=about.holding.stands_in,
        watching=about.watching,
        watchers=about.watchers,
        together=about.together,
        history=[WorkEvent(e["at"], e["kind"], e["actor_name"], e["detail"]) for e in events],
        forms=about.forms,
        answered=about.answered,
    )


def _opened(key: TenantKey, column: str, stored: bytes | None) -> str:
    return key.open(column, stored).decode() if stored else ""
