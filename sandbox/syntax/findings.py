"""What a 999 can say about one place of a transaction set."""

from dataclasses import dataclass

UNKNOWN_SEGMENT, UNEXPECTED, MISSING, LOOP_TOO_OFTEN, SEGMENT_TOO_OFTEN = "1", "2", "3", "4", "5"
OUT_OF_SEQUENCE, ELEMENT_ERRORS, LOOP_TOO_SELDOM, DEPENDENT_MISSING, NOT_USED = "7", "8", "I7", "I6", "I9"
"""IK304 codes."""

ELEMENT_MISSING, TOO_MANY, TOO_SHORT, TOO_LONG = "1", "3", "4", "5"
BAD_CHARACTER, BAD_CODE, BAD_DATE, BAD_TIME = "6", "7", "8", "9"
BAD_PATTERN, DEPENDENT_ELEMENT_MISSING = "I12", "I9"
"""IK403 codes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One error (or, with `remark`, one that does not refuse the set) at a segment and perhaps an element."""

    segment: str
    position: int
    """Counted from ST = 1."""
    loop: str
    code: str
    element: int = 0
    component: int = 0
    number: str = ""
    element_code: str = ""
    value: str = ""
    remark: bool = False
    claim: str = ""
    """CLM01 of the claim in which it stands, for the CTX."""
