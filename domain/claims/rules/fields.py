"""The parts of a claim with the dotted paths under which findings name them; lines and diagnoses count from 1."""

from collections.abc import Iterator
from datetime import date

from domain.claims.model import Address, Claim, ServiceLine

PATIENT_ITSELF = "18"


def lines(claim: Claim) -> Iterator[tuple[str, ServiceLine]]:
    """Each service line with its path, `lines.1`."""
    return ((f"lines.{position}", line) for position, line in enumerate(claim.lines, 1))


def diagnoses(claim: Claim) -> Iterator[tuple[str, str]]:
    """Each diagnosis code with its path, `diagnoses.1`."""
    return ((f"diagnoses.{position}", code) for position, code in enumerate(claim.diagnoses, 1))


def service_dates(claim: Claim) -> tuple[date, ...]:
    """The From dates of all lines."""
    return tuple(line.service_from for line in claim.lines)


def patient_is_subscriber(claim: Claim) -> bool:
    """Whether the patient is the subscriber, so that loop 2000C is not written."""
    return claim.coverage.relationship == PATIENT_ITSELF


def blank_parts(path: str, address: Address) -> Iterator[str]:
    """The parts that an address cannot be sent without, where they are empty."""
    for part in ("line1", "city", "state", "postal_code"):
        if not getattr(address, part).strip():
            yield f"{path}.{part}"


def texts(claim: Claim) -> Iterator[tuple[str, str]]:
    """Every free text of the claim that is written to the file, with its path."""
    yield from _address_texts("billing.address", claim.billing.address)
    yield from _parts("billing", claim.billing, ("name", "contact_name"))
    for role, provider in (("rendering", claim.rendering), ("referring", claim.referring)):
        if provider is not None:
            yield from _parts(role, provider, ("last_name", "first_name"))
    for role, person in (("patient", claim.patient), ("coverage.subscriber", claim.coverage.subscriber)):
        yield from _parts(role, person, ("last_name", "first_name", "middle_name"))
        yield from _address_texts(f"{role}.address", person.address)
    yield from _parts("coverage", claim.coverage, ("member_id", "group_number"))
    yield "coverage.payer.name", claim.coverage.payer.name
    yield from _parts("", claim, ("claim_number", "payer_claim_control_number", "prior_authorization"))
    for path, line in lines(claim):
        yield from _parts(path, line, ("control_number", "note"))


def _address_texts(path: str, address: Address) -> Iterator[tuple[str, str]]:
    return _parts(path, address, ("line1", "line2", "city"))


def _parts(path: str, owner: object, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        yield (f"{path}.{name}" if path else name), getattr(owner, name)
