"""Appeals: opening one, what people tell of it, and looking at them. The appeal's process writes where it stands."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.denials import opening
from activities.denials.classifying import today_of
from activities.work import close_items
from database.session import Session
from domain.claims.process import Event as ClaimEvent
from domain.claims.process import Step, allowed
from domain.denials.appeal import LABELS, TRANSITIONS, Event, Stage
from domain.denials.classes import DenialClass
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from domain.work import checked_comment
from policies.permissions import Permission
from services import door
from services.denials.appeal_views import ARGUMENT, ATTACHMENTS, LINE, appeal_view, possible
from services.denials.views import AppealLine, AppealView, appeal_line
from services.denials.worklist import known

CHANNELS = ("portal", "mail", "certified mail", "fax", "electronic")
LONGEST_TRACKING = 80
LONGEST_ATTACHMENT = 200
MOST_ATTACHMENTS = 30
MOST_CENTS = 10**12
DECISIONS = (Event.OVERTURNED.value, Event.PARTIALLY_OVERTURNED.value, Event.UPHELD.value)


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """What a person writes: why the decision is wrong, and the evidence that goes along, a line each. Kept encrypted."""

    argument: str = ""
    attachments: list[str] | None = None


@door.query(Permission.CLAIMS_VIEW)
async def list_appeals(
    session: Session,
    *,
    stage: str = "",
    class_code: str = "",
    payer_id: UUID | None = None,
    open_only: bool = False,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[AppealLine]:
    """Appeals, the newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{LINE} AND ($1 = '' OR a.stage = $1) AND ($2 = '' OR a.class_code = $2) AND ($3::uuid IS NULL OR a.payer_id = $3)"
        " AND (NOT $4 OR a.closed_at IS NULL) AND ($5::uuid IS NULL OR a.id < $5)"
        f" ORDER BY a.id DESC LIMIT {size + 1}",
        known(stage, Stage, "stage"),
        known(class_code, DenialClass, "class_code"),
        payer_id,
        open_only,
        uuid_in(cursor) if cursor else None,
    )
    lines = [appeal_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.CLAIMS_VIEW, of="appeals", phi=True)
async def get_appeal(session: Session, appeal_id: UUID) -> AppealView:
    """An appeal with its timeline, letters and outcomes."""
    return await appeal_view(session, appeal_id)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="claims")
async def open_appeal(session: Session, claim_id: UUID, facts: AppealFacts | None = None) -> UUID:
    """Appeal the payer's decision on a claim. One that is open already is answered as it is."""
    # Two who appeal at once get the same appeal.
    step = Step(await session.value("SELECT step FROM claims WHERE id = $1 FOR UPDATE", claim_id))
    if step is not Step.APPEALED and ClaimEvent.APPEALED not in allowed(step):
        raise Conflict(
            "claim.not_denied",
            "Nothing on this claim stands denied.",
            "Wait for the payer's decision; only that can be appealed.",
        )
    argument, attachments = await _sealed(session, facts or AppealFacts())
    by = session.actor.user_id
    appeal_id = await opening.open_appeal(session, claim_id, by, argument=argument, attachments=attachments)
    await close_items(session, "claim", claim_id, ["denial"], decision="appeal", by=by)
    return appeal_id


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def write(session: Session, appeal_id: UUID, facts: AppealFacts) -> UUID:
    """Keep what the letter shall say and what goes along, while it is a draft."""
    row = await session.row("SELECT stage FROM appeals WHERE id = $1 FOR UPDATE", appeal_id)
    if Stage(row["stage"]) is not Stage.DRAFTED:
        raise Conflict(
            "appeal.not_a_draft",
            f"The appeal is {LABELS[Stage(row['stage'])].lower()}: its letter stands.",
            "Send it back to be changed, if it was not sent yet.",
        )
    argument, attachments = await _sealed(session, facts)
    await session.execute(
        "UPDATE appeals SET argument = $2, attachments = $3, version = version + 1 WHERE id = $1",
        appeal_id,
        argument,
        attachments,
    )
    return appeal_id


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def ask_approval(session: Session, appeal_id: UUID) -> UUID:
    """Give the letter to a second person, as this amount needs."""
    return await _tell(session, appeal_id, Event.NEEDS_APPROVAL)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def approve(session: Session, appeal_id: UUID) -> UUID:
    """Approve a letter over the limit: by a lead, and never by who opened the appeal."""
    door.also(session, Permission.WORK_ASSIGN)
    opened_by = await session.value("SELECT opened_by FROM appeals WHERE id = $1", appeal_id)
    if opened_by == session.actor.user_id:
        raise Conflict(
            "appeal.own", "Nobody approves an appeal of their own.", "Ask another lead to look at it."
        )
    return await _tell(session, appeal_id, Event.APPROVED)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def send_back(session: Session, appeal_id: UUID) -> UUID:
    """Make the letter a draft again."""
    return await _tell(session, appeal_id, Event.SENT_BACK)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def sent(session: Session, appeal_id: UUID, on: date, channel: str, tracking: str = "") -> UUID:
    """Tell that the appeal went out: the payer's time to answer begins on that day."""
    if channel not in CHANNELS:
        raise _wrong("channel", f"Choose one of: {', '.join(CHANNELS)}.")
    if len(tracking) > LONGEST_TRACKING or "\0" in tracking:
        raise _wrong("tracking", f"Write at most {LONGEST_TRACKING} characters.")
    return await _tell(session, appeal_id, Event.SENT, on=on, channel=channel, tracking=tracking.strip())


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def acknowledged(session: Session, appeal_id: UUID, on: date) -> UUID:
    """Tell that the payer has confirmed that it came."""
    return await _tell(session, appeal_id, Event.ACKNOWLEDGED, on=on)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def decided(
    session: Session, appeal_id: UUID, decision: str, on: date, recovered_cents: int = 0
) -> UUID:
    """Tell the payer's decision: overturned, partially_overturned or upheld, and what it recovers as far as is known."""
    if decision not in DECISIONS:
        raise _wrong("decision", f"Choose one of: {', '.join(DECISIONS)}.")
    if not 0 <= recovered_cents <= MOST_CENTS:
        raise _wrong("recovered_cents", "Enter what the payer will pay, or nothing.")
    return await _tell(session, appeal_id, Event(decision), on=on, recovered_cents=recovered_cents)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def next_level(session: Session, appeal_id: UUID) -> UUID:
    """Take a lost appeal to the next level while its window is open."""
    claim_id = await session.value("SELECT claim_id FROM appeals WHERE id = $1", appeal_id)
    await _tell(session, appeal_id, Event.NEXT_LEVEL)
    await close_items(session, "claim", claim_id, ["denial"], decision="appeal", by=session.actor.user_id)
    return appeal_id


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def give_up(session: Session, appeal_id: UUID) -> UUID:
    """Take a lost appeal no further: the denial is worked again."""
    return await _tell(session, appeal_id, Event.GIVEN_UP)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def withdraw(session: Session, appeal_id: UUID, reason: str) -> UUID:
    """End an appeal, with a reason that is kept as a note on its claim."""
    text = checked_comment(reason, required=True, field="reason")
    claim_id = await session.value("SELECT claim_id FROM appeals WHERE id = $1", appeal_id)
    await session.execute(
        "INSERT INTO notes (tenant_id, subject_type, subject_id, body, author_id, author_name)"
        " VALUES ($1, 'claim', $2, $3, $4, $5)",
        session.tenant_id,
        claim_id,
        (await session.key()).seal("notes.body", text.encode()),
        session.actor.user_id,
        session.actor.name,
    )
    return await _tell(session, appeal_id, Event.WITHDRAWN)


async def _tell(
    session: Session,
    appeal_id: UUID,
    event: Event,
    *,
    on: date | None = None,
    channel: str = "",
    tracking: str = "",
    recovered_cents: int = 0,
) -> UUID:
    """Tell the appeal's process, once it is clear that the fact can be true now."""
    row = await session.row("SELECT * FROM appeals WHERE id = $1 FOR UPDATE", appeal_id)
    _must_be_possible(row, event)
    await _must_be_past(session, on, row["decided_on"])
    request_id = await session.value("SELECT uuidv7()")
    payload = {
        "tenant_id": session.tenant_id,
        "request_id": request_id,
        "event": event.value,
        "by": session.actor.user_id,
        "on": on,
        "channel": channel,
        "tracking": tracking,
        "recovered_cents": recovered_cents,
    }
    workflow_id = opening.workflow_id(session.tenant_id, appeal_id)
    await session.tell("update", workflow_id, "happened", payload, message_id=request_id)
    return appeal_id


def _must_be_possible(row: Any, event: Event) -> None:
    if event.value in possible(row):
        return
    stage = Stage(row["stage"])
    if event is Event.SENT and Event.SENT in TRANSITIONS[stage]:
        raise Conflict(
            "appeal.needs_approval",
            "An appeal for this amount needs a second person's approval.",
            "Ask for the approval, then send it.",
        )
    words = ", ".join(one.replace("_", " ") for one in possible(row))
    raise Conflict(
        "appeal.event_out_of_place",
        f"The appeal is {LABELS[stage].lower()}: this is not possible now.",
        f"Possible now: {words or 'nothing'}.",
    )


async def _must_be_past(session: Session, on: date | None, decided_on: date) -> None:
    today = await today_of(session)
    # Payers date a payment ahead: what was decided "tomorrow" may be appealed today.
    if on is not None and not min(decided_on, today) <= on <= today:
        raise _wrong("on", "Choose a day from the payer's decision to today.")


async def _sealed(session: Session, facts: AppealFacts) -> tuple[bytes | None, bytes | None]:
    argument = checked_comment(facts.argument, field="argument")
    lines = [line.strip() for line in facts.attachments or [] if line.strip()]
    if len(lines) > MOST_ATTACHMENTS or any(len(line) > LONGEST_ATTACHMENT or "\0" in line for line in lines):
        raise _wrong(
            "attachments", f"List at most {MOST_ATTACHMENTS} of at most {LONGEST_ATTACHMENT} characters."
        )
    key = await session.key()
    return (
        key.seal(ARGUMENT, argument.encode()) if argument else None,
        key.seal(ATTACHMENTS, json.dumps(lines).encode()) if lines else None,
    )


def _wrong(field: str, words: str) -> Invalid:
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"appeal.{field}", "This cannot be told so.", words, fields=(fault,))
