"""X12 as people read it."""

from collections.abc import Callable

import pytest

from domain.x12.errors import Unreadable
from domain.x12.reader import segments
from domain.x12.show import outline, show

Own = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("replacement.837", ["Professional claims (837P)", "[2010BA] Subscriber", "frequency replacement (7)", "date 2026-10-01",
                             "principal diagnosis E119", "kind payer claim control number (F8)", "sex female (F)"]),
        ("interest.835", ["Remittance advice (835)", "amount $213.45", "what interest (I)", "group patient's share (PR)",
                          "status processed as primary (1)", "reason interest owed (L6)"]),
        ("reversal-and-correction.835", ["reversal of an earlier payment (22)", "overpayment recovered (WO)"]),
        ("partial.999", ["verdict partly accepted (P)", "[2100] Fault in a segment", "missing by a situation (I9)"]),
        ("line-level.277ca", ["who clearinghouse (AY)", "[2220D] Verdict on the line", "action rejected (U)"]),
    ],
)  # fmt: skip
def test_loops_segments_and_codes_are_told_in_plain_words(name: str, sentences: list[str], own: Own) -> None:
    text = show(own(name))
    assert [sentence for sentence in sentences if sentence not in text] == []


def test_the_outline_has_one_line_per_segment_with_place_and_raw_text(own: Own) -> None:
    data = own("replacement.837")
    lines = outline(data)
    assert [(line.number, line.raw) for line in lines] == [(one.number, one.text) for one in segments(data)]
    clm = next(line for line in lines if line.segment == "CLM")
    assert (clm.loop, clm.loop_title, clm.title) == ("2300", "Claim", "Claim")
    assert clm.depth > lines[0].depth
    assert data[clm.offset :].startswith(b"CLM*")
    charge = next(element for element in clm.elements if element.position == "02")
    assert (charge.raw, charge.label, charge.meaning) == ("300", "total charge", "$300.00")


def test_loops_are_indented_below_those_that_hold_them(own: Own) -> None:
    depth = {line.loop: line.depth for line in outline(own("replacement.837")) if line.loop_title}
    assert depth["2000A"] < depth["2000B"] < depth["2300"] < depth["2400"]


def test_control_characters_never_reach_the_terminal(own: Own) -> None:
    assert "\x1b" not in show(own("replacement.837").replace(b"12 Elm St", b"12 \x1b[31mElm"))


def test_a_transaction_without_a_guide_is_shown_all_the_same(own: Own) -> None:
    text = show(own("replacement.837").replace(b"X222A1", b"X999A9"))
    assert "Claim: claim number C-000001-2" in text


def test_what_is_not_x12_cannot_be_shown() -> None:
    with pytest.raises(Unreadable):
        show(b"\x00\x01\x02")


def test_an_amount_of_thousands_of_digits_is_shown_as_it_stands(own: Callable[[str], bytes]) -> None:
    digits = "9" * 20_000
    lines = outline(own("interest.835").replace(b"BPR*I*213.45", f"BPR*I*{digits}".encode()))
    (amount,) = [one for one in lines[3].elements if one.label == "amount"]
    assert (amount.raw, amount.meaning) == (digits, "")
