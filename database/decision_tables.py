"""Deciding by table: the tenant's version in force, else the platform's, else the caller's default.

A table can never stop the line. A version that is broken is passed over for the last good one before it, and those who
keep the rules are told once. Every decision is kept with its facts, so that another version can be asked the same.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.decision_engine import Broken, Compiled, Met, compiled
from database.rule_faults import told
from database.session import Session
from domain.rules.catalogue import TABLES, TableKind
from domain.rules.columns import CellFault
from domain.rules.grid import from_json

_READY: OrderedDict[UUID, Compiled | Broken] = OrderedDict()
"""Compiled versions by their id. A version is never changed, so nothing here grows stale; the oldest go first."""
_MOST_READY = 512
_MOST_TRIED = 20
_IN_FORCE = """
(SELECT 'own' AS origin, id, version, kind FROM rule_versions
 WHERE tenant_id = current_tenant() AND table_code = $1 AND effective_from <= coalesce($3,
       (SELECT (now() AT TIME ZONE time_zone)::date FROM tenants WHERE id = current_tenant()))
 ORDER BY effective_from DESC, version DESC LIMIT $2)
UNION ALL
(SELECT 'global', id, version, kind FROM global_rule_versions
 WHERE table_code = $1 AND effective_from <= coalesce($3, now()::date) ORDER BY effective_from DESC, version DESC LIMIT $2)
"""
_CONTENT = {
    "own": "SELECT content FROM rule_versions WHERE tenant_id = current_tenant() AND id = $1",
    "global": "SELECT content FROM global_rule_versions WHERE id = $1",
}
_KEPT = (
    "tenant_id",
    "table_code",
    "origin",
    "version",
    "met",
    "facts",
    "value",
    "subject_type",
    "subject_id",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `value` is the first met row's answers over the default; `values` those of every met row.

    `table_id` and `version` name the version that decided, `row` and `rows` its rows counted from 1; all empty when the
    default held. `origin` is own, global or default.
    """

    value: dict[str, Any]
    table_id: UUID | None = None
    version: int | None = None
    row: int | None = None
    rows: tuple[int, ...] = ()
    values: tuple[dict[str, Any], ...] = ()
    origin: str = "default"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of many to a table, and what it is about."""

    facts: Mapping[str, Any]
    default: Mapping[str, Any]
    subject_type: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Version:
    origin: str
    id: UUID
    number: int


async def decide(
    session: Session,
    table: str,
    facts: Mapping[str, Any],
    *,
    default: Mapping[str, Any],
    subject_type: str = "",
    subject_id: UUID | None = None,
    keep: bool = True,
) -> Decision:
    """What the table in force answers, else `default`. Never raises because of a table.

    `facts` has every input of the table in `domain.rules.catalogue`, None for what is unknown; nothing of a patient.
    Without `keep` nothing is recorded: somebody only looks at what would be decided.
    """
    return (await decide_all(session, table, [Asked(facts, default, subject_type, subject_id)], keep=keep))[0]


async def decide_all(
    session: Session, table: str, asked: Sequence[Asked], *, keep: bool = True
) -> list[Decision]:
    """The same for many questions, in their order, with the same number of statements."""
    if not asked:
        return []
    versions = await in_force(session, table)
    decisions = [await _decided(session, table, versions, one) for one in asked]
    if not keep:
        return decisions
    await session.copy(
        "rule_decisions",
        _KEPT,
        [_kept(session, table, one, made) for one, made in zip(asked, decisions, strict=True)],
    )
    return decisions


async def doubt(session: Session, table: str, decision: Decision, column: str, message: str) -> None:
    """Tell those who keep the rules that an answer could not be used, such as the name of a team that is gone. What
    would happen without it happens."""
    if decision.table_id is not None and decision.version is not None:
        broken = Broken("answer_unknown", f"row {decision.row}, {column}", message)
        await told(session, table, decision.origin, decision.table_id, decision.version, broken)


@dataclass(frozen=True, slots=True)
class Deciding:
    """A version that can decide, and what its rows answer. `origin` is own or global."""

    origin: str
    number: int
    values: tuple[Mapping[str, Any], ...]


async def version_deciding(session: Session, table: str, day: date) -> Deciding | None:
    """The version of a table that asks for nothing, as it is in force on a day: all its rows answer. The last good one where
    that one is broken; None when the default holds."""
    for version in await in_force(session, table, day):
        try:
            met = (await _ready(session, table, version)).decide({})
        except Broken as broken:
            await told(session, table, version.origin, version.id, version.number, broken)
            continue
        return Deciding(version.origin, version.number, met.values)
    return None


async def in_force(session: Session, table: str, day: date | None = None) -> list[_Version]:
    """The versions to try in their order: the tenant's in force (today, where no day is given) and those before it, then
    the platform's. A withdrawn one ends its list."""
    found: list[_Version] = []
    ended: set[str] = set()
    for row in await session.fetch(_IN_FORCE, table, _MOST_TRIED, day):
        if row["kind"] == "withdrawn":
            ended.add(row["origin"])
        if row["origin"] not in ended:
            found.append(_Version(row["origin"], row["id"], row["version"]))
    return found


async def _decided(session: Session, table: str, versions: Sequence[_Version], asked: Asked) -> Decision:
    for version in versions:
        try:
            ready = await _ready(session, table, version)
            met = ready.decide(asked.facts)
        except Broken as broken:
            await told(session, table, version.origin, version.id, version.number, broken)
            continue
        return _decision(version, met, asked)
    return Decision(dict(asked.default))


def _decision(version: _Version, met: Met, asked: Asked) -> Decision:
    if not met.rows:
        return Decision(dict(asked.default), version.id, version.number, origin=version.origin)
    return Decision(
        {**asked.default, **met.values[0]},
        version.id,
        version.number,
        met.rows[0],
        met.rows,
        tuple(dict(one) for one in met.values),
        version.origin,
    )


async def _ready(session: Session, table: str, version: _Version) -> Compiled:
    """The version compiled, from memory where it was used before; what is broken is remembered too."""
    known = _READY.get(version.id)
    if known is None:
        stored = await session.value(_CONTENT[version.origin], version.id)
        known = _READY[version.id] = _made(TABLES.get(table), stored)
        while len(_READY) > _MOST_READY:
            _READY.popitem(last=False)
    else:
        _READY.move_to_end(version.id)
    if isinstance(known, Broken):
        raise known
    return known


def _made(kind: TableKind | None, stored: str | None) -> Compiled | Broken:
    try:
        if kind is None or stored is None:
            raise Broken("gone", "", "The table is not there any more.")
        return compiled(kind, from_json(json.loads(stored)))
    except Broken as broken:
        return broken
    except CellFault as fault:
        return Broken("content", "", str(fault))
    except Exception:  # noqa: BLE001 - whatever was stored, the line goes on by the last good version
        return Broken("content", "", "The stored table cannot be read.")


def _kept(session: Session, table: str, asked: Asked, made: Decision) -> tuple[Any, ...]:
    value = list(made.values) if len(made.rows) > 1 else made.value
    return (
        session.tenant_id, table, made.origin, made.version, list(made.rows), _json(asked.facts), _json(value),
        asked.subject_type, asked.subject_id,
    )  # fmt: skip


def _json(value: Any) -> str:
    # PostgreSQL takes no NUL in jsonb.
    return json.dumps(value, default=str).replace("\\u0000", "")
