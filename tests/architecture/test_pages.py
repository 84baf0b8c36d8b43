"""Every page is known, names the right it needs, and reaches data only through declared services."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from nicegui import app as framework
from starlette.routing import Mount, Route

import ui
import ui.pages
from cli.web import build
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from settings import Settings
from tests.ui.addresses import FOR_EVERY_MEMBER, OPEN, closed
from ui.care.tabs import TABS
from ui.frame import Frame
from ui.jobs import JOBS
from ui.page import ROUTES, Page, route

KEY = "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyAuLi4="

# Pages that show nothing of the database, each with the reason.
WITHOUT_SERVICE = {
    "/care/packets": "takes a file: what is sent there asks the service",
    "/settings": "leads to other pages",
}
# Pages whose services ask for one of several rights, by what is asked for.
BY_WHAT_IS_ASKED = {
    "/care/imports": "by the kind of sheet",
    "/care/imports/{sheet_import_id}": "by the kind of sheet",
}
# What lies below these is tried elsewhere, each with the place.
MOUNTED = {"/api": "tests/api", "/admin": "tests/admin and tests/ui", "/_nicegui": "files of the framework"}
# Not ours to try: the framework's own addresses carry no data of a tenant.
FRAMEWORKS = re.compile(r"/(_nicegui|favicon)")


def modules() -> list[ModuleType]:
    """Every module of the pages."""
    return [importlib.import_module(one.name) for one in pkgutil.walk_packages(ui.__path__, "ui.")]


def kinds() -> list[type[Page]]:
    """Every registered page."""
    return [known.page for known in ROUTES]


def ours(kind: type[Page]) -> list[type]:
    """The classes that make a page, those of the rooms below left out."""
    return [one for one in kind.__mro__ if one.__module__.startswith("ui.")]


def services_asked(kind: type[Page]) -> set[str]:
    """Names of the declared services that a page's own classes refer to."""
    found: set[str] = set()
    for one in ours(kind):
        module = inspect.getmodule(one)
        found |= {value.declaration.name for value in vars(one).values() if hasattr(value, "declaration")}
        for node in ast.walk(ast.parse(inspect.getsource(one).strip())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                value: Any = getattr(getattr(module, node.value.id, None), node.attr, None)
                if declaration := getattr(value, "declaration", None):
                    found.add(declaration.name)
    return found


@pytest.fixture(scope="module")
def composed() -> FastAPI:
    """The web process as the command line composes it."""
    return build("web", Settings(master_key=KEY, database_url="postgresql://nobody@127.0.0.1:9/none"), 8000)


def addresses(routes: Any) -> Iterator[str]:
    """`METHOD /path` of every route that is not mounted."""
    for one in routes:
        if isinstance(one, Route) and not FRAMEWORKS.match(one.path):
            yield from (f"{method} {one.path}" for method in sorted((one.methods or set()) - {"HEAD"}))


def test_every_address_of_the_web_process_is_tried_or_open_for_a_reason(composed: FastAPI) -> None:
    known = {f"{one.method} {one.path.partition('?')[0]}" for one in closed()} | set(OPEN)
    found = {*addresses(composed.routes), *addresses(framework.routes)}
    assert sorted(found - known) == []
    assert sorted(known - found) == ["GET /admin/"]  # mounted
    assert all(OPEN.values())
    mounted = {one.path for one in composed.routes if isinstance(one, Mount)} - {""}
    assert mounted <= set(MOUNTED)


def test_every_page_names_a_permission_that_exists_or_is_for_every_member_for_a_reason() -> None:
    for kind in kinds():
        if kind.permission is None:
            assert FOR_EVERY_MEMBER.get(kind.path), kind.path
        else:
            assert isinstance(kind.permission, Permission), kind.path
    assert set(FOR_EVERY_MEMBER) <= {kind.path for kind in kinds()}


def test_every_page_goes_through_a_service() -> None:
    loose = [kind.path for kind in kinds() if not services_asked(kind) and kind.path not in WITHOUT_SERVICE]
    assert loose == []


def test_a_page_asks_for_a_right_that_its_services_ask_for_too() -> None:
    """Otherwise the page would refuse whom the door admits, or open a frame around refusals."""
    odd = []
    for kind in kinds():
        if kind.path in WITHOUT_SERVICE or kind.path in BY_WHAT_IS_ASKED:
            continue
        asked = {door.DECLARED[name].permission for name in services_asked(kind)}
        if kind.permission is not None and kind.permission not in asked:
            odd.append(f"{kind.path}: {kind.permission} is asked by none of {services_asked(kind)}")
    assert odd == []


def test_every_page_has_a_path_of_its_own_and_a_title() -> None:
    paths = [kind.path for kind in kinds()]
    assert len(paths) == len(set(paths)) > 30
    for kind in kinds():
        named = kind.title or any("name" in vars(one) for one in ours(kind) if one is not Page)
        assert named, kind.path
        assert inspect.getdoc(kind), kind.path


def test_every_action_of_a_page_says_what_it_does() -> None:
    for kind in kinds():
        for name in (name for name in dir(kind) if name.startswith("do_")):
            assert inspect.getdoc(getattr(kind, name)), f"{kind.__name__}.{name}"
            assert inspect.iscoroutinefunction(getattr(kind, name)), f"{kind.__name__}.{name}"


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.key)
def test_the_navigation_leads_only_where_each_of_its_rights_opens_the_page(job: Any) -> None:
    for permission in job.permissions:
        kind, _ = route(dict(job.otherwise).get(permission, job.href))
        assert kind.permission in (None, permission), f"{job.words} is shown to holders of {permission}"


def test_every_table_that_a_page_watches_announces_its_changes(root: Path) -> None:
    gates = (root / "database" / "sql" / "90_gates.sql").read_text()
    listed = re.search(
        r"FOREACH name IN ARRAY ARRAY\[([^]]*)\]\s*LOOP\s*EXECUTE format\('DROP TRIGGER IF EXISTS announce",
        gates,
    )
    assert listed
    announced = set(re.findall(r"'(\w+)'", listed[1]))
    watched = {table for kind in kinds() for table in kind.watches} | Frame.watches
    assert watched - announced == set()


def test_every_address_written_in_a_page_is_one_that_exists() -> None:
    """A renamed page must not leave links behind."""
    open_paths = {one.split()[1] for one in OPEN}
    dead = []
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not isinstance(node, ast.keyword | ast.Call):
                continue
            for href in _hrefs(node):
                path = re.sub(r"\{[^}]*\}", "x", href.partition("?")[0].partition("#")[0])
                try:
                    route(path)
                except NotFound:
                    if path not in open_paths and not path.startswith(
                        ("/export/", "/documents/", "/attachments/", "/admin/", "/switch/")
                    ):
                        dead.append(f"{module.__name__}: {href}")
    assert dead == []


def _hrefs(node: ast.AST) -> Iterator[str]:
    """Addresses given as `href=…`, or to `link`, `entry` and `go`."""
    values: list[ast.expr] = []
    if isinstance(node, ast.keyword) and node.arg == "href":
        values = [node.value]
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        values = {"link": node.args[1:2], "go": node.args[:1], "address": node.args[:1]}.get(name, [])
    for value in values:
        written = ast.unparse(value)
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.startswith("/"):
            yield value.value
        elif isinstance(value, ast.JoinedStr) and written.startswith(("f'/", 'f"/')):
            yield written[2:-1]


def test_whoever_sees_a_tab_of_care_may_open_its_page() -> None:
    for tab in TABS:
        needed = route(tab.href)[0].permission
        assert needed == tab.beside or (needed,) == tab.permissions, tab.words
