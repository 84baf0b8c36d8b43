"""What a coordinator's day leaves: an attempt, a task with its template, other working time, a time sheet."""

from datetime import date
from typing import Any

from activities.care.tasks import NewTask, add_tasks
from database.care_outreach import NOTE
from database.care_reads import Practice
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.api.furnished.tenant import Furnished


async def a_day(made: Furnished) -> None:
    """One of each for the furnished patient in care."""
    tenant, ids, mark = made.tenant, made.ids, made.mark
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["care_outreach_id"] = await session.value(
            "INSERT INTO care_outreach (tenant_id, enrolment_id, patient_id, by_user, channel, outcome, note)"
            " VALUES ($1, $2, $3, $4, 'phone', 'no_answer', $5) RETURNING id",
            tenant.tenant_id,
            ids["care_id"],
            ids["patient_id"],
            tenant.admin.user_id,
            (await session.key()).seal(NOTE, mark.encode()),
        )
        ids["care_template_id"] = await session.value(
            "INSERT INTO care_task_templates (tenant_id, programme, what) VALUES ($1, 'ccm', $2) RETURNING id",
            tenant.tenant_id,
            f"{mark} call",
        )
        enrolment: Any = await session.row("SELECT * FROM care_enrolments WHERE id = $1", ids["care_id"])
        task = NewTask("k-task", f"{mark} call", date(2026, 11, 30), template_id=ids["care_template_id"])
        (ids["care_task_id"],) = await add_tasks(session, [(enrolment, task)], Practice("America/Chicago"))
        ids["care_other_time_id"] = await session.value(
            "INSERT INTO care_other_time (tenant_id, user_id, kind, starts_at, ends_at, recorded_by)"
            " VALUES ($1, $2, 'meeting', '2026-11-02T16:00Z', '2026-11-02T17:00Z', $2) RETURNING id",
            tenant.tenant_id,
            tenant.admin.user_id,
        )
        ids["care_sheet_id"] = await session.value(
            "INSERT INTO care_time_sheets (tenant_id, user_id, starts_on, ends_on, zone, digest, seconds)"
            " VALUES ($1, $2, '2026-11-02', '2026-11-08', 'America/Chicago', 'none', 4800) RETURNING id",
            tenant.tenant_id,
            tenant.admin.user_id,
        )
