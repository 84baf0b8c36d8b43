"""The claims that a patient's month makes: one for each programme, each under its own practitioner of record.

Programmes exclude each other for one practitioner, so no two of these claims have the same one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.care.exceptions import MonthFacts
from domain.care.minutes import Reckoning


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One line of a claim: `charge_cents` is that of all its units."""

    code: str
    units: int
    served_on: date
    charge_cents: int


@dataclass(frozen=True, slots=True)
class MonthClaim:
    """What one claim of the month says. `diagnoses` are those of the programme's plans in force, most important first; None,
    and no programme, where a release kept them otherwise."""

    programme: str
    lines: tuple[BilledLine, ...]
    practitioner_id: UUID | None = None
    coverage_id: UUID | None = None
    diagnoses: tuple[str, ...] | None = None

    @property
    def charge_cents(self) -> int:
        """The sum of the lines."""
        return sum(line.charge_cents for line in self.lines)


def claims_of(reckoning: Reckoning, facts: MonthFacts) -> tuple[MonthClaim, ...]:
    """The claims that a reckoning makes, in the order of its lines; a code without a charge is charged nothing."""
    fees = facts.fees or {}
    lines: dict[str, list[BilledLine]] = {}
    for one in reckoning.lines:
        charge = fees.get(one.code, 0) * one.units
        family = reckoning.table.family(one.code) or ""
        lines.setdefault(str(family), []).append(BilledLine(one.code, one.units, one.served_on, charge))
    return tuple(_claim(programme, tuple(found), facts) for programme, found in lines.items())


def _claim(programme: str, lines: tuple[BilledLine, ...], facts: MonthFacts) -> MonthClaim:
    own = [one for one in facts.billed if one.programme == programme]
    # With two of them the month is an exception, and no claim is made of this.
    practitioner = min((one.practitioner_id for one in own), default=None)
    diagnoses = dict.fromkeys(code for one in own if one.plan for code in one.plan.diagnoses)
    return MonthClaim(programme, lines, practitioner, facts.coverage_id, tuple(diagnoses))


def says_the_same(now: MonthClaim, before: MonthClaim) -> bool:
    """Whether a claim made of one would say nothing else than one made of the other."""
    unknown = before.diagnoses is None
    return (now.lines, now.practitioner_id) == (before.lines, before.practitioner_id) and (
        unknown or now.diagnoses == before.diagnoses
    )


def followed(
    now: Sequence[MonthClaim], before: Mapping[UUID, MonthClaim]
) -> list[tuple[MonthClaim | None, UUID | None]]:
    """What each claim has to say from now on: nothing, so that it is taken back; or no claim is there yet, so that one is
    made.

    A claim keeps its programme, whoever the practitioner is now. What is left over goes together in order: a payer
    understands a claim that is replaced sooner than one taken back and another made for the same month.
    """
    left = dict(before)
    pairs: list[tuple[MonthClaim | None, UUID | None]] = []
    for one in now:
        same = next((known for known, said in left.items() if said.programme == one.programme), None)
        if same is not None:
            del left[same]
        pairs.append((one, same))
    rest = iter(left)
    pairs = [(one, known or next(rest, None)) for one, known in pairs]
    return pairs + [(None, known) for known in rest]


def claim_kept(claim: MonthClaim) -> dict[str, object]:
    """A claim as JSON."""
    return {
        "programme": claim.programme,
        "practitioner_id": str(claim.practitioner_id) if claim.practitioner_id else None,
        "coverage_id": str(claim.coverage_id) if claim.coverage_id else None,
        "diagnoses": None if claim.diagnoses is None else list(claim.diagnoses),
        "lines": [
            {
                "code": one.code,
                "units": one.units,
                "served_on": one.served_on.isoformat(),
                "charge_cents": one.charge_cents,
            }
            for one in claim.lines
        ],
    }


def claim_from(body: Mapping[str, Any]) -> MonthClaim:
    """A claim from JSON."""
    diagnoses = body.get("diagnoses")
    return MonthClaim(
        body.get("programme") or "",
        tuple(_lines(body.get("lines") or ())),
        _id(body.get("practitioner_id")),
        _id(body.get("coverage_id")),
        None if diagnoses is None else tuple(diagnoses),
    )


def _lines(told: Iterable[Mapping[str, Any]]) -> Iterable[BilledLine]:
    for one in told:
        yield BilledLine(one["code"], one["units"], date.fromisoformat(one["served_on"]), one["charge_cents"])


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
