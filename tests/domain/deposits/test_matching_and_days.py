"""Money finds its remittance by trace and amount only; a day closes when its three sums are one."""

import re
from datetime import date

import pytest

from domain.deposits.day import DaySums, refuse_to_close
from domain.deposits.matching import Money, exact, state_of, suggestions
from domain.refusals import Conflict

ON = date(2026, 11, 3)


def money(key: str, trace: str, cents: int, **more: object) -> Money[str]:
    return Money(key, trace, cents, more.pop("on", ON), **more)  # type: ignore[arg-type]


def test_the_same_trace_and_amount_match_and_nothing_else_does() -> None:
    deposits = [money("d1", "000123", 500), money("d2", "124", 500), money("d3", "", 700)]
    remittances = [money("r1", "123", 500), money("r2", "124", 501), money("r3", "", 700)]
    assert exact(deposits, remittances) == [("d1", "r1")]


def test_what_is_not_unique_is_left_to_a_person() -> None:
    twice = [money("d1", "9", 500), money("d2", "9", 500)]
    assert exact(twice, [money("r1", "9", 500)]) == []
    assert exact([money("d1", "9", 500)], [money("r1", "9", 500), money("r2", "9", 500)]) == []


def test_suggestions_need_the_amount_and_the_payer_or_the_date_and_say_why() -> None:
    deposit = money("d", "", 500, payer_name="MERIDIAN HLTH HCCLAIMPMT", method="eft")
    near = money("near", "A1", 500, on=date(2026, 11, 1))
    payer = money("payer", "A2", 500, payer_name="Meridian Health Plan")
    late = money("late", "A3", 500, on=date(2026, 9, 1))
    other = money("other", "A4", 501, payer_name="Meridian Health Plan")
    found = suggestions(deposit, [near, payer, late, other])
    assert [one.key for one in found] == ["payer", "near"]
    assert found[0].reasons == ("The amount is the same", "The payer is the same", "On the same day")


def test_the_same_trace_with_another_amount_is_told_but_never_matched() -> None:
    deposit, remittance = money("d", "77", 500), money("r", "77", 400)
    assert exact([deposit], [remittance]) == []
    assert suggestions(deposit, [remittance])[0].reasons[0] == "The trace number is the same"


def test_a_deposit_is_matched_only_to_the_cent() -> None:
    assert [state_of(500, cents, n) for cents, n in ((0, 0), (499, 1), (500, 2), (501, 1))] == [
        "unmatched", "partial", "matched", "partial",
    ]  # fmt: skip


def test_a_day_closes_when_cash_remittances_and_ledger_are_one() -> None:
    refuse_to_close(DaySums(500, 500, 500, deposits=2), ON, ON)


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        (DaySums(500, 400, 400, 2, unmatched=1, unmatched_cents=100), "1 deposit of \\$1.00 without"),
        (DaySums(500, 500, 499, 2), "ledger differ by \\$0.01"),
        (DaySums(500, 500, 0, 1, quarantined=1, quarantined_cents=500), "1 remittance of \\$5.00 in quarantine"),
        (DaySums(0, 0, 0, 0), "no deposit"),
        (DaySums(500, 500, 500, 2, partial=2), "2 deposits matched in part"),
    ],
)  # fmt: skip
def test_a_day_that_does_not_come_out_says_the_three_sums_and_what_is_missing(
    sums: DaySums, words: str
) -> None:
    with pytest.raises(Conflict) as refused:
        refuse_to_close(sums, ON, ON)
    assert re.search(words, f"{refused.value.title} {refused.value.what_to_do}")


def test_a_day_ahead_does_not_close() -> None:
    with pytest.raises(Conflict):
        refuse_to_close(DaySums(1, 1, 1, 1), date(2026, 11, 4), ON)
