"""Moving patients between coordinators: proposed, approved by somebody else, carried out, and given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from activities.approvals.opening import request_approval
from activities.denials.classifying import today_of
from database.approval_states import holders_of
from database.care_profiles import RECORDS
from database.session import Session
from domain.reassignment.process import Mode
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.work import checked_comment

WORKFLOW = "RosterMove"
REASON = "care_moves.reason"
END_REASON = "care_moves.end_reason"
WHY = "care_move_rows.why"
MOST = 5_000
LONGEST = timedelta(days=366)
_INSERT = """
INSERT INTO care_moves (tenant_id, reference, key, mode, until, reason, requested_by, total)
VALUES ($1, 'RM-' || nextval('care_move_reference'), $2, $3, $4, $5, $6, $7) RETURNING id, reference
"""
# Locked, so that two who propose the same patient at once come one after the other.
_NOW = """
SELECT e.id, e.coordinator_id, e.step, (SELECT m.reference FROM care_move_rows r JOIN care_moves m
    ON m.tenant_id = r.tenant_id AND m.id = r.move_id WHERE r.tenant_id = e.tenant_id AND r.enrolment_id = e.id
    AND m.state IN ('planned', 'waiting', 'moving', 'returning', 'undoing') LIMIT 1) AS under_way
FROM care_enrolments e WHERE e.tenant_id = current_tenant() AND e.id = ANY($1::uuid[]) ORDER BY e.id FOR UPDATE OF e
"""
_ROWS = ("tenant_id", "move_id", "place", "enrolment_id", "from_user_id", "to_user_id", "why")


@dataclass(frozen=True, slots=True)
class Move:
    """A patient's enrolment, who is to have it, and why, in words that may speak of the patient."""

    enrolment_id: UUID
    to_user_id: UUID
    why: str = ""


def workflow_id(tenant_id: UUID, move_id: UUID) -> str:
    """The id of a move's process."""
    return f"{tenant_id}/care_move/{move_id}"


async def propose_move(
    session: Session, *, key: str, moves: Sequence[Move], until: date | None, reason: str
) -> UUID:
    """Propose that patients change their coordinator, for good or until a day, once per key; the id of the move.

    Nothing changes hands before somebody else approved it. Who is with their new coordinator already is left out."""
    known: UUID | None = await session.value("SELECT id FROM care_moves WHERE key = $1", key)
    if known:
        return known
    words = checked_comment(reason, required=True, field="reason")
    await _check_day(session, until)
    now = await _checked(session, moves)
    rows = [(one, now[one.enrolment_id]) for one in moves if now[one.enrolment_id] != one.to_user_id]
    if not rows:
        raise Conflict(
            "care_move.nothing", "There is nobody to move.", "Choose patients and who is to have them."
        )
    mode = Mode.TEMPORARY if until else Mode.PERMANENT
    sealed = (await session.key()).seal(REASON, words.encode())
    made = await session.row(
        _INSERT, session.tenant_id, key, mode, until, sealed, session.actor.user_id, len(rows)
    )
    await _store(session, made["id"], rows)
    told = {"tenant_id": session.tenant_id, "reassignment_id": made["id"]}
    to = workflow_id(session.tenant_id, made["id"])
    await session.tell("start", to, "", told | {"asks": True}, workflow=WORKFLOW)
    await _ask(session, made["id"], made["reference"], rows, words)
    return made["id"]  # type: ignore[no-any-return]


async def _check_day(session: Session, until: date | None) -> None:
    today = await today_of(session)
    if until is not None and not today < until <= today + LONGEST:
        raise wrong("until", "Choose the day of return: from tomorrow to a year ahead.")


async def _checked(session: Session, moves: Sequence[Move]) -> dict[UUID, UUID | None]:
    """Who has each patient now; refused when one cannot be moved or somebody cannot have patients."""
    wanted = [one.enrolment_id for one in moves]
    if len(set(wanted)) < len(wanted) or len(wanted) > MOST:
        raise wrong("moves", f"Name each patient once, and at most {MOST:,}.")
    able = await holders_of(session, RECORDS)
    if any(one.to_user_id not in able for one in moves):
        raise wrong("moves", "Somebody among those who are to have patients may not record care.")
    rows = await session.fetch(_NOW, wanted)
    if len(rows) < len(wanted):
        raise NotFound("not_found", "One of the patients is not there.", "Load the page again.")
    if any(row["step"] == "ended" for row in rows):
        raise wrong("moves", "An enrolment among them has ended.")
    if reference := next((row["under_way"] for row in rows if row["under_way"]), None):
        raise Conflict(
            "care_move.under_way",
            f"{reference} moves one of them already.",
            "Wait until it is done, or cancel it.",
        )
    return {row["id"]: row["coordinator_id"] for row in rows}


def wrong(field: str, words: str) -> Invalid:
    """A field that cannot be so."""
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"care_move.{field}", "The patients cannot be moved so.", words, fields=(fault,))


async def _store(session: Session, move_id: UUID, rows: Sequence[tuple[Move, UUID | None]]) -> None:
    key, tenant_id = await session.key(), session.tenant_id
    await session.copy(
        "care_move_rows",
        _ROWS,
        [
            (
                tenant_id,
                move_id,
                place,
                one.enrolment_id,
                old,
                one.to_user_id,
                key.seal(WHY, one.why.encode()),
            )
            for place, (one, old) in enumerate(rows, 1)
        ],
    )


async def _ask(
    session: Session, move_id: UUID, reference: str, rows: Sequence[tuple[Move, UUID | None]], reason: str
) -> None:
    asker = session.actor.user_id
    assert asker is not None  # only people and their tokens hold permissions
    patients = "1 patient" if len(rows) == 1 else f"{len(rows)} patients"
    approval_id = await request_approval(
        session,
        key=f"care_move:{move_id}",
        kind="roster_move",
        subject_type="care_move",
        subject_id=move_id,
        summary=f"{reference}, {patients}",
        requester_id=asker,
        excluded=sorted({old for _, old in rows if old}),
        reason=reason,
        tell=(
            workflow_id(session.tenant_id, move_id),
            "approved",
            {"tenant_id": session.tenant_id, "reassignment_id": move_id},
        ),
    )
    await session.execute("UPDATE care_moves SET approval_id = $2 WHERE id = $1", move_id, approval_id)
