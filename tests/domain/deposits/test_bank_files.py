"""Bank files are read to the cent, or refused with the row and the reason; the same row is one deposit."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deposits.bai2 import of_account, read_bai2
from domain.deposits.bank_csv import guessed, headings_of, read_csv
from domain.deposits.rows import BankRow, row_keys, trace_key, with_trace
from domain.refusals import Invalid

CSV = (
    "Posting Date,Description,Amount,Check No,Bank Reference\n"
    '11/03/2026,"ACH CREDIT MERIDIAN HCCLAIMPMT TRN*1*0081234*1999999999\\","1,250.40",,B1\n'
    "11/03/2026,LOCKBOX CHECK,$80.00,000451,B2\n"
    "11/04/2026,SERVICE FEE,(12.00),,B3\n"
)


def bai2(*details: str, total: int | None = None, account: str = "0123456789") -> str:
    """A file of one group and account, with trailers that agree unless `total` says otherwise."""
    sums = sum(int(one.split(",")[1]) for one in details if one.startswith(("1", "2", "3", "4", "5", "6")))
    stated = sums if total is None else total
    lines = ["03," + account + ",USD,015,,,/"]
    for one in details:
        lines.append(("88," if one.startswith("+") else "16,") + one.lstrip("+"))
    lines.append(f"49,{stated},{len(lines) + 1}/")
    head = ["01,BANK,CUSTOMER,261103,0600,1,80,,2/", "02,CUSTOMER,BANK,1,261103,0600,USD,2/"]
    tail = [f"98,{stated},1,{len(lines) + 2}/", f"99,{stated},1,{len(lines) + 4}/"]
    return "\n".join([*head, *lines, *tail]) + "\n"


def test_a_csv_export_is_read_by_guessed_columns() -> None:
    read = read_csv(CSV, guessed(headings_of(CSV)))
    assert read.faults == () and read.withdrawals == 1
    eft, check = read.rows
    assert (eft.deposited_on, eft.amount_cents, eft.method, eft.trace) == (
        date(2026, 11, 3),
        125_040,
        "eft",
        "0081234",
    )
    assert eft.payer_identifier == "1999999999"
    assert (check.amount_cents, check.method, check.trace) == (8_000, "check", "000451")


def test_every_wrong_row_is_named_by_its_line_and_column() -> None:
    text = "Date,Amount\n2026-13-01,5\n2026-11-01,five\n2026-11-01,5.001\n2026-11-01,5\n"
    read = read_csv(text, {"date": 0, "amount": 1})
    assert [fault.field for fault in read.faults] == ["rows.2.date", "rows.3.amount", "rows.4.amount"]


def test_credits_and_debits_in_columns_of_their_own_are_read() -> None:
    text = "Date;Debit;Credit\n2026-11-01;;1.234,00\n2026-11-01;4.00;\n2026-11-01;;7.5\n"
    mapping = guessed(headings_of(text))
    read = read_csv(text, mapping)
    assert mapping == {"date": 0, "debit": 1, "credit": 2}
    assert ([row.amount_cents for row in read.rows], read.withdrawals, len(read.faults)) == ([750], 1, 1)


@pytest.mark.parametrize(
    "mapping", [{}, {"date": 0}, {"date": 0, "amount": 9}, {"date": 0, "amount": 1, "credit": 1}, {"x": 0}]
)
def test_a_mapping_that_cannot_be_read_by_is_refused(mapping: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        read_csv(CSV, mapping)


def test_a_bai2_file_gives_its_credits_with_their_traces() -> None:
    text = bai2(
        "165,125040,Z,BR1,,MERIDIAN HCCLAIMPMT/",
        "+TRN*1*81234*1999999999\\/",
        "301,8000,S,8000,0,0,BR2,000451,LOCKBOX, DAYTON/",
        "451,1200,Z,BR3,,FEE/",
    )
    (one,) = read_bai2(text)
    assert (one.account, one.day, one.withdrawals) == ("0123456789", date(2026, 11, 3), 1)
    eft, check = one.rows
    assert (eft.amount_cents, eft.trace, eft.payer_identifier, eft.bank_reference) == (
        125_040,
        "81234",
        "1999999999",
        "BR1",
    )
    assert (check.amount_cents, check.method, check.trace, check.description) == (
        8_000,
        "check",
        "000451",
        "LOCKBOX, DAYTON",
    )


def test_a_bai2_file_whose_totals_do_not_hold_is_refused_whole() -> None:
    with pytest.raises(Invalid, match="control total"):
        read_bai2(bai2("165,500,Z,BR1,,X/", total=501))
    with pytest.raises(Invalid, match="cut short"):
        read_bai2("\n".join(bai2("165,500,Z,BR1,,X/").splitlines()[:-1]))
    with pytest.raises(Invalid, match="counts"):
        read_bai2(bai2("165,500,Z,BR1,,X/").replace("99,500,1,", "99,500,2,"))


def test_of_a_file_with_several_accounts_only_the_chosen_ones_are_taken() -> None:
    found = read_bai2(bai2("165,500,Z,BR1,,X/", account="111"))
    assert of_account(found, "222") == ([], 0, {"111"})
    assert len(of_account(found, "111")[0]) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for read in (read_bai2, lambda one: read_csv(one, guessed(headings_of(one)))):
        with suppress(Invalid):
            read(text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([100, 200, 300]), max_size=12), st.data())
def test_the_same_rows_have_the_same_keys_in_any_order_and_two_equal_ones_stay_two(
    amounts: list[int], data: st.DataObject
) -> None:
    rows = [BankRow(date(2026, 11, 3), cents) for cents in amounts]
    keys = list(row_keys("a", rows))
    assert len(set(keys)) == len(rows)
    assert sorted(row_keys("a", data.draw(st.permutations(rows)))) == sorted(keys)


def test_traces_compare_without_zeros_case_and_marks() -> None:
    assert trace_key("00a-12 3") == trace_key("A123") == "A123"
    assert with_trace(BankRow(date(2026, 1, 1), 1, trace="7", description="TRN*1*8*")).trace == "7"
