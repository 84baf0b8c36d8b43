"""Codes mean classes by a table; playbooks, levels and letters follow. Dates are given, nothing is looked up."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.denials import letters, levels, playbooks
from domain.denials.classes import CLASSES, DenialClass, Route
from domain.denials.codes import DEFAULTS, Code, CodeRow, classify, judge
from domain.denials.letter_texts import LETTERS
from domain.denials.playbooks import Playbook
from domain.documents import Letterhead
from domain.refusals import Invalid

TODAY = date(2026, 11, 22)


def own(reason: str, klass: DenialClass | None, since: date = TODAY, **facts: object) -> CodeRow:
    return CodeRow(f"own/{reason}", reason, klass, effective_from=since, own=True, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "klass"),
    [
        (Code("CO", "197"), DenialClass.AUTHORIZATION),
        (Code("CO", "29"), DenialClass.TIMELY_FILING),
        (Code("OA", "18"), DenialClass.DUPLICATE),
        (Code("CO", "97"), DenialClass.CODING),
        (Code("CO", "50"), DenialClass.MEDICAL_NECESSITY),
        (Code("CO", "16"), DenialClass.MISSING_INFORMATION),
        (Code("CO", "22"), DenialClass.COORDINATION),
        (Code("CO", "B7"), DenialClass.ENROLMENT),
        (Code("PR", "27"), DenialClass.REGISTRATION),
        (Code("CO", "96"), DenialClass.NON_COVERED),
        (Code("CO", "45"), DenialClass.CONTRACTUAL),
        (Code("PR", "1"), DenialClass.PATIENT),
        (Code("CO", "999"), DenialClass.OTHER),
    ],
)
def test_a_code_has_the_class_of_its_row(code: Code, klass: DenialClass) -> None:
    assert classify(code, (), TODAY).klass is klass


def test_the_group_says_who_is_liable_and_so_changes_the_class() -> None:
    assert classify(Code("PR", "204"), (), TODAY).klass is DenialClass.PATIENT
    assert classify(Code("CO", "204"), (), TODAY).klass is DenialClass.NON_COVERED


def test_a_remark_says_what_is_missing_where_the_reason_does_not() -> None:
    assert classify(Code("CO", "16", remarks=("M76",)), (), TODAY).klass is DenialClass.CODING
    assert classify(Code("CO", "16", remarks=("N290",)), (), TODAY).klass is DenialClass.ENROLMENT


def test_an_unknown_code_is_other_with_a_warning_and_never_an_error() -> None:
    verdict = judge([Code("CO", "P99", 100)], (), TODAY)
    assert (verdict.klass, verdict.codes[0].known) == (DenialClass.OTHER, False)
    assert verdict.warnings == ("CO-P99 is not in the table of denial classes.",)


def test_a_tenants_row_stands_before_every_default_from_its_day_on() -> None:
    rows = (own("16", DenialClass.CODING, preventable=False),)
    there = classify(Code("CO", "16", remarks=("N290",)), rows, TODAY)
    assert (there.klass, there.preventable, there.row) == (DenialClass.CODING, False, "own/16")
    before = classify(Code("CO", "16"), rows, TODAY - timedelta(days=1))
    assert before.klass is DenialClass.MISSING_INFORMATION


def test_a_row_without_a_class_gives_the_code_back_to_the_default() -> None:
    rows = (
        own("16", DenialClass.CODING, TODAY - timedelta(days=5)),
        own("16", None, TODAY, sequence=1),
    )
    assert classify(Code("CO", "16"), rows, TODAY - timedelta(days=1)).klass is DenialClass.CODING
    assert classify(Code("CO", "16"), rows, TODAY).klass is DenialClass.MISSING_INFORMATION


def test_the_class_of_a_denial_is_that_with_the_most_money() -> None:
    verdict = judge([Code("CO", "16", 1_000), Code("CO", "197", 5_000), Code("CO", "16", 3_000)], (), TODAY)
    assert verdict.klass is DenialClass.AUTHORIZATION
    assert len(verdict.codes) == 3


def test_a_short_payment_without_a_reason_is_one_of_the_contract() -> None:
    assert judge((), (), TODAY).klass is DenialClass.CONTRACTUAL


def test_no_code_stands_twice_in_the_default_table() -> None:
    keys = [(row.group, row.reason, row.remark) for row in DEFAULTS]
    assert len(keys) == len(set(keys)) > 200


def test_every_class_has_rules_a_playbook_and_a_letter_that_may_be_kept() -> None:
    assert set(CLASSES) == set(LETTERS) == set(DenialClass)
    for klass in DenialClass:
        assert playbooks.default(klass).steps
        assert letters.checked(playbooks.default(klass).letter)


def test_the_last_playbook_stays_in_force_until_the_day_of_the_next() -> None:
    rows = [
        Playbook("a", DenialClass.CODING, Route.APPEAL, ("x",), "y", effective_from=TODAY),
        Playbook(
            "b",
            DenialClass.CODING,
            Route.WRITE_OFF,
            ("x",),
            "y",
            effective_from=TODAY + timedelta(days=9),
            sequence=1,
        ),
    ]
    assert playbooks.in_force(DenialClass.CODING, rows, TODAY - timedelta(days=1)).id == "default/coding"
    assert playbooks.in_force(DenialClass.CODING, rows, TODAY + timedelta(days=8)).id == "a"
    assert playbooks.in_force(DenialClass.CODING, rows, TODAY + timedelta(days=9)).id == "b"
    assert playbooks.in_force(DenialClass.OTHER, rows, TODAY).id == "default/other"


@pytest.mark.parametrize(
    ("cents", "days", "first"),
    [(100, 7, 1), (250_000, 300, 1), (100, 30, 2), (50_000, 300, 2), (10_000, 300, 3), (9_999, 300, 4)],
)
def test_priority_follows_the_amount_and_the_deadline(cents: int, days: int, first: int) -> None:
    assert playbooks.priority(cents, days, playbooks.default(DenialClass.OTHER)) == first


def test_work_is_never_due_after_the_deadline_itself() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    playbook = playbooks.default(DenialClass.OTHER)
    assert playbooks.due(now, now + timedelta(days=90), playbook) == now + timedelta(days=5)
    assert playbooks.due(now, now + timedelta(days=2), playbook) == now + timedelta(days=2)
    assert playbooks.due(now, now - timedelta(days=2), playbook) == now


def test_medicare_has_five_levels_and_others_begin_with_the_payers_own_window() -> None:
    found = [levels.level_of(n, (), payer_id="p", medicare=True, day=TODAY) for n in range(1, 7)]
    assert [one.days if one else None for one in found] == [120, 180, 60, 60, 60, None]
    first = levels.level_of(1, (), payer_id="p", medicare=False, day=TODAY)
    assert first is not None
    assert levels.window_ends(TODAY, first, 90) == TODAY + timedelta(days=90)


def test_a_payers_own_level_stands_before_that_of_its_kind_and_may_end_the_row() -> None:
    rows = [
        levels.Level("a", "other", 2, "Second", 30, 30, TODAY, own=True),
        levels.Level("b", "p", 2, "Peer review", 15, 20, TODAY, own=True),
        levels.Level("c", "p", 3, "None", 1, 1, TODAY, own=True, active=False),
    ]

    def label(number: int, payer: str) -> str:
        found = levels.level_of(number, rows, payer_id=payer, medicare=False, day=TODAY)
        return found.label if found else ""

    assert (label(2, "p"), label(2, "q"), label(3, "p"), label(3, "q")) == (
        "Peer review",
        "Second",
        "",
        "External review",
    )


@pytest.mark.parametrize("template", ["", "{{nobody}}", "{{patient_name", "{{ __class__ }}", "x" * 12_001])
def test_a_letter_with_what_does_not_exist_is_refused_when_it_is_saved(template: str) -> None:
    with pytest.raises(Invalid):
        letters.checked(template)


def test_a_letter_is_filled_once_and_every_value_is_escaped() -> None:
    text = letters.filled(
        "Dear {{ payer_name }},\n\n- {{argument}}", {"payer_name": "A <b>", "argument": "{{npi}}"}
    )
    assert text == "Dear A <b>,\n\n- {{npi}}"
    page = letters.html(text, "First level", Letterhead("North"))
    assert "A &lt;b&gt;" in page
    assert "<li>{{npi}}</li>" in page
