"""The quick look at a segment never lets through what the close one would tell."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.x12.check.dictionary import element_kinds
from domain.x12.check.elements import _look_closely
from domain.x12.check.findings import Report
from domain.x12.check.shapes import shape
from domain.x12.reader import Delimiters, Segment, segments

ROOT = Path(__file__).parents[2] / "data" / "x12"
FILES = sorted(path for path in ROOT.glob("*/*") if path.name != "README.md" and path.stat().st_size < 10_000)


def seen(path: Path) -> list[Segment]:
    return [one for one in segments(path.read_bytes()) if one.id in element_kinds()]


SEGMENTS = [one for path in FILES if path.parent.name != "pyx12" for one in seen(path)]
OWN = [one for path in FILES if path.parent.name == "own" for one in seen(path)]
SIGNS = st.sampled_from(
    [*"*:~^ >/-.0123456789AZaz$é\x07\n", "", "**", "::", ":*", " *", "* ", "20260230", "AA:BB"]
)


def passes(one: Segment) -> bool:
    return shape(one.id, one.delimiters)(one.text) is not None


def told(one: Segment) -> list[str]:
    report = Report()
    _look_closely(report, one, element_kinds()[one.id], "")
    return [finding.rule for finding in report.findings]


def test_what_passes_at_a_glance_passes_the_close_look_in_every_sample() -> None:
    assert not [one.text for one in SEGMENTS if passes(one) and told(one)]


def test_sound_segments_pass_at_a_glance() -> None:
    assert [one.text for one in OWN if not passes(one)] == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_change_of_a_segment_slips_through_the_quick_look(data: st.DataObject) -> None:
    for _ in range(20):
        one = data.draw(st.sampled_from(SEGMENTS))
        at = data.draw(st.integers(len(one.id), len(one.text)))
        cut = data.draw(st.integers(0, 4))
        text = one.text[:at] + data.draw(SIGNS) + one.text[at + cut :]
        elements = text.split(one.delimiters.element)
        if elements[0] not in element_kinds():
            continue
        changed = Segment(1, 0, elements, one.delimiters)
        assert not (passes(changed) and told(changed)), text


def test_delimiters_that_are_signs_of_expressions_are_taken_literally() -> None:
    odd = Delimiters("|", "+", "\\", "]")
    assert passes(Segment(1, 0, ["SVC", "HC+99213+25", "200", "120", "", "1"], odd))
    assert not passes(Segment(1, 0, ["SVC", "HC:99213:25", "200", "12O", "", "1"], odd))
