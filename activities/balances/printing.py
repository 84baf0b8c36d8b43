"""A run of statements, portion by portion: choose who is due, print, keep the document. Running again makes nothing twice."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.balances.messages import Portion, PortionTask, RunInput
from activities.balances.posting import lock_patient
from activities.balances.sheets import printed
from database import documents
from database.balance_reads import credits_of, shares_of, statements_since_zero
from database.session import Session, tenant_session
from domain.balances.shares import Share, billable, total
from domain.balances.statement_sheet import PrintedStatement, statement_sheet
from domain.balances.statements import Sent, StatementRules, number_of_next, rules_from
from domain.tenancy import workflow_actor
from integrations import pdf

WORKFLOW = "statements"
AT_ONCE = 20
_OWING = """
SELECT DISTINCT patient_id FROM claims WHERE tenant_id = current_tenant() AND patient_cents > 0
    AND ($1::uuid IS NULL OR patient_id > $1) ORDER BY patient_id LIMIT $2
"""
_STATEMENT = """
INSERT INTO statements (tenant_id, run_id, patient_id, number, statement_on, due_on, balance_cents, ageing_cents,
    document_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id
"""


@activity.defn
async def count_owing(task: RunInput) -> int:
    """How many patients owe anything: what the run's progress is measured by."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        total_owing: int = await session.value(
            "UPDATE statement_runs SET total = (SELECT count(DISTINCT patient_id) FROM claims WHERE patient_cents > 0"
            " AND tenant_id = current_tenant()) WHERE id = $1 RETURNING total",
            task.run_id,
        )
        return total_owing


@activity.defn
async def print_portion(task: PortionTask) -> Portion:
    """Print the statements of the next patients who are due; the others are passed over."""
    actor = workflow_actor(task.tenant_id, WORKFLOW)
    async with tenant_session(actor) as session:
        run = await session.row("SELECT * FROM statement_runs WHERE id = $1", task.run_id)
        rows = await session.fetch(_OWING, task.after, AT_ONCE)
    patients: list[UUID] = [row["patient_id"] for row in rows]
    rules, on = rules_from(json.loads(run["rules"])), run["statement_on"]
    made = 0
    for patient_id in patients:
        made += await _print(task, patient_id, rules, on)
    if patients:
        await _progress(task, patients[-1])
    return Portion(made, len(patients) - made, patients[-1] if len(patients) == AT_ONCE else None)


@activity.defn
async def finish_run(task: RunInput) -> None:
    """Close the run with its figures."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE statement_runs SET status = 'done', finished_at = now(), made = (SELECT count(*) FROM statements s"
            " WHERE s.tenant_id = statement_runs.tenant_id AND s.run_id = $1), skipped = total - (SELECT count(*)"
            " FROM statements s WHERE s.tenant_id = statement_runs.tenant_id AND s.run_id = $1)"
            " WHERE id = $1 AND status = 'running'",
            task.run_id,
        )


async def _print(task: PortionTask, patient_id: UUID, rules: StatementRules, on: date) -> bool:
    """One statement, when one is due. The sheet is made outside of any transaction; what changed meanwhile is left for
    the next run."""
    actor = workflow_actor(task.tenant_id, WORKFLOW)
    async with tenant_session(actor) as session:
        due = await _due(session, patient_id, rules, on)
        if due is None:
            return False
        shares, credit, number = due
        sheet = await printed(session, patient_id, shares, credit, number, on, rules)
    body = await asyncio.to_thread(pdf.render, statement_sheet(sheet))
    async with tenant_session(actor) as session:
        await lock_patient(session, patient_id)
        if await _due(session, patient_id, rules, on) != due:
            return False
        return await _keep(session, task.run_id, patient_id, sheet, shares, body)


async def _due(
    session: Session, patient_id: UUID, rules: StatementRules, on: date
) -> tuple[list[Share], int, int] | None:
    """The shares to ask for, the credit, and the number of the statement; None when none is due."""
    shares = billable((await shares_of(session, [patient_id])).get(patient_id, []))
    credit = (await credits_of(session, [patient_id])).get(patient_id, 0)
    row: Any = (await statements_since_zero(session, [patient_id])).get(patient_id)
    sent = Sent(row["count"], row["last_on"]) if row else Sent()
    number = number_of_next(total(shares, credit), sent, on, rules)
    return None if number is None else (shares, credit, number)


async def _keep(
    session: Session,
    run_id: UUID,
    patient_id: UUID,
    sheet: PrintedStatement,
    shares: list[Share],
    body: bytes,
) -> bool:
    facts = {"number": sheet.number, "balance_cents": sheet.balance_cents, "statement_on": sheet.statement_on}
    document_id = await documents.store(
        session,
        kind="patient_statement",
        subject_type="patient",
        subject_id=patient_id,
        name=f"statement-{sheet.statement_on.isoformat()}-{sheet.account_number}.pdf",
        body=body,
        facts=facts,
    )
    statement_id = await session.value(
        _STATEMENT,
        session.tenant_id,
        run_id,
        patient_id,
        sheet.number,
        sheet.statement_on,
        sheet.due_on,
        sheet.balance_cents,
        list(sheet.ageing_cents),
        document_id,
    )
    if statement_id is None:
        return False
    rows = [(session.tenant_id, statement_id, share.claim_id, share.cents) for share in shares]
    columns = ("tenant_id", "statement_id", "claim_id", "balance_cents")
    await session.copy("statement_claims", columns, rows)
    return True


async def _progress(task: PortionTask, last: UUID) -> None:
    """Counted anew each time, so that a portion that runs twice counts once."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        await session.execute(
            "UPDATE statement_runs r SET made = n.made, skipped = n.passed - n.made FROM (SELECT"
            " (SELECT count(*) FROM statements s WHERE s.tenant_id = current_tenant() AND s.run_id = $1) AS made,"
            " (SELECT count(DISTINCT c.patient_id) FROM claims c WHERE c.tenant_id = current_tenant()"
            "   AND c.patient_cents > 0 AND c.patient_id <= $2) AS passed) n WHERE r.id = $1",
            task.run_id,
            last,
        )
