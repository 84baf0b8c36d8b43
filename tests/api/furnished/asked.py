"""What a tenant's administrator makes through the API."""

import base64
from uuid import UUID

import httpx

from tests.api.furnished.tenant import Furnished

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


async def masters(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A client with its provider and fee schedule, a payer with its connection, and a patient who is covered."""
    ids, mark = made.ids, made.mark
    client = {
        "name": f"{mark} Clinic",
        "npi": "1234567893",
        "tax_id": "371234567",
        "taxonomy": "207Q00000X",
        **ADDRESS,
    }
    await made.add(admin, "client_id", "/clients", client)
    client_id = str(ids["client_id"])
    provider = {"client_id": client_id, "last_name": mark, "first_name": "Ben", "npi": "1245319599"}
    await made.add(admin, "provider_id", "/providers", provider)
    await made.add(admin, "connection_id", "/connections", CONNECTION | {"name": f"{mark} House"})
    payer = {"name": f"{mark} Payer", "payer_id": "60054", "connection_id": str(ids["connection_id"])}
    await made.add(admin, "payer_id", "/payers", payer)
    person = {"last_name": mark, "first_name": "Maria", "birth_date": "1961-04-12", "sex": "F"}
    await made.add(admin, "patient_id", "/patients", {"client_id": client_id, **person, **ADDRESS})
    coverage = {name: str(ids[name]) for name in ("patient_id", "payer_id")} | {"member_id": "W123456789"}
    await made.add(admin, "coverage_id", "/coverages", coverage)
    fees = {"name": f"{mark} Fees", "payer_id": None, "effective_from": "2026-01-01"}
    await made.add(admin, "fee_schedule_id", "/fee-schedules", fees)
    lines = f"/fee-schedules/{ids['fee_schedule_id']}/lines"
    answer = await admin.post(lines, json={"text": "99213\t\t125.00"})
    assert answer.is_success, answer.text
    ids["line_id"] = UUID((await admin.get(lines)).json()["items"][0]["id"])


async def claims(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A claim, and the way that claims go to its payer."""
    ids = made.ids
    day = "2026-11-02"
    line = {
        "procedure": "99213",
        "charge_cents": 12500,
        "units": "1",
        "service_from": day,
        "service_to": day,
    }
    claim = {name: str(ids[name]) for name in ("client_id", "patient_id", "coverage_id")}
    await made.add(admin, "claim_id", "/claims", {**claim, "lines": [line], "diagnoses": ["E119"]})
    route = {name: str(ids[name]) for name in ("payer_id", "connection_id")}
    await made.add(admin, "route_id", "/routes", route)
    enrolment = {name: str(ids[name]) for name in ("client_id", "payer_id")} | {"transaction": "837P"}
    await made.add(admin, "enrolment_id", "/enrolments", enrolment)


async def people(made: Furnished, admin: httpx.AsyncClient) -> None:
    """Somebody with a role, and a program's token."""
    mark = made.mark
    await made.add(admin, "role_id", "/roles", {"name": f"{mark} Role", "permissions": ["claims.view"]})
    await made.add(admin, "token_id", "/tokens", {"name": f"{mark} Token", "permissions": ["claims.view"]})
    person = {"email": f"{mark.lower()}@people.example", "name": f"{mark} Person"}
    await made.add(admin, "membership_id", "/people", person)


async def deposits(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A deposit with its day, and a bank file that nobody has taken in."""
    ids, mark = made.ids, made.mark
    await made.add(admin, "account_id", "/bank-accounts", {"name": f"{mark} Bank", "number": "9988776655"})
    account = str(ids["account_id"])
    deposit = {
        "account_id": account,
        "deposited_on": "2026-11-02",
        "amount_cents": 4200,
        "method": "check",
        "trace": "501",
        "payer_name": f"{mark} Payer",
    }
    answer = await admin.post("/deposits", json=deposit)
    assert answer.is_success, answer.text
    ids["deposit_id"], ids["day_id"] = UUID(answer.json()["line"]["id"]), UUID(answer.json()["day_id"])
    text = "Date,Amount,Description\n11/02/2026,17.00,CHECK\n"
    file = {"account_id": account, "name": f"{mark} Payer", "text": text}
    await made.add(admin, "import_id", "/bank-files", file)


async def workforce(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A team, a skill, a calendar, an employee who is away, and sheets that nobody has taken in."""
    mark, ids = made.mark, made.ids
    week = ["09:00-17:00"] * 5 + ["", ""]
    await made.add(admin, "team_id", "/teams", {"name": f"{mark} Team"})
    await made.add(admin, "skill_id", "/skills", {"name": f"{mark} Skill"})
    calendar = {"name": f"{mark} Hours", "zone": "America/Chicago", "week": week}
    await made.add(admin, "calendar_id", "/calendars", calendar)
    await made.add(admin, "employee_id", "/employees", {"number": f"{mark}-1", "name": f"{mark} Employee"})
    away = {"employee_id": str(ids["employee_id"]), "starts_on": "2026-12-24", "ends_on": "2026-12-31"}
    await made.add(admin, "absence_id", "/absences", away)
    employees = {"name": "people.csv", "content": _sheet(f"Number,Name\n1,{mark}\n")}
    await made.add(admin, "employee_import_id", "/employee-files", employees)
    patients = _sheet(f"Account,Last name,First name,DOB\n1,{mark},Ann,1951-02-03\n")
    sheet = {"kind": "patients", "name": "x.csv", "content": patients}
    await made.add(admin, "sheet_import_id", "/sheet-imports", sheet)


def _sheet(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def forms(made: Furnished, admin: httpx.AsyncClient) -> None:
    """A form as a draft, a field of each kind of record that examples fill, and a simulation."""
    schema = {"title": f"{made.mark} call", "properties": {"reference": {"type": "string"}}}
    await made.add(admin, "form_id", "/forms", {"kind": "rejection", "schema": schema})
    region = {
        "name": "Region",
        "hint": f"{made.mark} region",
        "type": "choice",
        "choices": ["North", "South"],
    }
    for subject in ("employee", "payer", "client", "patient", "claim"):
        body = {"subject_type": subject, "code": "region", "field": region}
        await made.add(admin, "custom_field_id", "/custom-fields", body)
    await made.add(admin, "simulation_id", "/simulations", {"table": "denial_playbooks"})
