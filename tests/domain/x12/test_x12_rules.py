"""Every rule of the check is broken by a file and left alone by a sound one, and says where, why and what to do."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.claims.model import Claim
from domain.x12.batch_837p import Batch837P
from domain.x12.check import check
from domain.x12.check.catalogue import CATALOGUE, rule
from domain.x12.check.excerpt import excerpt
from domain.x12.encode_837p import encode_837p
from tests.domain.x12.planted_faults import FAULTS

Own = Callable[[str], bytes]
# More claims than a file of the folder should hold; it has a test of its own.
TOO_LARGE_FOR_A_FILE = {"P837-CLM-007", "I837-CLM-007"}
# A 999 uses every element that it has; nothing of it can be superfluous.
NEVER = {"A999-NOT-001"}
SOURCES = sorted((Path(__file__).parents[3] / "domain" / "x12" / "check").glob("*.py"))
SOUND = sorted({file for file, _, _ in FAULTS.values()})


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_breaks_no_rule(name: str, own: Own) -> None:
    assert check(own(name)) == []


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_rule_is_broken_by_its_fault_alone_of_the_file(name: str, own: Own) -> None:
    file, old, new = FAULTS[name]
    data = own(file)
    assert old.encode("latin-1") in data
    found = [
        one for one in check(data.replace(old.encode("latin-1"), new.encode("latin-1"))) if one.rule == name
    ]
    assert found
    assert {one.severity for one in found} == {CATALOGUE[name].severity}


def test_every_rule_has_a_fault_that_breaks_it() -> None:
    assert set(CATALOGUE) == set(FAULTS) | TOO_LARGE_FOR_A_FILE | NEVER


def test_a_set_of_more_than_five_thousand_claims_is_told(
    claim: Claim, batch_of: Callable[..., Batch837P]
) -> None:
    data = encode_837p(batch_of(*(replace(claim, claim_number=f"C{n}") for n in range(4_999)))).data
    second = data.replace(b"CLM*C0*", b"CLM*D0*", 1)
    start, end = data.index(b"LX*1~"), data.index(b"CLM*C1*")
    body = data[data.index(b"CLM*C0*") : end]
    assert start < end and second != data
    more = b"".join(body.replace(b"CLM*C0*", b"CLM*E%d*" % n) for n in range(2))
    assert "P837-CLM-007" in {one.rule for one in check(data.replace(b"SE*", more + b"SE*"))}


def test_every_rule_that_the_code_names_is_in_the_catalogue() -> None:
    text = "\n".join(path.read_text() for path in SOURCES)
    literal = set(re.findall(r'"((?:X12|P837|I837|R835|C277|A999)-[A-Z0-9]+-\d{3})"', text))
    shared = set(re.findall(r'key\}-([A-Z0-9]+-\d{3})"', text))
    known = {name.partition("-")[2] for name in CATALOGUE}
    assert literal <= set(CATALOGUE) and shared <= known
    told = (
        {name.partition("-")[2] for name in literal}
        | shared
        | {"BAL-001", "BAL-002", "BAL-003", "BAL-004", "BAL-005"}
    )
    assert known <= told


def test_every_rule_says_what_is_wanted_what_to_do_and_where_it_stands() -> None:
    for one in CATALOGUE.values():
        assert one.wants and one.to_do and one.citation and "{" not in one.citation
    with pytest.raises(KeyError):
        rule("X12-ENV-999")


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"X12-LIM-001"}))
def test_a_finding_points_at_the_bytes_it_means(name: str, own: Own) -> None:
    file, old, new = FAULTS[name]
    data = own(file).replace(old.encode("latin-1"), new.encode("latin-1"))
    for one in check(data):
        if one.rule != name:
            continue
        assert one.offset <= one.start <= one.end <= len(data)
        assert data[one.offset : one.offset + len(one.segment)].decode("latin-1") == one.segment
        around = excerpt(data, one)
        assert around.there or one.start == one.end
        assert (
            data[max(0, one.start - 5) : one.start]
            .decode("latin-1")
            .replace("\n", "·")
            .endswith(around.before[-5:])
        )


def test_a_finding_counts_its_segment_from_the_st_as_a_999_does(own: Own) -> None:
    data = own("coordination.837").replace(b"SBR*S*18*G7******BL", b"SBR*S*18*G7******QQ")
    (found,) = check(data)
    assert (found.segment_number, found.position) == (15, 13)
    assert excerpt(data, found).there == "QQ"
    assert found.wants and found.to_do and found.citation.startswith("005010X222A1")


def test_the_same_claim_number_in_two_sets_of_a_file_is_told(own: Own) -> None:
    data = own("replacement.837")
    twice = data + data.replace(b"000000401", b"000000499").replace(b"*401*X*", b"*499*X*").replace(
        b"GE*1*401", b"GE*1*499"
    )
    assert {one.rule for one in check(twice)} == {"P837-CLM-005"}
