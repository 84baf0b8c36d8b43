"""Institutional claims as programs hand them in, see them and correct them."""

from typing import Any
from uuid import UUID

import pytest

from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from tests.api.conftest import Visit
from tests.api.furnished import furnish
from tests.fixtures.tenancy import TenantFixture

FACTS: dict[str, Any] = {
    "facility_code": "13",
    "statement_from": "2026-11-02",
    "statement_to": "2026-11-02",
    "patient_status": "01",
    "admission_type": "1",
    "admission_source": "1",
    "principal": {"code": "S93.401A"},
    "reasons_for_visit": ["M25571"],
    "values": [{"code": "80", "amount": "1.50"}],
    "occurrences": [{"code": "11", "day": "2026-11-01"}],
    "attending": {"npi": "1245319599", "last_name": "Roe", "first_name": "Richard"},
    "lines": [
        {"revenue_code": "0450", "charge_cents": 90000, "procedure": "99283", "service_from": "2026-11-02"},
        {"revenue_code": "0250", "charge_cents": 1250, "units": "2.5"},
    ],
}


async def test_a_bill_is_handed_in_seen_and_corrected_at_its_field(
    visit: Visit, north: TenantFixture, south: TenantFixture
) -> None:
    admin = await visit(north, north.admin)
    made = await furnish(north, admin, "Northmark")
    who = {name: str(made.ids[name]) for name in ("client_id", "patient_id", "coverage_id")}
    wrong = FACTS | {"patient_status": "99"}
    answer = await admin.post("/claims", json={**who, "facts": wrong})
    assert answer.status_code == 201, answer.text
    claim = answer.json()
    assert (claim["form"], claim["charge_cents"]) == ("institutional", 91_250)
    assert claim["draft"]["facts"]["principal"] == {"code": "S93401A", "present_on_admission": ""}
    await scrub_claim(ClaimTask(north.tenant_id, UUID(claim["id"]), 1))
    seen = (await admin.get(f"/claims/{claim['id']}")).json()
    assert [one["field"] for one in seen["findings"] if one["severity"] == "error"] == [
        "facts.patient_status"
    ]
    body = seen["draft"] | {"facts": seen["draft"]["facts"] | {"patient_status": "01"}}
    corrected = await admin.put(
        f"/claims/{claim['id']}", json=body, headers={"If-Match": f'"{seen["version"]}"'}
    )
    assert corrected.status_code == 200, corrected.text
    listed = (await admin.get("/claims")).json()["items"]
    assert {one["form"] for one in listed} == {"professional", "institutional"}
    stranger = await visit(south, south.admin)
    assert (await stranger.get(f"/claims/{claim['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"frequency": "8"}, "facts.frequency"),
        ({"lines": []}, "facts.lines"),
        ({"lines": [{"revenue_code": "0450", "charge_cents": -1}]}, "facts.lines.1.charge_cents"),
    ],
)
async def test_what_cannot_be_stored_is_refused_at_its_field(
    visit: Visit, north: TenantFixture, south: TenantFixture, facts: dict[str, Any], field: str
) -> None:
    admin = await visit(north, north.admin)
    made = await furnish(north, admin, "Northmark")
    who = {name: str(made.ids[name]) for name in ("client_id", "patient_id", "coverage_id")}
    answer = await admin.post("/claims", json={**who, "facts": FACTS | facts})
    assert answer.status_code == 422
    assert field in answer.text


async def test_revenue_codes_are_found_by_number_alone(
    visit: Visit, north: TenantFixture, south: TenantFixture
) -> None:
    admin = await visit(north, north.admin)
    found = (await admin.get("/codes/revenue", params={"number": "45"})).json()
    assert [one["code"] for one in found] == [f"045{last}" for last in range(10)]
    assert (await admin.get("/codes/revenue", params={"number": "emergency"})).json() == []
