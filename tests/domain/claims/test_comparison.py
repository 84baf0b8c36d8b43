"""Two versions side by side: every fact of both, and what differs."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.claims.comparison import compared, compared_lines

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Line:
    procedure: str
    charge_cents: int
    units: Decimal = Decimal("1.000")
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    diagnoses: tuple[str, ...]
    rendering_npi: str
    onset_date: date | None
    accepts: bool
    lines: tuple[Line, ...]
    owner: UUID = NOBODY


LEFT = Facts(("E119", "I10"), "1987654328", None, True, (Line("99213", 10_000),))


def test_a_fact_that_differs_is_marked_and_one_that_neither_has_is_left_out() -> None:
    found = {one.field: one for one in compared(LEFT, replace(LEFT, diagnoses=("E119",)), without=("lines",))}
    assert set(found) == {"diagnoses", "rendering_npi", "accepts"}
    assert (found["diagnoses"].left, found["diagnoses"].right, found["diagnoses"].changed) == (
        "E119, I10",
        "E119",
        True,
    )
    assert not found["rendering_npi"].changed
    assert (found["rendering_npi"].label, found["accepts"].right) == ("Rendering NPI", "yes")


def test_lines_stand_beside_each_other_by_position_and_one_that_is_new_has_no_left_side() -> None:
    more = (Line("99214", 12_050), Line("36415", 500, modifiers=("25", "59")))
    first, second = compared_lines(LEFT.lines, more)
    assert {one.field: (one.left, one.right) for one in first.facts if one.changed} == {
        "procedure": ("99213", "99214"),
        "charge_cents": ("100.00", "120.50"),
    }
    assert all(one.left == "" for one in second.facts) and second.changed
    assert "25, 59" in [one.right for one in second.facts]


def test_a_version_beside_itself_differs_in_nothing() -> None:
    assert not any(one.changed for one in compared(LEFT, LEFT))
    assert not any(one.changed for one in compared_lines(LEFT.lines, LEFT.lines))
