"""Which payer of a claim a CLP speaks for, and what the payers before had taken off the charge when it was asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from activities.remittances.matching import Match
from database.session import Session
from domain.claims.crossover import Heard, is_the_next_payers
from domain.x12.facts_835 import ClaimPayment

_PRIORS = """
SELECT claim_id, version, prior_cents FROM claim_versions
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) AND prior_cents <> 0
"""
_PASSED_ON = """
SELECT claim_id, version FROM claim_versions
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) AND forwarded ORDER BY version
"""
_HEARD = """
SELECT rc.claim_id, rc.claim_version, rc.payer_claim_control_number AS number, r.payer_identifier AS originator
FROM remittance_claims rc JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
WHERE rc.tenant_id = current_tenant() AND rc.claim_id = ANY($1::uuid[])
"""


async def priors_of(session: Session, matches: Mapping[int, Match]) -> dict[tuple[UUID, int], int]:
    """`prior_cents` by claim and version, those of first payers (0) left out."""
    rows = await session.fetch(_PRIORS, list({match.claim_id for match in matches.values()}))
    return {(row["claim_id"], row["version"]): row["prior_cents"] for row in rows}


async def to_the_payer_that_answers(
    session: Session, originator: str, claims: Iterable[ClaimPayment], matches: dict[int, Match]
) -> dict[int, Match]:
    """The matches, with those that are the next payer's word on a claim passed on moved to that payer's version."""
    ids = list({match.claim_id for match in matches.values()})
    passed_on = {row["claim_id"]: row["version"] for row in await session.fetch(_PASSED_ON, ids)}
    if not passed_on:
        return matches
    heard = _heard(await session.fetch(_HEARD, list(passed_on)), passed_on)
    found = dict(matches)
    for claim in claims:
        match = matches.get(claim.ordinal)
        if match is None or match.version >= passed_on.get(match.claim_id, 0):
            continue
        known = heard[match.claim_id]
        if is_the_next_payers(claim.status, claim.payer_claim_control_number, originator, known):
            found[claim.ordinal] = replace(match, version=passed_on[match.claim_id])
    return found


def _heard(rows: Iterable[Any], passed_on: Mapping[UUID, int]) -> dict[UUID, Heard]:
    earlier: dict[UUID, set[str]] = defaultdict(set)
    later: dict[UUID, set[str]] = defaultdict(set)
    originators: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        claim_id = row["claim_id"]
        if (row["claim_version"] or 0) >= passed_on[claim_id]:
            later[claim_id].add(row["number"])
        else:
            earlier[claim_id].add(row["number"])
            originators[claim_id].add(row["originator"])
    return {one: Heard(earlier[one], later[one], originators[one]) for one in passed_on}
