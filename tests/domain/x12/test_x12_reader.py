"""Bytes to segments and envelopes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.x12.envelope import interchanges, transaction_sets
from domain.x12.errors import Unreadable
from domain.x12.reader import Delimiters, runs, segments, tidy

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261121*0800*^*00501*000000401*0*P*:~"
BODY = "GS*HC*A*B*20261121*0800*1*X*005010X222A1~ST*837*0001*005010X222A1~SE*2*0001~GE*1*1~IEA*1*000000401~"


def ids(data: bytes) -> list[str]:
    return [segment.id for segment in segments(data)]


def test_the_delimiters_come_from_the_isa() -> None:
    odd = (ISA + BODY).replace("*", "|").replace("~", "'").replace(":", ">").replace("^", "!")
    first = next(segments(odd.encode()))
    assert first.delimiters == Delimiters("|", ">", "!", "'")
    assert first.get(13) == "000000401"


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r", "\n\n"])
def test_line_ends_after_terminators_change_nothing(end: str) -> None:
    assert ids((ISA + BODY).replace("~", "~" + end).encode()) == ids((ISA + BODY).encode())


def test_a_line_end_may_be_the_terminator() -> None:
    assert ids((ISA + BODY).replace("~", "\n").encode()) == ["ISA", "GS", "ST", "SE", "GE", "IEA"]
    assert ids((ISA + BODY).replace("~", "\r\n").encode()) == ["ISA", "GS", "ST", "SE", "GE", "IEA"]


def test_a_byte_order_mark_and_blank_lines_before_the_isa_are_passed_over() -> None:
    assert ids(b"\xef\xbb\xbf" + (ISA + BODY).encode())[0] == "ISA"
    assert next(segments(b"\n  \n" + ISA.encode())).offset == 4


def test_offsets_point_at_the_first_byte_of_each_segment() -> None:
    data = (ISA + BODY).replace("~", "~\r\n").encode()
    for segment in segments(data):
        assert data[segment.offset :].startswith(segment.text.encode())


def test_each_interchange_of_a_file_has_delimiters_of_its_own() -> None:
    other = (ISA + BODY).replace("*", "|").replace("~", "!")
    found = list(interchanges((ISA + BODY + "\n" + other + "\n" + ISA + BODY).encode()))
    assert [one.header.delimiters.element for one in found] == ["*", "|", "*"]
    assert [len(one.groups) for one in found] == [1, 1, 1]


def test_isa_inside_an_element_begins_no_interchange() -> None:
    data = (ISA + BODY.replace("SE*2", "NM1*41*2*ISA*LISA~REF*EI*ISA~SE*4")).encode()
    assert len(list(interchanges(data))) == 1


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_pieces_of_any_size_are_read_as_the_whole(sizes: list[int]) -> None:
    data = (ISA + BODY + "\r\n" + (ISA + BODY).replace("~", "!")).encode()
    pieces, at = [], 0
    while at < len(data):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(data[at : at + size])
        at += size
    assert list(segments(pieces)) == list(segments(data))


def test_the_fast_path_sees_the_segments_that_the_careful_one_sees() -> None:
    data = (ISA + BODY).replace("~", "~\r\n").encode() + b"REF*EI*1"
    fast = [raw for run in runs(data) for raw in tidy(run)]
    assert fast == [segment.text for segment in segments(data)]


def test_the_walk_forgives_missing_trailers() -> None:
    data = (ISA + BODY.replace("SE*2*0001~GE*1*1~IEA*1*000000401~", "ST*837*0002~BHT*0019~")).encode()
    (one,) = interchanges(data)
    assert one.trailer is None
    assert one.groups[0].trailer is None
    assert [(found.control_number, found.closed) for found in one.sets] == [("0001", False), ("0002", False)]


def test_a_set_knows_its_version_from_the_group_when_st03_is_not_sent() -> None:
    data = (ISA + BODY.replace("*0001*005010X222A1", "*0001")).encode()
    assert next(transaction_sets(data, "837")).version == "005010X222A1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "x12_empty"),
        (b"   \r\n", "x12_empty"),
        (b"UNB+UNOA:1+A+B'", "x12_no_isa"),
        (b"%PDF-1.7", "x12_no_isa"),
        (b"ISA", "x12_no_separator"),
        (b"ISAISAISA", "x12_no_separator"),
        (b"ISA*00*", "x12_isa_incomplete"),
        (ISA.replace(":~", "**").encode(), "x12_bad_delimiters"),
        (ISA.encode() + b"A" * 1_200_000, "x12_segment_too_long"),
    ],
)
def test_what_is_not_x12_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        list(segments(data))
    assert refused.value.code == code
    assert refused.value.what_to_do


def test_an_isa_of_wrong_widths_is_still_read() -> None:
    data = (ISA.replace("SENDER         ", "SENDER") + BODY).encode()
    assert ids(data) == ["ISA", "GS", "ST", "SE", "GE", "IEA"]
