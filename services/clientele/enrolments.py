"""Enrolments of clients with payers: asked for, told what happened, listed, and seen as clients by payers."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.identity import time_ordered_id
from database.session import Session
from domain.enrolments import (
    OF_THE_CLOCK,
    TRANSACTIONS,
    TRANSITIONS,
    USUAL_PAPERWORK,
    Event,
    Said,
    Step,
    faults_of,
    following,
)
from domain.paging import Page, page_size
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.clientele.enrolment_views import (
    EnrolmentFacts,
    EnrolmentLine,
    EnrolmentMatrix,
    EnrolmentNews,
    EnrolmentView,
    MatrixCell,
    Named,
    Paper,
    line_of,
    papers_of,
    view_of,
)

MOST_IN_MATRIX = 60
MOST_PAPERS = 20
_SELECT = """
SELECT e.*, c.name AS client_name, p.name AS payer_name FROM enrolments e
JOIN clients c ON c.tenant_id = e.tenant_id AND c.id = e.client_id
JOIN payers p ON p.tenant_id = e.tenant_id AND p.id = e.payer_id
"""
_LIST = f"""
{_SELECT} WHERE e.tenant_id = current_tenant()
    AND ($1 = '' AND e.step <> 'ended' OR e.step = $1) AND ($2::uuid IS NULL OR e.client_id = $2)
    AND ($3::uuid IS NULL OR e.payer_id = $3) AND ($4 = '' OR e.transaction = $4) AND ($5::uuid IS NULL OR e.id < $5)
ORDER BY e.id DESC LIMIT $6
"""
# A client and a payer meet in one cell: the enrolment that stands, and whether the payer asks for one today.
_CELLS = """
SELECT c.id AS client_id, p.id AS payer_id, e.id AS enrolment_id, coalesce(e.step, '') AS step,
    coalesce((SELECT r.required FROM enrolment_requirements r WHERE r.payer_id = p.id AND r.transaction = $1
              AND r.effective_from <= current_date ORDER BY r.effective_from DESC LIMIT 1), false) AS required
FROM clients c CROSS JOIN payers p
LEFT JOIN enrolments e ON e.client_id = c.id AND e.payer_id = p.id AND e.transaction = $1 AND e.step <> 'ended'
WHERE c.id = ANY($2) AND p.id = ANY($3)
"""


@door.query(Permission.ENROLMENTS_VIEW)
async def list_enrolments(
    session: Session,
    step: str = "",
    client_id: UUID | None = None,
    payer_id: UUID | None = None,
    transaction: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[EnrolmentLine]:
    """Enrolments, newest first; those that have ended only when asked for by their step."""
    size = page_size(limit)
    rows = await session.fetch(
        _LIST, step, client_id, payer_id, transaction, records.cursor_id(cursor), size + 1
    )
    return records.page_of(rows, size, ["id"], line_of)


@door.query(Permission.ENROLMENTS_VIEW, of="enrolments")
async def get_enrolment(session: Session, id: UUID) -> EnrolmentView:
    """One enrolment with its forms, its history and what may be told of it now."""
    return await _shown(session, id)


@door.query(Permission.ENROLMENTS_VIEW)
async def enrolment_matrix(session: Session, transaction: str = "837P") -> EnrolmentMatrix:
    """How every client stands with every payer for one transaction."""
    _must_be_known(transaction)
    names = "SELECT id, name FROM {} WHERE active ORDER BY name, id LIMIT $1"
    clients = await session.fetch(names.format("clients"), MOST_IN_MATRIX + 1)
    payers = await session.fetch(names.format("payers"), MOST_IN_MATRIX + 1)
    more = max(len(clients), len(payers)) > MOST_IN_MATRIX
    shown = [[Named(row["id"], row["name"]) for row in rows[:MOST_IN_MATRIX]] for rows in (clients, payers)]
    cells = await session.fetch(_CELLS, transaction, *([one.id for one in side] for side in shown))
    return EnrolmentMatrix(transaction, shown[0], shown[1], [_cell(row) for row in cells], more)


async def _shown(session: Session, id: UUID) -> EnrolmentView:
    row = await session.row(f"{_SELECT} WHERE e.id = $1", id)
    events = await session.fetch(
        "SELECT at, event, step, actor_name, facts FROM enrolment_events WHERE enrolment_id = $1"
        " ORDER BY id DESC",
        id,
    )
    return view_of(row, events)


@door.answering(Permission.ENROLMENTS_MANAGE, _shown)
async def request_enrolment(session: Session, facts: EnrolmentFacts) -> UUID:
    """Begin an enrolment; its process opens the work of each person in turn."""
    _must_be_known(facts.transaction)
    await records.must_be_active(session, "clients", facts.client_id, "client_id", "client")
    await records.must_be_active(session, "payers", facts.payer_id, "payer_id", "payer")
    await _must_be_the_only_one(session, facts)
    identifier = time_ordered_id()
    await session.execute(
        "INSERT INTO enrolments (tenant_id, id, client_id, payer_id, transaction, paperwork, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        session.tenant_id,
        identifier,
        facts.client_id,
        facts.payer_id,
        facts.transaction,
        json.dumps(await _usual_papers(session, facts)),
        session.actor.user_id,
    )
    start = {"tenant_id": session.tenant_id, "enrolment_id": identifier}
    await session.tell("start", _process(session, identifier), "", start, workflow="PayerEnrolment")
    return identifier


@door.answering(Permission.ENROLMENTS_MANAGE, _shown, of="enrolments")
async def tell_enrolment(session: Session, id: UUID, news: EnrolmentNews) -> UUID:
    """Tell what happened: forms prepared, signed, submitted, acknowledged, approved, rejected, and so on."""
    row = await session.row("SELECT step, paperwork FROM enrolments WHERE id = $1 FOR UPDATE", id)
    event, said = _event_of(news.event), _said(news)
    step = Step(row["step"])
    following(step, event)
    faults = faults_of(event, said, await _today(session))
    if faults:
        raise Invalid(
            "enrolment.incomplete", "Something is missing.", "Mend the fields that are named.", fields=faults
        )
    if event is Event.PREPARED:
        _must_be_ready(papers_of(row["paperwork"]))
    event_id: UUID = await session.value(
        "INSERT INTO enrolment_events (tenant_id, enrolment_id, event, step, facts, actor_id, actor_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        session.tenant_id,
        id,
        event.value,
        step.value,
        json.dumps({name: value for name, value in asdict(said).items() if value}, default=str),
        session.actor.user_id,
        session.actor.name,
    )
    fact = {"tenant_id": session.tenant_id, "event_id": event_id}
    await session.tell("update", _process(session, id), "happened", fact)
    return id


@door.answering(Permission.ENROLMENTS_MANAGE, _shown, of="enrolments")
async def save_paperwork(
    session: Session, id: UUID, papers: list[Paper], expected_version: int | None = None
) -> UUID:
    """Replace the list of forms: what is needed, who signs, which file, and whether it is ready."""
    row = await session.row("SELECT step, version FROM enrolments WHERE id = $1 FOR UPDATE", id)
    if expected_version is not None and row["version"] != expected_version:
        records.must_have_changed(0)
    if row["step"] not in (Step.REQUESTED, Step.PREPARING):
        raise Conflict(
            "enrolment.forms_closed",
            "The forms have left this desk.",
            "Fill them in again after a rejection.",
        )
    ready = [
        Paper(checks.clean(one.name), one.signer, checks.clean(one.attachment), one.done) for one in papers
    ]
    _paper_faults(ready).refuse()
    await session.execute(
        "UPDATE enrolments SET paperwork = $2, version = version + 1, updated_at = now() WHERE id = $1",
        id,
        json.dumps([asdict(one) for one in ready]),
    )
    return id


def _cell(row: Any) -> MatrixCell:
    stage = TRANSITIONS[Step(row["step"])] if row["step"] else None
    return MatrixCell(
        row["client_id"],
        row["payer_id"],
        row["required"],
        row["enrolment_id"],
        row["step"],
        stage.label if stage else "",
        stage.tone if stage else "",
    )


def _process(session: Session, identifier: UUID) -> str:
    return f"{session.tenant_id}/enrolment/{identifier}"


def _must_be_known(transaction: str) -> None:
    faults = Faults("enrolment")
    faults.one_of("transaction", transaction, TRANSACTIONS, f"Choose one of {', '.join(TRANSACTIONS)}.")
    faults.refuse()


async def _must_be_the_only_one(session: Session, facts: EnrolmentFacts) -> None:
    there = await session.value(
        "SELECT id FROM enrolments WHERE client_id = $1 AND payer_id = $2 AND transaction = $3 AND step <> 'ended'",
        facts.client_id,
        facts.payer_id,
        facts.transaction,
    )
    if there:
        raise Conflict(
            "enrolment.there_already",
            "This client is being enrolled, or is enrolled, with this payer for this transaction.",
            "Go on with that enrolment, or end it first.",
        )


async def _usual_papers(session: Session, facts: EnrolmentFacts) -> list[dict[str, Any]]:
    """What the payer's newest requirement names; else what every payer wants."""
    named = await session.value(
        "SELECT paperwork FROM enrolment_requirements WHERE payer_id = $1 AND transaction = $2"
        " AND effective_from <= current_date ORDER BY effective_from DESC LIMIT 1",
        facts.payer_id,
        facts.transaction,
    )
    wanted = [(name, "client") for name in json.loads(named or "[]")] or USUAL_PAPERWORK
    return [asdict(Paper(name, signer)) for name, signer in wanted]


def _event_of(text: str) -> Event:
    if text not in {event.value for event in Event} - OF_THE_CLOCK:
        known = ", ".join(event.value for event in Event if event not in OF_THE_CLOCK)
        fault = FieldError("event", "event.unknown", f"Choose one of: {known}.")
        raise Invalid("enrolment.event_unknown", "There is no such event.", fault.message, fields=(fault,))
    return Event(text)


def _said(news: EnrolmentNews) -> Said:
    texts = ("signed_by", "channel", "reference", "reason")
    words = {name: checks.clean(getattr(news, name)) for name in texts}
    faults = Faults("enrolment")
    for name, value in words.items():
        faults.text(name, value, checks.REASON_LONGEST)
    faults.refuse()
    return Said(news.on, news.effective_from, news.expires_on, **words)


def _must_be_ready(papers: list[Paper]) -> None:
    missing = [one.name for one in papers if not one.done]
    if missing:
        raise Conflict(
            "enrolment.forms_missing",
            f"Not ready yet: {', '.join(missing)}.",
            "Tick each form once it is filled in.",
        )


def _paper_faults(papers: list[Paper]) -> Faults:
    faults = Faults("paperwork")
    if len(papers) > MOST_PAPERS:
        faults.add("papers", "papers.too_many", f"List at most {MOST_PAPERS} forms.")
    for number, one in enumerate(papers, 1):
        faults.text(f"papers.{number}.name", one.name, 120, missing="Enter the form's name.")
        faults.text(f"papers.{number}.attachment", one.attachment, 200)
        faults.one_of(
            f"papers.{number}.signer", one.signer, ("client", "provider", "us", "nobody"), "Choose who signs."
        )
    return faults


async def _today(session: Session) -> date:
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
