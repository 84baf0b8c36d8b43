"""Facts to elements and envelopes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.x12.errors import Unreadable
from domain.x12.reader import Delimiters, segments
from domain.x12.values import cents, money, plain
from domain.x12.writer import EnvelopeFacts, SegmentWriter, enclose, sanitise


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("O’Brien", "O'Brien"),
        ("Müller-Łukasz", "Muller-Lukasz"),
        ("Straße", "Strasse"),
        ("A*B:C^D~E", "A B C D E"),
        ("line\r\nend\x00", "line end"),
        ("  two   spaces ", "two spaces"),
        ("北京", ""),
        ("`caret^", "caret"),
    ],
)
def test_text_is_folded_and_stripped_into_the_character_set(text: str, clean: str) -> None:
    assert sanitise(text) == clean


@given(st.text(max_size=40))
def test_no_text_can_break_out_of_its_element(text: str) -> None:
    clean = sanitise(text)
    assert clean.isascii()
    assert not set(clean) & set("*:^~\r\n\x00")
    assert sanitise(clean) == clean


def test_the_delimiters_of_the_file_are_the_ones_stripped() -> None:
    assert sanitise("A*B|C", Delimiters("|", ">", "!", "'")) == "A*B C"


@given(st.integers(-(10**12), 10**12))
def test_money_is_written_without_needless_zeros_and_read_back_exactly(value: int) -> None:
    text = money(value)
    assert cents(text) == value
    assert not ("." in text and text.endswith("0"))


@pytest.mark.parametrize(
    ("value", "text"), [(10000, "100"), (1050, "10.5"), (5, ".05"), (0, "0"), (-99, "-.99")]
)
def test_money_as_an_r_element(value: int, text: str) -> None:
    assert money(value) == text


@pytest.mark.parametrize(
    "text", ["", ".", "-", "12A", "1,000", "1.234", "+5", "1e3", "١٢", " 5", "5 ", "--5", "NaN"]
)
def test_an_amount_that_is_no_number_is_never_taken_as_zero(text: str) -> None:
    with pytest.raises(Unreadable):
        cents(text)


@pytest.mark.parametrize(
    ("text", "value"), [("100.", 10000), (".5", 50), ("-9.00", -900), ("7.500", 750), ("007", 700)]
)
def test_amounts_as_payers_write_them(text: str, value: int) -> None:
    assert cents(text) == value


def test_quantities_have_no_exponent() -> None:
    assert plain(Decimal("1E+2")) == "100"
    assert plain(Decimal("1.50")) == "1.5"


def test_a_segment_has_no_trailing_separators_or_empty_components() -> None:
    writer = SegmentWriter()
    writer.put("SV1", ("HC", "99213", "", ""), "", ("", ""))
    assert writer.to_bytes() == b"SV1*HC:99213~\n"


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_isa_has_its_106_bytes_whatever_the_ids_hold(sender: str, receiver: str) -> None:
    facts = EnvelopeFacts(
        "ZZ", sender, "ZZ", receiver, 7, 8, datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "HC", "005010X222A1"
    )
    data = enclose(facts, [])
    assert data[:4] == b"ISA*"
    assert data[105:106] == b"~"
    isa, _, ge, iea = segments(data)
    assert (isa.get(13), iea.get(2), iea.get(1), ge.get(1)) == ("000000007", "000000007", "1", "0")
