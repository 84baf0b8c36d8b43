"""A claim's money in double entry: which accounts each decision moves, and what the remittances come to together."""

import pytest

from domain.claims.states import Outcome
from domain.remittances.ledger import (
    Standing,
    account_of,
    charge_entries,
    decided_entries,
    difference_entries,
    outcome_of,
    payment_entries,
    transfer_entries,
    unmatched_entries,
    waiting_entries,
)
from domain.x12.facts_835 import Adjustment, ClaimPayment

CLAIM = ClaimPayment(
    1, 0, "C1", "1", 500, 500, 0, "", "", "", "", "", (), (), (), (), (), (), (), ()
)  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "moved"),
    [
        (charge_entries(500), {"receivable": 500, "revenue": -500}),
        (charge_entries(-500), {"receivable": -500, "revenue": 500}),
        (charge_entries(0), {}),
        (transfer_entries(500), {"patient": -500, "receivable": 500}),
        (transfer_entries(0), {}),
        (unmatched_entries(CLAIM), {"cash": 500, "unmatched": -500}),
        (waiting_entries(-500), {"cash": -500, "unmatched": 500}),
        (difference_entries(1), {"cash": 1, "unmatched": -1}),
        (difference_entries(0), {}),
    ],
)
def test_each_act_moves_its_two_accounts_by_as_much(
    entries: tuple[tuple[str, int], ...], moved: dict[str, int]
) -> None:
    assert dict(entries) == moved


@pytest.mark.parametrize(
    ("group", "reason", "account"),
    [
        ("PR", "1", "patient"),
        ("PR", "45", "patient"),
        ("CO", "24", "capitation"),
        *[("CO", reason, "contractual") for reason in ("45", "253", "23", "94", "131", "144", "237")],
        *[("OA", reason, "contractual") for reason in ("59", "90", "91", "100", "A2", "42")],
        ("CO", "97", "receivable"),
        ("PI", "197", "receivable"),
    ],
)
def test_an_adjustment_goes_to_the_account_of_its_group_or_reason(
    group: str, reason: str, account: str
) -> None:
    assert account_of(Adjustment(group, reason, 1)) == account


def test_a_decision_moves_what_was_paid_priced_and_left_to_the_patient_and_leaves_the_denied_open() -> None:
    told = [Adjustment("CO", "45", 1500), Adjustment("PR", "1", 500), Adjustment("CO", "197", 900)]
    told += [Adjustment("CO", "24", 0)]
    assert dict(decided_entries(8000, told)) == {
        "cash": 8000,
        "contractual": 1500,
        "patient": 500,
        "receivable": -10_000,
    }
    assert decided_entries(0, [Adjustment("CO", "197", 900)]) == ()


@pytest.mark.parametrize(
    ("charge", "contract", "moved"),
    [
        (1000, 100, 50),
        (-1000, -100, -50),
        (1000, 30, 0),
        (0, 100, 100),
        (1000, -100, -100),
        (-1000, 100, 100),
    ],
)
def test_what_payers_before_took_off_is_not_taken_off_again(charge: int, contract: int, moved: int) -> None:
    told = (Adjustment("CO", "45", contract),)
    claim = CLAIM._replace(charge_cents=charge, paid_cents=0, adjustments=told)
    assert dict(payment_entries(claim, 50)).get("contractual", 0) == moved


@pytest.mark.parametrize(
    ("decided", "paid", "patient", "receivable", "outcome"),
    [
        (0, 0, 0, 0, Outcome.REVERSED),
        (-1, 0, 0, 0, Outcome.REVERSED),
        (1, 1, 0, 0, Outcome.PAID),
        (10_000, 10_500, 0, -500, Outcome.PAID),
        (10_000, 0, 0, 1, Outcome.DENIED),
        (10_000, 0, 0, 10_000, Outcome.DENIED),
        (10_000, 1, 0, 9_999, Outcome.PARTIALLY_DENIED),
        (10_000, 0, 1, 9_999, Outcome.PARTIALLY_DENIED),
        (10_000, 500, -500, 10_000, Outcome.DENIED),
    ],
)
def test_remittances_come_together_to_one_outcome(
    decided: int, paid: int, patient: int, receivable: int, outcome: Outcome
) -> None:
    assert outcome_of(Standing(1, decided, paid, patient, receivable)) is outcome
