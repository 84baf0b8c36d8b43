"""Provider level and ledger as rules: every posting comes to nothing, a reversal turns its payment, references are read."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.remittances import candidates
from domain.remittances.ledger import ACCOUNTS, decided_entries
from domain.remittances.provider_level import (
    account_of_reason,
    control_number_candidates,
    control_number_in,
    entries_of,
    has_balance,
    key_of,
    nature_of,
)
from domain.x12.code_words import CODE_WORDS
from domain.x12.decode_835 import read_835
from domain.x12.facts_835 import Adjustment, PaymentHeader, ProviderAdjustment
from tests.fixtures.x12_answers import Payment, era

REASONS = sorted(CODE_WORDS["PLB", 3])
adjustment = st.builds(
    Adjustment,
    st.sampled_from(["CO", "OA", "PI", "PR"]),
    st.sampled_from(["1", "2", "16", "23", "24", "45", "97", "999"]),
    st.integers(-(10**7), 10**7),
)


def plb(reason: str, reference: str, cents: int) -> ProviderAdjustment:
    return ProviderAdjustment("1234567893", "20261231", reason, reference, cents)


def header() -> PaymentHeader:
    return next(iter(read_835(era(Payment(()))))).header


@settings(deadline=None, max_examples=60)
@given(paid=st.integers(-(10**8), 10**8), told=st.lists(adjustment, max_size=8))
def test_every_posting_comes_to_nothing_and_its_reversal_turns_it(paid: int, told: list[Adjustment]) -> None:
    entries = decided_entries(paid, told)
    assert sum(cents for _, cents in entries) == 0 and {name for name, _ in entries} <= set(ACCOUNTS)
    turned = decided_entries(-paid, [one._replace(cents=-one.cents) for one in told])
    assert sorted(turned) == sorted((account, -cents) for account, cents in entries)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_an_account_and_moves_cash_by_what_it_says(reason: str) -> None:
    assert CODE_WORDS["PLB", 3][reason]
    entries = dict(entries_of(plb(reason, "R", 500)))
    assert entries == {"cash": -500, account_of_reason(reason): 500}


@pytest.mark.parametrize(("account", "reasons"), [("interest", {"L6", "51", "CR"}), ("capitation", {"CT"})])
def test_interest_and_capitation_have_accounts_of_their_own_and_no_balance(
    account: str, reasons: set[str]
) -> None:
    assert {one for one in {*REASONS, *reasons} if account_of_reason(one) == account} == reasons
    assert not any(has_balance(one) for one in reasons)
    assert has_balance("WO") and has_balance("ZZ") and account_of_reason("ZZ") == "provider_level"


@pytest.mark.parametrize(
    ("reference", "candidates"),
    [
        ("fcn12345 pt7", ("FCN12345 PT7", "FCN12345", "FCN1234", "FCN123")),
        ("A1", ("A1",)),
        ("FCN123", ("FCN123",)),
        ("", ("",)),
        ("X" * 81, tuple("X" * length for length in range(80, 5, -1))),
    ],
)
def test_the_likeliest_part_of_a_reference_is_tried_first_and_nothing_short(
    reference: str, candidates: tuple[str, ...]
) -> None:
    assert control_number_candidates(reference) == candidates
    assert control_number_in(reference, {"", "PT7", "FCN12"}) == ""


def test_a_balance_is_the_payees_that_the_adjustment_names_else_the_payments() -> None:
    assert key_of(header(), replace(plb("WO", "R", 1), provider_id=" 111 "), set()).payee == "111"
    assert key_of(header(), replace(plb("WO", "R", 1), provider_id=" "), set()).payee == "1234567893"


def test_what_is_owed_later_is_open_and_what_is_simply_paid_is_final() -> None:
    later = {"FB", "WO", "WU", "72", "AP", "B3", "C5", "CS", "E3", "IS", "J1", "OB", "PI", "RA", "TL"}
    assert {one for one in {*REASONS, *later} if nature_of(one) == "open"} == later
    assert {nature_of(one) for one in ("IR", "LE", "BN", "50", "ZZ")} == {"final"}


@pytest.mark.parametrize(
    "reference", ["FCN123456", "FCN123456 PATIENT7", "PATIENT7 FCN123456", "FCN123456PATIENT7", "fcn123456"]
)
def test_a_reference_leads_to_the_control_number_with_or_without_the_patients(reference: str) -> None:
    assert control_number_in(reference, {"FCN123456"}) == "FCN123456"
    assert key_of(header(), plb("WO", reference, 1), {"FCN123456"}).reference == "FCN123456"


def test_an_unknown_reference_is_its_own_balance_and_an_empty_one_is_too() -> None:
    assert key_of(header(), plb("WO", "OLD-1 X", 1), set()) == ("1234567893", "1999999999", "open", "OLD-1")
    assert key_of(header(), plb("FB", "", 1), set()).reference == ""


def test_a_candidate_is_never_certain_and_more_signs_make_it_surer() -> None:
    some: dict[str, Any] = {"same_charge": True}
    assert candidates.confidence(candidates.Signs(**some)) < candidates.confidence(
        candidates.Signs(**some, same_member=True)
    )
    every = candidates.Signs(True, True, True, True, True, True, True)
    assert candidates.confidence(every) == 99 and len(candidates.reasons(every)) == 7
