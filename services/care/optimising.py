"""Rosters reckoned anew: asked for, watched, seen before and after, and what is wanted of it proposed as a move."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from activities.care.moving import Move, propose_move
from activities.care.optimising import FOUND, WORKFLOW, workflow_id
from activities.care.rosters import lock_rosters
from database.session import Session
from domain.care.optimisation import PHASES, STATUS_WORDS
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.moves import get_view
from services.care.optimised_moves import FoundMove, found_moves

MOST_MOVES = 5_000
_SELECT = """
SELECT o.*, coalesce(u.name, '') AS asked_by_name FROM care_optimisations o LEFT JOIN users u ON u.id = o.asked_by
WHERE o.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class OptimisationFacts:
    """What is wanted. `most_moves`: no more patients than that change hands; None: as many as is worth it.
    `only_unassigned`: whoever has a coordinator stays."""

    most_moves: int | None = None
    only_unassigned: bool = False


@dataclass(frozen=True, slots=True)
class OptimisationLine:
    """A reckoning and where it stands: running (with its phase of `PHASES`), done, impossible or failed."""

    id: UUID
    status: str
    status_label: str
    tone: str
    phase: str
    phase_label: str
    most_moves: int | None
    only_unassigned: bool
    patients: int
    coordinators: int
    moves: int
    milliseconds: int | None
    asked_by_name: str
    asked_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A coordinator's roster before and after; loads are in patients of middle risk."""

    coordinator_id: UUID
    name: str
    most: int
    before: int
    after: int
    load_before: float
    load_after: float


@dataclass(frozen=True, slots=True)
class OptimisationView:
    """A reckoning with what was found. Of its moves `placed` are of patients who had nobody, `struck` are struck out, and
    `possible` are what would be proposed now. `obstacles` say which rule is in the way. Languages: of the
    `languages_needed` patients so many are spoken to in their own, before and after. `bound`: no rosters can cost less."""

    line: OptimisationLine
    placed: int = 0
    struck: int = 0
    possible: int = 0
    rosters: list[RosterLine] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    languages_needed: int = 0
    languages_before: int = 0
    languages_after: int = 0
    cost_before: int = 0
    cost_after: int = 0
    bound: int = 0
    weights_from: str = ""


# One whose process was ended by force does not stand in the way for ever.
_RUNNING = """
SELECT 1 FROM care_optimisations WHERE tenant_id = current_tenant() AND status = 'running'
    AND asked_at > clock_timestamp() - interval '15 minutes' LIMIT 1
"""
_ENDED = """
SELECT count(*) FROM care_moves WHERE tenant_id = current_tenant() AND starts_with(key, $1) AND state = 'closed'
"""
_FIGURES = (
    "languages_needed",
    "languages_before",
    "languages_after",
    "cost_before",
    "cost_after",
    "bound",
)


async def _shown(session: Session, id: UUID) -> OptimisationView:
    row = await session.row(f"{_SELECT} AND o.id = $1", id)
    if row["found"] is None:
        return OptimisationView(_line(row))
    found = (await session.key()).open_json(FOUND, row["found"])
    moves = await found_moves(session, row)
    return OptimisationView(
        _line(row),
        sum(one.from_user_id is None for one in moves),
        sum(one.struck for one in moves),
        sum(one.wanted for one in moves),
        [_roster(one) for one in found["rosters"]],
        [one["words"] for one in found["obstacles"]],
        **dict(zip(_FIGURES, (*found["languages"], *found["costs"]), strict=True)),
        weights_from=found["weights_from"],
    )


@door.answering(Permission.CARE_MANAGE, _shown)
async def optimise(session: Session, facts: OptimisationFacts) -> UUID:
    """Reckon all rosters anew; it goes on by itself, and nothing changes hands by it."""
    if facts.most_moves is not None and not 0 <= facts.most_moves <= MOST_MOVES:
        words = f"Choose 0 to {MOST_MOVES:,} moves, or leave it empty."
        fault = FieldError("most_moves", "most_moves.range", words)
        raise Invalid("care_optimisation.moves", "It cannot be reckoned so.", words, fields=(fault,))
    await lock_rosters(session)
    if await session.value(_RUNNING):
        raise Conflict(
            "care_optimisation.running", "The rosters are being reckoned already.", "Wait for what is found."
        )
    id: UUID = await session.value(
        "INSERT INTO care_optimisations (tenant_id, wishes, asked_by) VALUES ($1, $2, $3) RETURNING id",
        session.tenant_id,
        json.dumps(asdict(facts)),
        session.actor.user_id,
    )
    start = {"tenant_id": session.tenant_id, "optimisation_id": id}
    await session.tell("start", workflow_id(session.tenant_id, id), "", start, workflow=WORKFLOW)
    return id


@door.query(Permission.CARE_MANAGE)
async def list_optimisations(session: Session, *, limit: int = 5) -> list[OptimisationLine]:
    """The latest reckonings, the newest first."""
    rows = await session.fetch(f"{_SELECT} ORDER BY o.id DESC LIMIT $1", max(1, min(limit, 50)))
    return [_line(row) for row in rows]


@door.query(Permission.CARE_MANAGE, of="care_optimisations")
async def get_optimisation(session: Session, id: UUID) -> OptimisationView:
    """One reckoning with what was found."""
    return await _shown(session, id)


@door.answering(Permission.CARE_MANAGE, get_view, of="care_optimisations")
async def propose_optimised(
    session: Session,
    id: UUID,
    struck: list[UUID],
    reason: str,
    until: date | None = None,
    only: list[UUID] | None = None,
) -> UUID:
    """Propose what was found as a move, but for the enrolments that were struck out, before or by `struck`, and those that
    are stale; of all the others `only` these, where they are named."""
    row = await session.row(f"{_SELECT} AND o.id = $1", id)
    if row["status"] == "running":
        raise Conflict("care_optimisation.running", "It is not found yet.", "Wait a moment.")
    chosen = None if only is None else set(only)
    wanted = [
        one
        for one in await found_moves(session, row)
        if not one.struck
        and one.enrolment_id not in set(struck)
        and (chosen is None or one.enrolment_id in chosen)
        and (one.under_way or not one.stale)
    ]
    return await propose_move(
        session,
        key=await _key_of(session, id, wanted, until),
        moves=[
            Move(one.enrolment_id, one.to_user_id, "; ".join(one.why)) for one in wanted if not one.under_way
        ],
        until=until,
        reason=reason,
    )


async def _key_of(session: Session, id: UUID, rows: Collection[FoundMove], until: date | None) -> str:
    """The same wishes come to the same proposal, so that clicking twice is once; anew once that one has ended."""
    chosen = "".join(sorted(str(one.enrolment_id) for one in rows)) + str(until)
    key = f"optimisation:{id}:{hashlib.sha256(chosen.encode()).hexdigest()[:24]}"
    return f"{key}:{await session.value(_ENDED, key)}"


def _roster(one: dict[str, Any]) -> RosterLine:
    return RosterLine(
        UUID(one["coordinator_id"]),
        one["name"],
        one["most"],
        one["before"],
        one["after"],
        one["load_before"] / 10,
        one["load_after"] / 10,
    )


def _line(row: Any) -> OptimisationLine:
    label, tone = STATUS_WORDS[row["status"]]
    wishes = json.loads(row["wishes"])
    same = ("patients", "coordinators", "moves", "milliseconds", "asked_by_name", "asked_at", "finished_at")
    phase_label = PHASES[row["phase"]] if row["status"] == "running" else ""
    return OptimisationLine(
        row["id"], row["status"], label, tone, row["phase"], phase_label, wishes["most_moves"], wishes["only_unassigned"],
        *(row[name] for name in same),
    )  # fmt: skip
