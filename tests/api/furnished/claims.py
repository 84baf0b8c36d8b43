"""What only the processes of claims, money and denials make."""

from uuid import uuid4

from database.session import tenant_session
from domain.tenancy import workflow_actor
from tests.api.furnished.tenant import Furnished


async def exchanged(made: Furnished) -> None:
    """A file that was taken in, and a batch that was sent."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        body = (await session.key()).seal("edi_files.body", made.mark.encode())
        ids["file_id"] = await session.value(
            "INSERT INTO edi_files (tenant_id, connection_id, direction, kind, remote_name, sha256, size, body, status)"
            " VALUES ($1, $2, 'in', '999', $3, $4, 10, $5, 'applied') RETURNING id",
            tenant.tenant_id,
            ids["connection_id"],
            f"{made.mark}.999",
            uuid4().bytes * 2,
            body,
        )
        ids["batch_id"] = await session.value(
            "INSERT INTO edi_batches (tenant_id, connection_id, status, interchange_number, group_number, reference)"
            " VALUES ($1, $2, 'sent', 1, 1, $3) RETURNING id",
            tenant.tenant_id,
            ids["connection_id"],
            f"{made.mark}-1",
        )


async def remitted(made: Furnished) -> None:
    """A remittance that does not balance, with a claim of it, and a balance with the payer."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["remittance_id"] = await session.value(
            "INSERT INTO remittances (tenant_id, file_id, ordinal, payer_name, payment_cents, status)"
            " VALUES ($1, $2, 1, $3, 0, 'quarantined') RETURNING id",
            tenant.tenant_id,
            ids["file_id"],
            f"{made.mark} Payer",
        )
        ids["balance_id"] = await session.value(
            "INSERT INTO provider_balances (tenant_id, payee, payer, payer_name, nature, reference)"
            " VALUES ($1, '1234567893', '1999999999', $2, 'open', 'FCN-1') RETURNING id",
            tenant.tenant_id,
            f"{made.mark} Payer",
        )
        ids["remittance_claim_id"] = await session.value(
            "INSERT INTO remittance_claims (tenant_id, remittance_id, ordinal, claim_number, status_code, charge_cents,"
            " paid_cents, outcome) VALUES ($1, $2, 1, $3, '1', 100, 100, 'paid') RETURNING id",
            tenant.tenant_id,
            ids["remittance_id"],
            f"{made.mark}1",
        )


async def paid(made: Furnished) -> None:
    """A patient's payment, and a match that was undone."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["transaction_id"] = await session.value(
            "INSERT INTO patient_transactions (tenant_id, patient_id, kind, method, amount_cents, received_on)"
            " VALUES ($1, $2, 'payment', 'cash', 100, '2026-11-02') RETURNING id",
            tenant.tenant_id,
            ids["patient_id"],
        )
        ids["run_id"] = await session.value(
            "INSERT INTO statement_runs (tenant_id, status, statement_on) VALUES ($1, 'done', '2026-11-02') RETURNING id",
            tenant.tenant_id,
        )
        ids["match_id"] = await session.value(
            "INSERT INTO deposit_matches (tenant_id, deposit_id, transaction_id, amount_cents, matched_by, undone_at)"
            " VALUES ($1, $2, $3, 100, 'person', now()) RETURNING id",
            tenant.tenant_id,
            ids["deposit_id"],
            ids["transaction_id"],
        )


async def denied(made: Furnished) -> None:
    """A denial, and an appeal against it."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["denial_id"] = await session.value(
            "INSERT INTO denials (tenant_id, claim_id, remittance_claim_id, payer_id, class_code, preventable, amount_cents,"
            " decided_on, appeal_by, file_by, deadline, route, playbook, steps) VALUES ($1, $2, $3, $4, 'coding', true, 100,"
            " '2026-11-02', '2027-02-02', '2027-02-02', '2027-02-02', 'correct', 'default/coding', '{Read the note}')"
            " RETURNING id",
            tenant.tenant_id,
            ids["claim_id"],
            ids["remittance_claim_id"],
            ids["payer_id"],
        )
        ids["appeal_id"] = await session.value(
            "INSERT INTO appeals (tenant_id, claim_id, denial_id, payer_id, class_code, level_label, level_row, amount_cents,"
            " paid_before_cents, decided_on, window_day, window_ends, answer_days) VALUES ($1, $2, $3, $4, 'coding',"
            " 'First level', 'default/other/1', 100, 0, '2026-11-02', '2027-02-02', '2027-02-03', 60) RETURNING id",
            tenant.tenant_id,
            ids["claim_id"],
            ids["denial_id"],
            ids["payer_id"],
        )
