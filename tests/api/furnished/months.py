"""A closed month of care with the furnished patient in it."""

import json
from uuid import uuid4

from database.care_months import SAID
from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.api.furnished.tenant import Furnished


async def a_month(made: Furnished) -> None:
    """January 2026, with one exception in it, and somebody's words; December 2025, closed, with nobody in it."""
    tenant, ids, mark = made.tenant, made.ids, made.mark
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await session.execute(
            "INSERT INTO care_months (tenant_id, month, step, total, done, started_by)"
            " VALUES ($1, '2025-12-01', 'closed', 0, 0, $2)",
            tenant.tenant_id,
            tenant.admin.user_id,
        )
        ids["care_month_id"] = await session.value(
            "INSERT INTO care_months (tenant_id, month, step, total, done, started_by)"
            " VALUES ($1, '2026-01-01', 'exceptions', 1, 1, $2) RETURNING id",
            tenant.tenant_id,
            tenant.admin.user_id,
        )
        ids["patient_month_id"] = uuid4()
        snapshot = {"counted": {"ccm": 1500}, "findings": ["care.no_plan"], "words": {"care.no_plan": mark}}
        await session.execute(
            "INSERT INTO care_patient_months (tenant_id, id, care_month_id, month, client_id, patient_id, revision,"
            " outcome, snapshot) VALUES ($1, $2, $3, '2026-01-01', $4, $5, 1, 'exception', $6)",
            tenant.tenant_id,
            ids["patient_month_id"],
            ids["care_month_id"],
            ids["client_id"],
            ids["patient_id"],
            json.dumps(snapshot),
        )
        await session.execute(
            "INSERT INTO care_month_events (tenant_id, care_month_id, patient_month_id, key, event, revision, said)"
            " VALUES ($1, $2, $3, 'k', 'computed_again', 1, $4)",
            tenant.tenant_id,
            ids["care_month_id"],
            ids["patient_month_id"],
            (await session.key()).seal(SAID, mark.encode()),
        )
