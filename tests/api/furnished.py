"""A tenant with one of everything, made through the API where the API makes it, and every operation of the document."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from activities.approvals.opening import request_approval
from activities.work import open_item
from database import documents, incidents
from database.incidents import Failing
from database.notifications import notify
from database.session import Session, tenant_session
from domain.incidents import What
from domain.tenancy import Actor, workflow_actor
from services.work import attachments
from tests.api.furnished_day import day_rows
from tests.api.furnished_months import month_rows
from tests.fixtures.tenancy import TenantFixture

CONNECTION = {
    "name": "Clearinghouse",
    "host": "127.0.0.1",
    "port": 9,
    "username": "north",
    "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
    "sender_id": "NORTH",
    "receiver_id": "PARTNER",
}
ADDRESS = {"line1": "120 Main Street", "city": "Springfield", "state": "IL", "postal_code": "627011234"}


# Parameters of paths that name no record of a tenant.
FIXED = {"process_kind": "claim", "table_code": "denial_playbooks", "version": "1"}


@dataclass
class Furnished:
    """Ids by the names of path and body parameters, and the word that is in every name of this tenant's rows."""

    tenant: TenantFixture
    mark: str
    ids: dict[str, UUID] = field(default_factory=dict)


async def furnish(tenant: TenantFixture, admin: httpx.AsyncClient, mark: str) -> Furnished:
    """One client, provider, payer, patient, coverage, fee schedule, connection, claim, file, batch, item, role, token."""
    made = Furnished(tenant, mark)
    ids = made.ids

    async def add(name: str, address: str, body: dict[str, Any], *, at: str = "id") -> None:
        answer = await admin.post(address, json=body)
        assert answer.is_success, f"{address}: {answer.text}"
        ids[name] = UUID(answer.json()[at])

    client = {
        "name": f"{mark} Clinic",
        "npi": "1234567893",
        "tax_id": "371234567",
        "taxonomy": "207Q00000X",
        **ADDRESS,
    }
    await add("client_id", "/clients", client)
    provider = {
        "client_id": str(ids["client_id"]),
        "last_name": mark,
        "first_name": "Ben",
        "npi": "1245319599",
    }
    await add("provider_id", "/providers", provider)
    await add("connection_id", "/connections", CONNECTION | {"name": f"{mark} House"})
    await add(
        "payer_id",
        "/payers",
        {"name": f"{mark} Payer", "payer_id": "60054", "connection_id": str(ids["connection_id"])},
    )
    patient = {"client_id": str(ids["client_id"]), "last_name": mark, "first_name": "Maria", "birth_date": "1961-04-12", "sex": "F", **ADDRESS}  # fmt: skip
    await add("patient_id", "/patients", patient)
    coverage = {
        "patient_id": str(ids["patient_id"]),
        "payer_id": str(ids["payer_id"]),
        "member_id": "W123456789",
    }
    await add("coverage_id", "/coverages", coverage)
    await add(
        "fee_schedule_id",
        "/fee-schedules",
        {"name": f"{mark} Fees", "payer_id": None, "effective_from": "2026-01-01"},
    )
    answer = await admin.post(
        f"/fee-schedules/{ids['fee_schedule_id']}/lines", json={"text": "99213\t\t125.00"}
    )
    assert answer.is_success, answer.text
    lines = await admin.get(f"/fee-schedules/{ids['fee_schedule_id']}/lines")
    ids["line_id"] = UUID(lines.json()["items"][0]["id"])
    line = {
        "procedure": "99213",
        "charge_cents": 12500,
        "units": "1",
        "service_from": "2026-11-02",
        "service_to": "2026-11-02",
    }
    claim = {name: str(ids[name]) for name in ("client_id", "patient_id", "coverage_id")}
    await add("claim_id", "/claims", {**claim, "lines": [line], "diagnoses": ["E119"]})
    route = {"payer_id": str(ids["payer_id"]), "connection_id": str(ids["connection_id"])}
    await add("route_id", "/routes", route)
    enrolment = {"client_id": str(ids["client_id"]), "payer_id": str(ids["payer_id"]), "transaction": "837P"}
    await add("enrolment_id", "/enrolments", enrolment)
    await add("role_id", "/roles", {"name": f"{mark} Role", "permissions": ["claims.view"]})
    await add("token_id", "/tokens", {"name": f"{mark} Token", "permissions": ["claims.view"]})
    person = {"email": f"{mark.lower()}@people.example", "name": f"{mark} Person"}
    await add("membership_id", "/people", person)
    await add("account_id", "/bank-accounts", {"name": f"{mark} Bank", "number": "9988776655"})
    deposit = {"account_id": str(ids["account_id"]), "deposited_on": "2026-11-02", "amount_cents": 4200}
    await add_deposit(
        admin, ids, deposit | {"method": "check", "trace": "501", "payer_name": f"{mark} Payer"}
    )
    await _workforce(made, admin)
    await _rows(made)
    await _money_rows(made)
    await _denial_rows(made)
    await _inbox_rows(made)
    await _audit_rows(made)
    await _incident(made)
    await _float_rows(made)
    await _forms(made, admin)
    await _care_rows(made)
    await month_rows(made.tenant, made.ids, made.mark)
    await day_rows(made.tenant, made.ids, made.mark)
    await _approvals(made)
    return made


async def _approvals(made: Furnished) -> None:
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


async def _forms(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A form as a draft, and a field of each kind of record that examples fill."""
    schema = {"title": f"{made.mark} call", "properties": {"reference": {"type": "string"}}}
    answer = await admin.post("/forms", json={"kind": "rejection", "schema": schema})
    assert answer.is_success, answer.text
    made.ids["form_id"] = UUID(answer.json()["line"]["id"])
    for subject in ("employee", "payer", "client", "patient", "claim"):
        field = {
            "name": "Region",
            "hint": f"{made.mark} region",
            "type": "choice",
            "choices": ["North", "South"],
        }
        answer = await admin.post(
            "/custom-fields", json={"subject_type": subject, "code": "region", "field": field}
        )
        assert answer.is_success, answer.text
        made.ids["custom_field_id"] = UUID(answer.json()["id"])
    answer = await admin.post("/simulations", json={"table": "denial_playbooks"})
    assert answer.is_success, answer.text
    made.ids["simulation_id"] = UUID(answer.json()["id"])


async def _workforce(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A team, a skill, a calendar, an employee who is away, and a sheet that nobody has taken in."""
    mark, ids = made.mark, made.ids
    week = ["09:00-17:00"] * 5 + ["", ""]
    bodies: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("team_id", "/teams", {"name": f"{mark} Team"}),
        ("skill_id", "/skills", {"name": f"{mark} Skill"}),
        ("calendar_id", "/calendars", {"name": f"{mark} Hours", "zone": "America/Chicago", "week": week}),
        ("employee_id", "/employees", {"number": f"{mark}-1", "name": f"{mark} Employee"}),
    )
    for name, address, body in bodies:
        answer = await admin.post(address, json=body)
        assert answer.is_success, f"{address}: {answer.text}"
        ids[name] = UUID(answer.json()["id"])
    away = {"employee_id": str(ids["employee_id"]), "starts_on": "2026-12-24", "ends_on": "2026-12-31"}
    answer = await admin.post("/absences", json=away)
    assert answer.is_success, answer.text
    ids["absence_id"] = UUID(answer.json()["id"])
    content = base64.b64encode(f"Number,Name\n1,{mark}\n".encode()).decode()
    answer = await admin.post("/employee-files", json={"name": "people.csv", "content": content})
    assert answer.is_success, answer.text
    ids["employee_import_id"] = UUID(answer.json()["line"]["id"])
    roster = base64.b64encode(
        f"Account,Last name,First name,DOB\n1,{mark},Ann,1951-02-03\n".encode()
    ).decode()
    answer = await admin.post("/sheet-imports", json={"kind": "patients", "name": "x.csv", "content": roster})
    assert answer.is_success, answer.text
    ids["sheet_import_id"] = UUID(answer.json()["line"]["id"])


async def add_deposit(admin: httpx.AsyncClient, ids: dict[str, UUID], deposit: dict[str, Any]) -> None:
    """A deposit with its day, and a bank file that nobody has taken in."""
    answer = await admin.post("/deposits", json=deposit)
    assert answer.is_success, answer.text
    ids["deposit_id"], ids["day_id"] = UUID(answer.json()["line"]["id"]), UUID(answer.json()["day_id"])
    text = "Date,Amount,Description\n11/02/2026,17.00,CHECK\n"
    file = {"account_id": deposit["account_id"], "name": deposit["payer_name"], "text": text}
    answer = await admin.post("/bank-files", json=file)
    assert answer.is_success, answer.text
    ids["import_id"] = UUID(answer.json()["line"]["id"])


async def _money_rows(made: Furnished) -> None:
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


async def _rows(made: Furnished) -> None:
    """What only processes make."""
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
        ids["document_id"] = await documents.store(
            session,
            kind="letter",
            subject_type="claim",
            subject_id=ids["claim_id"],
            name=f"{made.mark}.pdf",
            body=f"{made.mark} letter".encode(),
            facts={},
        )
        ids["batch_id"] = await session.value(
            "INSERT INTO edi_batches (tenant_id, connection_id, status, interchange_number, group_number, reference)"
            " VALUES ($1, $2, 'sent', 1, 1, $3) RETURNING id",
            tenant.tenant_id,
            ids["connection_id"],
            f"{made.mark}-1",
        )
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


async def _inbox_rows(made: Furnished) -> None:
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


async def _denial_rows(made: Furnished) -> None:
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


async def _incident(made: Furnished) -> None:
    """What keeps the claim's process from going on."""
    tenant, ids = made.tenant, made.ids
    failing = Failing(
        f"{tenant.tenant_id}/claim/{ids['claim_id']}", What.FAILED, "fault", "scrub_claim", run_id="none"
    )
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        found = await incidents.record(session, failing)
    assert found is not None
    ids["incident_id"], ids["process_id"] = found, ids["claim_id"]


async def _audit_rows(made: Furnished) -> None:
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


async def _float_rows(made: Furnished) -> None:
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


async def _care_rows(made: Furnished) -> None:
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
        await session.execute(
            "INSERT INTO care_plans (tenant_id, enrolment_id, patient_id, version, body, complete, stored_on,"
            " stored_by_name) VALUES ($1, $2, $3, 1, $4, false, '2026-01-05', $5)",
            tenant.tenant_id,
            ids["care_id"],
            ids["patient_id"],
            (await session.key()).seal_json("care_plans.body", {"outcome": f"{made.mark} walks again"}),
            made.mark,
        )
        await _packet_row(made, session)
        await _invoice_rows(made, session)
        await _care_move_rows(made, session)
        ids["timer_id"] = await session.value(
            "INSERT INTO care_timers (tenant_id, user_id, enrolment_id, activity, started_at, seen_at)"
            " SELECT $1, $2, $3, 'patient_call', t.now - interval '5 minutes', t.now"
            " FROM (SELECT date_trunc('second', now())) AS t (now) RETURNING id",
            tenant.tenant_id,
            tenant.admin.user_id,
            ids["care_id"],
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
    """What the practice pays, an invoice of October, and a payment of a part of it."""
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


@dataclass(frozen=True)
class Asked:
    """One operation of the OpenAPI document."""

    name: str
    method: str
    path: str
    parameters: tuple[str, ...]
    query: dict[str, Any]
    body: Any
    upload: bool
    public: bool

    def address(self, ids: dict[str, UUID]) -> str:
        """The path with these ids filled in."""
        filled = self.path.replace("{subject_type}", "claim").replace("{subject_id}", str(ids["claim_id"]))
        for name, word in FIXED.items():
            filled = filled.replace("{" + name + "}", word)
        for name in self.parameters:
            if name not in ("subject_type", "subject_id", *FIXED):
                filled = filled.replace("{" + name + "}", str(ids[name]))
        return filled

    def names_ids(self, ids: dict[str, UUID]) -> bool:
        """Whether the body refers to records."""
        return _with_ids(self.body, ids) != self.body

    async def send(
        self, client: httpx.AsyncClient, path_ids: dict[str, UUID], body_ids: dict[str, UUID]
    ) -> httpx.Response:
        """The operation with the document's own example, its ids replaced by real ones."""
        sent: dict[str, Any] = {"params": _with_ids(self.query, body_ids)}
        if self.upload:
            sent["files"] = {"data": ("x.835", b"ISA*00*")}
        elif self.body is not None:
            sent["json"] = _with_ids(self.body, body_ids)
        return await client.request(self.method, self.address(path_ids), **sent)


def operations(document: dict[str, Any]) -> Iterator[Asked]:
    """Every operation of the document."""
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "delete"):
            if method in item:
                yield _operation(path, method, item[method])


def _operation(path: str, method: str, spec: dict[str, Any]) -> Asked:
    content = spec.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("examples", {}).get("example", {}).get("value")
    parameters = spec.get("parameters", [])
    return Asked(
        name=spec["operationId"],
        method=method.upper(),
        path=path,
        parameters=tuple(p["name"] for p in parameters if p["in"] == "path"),
        query={p["name"]: p.get("example") for p in parameters if p["in"] == "query" and p["required"]},
        body=body,
        upload="multipart/form-data" in content,
        public=spec.get("security") == [{}],
    )


def _with_ids(value: Any, ids: dict[str, UUID], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(entry, ids, key) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_ids(entry, ids, name.removesuffix("s")) for entry in value]
    name = {"parent_id": "role_id", "rendering_id": "provider_id"}.get(name, name)
    return str(ids[name]) if name in ids else value
