"""The one connection pool, shared by Piccolo's queries and by plain SQL."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

# How long connections in use may take to come back when the process ends.
CLOSE_SECONDS = 10.0
# A server that is there takes us in at once: whoever waits longer is told, and asks again.
CONNECT_SECONDS = 10.0
# How long to wait for a connection while all are in use. Longer than any short transaction, but not for ever.
WAIT_SECONDS = 60.0
_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    # What asyncpg calls a fault of its own when the server's last word came before the end of the connection.
    asyncpg.InternalClientError,
)


class DatabaseAway(ConnectionError):
    """The database ended the connection, or takes nobody in just now; it comes back by itself. What was being committed
    may have been."""


class ReturningTransaction(PostgresTransaction):
    """Piccolo's transaction, but the connection goes back also when BEGIN or COMMIT raises or is cancelled, and a server
    that goes away is one error whatever was being done: `DatabaseAway`."""

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        with _told_as_away():
            self.connection = await self.get_connection()
        try:
            with self._lost_as_away():
                self.transaction = self.connection.transaction()
                await self.begin()
        except BaseException:
            await self._give_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent:
            return exception is None
        try:
            with self._lost_as_away():
                if exception is None:
                    await self.commit()
                else:
                    await self._roll_back()
                    raise exception
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return True

    async def get_connection(self) -> Any:
        """One of the pool's. TimeoutError when none comes back in time."""
        pool = self.engine.pool
        return await (pool.acquire(timeout=WAIT_SECONDS) if pool else self.engine.get_new_connection())

    async def _roll_back(self) -> None:
        with suppress(
            asyncpg.InterfaceError, *_GONE
        ):  # a server that lost us has rolled back; the error stands
            await self.rollback()

    async def _give_back(self) -> None:
        pool = self.engine.pool
        assert pool is not None
        with suppress(
            asyncpg.InterfaceError, OSError, *_GONE
        ):  # it is ended instead; what was committed stands
            await pool.release(self.connection)

    @contextmanager
    def _lost_as_away(self) -> Iterator[None]:
        with _told_as_away():
            try:
                yield
            except asyncpg.InterfaceError as error:
                if not self._is_lost():
                    raise
                raise DatabaseAway(type(error).__name__) from error

    def _is_lost(self) -> bool:
        try:
            return bool(self.connection.is_closed())
        except asyncpg.InterfaceError:
            return True  # the pool has taken it back already


@contextmanager
def _told_as_away() -> Iterator[None]:
    try:
        yield
    except _GONE as error:
        raise DatabaseAway(type(error).__name__) from error


class PooledEngine(PostgresEngine):
    """Refuses to work without a pool: Piccolo would silently open a new connection for every query."""

    def __init__(self) -> None:
        super().__init__(config={})

    async def get_version(self) -> float:
        """The lowest that the schema needs (uuidv7): Piccolo asks at import, when nothing is connected yet."""
        return 18.0

    async def start(self, url: str, *, min_size: int = 1, max_size: int = 10) -> None:
        """Open the pool for the application role. Calling it twice is an error of the program."""
        if self.pool is not None:
            raise RuntimeError("the connection pool is already open")
        self.config = {"dsn": url}
        self.pool = await asyncpg.create_pool(
            url,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_SECONDS,
            command_timeout=120,
            server_settings={"jit": "off"},
            reset=_nothing_to_reset,
        )

    async def stop(self) -> None:
        """Close the pool; open transactions are rolled back by the server."""
        if self.pool is not None:
            pool, self.pool = self.pool, None
            try:
                await asyncio.wait_for(pool.close(), CLOSE_SECONDS)
            except TimeoutError:
                # Somebody still holds a connection, to a server that may be gone: a process that ends must end.
                pool.terminate()

    async def get_new_connection(self) -> Any:
        """Refuse: whoever comes here forgot to start the pool."""
        raise RuntimeError("the connection pool is not open: call database.session.start first")

    def transaction(self, allow_nested: bool = False) -> PostgresTransaction:
        """A transaction that always returns its connection. Nesting is refused: one command, one transaction."""
        return ReturningTransaction(engine=self, allow_nested=allow_nested)


async def _nothing_to_reset(connection: Any) -> None:
    """All our settings end with their transaction, and asyncpg has ended any that was left open: no round trip."""


ENGINE = PooledEngine()
