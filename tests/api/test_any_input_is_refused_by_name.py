"""Bodies, queries and ids made by Hypothesis from the API's own document: a named refusal or a proper answer, never a 500."""

import contextlib
import json
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from litestar import Litestar
from schemathesis import GenerationMode

from tests.api.conftest import Visit
from tests.api.furnished import Furnished, furnish
from tests.api.operations import operations
from tests.fixtures.tenancy import TenantFixture

pytestmark = pytest.mark.slow

EXAMPLES = 2
EXAMPLES_OF_READING = 2
# Each ends a sign-in or takes a deliberate quarter of a second for each refusal; uploads have a test of their own.
NOT_FUZZED = {"sign_out_everywhere", "sign_out", "sign_in", "change_password", "take_in"}
NASTY: tuple[Any, ...] = (
    None,
    "\x00",
    "\ud800",
    "\U0001f600=HYPERLINK(1)'; DROP TABLE claims; --<script>",
    "x" * 20_000,
    -1,
    2**31,
    10**40,
    1e308,
    "NaN",
    "0001-01-01",
    "9999-12-31",
    [[]],
    {"a": {"b": None}},
)
ALLOWED = {200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 503}
# The last two are cursors: of one number and of three.
NASTY_QUERIES = ("", "\x00", "%", "x" * 5000, "-1", "9" * 21, "NaN", "W10", "WzEsMiwzXQ")


def cases(document: dict[str, Any], mode: GenerationMode) -> list[Any]:
    """Requests drawn from the document, the same ones at every run."""
    schema = schemathesis.openapi.from_dict(document)
    drawn: list[Any] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] in NOT_FUZZED:
            continue

        @settings(
            max_examples=EXAMPLES_OF_READING if operation.method == "get" else EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def draw(case: Any) -> None:
            drawn.append(case)

        with contextlib.suppress(Unsatisfiable):  # nothing can be wrong with an operation that takes nothing
            draw()
    return drawn


def fault_of(asked: str, answer: httpx.Response) -> list[str]:
    """What is wrong with an answer to garbage."""
    if answer.status_code not in ALLOWED:
        return [f"{asked}: {answer.status_code} {answer.text[:200]}"]
    problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    if answer.status_code >= 400 and not problem:
        return [f"{asked}: {answer.status_code} is no problem document"]
    return []


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_whatever_is_sent_by_the_document_or_against_it_is_answered(
    north: TenantFixture, south: TenantFixture, visit: Visit, api_app: Litestar, mode: GenerationMode
) -> None:
    admin = await visit(north, north.admin)
    faults = []
    for case in cases(api_app.openapi_schema.to_schema(), mode):
        sent = case.as_transport_kwargs(base_url="http://north.localhost")
        sent = {name: value for name, value in sent.items() if value is not None and name != "cookies"}
        headers = {k: str(v) for k, v in (sent.pop("headers", None) or {}).items() if _plain(str(v))}
        headers.pop("Authorization", None)
        try:
            request = admin.build_request(headers={**dict(admin.headers), **headers}, **_for_httpx(sent))
        except (httpx.InvalidURL, TypeError, UnicodeError, ValueError):
            continue  # what cannot be written as HTTP at all never reaches anybody
        faults += fault_of(f"{case.method} {case.path}", await admin.send(request))
    assert not faults, "\n".join(faults)


async def test_an_upload_without_a_file_is_refused_by_name(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    admin = await visit(north, north.admin)
    answer = await admin.post(f"/attachments/claim/{north.tenant_id}", files={"data": (None, "no file")})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.file_missing")


async def test_nasty_values_in_every_field_of_every_body_are_answered(
    north: TenantFixture, south: TenantFixture, visit: Visit, api_app: Litestar
) -> None:
    admin = await visit(north, north.admin)
    made: Furnished = await furnish(north, admin, "Northmark")
    ids: dict[str, UUID] = made.ids
    faults = []
    for one in operations(api_app.openapi_schema.to_schema()):
        if one.name in NOT_FUZZED or not isinstance(one.body, dict):
            continue
        for name in one.body:
            for value in NASTY:
                body = {**one.body, name: value}
                answer = await admin.request(
                    one.method,
                    one.address(ids),
                    params=one.query,
                    content=json.dumps(body),
                    headers={"Content-Type": "application/json"},
                )
                faults += fault_of(f"{one.method} {one.path} {name}={str(value)[:20]!r}", answer)
    assert not faults, "\n".join(faults)


async def test_nasty_values_in_every_query_are_answered(
    north: TenantFixture, south: TenantFixture, visit: Visit, api_app: Litestar
) -> None:
    admin = await visit(north, north.admin)
    document = api_app.openapi_schema.to_schema()
    faults = []
    for one in operations(document):
        if one.method != "GET" or one.parameters or one.public:
            continue
        declared = document["paths"][one.path]["get"].get("parameters", [])
        for name in (parameter["name"] for parameter in declared if parameter["in"] == "query"):
            for value in NASTY_QUERIES:
                answer = await admin.get(one.path, params={**one.query, name: value})
                faults += fault_of(f"GET {one.path} {name}={value[:20]!r}", answer)
    assert not faults, "\n".join(faults)


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _for_httpx(sent: dict[str, Any]) -> dict[str, Any]:
    """Schemathesis speaks of requests; httpx names the raw body `content`."""
    data = sent.pop("data", None)
    if data is not None:
        sent["content"] = data if isinstance(data, bytes | str) else str(data)
    return sent
