"""What work leaves behind: items, views, notices, approvals, incidents, audits, float assignments."""

from uuid import UUID

from activities.approvals.opening import request_approval
from activities.work import open_item
from database import documents, incidents
from database.incidents import Failing
from database.notifications import notify
from database.session import tenant_session
from domain.incidents import What
from domain.tenancy import Actor, workflow_actor
from services.work import attachments
from tests.api.furnished.tenant import Furnished
from tests.fixtures.tenancy import TenantFixture


async def at_work(made: Furnished) -> None:
    """Who came by the registration and the invitation, an item about the claim, and a letter."""
    tenant, ids = made.tenant, made.ids
    ids["user_id"] = await tenant.owner.fetchval(
        "SELECT user_id FROM memberships WHERE id = $1", ids["membership_id"]
    )
    ids["registration_id"] = await tenant.owner.fetchval(
        "SELECT id FROM registrations WHERE subdomain = $1", tenant.subdomain
    )
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        title = f"{made.mark} C-1 held"
        ids["item_id"] = await open_item(
            session, "k", "hold", title, subject_type="claim", subject_id=ids["claim_id"]
        )
        ids["document_id"] = await documents.store(
            session,
            kind="letter",
            subject_type="claim",
            subject_id=ids["claim_id"],
            name=f"{made.mark}.pdf",
            body=f"{made.mark} letter".encode(),
            facts={},
        )


async def inbox(made: Furnished) -> None:
    """A saved view, a bulk run that ended, and a file attached to the claim."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["view_id"] = await session.value(
            "INSERT INTO work_views (tenant_id, name, owner_id, filter, columns, ordering)"
            " VALUES ($1, $2, $3, '{}', '{what}', 'urgency') RETURNING id",
            tenant.tenant_id,
            f"{made.mark} view",
            tenant.admin.user_id,
        )
        ids["bulk_run_id"] = await session.value(
            "INSERT INTO work_runs (tenant_id, act, orders, status, permissions, policy_version, started_by,"
            " started_by_name) VALUES ($1, 'take', '', 'done', '{}', 1, $2, $3) RETURNING id",
            tenant.tenant_id,
            tenant.admin.user_id,
            made.mark,
        )
    await _notification(made)
    text = f"{made.mark} letter".encode()
    kept = await attachments.attach(tenant.admin, "claim", ids["claim_id"], f"{made.mark}.txt", text)
    ids["attachment_id"] = kept.id


async def _notification(made: Furnished) -> None:
    """Something that the administrator was told."""
    made.ids["notification_id"] = await told(made.tenant, made.tenant.admin, f"{made.mark} item")


async def told(tenant: TenantFixture, person: Actor, title: str) -> UUID:
    """Something that a person was told; nobody else can open it."""
    assert person.user_id
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        await notify(session, [person.user_id], kind="assigned", title=title, href="/work", key=title)
        found: UUID = await session.value(
            "SELECT id FROM notifications WHERE user_id = $1 AND key = $2", person.user_id, title
        )
    return found


async def approvals(made: Furnished) -> None:
    """Something that asks for approval, and a move of work."""
    tenant, ids = made.tenant, made.ids
    admin = tenant.admin.user_id
    assert admin is not None
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["approval_id"] = await request_approval(
            session, key="k", kind="write_off", subject_type="claim", subject_id=ids["claim_id"],
            summary=f"{made.mark} C-1, write off 1,200.00", requester_id=admin, reason=f"{made.mark} reason",
        )  # fmt: skip
        sealed = (await session.key()).seal("reassignments.reason", f"{made.mark} reason".encode())
        ids["reassignment_id"] = await session.value(
            "INSERT INTO reassignments (tenant_id, reference, mode, from_user_id, reason, requested_by)"
            " VALUES ($1, $2, 'permanent', $3, $4, $3) RETURNING id",
            tenant.tenant_id,
            f"{made.mark}-1",
            admin,
            sealed,
        )


async def incident(made: Furnished) -> None:
    """What keeps the claim's process from going on."""
    tenant, ids = made.tenant, made.ids
    failing = Failing(
        f"{tenant.tenant_id}/claim/{ids['claim_id']}", What.FAILED, "fault", "scrub_claim", run_id="none"
    )
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        found = await incidents.record(session, failing)
    assert found is not None
    ids["incident_id"], ids["process_id"] = found, ids["claim_id"]


async def audited(made: Furnished) -> None:
    """An audit by the administrator, with the claim to review."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["audit_id"] = await session.value(
            "INSERT INTO qa_audits (tenant_id, reference, employee_id, auditor_id, period_from, period_to, method, size, seed,"
            " checklist_name, questions, state) VALUES ($1, $2, $3, $4, '2026-11-01', '2026-11-02', 'random', 1, 7, 'Ours',"
            " $5, 'sampled') RETURNING id",
            tenant.tenant_id,
            f"QA-{made.mark}",
            ids["user_id"],
            tenant.admin.user_id,
            '[{"key": "units", "text": "Units are right.", "category": "coding", "weight": 1}]',
        )
        ids["audit_claim_id"] = await session.value(
            "INSERT INTO qa_audit_claims (tenant_id, audit_id, ordinal, claim_id, claim_version) VALUES ($1, $2, 1, $3, 1)"
            " RETURNING id",
            tenant.tenant_id,
            ids["audit_id"],
            ids["claim_id"],
        )
        ids["training_id"] = await session.value(
            "INSERT INTO qa_training (tenant_id, employee_id, category, due_on, planned_by)"
            " VALUES ($1, $2, 'coding', '2026-12-31', $3) RETURNING id",
            tenant.tenant_id,
            ids["user_id"],
            tenant.admin.user_id,
        )


async def floating(made: Furnished) -> None:
    """A float assignment that runs, and a queue at risk."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["float_id"] = await session.value(
            "INSERT INTO float_assignments (tenant_id, reference, user_id, kinds, starts_at, ends_at, first_ends_at, state)"
            " VALUES ($1, $2, $3, '{hold}', '2026-11-02T14:00Z', '2026-11-06T22:00Z', '2026-11-06T22:00Z', 'active')"
            " RETURNING id",
            tenant.tenant_id,
            f"FA-{made.mark}",
            ids["user_id"],
        )
        ids["float_proposal_id"] = await session.value(
            "INSERT INTO float_proposals (tenant_id, day, kind, open_items, at_risk, first_due_at, starts_at, ends_at,"
            " candidates) VALUES ($1, '2026-11-02', 'hold', 9, 7, '2026-11-02T14:00Z', '2026-11-02T14:00Z',"
            " '2026-11-03T14:00Z', '[]') RETURNING id",
            tenant.tenant_id,
        )
