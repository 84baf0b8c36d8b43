"""What a patient owes is asked for only when every payer has answered, and no cent of a payment is lost or doubled."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.balances.allocation import Owed, Part, as_chosen, oldest_first, refunded_parts, reversed_parts
from domain.balances.shares import Share, ageing, billable, total, why_not_yet
from domain.balances.statement_sheet import PrintedClaim, PrintedLine, PrintedStatement, statement_sheet
from domain.balances.statements import Sent, StatementRules, checked_rules, number_of_next
from domain.claims.process import Step
from domain.refusals import Invalid

TODAY = date(2026, 11, 22)
A, B = UUID(int=1), UUID(int=2)


def share(step: str = "patient_balance", cents: int = 1_000, **more: object) -> Share:
    facts = {
        "receivable_cents": 0, "service_from": TODAY, "since": TODAY, "outstanding": (),
    } | more  # fmt: skip
    return Share(A, "C-1", step, cents, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "step", [one for one in Step if one.value not in ("patient_balance", "settled", "closed")]
)
def test_a_claim_that_any_payer_may_still_answer_is_never_on_a_statement(step: Step) -> None:
    assert why_not_yet(share(step.value))
    assert billable([share(step.value)]) == []


@pytest.mark.parametrize(
    "more",
    [
        {"receivable_cents": 1},
        {"outstanding": ("denial",)},
        {"outstanding": ("appeal", "file")},
        {"elsewhere": True},
    ],
)
def test_open_money_or_open_work_holds_a_share_back(more: dict[str, object]) -> None:
    assert why_not_yet(share(**more))


@pytest.mark.parametrize(
    "kind", ["denial", "appeal", "next_payer", "earlier_payer", "match", "hold", "rejection"]
)
def test_work_that_may_still_change_a_share_holds_it_back(kind: str) -> None:
    assert why_not_yet(share(outstanding=(kind,)))


def test_a_share_is_asked_for_when_every_payer_has_answered() -> None:
    assert billable([share(cents=0)]) == [] and billable([share(cents=1)]) == [share(cents=1)]
    assert [why_not_yet(share(step)) for step in ("patient_balance", "settled", "closed")] == [""] * 3


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**6), st.lists(st.integers(-500, 50_000), max_size=6))
def test_every_cent_of_a_payment_lands_once_and_no_claim_gets_more_than_it_owes(
    paid: int, debts: list[int]
) -> None:
    owed = [Owed(UUID(int=n), cents, TODAY - timedelta(days=n)) for n, cents in enumerate(debts, 1)]
    parts = oldest_first(paid, owed)
    assert sum(cents for _, cents in parts) == paid and all(cents > 0 for _, cents in parts)
    most = {one.claim_id: one.cents for one in owed}
    assert all(cents <= most[claim] for claim, cents in parts if claim)
    assert sum(cents for claim, cents in parts if claim) == min(paid, sum(max(c, 0) for c in debts))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 50_000), st.integers(0, 20_000), st.lists(st.integers(1, 20_000), max_size=4))
def test_a_reversal_takes_back_every_cent_wherever_its_credit_went(
    on_claim: int, credit: int, used: list[int]
) -> None:
    parts = [(A, on_claim), *([(None, credit)] if credit else [])]
    spent = min(sum(used), credit)
    applied = [(B, cents) for cents in used]
    back = reversed_parts(parts, credit - spent, applied)
    assert sum(cents for _, cents in back) == -(on_claim + credit)
    assert -sum(cents for claim, cents in back if claim is None) == credit - spent


def test_what_a_person_chose_is_kept_or_refused_to_the_cent() -> None:
    owed = [Owed(A, 500, TODAY), Owed(B, 300, TODAY)]
    assert as_chosen(700, {B: 300, A: 100}, owed) == [(B, 300), (A, 100), (None, 300)]
    assert as_chosen(500, {A: 500, B: 0}, owed) == [(A, 500)]
    for chosen in ({A: 501}, {A: 500, B: 300}, {UUID(int=9): 1}, {A: -1}):
        with pytest.raises(Invalid):
            as_chosen(700, chosen, owed)
    with pytest.raises(Invalid) as refused:
        as_chosen(499, {A: 501}, [Owed(A, -200, TODAY)])
    assert [(one.field, one.code, one.message) for one in refused.value.fields] == [
        (f"claims.{A}", "allocation.too_much", "At most 0.00 is owed here."),
        ("claims", "allocation.more_than_paid", "The claims come to 0.02 more than was paid."),
    ]
    with pytest.raises(Invalid, match=r"allocation\.invalid") as refused:
        as_chosen(700, {A: 501}, owed)
    assert refused.value.fields[0].message == "At most 5.00 is owed here."


def test_what_was_settled_elsewhere_gets_nothing_by_itself() -> None:
    owed = [Owed(A, 500, TODAY - timedelta(days=9), elsewhere=True), Owed(B, 300, TODAY)]
    assert oldest_first(700, owed) == [(B, 300), (None, 400)]


@pytest.mark.parametrize(
    ("parts", "credit", "applied", "back"),
    [
        ([(A, 500), (None, 200)], 150, [(A, 30), (B, 20)], [(A, -500), (None, -150), (B, -20), (A, -30)]),
        ([(A, 500), (None, 200)], 900, [(B, 20)], [(A, -500), (None, -200)]),
        ([(None, 200)], -5, [(B, 0), (A, -9)], [(None, -200)]),
        ([(None, 200)], 0, [(A, 150)], [(A, -150), (None, -50)]),
    ],
)
def test_a_payment_taken_back_takes_its_credit_first_and_then_its_latest_uses(
    parts: list[Part], credit: int, applied: list[Part], back: list[Part]
) -> None:
    assert reversed_parts(parts, credit, applied) == back


def test_a_refund_never_exceeds_the_credit_and_what_was_overpaid() -> None:
    owed = [Owed(A, -200, TODAY), Owed(B, 900, TODAY)]
    assert refunded_parts(350, 300, owed) == [(None, -300), (A, -50)]
    assert refunded_parts(100, 300, owed) == [(None, -100)]
    assert refunded_parts(500, 300, owed) == [(None, -300), (A, -200)]
    assert refunded_parts(1, -10, owed) == [(A, -1)]
    more = [Owed(A, -200, TODAY), Owed(B, -100, TODAY)]
    assert refunded_parts(250, 0, more) == [(A, -200), (B, -50)]
    with pytest.raises(Invalid):
        refunded_parts(1, 0, [Owed(B, 900, TODAY)])
    for cents in (501, 0, -1):
        with pytest.raises(Invalid, match=r"refund\.too_much") as refused:
            refunded_parts(cents, 300, owed)
        (fault,) = refused.value.fields
        assert (fault.field, fault.code) == ("amount_cents", "refund.too_much")
        assert fault.message == "At most 5.00 can be given back."


def test_statements_keep_their_cycle_and_end() -> None:
    rules = StatementRules(minimum_cents=500, cycle_days=30, most_statements=2)
    ago = TODAY - timedelta(days=30)
    numbers = [
        number_of_next(499, Sent(), TODAY, rules),
        number_of_next(500, Sent(), TODAY, rules),
        number_of_next(500, Sent(1, ago + timedelta(days=1)), TODAY, rules),
        number_of_next(500, Sent(1, ago), TODAY, rules),
        number_of_next(500, Sent(2, ago), TODAY, rules),
    ]
    assert numbers == [None, 1, None, 2, None]
    with pytest.raises(Invalid):
        checked_rules(StatementRules(cycle_days=0))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 200)), max_size=5), st.integers(0, 9_000))
def test_the_ages_always_come_to_the_balance(debts: list[tuple[int, int]], credit: int) -> None:
    shares = [share(cents=cents, since=TODAY - timedelta(days=age)) for cents, age in debts]
    assert sum(ageing(shares, credit, TODAY)) == sum(cents for cents, _ in debts) - credit


def test_ages_change_after_30_60_and_90_days() -> None:
    shares = [share(cents=1, since=TODAY - timedelta(days=age)) for age in (0, 30, 31, 60, 61, 90, 91)]
    assert ageing(shares, 0, TODAY) == (2, 2, 2, 1)


@pytest.mark.parametrize(
    ("credit", "ages"),
    [
        (0, (100, 200, 300, 400)),
        (450, (100, 200, 250, 0)),
        (950, (50, 0, 0, 0)),
        (1_000, (0, 0, 0, 0)),
        (1_100, (-100, 0, 0, 0)),
    ],
)
def test_credit_pays_the_oldest_first(credit: int, ages: tuple[int, int, int, int]) -> None:
    shares = [
        share(cents=cents, since=TODAY - timedelta(days=age))
        for cents, age in ((100, 0), (200, 31), (300, 61), (400, 91))
    ]
    assert ageing(shares, credit, TODAY) == ages
    assert total(shares, credit) == 1_000 - credit


def test_an_overpaid_share_takes_no_credit() -> None:
    shares = [share(cents=100), share(cents=-50, since=TODAY - timedelta(days=91))]
    assert ageing(shares, 30, TODAY) == (70, 0, 0, -50)


def test_a_statement_shows_every_line_and_escapes_what_people_typed() -> None:
    line = PrintedLine("99213", TODAY, 12_500, 8_000, 2_000, 2_500)
    claim = PrintedClaim("C-7", "Meridian & Sons", (line,), 2_500, 500, 2_000)
    sheet = PrintedStatement(
        ("Hill <b>Clinic</b>", "1 Road", "", "Dayton, OH 45402"), "9375550100", ("Jane Doe", "7 Oak"), "10001", 1, 3,
        TODAY, TODAY + timedelta(days=21), (claim,), 0, 2_000, (2_000, 0, 0, 0),
    )  # fmt: skip
    html = statement_sheet(sheet)
    assert "Hill &lt;b&gt;Clinic" in html and "Meridian &amp; Sons" in html
    for words in (
        "99213",
        "$125.00",
        "$80.00",
        "$20.00",
        "$25.00",
        "937-555-0100",
        "1 of 3",
        "December 13, 2026",
    ):
        assert words in html
