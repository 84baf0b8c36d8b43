"""The facts of institutional claims as the domain knows them, read and stored version by version."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from database.crypto import TenantKey
from database.session import Session
from domain.claims.institutional import InstitutionalFacts, RevenueLine
from domain.claims.institutional_record import record_of, with_record
from domain.claims.model import Provider

VersionKey = tuple[UUID, int]
"""(claim id, version)."""

NOTE = "institutional_facts.note"
ROLES = ("attending", "operating", "other_operating", "rendering", "referring")

_FACTS = """
SELECT f.* FROM unnest($1::uuid[], $2::int[]) AS wanted (claim_id, version)
JOIN institutional_facts f ON f.claim_id = wanted.claim_id AND f.version = wanted.version
WHERE f.tenant_id = current_tenant()
"""
_LINES = """
SELECT l.* FROM unnest($1::uuid[], $2::int[]) AS wanted (claim_id, version)
JOIN claim_lines l ON l.claim_id = wanted.claim_id AND l.version = wanted.version
WHERE l.tenant_id = current_tenant() ORDER BY l.claim_id, l.number
"""
_PRACTITIONERS = """
SELECT a.claim_id, a.version, a.role, coalesce(nullif(a.npi, ''), p.npi, '') AS npi,
    coalesce(p.last_name, a.last_name) AS last_name, coalesce(p.first_name, a.first_name) AS first_name,
    coalesce(p.taxonomy, '') AS taxonomy
FROM unnest($1::uuid[], $2::int[]) AS wanted (claim_id, version)
JOIN claim_practitioners a ON a.claim_id = wanted.claim_id AND a.version = wanted.version
LEFT JOIN providers p ON p.tenant_id = a.tenant_id AND p.id = a.provider_id
WHERE a.tenant_id = current_tenant()
"""
_STORE = """
INSERT INTO institutional_facts (tenant_id, claim_id, version, facility_code, statement_from, statement_to,
    patient_status, admission_date, drg, codes, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""


async def load_facts(session: Session, keys: Iterable[VersionKey]) -> dict[VersionKey, InstitutionalFacts]:
    """The facts of these versions, complete, in three queries; versions of professional claims are left out."""
    wanted = list(keys)
    if not wanted:
        return {}
    columns = [claim_id for claim_id, _ in wanted], [version for _, version in wanted]
    key = await session.key()
    lines: dict[VersionKey, list[RevenueLine]] = defaultdict(list)
    for row in await session.fetch(_LINES, *columns):
        lines[row["claim_id"], row["version"]].append(_line(row))
    people: dict[VersionKey, dict[str, Any]] = defaultdict(dict)
    for row in await session.fetch(_PRACTITIONERS, *columns):
        one = Provider(row["last_name"], row["first_name"], row["npi"], row["taxonomy"])
        people[row["claim_id"], row["version"]][row["role"]] = one
    return {
        at: replace(facts_of(key, row), lines=tuple(lines[at]), **people[at])
        for row in await session.fetch(_FACTS, *columns)
        for at in [(row["claim_id"], row["version"])]
    }


def facts_of(key: TenantKey, row: Any) -> InstitutionalFacts:
    """The facts in a row of `institutional_facts`, without lines and practitioners."""
    bare = InstitutionalFacts(
        facility_code=row["facility_code"],
        statement_from=row["statement_from"],
        statement_to=row["statement_to"],
        patient_status=row["patient_status"],
        principal=None,
        lines=(),
        admission_date=row["admission_date"],
        drg=row["drg"],
        note=key.open(NOTE, row["note"]).decode() if row["note"] else "",
    )
    return with_record(bare, json.loads(row["codes"]))


async def store_facts(session: Session, claim_id: UUID, version: int, facts: InstitutionalFacts) -> None:
    """Store everything but the lines and the practitioners, which have rows of their own."""
    note = (await session.key()).seal(NOTE, facts.note.encode()) if facts.note else None
    await session.execute(
        _STORE,
        session.tenant_id,
        claim_id,
        version,
        facts.facility_code,
        facts.statement_from,
        facts.statement_to,
        facts.patient_status,
        facts.admission_date,
        facts.drg,
        json.dumps(record_of(facts)),
        note,
    )


def _line(row: Any) -> RevenueLine:
    return RevenueLine(
        number=row["number"],
        revenue_code=row["revenue_code"],
        charge_cents=row["charge_cents"],
        units=row["units"],
        procedure=row["procedure"],
        modifiers=tuple(row["modifiers"]),
        unit=row["unit"],
        non_covered_cents=row["non_covered_cents"],
        service_from=row["service_from"] if row["dated"] else None,
        service_to=row["service_to"] if row["dated"] else None,
        control_number=row["control_number"],
    )
