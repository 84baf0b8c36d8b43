"""Every route asks a service, every service can be asked by a program, and the document describes them all."""

import ast
import importlib
import inspect
import pkgutil
import re
from types import ModuleType
from typing import Any

import api
import services
from api.app import CONTROLLERS
from services import door
from tests.api.conftest import Visit
from tests.api.operations import operations
from tests.fixtures.tenancy import TenantFixture

# Services that no route asks for, each with the reason.
NOT_FOR_PROGRAMS = {
    "rules.platform_tables.look_for_all": "the platform's staff ask by `caseload rules`, outside every tenant",
    "rules.platform_tables.platform_table": "the platform's staff ask by `caseload rules`, outside every tenant",
    "rules.platform_tables.platform_tables": "the platform's staff ask by `caseload rules`, outside every tenant",
    "rules.platform_tables.publish_for_all": "the platform's staff ask by `caseload rules`, outside every tenant",
    "rules.platform_tables.withdraw_for_all": "the platform's staff ask by `caseload rules`, outside every tenant",
    "operations.incidents.retry_as_platform": "the platform's staff ask by `caseload incidents`, outside every tenant",
    "operations.incidents.all_open": "the platform's staff ask by `caseload incidents`, outside every tenant",
    "clientele.patients.search_patients": "as-you-type suggestions of a form; programs search",
    "sheets.imports.headings_of_sheet": "the columns of rows that leave to be mended; programs have them with the sheet",
    "sheets.imports.rows_to_mend": "a whole sheet to be mended by people; programs ask page by page",
    "tenancy.registration.found": "the command line makes the demo tenants",
    "tenancy.sealing.seal_all": "the worker seals the audit chain",
    "tenancy.sealing.seal_forever": "the worker seals the audit chain",
    "care.forecasts.chances_of": "a column of the roster; programs ask for the forecasts themselves",
    "care.packets.verify_file": "`caseload audit packet` checks a file on the server, outside the tenant",
    "tenancy.sealing.verify": "`caseload audit verify` proves the chain beside its anchor, outside the tenant",
    "tenancy.sign_in.hand_over": "a browser's way from one subdomain to another; a token is good in every tenant",
    "tenancy.sign_in.page_refused": "leaves the trace of a page that was not opened; the door audits programs",
    "tenancy.sign_in.redeem": "a browser's way from one subdomain to another; a token is good in every tenant",
    "edi.schedules.ensure_schedules": "the worker keeps the pollers scheduled",
    "edi.schedules.keep_schedules_forever": "the worker keeps the pollers scheduled",
    "work.board.names_of": "names beside the filters of a page; programs have them with the ids",
    "work.escalating.scan_shard": "the worker looks after the clocks",
    "work.escalating.scan_tenant": "the worker looks after the clocks",
    "work.escalating.watch_clocks_forever": "the worker looks after the clocks",
    "workforce.float_proposals.propose_for": "the worker looks for queues at risk",
    "workforce.float_proposals.watch_queues_forever": "the worker looks for queues at risk",
}
# Routes that ask no service, each with the reason.
WITHOUT_SERVICE = {"list_permissions": "shows the catalogue of the code itself"}


def _modules(package: ModuleType) -> list[ModuleType]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(module.name) for module in found]


def _asked_in(tree: ast.AST, module: ModuleType) -> set[str]:
    """Names of declared services that a piece of an API module refers to."""
    found = set()
    for node in ast.walk(tree):
        value: Any = None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            value = getattr(getattr(module, node.value.id, None), node.attr, None)
        elif isinstance(node, ast.Name):
            value = getattr(module, node.id, None)
        if declaration := getattr(value, "declaration", None):
            found.add(declaration.name)
    return found


def test_every_service_is_reachable_by_a_route_or_left_out_for_a_reason() -> None:
    _modules(services)
    asked = {
        name for module in _modules(api) for name in _asked_in(ast.parse(inspect.getsource(module)), module)
    }
    public = {name for name in door.DECLARED if not name.rsplit(".", 1)[-1].startswith("_")}
    assert sorted(public - asked - set(NOT_FOR_PROGRAMS)) == []
    assert sorted(set(NOT_FOR_PROGRAMS) & asked) == []


def test_every_route_goes_through_a_service() -> None:
    loose = []
    for controller in CONTROLLERS:
        module = inspect.getmodule(controller)
        assert module is not None
        helpers = {
            n.name: n
            for n in ast.parse(inspect.getsource(module)).body
            if isinstance(n, ast.AsyncFunctionDef)
        }
        body = ast.parse(inspect.getsource(controller)).body[0]
        assert isinstance(body, ast.ClassDef)
        for handler in (node for node in body.body if isinstance(node, ast.AsyncFunctionDef)):
            called = {n.id for n in ast.walk(handler) if isinstance(n, ast.Name)}
            trees = [handler, *(tree for name, tree in helpers.items() if name in called)]
            if not any(_asked_in(tree, module) for tree in trees) and handler.name not in WITHOUT_SERVICE:
                loose.append(f"{controller.__name__}.{handler.name}")
    assert loose == []


def test_operations_have_names_of_their_own_words_tags_and_examples(api_app: Any) -> None:
    document = api_app.openapi_schema.to_schema()
    specs = [spec for item in document["paths"].values() for spec in item.values()]
    names = [spec["operationId"] for spec in specs]
    assert len(names) == len(set(names)) > 90
    for spec in specs:
        assert spec["tags"], spec["operationId"]
        assert spec["description"], spec["operationId"]
        assert {"401", "403", "404", "422"} <= set(spec["responses"])
        contents = [*spec.get("requestBody", {}).get("content", {}).values()]
        contents += [c for r in spec["responses"].values() for c in r.get("content", {}).values()]
        assert all("example" in content["examples"] for content in contents), spec["operationId"]


def test_no_address_takes_a_name_of_a_patient(api_app: Any) -> None:
    """Addresses end up in logs and histories: whatever may be PHI travels in a body."""
    document = api_app.openapi_schema.to_schema()
    spelled = re.compile(r"(first|last|patient|member)_?(name|number|id)?$|birth|address|phone|email")
    for one in operations(document):
        parameters = document["paths"][one.path][one.method.lower()].get("parameters", [])
        query = [p["name"] for p in parameters if p["in"] == "query" and p["schema"].get("format") != "uuid"]
        loose = [name for name in query if spelled.search(name) and not name.endswith("_id")]
        assert loose == [], one.path
        if one.path.startswith(("/claims", "/patients", "/coverages")):
            assert "text" not in query, one.path


async def test_the_document_and_its_page_are_served_to_everybody(
    north: TenantFixture, south: TenantFixture, visit: Visit
) -> None:
    nobody = await visit("")
    document = await nobody.get("/schema/openapi.json")
    assert document.json()["servers"] == [{"url": "/api"}]
    assert {"bearer", "cookie"} == set(document.json()["components"]["securitySchemes"])
    page = await nobody.get("/schema")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert "https://" not in page.text.replace("https://&lt;tenant&gt;", "").replace("https://<tenant>", "")
