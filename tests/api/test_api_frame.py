"""What every route does alike: problems, ETags, idempotency keys, pages, cookies and request ids."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from activities.work import Opening, open_items
from database.session import tenant_session
from domain.tenancy import workflow_actor
from domain.work import Kind
from tests.api.conftest import Visit, token_of
from tests.fixtures.tenancy import PASSWORD, TenantFixture

CLIENT = {
    "name": "North Family Clinic",
    "npi": "1234567893",
    "tax_id": "371234567",
    "taxonomy": "207Q00000X",
    "line1": "120 Main Street",
    "city": "Springfield",
    "state": "IL",
    "postal_code": "627011234",
}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    """The problem of an answer that must be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    body: dict[str, object] = answer.json()
    assert set(body) == {"type", "title", "status", "code", "detail", "request_id", "errors"}
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:caseload:problem:{code}")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body


async def test_what_goes_wrong_before_a_route_is_a_problem_too(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    problem(await admin.get("/nowhere"), 404, "route.unknown")
    problem(await admin.get("/clients/not-an-id"), 404, "route.unknown")
    assert "GET" in (await admin.patch("/clients")).headers["allow"]
    problem(await admin.patch("/clients"), 405, "method.unknown")
    json = {"content-type": "application/json"}
    problem(await admin.post("/clients", content=b"{bad", headers=json), 400, "request.malformed")
    problem(await admin.post("/clients", content=b"\xff\xfe", headers=json), 400, "request.malformed")
    problem(await admin.post("/clients", content=b"[" * 100_000, headers=json), 400, "request.malformed")
    problem(await admin.post("/clients", content=b"x" * 5_000_000, headers=json), 413, "request.too_large")
    problem(await (await visit(north)).get("/clients"), 401, "sign_in.required")
    assert (await (await visit(north)).get("/clients")).headers["www-authenticate"] == "Bearer"


async def test_a_body_of_the_wrong_shape_names_its_fields(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    body = problem(await admin.post("/clients", json={**CLIENT, "name": 5}), 422, "request.invalid")
    assert [fault["field"] for fault in body["errors"]] == ["name"]  # type: ignore[union-attr,index]
    body = problem(
        await admin.post("/clients", json={**CLIENT, "nmae": "x", "x": 1}), 422, "request.unknown_fields"
    )
    assert [fault["field"] for fault in body["errors"]] == ["nmae", "x"]  # type: ignore[union-attr,index]
    problem(await admin.post("/clients"), 422, "request.invalid")
    problem(await admin.get("/clients", params={"limit": "many"}), 422, "request.invalid")
    problem(await admin.get("/clients", params={"limit": 100_000}), 422, "limit.out_of_range")
    problem(await admin.get("/clients", params={"cursor": "x"}), 422, "cursor.unreadable")


async def test_what_the_domain_refuses_names_its_fields_and_stores_nothing(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    answer = await admin.post("/clients", json={**CLIENT, "npi": "1234567890", "state": "ZZ"})
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["errors"]} >= {"npi"}
    assert (await admin.get("/clients")).json()["items"] == []


async def test_a_record_carries_its_etag_and_a_stale_change_is_refused(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    made = await admin.post("/clients", json=CLIENT)
    assert made.status_code == 201
    tag, address = made.headers["etag"], f"/clients/{made.json()['id']}"
    assert (await admin.get(address, headers={"If-None-Match": tag})).status_code == 304
    changed = await admin.put(address, json={**CLIENT, "city": "Peoria"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    stale = await admin.put(address, json=CLIENT, headers={"If-Match": tag})
    problem(stale, 412, "version.changed")
    assert (await admin.get(address)).json()["city"] == "Peoria"
    problem(await admin.put(address, json=CLIENT, headers={"If-Match": "three"}), 422, "etag.unreadable")


async def test_a_post_sent_again_with_its_key_is_answered_again_and_done_once(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    key = {"Idempotency-Key": str(uuid4())}
    first = await admin.post("/clients", json=CLIENT, headers=key)
    again = await admin.post("/clients", json=CLIENT, headers=key)
    assert (again.status_code, again.json(), again.headers["etag"]) == (
        201,
        first.json(),
        first.headers["etag"],
    )
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await admin.get("/clients")).json()["items"]) == 1
    other = await admin.post("/clients", json={**CLIENT, "name": "Other"}, headers=key)
    problem(other, 409, "idempotency.other_request")
    stored = await north.owner.fetchval("SELECT body FROM idempotency_keys")
    assert b"Family" not in stored


async def test_a_refused_post_gives_its_key_back(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    key = {"Idempotency-Key": "mended"}
    assert (await admin.post("/clients", json={**CLIENT, "npi": "1"}, headers=key)).status_code == 422
    assert (await admin.post("/clients", json=CLIENT, headers=key)).status_code == 201


async def test_the_same_post_at_the_same_moment_is_done_once(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    key = {"Idempotency-Key": "at once"}
    answers = await asyncio.gather(*(admin.post("/clients", json=CLIENT, headers=key) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len((await admin.get("/clients")).json()["items"]) == 1


async def test_keys_of_one_person_say_nothing_to_another_nor_to_another_tenant(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    key = {"Idempotency-Key": "shared"}
    assert (
        await (await visit(north, north.admin)).post("/clients", json=CLIENT, headers=key)
    ).status_code == 201
    answer = await (await visit(south, south.admin)).post("/clients", json=CLIENT, headers=key)
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers


async def test_pages_follow_the_link_to_the_end(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    async with tenant_session(workflow_actor(north.tenant_id, "tests")) as session:
        await open_items(session, [Opening(str(n), Kind.HOLD, f"C-{n} held") for n in range(5)])
    admin = await visit(north, north.admin)
    answer = await admin.get("/work", params={"limit": 2, "scope": "all", "kinds": ["hold"]})
    seen = [item["id"] for item in answer.json()["items"]]
    while "link" in answer.headers:
        answer = await admin.get("/work" + answer.headers["link"].split(">")[0].removeprefix("<"))
        seen += [item["id"] for item in answer.json()["items"]]
    assert len(seen) == len(set(seen)) == 5
    assert answer.json()["next"] is None


async def test_signing_in_gives_a_token_that_works_as_cookie_and_as_bearer(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    nobody = await visit(north)
    wrong = await nobody.post(
        "/session", json={"email": "admin@north.example", "password": "wrong wrong wrong"}
    )
    assert wrong.status_code == 401
    signed_in = await nobody.post("/session", json={"email": "admin@north.example", "password": PASSWORD})
    assert signed_in.status_code == 201
    assert "httponly" in signed_in.headers["set-cookie"].lower()
    who = (await nobody.get("/session")).json()
    assert (who["tenant"]["subdomain"], who["kind"]) == ("north", "person")
    bearer = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    assert (await (await visit(north)).get("/session", headers=bearer)).status_code == 200
    assert [tenant["subdomain"] for tenant in (await nobody.get("/tenants")).json()] == ["north"]
    assert (await nobody.delete("/session", headers={"Sec-Fetch-Site": "same-origin"})).status_code == 204
    assert (await (await visit(north)).get("/session", headers=bearer)).status_code == 401


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://north.localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://north.localhost"}, False),
        ({"Origin": "http://south.localhost"}, False),
        ({}, False),
    ],
)
async def test_a_page_of_another_site_cannot_act_with_the_cookie(
    north: TenantFixture, south: TenantFixture, visit: Visit, headers: dict[str, str], allowed: bool
) -> None:
    client = await visit(north)
    client.cookies.set("caseload_session", await token_of(north.admin.user_id))
    assert (await client.get("/clients")).status_code == 200
    assert (await client.post("/clients", json=CLIENT, headers=headers)).status_code == (
        201 if allowed else 403
    )


async def test_a_page_of_another_site_cannot_sign_a_browser_in(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    body = {"email": "admin@north.example", "password": PASSWORD}
    answer = await (await visit(north)).post("/session", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    problem(answer, 403, "request.foreign_page")
    assert "set-cookie" not in answer.headers


async def test_a_token_of_a_program_does_what_it_was_made_for_and_no_more(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    made = await admin.post("/tokens", json={"name": "Reader", "permissions": ["clients.view"]})
    assert made.status_code == 201
    bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
    program = await visit(north)
    assert (await program.get("/clients", headers=bearer)).status_code == 200
    problem(await program.post("/clients", json=CLIENT, headers=bearer), 403, "permission.missing")
    assert (await (await visit(south)).get("/clients", headers=bearer)).status_code == 401
    assert (await admin.post(f"/tokens/{made.json()['id']}/revoke")).status_code == 200
    assert (await program.get("/clients", headers=bearer)).status_code == 401


async def test_every_answer_has_a_request_id_and_is_kept_out_of_caches(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    answer = await admin.get("/clients", headers={"X-Request-Id": "from-the-proxy-1"})
    assert answer.headers["x-request-id"] == "from-the-proxy-1"
    assert answer.headers["cache-control"] == "no-store"
    evil = await admin.get("/clients", headers={"X-Request-Id": "bad id <script>"})
    assert evil.headers["x-request-id"] != "bad id <script>"
