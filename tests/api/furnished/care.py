"""A patient in care: consent, time, plan, packet, invoice, and a move that waits."""

from database import documents
from database.session import Session, tenant_session
from domain.tenancy import workflow_actor
from tests.api.furnished.tenant import Furnished


async def in_care(made: Furnished) -> None:
    """A patient with consent, time by hand, and the administrator's running clock."""
    tenant, ids = made.tenant, made.ids
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        ids["care_id"] = await session.value(
            "INSERT INTO care_enrolments (tenant_id, client_id, patient_id, programme, practitioner_id, step,"
            " consented_on) VALUES ($1, $2, $3, 'ccm', $4, 'planning', '2026-01-05') RETURNING id",
            tenant.tenant_id,
            ids["client_id"],
            ids["patient_id"],
            ids["provider_id"],
        )
        await _time_rows(made, session)
        await _plan_row(made, session)
        await _packet_row(made, session)
        await _invoice_rows(made, session)
        await _payment_rows(made, session)
        await _care_move_rows(made, session)


async def _time_rows(made: Furnished, session: Session) -> None:
    """Time by hand, and the administrator's running clock."""
    tenant, ids = made.tenant, made.ids
    reason = (await session.key()).seal("care_time_entries.reason", b"Telephone")
    ids["care_time_id"] = await session.value(
        "INSERT INTO care_time_entries (tenant_id, enrolment_id, patient_id, staff_id, staff_name, credential,"
        " activity, starts_at, ends_at, source, reason, recorded_by) VALUES ($1, $2, $3, $4, $5, 'clinical',"
        " 'patient_call', '2026-11-02T15:00Z', '2026-11-02T15:20Z', 'manual', $6, $4) RETURNING id",
        tenant.tenant_id,
        ids["care_id"],
        ids["patient_id"],
        tenant.admin.user_id,
        made.mark,
        reason,
    )
    ids["timer_id"] = await session.value(
        "INSERT INTO care_timers (tenant_id, user_id, enrolment_id, activity, started_at, seen_at)"
        " SELECT $1, $2, $3, 'patient_call', t.now - interval '5 minutes', t.now"
        " FROM (SELECT date_trunc('second', now())) AS t (now) RETURNING id",
        tenant.tenant_id,
        tenant.admin.user_id,
        ids["care_id"],
    )


async def _plan_row(made: Furnished, session: Session) -> None:
    """A plan of care that is not complete."""
    tenant, ids = made.tenant, made.ids
    await session.execute(
        "INSERT INTO care_plans (tenant_id, enrolment_id, patient_id, version, body, complete, stored_on,"
        " stored_by_name) VALUES ($1, $2, $3, 1, $4, false, '2026-01-05', $5)",
        tenant.tenant_id,
        ids["care_id"],
        ids["patient_id"],
        (await session.key()).seal_json("care_plans.body", {"outcome": f"{made.mark} walks again"}),
        made.mark,
    )


async def _packet_row(made: Furnished, session: Session) -> None:
    """An evidence packet of the patient."""
    tenant, ids = made.tenant, made.ids
    body = f"{made.mark} packet".encode()
    ids["packet_id"] = await documents.store(
        session, kind="care_packet", subject_type="patient", subject_id=ids["patient_id"], name="care.pdf", body=body, facts={}
    )  # fmt: skip
    await session.execute(
        "INSERT INTO care_packets (tenant_id, document_id, client_id, patient_id, month, content_sha256, substance_sha256)"
        " VALUES ($1, $2, $3, $4, '2026-10-01', $5, $5)",
        tenant.tenant_id,
        ids["packet_id"],
        ids["client_id"],
        ids["patient_id"],
        bytes(32),
    )


async def _invoice_rows(made: Furnished, session: Session) -> None:
    """What the practice pays, and an invoice of October."""
    tenant, ids, client = made.tenant, made.ids, made.ids["client_id"]
    terms = await session.value(
        "INSERT INTO care_terms (tenant_id, client_id, since, basis, rates) VALUES ($1, $2, '2026-01-01', 'programme',"
        " '{\"ccm\": 6000}') RETURNING id",
        tenant.tenant_id,
        client,
    )
    await session.execute(
        "INSERT INTO care_invoice_numbers (tenant_id, last) VALUES ($1, 1)", tenant.tenant_id
    )
    ids["invoice_id"] = await session.value(
        "INSERT INTO care_invoices (tenant_id, kind, number, client_id, month, revision, terms_id, issued_on, due_on,"
        " total_cents, issued_by_name) VALUES ($1, 'invoice', 1, $2, '2026-10-01', 1, $3, '2026-11-01', '2026-12-01', 6000,"
        " $4) RETURNING id",
        tenant.tenant_id,
        client,
        terms,
        made.mark,
    )
    await session.execute(
        "INSERT INTO care_invoice_lines (tenant_id, invoice_id, number, basis, item, account_number, amount_cents)"
        " VALUES ($1, $2, 1, 'programme', 'ccm', $3, 6000)",
        tenant.tenant_id,
        ids["invoice_id"],
        f"{made.mark}-1",
    )


async def _payment_rows(made: Furnished, session: Session) -> None:
    """A payment of a part of the invoice, and what is owed then."""
    tenant, ids, client = made.tenant, made.ids, made.ids["client_id"]
    ids["payment_id"] = await session.value(
        "INSERT INTO care_payments (tenant_id, client_id, received_on, amount_cents, reference, recorded_by_name)"
        " VALUES ($1, $2, '2026-11-10', 1000, $3, $3) RETURNING id",
        tenant.tenant_id,
        client,
        made.mark,
    )
    await session.execute(
        "INSERT INTO care_receivables (tenant_id, client_id, invoice_id, source, source_id, amount_cents)"
        " VALUES ($1, $2, $3, 'invoice', $3, 6000), ($1, $2, $3, 'payment', $4, -1000)",
        tenant.tenant_id,
        client,
        ids["invoice_id"],
        ids["payment_id"],
    )


async def _care_move_rows(made: Furnished, session: Session) -> None:
    """A move of the patient that waits for its approval, and rosters that were reckoned anew."""
    tenant, ids, key = made.tenant, made.ids, await session.key()
    ids["care_move_id"] = await session.value(
        "INSERT INTO care_moves (tenant_id, reference, key, mode, reason, requested_by, state, total)"
        " VALUES ($1, $2, $2, 'permanent', $3, $4, 'waiting', 1) RETURNING id",
        tenant.tenant_id,
        f"RM-{made.mark}",
        key.seal("care_moves.reason", f"{made.mark} reason".encode()),
        tenant.admin.user_id,
    )
    await session.execute(
        "INSERT INTO care_move_rows (tenant_id, move_id, place, enrolment_id, to_user_id, why)"
        " VALUES ($1, $2, 1, $3, $4, $5)",
        tenant.tenant_id,
        ids["care_move_id"],
        ids["care_id"],
        tenant.admin.user_id,
        key.seal("care_move_rows.why", f"{made.mark} why".encode()),
    )
    ids["optimisation_id"] = await session.value(
        "INSERT INTO care_optimisations (tenant_id, wishes, status, asked_by) VALUES ($1, $2, 'failed', $3) RETURNING id",
        tenant.tenant_id,
        '{"most_moves": null, "only_unassigned": false}',
        tenant.admin.user_id,
    )
