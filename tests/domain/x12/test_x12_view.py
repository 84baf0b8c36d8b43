"""A part of a file is shown as the whole file shows it, however large the file is."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.remit import remittance
from domain.claims.model import Claim
from domain.x12 import view as viewing
from domain.x12.batch_837p import Batch837P
from domain.x12.encode_837p import encode_837p
from domain.x12.errors import Unreadable
from domain.x12.show import outline
from domain.x12.view import FileView, view

Own = Callable[[str], bytes]
NAMES = ("coordination.837", "stay.837i", "interest.835", "reversal-and-correction.835", "line-level.277ca", "partial.999", "accepted.ta1")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_as_the_whole_shows_it(name: str, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    data = own(name) + own("partial.999").replace(b"000000201", b"000000999")
    whole = outline(data)
    for largest in (10_000_000, 0):
        monkeypatch.setattr(viewing, "LARGEST_PLACED", largest)
        for first in range(1, len(whole) + 1):
            part = view(data, first, 4)
            assert (part.lines, part.first, part.total) == (whole[first - 1 : first + 3], first, len(whole))


def test_a_dependents_claim_far_down_a_large_file_stands_in_its_loops(
    claim: Claim, dependent: Claim, batch_of: Callable[..., Batch837P], monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [replace(one, claim_number=f"C{n}") for n in range(40) for one in (claim, dependent)]
    data = encode_837p(batch_of(*(replace(one, claim_number=f"C{n}") for n, one in enumerate(claims)))).data
    whole = outline(data)
    monkeypatch.setattr(viewing, "LARGEST_PLACED", 0)
    for first in range(1, len(whole), 37):
        assert view(data, first, 30).lines == whole[first - 1 : first + 29]


def test_the_loops_of_a_file_are_listed_to_jump_to(own: Own) -> None:
    loops = view(own("coordination.837")).loops
    assert [(one.loop, one.title, one.claim_number) for one in loops] == [
        ("1000A", "Submitter", ""), ("1000B", "Receiver", ""), ("2000A", "Billing provider level", ""),
        ("2000B", "Subscriber level", ""), ("2300", "Claim", "C-000001-2"), ("2000B", "Subscriber level", ""),
        ("2000C", "Patient level", ""), ("2300", "Claim", "C-000002-1"),
    ]  # fmt: skip


@pytest.mark.parametrize("largest", [0, 10_000_000])
def test_a_search_finds_every_segment_that_holds_the_words(
    largest: int, own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "LARGEST_PLACED", largest)
    data = own("coordination.837")
    found = view(data, find=" springfield ")
    lines = outline(data)
    assert found.hits == [one.number for one in lines if "Springfield" in one.raw] and len(found.hits) == 3
    assert view(data, find="no such words").hits == [] and view(data).hits == []
    monkeypatch.setattr(viewing, "MOST_HITS", 2)
    assert (len(view(data, find="*").hits), view(data, find="*").more_hits) == (2, True)


def test_twenty_megabytes_open_at_their_end_within_seconds() -> None:
    head, claims, tail = re.split(rb"(?<=LX\*1~\n)|(?=PLB\*)", b"".join(remittance(1_000_000)))
    data = head + claims * 20 + tail
    started = time.process_time()
    found = view(data, 10_000_000, 50)
    seconds = time.process_time() - started
    assert (found.lines[-1].segment, found.total) == ("IEA", found.lines[-1].number)
    assert found.first % 50 == 1 and found.lines[0].loop and seconds < 10


def test_what_is_no_x12_has_no_view() -> None:
    with pytest.raises(Unreadable):
        view(b"hello")


def test_a_view_names_the_first_segment_it_shows(samples: Path) -> None:
    data = (samples / "linuxforhealth-x12" / "demo-file__demo.835").read_bytes()
    assert isinstance(view(data, -5), FileView) and view(data, -5).first == 1
