"""Bodies that several areas ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a few words without names of patients: it is kept in the history."""

    reason: str
