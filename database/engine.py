"""The one connection pool, shared by Piccolo's queries and by plain SQL."""

import asyncio
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

# How long connections in use may take to come back when the process ends.
CLOSE_SECONDS = 10.0


class ReturningTransaction(PostgresTransaction):
    """Piccolo's transaction, but the connection goes back also when BEGIN or COMMIT raises or is cancelled."""

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()
        try:
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
            if exception is not None:
                await self.rollback()
            else:
                await self.commit()
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return exception is None

    async def _give_back(self) -> None:
        pool = self.engine.pool
        assert pool is not None
        await pool.release(self.connection)


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
