"""Which line of ours each service of a remittance answers: by REF*6R for nearly all, by what it says for the rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.remittances.matching import Match
from activities.remittances.rows import by_control_number
from database.session import Session
from domain.claims.line_matching import LineMatch, match_lines
from domain.x12.facts_835 import ClaimPayment

# One row a claim: a number may stand in several versions, and always on the same line.
_NUMBERS = """
SELECT claim_id, array_agg(control_number) AS controls, array_agg(number) AS numbers FROM claim_lines
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) GROUP BY claim_id
"""
_LINES = """
SELECT l.* FROM unnest($1::uuid[], $2::int[]) AS w (claim_id, version)
JOIN claim_lines l ON l.tenant_id = current_tenant() AND l.claim_id = w.claim_id AND l.version = w.version
ORDER BY l.claim_id, l.version, l.number
"""


@dataclass(frozen=True, slots=True)
class OurLine:
    """A line as it was billed."""

    number: int
    procedure: str
    modifiers: tuple[str, ...]
    charge_cents: int
    service_from: date | None
    control_number: str
    revenue_code: str


async def match_services_of(
    session: Session, claims: Iterable[ClaimPayment], matches: Mapping[int, Match]
) -> dict[int, dict[int, LineMatch]]:
    """Line matches by CLP ordinal and service ordinal, of claims that were found."""
    asked = [claim for claim in claims if claim.ordinal in matches and claim.services]
    ids = {matches[claim.ordinal].claim_id for claim in asked}
    numbers = {
        row["claim_id"]: dict(zip(row["controls"], row["numbers"], strict=True))
        for row in await session.fetch(_NUMBERS, list(ids))
    }
    found: dict[int, dict[int, LineMatch]] = {}
    nameless: list[ClaimPayment] = []
    for claim in asked:
        told = by_control_number(claim, numbers.get(matches[claim.ordinal].claim_id, {}))
        if told is None:
            nameless.append(claim)
        else:
            found[claim.ordinal] = told
    if nameless:
        found |= await _by_what_they_say(session, nameless, matches, numbers)
    return found


async def _by_what_they_say(
    session: Session,
    claims: list[ClaimPayment],
    matches: Mapping[int, Match],
    numbers: Mapping[UUID, Mapping[str, int]],
) -> dict[int, dict[int, LineMatch]]:
    lines = await lines_of(
        session, {(matches[c.ordinal].claim_id, matches[c.ordinal].version) for c in claims}
    )
    found = {}
    for claim in claims:
        match = matches[claim.ordinal]
        ours = lines.get((match.claim_id, match.version), [])
        named = numbers.get(match.claim_id, {})
        # A reversal may name the lines of the version that it reverses.
        told = {s.ordinal: named[s.control_number] for s in claim.services if s.control_number in named}
        matched = match_lines(ours, (s for s in claim.services if s.ordinal not in told))
        answer = {ordinal: LineMatch(number, 100, "control_number") for ordinal, number in told.items()}
        for ordinal, one in matched.items():
            number = ours[one.position - 1].number if one.position else 0
            answer[ordinal] = one._replace(position=0 if number in told.values() else number)
        found[claim.ordinal] = answer
    return found


async def lines_of(
    session: Session, versions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], list[OurLine]]:
    """The lines of these claims' versions, in their order."""
    pairs = list(versions)
    rows = await session.fetch(_LINES, [claim_id for claim_id, _ in pairs], [number for _, number in pairs])
    found: dict[tuple[UUID, int], list[OurLine]] = defaultdict(list)
    for row in rows:
        found[row["claim_id"], row["version"]].append(_line(row))
    return found


def _line(row: Any) -> OurLine:
    return OurLine(
        row["number"],
        row["procedure"],
        tuple(row["modifiers"]),
        row["charge_cents"],
        row["service_from"],
        row["control_number"],
        row["revenue_code"],
    )
