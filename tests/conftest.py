"""Real servers for the tests: one throwaway PostgreSQL cluster and one Temporal server per test process."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import FunctionType

import pytest
import pytest_asyncio

from cli.postgres import Postgres
from cli.temporal import Temporal

# house, north, south: the program's database, empty, with two tenants.
pytest_plugins = ["tests.fixtures.clearinghouse", "tests.fixtures.tenancy", "tests.fixtures.onboarding"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest go first, so that no process is left with them at the end."""
    items.sort(key=lambda item: not (item.get_closest_marker("journey") or item.get_closest_marker("slow")))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name functions in test ids by their name: their addresses differ between the processes that share the tests."""
    return val.__qualname__ if isinstance(val, FunctionType) else None


@pytest_asyncio.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """A PostgreSQL cluster with both roles; its empty `caseload` database stays unused.

    In a folder of its own: pytest's is closed to the system user that the server runs as when tests run as root.
    """
    with tempfile.TemporaryDirectory(prefix="caseload-tests-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder), throwaway=True)
        await server.start()
        yield server
        await server.stop()


@pytest.fixture(scope="module")
def stack_folder() -> Iterator[Path]:
    """A folder for a whole stack, outside pytest's own: every other run of pytest closes that to PostgreSQL's user."""
    with tempfile.TemporaryDirectory(prefix="caseload-stack-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest_asyncio.fixture(scope="session")
async def migrated_template(postgres: Postgres) -> str:
    """Name of a database with every migration applied; copies of it cost some 50 ms."""
    name = "caseload_template"
    await migrate(await postgres.create_database(name))
    return name


@pytest_asyncio.fixture(scope="session")
async def database_name(postgres: Postgres, migrated_template: str) -> str:
    """The migrated database that this test process works in."""
    name = "caseload_tests"
    await postgres.create_database(name, migrated_template)
    return name


@pytest.fixture(scope="session")
def owner_url(postgres: Postgres, database_name: str) -> str:
    """URL of the owner of the tests' database: for truncating and for looking past row-level security."""
    return postgres.owner_url(database_name)


@pytest.fixture(scope="session")
def app_url(postgres: Postgres, database_name: str) -> str:
    """URL of the role the program runs as, in the tests' database."""
    return postgres.app_url(database_name)


@pytest_asyncio.fixture(scope="session")
async def fresh_database(
    postgres: Postgres, migrated_template: str
) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """A function that makes one more migrated database of the given name and answers that name."""
    made: list[str] = []

    async def make(name: str) -> str:
        await postgres.create_database(name, migrated_template)
        made.append(name)
        return name

    yield make
    for name in made:
        await postgres.drop_database(name)


@pytest_asyncio.fixture(scope="session")
async def temporal_env(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Temporal]:
    """A real Temporal server in memory on a free port; everything but time skipping."""
    server = Temporal(tmp_path_factory.mktemp("temporal"), file=None, headless=True)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def temporal_address(temporal_env: Temporal) -> str:
    """host:port of the tests' Temporal server."""
    return temporal_env.address


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parent.parent


async def migrate(owner_url: str) -> None:
    """Apply every migration in a process of its own, so that no engine of the migration stays behind in this one."""
    root = Path(__file__).resolve().parent.parent
    environment = os.environ | {"CASELOAD_OWNER_DATABASE_URL": owner_url, "PYTHONPATH": str(root)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "cli",
        "migrate",
        cwd=root,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the migrations failed: {output.decode()[-4000:]}")
