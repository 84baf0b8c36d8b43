"""The patient's copy of a care plan: made as a PDF, and recorded when and how it was handed over."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.care_plans import BODY
from database.care_reads import practice_of
from database.clientele_phi import open_person
from database.documents import store
from database.session import Session
from domain.care.activities import PROGRAMMES
from domain.care.enrolment import Event
from domain.care.entries import Programme
from domain.care.plan import HANDED, plan_of
from domain.care.plan_sheet import About, patient_copy
from domain.refusals import Conflict, Invalid
from integrations import pdf
from policies.permissions import Permission
from services import door
from services.care import plan_rows
from services.care.enrolments import keep_event
from services.care.plan_rows import PlanView
from services.care.scope import mine
from services.clientele import checks
from services.clientele.checks import Faults
from services.clientele.patient_rows import full_name
from services.documents import line_of

KIND = "care_plan"
SUBJECT = "care_enrolment"


@dataclass(frozen=True, slots=True)
class HandOver:
    """How a copy reached the patient: printed, mailed or portal; on which day; and to whom it was given."""

    version: int
    how: str
    on: date
    given_to: str = ""


@door.answering(Permission.CARE_RECORD, line_of, of="care_enrolments")
async def make_copy(session: Session, id: UUID) -> UUID:
    """Make the patient's copy of the plan in force as a PDF and keep it; made again unchanged it stays the same one."""
    row = await mine(session, id)
    plan = await session.row(
        f"{plan_rows.SELECT} AND p.enrolment_id = $1 AND p.complete ORDER BY p.version DESC LIMIT 1", id
    )
    if plan is None:
        raise Conflict(
            "care_plan.incomplete", "There is no complete plan yet.", "Store a complete version first."
        )
    body = await asyncio.to_thread(pdf.render, await _page(session, row, plan))
    return await store(
        session,
        kind=KIND,
        subject_type=SUBJECT,
        subject_id=id,
        name=f"care-plan-v{plan['version']}.pdf",
        body=body,
        facts={"enrolment_id": id, "version": plan["version"]},
    )


async def _answer(session: Session, id: UUID) -> PlanView:
    return await plan_rows.shown(session, await mine(session, id), None)


@door.answering(Permission.CARE_RECORD, _answer, of="care_enrolments")
async def hand_over(session: Session, id: UUID, facts: HandOver) -> UUID:
    """Record that the patient has the copy: when, how and who took it."""
    row = await mine(session, id)
    given_to = checks.clean(facts.given_to)
    _faults_of(facts, given_to, row["today_there"]).refuse()
    made = await session.value(
        "SELECT 1 FROM documents WHERE tenant_id = current_tenant() AND subject_type = $1 AND subject_id = $2"
        " AND kind = $3 AND (facts->>'version')::int = $4 LIMIT 1",
        SUBJECT,
        id,
        KIND,
        facts.version,
    )
    if not made:
        raise Conflict(
            "care_plan.no_copy", "There is no copy of this version.", "Make the patient's copy first."
        )
    said = {"version": facts.version, "how": facts.how, "on": facts.on, "given_to": given_to}
    await keep_event(session, row, Event.COPY_GIVEN, said)
    return id


def _faults_of(facts: HandOver, given_to: str, today: date) -> Faults:
    faults = Faults("care_plan_copy")
    faults.one_of("how", facts.how, HANDED, f"Choose one of: {', '.join(HANDED)}.")
    faults.text("given_to", given_to, checks.REASON_LONGEST)
    faults.past("on", facts.on, today, required=True)
    return faults


async def _page(session: Session, row: Any, plan: Any) -> str:
    """The copy as HTML, or the refusal that names what a copy may not go without."""
    practice = await practice_of(session, row["client_id"])
    if not practice.contact_line:
        raise Invalid(
            "care_plan.no_contact_line",
            "The practice has not said how its patients reach somebody at any hour.",
            "A care manager enters it for the practice, under Care, Settings; it is printed on every copy.",
        )
    key = await session.key()
    person, _ = open_person(key, row["person"])
    about = About(
        await session.value("SELECT name FROM tenants WHERE id = current_tenant()"),
        row["client_name"],
        full_name(person),
        person.birth_date,
        PROGRAMMES[Programme(row["programme"])],
        row["practitioner_name"],
        row["coordinator_name"] or "",
        practice.contact_line,
        plan["version"],
        plan["stored_on"],
    )
    return patient_copy(plan_of(key.open_json(BODY, plan["body"])), about)
