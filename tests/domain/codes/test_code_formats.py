"""Codes of which only numbers and formats may ship."""

import pytest

from domain.codes.filing import CLAIM_FILING_CODES, RELATIONSHIPS
from domain.codes.places import PLACES_OF_SERVICE, is_place_of_service
from domain.codes.postal import STATES, is_state
from domain.codes.procedures import is_category_two, is_modifier, is_procedure


@pytest.mark.parametrize(
    "code", ["99213", "00100", "3044F", "0075T", "0001A", "0002M", "0240U", "G0556", "J3490", "A0428"]
)
def test_cpt_and_hcpcs_forms_are_procedures(code: str) -> None:
    assert is_procedure(code)


@pytest.mark.parametrize(
    "code", ["", "9921", "992133", "99213 ", "g0556", "W1234", "0075X", "９９２１３", "99213\n"]
)
def test_other_forms_are_not_procedures(code: str) -> None:
    assert not is_procedure(code)


def test_modifiers_are_two_capitals_or_digits() -> None:
    assert all(map(is_modifier, ("25", "59", "LT", "XE", "1P", "QW")))
    assert not any(map(is_modifier, ("", "2", "00", "lt", "255", "2 ")))


def test_category_two_codes_end_in_f() -> None:
    assert is_category_two("3044F") and not is_category_two("99213")


def test_known_places_states_plans_and_relationships_are_there() -> None:
    assert is_place_of_service("11") and is_place_of_service("10") and not is_place_of_service("28")
    assert len(PLACES_OF_SERVICE) == 52 and len(STATES) == 62
    assert is_state("OH") and is_state("PR") and not is_state("oh")
    assert {"CI", "MB", "MC", "BL", "WC"} <= set(CLAIM_FILING_CODES) and {"18", "01", "19", "G8"} <= set(
        RELATIONSHIPS
    )
