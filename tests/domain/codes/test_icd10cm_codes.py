"""ICD-10-CM as published: which codes exist, which may be billed, and how a coder finds them."""

import importlib.resources
import subprocess
import sys
import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import icd10cm


@pytest.mark.parametrize(
    "code", ["E119", "E11.9", "e11.9", "I10", "Z00129", "S72001A", "T07XXXA", "U071", "A000", "B20", "Z66"]
)
def test_a_complete_code_is_valid_and_billable(code: str) -> None:
    assert icd10cm.is_valid(code) and icd10cm.is_billable(code) and icd10cm.description(code)


@pytest.mark.parametrize("code", ["E11", "S72001", "W19", "O090", "A00"])
def test_a_heading_is_valid_and_not_billable(code: str) -> None:
    assert icd10cm.is_valid(code) and not icd10cm.is_billable(code)


@pytest.mark.parametrize(
    "code", ["", "XYZ", "E1199", "E119A", "A00-A09", "1", "99213", "E11..9", "E119\n\n9", "²"]
)
def test_nonsense_is_not_valid(code: str) -> None:
    assert not icd10cm.is_valid(code) and not icd10cm.is_billable(code) and icd10cm.description(code) == ""


# The source package reads its data by ways that the standard library has since deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_code_set_is_the_published_list_and_billable_is_what_has_nothing_below() -> None:
    source = importlib.resources.files("simple_icd_10_cm.data").joinpath("code-list-April-2026.txt")
    listed = sorted({code for code in source.read_text().split() if "-" not in code and not code.isdecimal()})
    headings = {code for code, following in pairwise(listed) if following.startswith(code)}
    assert len(listed) == 98_186 and all(map(icd10cm.is_valid, listed))
    assert [code for code in listed if icd10cm.is_billable(code) is (code in headings)] == []
    assert len(listed) - len(headings) == 74_719 and "FY2026" in icd10cm.release()


def test_no_code_was_in_force_before_october_2015_nor_covid_before_april_2020() -> None:
    assert icd10cm.is_billable("E119", date(2015, 10, 1)) and not icd10cm.is_billable(
        "E119", date(2015, 9, 30)
    )
    assert icd10cm.is_billable("U071", date(2020, 4, 1)) and not icd10cm.is_billable(
        "U071", date(2020, 3, 31)
    )


def test_codes_are_stored_without_and_shown_with_the_decimal_point() -> None:
    assert icd10cm.plain(" e11.9 ") == "E119" and icd10cm.dotted("E119") == "E11.9"
    assert icd10cm.dotted("I10") == "I10" and icd10cm.is_well_formed("S72.001A")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("type 2 diabetes", "E119"),
        ("hypertension", "I10"),
        ("E11.9", "E119"),
        ("e11.6", "E116"),
        ("E11 foot", "E11621"),
        ("type 1 diab foot ulc", "E10621"),
    ],
)
def test_search_offers_the_likely_code_first(typed: str, first: str) -> None:
    assert icd10cm.search(typed)[0].code == first


def test_search_takes_words_in_any_order_and_unfinished() -> None:
    forward, backward = icd10cm.search("fracture femur right"), icd10cm.search("right fem fract")
    assert forward and set(forward) <= set(icd10cm.search("right fem fract", 10_000))
    assert all("fracture" in one.description.lower() for one in backward)


def test_search_keeps_to_its_limit_and_to_billable_codes_when_asked() -> None:
    assert len(icd10cm.search("diabetes", 7)) == 7
    assert all(one.billable for one in icd10cm.search("E11", 50, billable_only=True))
    assert icd10cm.search("E11", 1)[0] == icd10cm.Diagnosis("E11", "Type 2 diabetes mellitus", False)


@given(st.text(max_size=60), st.integers(-1, 30))
def test_search_answers_any_text(typed: str, limit: int) -> None:
    assert len(icd10cm.search(typed, limit)) <= max(limit, 0)


@pytest.mark.parametrize(
    "typed", ["E11", "a", "un", "initial encounter right", "unspecified contact", "xyzzy", "s 1"]
)
def test_search_answers_while_typing(typed: str) -> None:
    icd10cm.search("warm")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        icd10cm.search(typed)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.020


def test_validity_loads_quickly_in_a_new_program() -> None:
    script = (
        "import time; from domain.codes import icd10cm; start = time.perf_counter();"
        "assert icd10cm.is_billable('E119'); print(time.perf_counter() - start)"
    )
    took = [float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(3)]
    assert min(took) < 0.100
