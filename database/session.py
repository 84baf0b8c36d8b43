"""The second and the third gate: whose rows, and what was done.

A session is one transaction of one actor in one tenant. It sets `app.tenant_id`, by which row-level security filters
everything, and writes the audit row of the command in the same transaction. Nobody else begins or commits.
"""

import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from database.crypto import TenantKey, unwrap, wrap
from database.engine import ENGINE
from domain.tenancy import Actor

_master_key: bytes = b""
_keys: dict[UUID, TenantKey] = {}
MANY = 5_000
"""Rows from which a table of their own and COPY are worth it."""
_types: dict[str, dict[str, str]] = {}
"""The columns of tables as PostgreSQL calls their types; a schema does not change under a running program."""


async def start(url: str, master_key: bytes, *, max_size: int = 10) -> None:
    """Open the pool as the application role and take the master key (32 bytes) that unwraps tenants' keys."""
    global _master_key
    if len(master_key) != 32:
        raise ValueError("the master key must be 32 bytes")
    _master_key = master_key
    await ENGINE.start(url, max_size=max_size)


async def stop() -> None:
    """Close the pool and forget every key."""
    global _master_key
    await ENGINE.stop()
    _master_key = b""
    _keys.clear()
    _types.clear()


class Session:
    """An open transaction inside one tenant: plain SQL, sealing of PHI, audit rows and messages for Temporal.

    Piccolo's own queries join the same transaction when awaited in the same task. Never gather or spawn tasks inside.
    """

    def __init__(self, actor: Actor, connection: Any, policy_version: int | None = None) -> None:
        self.actor = actor
        self.policy_version = (
            policy_version  # of the tenant, as this transaction found it; None when there is no tenant
        )
        self.connection = connection
        self.messages: list[UUID] = []
        self._key: TenantKey | None = None

    @property
    def tenant_id(self) -> UUID:
        """The tenant that this session is confined to."""
        return self.actor.tenant_id

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """All rows."""
        return await self.connection.fetch(sql, *args)

    async def row(self, sql: str, *args: Any) -> Any:
        """The first row or None."""
        return await self.connection.fetchrow(sql, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        return await self.connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a command; the number of rows that it touched."""
        status = await self.connection.execute(sql, *args)
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a command once for each row, in one round trip."""
        await self.connection.executemany(sql, rows)

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """COPY rows into a table: the quick way in for thousands. Row-level security does not allow COPY FROM, so
        rows travel as arrays through one INSERT … SELECT unnest instead."""
        records = list(rows)
        if records:
            await self.copy_columns(table, dict(zip(columns, zip(*records, strict=True), strict=True)))

    async def copy_columns(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """The same for whoever has the columns already, all of one length. What is alike in every row travels once."""
        varying = {name: values for name, values in columns.items() if values.count(values[0]) < len(values)}
        varying = varying or dict([next(iter(columns.items()))])
        alike = {name: values[0] for name, values in columns.items() if name not in varying}
        kinds = await self._column_types(table)
        if len(next(iter(varying.values()))) >= MANY:
            source = await self._copied_aside(table, varying)
            arguments: list[Any] = []
        else:
            source, arguments = _unnested(varying, kinds)
        chosen = [f"t.{name}::{kinds[name]}" for name in varying]
        for name, value in alike.items():
            listed = kinds[name].endswith("[]")
            arguments.append(_array_literal(value) if listed else value)
            chosen.append(f"${len(arguments)}::{'text::' if listed else ''}{kinds[name]}")
        await self.connection.execute(
            f"INSERT INTO {table} ({', '.join([*varying, *alike])}) SELECT {', '.join(chosen)} FROM {source}",
            *arguments,
        )

    async def _copied_aside(self, table: str, varying: Mapping[str, Sequence[Any]]) -> str:
        """COPY the columns into a table of this transaction alone, where it is allowed; what to select them from."""
        aside = f"incoming_{table}"
        await self.connection.execute(f"DROP TABLE IF EXISTS pg_temp.{aside}")
        await self.connection.execute(
            f"CREATE TEMPORARY TABLE {aside} ON COMMIT DROP AS SELECT {', '.join(varying)} FROM {table} WITH NO DATA"
        )
        await self.connection.copy_records_to_table(
            aside, schema_name="pg_temp", records=zip(*varying.values(), strict=True), columns=list(varying)
        )
        return f"pg_temp.{aside} AS t"

    async def _column_types(self, table: str) -> dict[str, str]:
        if table not in _types:
            rows = await self.fetch(
                "SELECT attname, format_type(atttypid, atttypmod) AS kind FROM pg_attribute"
                " WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped",
                table,
            )
            _types[table] = {row["attname"]: row["kind"] for row in rows}
        return _types[table]

    async def key(self) -> TenantKey:
        """The tenant's data key, unwrapped once per process."""
        if self._key is None:
            self._key = await _tenant_key(self)
        return self._key

    async def audit(
        self,
        action: str,
        subject_type: str = "",
        subject_id: object = "",
        *,
        outcome: str = "done",
        phi: bool = False,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Append the audit row of what is being done, in this transaction. `detail` holds codes and ids, never PHI."""
        await self.execute(
            "INSERT INTO audit_log (tenant_id, actor_id, actor_kind, action, subject_type, subject_id, outcome, phi,"
            " detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            self.tenant_id,
            self.actor.user_id,
            self.actor.kind,
            action,
            subject_type,
            str(subject_id),
            outcome,
            phi,
            json.dumps(detail or {}, default=str),
        )

    async def tell(
        self,
        kind: str,
        workflow_id: str,
        name: str,
        payload: dict[str, Any],
        *,
        workflow: str = "",
        task_queue: str = "core",
        signal_payload: dict[str, Any] | None = None,
        message_id: UUID | None = None,
    ) -> UUID:
        """Put a message for Temporal into the outbox. It is delivered after the commit, once, even if the server is down.

        `message_id` is the id of the update where the fact has one of its own, such as a work item's."""
        identifier: UUID = await self.value(
            "INSERT INTO outbox (tenant_id, kind, workflow, workflow_id, task_queue, name, payload, signal_payload, id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, uuidv7())) RETURNING id",
            self.tenant_id,
            kind,
            workflow,
            workflow_id,
            task_queue,
            name,
            json.dumps(payload, default=str),
            None if signal_payload is None else json.dumps(signal_payload, default=str),
            message_id,
        )
        self.messages.append(identifier)
        return identifier

    async def signal_each(
        self,
        workflow: str,
        name: str,
        signals: Iterable[tuple[str, dict[str, Any], dict[str, Any]]],
        *,
        task_queue: str = "core",
    ) -> None:
        """Signal many workflows of one kind in one statement, starting those that do not run; see `tell`.

        Each of `signals` is the workflow's id, what it is started with, and what the signal says.
        """
        rows = list(signals)
        said = {
            id(signal): json.dumps(signal, default=str) for signal in {id(s): s for _, _, s in rows}.values()
        }
        stored = await self.fetch(
            "INSERT INTO outbox (tenant_id, kind, workflow, workflow_id, task_queue, name, payload, signal_payload)"
            " SELECT $1, 'signal_with_start', $2, t.id, $3, $4, t.start::jsonb, t.signal::jsonb"
            " FROM unnest($5::text[], $6::text[], $7::text[]) AS t (id, start, signal) RETURNING id",
            self.tenant_id,
            workflow,
            task_queue,
            name,
            [workflow_id for workflow_id, _, _ in rows],
            [json.dumps(start, default=str) for _, start, _ in rows],
            [said[id(signal)] for _, _, signal in rows],  # mostly one and the same
        )
        self.messages.extend(row["id"] for row in stored)


def _unnested(varying: Mapping[str, Sequence[Any]], kinds: Mapping[str, str]) -> tuple[str, list[Any]]:
    """Columns as arrays: what to select from, and its arguments."""
    arguments: list[Any] = []
    parts = []
    for number, (name, values) in enumerate(varying.items(), 1):
        listed = kinds[name].endswith("[]")
        parts.append(f"${number}::{'text' if listed else kinds[name]}[]")
        arguments.append([_array_literal(one) for one in values] if listed else values)
    return f"unnest({', '.join(parts)}) AS t({', '.join(varying)})", arguments


def _array_literal(items: Sequence[Any]) -> str:
    """A PostgreSQL array literal: unnest would flatten an array of arrays."""
    quoted = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"


@asynccontextmanager
async def tenant_session(actor: Actor) -> AsyncIterator[Session]:
    """One transaction confined to the actor's tenant; commits when the block ends, rolls back when it raises."""
    async with ENGINE.transaction() as transaction:
        connection = transaction.connection
        opened = await connection.fetchrow(
            "SELECT set_config('app.tenant_id', $1, true), set_config('app.actor', $2, true),"
            " (SELECT policy_version FROM tenants WHERE id = $1::text::uuid) AS policy_version",
            str(actor.tenant_id),
            str(actor.user_id or actor.name),
        )
        yield Session(actor, connection, opened["policy_version"])


@asynccontextmanager
async def platform_session(*, user_id: UUID | None = None, purpose: str = "") -> AsyncIterator[Any]:
    """One transaction outside every tenant: control-plane tables only, since no tenant means no rows of any tenant.

    With `user_id` that person's own memberships are visible (the tenant switcher). Yields the asyncpg connection.
    """
    async with ENGINE.transaction() as transaction:
        connection = transaction.connection
        await connection.execute(
            "SELECT set_config('app.tenant_id', '', true), set_config('app.user_id', $1, true),"
            " set_config('app.purpose', $2, true)",
            str(user_id or ""),
            purpose,
        )
        yield connection


async def each_tenant(connection: Any) -> AsyncIterator[Session]:
    """A session confined to each tenant in turn, until the next one is asked for, for what concerns them all at once.
    `connection` is that of `platform_session`: what is written commits together, or not at all."""
    for row in await connection.fetch("SELECT id FROM tenants ORDER BY id"):
        await connection.execute("SELECT set_config('app.tenant_id', $1, true)", str(row["id"]))
        yield Session(Actor(row["id"], None, "platform", "Platform staff"), connection)
    await connection.execute("SELECT set_config('app.tenant_id', '', true)")


async def make_tenant_key(session: Session) -> None:
    """Give a new tenant its data key; does nothing when it has one."""
    wrapped = wrap(_master_key, session.tenant_id, os.urandom(32))
    await session.execute(
        "INSERT INTO tenant_keys (tenant_id, key_id, wrapped) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING",
        session.tenant_id,
        wrapped,
    )


async def tenant_secret(tenant_id: UUID) -> TenantKey:
    """The tenant's key outside a session, for the payload codec."""
    if tenant_id not in _keys:
        async with tenant_session(Actor(tenant_id, None, "workflow", "codec")) as session:
            return await _tenant_key(session)
    return _keys[tenant_id]


async def _tenant_key(session: Session) -> TenantKey:
    tenant_id = session.tenant_id
    if tenant_id not in _keys:
        row = await session.row("SELECT key_id, wrapped FROM tenant_keys ORDER BY key_id DESC LIMIT 1")
        if row is None:
            raise LookupError("the tenant has no data key: onboarding did not reach that step")
        _keys[tenant_id] = TenantKey(tenant_id, row["key_id"], unwrap(_master_key, tenant_id, row["wrapped"]))
    return _keys[tenant_id]
