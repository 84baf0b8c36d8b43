"""Who comes into Piccolo Admin, and what stays closed."""

import pytest
from piccolo.conf.apps import table_finder

from piccolo_conf import APP_REGISTRY
from policies.permissions import Permission
from services.admin import HIDDEN, SHOWN
from tests.admin.conftest import Browser

TABLES = "/admin/api/tables"
READ_ONLY = sorted(name for name, shown in SHOWN.items() if not shown.writable)
DATABASE = [app.table_classes for app in APP_REGISTRY.app_configs.values()]


def test_every_table_is_shown_or_hidden_on_purpose() -> None:
    names = {table._meta.tablename for tables in DATABASE for table in tables}
    assert not SHOWN.keys() & HIDDEN.keys()
    assert names == SHOWN.keys() | HIDDEN.keys()
    assert all(reason.strip() for reason in HIDDEN.values())
    assert table_finder is not None


def test_no_shown_table_has_a_sealed_column_or_a_secret() -> None:
    for shown in SHOWN.values():
        kinds = {type(column).__name__ for column in shown.table._meta.columns}
        assert not kinds & {"Bytea", "JSON", "JSONB"}, shown.name
        names = {column._meta.name for column in shown.table._meta.columns}
        assert not names & {"tenant_id", "private_key", "body", "held_reason", "password_hash"}, shown.name


def test_every_shown_column_is_one_of_the_database() -> None:
    columns = {
        table._meta.tablename: {column._meta.name for column in table._meta.columns}
        for tables in DATABASE
        for table in tables
    }
    for name, shown in SHOWN.items():
        assert {column._meta.name for column in shown.table._meta.columns} <= columns[name]


async def test_the_page_asks_who_is_not_signed_in_to_sign_in(browse, north) -> None:
    browser = await browse("north")
    page = await browser.get("/admin/")
    assert page.status_code == 401
    assert "/sign-in?back=/admin/" in page.text
    for path in ("/api/tables/", "/api/tables/clients/", "/api/user/", "/public/meta/", "/openapi.json"):
        assert (await browser.get(f"/admin{path}")).status_code == 401
    browser.cookies.set("caseload_session", "forged")
    assert (await browser.get("/admin/api/tables/clients/")).status_code == 401


async def test_a_signed_in_administrator_gets_the_page_and_the_menu_of_their_tables(at_north) -> None:
    page = await at_north.get("/admin/")
    assert page.status_code == 200
    assert "./assets/" in page.text
    assert (await at_north.get("/admin/api/user/")).json()["username"] == "North Admin"
    grouped = (await at_north.get(f"{TABLES}/grouped/")).json()["grouped"]
    assert "clients" in grouped["Master data"]
    assert set((await at_north.get(f"{TABLES}/")).json()) == set(SHOWN)
    for path in ("links/", "forms/", "forms/grouped/"):
        assert (await at_north.get(f"/admin/api/{path}")).status_code == 200
    assert (await at_north.get("/admin/public/meta/")).json()["site_name"]
    assert (await at_north.get("/admin/public/translations/en/")).status_code == 200


async def test_the_address_decides_the_tenant(browse, north, south) -> None:
    elsewhere = await browse("south", "admin@north.example")
    assert (await elsewhere.get(f"{TABLES}/clients/")).status_code == 403
    nowhere = await browse("nobody", "admin@north.example")
    assert (await nowhere.get(f"{TABLES}/clients/")).status_code == 404
    bare = await browse("north", "admin@north.example")
    answer = await bare.get(f"{TABLES}/clients/", headers={"host": "localhost:8000"})
    assert answer.status_code == 404


async def test_a_biller_does_not_come_in_and_the_try_is_audited(browse, north, south) -> None:
    biller = await north.actor("Biller", email="bill@north.example")
    browser = await browse("north", "bill@north.example")
    for path in ("/admin/", f"{TABLES}/clients/", "/admin/api/user/"):
        assert (await browser.get(path)).status_code == 403
    tried = await north.owner.fetchval(
        "SELECT count(*) FROM audit_log WHERE actor_id = $1 AND outcome = 'refused'", biller.user_id
    )
    assert tried == 3


async def test_whoever_sets_up_clients_only_sees_no_other_tables(browse, north, south) -> None:
    person = await north.actor("Biller", email="setup@north.example")
    role = await north.owner.fetchval(
        "INSERT INTO roles (tenant_id, name, permissions) VALUES ($1, 'Setup', $2) RETURNING id",
        north.tenant_id,
        [str(Permission.CLIENTS_MANAGE)],
    )
    await north.owner.execute(
        "UPDATE membership_roles SET role_id = $2 WHERE membership_id ="
        " (SELECT id FROM memberships WHERE user_id = $1)",
        person.user_id,
        role,
    )
    await north.owner.execute(
        "UPDATE tenants SET policy_version = policy_version + 1 WHERE id = $1", north.tenant_id
    )
    browser: Browser = await browse("north", "setup@north.example")
    assert (await browser.get(f"{TABLES}/clients/")).status_code == 200
    assert "connections" not in (await browser.get(f"{TABLES}/")).json()
    for table in ("connections", "claims", "audit_log", "roles"):
        assert (await browser.get(f"{TABLES}/{table}/")).status_code == 403, table


@pytest.mark.parametrize("table", READ_ONLY)
async def test_process_tables_are_read_and_never_written(at_north, table: str) -> None:
    assert (await at_north.get(f"{TABLES}/{table}/?__page_size=5")).status_code == 200
    assert (await at_north.get(f"{TABLES}/{table}/count/")).status_code == 200
    assert (await at_north.get(f"{TABLES}/{table}/schema/")).status_code == 200
    assert (await at_north.change("POST", f"{TABLES}/{table}/", json={})).status_code == 405
    assert (await at_north.change("DELETE", f"{TABLES}/{table}/")).status_code == 405


async def test_a_row_of_a_read_only_table_is_neither_changed_nor_deleted(at_north, north) -> None:
    role = await north.owner.fetchval(
        "SELECT id FROM roles WHERE tenant_id = $1 AND name = 'Biller'", north.tenant_id
    )
    seq = await north.owner.fetchval("SELECT min(seq) FROM audit_log WHERE tenant_id = $1", north.tenant_id)
    for table, row in (("roles", role), ("audit_log", seq)):
        assert (await at_north.get(f"{TABLES}/{table}/{row}/")).status_code == 200
        for method in ("PUT", "PATCH", "DELETE"):
            answer = await at_north.change(method, f"{TABLES}/{table}/{row}/", json={"name": "x"})
            assert answer.status_code == 405, (table, method)


@pytest.mark.parametrize("table", sorted(HIDDEN))
async def test_hidden_tables_are_not_there(at_north, table: str) -> None:
    assert (await at_north.get(f"{TABLES}/{table}/")).status_code == 404
    assert (await at_north.change("POST", f"{TABLES}/{table}/", json={})).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/public/login/"),
        ("GET", "/public/login/"),
        ("POST", "/api/change-password/"),
        ("POST", "/api/media/"),
        ("POST", "/api/media/generate-file-url/"),
        ("POST", "/api/forms/x/"),
        ("GET", "/api/docs/"),
        ("GET", "/api/openapi.json"),
        ("GET", "/public/openapi.json"),
        ("GET", "/public/docs/"),
        ("GET", "/api/tables/clients/1/2/3/"),
        ("GET", "/api//tables//patients/"),
    ],
)
async def test_piccolos_own_sign_in_and_everything_unneeded_is_closed(at_north, method, path) -> None:
    answer = await at_north.change(method, f"/admin{path}", json={"username": "a", "password": "b"})
    assert answer.status_code == 404


async def test_a_change_without_the_csrf_token_is_refused(at_north, client_row) -> None:
    await at_north.get("/admin/public/meta/")
    assert (await at_north.post(f"{TABLES}/clients/", json=client_row)).status_code == 403
    forged = {"X-CSRFToken": "guessed"}
    assert (await at_north.post(f"{TABLES}/clients/", json=client_row, headers=forged)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://south.localhost:8000"},
        {"origin": "null"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_a_change_from_another_origin_is_refused_even_with_the_token(
    at_north, client_row, headers
) -> None:
    await at_north.get("/admin/public/meta/")
    token = {"X-CSRFToken": at_north.cookies["csrftoken"]}
    answer = await at_north.post(f"{TABLES}/clients/", json=client_row, headers=token | headers)
    assert answer.status_code == 403
    own = token | {"origin": "http://north.localhost:8000", "sec-fetch-site": "same-origin"}
    assert (await at_north.post(f"{TABLES}/clients/", json=client_row, headers=own)).status_code == 201


async def test_behind_https_a_tenants_own_page_may_change_and_another_may_not(at_north, client_row) -> None:
    secure = {"base_url": "https://north.localhost"}
    at_north.base_url = secure["base_url"]
    await at_north.get("/admin/public/meta/")
    token = {"X-CSRFToken": at_north.cookies["csrftoken"]}
    own = token | {"origin": "https://north.localhost"}
    assert (await at_north.post(f"{TABLES}/clients/", json=client_row, headers=own)).status_code == 201
    other = token | {"origin": "https://evil.example"}
    assert (await at_north.post(f"{TABLES}/clients/", json=client_row, headers=other)).status_code == 403


async def test_put_is_refused_because_it_would_pass_the_checks_by(at_north, client_row) -> None:
    made = await at_north.change("POST", f"{TABLES}/clients/", json=client_row)
    path = f"{TABLES}/clients/{made.json()[0]['id']}/"
    assert (await at_north.change("PUT", path, json=client_row | {"npi": "x"})).status_code == 405


async def test_signing_out_ends_the_products_own_sign_in(at_north) -> None:
    answer = await at_north.change("POST", "/admin/public/logout/")
    assert answer.status_code == 204
    assert (await at_north.get(f"{TABLES}/clients/")).status_code == 401


async def test_answers_are_kept_by_nobody(at_north) -> None:
    answer = await at_north.get(f"{TABLES}/clients/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
