"""Coverages (PHI): which payer covers a patient, in which order, under which member id, and through whom."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database import clientele_phi as phi
from database.crypto import TenantKey
from database.session import Session
from domain.claims.medicare_secondary import MEDICARE_FILING_CODES, MEDICARE_SECONDARY_TYPES, is_type
from domain.codes.filing import PAYER_ORDERS, RELATIONSHIPS
from domain.paging import Page, page_size
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.clientele import checks, patient_rows, records
from services.clientele.checks import Faults
from services.clientele.people import PersonFacts, cleaned_person, flat, person_faults, person_of

SELF = "18"
_SELECT = (
    "SELECT v.id, v.version, v.active, v.inactive_reason, v.patient_id, v.payer_id, v.rank, v.relationship,"
    " v.subscriber, v.effective_from, v.effective_to, v.insurance_type, y.name AS payer_name"
    " FROM coverages v JOIN payers y ON y.tenant_id = v.tenant_id AND y.id = v.payer_id"
)


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What is typed about a coverage. `rank` is P, S or T; `relationship` 18 means that the patient is the subscriber,
    and then `subscriber` is None. `insurance_type` says why Medicare is not the first payer (SBR05); "" otherwise."""

    patient_id: UUID
    payer_id: UUID
    member_id: str
    rank: str = "P"
    relationship: str = SELF
    group_number: str = ""
    subscriber: PersonFacts | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    insurance_type: str = ""


@dataclass(frozen=True, slots=True)
class CoverageView:
    """A coverage as shown (PHI); `version` is its ETag."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    rank: str
    rank_label: str
    relationship: str
    relationship_label: str
    member_id: str
    group_number: str
    subscriber: PersonFacts | None
    subscriber_name: str
    effective_from: date | None
    effective_to: date | None
    insurance_type: str
    insurance_type_label: str


@door.query(Permission.PATIENTS_VIEW, of="patients", phi=True)
async def list_coverages(
    session: Session,
    patient_id: UUID,
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[CoverageView]:
    """A patient's coverages, oldest first."""
    size, key = page_size(limit), await session.key()
    rows = await session.fetch(
        f"{_SELECT} WHERE v.tenant_id = current_tenant() AND v.patient_id = $1 AND ($2::uuid IS NULL OR v.id > $2)"
        f" AND ($3::boolean IS NULL OR v.active = $3) ORDER BY v.id LIMIT {size + 1}",
        patient_id,
        records.cursor_id(cursor),
        active,
    )
    return records.page_of(rows, size, ("id",), lambda row: _view(key, row))


@door.query(Permission.PATIENTS_VIEW, of="coverages", phi=True)
async def get_coverage(session: Session, id: UUID) -> CoverageView:
    """One coverage."""
    return await _one(session, id)


@door.command(Permission.PATIENTS_MANAGE)
async def add_coverage(session: Session, facts: CoverageFacts) -> CoverageView:
    """Add a coverage to a patient. Two of one order at the same time are refused."""
    return await _one(session, await added(session, facts))


async def added(session: Session, facts: CoverageFacts) -> UUID:
    """The same inside a transaction that does more; the new coverage's id."""
    ready = _checked(session, facts)
    await records.must_be_active(session, "patients", ready.patient_id, "patient_id", "patient")
    await records.must_be_active(session, "payers", ready.payer_id, "payer_id", "payer")
    await _must_fit_medicare(session, ready)
    await _must_have_a_free_rank(session, ready)
    identifier: UUID = await session.value(
        "INSERT INTO coverages (tenant_id, patient_id, payer_id, rank, relationship, subscriber, member_id_index,"
        " effective_from, effective_to, insurance_type) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        session.tenant_id,
        ready.patient_id,
        *_columns(await session.key(), ready),
    )
    return identifier


@door.command(Permission.PATIENTS_MANAGE, of="coverages")
async def change_coverage(
    session: Session, id: UUID, facts: CoverageFacts, expected_version: int | None = None
) -> CoverageView:
    """Replace a coverage's facts; they count for every claim that is sent from now on."""
    before, ready = await _one(session, id), _checked(session, facts)
    if ready.patient_id != before.patient_id:
        fault = FieldError("patient_id", "patient_id.fixed", "Add a coverage to the other patient instead.")
        raise Invalid(
            "patient_id.fixed", "A coverage stays with its patient.", fault.message, fields=(fault,)
        )
    if ready.payer_id != before.payer_id:
        await records.must_be_active(session, "payers", ready.payer_id, "payer_id", "payer")
    await _must_fit_medicare(session, ready)
    await _must_have_a_free_rank(session, ready, id)
    changed = await session.execute(
        "UPDATE coverages SET payer_id = $3, rank = $4, relationship = $5, subscriber = $6, member_id_index = $7,"
        " effective_from = $8, effective_to = $9, insurance_type = $10, version = version + 1"
        " WHERE id = $1 AND version = coalesce($2, version)",
        id,
        expected_version,
        *_columns(await session.key(), ready),
    )
    records.must_have_changed(changed)
    return await _one(session, id)


@door.command(Permission.PATIENTS_MANAGE, of="coverages")
async def deactivate_coverage(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> CoverageView:
    """Take a coverage out of use: no new claims under it."""
    return await _switch(session, id, False, checks.reason_of(reason), expected_version)


@door.command(Permission.PATIENTS_MANAGE, of="coverages")
async def reactivate_coverage(
    session: Session, id: UUID, expected_version: int | None = None
) -> CoverageView:
    """Take a coverage back into use, unless another of its order took its place."""
    await _must_have_a_free_rank(session, await _one(session, id), id)
    return await _switch(session, id, True, "", expected_version)


def faults_of(facts: CoverageFacts, today: date) -> Faults:
    """What is wrong with cleaned facts."""
    faults = Faults("coverage")
    faults.code("member_id", facts.member_id, "the member id on the card")
    faults.text("group_number", facts.group_number, 50)
    faults.one_of("rank", facts.rank, PAYER_ORDERS, "Choose primary, secondary or tertiary.")
    if facts.insurance_type and not is_type(facts.insurance_type, today):
        faults.add("insurance_type", "insurance_type.unknown", "Choose a type that is in force.")
    faults.one_of("relationship", facts.relationship, RELATIONSHIPS, "Choose how they are related.")
    if facts.relationship == SELF and facts.subscriber is not None:
        faults.add("subscriber", "subscriber.not_needed", "Leave it out: the patient is the subscriber.")
    elif facts.relationship != SELF and facts.subscriber is None:
        faults.add("subscriber", "subscriber.missing", "Enter the person whose insurance this is.")
    elif facts.subscriber is not None:
        person_faults(faults, facts.subscriber, today, "subscriber.")
    if facts.effective_from and facts.effective_to and facts.effective_to < facts.effective_from:
        faults.add("effective_to", "dates.reversed", "Enter an end that is not before the beginning.")
    return faults


def _checked(session: Session, facts: CoverageFacts) -> CoverageFacts:
    ready = replace(
        facts,
        member_id=checks.code(facts.member_id),
        rank=checks.code(facts.rank),
        relationship=checks.code(facts.relationship),
        group_number=checks.clean(facts.group_number),
        insurance_type=checks.code(facts.insurance_type),
        subscriber=None if facts.subscriber is None else cleaned_person(facts.subscriber),
    )
    faults_of(ready, datetime.now(ZoneInfo(session.actor.time_zone)).date()).refuse()
    return ready


def _columns(key: TenantKey, facts: CoverageFacts) -> tuple[Any, ...]:
    subscriber = None if facts.subscriber is None else person_of(facts.subscriber)
    return (
        facts.payer_id,
        facts.rank,
        facts.relationship,
        phi.seal_insured(key, phi.Insured(facts.member_id, facts.group_number, subscriber)),
        phi.member_index(key, facts.member_id),
        facts.effective_from,
        facts.effective_to,
        facts.insurance_type,
    )


async def _must_fit_medicare(session: Session, facts: CoverageFacts) -> None:
    """Medicare that is not the first payer tells why; nobody else does."""
    row = await session.row("SELECT medicare, claim_filing_code FROM payers WHERE id = $1", facts.payer_id)
    secondary = facts.rank != "P" and (row["medicare"] or row["claim_filing_code"] in MEDICARE_FILING_CODES)
    if secondary == bool(facts.insurance_type):
        return
    words = (
        "Choose why Medicare is not the first payer (SBR05)."
        if secondary
        else "Leave it out: only Medicare as a later payer has one."
    )
    fault = FieldError("insurance_type", "insurance_type.medicare", words)
    raise Invalid(
        "coverage.insurance_type", "The type of Medicare secondary payer is wrong.", words, fields=(fault,)
    )


async def _must_have_a_free_rank(
    session: Session, facts: CoverageFacts | CoverageView, but: UUID | None = None
) -> None:
    """The patient's row is locked, so that two people cannot both add a primary coverage."""
    await session.execute("SELECT 1 FROM patients WHERE id = $1 FOR UPDATE", facts.patient_id)
    taken = await session.value(
        "SELECT 1 FROM coverages WHERE tenant_id = current_tenant() AND patient_id = $1 AND rank = $2 AND active"
        " AND id IS DISTINCT FROM $3::uuid AND daterange(effective_from, effective_to, '[]')"
        " && daterange($4, $5, '[]')",
        facts.patient_id,
        facts.rank,
        but,
        facts.effective_from,
        facts.effective_to,
    )
    if taken:
        order = PAYER_ORDERS[facts.rank].lower()
        what_to_do = "End the other one first, or choose another order."
        fault = FieldError("rank", "rank.taken", what_to_do)
        raise Conflict(
            "rank.taken", f"The patient has a {order} coverage for these days.", what_to_do, fields=(fault,)
        )


async def _switch(
    session: Session, id: UUID, active: bool, reason: str, expected_version: int | None
) -> CoverageView:
    changed = await session.execute(
        "UPDATE coverages SET active = $2, inactive_reason = $3, version = version + 1"
        " WHERE id = $1 AND version = coalesce($4, version)",
        id,
        active,
        reason,
        expected_version,
    )
    records.must_have_changed(changed)
    return await _one(session, id)


async def _one(session: Session, id: UUID) -> CoverageView:
    return _view(await session.key(), await session.row(f"{_SELECT} WHERE v.id = $1", id))


def _view(key: TenantKey, row: Any) -> CoverageView:
    insured = phi.open_insured(key, row["subscriber"])
    person = insured.subscriber
    return records.view_of(
        CoverageView,
        row,
        rank_label=PAYER_ORDERS[row["rank"]],
        relationship_label=RELATIONSHIPS.get(row["relationship"], ""),
        insurance_type_label=msp.words
        if (msp := MEDICARE_SECONDARY_TYPES.get(row["insurance_type"]))
        else "",
        member_id=insured.member_id,
        group_number=insured.group_number,
        subscriber=None if person is None else PersonFacts(**flat(person)),
        subscriber_name="" if person is None else patient_rows.full_name(person),
    )
