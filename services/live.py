"""Changes as they happen: one LISTEN connection per process, and the open pages of a tenant told in short batches."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg

log = logging.getLogger("caseload.live")

CHANNEL = "changed"
NAME = "caseload live"
"""How the connection is found among those of the server."""
# Long enough to gather the many statements of one posting, short enough to feel immediate.
GATHER_SECONDS = 0.3
RECONNECT_SECONDS = 1.0
CONNECT_SECONDS = 10.0
ASK_SECONDS = 30.0
ANSWER_SECONDS = 5.0
# Pages of one tenant that look again side by side: the others wait, and clicks find the database free.
AT_ONCE = 3
Watcher = Callable[[frozenset[str]], Awaitable[None]]


class Live:
    """Tells watchers of a tenant which of its tables changed. Payloads are `tenant:table`: no ids, no PHI."""

    def __init__(self) -> None:
        self._watchers: dict[UUID, set[Watcher]] = defaultdict(set)
        self._changed: dict[UUID, set[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._keeper: asyncio.Task[None] | None = None

    async def start(self, url: str) -> None:
        """Listen on the database at `url` until stopped; a lost connection is opened again."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_listening(url))

    async def stop(self) -> None:
        """Close the connection and forget everyone."""
        tasks = [*self._tasks, *([self._keeper] if self._keeper else [])]
        self._keeper = None
        self._watchers.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def watch(self, tenant_id: UUID, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher` told of the tenant's changed tables; the answer stops that."""
        self._watchers[tenant_id].add(watcher)

        def unwatch() -> None:
            watchers = self._watchers.get(tenant_id)
            if watchers is None:
                return
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[tenant_id]

        return unwatch

    async def _keep_listening(self, url: str) -> None:
        while True:
            try:
                await self._listen(url)
            except (
                OSError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                asyncpg.InternalClientError,
            ) as error:
                log.warning("listening for changes was interrupted (%s); trying again", type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self, url: str) -> None:
        """One connection, until the server closes it."""
        connection = await asyncpg.connect(
            url, timeout=CONNECT_SECONDS, server_settings={"application_name": NAME}
        )
        closed = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: closed.set())
            await connection.add_listener(CHANNEL, self._heard)
            # What changed while nobody listened is unknown: every open page looks again.
            self._all_changed()
            while not await _within(closed, ASK_SECONDS):
                await connection.fetchval(
                    "SELECT 1", timeout=ANSWER_SECONDS
                )  # a line may break without a word
        finally:
            connection.terminate()  # it holds nothing, and a server that fell silent takes no leave

    def _all_changed(self) -> None:
        for tenant_id in list(self._watchers):
            self._note(tenant_id, "*")

    def _heard(self, connection: object, pid: int, channel: str, payload: object) -> None:
        tenant, _, table = str(payload).partition(":")
        try:
            tenant_id = UUID(tenant)
        except ValueError:
            return  # a change outside every tenant concerns no page
        if tenant_id in self._watchers:
            self._note(tenant_id, table)

    def _note(self, tenant_id: UUID, table: str) -> None:
        """Gather changes of one tenant for a moment, then tell its watchers once; what changes meanwhile is told next."""
        if tenant_id in self._changed:
            self._changed[tenant_id].add(table)
            return
        self._changed[tenant_id] = {table}
        task = asyncio.create_task(self._tell_soon(tenant_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell_soon(self, tenant_id: UUID) -> None:
        """Tell until nothing is left to tell. One round at a time: when a hundred pages take longer than the next change,
        they see several changes at once instead of falling ever further behind."""
        while True:
            await asyncio.sleep(GATHER_SECONDS)
            tables, self._changed[tenant_id] = frozenset(self._changed[tenant_id]), set()
            if not tables:
                break
            room = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(
                *(_told(one, tables, room) for one in list(self._watchers.get(tenant_id, ())))
            )
        del self._changed[tenant_id]


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Whether it happens in this time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _told(watcher: Watcher, tables: frozenset[str], room: asyncio.Semaphore) -> None:
    async with room:
        try:
            await watcher(tables)
        except Exception as error:  # noqa: BLE001 - one broken page must not silence the others
            log.error("a page could not be refreshed: %s", type(error).__name__)
