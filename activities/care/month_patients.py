"""One patient of a month: computed, asked about where something stands against it, and decided on."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from temporalio import activity

from activities.care.month_facts import facts_of
from activities.care.month_messages import (
    ExceptionDecided,
    ExceptionTask,
    PatientInput,
    PatientStanding,
)
from activities.care.month_rows import ACTOR, SUBJECT, lock_month, lock_patient_month, month_workflow, note
from activities.work import open_item
from activities.work_acts import COMMENT
from database.care_month_claims import standing_claims
from database.session import Session, tenant_session
from domain import work
from domain.care.closing import Outcome
from domain.care.exceptions import FINDINGS, Blocker, outcome_of
from domain.care.snapshots import Snapshot, kept, snapshot_of
from domain.tenancy import workflow_actor

_STORE = """
UPDATE care_patient_months SET outcome = $2, snapshot = $3, charge_cents = $4, seconds = $5, packet_id = NULL,
    computed_at = clock_timestamp() WHERE id = $1
"""


@activity.defn
async def compute_patient(task: PatientInput) -> PatientStanding:
    """Compute what the month comes to, once; what stands against it becomes work."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        row = await lock_patient_month(session, task.patient_month_id)
        outcome = Outcome(row["outcome"])
        if row["superseded"]:
            return PatientStanding(outcome)
        if outcome is Outcome.WAITING:
            outcome = await _compute(session, row)
        return PatientStanding(outcome, await _claims(session, row, outcome))


@activity.defn
async def report_patient(task: PatientInput) -> PatientStanding:
    """What kept failing for one patient becomes work, so that the others go on."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        row = await lock_patient_month(session, task.patient_month_id)
        if row["superseded"] or row["outcome"] not in (Outcome.WAITING, Outcome.BILLABLE):
            return PatientStanding(Outcome(row["outcome"]))
        await block(session, row, {Blocker.NOT_COMPUTED: ""})
        return PatientStanding(Outcome.EXCEPTION)


@activity.defn
async def decide_exception(task: ExceptionTask) -> ExceptionDecided:
    """Apply a decision from the queue, once; which patient is to be computed again."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        month = await lock_month(session, task.month_id)
        item = await session.row(
            "SELECT subject_id, comment FROM work_items WHERE id = $1", task.work_item_id
        )
        row = await lock_patient_month(session, item["subject_id"])
        if row["superseded"] or month["revision"] != task.revision:
            return ExceptionDecided()
        if row["outcome"] == Outcome.EXCEPTION:
            await _decide(session, month, row, task, item["comment"])
        return ExceptionDecided(row["id"])


async def block(session: Session, row: Any, against: Mapping[str, str]) -> None:
    """Add findings that came up while the month was being billed, with their words, and ask somebody about them."""
    before = snapshot_of(json.loads(row["snapshot"]))
    findings = tuple(dict.fromkeys((*before.findings, *against)))
    told = {**(before.words or {}), **{code: words for code, words in against.items() if words}}
    await session.execute(
        "UPDATE care_patient_months SET outcome = 'exception', snapshot = $2 WHERE id = $1",
        row["id"],
        json.dumps(kept(replace(before, findings=findings, words=told))),
    )
    await _ask(session, row, findings)


async def _compute(session: Session, row: Any) -> Outcome:
    facts = await facts_of(session, row)
    snapshot = facts.snapshot
    outcome = outcome_of(facts.reckoning, snapshot.findings, row["accepted"])
    await session.execute(
        _STORE,
        row["id"],
        outcome.value,
        json.dumps(kept(snapshot)),
        snapshot.charge_cents,
        sum(snapshot.counted.values()),
    )
    if outcome is Outcome.EXCEPTION:
        against = [one for one in snapshot.findings if one not in row["accepted"]]
        await _ask(session, row, tuple(against))
    return outcome


async def _ask(session: Session, row: Any, findings: tuple[str, ...]) -> None:
    """An item for whoever closes months; asked anew when what was decided has not helped."""
    reference = f"{row['care_references'] or 'Care'}, {row['month']:%B %Y}"
    await open_item(
        session,
        f"{SUBJECT}:{row['id']}",
        work.Kind.CARE_EXCEPTION,
        work.title(
            work.Kind.CARE_EXCEPTION, reference, "; ".join(FINDINGS[one].label.lower() for one in findings)
        ),
        subject_type=SUBJECT,
        subject_id=row["id"],
        workflow_id=month_workflow(session.tenant_id, row["care_month_id"]),
        detail={"findings": list(findings)},
        again=True,
    )


async def _claims(session: Session, row: Any, outcome: Outcome) -> bool:
    """Whether claims are to be made, corrected, or taken back because nothing is left of them."""
    if outcome is Outcome.BILLABLE:
        return True
    if outcome not in (Outcome.NOTHING, Outcome.EXCLUDED) or row["billed_at"] is not None:
        return False
    return bool(await standing_claims(session, row))


async def _decide(session: Session, month: Any, row: Any, task: ExceptionTask, comment: bytes | None) -> None:
    snapshot: Snapshot = snapshot_of(json.loads(row["snapshot"]))
    outcome, accepted = Outcome.WAITING, list(row["accepted"])
    if task.decision == "exclude":
        outcome = Outcome.EXCLUDED
    elif task.decision == "let_stand":
        accepted = [*accepted, *(one for one in snapshot.findings if FINDINGS[one].may_stand)]
    await session.execute(
        "UPDATE care_patient_months SET outcome = $2, accepted = $3 WHERE id = $1",
        row["id"],
        outcome.value,
        list(dict.fromkeys(accepted)),
    )
    said = (await session.key()).open(COMMENT, comment).decode() if comment else ""
    await note(
        session,
        month,
        {"exclude": "excluded", "let_stand": "let_stand"}.get(task.decision, "computed_again"),
        f"decided:{task.work_item_id}",
        {"findings": list(snapshot.findings)},
        patient_month_id=row["id"],
        said=said,
        by=task.by,
    )
