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
from domain.x12.facts_835 import ClaimPayment, Dated, ServicePayment

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

_STORED = """
SELECT t.*, u.claim_id, u.claim_version FROM remittance_lines t
JOIN remittance_claims u ON u.tenant_id = t.tenant_id AND u.id = t.remittance_claim_id
WHERE t.tenant_id = current_tenant() AND t.remittance_claim_id = $1 ORDER BY t.ordinal
"""
_SET = """
UPDATE remittance_lines t SET claim_line = n.line, matched_by = n.by, match_confidence = n.sure
FROM unnest($2::int[], $3::int[], $4::text[], $5::smallint[]) AS n (ordinal, line, by, sure)
WHERE t.tenant_id = current_tenant() AND t.remittance_claim_id = $1 AND t.ordinal = n.ordinal
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


async def stored_services(session: Session, remittance_claim_id: UUID) -> tuple[list[Any], list[OurLine]]:
    """The stored services of a CLP, and the lines of the claim it was matched to."""
    rows = await session.fetch(_STORED, remittance_claim_id)
    if not rows or rows[0]["claim_id"] is None:
        return rows, []
    version = (rows[0]["claim_id"], rows[0]["claim_version"])
    return rows, (await lines_of(session, [version]))[version]


def service_of(row: Any) -> ServicePayment:
    """A stored service as the matching reads it."""
    day = row["service_from"]
    dates = (Dated("472", day.strftime("%Y%m%d"), day),) if day else ()
    qualifier = "NU" if row["procedure"] and row["procedure"] == row["revenue_code"] else "HC"
    return ServicePayment(
        row["ordinal"], 0, qualifier, row["procedure"], tuple(row["modifiers"]), row["charge_cents"],
        row["paid_cents"], row["revenue_code"], "", row["original_procedure"], "", row["control_number"],
        (), (), dates, (), (), tuple(row["remarks"]),
    )  # fmt: skip


async def match_lines_again(session: Session, remittance_claim_id: UUID) -> int:
    """Match the stored services of a claim that a person has just found; how many stay without a certain line."""
    rows, ours = await stored_services(session, remittance_claim_id)
    matched = match_lines(ours, (service_of(row) for row in rows))
    found = {
        o: one._replace(position=ours[one.position - 1].number if one.position else 0)
        for o, one in matched.items()
    }
    await set_lines(session, remittance_claim_id, found)
    return sum(not one.position for one in found.values())


async def set_lines(session: Session, remittance_claim_id: UUID, found: Mapping[int, LineMatch]) -> None:
    """Write the matches of stored services, by their ordinal; position 0 is no line."""
    await session.execute(
        _SET,
        remittance_claim_id,
        list(found),
        [one.position or None for one in found.values()],
        [one.by for one in found.values()],
        [one.confidence for one in found.values()],
    )
