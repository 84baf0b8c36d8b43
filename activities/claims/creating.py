"""Claims as rows: a new one, a further version of its facts, and the message that starts its process.

Services and the month-end of care create claims through this, so that a claim is the same whoever made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from database.claim_activities import Touch, add_touches
from database.claim_versions import new_claim_number
from database.session import Session
from domain.remittances.outcome import normalised_claim_number

_CLAIM = """
INSERT INTO claims (tenant_id, id, reference, client_id, patient_id, coverage_id, payer_id, charge_cents, service_from,
    service_to, created_by, status, form)
SELECT $1, coalesce($10, uuidv7()), 'C-' || nextval('claim_reference'), $2, $3, $4, co.payer_id, $5, $6, $7, $8, 'coding', $9
FROM coverages co WHERE co.id = $4 AND co.patient_id = $3
RETURNING id
"""
_VERSION = """
INSERT INTO claim_versions (tenant_id, claim_id, version, frequency, claim_number, claim_number_key,
    payer_claim_control_number, rendering_id, rendering_npi, referring_npi, referring_name, place_of_service, diagnoses,
    prior_authorization, accident, accident_date, accident_state, onset_date, accepts_assignment, charge_cents, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
"""


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One service line, as a person entered it or a process made it. `pointers` count diagnoses from 1; money is cents of
    all its units."""

    procedure: str
    charge_cents: int
    units: Decimal
    service_from: date
    service_to: date
    pointers: tuple[int, ...] = (1,)
    modifiers: tuple[str, ...] = ()
    place_of_service: str = "11"


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What a version of a claim says besides its lines, codes tidied; the same names as in what people enter."""

    client_id: UUID
    patient_id: UUID
    coverage_id: UUID
    charge_cents: int
    days: tuple[date, date]
    diagnoses: tuple[str, ...] = ()
    rendering_id: UUID | None = None
    rendering_npi: str = ""
    referring_npi: str = ""
    referring_name: str = ""
    place_of_service: str = "11"
    prior_authorization: str = ""
    accident: str = ""
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    accepts_assignment: bool = True
    form: str = "professional"


def tidy_code(code: str) -> str:
    """A code as X12 wants it: upper case, without blanks and decimal points."""
    return code.strip().upper().replace(".", "")


async def insert_claim(session: Session, facts: Any, claim_id: UUID | None = None) -> UUID | None:
    """A new claim's row; its id, or None where the coverage is not the patient's. `facts` has the names of ClaimFacts.
    With an id of its own the claim is made once: a second time raises."""
    made: UUID | None = await session.value(
        _CLAIM,
        session.tenant_id,
        facts.client_id,
        facts.patient_id,
        facts.coverage_id,
        facts.charge_cents,
        *facts.days,
        session.actor.user_id,
        facts.form,
        claim_id,
    )
    return made


async def insert_version(
    session: Session,
    claim_id: UUID,
    version: int,
    facts: Any,
    diagnoses: Sequence[str],
    *,
    frequency: str = "1",
    control_number: str = "",
) -> str:
    """A version's row, with a claim number of its own, which is the answer. `facts` has the names of ClaimFacts."""
    number = new_claim_number()
    await session.execute(
        _VERSION, session.tenant_id, claim_id, version, frequency, number, normalised_claim_number(number),
        control_number, facts.rendering_id, facts.rendering_npi.strip(), facts.referring_npi.strip(), facts.referring_name.strip(),
        facts.place_of_service, list(diagnoses), facts.prior_authorization.strip(),
        facts.accident, facts.accident_date, facts.accident_state, facts.onset_date, facts.accepts_assignment,
        facts.charge_cents, session.actor.user_id,
    )  # fmt: skip
    return number


async def insert_lines(
    session: Session, claim_id: UUID, version: int, number: str, lines: Sequence[LineDraft]
) -> None:
    """The lines of a professional claim's version, each with its line control number (REF*6R)."""
    columns = ("tenant_id", "claim_id", "version", "number", "procedure", "modifiers", "charge_cents", "units",
               "place_of_service", "service_from", "service_to", "pointers", "control_number")  # fmt: skip
    rows = [
        (session.tenant_id, claim_id, version, n, tidy_code(line.procedure), [tidy_code(m) for m in line.modifiers if m.strip()],
         line.charge_cents, line.units, line.place_of_service, line.service_from, line.service_to, line.pointers, f"{number}{n:02d}")
        for n, line in enumerate(lines, 1)
    ]  # fmt: skip
    await session.copy("claim_lines", columns, rows)


async def start_claim(session: Session, claim_id: UUID, *, released: bool = False) -> None:
    """The claim's first touch, and its process, which scrubs it at once. With `released` a clean claim goes straight on."""
    await add_touches(session, [Touch(claim_id, "created", "Created", "created", session.actor.user_id)])
    await session.tell(
        "start",
        f"{session.tenant_id}/claim/{claim_id}",
        "",
        {"tenant_id": session.tenant_id, "claim_id": claim_id, "version": 1, "released": released},
        workflow="ClaimLifecycle",
    )
