"""The whole platform as child processes under one roof: for `up`, for the demo, for journeys and crash tests."""

import asyncio
import base64
import os
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from cli import programs
from cli.children import Child, ChildFailed
from cli.lock import FolderLock
from cli.ports import PortBook, next_free
from cli.postgres import Postgres
from cli.programs import Delays
from cli.secret_files import kept_secret
from cli.supervision import Supervised
from cli.temporal import NAMESPACE, Temporal

DEFAULT_PORTS = {"postgres": 5440, "temporal": 7233, "temporal-ui": 8233, "sftp": 2222, "sandbox": 8444}
STOP_ORDER = (("seed",), ("web", "worker"), ("sandbox", "temporal"), ("postgres",))


class Stack:
    """Starts everything on entry, stops everything on exit, in an order that loses nothing.

    `port` is the wished port of the pages (0: any free one), `any_ports` gives the other servers any free port
    instead of their usual ones. `environment` holds further settings without prefix, such as POLL_SECONDS.
    `roles` may leave out "web", "worker" or "sandbox". `throwaway` gives up durability for speed.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        any_ports: bool = True,
        temporal_headless: bool = True,
        seed: bool = False,
        throwaway: bool = False,
        delays: Delays | None = None,
        environment: Mapping[str, str] | None = None,
        roles: frozenset[str] = frozenset({"sandbox", "worker", "web"}),
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.data = data.resolve()
        self.host = host
        self._wished_port = port
        self._any_ports = any_ports
        self._headless = temporal_headless
        self._seed = seed
        self._throwaway = throwaway
        self._delays = delays or Delays()
        self._extra = dict(environment or {})
        self._roles = roles
        self._tell = tell
        self._children: dict[str, Supervised] = {}
        self._lock = FolderLock(self.data)
        self.seeding: Child | None = None
        self.seeding_from = 0  # where in its log this run's lines begin

    @property
    def database_url(self) -> str:
        """URL of the role the program runs as."""
        return self.postgres.app_url()

    @property
    def owner_database_url(self) -> str:
        """URL of the owner of the database."""
        return self.postgres.owner_url()

    @property
    def temporal_address(self) -> str:
        """host:port of the Temporal frontend."""
        return self.temporal.address

    @property
    def temporal_ui_url(self) -> str:
        """Address of the Temporal web UI; empty when headless."""
        return self.temporal.ui_url

    @property
    def sandbox_control_url(self) -> str:
        """Control address of the practice clearinghouse."""
        return f"http://127.0.0.1:{self.control_port}"

    @property
    def web_url(self) -> str:
        """Address of the pages outside any tenant."""
        return self.tenant_url("")

    def tenant_url(self, subdomain: str) -> str:
        """Address of the pages of one tenant."""
        return f"http://{subdomain + '.' if subdomain else ''}localhost:{self.web_port}"

    @property
    def seeded_mark(self) -> Path:
        """Exists once the demo tenants are complete."""
        return self.data / "seeded"

    @property
    def logs(self) -> Path:
        """Folder with one log per child."""
        return self.data / "logs"

    def variables(self) -> dict[str, str]:
        """The environment every role runs in."""
        return programs.environment(self._settings() | self._extra)

    async def __aenter__(self) -> "Stack":
        for folder in (self.data, self.data / "run", self.logs, self.data / "sandbox"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock.__enter__()
        try:
            self._choose_ports()
            self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    def kill(self, name: str) -> int:
        """SIGKILL one child as a crash would; it is started again by itself. Answers the pid that was killed."""
        return self._children[name].kill()

    async def serving(self, name: str) -> None:
        """Return once child `name` serves, again after a crash too. ChildFailed when the stack has given it up."""
        waiting = asyncio.create_task(self._children[name].serving())
        either: list[asyncio.Future[Any]] = [waiting, self.failed]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            raise ChildFailed(self.failed.result())

    def pid(self, name: str) -> int | None:
        """Process id of a child; None while it is down."""
        return self._children[name].child.pid

    def log(self, name: str) -> Path:
        """Log of a child."""
        return self.logs / f"{name}.log"

    def kill_everything(self) -> None:
        """SIGKILL every child and start none again: for somebody who asks a second time."""
        for child in self._children.values():
            child.abandon()

    async def _start(self) -> None:
        self.postgres = Postgres(self.data, port=self.postgres_port, throwaway=self._throwaway)
        workflows = self.data / "temporal.sqlite"
        self.temporal = Temporal(
            self.data / "run",
            file=workflows,
            port=self.temporal_port,
            ui_port=self.temporal_ui_port,
            headless=self._headless,
        )
        kept_secret(self.data / "secrets" / "master-key", _new_master_key)
        await _all(self._start_database(), self._start_temporal(), self._start_sandbox())
        await _all(self._start_role("worker"), self._start_role("web"))
        await self._start_seeding()

    async def _start_database(self) -> None:
        program = await asyncio.to_thread(self.postgres.prepare)
        await self._supervise(program)
        await self.postgres.ensure_roles()
        self._tell(f"PostgreSQL serves on port {self.postgres_port}")
        code = await programs.run_to_end(self.log("migrate"), self._owner_variables(), "migrate")
        if code:
            raise ChildFailed(
                f"the database could not be brought to the current schema; see {self.log('migrate')}"
            )
        self._tell("the database has the current schema")

    async def _start_temporal(self) -> None:
        await self._supervise(self.temporal.prepare())
        self._tell(f"Temporal serves on port {self.temporal_port}")

    async def _start_sandbox(self) -> None:
        if "sandbox" in self._roles:
            folder = self.data / "sandbox"
            variables = programs.environment({})
            await self._supervise(
                programs.sandbox(folder, self.sftp_port, self.control_port, self._delays, variables)
            )
            self._tell(f"the practice clearinghouse takes SFTP on port {self.sftp_port}")

    async def _start_role(self, name: str) -> None:
        if name not in self._roles:
            return
        if name == "worker":
            await self._supervise(programs.worker(self.temporal_address, NAMESPACE, self.variables()))
        else:
            await self._supervise(programs.web(self.web_port, self.variables()))
        self._tell(f"{name} serves")

    async def _start_seeding(self) -> None:
        if self._seed and not self.seeded_mark.exists():
            self.seeding = Child(programs.seed(self.variables()), self.data / "run", self.log("seed"))
            self.seeding_from = self.log("seed").stat().st_size if self.log("seed").exists() else 0
            await self.seeding.start()
            self._seed_watch = asyncio.create_task(self._note_seeded(self.seeding))

    async def _note_seeded(self, child: Child) -> None:
        code = await child.wait()
        if code == 0:
            self.seeded_mark.touch()
            self._tell("the demo tenants are complete")
        elif code > 0:
            self._tell(f"filling the demo tenants stopped; the next start goes on. {child.last_words(3)}")

    async def _supervise(self, program: programs.Program) -> None:
        child = Supervised(program, self.data, tell=self._tell, failed=self.failed)
        self._children[program.name] = child
        await child.start()

    async def _stop(self) -> None:
        if self.seeding is not None:
            await self.seeding.stop()
            await self._seed_watch
        for names in STOP_ORDER:
            await asyncio.gather(*(self._children[name].stop() for name in names if name in self._children))
        self._children.clear()
        self._lock.__exit__(None, None, None)

    def _choose_ports(self) -> None:
        book = PortBook(self.data / "ports.json", any_port=self._any_ports)
        if self._wished_port:
            self.web_port = next_free(self._wished_port, self.host)
        else:
            self.web_port = book.choose("web", 8000, self.host)
        chosen = {name: book.choose(name, default) for name, default in DEFAULT_PORTS.items()}
        self.postgres_port, self.temporal_port = chosen["postgres"], chosen["temporal"]
        self.temporal_ui_port = chosen["temporal-ui"]
        self.sftp_port, self.control_port = chosen["sftp"], chosen["sandbox"]
        book.save()

    def _settings(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "OWNER_DATABASE_URL": "",
            "TEMPORAL_ADDRESS": self.temporal_address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "TEMPORAL_UI_URL": self.temporal_ui_url,
            "MASTER_KEY": "",
            "MASTER_KEY_FILE": str(self.data / "secrets" / "master-key"),
            "DATA": str(self.data),
            "HOST": self.host,
            "PORT": str(self.web_port),
            "SANDBOX_CONTROL_URL": self.sandbox_control_url,
            "AUDIT_ANCHOR_FILE": str(self.data / "audit-anchor.log"),
        }

    def _owner_variables(self) -> dict[str, str]:
        return programs.environment(self._settings() | {"OWNER_DATABASE_URL": self.owner_database_url})


async def _all(*steps: Coroutine[Any, Any, None]) -> None:
    """Run steps side by side; when one fails the others are cancelled before the failure goes up."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from several


def _new_master_key() -> str:
    return base64.b64encode(os.urandom(32)).decode("ascii")
