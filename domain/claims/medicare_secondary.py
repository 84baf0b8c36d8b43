"""Why Medicare is not the first payer: the types of Medicare secondary payer (42 CFR part 411).

The same numbers are SBR05 of a professional claim and the value code, with what the first payer paid, of an institutional one.
"""

from dataclasses import dataclass
from datetime import date

from domain.claims.model import Coverage

MEDICARE_FILING_CODES = frozenset({"MA", "MB"})


@dataclass(frozen=True, slots=True)
class MedicareSecondaryType:
    """One reason. `effective_to` None: in force until a later table says otherwise."""

    code: str
    words: str
    citation: str
    effective_from: date = date(2012, 1, 1)
    effective_to: date | None = None


MEDICARE_SECONDARY_TYPES: dict[str, MedicareSecondaryType] = {
    one.code: one
    for one in (
        MedicareSecondaryType(
            "12", "Working aged: group plan of the patient's or spouse's work", "42 CFR 411.172"
        ),
        MedicareSecondaryType(
            "13", "Kidney failure: group plan in the coordination period", "42 CFR 411.162"
        ),
        MedicareSecondaryType("14", "No-fault insurance, also automobile", "42 CFR 411.50"),
        MedicareSecondaryType("15", "Workers' compensation", "42 CFR 411.40"),
        MedicareSecondaryType("16", "Public Health Service or other federal agency", "42 CFR 411.6"),
        MedicareSecondaryType("41", "Black lung program", "42 CFR 411.40"),
        MedicareSecondaryType("42", "Veterans Affairs", "42 CFR 411.8"),
        MedicareSecondaryType("43", "Disabled under 65: large group plan", "42 CFR 411.204"),
        MedicareSecondaryType("47", "Other liability insurance", "42 CFR 411.50"),
    )
}


def is_medicare(coverage: Coverage) -> bool:
    """Whether Medicare itself, part A or B, pays under this coverage."""
    return coverage.payer.medicare or coverage.payer.claim_filing_code in MEDICARE_FILING_CODES


def needs_type(coverage: Coverage) -> bool:
    """Whether a type must be told: Medicare is asked, and is not the first payer."""
    return is_medicare(coverage) and coverage.order != "P"


def is_type(code: str, on: date) -> bool:
    """Whether the code names a type in force on that day."""
    found = MEDICARE_SECONDARY_TYPES.get(code)
    return found is not None and found.effective_from <= on and (found.effective_to or date.max) >= on
