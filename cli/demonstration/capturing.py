"""Captures the planned claims of a demo company, as its billers would; a claim that is there already is recognised."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from cli.demonstration.masters import House, every
from cli.demonstration.plan import Ending, Fault, PlannedClaim
from services.claims.capture import create, hold
from services.claims.catalogue import list_claims
from services.claims.institutional_views import InstitutionalDraft, PractitionerDraft
from services.claims.views import ClaimDraft
from services.work.notes import add_note

AT_ONCE = 4  # leaves the machine to whoever looks at the first claims meanwhile


async def known_claims(house: House) -> dict[tuple[int, date], UUID]:
    """The claims there are, by the patient's number in the plan and the day of service."""
    biller = await house.actor(house.company.holding("Biller")[0])
    found: dict[tuple[int, date], UUID] = {}
    for number, patient_id in house.patients.items():
        for line in await every(list_claims, biller, patient_id=patient_id):
            found[number, line.service_from] = line.id
    return found


async def capture(house: House, claims: Sequence[PlannedClaim]) -> dict[int, UUID]:
    """Capture the claims, a few at once; answers their ids by number."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(claim: PlannedClaim) -> UUID:
        async with room:
            return await _capture(house, claim)

    ids = await asyncio.gather(*(one(claim) for claim in claims))
    return {claim.number: claim_id for claim, claim_id in zip(claims, ids, strict=True)}


def draft_of(house: House, claim: PlannedClaim) -> ClaimDraft:
    """The claim as it should be."""
    offered = house.providers[claim.patient.client]
    if claim.facts is not None:
        return _bill_of(house, claim, claim.facts)
    return ClaimDraft(
        client_id=house.clients[claim.patient.client],
        patient_id=house.patients[claim.patient.number],
        coverage_id=house.coverages[claim.patient.number],
        lines=claim.lines,
        diagnoses=claim.diagnoses,
        rendering_id=offered[claim.number % len(offered)],
    )


def _bill_of(house: House, claim: PlannedClaim, facts: InstitutionalDraft) -> ClaimDraft:
    attending, surgeon = (PractitionerDraft(one) for one in house.providers[claim.patient.client])
    operating = surgeon if facts.principal_procedure else None
    return ClaimDraft(
        client_id=house.clients[claim.patient.client],
        patient_id=house.patients[claim.patient.number],
        coverage_id=house.coverages[claim.patient.number],
        facts=replace(facts, attending=attending, operating=operating),
    )


async def _capture(house: House, claim: PlannedClaim) -> UUID:
    billers = house.company.holding("Biller")
    biller = await house.actor(billers[claim.number % len(billers)])
    made = await create(biller, _with_fault(draft_of(house, claim), claim.fault), release=claim.released)
    if claim.note:
        await add_note(biller, "claim", made.id, claim.note)
    if claim.ending is Ending.HOLD:
        await hold(biller, made.id, "The practice is looking for the signed order.")
    return made.id


def _with_fault(draft: ClaimDraft, fault: Fault) -> ClaimDraft:
    if draft.facts is not None:
        if not fault:
            return draft
        first_line, *others = draft.facts.lines
        lines = (replace(first_line, units=Decimal(0)), *others)
        return replace(draft, facts=replace(draft.facts, lines=lines))
    first, *rest = draft.lines
    match fault:
        case Fault.NPI:
            return replace(draft, referring_npi="2400100210", referring_name="Quill")
        case Fault.POINTER:
            return replace(draft, lines=(replace(first, pointers=(4,)), *rest))
        case Fault.DIAGNOSIS:
            return replace(draft, diagnoses=("E11", *draft.diagnoses[1:]))
        case Fault.UNITS:
            return replace(draft, lines=(replace(first, units=Decimal(0)), *rest))
    return draft
