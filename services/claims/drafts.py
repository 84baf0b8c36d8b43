"""A claim's facts as entered, to and from their rows. Every submission version has rows of its own."""

from typing import Any
from uuid import UUID

from activities.claims import creating
from database.session import Session
from domain.refusals import FieldError, Invalid
from services.claims.institutional_drafts import (
    bill_of,
    check_bill,
    plain,
    store_bill,
    stored_facts,
)
from services.claims.views import ClaimDraft, LineDraft

LARGEST_LINES = 50
LARGEST_DIAGNOSES = 12
LARGEST_CENTS = 10**11


def check_shape(draft: ClaimDraft) -> None:
    """Refuse what cannot even be stored; whether it is right is for scrubbing to say."""
    faults: list[FieldError] = []

    def fault(field: str, message: str) -> None:
        faults.append(FieldError(field, "claim.shape", message))

    if draft.facts is not None:
        _check_form(draft, fault)
        check_bill(draft.facts, fault)
    elif not 1 <= len(draft.lines) <= LARGEST_LINES:
        fault("lines", f"Enter 1 to {LARGEST_LINES} service lines.")
    if len(draft.diagnoses) > LARGEST_DIAGNOSES:
        fault("diagnoses", f"Enter at most {LARGEST_DIAGNOSES} diagnoses.")
    for number, line in enumerate(draft.lines, 1):
        _check_line(f"lines.{number}", line, fault)
    for field, longest in (("rendering_npi", 20), ("referring_npi", 20), ("referring_name", 60), ("prior_authorization", 50),
                           ("place_of_service", 2), ("accident", 2), ("accident_state", 2)):  # fmt: skip
        if not plain(getattr(draft, field), longest):
            fault(field, f"Use at most {longest} characters, without control characters.")
    if any(not plain(code, 10) for code in draft.diagnoses):
        fault("diagnoses", "A diagnosis code has at most 10 characters.")
    if faults:
        raise Invalid(
            "claim.shape", "The claim cannot be stored like this.", faults[0].message, fields=tuple(faults)
        )


def _check_line(path: str, line: LineDraft, fault: Any) -> None:
    if not 0 <= line.charge_cents <= LARGEST_CENTS:
        fault(f"{path}.charge_cents", "The charge is in cents, 0 or more.")
    if not line.units.is_finite() or not 0 <= line.units < 10**6 or -line.units.as_tuple().exponent > 3:  # type: ignore[operator]
        fault(f"{path}.units", "Units are a number from 0 to 999,999 with at most three decimals.")
    if len(line.pointers) > LARGEST_DIAGNOSES or any(not -99 <= pointer <= 99 for pointer in line.pointers):
        fault(f"{path}.pointers", "A pointer is the number of a diagnosis, from 1 to 12.")
    if not plain(line.procedure, 10):
        fault(f"{path}.procedure", "A procedure code has at most 10 characters.")
    if len(line.modifiers) > 8 or any(not plain(modifier, 4) for modifier in line.modifiers):
        fault(f"{path}.modifiers", "Modifiers have two characters each, at most four a line.")
    if not plain(line.place_of_service, 2):
        fault(f"{path}.place_of_service", "A place of service has two digits.")


def _check_form(draft: ClaimDraft, fault: Any) -> None:
    """An institutional claim says everything once: in its facts."""
    for field in ("lines", "diagnoses", "rendering_id", "rendering_npi", "referring_npi", "referring_name"):
        if getattr(draft, field):
            fault(field, "An institutional claim has this in its facts.")


async def store_version(
    session: Session,
    claim_id: UUID,
    version: int,
    draft: ClaimDraft,
    *,
    frequency: str = "1",
    control_number: str = "",
) -> None:
    """Store one version of the facts, with a claim number and line control numbers of its own."""
    diagnoses = (
        stored_facts(draft.facts).diagnoses if draft.facts else map(creating.tidy_code, draft.diagnoses)
    )
    number = await creating.insert_version(
        session, claim_id, version, draft, list(diagnoses), frequency=frequency, control_number=control_number
    )
    if draft.facts is not None:
        await store_bill(session, claim_id, version, draft.facts, number)
    else:
        await creating.insert_lines(session, claim_id, version, number, draft.lines)


async def draft_of(session: Session, claim_id: UUID, version: int) -> ClaimDraft:
    """The facts of a version as they were entered."""
    row = await session.row(
        "SELECT c.form, c.client_id, c.patient_id, v.* FROM claim_versions v JOIN claims c"
        " ON c.tenant_id = v.tenant_id AND c.id = v.claim_id WHERE v.claim_id = $1 AND v.version = $2",
        claim_id,
        version,
    )
    if row["form"] == "institutional":
        return ClaimDraft(
            client_id=row["client_id"],
            patient_id=row["patient_id"],
            coverage_id=row["coverage_id"],
            prior_authorization=row["prior_authorization"],
            place_of_service=row["place_of_service"],
            accepts_assignment=row["accepts_assignment"],
            facts=await bill_of(session, claim_id, version, row["frequency"]),
        )
    lines = await session.fetch(
        "SELECT * FROM claim_lines WHERE claim_id = $1 AND version = $2 ORDER BY number", claim_id, version
    )
    return ClaimDraft(
        client_id=row["client_id"],
        patient_id=row["patient_id"],
        coverage_id=row["coverage_id"],
        lines=tuple(_line(line) for line in lines),
        diagnoses=tuple(row["diagnoses"]),
        rendering_id=row["rendering_id"],
        rendering_npi=row["rendering_npi"],
        referring_npi=row["referring_npi"],
        referring_name=row["referring_name"],
        place_of_service=row["place_of_service"],
        prior_authorization=row["prior_authorization"],
        accident=row["accident"],
        accident_date=row["accident_date"],
        accident_state=row["accident_state"],
        onset_date=row["onset_date"],
        accepts_assignment=row["accepts_assignment"],
    )


def _line(row: Any) -> LineDraft:
    return LineDraft(
        procedure=row["procedure"],
        charge_cents=row["charge_cents"],
        units=row["units"],
        service_from=row["service_from"],
        service_to=row["service_to"],
        pointers=tuple(row["pointers"]),
        modifiers=tuple(row["modifiers"]),
        place_of_service=row["place_of_service"],
    )
