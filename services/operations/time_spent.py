"""Where time goes: for each step how long it lay idle, was worked on, and waited for somebody outside."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from database import time_reads
from database.session import Session
from domain.processes import PROCESSES
from domain.refusals import FieldError, Invalid
from domain.work_kinds import KINDS, Kind
from policies.permissions import Permission
from services import door

LONGEST_WINDOW = 90
IDLE, WORKING, OUTSIDE = "idle", "working", "outside"
STATE_WORDS = {IDLE: "Idle", WORKING: "Worked on", OUTSIDE: "Waiting outside"}
# Work about these is no step of a process; it is listed by what it is about.
_ABOUT = {
    "remittance": "Remittance",
    "remittance_claim": "Remittance",
    "remittance_lines": "Remittance",
    "provider_balance": "Remittance",
    "deposit": "Deposit",
    "connection": "Connection",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: half took at most the median, nine of ten at most `p90`."""

    count: int
    median: float
    p90: float
    total: float


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step of a process; None where it never was in that state. `waits_for` says what it was open for."""

    process: str
    step: str
    idle: Spread | None
    working: Spread | None
    outside: Spread | None

    def spread(self, state: str) -> Spread | None:
        """The time in one of the three states."""
        found: Spread | None = getattr(self, state)
        return found


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """The steps, those that took most time in all first. `finding` says in a sentence where it went."""

    days: int
    finding: str
    steps: list[StepTime]


@door.query(Permission.REPORTS_VIEW_ALL)
async def time_spent(
    session: Session, *, days: int = 30, client_id: UUID | None = None, payer_id: UUID | None = None
) -> TimeSpent:
    """What was finished, answered or sent in the last `days` days (1 to 90), by step; of one client or payer if asked."""
    if not 1 <= days <= LONGEST_WINDOW:
        fault = FieldError("days", "days.out_of_range", f"Choose 1 to {LONGEST_WINDOW} days.")
        raise Invalid("time.window", "This window cannot be shown.", fault.message, fields=(fault,))
    since = datetime.now(UTC) - timedelta(days=days)
    found: dict[tuple[str, str], dict[str, Spread]] = {}
    for row in await time_reads.worked(session, since, client_id, payer_id):
        place = (_about(row["subject_type"]), KINDS[Kind(row["kind"])].label)
        _add(found, place, IDLE, row, "idle_")
        _add(found, place, WORKING, row, "work_")
    for row in await time_reads.answered(session, since, client_id, payer_id):
        _add(found, _step("claim", row["step"]), OUTSIDE, row)
    for kind, rows in (
        ("appeal", await time_reads.appealed(session, since, client_id, payer_id)),
        ("enrolment", await time_reads.enrolled(session, since, client_id, payer_id)),
    ):
        for row in rows:
            _add(found, _step(kind, row["step"]), OUTSIDE, row)
    if client_id is None and payer_id is None:
        for row in await time_reads.batched(session, since):
            _add(found, _step("batch", "encoded"), WORKING, row)
    steps = [
        StepTime(process, step, one.get(IDLE), one.get(WORKING), one.get(OUTSIDE))
        for (process, step), one in found.items()
    ]
    steps.sort(key=lambda one: (-_total(one), one.process, one.step))
    return TimeSpent(days, _finding(steps), steps)


def _add(
    found: dict[tuple[str, str], dict[str, Spread]],
    place: tuple[str, str],
    state: str,
    row: Any,
    prefix: str = "",
) -> None:
    """Several kinds of subject may share a place: the one with more in it stands for both."""
    count = row[f"{prefix}count"]
    if not count:
        return
    spread = Spread(count, row[f"{prefix}median"], row[f"{prefix}p90"], row[f"{prefix}total"])
    known = found.setdefault(place, {}).get(state)
    if known is None or known.count < count:
        found[place][state] = spread


def _about(subject_type: str) -> str:
    named = next((one.name for one in PROCESSES.values() if one.subject_type == subject_type), "")
    return _ABOUT.get(subject_type) or named or subject_type.replace("_", " ").capitalize() or "Other"


def _step(kind: str, code: str) -> tuple[str, str]:
    step = PROCESSES[kind].step(code)
    return PROCESSES[kind].name, step.label if step else code


def _total(step: StepTime) -> float:
    return sum(_seconds(step.spread(state)) for state in STATE_WORDS)


def _seconds(spread: Spread | None) -> float:
    return spread.total if spread else 0.0


def _finding(steps: list[StepTime]) -> str:
    """Where most time went, in a sentence."""
    totals = {state: sum(_seconds(one.spread(state)) for one in steps) for state in STATE_WORDS}
    whole = sum(totals.values())
    if not whole:
        return "Nothing was finished in this window"
    state = max(totals, key=lambda one: totals[one])
    first = max(steps, key=lambda one: _seconds(one.spread(state)))
    words = {IDLE: "lying idle", WORKING: "being worked on", OUTSIDE: "waiting outside"}[state]
    return f"{100 * totals[state] / whole:.0f} % of the time goes {words}, most of it at {first.process}: {first.step}"
