"""Where a process stands, as a row: read under lock, changed in memory by the domain's table, written back, with its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from database.session import Session


@dataclass(frozen=True)
class ProcessRows:
    """The table of a process, the columns that its activities change beside `state` and `visited`, and the table of
    its events with the column that names the process there."""

    table: str
    changed: tuple[str, ...]
    events: str
    of: str

    async def store(self, session: Session, state: Any) -> None:
        """Write back what an activity changed."""
        values = [getattr(state, name) for name in self.changed]
        visited = [one.value for one in state.visited]
        await session.execute(self._write, state.id, state.state.value, visited, *values)

    async def note(
        self, session: Session, id: UUID, key: str, kind: str, summary: str, actor_id: UUID | None = None
    ) -> bool:
        """Note what happened, once per key; whether it is new. `summary` is a sentence without PHI."""
        tenant_id, name = session.tenant_id, session.actor.name
        return bool(await session.execute(self._note, tenant_id, id, key, kind, actor_id, name, summary))

    @cached_property
    def _write(self) -> str:
        places = ", ".join(f"{name} = ${number}" for number, name in enumerate(self.changed, 4))
        return (
            f"UPDATE {self.table} SET state = $2, visited = $3, {places}, version = version + 1 WHERE id = $1"
        )

    @cached_property
    def _note(self) -> str:
        return (
            f"INSERT INTO {self.events} (tenant_id, {self.of}, key, kind, actor_id, actor_name, summary)"
            " SELECT $1, $2, $3, $4, $5, coalesce((SELECT name FROM users WHERE id = $5), $6), $7"
            f" ON CONFLICT (tenant_id, {self.of}, key) DO NOTHING"
        )


def facts_of(row: Mapping[str, Any], kind: type[Any], states: type[StrEnum], *own: str) -> dict[str, Any]:
    """A row as the fields of the slotted dataclass `kind`, its states as `states`; `own` are those it makes itself."""
    stored = {name: row[name] for name in kind.__slots__ if name not in own}
    return stored | {"state": states(row["state"]), "visited": [states(one) for one in row["visited"]]}
