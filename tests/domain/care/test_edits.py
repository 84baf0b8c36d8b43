"""The three hard edits, and what excludes each other in one month."""

import pytest

from domain.care.codes import STANDARD, CodeTable
from domain.care.counting import Enrolled
from domain.care.edits import Billed, Edit, hard_edits
from domain.care.entries import Programme
from domain.care.minutes import PatientMonth, reckon
from tests.domain.care.months import BEN, DR_CHO, NOVEMBER, month_of, spent

TABLE = CodeTable()


def _edits(codes: list[str], earlier: list[str] | None = None) -> dict[Edit, bool]:
    found = hard_edits(
        [Billed(code, DR_CHO) for code in codes],
        [Billed(code, DR_CHO, "C-1") for code in earlier or []],
        TABLE,
    )
    return {finding.edit: finding.blocks for finding in found}


def test_a_month_billed_already_is_not_billed_again() -> None:
    entries = [spent(0, 1200)]
    again = reckon(entries, month_of(Programme.CCM, earlier=(Billed("99490", DR_CHO, "C-1"),)), STANDARD)
    assert [finding.edit for finding in again.findings] == [Edit.TWICE]
    assert (again.billable, reckon(entries, month_of(Programme.CCM), STANDARD).billable) == (False, True)


@pytest.mark.parametrize(
    "pair", [["99490", "99487"], ["99491", "99490"], ["99491", "99487"], ["99490", "99490"]]
)
def test_base_codes_of_one_programme_exclude_each_other(pair: list[str]) -> None:
    assert _edits(pair) == {Edit.TWICE: True}


@pytest.mark.parametrize(
    ("codes", "stands"),
    [
        (["99490", "99439"], True),
        (["99439"], False),
        (["99487", "99489"], True),
        (["99490", "99489"], False),
        (["99491", "99439"], False),
        (["99426", "99427"], True),
        (["99426", "99425"], False),
    ],
)
def test_an_add_on_needs_its_own_base(codes: list[str], stands: bool) -> None:
    assert _edits(codes).get(Edit.ADD_ON, False) is not stands


@pytest.mark.parametrize("other", ["99490", "99426", "99495", "99496"])
def test_apcm_stands_alone_in_its_month(other: str) -> None:
    assert _edits(["G0556"], [other])[Edit.OVERLAP] is True


def test_ccm_and_pcm_by_one_practitioner_are_blocked_and_by_two_are_shown() -> None:
    assert _edits(["99490", "99426"]) == {Edit.OVERLAP: True}
    two = hard_edits([Billed("99490", DR_CHO), Billed("99426", BEN)], [], TABLE)
    assert [(finding.edit, finding.blocks) for finding in two] == [(Edit.OVERLAP, False)]


def test_each_programmes_codes_are_of_its_own_practitioner() -> None:
    entries = [spent(0, 1200), spent(7200, 1800, programme=Programme.PCM)]
    begins, ends = NOVEMBER.window
    for second, blocks in ((DR_CHO, True), (BEN, False)):
        programmes = ((Programme.CCM, DR_CHO), (Programme.PCM, second))
        enrolled = tuple(Enrolled(what, begins, ends, who) for what, who in programmes)
        (found,) = reckon(entries, PatientMonth(NOVEMBER, enrolled), STANDARD).findings
        assert (found.edit, found.blocks) == (Edit.OVERLAP, blocks)


def test_the_practitioner_of_record_is_the_last_one_of_the_month() -> None:
    begins, ends = NOVEMBER.window
    entries = [spent(0, 1200), spent(7200, 1800, programme=Programme.PCM)]
    changing = (
        Enrolled(Programme.CCM, begins + 86_400, ends, BEN),
        Enrolled(Programme.CCM, begins, begins + 86_400, DR_CHO),
        Enrolled(Programme.CCM, ends, ends + 86_400, DR_CHO),
    )
    for second, blocks in ((BEN, True), (DR_CHO, False)):
        about = PatientMonth(NOVEMBER, (*changing, Enrolled(Programme.PCM, begins, ends, second)))
        assert [found.blocks for found in reckon(entries, about, STANDARD).findings] == [blocks]


def test_one_practitioner_bills_ccm_in_a_month() -> None:
    found = hard_edits([Billed("99439", DR_CHO)], [Billed("99490", BEN, "C-1")], TABLE)
    assert (Edit.TWO_PRACTITIONERS, True) in {(finding.edit, finding.blocks) for finding in found}


@pytest.mark.parametrize(
    ("codes", "earlier"),
    [
        (["99213", "99213"], ["99213"]),
        (["G0556", "99213"], []),
        (["99490"], ["99213", "99495"]),
        (["99495"], []),
    ],
)
def test_what_is_not_of_care_management_stands_beside_it(codes: list[str], earlier: list[str]) -> None:
    assert _edits(codes, earlier) == {}
