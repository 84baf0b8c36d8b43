"""A time entry between what was typed and the row that never changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.care_months import must_be_open
from database.care_reads import NOTE, REASON, credential_on
from database.care_sheets import mark_changed
from database.crypto import TenantKey
from database.session import Session
from domain.care.activities import ACTIVITIES, LONGEST_SECONDS, SOURCES, Source
from domain.care.counting import Piece
from domain.care.enrolment import CONSENTED, Step
from domain.care.entries import Credential
from domain.care.words import WHY
from domain.refusals import Conflict
from services.care.sheet_guard import changeable
from services.care.views import PieceView, TimeView
from services.clientele import checks
from services.clientele.checks import Faults

LONGEST_NOTE = 4000
_INSERT = """
INSERT INTO care_time_entries (tenant_id, id, enrolment_id, patient_id, staff_id, staff_name, credential, activity,
    starts_at, ends_at, source, note, reason, supersedes, void, recorded_by, clock_id)
SELECT $1, coalesce($2, uuidv7()), $3, $4, $5, (SELECT name FROM users WHERE id = $5), $6, $7, $8, $9, $10, $11, $12,
    $13, $14, $15, $16
ON CONFLICT DO NOTHING RETURNING id
"""
SELECT = """
SELECT t.*, EXISTS (SELECT 1 FROM care_time_entries s WHERE s.tenant_id = t.tenant_id AND s.supersedes = t.id)
    AS superseded, coalesce(d.approved, CASE WHEN a.state IN ('refused', 'withdrawn', 'overtaken') THEN false END) AS approved
FROM care_time_entries t
LEFT JOIN care_time_decisions d ON d.tenant_id = t.tenant_id AND d.entry_id = t.id
LEFT JOIN approvals a ON a.tenant_id = t.tenant_id AND a.key = 'care_time:' || t.id
WHERE t.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A row about to be written. `id` is given where writing twice must be once."""

    starts_at: datetime
    ends_at: datetime
    activity: str
    source: Source
    note: str = ""
    reason: str = ""
    staff_id: UUID | None = None
    supersedes: UUID | None = None
    void: bool = False
    id: UUID | None = None
    clock_id: UUID | None = None


async def write(session: Session, enrolment: Any, entry: NewEntry, zone: str) -> UUID:
    """Append the row; its id. The credential is what the person was on the day on which the time began. Refused where
    the month is frozen of it, or of what it stands in for, and where another row stands in for that already; where
    their time sheet was accepted a manager's word is needed."""
    staff = entry.staff_id or session.actor.user_id
    assert staff is not None  # time is recorded by people
    touched = await _touched(session, entry)
    for stretch in touched:
        await must_be_open(session, enrolment["client_id"], *stretch)
    sheets = await changeable(session, staff, touched)
    day = entry.starts_at.astimezone(ZoneInfo(zone)).date()
    credential = await credential_on(session, staff, day)
    made = await _inserted(session, enrolment, entry, staff, credential)
    if made is None:
        if entry.supersedes or entry.id is None:
            raise superseded()
        return entry.id  # written before
    if sheets:
        await mark_changed(session, sheets, made, entry.reason)
    return made


async def _touched(session: Session, entry: NewEntry) -> list[tuple[datetime, datetime]]:
    """The stretches of time whose count changes: its own, and that of what it stands in for."""
    touched = [(entry.starts_at, entry.ends_at)]
    if entry.supersedes:
        old = await session.row(
            "SELECT starts_at, ends_at FROM care_time_entries WHERE id = $1", entry.supersedes
        )
        touched.append((old["starts_at"], old["ends_at"]))
    return touched


async def _inserted(
    session: Session, enrolment: Any, entry: NewEntry, staff: UUID, credential: Credential
) -> UUID | None:
    """The id of the new row; None where one of that id, or in that place, is there already."""
    key = await session.key()
    made: UUID | None = await session.value(
        _INSERT,
        session.tenant_id,
        entry.id,
        enrolment["id"],
        enrolment["patient_id"],
        staff,
        credential.value,
        entry.activity,
        entry.starts_at,
        entry.ends_at,
        entry.source.value,
        key.seal(NOTE, entry.note.encode()) if entry.note else None,
        key.seal(REASON, entry.reason.encode()) if entry.reason else None,
        entry.supersedes,
        entry.void,
        session.actor.user_id,
        entry.clock_id,
    )
    return made


def superseded() -> Conflict:
    """The refusal of a second row in the place of one."""
    return Conflict(
        "care_time.superseded",
        "This entry was corrected or made void already.",
        "Correct the entry that stands in its place.",
    )


def voiding(old: Any, reason: str) -> NewEntry:
    """The row that says of an entry, a row of SELECT, that it never counts, and why."""
    return NewEntry(
        old["starts_at"], old["ends_at"], old["activity"], Source.MANUAL, reason=reason,
        staff_id=old["staff_id"], supersedes=old["id"], void=True,
    )  # fmt: skip


def must_count(enrolment: Any, on: date | None = None) -> None:
    """Refuse time that could never count: of a patient who has not consented, or who had left the programme by the day."""
    if Step(enrolment["step"]) in CONSENTED:
        return
    began, ended = enrolment["consented_on"], enrolment["ends_on"]
    if on is None or began is None or ended is None or not began <= on <= ended:
        raise Conflict(
            "care_time.no_consent",
            "This patient has not consented, or has left the programme.",
            "Record the consent first; time before it, or after the last day, never counts.",
        )


def checked(entry: NewEntry, now: datetime) -> NewEntry:
    """The entry with clean texts, or the refusal that names each fault."""
    faults = Faults("care_time")
    faults.one_of("activity", entry.activity, ACTIVITIES, "Choose what the time was spent on.")
    note, reason = checks.clean(entry.note), checks.clean(entry.reason)
    if len(note) > LONGEST_NOTE:
        faults.add("note", "text.too_long", f"Use at most {LONGEST_NOTE} characters.")
    faults.text("reason", reason, checks.REASON_LONGEST)
    if (entry.source is not Source.LIVE or entry.supersedes) and not reason:
        faults.add("reason", "reason.missing", "Say why this was not recorded as it happened.")
    times(faults, entry.starts_at, entry.ends_at, now, empty=entry.void)
    faults.refuse()
    return replace(entry, note=note, reason=reason)


def times(faults: Faults, starts: datetime, ends: datetime, now: datetime, *, empty: bool = False) -> None:
    """Note what is wrong with a stretch of time that somebody says to have worked."""
    for name, moment in (("starts_at", starts), ("ends_at", ends)):
        if moment.tzinfo is None or moment.microsecond:
            faults.add(name, f"{name}.inexact", "Give the moment to the second, with its time zone.")
            return
    if ends <= starts and not empty:
        faults.add("ends_at", "ends_at.not_later", "The end must be later than the beginning.")
    elif ends > now:
        faults.add("ends_at", "ends_at.future", "The end must have come.")
    elif (ends - starts).total_seconds() > LONGEST_SECONDS:
        hours = LONGEST_SECONDS // 3600
        faults.add("ends_at", "ends_at.too_long", f"One entry is at most {hours} hours; split it.")


def view(key: TenantKey, row: Any, pieces: Sequence[Piece] = ()) -> TimeView:
    """A row of SELECT, with the fate of its seconds where a month was reckoned."""
    same = (
        "id",
        "staff_id",
        "staff_name",
        "credential",
        "activity",
        "starts_at",
        "ends_at",
        "source",
        "supersedes",
    )
    late = row["source"] == Source.BACK_DATED.value
    return TimeView(
        **{name: row[name] for name in same},
        activity_label=ACTIVITIES.get(row["activity"], row["activity"]),
        seconds=int((row["ends_at"] - row["starts_at"]).total_seconds()),
        source_label=SOURCES[Source(row["source"])],
        note=key.open(NOTE, row["note"]).decode() if row["note"] else "",
        reason=key.open(REASON, row["reason"]).decode() if row["reason"] else "",
        superseded=row["superseded"],
        void=row["void"],
        waiting=late and row["approved"] is None,
        refused=late and row["approved"] is False,
        pieces=[PieceView(one.ends - one.starts, one.why.value, WHY[one.why]) for one in pieces],
    )


def now() -> datetime:
    """This second."""
    return datetime.now(UTC).replace(microsecond=0)
