"""What a simulation asks again: kept decisions with their facts, or, where none was kept yet, claims as they stand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.claim_reads import load_claims
from database.decision_engine import Broken, Compiled, compiled
from database.session import Session
from domain.claims.rules import Finding, Severity
from domain.rules.catalogue import SCRUBBING, TableKind
from domain.rules.claim_facts import scrubbing_facts
from domain.rules.columns import CellFault
from domain.rules.grid import from_json

_DECISIONS = """
SELECT id, origin, version, met, facts, value, subject_type, subject_id, at FROM rule_decisions
WHERE tenant_id = current_tenant() AND table_code = $1 AND at >= $2 AND at < $3
    AND ($4::uuid IS NULL OR (at, id) > ($2, $4)) ORDER BY at, id LIMIT $5
"""
_VERSIONS = """
SELECT 'own' AS origin, version, content FROM rule_versions WHERE tenant_id = current_tenant() AND table_code = $1
    AND version = ANY($2::integer[])
UNION ALL SELECT 'global', version, content FROM global_rule_versions WHERE table_code = $1 AND version = ANY($2::integer[])
"""
_CLAIMS = """
SELECT c.id, c.current_version, c.created_at, (c.created_at AT TIME ZONE t.time_zone)::date AS day,
    ARRAY(SELECT f.rule_id FROM claim_findings f WHERE f.tenant_id = c.tenant_id AND f.claim_id = c.id
          AND f.version = c.current_version ORDER BY f.ordinal) AS fired
FROM claims c JOIN tenants t ON t.id = c.tenant_id
WHERE c.tenant_id = current_tenant() AND c.created_at >= $1 AND c.created_at < $2 AND ($3::uuid IS NULL OR c.id > $3)
ORDER BY c.id LIMIT $4
"""
# The tables whose facts can be rebuilt from claims.
FROM_CLAIMS = frozenset({SCRUBBING.code})


@dataclass(frozen=True, slots=True)
class Past:
    """One question of the past: its facts, the rows that were met then and what they answered."""

    id: UUID
    at: datetime
    facts: Mapping[str, Any]
    subject_type: str
    subject_id: UUID | None
    rows: tuple[int, ...] = ()
    answers: Sequence[Mapping[str, Any]] = ()


async def past_of(session: Session, run: Any, kind: TableKind, size: int) -> list[Past]:
    """The next questions of a run, after those that it has asked already."""
    if run["source"] == "claims":
        return await _claims(session, run, size)
    last = await session.value("SELECT at FROM rule_decisions WHERE id = $1", run["position"])
    rows = await session.fetch(
        _DECISIONS, kind.code, last or run["since"], run["until"], run["position"], size
    )
    versions = await _versions(session, kind, {row["version"] for row in rows} - {None})
    return [
        Past(
            row["id"],
            row["at"],
            json.loads(row["facts"]),
            row["subject_type"],
            row["subject_id"],
            tuple(row["met"]),
            _answered(row, versions),
        )
        for row in rows
    ]


async def _claims(session: Session, run: Any, size: int) -> list[Past]:
    """Claims captured in those days, as they stand now; no table had been asked about them."""
    rows = await session.fetch(_CLAIMS, run["since"], run["until"], run["position"], size)
    claims = await load_claims(session, [(row["id"], row["current_version"]) for row in rows])
    return [
        Past(
            row["id"],
            row["created_at"],
            _facts(claims[row["id"], row["current_version"]], row),
            "claim",
            row["id"],
        )
        for row in rows
    ]


def _facts(claim: Any, row: Any) -> dict[str, Any]:
    fired = [Finding(rule_id, Severity.WARNING, "", "", "") for rule_id in row["fired"]]
    return scrubbing_facts(claim, fired, row["day"])


def _answered(row: Any, versions: Mapping[tuple[str, int], Compiled]) -> list[Mapping[str, Any]]:
    """What the rows that were met then answered; the kept answer where that version can no longer be read."""
    if not row["met"]:
        return []
    then = versions.get((row["origin"], row["version"]))
    if then is not None and max(row["met"]) <= len(then.rules):
        return [then.rules[number - 1].answers for number in row["met"]]
    kept = json.loads(row["value"])
    return kept if isinstance(kept, list) else [kept]


async def _versions(session: Session, kind: TableKind, numbers: set[int]) -> dict[tuple[str, int], Compiled]:
    found = {}
    for row in await session.fetch(_VERSIONS, kind.code, sorted(numbers)):
        try:
            found[(row["origin"], row["version"])] = compiled(kind, from_json(json.loads(row["content"])))
        except (Broken, CellFault):
            continue  # what it answered then was kept with the decision
    return found
