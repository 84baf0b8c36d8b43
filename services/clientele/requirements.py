"""What payers ask for before they take a transaction: dated rows, added and never changed."""

import json
from typing import Any
from uuid import UUID

from database.session import Session
from domain.enrolments import TRANSACTIONS
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.clientele.enrolment_views import RequirementFacts, RequirementView

_SELECT = """
SELECT r.*, p.name AS payer_name FROM enrolment_requirements r
JOIN payers p ON p.tenant_id = r.tenant_id AND p.id = r.payer_id
"""


@door.query(Permission.ENROLMENTS_VIEW)
async def list_requirements(session: Session, payer_id: UUID | None = None) -> list[RequirementView]:
    """What payers ask for, the newest first within each payer and transaction; at most 500 rows."""
    rows = await session.fetch(
        f"{_SELECT} WHERE r.tenant_id = current_tenant() AND ($1::uuid IS NULL OR r.payer_id = $1)"
        " ORDER BY p.name, r.transaction, r.effective_from DESC LIMIT 500",
        payer_id,
    )
    return [_view(row) for row in rows]


@door.command(Permission.ENROLMENTS_MANAGE)
async def add_requirement(session: Session, facts: RequirementFacts) -> RequirementView:
    """Say what a payer asks for from a day on; the same payer, transaction and day again replaces nothing."""
    papers = [name for one in facts.paperwork if (name := checks.clean(one))]
    _faults_of(facts, papers).refuse()
    await records.must_be_active(session, "payers", facts.payer_id, "payer_id", "payer")
    identifier = await session.value(
        "INSERT INTO enrolment_requirements (tenant_id, payer_id, transaction, effective_from, required, measured_by,"
        " answer_days, reminder_days, paperwork, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (tenant_id, payer_id, transaction, effective_from) DO NOTHING RETURNING id",
        session.tenant_id,
        facts.payer_id,
        facts.transaction,
        facts.effective_from,
        facts.required,
        facts.measured_by,
        facts.answer_days,
        facts.reminder_days,
        json.dumps(papers),
        session.actor.user_id,
    )
    records.must_be_new(
        identifier is None,
        "effective_from",
        "There is a rule of this payer from this day already.",
        "Choose a later day: what was in force stays on record.",
    )
    return _view(await session.row(f"{_SELECT} WHERE r.id = $1", identifier))


def _faults_of(facts: RequirementFacts, papers: list[str]) -> Faults:
    faults = Faults("requirement")
    faults.one_of("transaction", facts.transaction, TRANSACTIONS, f"Choose one of {', '.join(TRANSACTIONS)}.")
    faults.one_of(
        "measured_by", facts.measured_by, ("submission", "service"), "Choose submission or service."
    )
    for name in ("answer_days", "reminder_days"):
        if not 1 <= getattr(facts, name) <= 365:
            faults.add(name, "days.out_of_range", "Enter a number of days from 1 to 365.")
    if len(papers) > 20:
        faults.add("paperwork", "paperwork.too_many", "Name at most 20 forms.")
    for name in papers:
        faults.text("paperwork", name, 120)
    return faults


def _view(row: Any) -> RequirementView:
    return records.view_of(RequirementView, row, paperwork=json.loads(row["paperwork"]))
