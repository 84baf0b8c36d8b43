"""What is recommended for a denial: the playbook of its class in force, and above it a row of the table of playbooks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from database.decision_tables import Asked, Decision, decide_all
from database.session import Session
from domain.denials import playbooks
from domain.denials.classes import Route
from domain.denials.codes import Verdict
from domain.denials.playbooks import Playbook

TABLE = "denial_playbooks"
# By the way recommended: what is corrected must reach the payer in its filing limit, the rest is appealed in its window.
_FILED = frozenset({Route.CORRECT, Route.RESUBMIT, Route.NEXT_PAYER})


@dataclass(frozen=True, slots=True)
class Judged:
    """A refusal before it is kept. `row` is the payment; `ranked` is the priority of a table's row, None: by playbook."""

    id: UUID
    row: Any
    verdict: Verdict
    playbook: Playbook
    cents: int
    appeal_by: date
    file_by: date
    today: date
    ranked: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Group and reason of every code, each once."""
        return tuple(dict.fromkeys(one.code.name for one in self.verdict.codes))

    @property
    def deadline(self) -> date:
        """The last day of the way recommended."""
        # A filing limit that had passed at the decision cannot be what the payer measures a correction by.
        by_filing = self.playbook.route in _FILED and self.file_by >= self.row["decided_on"]
        return self.file_by if by_filing else self.appeal_by

    @property
    def priority(self) -> int:
        """1 to 5: as a row of the table says, else by what is at stake and how near the deadline is."""
        if self.ranked is not None:
            return self.ranked
        return playbooks.priority(self.cents, (self.deadline - self.today).days, self.playbook)


async def recommended(session: Session, judged: Sequence[Judged]) -> list[Judged]:
    """The same refusals with what the table of playbooks says of each instead, where it says something."""
    asked = [Asked(_facts(one), _default(one), "denial", one.id) for one in judged]
    decisions = await decide_all(session, TABLE, asked)
    return [_applied(one, made) for one, made in zip(judged, decisions, strict=True)]


async def due_days(session: Session, denial_id: UUID, playbook: Playbook) -> Playbook:
    """The playbook with the days that a row of the table gave this denial when it was classified."""
    days = await session.value(
        "SELECT (value->>'due_days')::int FROM rule_decisions WHERE tenant_id = current_tenant() AND subject_id = $1"
        " AND table_code = $2 AND cardinality(met) > 0 ORDER BY id DESC LIMIT 1",
        denial_id,
        TABLE,
    )
    return playbook if days is None else replace(playbook, due_days=days)


def _facts(one: Judged) -> dict[str, Any]:
    return {
        "denial_class": one.verdict.klass.value,
        "payer_id": one.row["payer_number"],
        "medicare": one.row["medicare"],
        "codes": list(one.codes),
        "preventable": one.verdict.preventable,
        "amount_cents": one.cents,
        "days_to_appeal": (one.appeal_by - one.today).days,
        "days_to_file": (one.file_by - one.today).days,
    }


def _default(one: Judged) -> dict[str, Any]:
    return {
        "route": one.playbook.route.value,
        "priority": one.priority,
        "due_days": one.playbook.due_days,
        "steps": list(one.playbook.steps),
    }


def _applied(one: Judged, made: Decision) -> Judged:
    if made.row is None:
        return one
    answers = made.values[0]
    playbook = replace(
        one.playbook,
        id=f"table/{made.version}/{made.row}",
        route=Route(answers.get("route", one.playbook.route)),
        due_days=answers.get("due_days", one.playbook.due_days),
        steps=tuple(answers.get("steps", one.playbook.steps)),
    )
    return replace(one, playbook=playbook, ranked=answers.get("priority"))
