"""The rows that one transaction set becomes, column by column: pure, so that a thread makes them while others are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.remittances.matching import Match
from domain.claims.line_matching import CONTROL_NUMBER, NOBODY, LineMatch
from domain.remittances.ledger import Entry, payment_entries, unmatched_entries
from domain.remittances.outcome import Decision, Outcome
from domain.x12.facts_835 import ClaimPayment

_NAMED = CONTROL_NUMBER[1:]
Columns = dict[str, list[Any]]
Lines = Mapping[tuple[UUID, int], Mapping[int, LineMatch]]
"""Matches by remittance claim and its services' ordinals, where control numbers alone did not tell."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One transaction set on its way into the tables. `ids`, `matches` and `decisions` are by CLP ordinal."""

    tenant_id: UUID
    remittance_id: UUID
    claims: tuple[ClaimPayment, ...]
    ids: Mapping[int, UUID]
    matches: Mapping[int, Match]
    decisions: Mapping[int, Decision]
    priors: Mapping[tuple[UUID, int], int]
    persons: Mapping[int, bytes]
    """Sealed, of the unmatched."""

    def moves_its_claim(self, claim: ClaimPayment) -> bool:
        """An estimate decides nothing; should money come with it all the same, it waits for a person."""
        estimate = self.decisions[claim.ordinal].outcome is Outcome.PREDETERMINATION
        return claim.ordinal in self.matches and not estimate


def claim_columns(posting: Posting) -> Columns:
    """`remittance_claims`."""
    claims, ids = posting.claims, posting.ids
    matches = [posting.matches.get(claim.ordinal) for claim in claims]
    size = len(claims)
    return {
        "id": [ids[claim.ordinal] for claim in claims],
        "tenant_id": [posting.tenant_id] * size,
        "remittance_id": [posting.remittance_id] * size,
        "ordinal": [claim.ordinal for claim in claims],
        "claim_id": [match and match.claim_id for match in matches],
        "claim_version": [match and match.version for match in matches],
        "matched_by": [match.by if match else "" for match in matches],
        "match_confidence": [match.confidence if match else 0 for match in matches],
        "claim_number": [claim.claim_number for claim in claims],
        "status_code": [claim.status for claim in claims],
        "charge_cents": [claim.charge_cents for claim in claims],
        "paid_cents": [claim.paid_cents for claim in claims],
        "patient_cents": [claim.patient_cents for claim in claims],
        "interest_cents": [claim.interest_cents if claim.amounts else 0 for claim in claims],
        "payer_claim_control_number": [claim.payer_claim_control_number for claim in claims],
        "outcome": [posting.decisions[claim.ordinal].outcome.value for claim in claims],
        "remarks": [claim.remarks for claim in claims],
        "service_from": [claim.service_from for claim in claims],
        "person": [posting.persons.get(claim.ordinal) for claim in claims],
    }


def line_columns(posting: Posting, lines: Mapping[UUID, Mapping[int, LineMatch]]) -> Columns:
    """`remittance_lines`; `lines` are matches by remittance claim and by the service's ordinal."""
    services = [(posting.ids[claim.ordinal], one) for claim in posting.claims for one in claim.services]
    nobody: Mapping[int, LineMatch] = {}
    found = [lines.get(identifier, nobody).get(one.ordinal, NOBODY) for identifier, one in services]
    return {
        "remittance_claim_id": [identifier for identifier, _ in services],
        "tenant_id": [posting.tenant_id] * len(services),
        "ordinal": [one.ordinal for _, one in services],
        "procedure": [one.procedure for _, one in services],
        "modifiers": [one.modifiers for _, one in services],
        "charge_cents": [one.charge_cents for _, one in services],
        "paid_cents": [one.paid_cents for _, one in services],
        "control_number": [one.control_number for _, one in services],
        "claim_line": [one.position or None for one in found],
        "matched_by": [one.by for one in found],
        "match_confidence": [one.confidence for one in found],
        "remarks": [one.remarks for _, one in services],
        "revenue_code": [one.revenue_code for _, one in services],
        "original_procedure": [one.original_procedure for _, one in services],
        "service_from": [one.service_from for _, one in services],
        "units": [one.units for _, one in services],
    }


def adjustment_columns(posting: Posting) -> Columns:
    """`adjustments`, numbered through each claim: its own first, then those of its lines."""
    owners: list[UUID] = []
    ordinals: list[int] = []
    levels: list[int | None] = []
    made: list[Any] = []
    for claim in posting.claims:
        before = len(made)
        made += claim.adjustments
        levels += [None] * len(claim.adjustments)
        for service in claim.services:
            made += service.adjustments
            levels += [service.ordinal] * len(service.adjustments)
        count = len(made) - before
        owners += [posting.ids[claim.ordinal]] * count
        ordinals += range(1, count + 1)
    return {
        "remittance_claim_id": owners,
        "tenant_id": [posting.tenant_id] * len(made),
        "ordinal": ordinals,
        "line_ordinal": levels,
        "group_code": [one.group for one in made],
        "reason_code": [one.reason for one in made],
        "amount_cents": [one.cents for one in made],
    }


def ledger_columns(posting: Posting) -> Columns:
    """`ledger_entries` of every CLP: what it moves on its claim, or money that waits."""
    made: list[tuple[UUID, UUID | None, Entry]] = []
    for claim in posting.claims:
        identifier = posting.ids[claim.ordinal]
        if posting.moves_its_claim(claim):
            match = posting.matches[claim.ordinal]
            entries = payment_entries(claim, posting.priors.get((match.claim_id, match.version), 0))
            made += [(identifier, match.claim_id, entry) for entry in entries]
        else:
            made += [(identifier, None, entry) for entry in unmatched_entries(claim)]
    return {
        "posting_id": [identifier for identifier, _, _ in made],
        "tenant_id": [posting.tenant_id] * len(made),
        "account": [entry[0] for _, _, entry in made],
        "claim_id": [claim_id for _, claim_id, _ in made],
        "amount_cents": [entry[1] for _, _, entry in made],
    }


def by_control_number(claim: ClaimPayment, numbers: Mapping[str, int]) -> dict[int, LineMatch] | None:
    """The lines of a claim's services when REF*6R names every one of them; None when anything else is needed."""
    found: dict[int, LineMatch] = {}
    for service in claim.services:
        position = numbers.get(service.control_number)
        if position is None:
            return None
        found[service.ordinal] = LineMatch(position, *_NAMED)
    return found
