"""What a practice is invoiced and what it owes: to the cent, whatever comes in whatever order."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.codes import STANDARD
from domain.care.invoicing import (
    Basis,
    Served,
    Terms,
    lines_of,
    patients_of,
    share_of,
    terms_faults,
    total_of,
)
from domain.care.receivables import (
    AGES,
    Move,
    Open,
    Paid,
    Standing,
    State,
    aged,
    bucket_of,
    credit_used,
    credited,
    due_between,
    put_onto,
    state_of,
    taken_back,
    together,
)

TODAY = date(2026, 11, 22)
ONE, TWO = UUID(int=1), UUID(int=2)
ROSA = Served(UUID(int=11), "A-1", (("99490", 1), ("99439", 2)), 15_000, 12_345)
OMAR = Served(UUID(int=12), "A-2", (("99426", 1),), 6_201, -100)


@pytest.mark.parametrize(
    ("cents", "points", "share"),
    [
        (1000, 1000, 100),
        (5, 1000, 0),  # half a cent goes to the even 0
        (15, 1000, 2),  # one and a half to the even 2
        (25, 1000, 2),  # two and a half to the even 2
        (26, 1000, 3),
        (24, 1000, 2),
        (-15, 1000, -2),
        (-25, 1000, -2),
        (6201, 1250, 775),  # 775.125
        (333, 10_000, 333),
        (0, 500, 0),
    ],
)
def test_a_share_is_rounded_half_to_even(cents: int, points: int, share: int) -> None:
    assert share_of(cents, points) == share


@pytest.mark.parametrize(
    ("terms", "amounts"),
    [
        (Terms(Basis.PROGRAMME, {"ccm": 6000, "pcm": 4500}), [6000, 4500]),
        (Terms(Basis.PROGRAMME, {"ccm": 6000}), [6000]),
        (Terms(Basis.CODE, {"99490": 4000, "99439": 1000, "99426": 3000}), [4000, 2000, 3000]),
        (Terms(Basis.CHARGES, basis_points=1250), [1875, 775]),
        (Terms(Basis.PAYMENTS, basis_points=2000), [2469, -20]),
        (Terms(Basis.PROGRAMME, {"ccm": 6000}, minimum_cents=50_000), [6000, 44_000]),
        (Terms(Basis.PROGRAMME, {"ccm": 6000}, minimum_cents=6000), [6000]),
        (Terms(Basis.PROGRAMME, {"ccm": 6000}, minimum_cents=6001), [6000, 1]),
        (Terms(Basis.CODE, {"99490": 4000}), [4000]),
    ],
)
def test_each_basis_makes_its_lines(terms: Terms, amounts: list[int]) -> None:
    lines = lines_of(terms, [ROSA, OMAR], STANDARD)
    assert [line.amount_cents for line in lines] == amounts
    assert {line.account_number for line in lines} <= {"A-1", "A-2", ""}


def test_a_month_without_patients_comes_to_its_minimum_or_to_nothing() -> None:
    assert lines_of(Terms(Basis.CODE, {"99490": 1}), [], STANDARD) == ()
    (line,) = lines_of(Terms(Basis.CODE, {"99490": 1}, minimum_cents=900), [], STANDARD)
    assert (line.basis, line.amount_cents) == (Basis.MINIMUM, 900)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(Basis.CODE), "rates.missing"),
        (Terms(Basis.CODE, {"99213": 100}), "rates.unknown"),
        (Terms(Basis.PROGRAMME, {"99490": 100}), "rates.unknown"),
        (Terms(Basis.CHARGES), "per_cent.range"),
        (Terms(Basis.CHARGES, basis_points=10_001), "per_cent.range"),
        (Terms(Basis.PROGRAMME, {"ccm": -1}), "rates.negative"),
        (Terms(Basis.PROGRAMME, {"ccm": 1}, due_days=400), "due_days.range"),
        (Terms(Basis.PROGRAMME, {"ccm": 1}, minimum_cents=-1), "minimum.negative"),
        (Terms(Basis.NOTHING, minimum_cents=1), "minimum.nothing"),
        (Terms(Basis.NOTHING, {"ccm": 1}), "rates.unknown"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(terms: Terms, code: str) -> None:
    found = terms_faults(terms, STANDARD.billable)
    assert code in [fault.code for fault in found]
    assert all(fault.code.startswith(f"{fault.field}.") for fault in found), "each stands at its field"


@pytest.mark.parametrize(
    "terms",
    [
        Terms(Basis.CODE, {"99490": 1, "99439": 0}, due_days=0),
        Terms(Basis.PROGRAMME, {"ccm": 1, "pcm": 0}, due_days=365),
        Terms(Basis.CHARGES, basis_points=1),
        Terms(Basis.PAYMENTS, basis_points=10_000),
    ],
)
def test_terms_at_their_limits_are_terms(terms: Terms) -> None:
    assert terms_faults(terms, STANDARD.billable) == []
    assert terms.due_on(TODAY) == TODAY + timedelta(days=terms.due_days)


@pytest.mark.parametrize("days", [-1, 366])
def test_an_invoice_is_due_within_a_year(days: int) -> None:
    (fault,) = terms_faults(Terms(Basis.CODE, {"99490": 1}, due_days=days), STANDARD.billable)
    assert fault.code == "due_days.range"


def test_a_month_on_which_payers_took_back_is_below_nothing_without_a_minimum() -> None:
    assert [
        line.amount_cents for line in lines_of(Terms(Basis.PAYMENTS, basis_points=2000), [OMAR], STANDARD)
    ] == [-20]


def test_a_line_says_what_it_was_reckoned_from_and_the_minimum_is_no_patient() -> None:
    terms = Terms(Basis.PROGRAMME, {"ccm": 6000, "pcm": 4500}, minimum_cents=50_000)
    lines = lines_of(terms, [ROSA, OMAR], STANDARD)
    assert [(line.item, line.units, line.rate_cents) for line in lines] == [
        ("ccm", 1, 6000),
        ("pcm", 1, 4500),
        ("", 1, 50_000),
    ]
    assert (len(lines), patients_of(lines)) == (3, 2)


def test_a_practice_that_has_left_owes_only_its_share_of_what_is_paid_late() -> None:
    left = Terms(Basis.NOTHING)
    assert terms_faults(left, STANDARD.billable) == [] and lines_of(left, [ROSA], STANDARD) == ()
    late = Served(UUID(int=13), "A-3", paid_cents=10_000, under=Terms(Basis.PAYMENTS, basis_points=1_250))
    (line,) = lines_of(left, [late], STANDARD)
    assert (line.basis, line.item, line.rate_cents, line.amount_cents) == (
        Basis.PAYMENTS,
        "12.5",
        10_000,
        1_250,
    )


_SERVED = st.builds(
    Served,
    st.uuids(),
    st.just("A"),
    st.lists(st.tuples(st.sampled_from(["99490", "99439", "99426", "G0556"]), st.integers(1, 4)), max_size=3).map(tuple),
    st.integers(0, 10**7),
    st.integers(-(10**6), 10**7),
)  # fmt: skip
_TERMS = st.one_of(
    st.builds(
        Terms,
        st.just(Basis.CODE),
        st.fixed_dictionaries({"99490": st.integers(1, 10_000)}),
        st.just(0),
        st.integers(0, 9_999),
    ),
    st.builds(
        Terms,
        st.sampled_from([Basis.CHARGES, Basis.PAYMENTS]),
        st.just({}),
        st.integers(1, 10_000),
        st.integers(0, 9_999),
    ),
)


@settings(max_examples=60, deadline=None)
@given(_TERMS, st.lists(_SERVED, max_size=6))
def test_lines_sum_to_the_total_which_never_lies_below_the_minimum(
    terms: Terms, served: list[Served]
) -> None:
    lines = lines_of(terms, served, STANDARD)
    assert total_of(lines) == sum(line.amount_cents for line in lines)
    assert total_of(lines) >= terms.minimum_cents or not terms.minimum_cents
    assert all(line.amount_cents > 0 for line in lines if line.basis is not Basis.PAYMENTS)
    # The order of patients changes nothing of the sum.
    assert total_of(lines_of(terms, served[::-1], STANDARD)) == total_of(lines)


def opened(**cents: int) -> list[Open]:
    return [Open({"one": ONE, "two": TWO}[name], TODAY, value) for name, value in cents.items()]


def test_money_goes_onto_invoices_in_their_order_and_the_rest_becomes_credit() -> None:
    assert put_onto(500, opened(one=300, two=400)) == [Move(ONE, -300), Move(TWO, -200)]
    assert put_onto(900, opened(one=300, two=400)) == [Move(ONE, -300), Move(TWO, -400), Move(None, -200)]
    assert put_onto(50, []) == [Move(None, -50)]
    assert put_onto(1, opened(one=0, two=5)) == [Move(TWO, -1)]


def test_a_credit_note_is_taken_off_whole_and_what_was_paid_of_it_moves_to_credit() -> None:
    (invoice,) = opened(one=100)
    assert credited(300, invoice) == ([Move(ONE, -300)], [Move(ONE, 200), Move(None, -200)])
    assert credited(100, invoice) == ([Move(ONE, -100)], [])


def test_credit_is_used_as_far_as_it_goes() -> None:
    assert credit_used(250, opened(one=100, two=400)) == [Move(ONE, -100), Move(TWO, -150), Move(None, 250)]
    assert credit_used(250, []) == [] and credit_used(0, opened(one=5)) == []


def test_a_payment_whose_credit_was_used_takes_that_use_back() -> None:
    payment = [Move(ONE, -300), Move(None, -200)]
    invoices = [Paid(TWO, 150, used_cents=150), Paid(ONE, 300)]
    plain, used = taken_back(payment, 200, invoices), taken_back(payment, 50, invoices)
    assert plain.back == used.back == [Move(ONE, 300), Move(None, 200)]
    assert (plain.from_credit, plain.unused) == ([], [])
    assert (used.from_credit, used.unused) == ([], [Move(TWO, 150), Move(None, -150)])


def test_a_payment_taken_back_from_a_credited_invoice_takes_its_credit_and_opens_nothing() -> None:
    found = taken_back([Move(ONE, -300)], 300, [Paid(ONE, 0)])
    assert found.back == [Move(ONE, 300)]
    assert found.from_credit == [Move(ONE, -300), Move(None, 300)] and found.unused == []


def test_a_payment_taken_back_leaves_what_others_paid_and_takes_back_uses_that_rest_on_it() -> None:
    assert taken_back([Move(ONE, -300)], 0, [Paid(ONE, 500)]).from_credit == []
    own = taken_back([Move(ONE, -300), Move(None, -200)], 50, [Paid(ONE, 450, used_cents=150)])
    assert own.unused == [Move(ONE, 150), Move(None, -150)]
    # What is paid of the first invoice after this is nothing: its use of credit is not there to be taken back.
    other = taken_back([Move(ONE, -300), Move(None, -100)], 0, [Paid(ONE, 300, 100), Paid(TWO, 150, 150)])
    assert other.unused == [Move(TWO, 100), Move(None, -100)]
    assert taken_back([Move(None, -1)], 0, [Paid(TWO, 5, 5)]).unused == [Move(TWO, 1), Move(None, -1)]
    with pytest.raises(ValueError, match="more credit was used"):
        taken_back([Move(None, -1)], 0, [])
    assert together([Move(ONE, 1), Move(TWO, 2), Move(ONE, -1)]) == [Move(TWO, 2)]


@pytest.mark.parametrize(
    ("late", "bucket"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)]
)
def test_the_age_is_counted_from_the_day_it_was_due(late: int, bucket: int) -> None:
    due = TODAY - timedelta(days=late)
    assert bucket_of(due, TODAY) == bucket
    asked_for = [first <= due <= last for first, last in (due_between(age, TODAY) for age in AGES)]
    assert asked_for == [place == bucket for place in range(len(AGES))]


def test_ageing_sums_what_is_open() -> None:
    old = Open(ONE, TODAY - timedelta(days=45), 100)
    assert aged([old, Open(TWO, TODAY, 7)], TODAY) == [7, 0, 100, 0, 0]


@pytest.mark.parametrize(
    ("credited_cents", "balance", "late", "state"),
    [
        (0, 100, 0, State.OPEN),
        (0, 60, 0, State.PARTLY_PAID),
        (0, 100, 1, State.OVERDUE),
        (0, 0, 9, State.PAID),
        (100, 0, 9, State.CREDITED),
        (40, 0, 0, State.PAID),
        (40, 60, 0, State.OPEN),
    ],
)
def test_the_state_is_told_by_a_table(credited_cents: int, balance: int, late: int, state: State) -> None:
    due = TODAY - timedelta(days=late)
    assert state_of(Standing(100, credited_cents, balance, due, TODAY)) is state


def test_an_invoice_of_nothing_is_paid_and_one_of_a_cent_can_be_credited() -> None:
    assert state_of(Standing(0, 0, 0, TODAY, TODAY)) is State.PAID
    assert state_of(Standing(1, 1, 0, TODAY, TODAY)) is State.CREDITED
