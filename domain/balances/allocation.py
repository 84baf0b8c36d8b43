"""How a patient's money is spread over claims. What no claim takes stays as the patient's credit (claim None)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.refusals import FieldError, Invalid

Part = tuple[UUID | None, int]
"""(claim, cents): lowers what is owed there; claim None is credit."""
METHODS = {"cash": "Cash", "check": "Check", "card": "Card"}
LARGEST_CENTS = 100_000_000


@dataclass(frozen=True, slots=True)
class Owed:
    """What the patient owes of a claim, in cents; negative when it was overpaid. What was settled `elsewhere` gets money
    only when somebody says so."""

    claim_id: UUID
    cents: int
    on: date
    elsewhere: bool = False


def oldest_first(cents: int, owed: Sequence[Owed]) -> list[Part]:
    """The claims of the oldest service first, each up to what is owed; the rest is credit."""
    parts: list[Part] = []
    left = cents
    for one in sorted((o for o in owed if not o.elsewhere), key=lambda o: (o.on, str(o.claim_id))):
        taken = min(max(one.cents, 0), left)
        if taken:
            parts.append((one.claim_id, taken))
            left -= taken
    return [*parts, (None, left)] if left else parts


def as_chosen(cents: int, chosen: Mapping[UUID, int], owed: Sequence[Owed]) -> list[Part]:
    """What a person chose: never more on a claim than is owed there; what is not given to a claim is credit."""
    known = {one.claim_id: one.cents for one in owed}
    faults = [
        FieldError(
            f"claims.{claim_id}",
            "allocation.too_much",
            f"At most {max(known.get(claim_id, 0), 0) / 100:.2f} is owed here.",
        )
        for claim_id, part in chosen.items()
        if not 0 <= part <= max(known.get(claim_id, 0), 0)
    ]
    left = cents - sum(chosen.values())
    if left < 0:
        words = f"The claims come to {-left / 100:.2f} more than was paid."
        faults.append(FieldError("claims", "allocation.more_than_paid", words))
    if faults:
        raise Invalid(
            "allocation.invalid", "The payment cannot be spread so.", faults[0].message, fields=tuple(faults)
        )
    parts: list[Part] = [(claim_id, part) for claim_id, part in chosen.items() if part]
    return [*parts, (None, left)] if left else parts


def reversed_parts(parts: Sequence[Part], credit_cents: int, applied: Sequence[Part]) -> list[Part]:
    """The parts that take a payment back. Credit of it that was used since is taken from where it was used, latest first.

    `credit_cents` is the patient's credit now, `applied` what credit was put on claims, oldest first.
    """
    taken: list[Part] = [(claim_id, -cents) for claim_id, cents in parts if claim_id is not None]
    left = sum(cents for claim_id, cents in parts if claim_id is None)
    from_credit = min(left, max(credit_cents, 0))
    if from_credit:
        taken.append((None, -from_credit))
    left -= from_credit
    for claim_id, cents in reversed(applied):
        back = min(left, max(cents, 0))
        if back:
            taken.append((claim_id, -back))
            left -= back
    return [*taken, (None, -left)] if left else taken


def refunded_parts(cents: int, credit_cents: int, owed: Sequence[Owed]) -> list[Part]:
    """The parts of money given back: from the credit first, then from claims that were overpaid. Refused beyond both."""
    overpaid = [one for one in owed if one.cents < 0]
    most = max(credit_cents, 0) + sum(-one.cents for one in overpaid)
    if not 0 < cents <= most:
        fault = FieldError("amount_cents", "refund.too_much", f"At most {most / 100:.2f} can be given back.")
        raise Invalid("refund.too_much", "The patient has no such credit.", fault.message, fields=(fault,))
    left = cents - min(cents, max(credit_cents, 0))
    parts: list[Part] = [(None, left - cents)] if left < cents else []
    for one in overpaid:
        back = min(left, -one.cents)
        if back:
            parts.append((one.claim_id, -back))
            left -= back
    return parts
