"""Test files through a connection that is being set up: begun, watched, tried again."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.identity import time_ordered_id
from database.session import Session
from domain.refusals import Conflict
from domain.trials import STEPS
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.clientele.connection_words import told_of

MEMBER = "connection_trials.member_id"


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """Whose claim the test file holds, to which payer, and the partner's test member."""

    client_id: UUID
    payer_id: UUID
    member_id: str


@dataclass(frozen=True, slots=True)
class TrialStep:
    """One step of a trial. `state` is done, current, failed or ahead."""

    step: str
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What the partner answered. `codes` as it sent them; the file can be opened."""

    kind: str
    sender: str
    verdict: str
    codes: list[str]
    file_id: UUID


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial as shown. `status` is running, waiting (for a person), accepted or ended; `words` say what is wrong."""

    id: UUID
    connection_id: UUID
    step: str
    status: str
    code: str
    words: str
    what_to_do: str
    claim_number: str
    file_id: UUID | None
    sha256: str
    steps: list[TrialStep]
    answers: list[TrialAnswer]
    started_at: datetime
    uploaded_at: datetime | None
    finished_at: datetime | None


@door.query(Permission.CONNECTIONS_VIEW, of="connections")
async def latest_trial(session: Session, connection_id: UUID) -> TrialView | None:
    """The newest trial of a connection; none when none was begun."""
    row = await session.row(
        "SELECT * FROM connection_trials WHERE connection_id = $1 ORDER BY id DESC LIMIT 1", connection_id
    )
    return _view(row) if row else None


async def _newest(session: Session, trial_id: UUID) -> TrialView:
    return _view(await session.row("SELECT * FROM connection_trials WHERE id = $1", trial_id))


@door.answering(Permission.CONNECTIONS_MANAGE, _newest, of="connections")
async def start_trial(session: Session, connection_id: UUID, facts: TrialFacts) -> UUID:
    """Send a test file through the connection and follow its answers."""
    row = await session.row("SELECT setup_step FROM connections WHERE id = $1 FOR UPDATE", connection_id)
    if row["setup_step"] != "trial":
        raise Conflict(
            "trial.not_now",
            "The steps before the test file are not done.",
            "Go on with the setup where it stands.",
        )
    if await session.value(
        "SELECT 1 FROM connection_trials WHERE connection_id = $1 AND status IN ('running', 'waiting')",
        connection_id,
    ):
        raise Conflict(
            "trial.running", "A test file is on its way.", "Wait for its answers, or give it up first."
        )
    await records.must_be_active(session, "clients", facts.client_id, "client_id", "client")
    await records.must_be_active(session, "payers", facts.payer_id, "payer_id", "payer")
    member = checks.code(facts.member_id)
    faults = Faults("trial")
    faults.code("member_id", member, "the member id that the partner gave for tests")
    faults.refuse()
    identifier = time_ordered_id()
    await session.execute(
        "INSERT INTO connection_trials (tenant_id, id, connection_id, client_id, payer_id, member_id, started_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        session.tenant_id,
        identifier,
        connection_id,
        facts.client_id,
        facts.payer_id,
        (await session.key()).seal(MEMBER, member.encode()),
        session.actor.user_id,
    )
    start = {"tenant_id": session.tenant_id, "trial_id": identifier}
    await session.tell("start", _process(session, identifier), "", start, workflow="ConnectionTrial")
    return identifier


@door.answering(Permission.CONNECTIONS_MANAGE, _newest, of="connections")
async def try_trial_again(session: Session, connection_id: UUID, end: bool = False) -> UUID:
    """Try the step that failed again, after mending; a rejected file is written anew. With `end` give the trial up."""
    row = await session.row(
        "SELECT id, status FROM connection_trials WHERE connection_id = $1 ORDER BY id DESC LIMIT 1",
        connection_id,
    )
    if row is None or row["status"] not in ("running", "waiting"):
        raise Conflict("trial.not_running", "No test file is on its way.", "Begin a new one.")
    payload = {"tenant_id": session.tenant_id, "end": end}
    await session.tell("update", _process(session, row["id"]), "again", payload)
    identifier: UUID = row["id"]
    return identifier


def _process(session: Session, identifier: UUID) -> str:
    return f"{session.tenant_id}/trial/{identifier}"


def _view(row: Any) -> TrialView:
    words, what_to_do = told_of(row["code"]) if row["code"] else ("", "")
    names = ("id", "connection_id", "step", "status", "code", "claim_number", "file_id", "sha256", "started_at",
             "uploaded_at", "finished_at")  # fmt: skip
    return TrialView(
        **{name: row[name] for name in names},
        words=words,
        what_to_do=what_to_do,
        steps=_steps(row["step"], row["status"]),
        answers=[
            TrialAnswer(one["kind"], one["sender"], one["verdict"], one["codes"], UUID(one["file_id"]))
            for one in json.loads(row["answers"])
        ],
    )


def _steps(here: str, status: str) -> list[TrialStep]:
    names = [name for name, _ in STEPS]
    place = names.index(here)
    current = {"waiting": "failed", "ended": "failed", "accepted": "done"}.get(status, "current")
    return [
        TrialStep(name, words, "done" if number < place else current if number == place else "ahead")
        for number, (name, words) in enumerate(STEPS)
    ]
