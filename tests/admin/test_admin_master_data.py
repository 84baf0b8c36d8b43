"""Master data through Piccolo Admin's own API, in two tenants."""

import pytest

from tests.admin.conftest import Browser

TABLES = "/admin/api/tables"


async def added(browser: Browser, table: str, row: dict) -> str:
    answer = await browser.change("POST", f"{TABLES}/{table}/", json=row)
    assert answer.status_code == 201, answer.text
    return answer.json()[0]["id"]


async def rows(browser: Browser, table: str, query: str = "") -> list[dict]:
    answer = await browser.get(f"{TABLES}/{table}/{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


async def test_a_client_is_added_listed_counted_changed_and_removed(at_north, north, client_row) -> None:
    id = await added(at_north, "clients", client_row)
    assert [row["name"] for row in await rows(at_north, "clients")] == [client_row["name"]]
    assert (await at_north.get(f"{TABLES}/clients/count/")).json()["count"] == 1
    assert (await at_north.get(f"{TABLES}/clients/ids/")).json() == {id: client_row["name"]}
    changed = await at_north.change("PATCH", f"{TABLES}/clients/{id}/", json={"city": "Akron"})
    assert (changed.status_code, changed.json()["city"]) == (200, "Akron")
    stored = await north.owner.fetchrow("SELECT tenant_id, version FROM clients")
    assert tuple(stored) == (north.tenant_id, 2)
    assert (await at_north.change("DELETE", f"{TABLES}/clients/{id}/")).status_code == 204
    assert await rows(at_north, "clients") == []


async def test_no_answer_and_no_form_names_the_tenant(at_north, client_row) -> None:
    id = await added(at_north, "clients", client_row)
    for path in ("", f"{id}/", "new/", "schema/"):
        assert "tenant_id" not in (await at_north.get(f"{TABLES}/clients/{path}")).text
    for query in ("?__visible_fields=tenant_id", "?__order=version", "?tenant_id=x"):
        assert (await at_north.get(f"{TABLES}/clients/{query}")).status_code in (400, 422)


async def test_another_tenants_rows_are_neither_listed_nor_counted_nor_got(
    at_north, at_south, client_row
) -> None:
    id = await added(at_north, "clients", client_row)
    assert await rows(at_south, "clients") == []
    assert (await at_south.get(f"{TABLES}/clients/count/")).json()["count"] == 0
    assert (await at_south.get(f"{TABLES}/clients/ids/")).json() == {}
    for method in ("GET", "PATCH", "DELETE", "PUT"):
        answer = await at_south.change(method, f"{TABLES}/clients/{id}/", json={"city": "Mine"})
        assert answer.status_code == 404, method
        assert client_row["name"] not in answer.text
    assert [row["city"] for row in await rows(at_north, "clients")] == ["Dayton"]


async def test_a_row_for_another_tenant_is_refused_and_ones_own_tenant_is_needless(
    at_north, north, south, client_row
) -> None:
    foreign = await at_north.change(
        "POST", f"{TABLES}/clients/", json=client_row | {"tenant_id": str(south.tenant_id)}
    )
    assert foreign.status_code == 403
    assert await north.owner.fetchval("SELECT count(*) FROM clients") == 0
    id = await added(at_north, "clients", client_row | {"tenant_id": str(north.tenant_id)})
    moved = await at_north.change(
        "PATCH", f"{TABLES}/clients/{id}/", json={"tenant_id": str(south.tenant_id)}
    )
    assert moved.status_code == 403


async def test_a_row_that_refers_to_another_tenants_row_is_refused(at_north, at_south, client_row) -> None:
    theirs = await added(at_south, "clients", client_row)
    provider = {"client_id": theirs, "last_name": "Hill", "first_name": "Ann", "npi": "1987654328"}
    answer = await at_north.change("POST", f"{TABLES}/providers/", json=provider)
    assert answer.status_code == 422
    assert await rows(at_north, "providers") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"npi": "1234567890"}, "npi"),
        ({"tax_id": "12"}, "tax_id"),
        ({"postal_code": "45402"}, "postal_code"),
        ({"line1": "PO Box 7"}, "line1"),
        ({"state": "ZZ"}, "state"),
        ({"active": False}, "inactive_reason"),
        ({"name": "a\u0007b"}, "name"),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(
    at_north, client_row, wrong, field
) -> None:
    answer = await at_north.change("POST", f"{TABLES}/clients/", json=client_row | wrong)
    assert answer.status_code == 422, answer.text
    assert [fault["loc"][-1] for fault in answer.json()["detail"]] == [field]
    assert await rows(at_north, "clients") == []
    id = await added(at_north, "clients", client_row)
    assert (await at_north.change("PATCH", f"{TABLES}/clients/{id}/", json=wrong)).status_code == 422


async def test_a_second_client_of_one_name_is_a_conflict_in_words(at_north, client_row) -> None:
    await added(at_north, "clients", client_row)
    answer = await at_north.change("POST", f"{TABLES}/clients/", json=client_row)
    assert answer.status_code == 409
    assert "already" in answer.text
    assert "constraint" not in answer.text


async def test_what_others_refer_to_is_not_deleted(at_north, client_row) -> None:
    id = await added(at_north, "clients", client_row)
    provider = {"client_id": id, "last_name": "Hill", "first_name": "Ann", "npi": "1987654328"}
    await added(at_north, "providers", provider)
    answer = await at_north.change("DELETE", f"{TABLES}/clients/{id}/")
    assert answer.status_code == 409
    assert "Take it out of use" in answer.text
    assert len(await rows(at_north, "clients")) == 1


async def test_a_payer_a_fee_schedule_and_its_lines_are_set_up(at_north, north) -> None:
    payer = await added(at_north, "payers", {"name": "Practice Mutual", "payer_id": "pm001"})
    schedule = await added(
        at_north, "fee_schedules", {"name": "2026", "effective_from": "2026-01-01", "payer_id": payer}
    )
    line = {"fee_schedule_id": schedule, "procedure": "99213", "amount_cents": 12_000}
    line_id = await added(at_north, "fee_schedule_lines", line)
    assert (await rows(at_north, "payers"))[0]["payer_id"] == "PM001"
    listed = await rows(at_north, "fee_schedules", "?__readable=true")
    assert listed[0]["payer_id_readable"] == "Practice Mutual"
    wrong = await at_north.change(
        "PATCH", f"{TABLES}/fee_schedule_lines/{line_id}/", json={"amount_cents": -1}
    )
    assert wrong.status_code == 422
    right = await at_north.change(
        "PATCH", f"{TABLES}/fee_schedule_lines/{line_id}/", json={"amount_cents": 13_000}
    )
    assert right.status_code == 200
    assert await north.owner.fetchval("SELECT version FROM fee_schedules") == 2


async def test_a_connection_gets_a_key_pair_whose_private_half_never_shows(at_north, north) -> None:
    row = {
        "name": "Dayton Clearing",
        "host": "sftp.example.com",
        "username": "north",
        "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqXvFMMS6+YAsRFKaHQ1zh2DSY0MUXx3JqOQdqc15Zi",
        "sender_id": "NORTH1",
        "receiver_id": "PARTNER",
        "port": 22,
        "private_key": "mine",
    }
    id = await added(at_north, "connections", row)
    shown = await at_north.get(f"{TABLES}/connections/{id}/")
    assert shown.json()["public_key"].startswith("ssh-ed25519 ")
    assert "private_key" not in shown.text
    kept = await at_north.change(
        "PATCH", f"{TABLES}/connections/{id}/", json={"port": 2222, "public_key": "ssh-rsa forged"}
    )
    assert (kept.json()["port"], kept.json()["public_key"]) == (2222, shown.json()["public_key"])
    stored = await north.owner.fetchval("SELECT private_key FROM connections")
    assert stored is not None
    assert b"mine" not in stored


async def test_filters_search_and_order_stay_inside_the_tenant(at_north, at_south, client_row) -> None:
    await added(at_north, "clients", client_row)
    await added(at_south, "clients", client_row | {"city": "Toledo"})
    for query in ("?city=Toledo", "?name=hill&__order=-name&__page_size=1", "?active=true"):
        assert all(row["city"] == "Dayton" for row in await rows(at_north, "clients", query))
    found = await at_south.get(f"{TABLES}/clients/ids/?search=hill&limit=abc")
    assert len(found.json()) == 1


@pytest.mark.parametrize(
    "query",
    ["?id=nonsense", "?__page=x", "?__page_size=-1", "?__page_size=100000", "?unknown=1", "?__order=nothing"],
)
async def test_a_senseless_question_is_refused_and_breaks_nothing(at_north, query) -> None:
    assert 400 <= (await at_north.get(f"{TABLES}/clients/{query}")).status_code < 500


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"null", b"\xff", b"x" * 300_000])
async def test_a_body_that_is_no_row_is_refused(at_north, body) -> None:
    answer = await at_north.change("POST", f"{TABLES}/clients/", content=body)
    assert answer.status_code == 422


async def test_every_read_change_and_refusal_is_audited(at_north, at_south, north, south, client_row) -> None:
    id = await added(at_north, "clients", client_row)
    await rows(at_north, "clients")
    await at_north.change("PATCH", f"{TABLES}/clients/{id}/", json={"npi": "1"})
    await at_north.change("DELETE", f"{TABLES}/clients/{id}/")
    await at_south.get(f"{TABLES}/clients/{id}/")
    await rows(at_north, "claims")
    entries = await north.owner.fetch(
        "SELECT tenant_id, action, subject_type, outcome, phi FROM audit_log WHERE action LIKE 'admin.%' ORDER BY at"
    )
    assert [tuple(entry)[1:] for entry in entries] == [
        ("admin.add", "clients", "done", False),
        ("admin.list", "clients", "done", False),
        ("admin.change", "clients", "refused", False),
        ("admin.delete", "clients", "done", False),
        ("admin.get", "clients", "refused", False),
        ("admin.list", "claims", "done", True),
    ]
    assert {entry["tenant_id"] for entry in entries} == {north.tenant_id, south.tenant_id}
    assert client_row["name"] not in repr([dict(entry) for entry in entries])
