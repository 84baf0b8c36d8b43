"""Answers of a form, checked field by field; no pattern of a tenant can hold up the line."""

import time

import pytest

from domain.rules.forms import parsed
from integrations.json_answers import faults_in, pattern_fault
from tests.domain.rules.test_task_forms import CALL

GOOD = {"reference": "AB-12", "outcome": "Paid", "spoke_on": "2026-11-22", "promised": 100, "recorded": True}


def test_good_answers_have_no_fault() -> None:
    assert faults_in(parsed(CALL), GOOD) == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"reference": None}, "answers.reference", "answer.type"),
        ({"reference": "ab"}, "answers.reference", "answer.pattern"),
        ({"reference": "A" * 21}, "answers.reference", "answer.maxLength"),
        ({"outcome": "Lost"}, "answers.outcome", "answer.enum"),
        ({"spoke_on": "2026-02-30"}, "answers.spoke_on", "answer.format"),
        ({"spoke_on": "20261122"}, "answers.spoke_on", "answer.format"),
        ({"promised": -1}, "answers.promised", "answer.minimum"),
        ({"promised": 10**15}, "answers.promised", "answer.format"),
        ({"minutes": 241}, "answers.minutes", "answer.maximum"),
        ({"recorded": "yes"}, "answers.recorded", "answer.type"),
        ({"other": 1}, "answers.other", "answer.unknown"),
        ({"other": "x" * 40_000}, "answers", "answers.too_large"),
        ({"promised": float("nan")}, "answers", "answers.too_large"),
    ],
)
def test_each_fault_stands_at_its_field(change: dict[str, object], field: str, code: str) -> None:
    assert (field, code) in {(one.field, one.code) for one in faults_in(parsed(CALL), GOOD | change)}


def test_what_is_required_and_absent_is_named() -> None:
    missing = {one.field for one in faults_in(parsed(CALL), {})}
    assert missing == {"answers.reference", "answers.outcome"}


def test_answers_nested_too_deep_are_refused_and_not_walked() -> None:
    deep: object = "x"
    for _ in range(50_000):
        deep = [deep]
    assert [one.code for one in faults_in(parsed(CALL), {"other": deep})] == ["answers.too_large"]


def test_a_pattern_that_explodes_elsewhere_takes_no_time() -> None:
    form = parsed({"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}})
    begun = time.perf_counter()
    assert [one.code for one in faults_in(form, {"a": "a" * 1990 + "b"})] == ["answer.pattern"]
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "a{1001}"])
def test_what_re2_does_not_know_is_told(pattern: str) -> None:
    assert pattern_fault(pattern).startswith("RE2 does not know")
