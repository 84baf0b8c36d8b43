"""The evidence packet of one patient's month, rendered outside every transaction and kept once."""

import json
from typing import Any

from temporalio import activity

from activities.care.month_facts import facts_of
from activities.care.month_messages import PatientInput, PatientStanding
from activities.care.month_rows import ACTOR, lock_patient_month
from activities.care.packets import gather, keep, rendered, standing
from database.session import Session, tenant_session
from domain.care.closing import Outcome
from domain.care.snapshots import snapshot_of
from domain.tenancy import workflow_actor

_KEPT = "UPDATE care_patient_months SET packet_id = $2 WHERE id = $1"


@activity.defn
async def make_packet(task: PatientInput) -> PatientStanding:
    """Gather, render and keep the packet; one that is there already is left as it is. Answers `waiting` when the facts
    are no longer those that were computed: an enrolment or a claim was changed meanwhile."""
    actor = workflow_actor(task.tenant_id, ACTOR)
    async with tenant_session(actor) as session:
        row = await lock_patient_month(session, task.patient_month_id)
        if row["packet_id"] is not None or row["superseded"] or row["outcome"] != Outcome.BILLABLE:
            return PatientStanding(Outcome(row["outcome"]), claims=not row["superseded"])
        known = await facts_of(session, row)
        if known.snapshot != snapshot_of(json.loads(row["snapshot"])):
            return await _once_more(session, row)
        facts = await gather(
            session, row["patient_id"], known.key, known.reckoning, asked_by=row["started_by"]
        )
        if (there := await standing(session, facts)) is not None:
            await session.execute(_KEPT, row["id"], there)
            return PatientStanding(Outcome.BILLABLE, claims=True)
    body = await rendered(facts)
    async with tenant_session(actor) as session:
        row = await lock_patient_month(session, task.patient_month_id)
        if row["packet_id"] is None and not row["superseded"]:
            await session.execute(_KEPT, row["id"], await keep(session, facts, body))
    return PatientStanding(Outcome.BILLABLE, claims=True)


async def _once_more(session: Session, row: Any) -> PatientStanding:
    await session.execute("UPDATE care_patient_months SET outcome = 'waiting' WHERE id = $1", row["id"])
    return PatientStanding(Outcome.WAITING)
