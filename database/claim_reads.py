"""Claims as the domain knows them, loaded in bulk: facts, parties, lines, and the patient's earlier lines."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from database.clientele_reads import ClaimParties, PartiesKey, load_parties
from database.coordination_reads import with_decisions
from database.institutional_reads import VersionKey, load_facts
from database.session import Session
from domain.claims.institutional import AnyClaim, InstitutionalClaim, InstitutionalFacts
from domain.claims.model import Claim, Provider, ServiceLine
from domain.claims.rules import EarlierLine

_VERSIONS = """
SELECT c.form, c.client_id, c.patient_id, v.*
FROM unnest($1::uuid[], $2::int[]) AS wanted (claim_id, version)
JOIN claim_versions v ON v.claim_id = wanted.claim_id AND v.version = wanted.version
JOIN claims c ON c.id = v.claim_id AND c.tenant_id = v.tenant_id
WHERE v.tenant_id = current_tenant()
"""
_LINES = """
SELECT l.* FROM unnest($1::uuid[], $2::int[]) AS wanted (claim_id, version)
JOIN claim_lines l ON l.claim_id = wanted.claim_id AND l.version = wanted.version
WHERE l.tenant_id = current_tenant() AND l.revenue_code = '' ORDER BY l.claim_id, l.number
"""
_EARLIER = """
SELECT v.claim_number, l.service_from, l.procedure, cl.npi AS billing_npi, l.charge_cents, l.modifiers, v.rendering_npi
FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
JOIN claim_lines l ON l.tenant_id = v.tenant_id AND l.claim_id = v.claim_id AND l.version = v.version
JOIN clients cl ON cl.tenant_id = c.tenant_id AND cl.id = c.client_id
WHERE c.tenant_id = current_tenant() AND c.patient_id = $1 AND c.id <> $2 AND v.frequency <> '8'
  AND c.step <> 'rejected' AND c.outcome <> 'reversed' AND c.closed_reason <> 'withdrawn' AND c.form = $5
  AND (c.released_at IS NOT NULL AND l.service_from BETWEEN $3 AND $4 OR l.procedure = ANY($6)
    AND l.service_from >= date_trunc('month', $3::date::timestamp)
    AND l.service_from < date_trunc('month', $4::date::timestamp) + interval '1 month')
LIMIT 2000
"""


async def load_claims(session: Session, keys: Iterable[VersionKey]) -> dict[VersionKey, AnyClaim]:
    """The claims under these keys, complete, in a constant number of queries. Keys that are not there are left out."""
    ids, numbers = _columns(keys)
    rows = {(row["claim_id"], row["version"]): row for row in await session.fetch(_VERSIONS, ids, numbers)}
    lines: dict[VersionKey, list[ServiceLine]] = defaultdict(list)
    for row in await session.fetch(_LINES, ids, numbers):
        lines[row["claim_id"], row["version"]].append(_line(row))
    bills = await load_facts(session, (key for key, row in rows.items() if row["form"] == "institutional"))
    parties = await load_parties(session, {_parties_key(row) for row in rows.values()})
    claims: dict[VersionKey, AnyClaim] = {
        key: _institutional(row, parties[_parties_key(row)], bills[key])
        if key in bills
        else _claim(row, parties[_parties_key(row)], lines[key])
        for key, row in rows.items()
    }
    return await with_decisions(session, rows, claims)


async def earlier_lines(
    session: Session, claim_id: UUID, patient_id: UUID, claim: AnyClaim, care_codes: Collection[str]
) -> tuple[EarlierLine, ...]:
    """The patient's other lines of the same days and the same form that were billed and still stand; for care management
    (a claim with one of `care_codes`) those of the whole month, also while they wait to be released: of two, the later
    must know of the earlier."""
    if claim.days is None:
        return ()
    form = "institutional" if isinstance(claim, InstitutionalClaim) else "professional"
    care = sorted(care_codes) if any(line.procedure in care_codes for line in claim.lines) else []
    rows = await session.fetch(_EARLIER, patient_id, claim_id, *claim.days, form, care)
    return tuple(
        EarlierLine(
            claim_number=row["claim_number"],
            service_from=row["service_from"],
            procedure=row["procedure"],
            billing_npi=row["billing_npi"],
            charge_cents=row["charge_cents"],
            modifiers=tuple(row["modifiers"]),
            rendering_npi=row["rendering_npi"],
        )
        for row in rows
    )


def _columns(keys: Iterable[VersionKey]) -> tuple[list[UUID], list[int]]:
    wanted = list(keys)
    return [claim_id for claim_id, _ in wanted], [version for _, version in wanted]


def _parties_key(row: Any) -> PartiesKey:
    return (row["client_id"], row["patient_id"], row["coverage_id"], row["rendering_id"])


def _claim(row: Any, parties: ClaimParties, lines: list[ServiceLine]) -> Claim:
    return Claim(
        claim_number=row["claim_number"],
        billing=parties.billing,
        rendering=_rendering(row["rendering_npi"], parties.rendering),
        patient=parties.patient,
        coverage=parties.coverage,
        diagnoses=tuple(row["diagnoses"]),
        lines=tuple(lines),
        place_of_service=row["place_of_service"],
        frequency=row["frequency"],
        payer_claim_control_number=row["payer_claim_control_number"],
        referring=_referring(row["referring_npi"], row["referring_name"]),
        prior_authorization=row["prior_authorization"],
        accident=row["accident"],
        accident_date=row["accident_date"],
        accident_state=row["accident_state"],
        onset_date=row["onset_date"],
        accepts_assignment=row["accepts_assignment"],
    )


def _institutional(row: Any, parties: ClaimParties, facts: InstitutionalFacts) -> InstitutionalClaim:
    return InstitutionalClaim(
        claim_number=row["claim_number"],
        billing=parties.billing,
        patient=parties.patient,
        coverage=parties.coverage,
        facts=facts,
        frequency=row["frequency"],
        payer_claim_control_number=row["payer_claim_control_number"],
        prior_authorization=row["prior_authorization"],
        accepts_assignment=row["accepts_assignment"],
    )


def _rendering(npi: str, provider: Provider | None) -> Provider | None:
    """The NPI as typed on the claim stands before the one in the provider's record, so that it can be scrubbed."""
    if provider is None:
        return Provider("", "", npi) if npi else None
    return replace(provider, npi=npi) if npi else provider


def _referring(npi: str, name: str) -> Provider | None:
    if not npi and not name:
        return None
    last, _, first = name.partition(",")
    return Provider(last.strip(), first.strip(), npi)


def _line(row: Any) -> ServiceLine:
    return ServiceLine(
        number=row["number"],
        procedure=row["procedure"],
        charge_cents=row["charge_cents"],
        units=row["units"],
        service_from=row["service_from"],
        service_to=row["service_to"],
        pointers=tuple(row["pointers"]),
        place_of_service=row["place_of_service"],
        modifiers=tuple(row["modifiers"]),
        control_number=row["control_number"],
    )
