"""Attempts to reach patients: recorded as they happen, taken back only by a row with the reason, counted until success."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.care_outreach import NOTE, REMOVAL, last_attempts
from database.care_reads import Practice
from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.identity import time_ordered_id
from database.session import Session
from domain.care.enrolment import Step
from domain.care.outreach import CHANNELS, OUTCOMES, TONES, Channel, Outcome, Tried, due_again
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, NotFound
from policies.permissions import Permission
from services import door
from services.care import clocks
from services.care.clocks import Away
from services.care.scope import mine, rosters
from services.care.time_rows import LONGEST_NOTE as LONGEST_CLOCK_NOTE
from services.care.views import OutreachStanding
from services.clientele import checks
from services.clientele.checks import Faults
from services.clientele.patient_rows import full_name

LONGEST_NOTE = 2000
CLOCK = ("", "start", "stop")
_SELECT = """
SELECT o.*, u.name AS by_name, r.reason, p.person, e.programme, e.coordinator_id FROM care_outreach o
JOIN care_enrolments e ON e.tenant_id = o.tenant_id AND e.id = o.enrolment_id
JOIN patients p ON p.tenant_id = o.tenant_id AND p.id = o.patient_id
JOIN users u ON u.id = o.by_user
LEFT JOIN care_outreach_removals r ON r.tenant_id = o.tenant_id AND r.outreach_id = o.id
WHERE o.tenant_id = current_tenant() AND ($1::uuid[] IS NULL OR e.coordinator_id = ANY($1))
"""


@dataclass(frozen=True, slots=True)
class OutreachFacts:
    """An attempt just made. `clock`: with it one's clock for this patient is to `start`, or to `stop` with the note."""

    outcome: str
    channel: str = Channel.PHONE.value
    note: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class OutreachView:
    """One attempt (PHI). `removed` tells why it was taken back; such a one never counts."""

    id: UUID
    enrolment_id: UUID
    patient_name: str
    programme: str
    at: datetime
    by_name: str
    mine: bool
    channel: str
    channel_label: str
    outcome: str
    outcome_label: str
    tone: str
    note: str
    removed: str


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def outreach_of(
    session: Session, id: UUID, cursor: str | None = None, limit: int = PAGE
) -> Page[OutreachView]:
    """The attempts to reach one patient, the newest first, with those that were taken back."""
    await mine(session, id)
    return await _page(session, "AND o.enrolment_id = $3", cursor, limit, id)


@door.query(Permission.CARE_VIEW, phi=True)
async def list_outreach(
    session: Session, outcome: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[OutreachView]:
    """The attempts of one's own roster, or for managers of all, the newest first."""
    return await _page(session, "AND ($3 = '' OR o.outcome = $3)", cursor, limit, outcome)


async def _page(
    session: Session, condition: str, cursor: str | None, limit: int, value: Any
) -> Page[OutreachView]:
    size = page_size(limit)
    rows = await session.fetch(
        f"{_SELECT} AND ($2::uuid IS NULL OR o.id < $2) {condition} ORDER BY o.id DESC LIMIT {size + 1}",
        await rosters(session),
        uuid_in(cursor) if cursor else None,
        value,
    )
    key = await session.key()
    lines = [_view(session, key, row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


async def _shown(session: Session, outreach_id: UUID) -> OutreachView:
    row = await session.row(f"{_SELECT} AND o.id = $2", None, outreach_id)
    return _view(session, await session.key(), row)


@door.answering(Permission.CARE_RECORD, _shown, of="care_enrolments")
async def record_outreach(session: Session, id: UUID, facts: OutreachFacts) -> UUID:
    """Keep an attempt to reach a patient, and start or stop one's clock with it if asked to."""
    enrolment = await mine(session, id)
    if Step(enrolment["step"]) is Step.ENDED:
        raise Conflict(
            "care_outreach.ended",
            "This enrolment has ended.",
            "Begin a new enrolment on the patient's page first.",
        )
    note = _checked(facts)
    identifier = time_ordered_id()
    await session.execute(
        "INSERT INTO care_outreach (tenant_id, id, enrolment_id, patient_id, by_user, at, channel, outcome, note)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        session.tenant_id,
        identifier,
        id,
        enrolment["patient_id"],
        session.actor.user_id,
        datetime.now(UTC),
        facts.channel,
        facts.outcome,
        (await session.key()).seal(NOTE, note.encode()) if note else None,
    )
    if facts.clock == "start":
        await clocks.start(session, enrolment, "patient_call")
    elif facts.clock == "stop":
        await _stop(session, id, note)
    return identifier


async def _stop(session: Session, enrolment_id: UUID, note: str) -> None:
    row = await clocks.mine_running(session)
    if row is None or row["enrolment_id"] != enrolment_id:
        raise Conflict(
            "care_timer.not_running",
            "Your clock does not run for this patient.",
            "Record the attempt without stopping it.",
        )
    # What was typed on the clock comes first; the attempt keeps its own note whole.
    both = "; ".join(words for words in (await clocks.typed_so_far(session, row), note) if words)
    await clocks.stop(session, row, both[:LONGEST_CLOCK_NOTE], Away())


@door.answering(Permission.CARE_RECORD, _shown, of="care_outreach")
async def remove_outreach(session: Session, outreach_id: UUID, reason: str) -> UUID:
    """Take back an attempt of one's own that was recorded by mistake; managers anybody's. It stays visible."""
    row = await session.row(f"{_SELECT} AND o.id = $2", await rosters(session), outreach_id)
    manages = Permission.CARE_MANAGE in session.actor.permissions
    if row is None or (row["by_user"] != session.actor.user_id and not manages):
        raise NotFound(
            "not_found",
            "There is no attempt of yours under this id.",
            "Ask a care manager to take back somebody else's.",
        )
    faults, why = Faults("care_outreach"), checks.clean(reason)
    faults.text("reason", why, checks.REASON_LONGEST)
    if not why:
        faults.add("reason", "reason.missing", "Say why it is taken back.")
    faults.refuse()
    done = await session.execute(
        "INSERT INTO care_outreach_removals (tenant_id, outreach_id, reason, by_user) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        session.tenant_id,
        outreach_id,
        (await session.key()).seal(REMOVAL, why.encode()),
        session.actor.user_id,
    )
    if not done:
        raise Conflict("care_outreach.removed", "This was taken back already.", "Reload the list.")
    return outreach_id


async def standings(
    session: Session, rows: Sequence[Any], practices: Mapping[UUID, Practice]
) -> dict[UUID, OutreachStanding]:
    """Where the attempts stand of each enrolment of `scope.ROW`, whose practices are these; one query for all."""
    last = await last_attempts(session, [row["id"] for row in rows])
    now = datetime.now(UTC)
    return {
        row["id"]: _standing(last.get(row["id"]), ZoneInfo(practices[row["client_id"]].zone), now)
        for row in rows
    }


def _standing(row: Any, zone: ZoneInfo, now: datetime) -> OutreachStanding:
    today = now.astimezone(zone).date()
    if row is None:
        return OutreachStanding(None, "Not tried yet", "neutral", 0, None, today, True)
    outcome = Outcome(row["outcome"])
    due_on = due_again(Tried(outcome, row["at"].astimezone(zone).date(), row["in_vain"]), today)
    return OutreachStanding(
        row["at"],
        OUTCOMES[outcome],
        TONES[outcome],
        row["in_vain"],
        row["reached_at"],
        due_on,
        due_on <= today,
    )


def _checked(facts: OutreachFacts) -> str:
    """The note, clean, or the refusal that names each fault."""
    faults = Faults("care_outreach")
    faults.one_of("channel", facts.channel, CHANNELS, f"Choose one of: {', '.join(CHANNELS)}.")
    faults.one_of("outcome", facts.outcome, OUTCOMES, f"Choose one of: {', '.join(OUTCOMES)}.")
    faults.one_of("clock", facts.clock, CLOCK, "Choose start, stop, or nothing.")
    note = checks.clean(facts.note)
    faults.text("note", note, LONGEST_NOTE)
    faults.refuse()
    return note


def _view(session: Session, key: TenantKey, row: Any) -> OutreachView:
    person, _ = open_person(key, row["person"])
    outcome = Outcome(row["outcome"])
    return OutreachView(
        row["id"],
        row["enrolment_id"],
        full_name(person),
        row["programme"],
        row["at"],
        row["by_name"],
        row["by_user"] == session.actor.user_id,
        row["channel"],
        CHANNELS[Channel(row["channel"])],
        outcome.value,
        OUTCOMES[outcome],
        TONES[outcome],
        key.open(NOTE, row["note"]).decode() if row["note"] else "",
        key.open(REMOVAL, row["reason"]).decode() if row["reason"] else "",
    )
