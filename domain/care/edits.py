"""The three hard edits that stand before every claim for care management, and the combinations that exclude each other.

OIG found 50,192 claims overpaid where they were missing: the same patient-month twice, overlapping programmes, and an
add-on without a valid base.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.care.codes import CodeTable
from domain.care.entries import Programme


class Edit(StrEnum):
    """Which edit speaks. Values are stored: never rename one."""

    TWICE = "care.same_month_twice"
    OVERLAP = "care.overlapping_programmes"
    ADD_ON = "care.add_on_without_base"
    TWO_PRACTITIONERS = "care.two_practitioners"


@dataclass(frozen=True, slots=True)
class Billed:
    """A code of one patient-month: about to be billed, or billed already (then with its claim's number)."""

    code: str
    practitioner_id: UUID | str | None = None  # by whatever the other codes are told apart: an id, or an NPI
    claim: str = ""


@dataclass(frozen=True, slots=True)
class EditFinding:
    """What an edit found. `blocks`: nothing is billed until it is gone; else it is shown and may be billed."""

    edit: Edit
    codes: tuple[str, ...]
    blocks: bool
    message: str


def hard_edits(
    lines: Sequence[Billed], earlier: Sequence[Billed], table: CodeTable
) -> tuple[EditFinding, ...]:
    """What stands against billing `lines` for a patient and month for which `earlier` was billed."""
    return (
        *_twice(lines, earlier, table),
        *_add_ons(lines, earlier, table),
        *_overlaps(lines, earlier, table),
        *_practitioners(lines, earlier, table),
    )


def _twice(lines: Sequence[Billed], earlier: Sequence[Billed], table: CodeTable) -> Iterable[EditFinding]:
    """A programme has one base a month: any code of a programme that was billed already is the month once more."""
    seen = {table.family(one.code): one for one in earlier if table.family(one.code)}
    for line in lines:
        family = table.family(line.code)
        if family in seen:
            message = f"This month was billed already with {seen[family].code} (claim {seen[family].claim})."
            yield EditFinding(Edit.TWICE, (line.code, seen[family].code), True, message)
    for family, bases in _bases(lines, table).items():
        if len(bases) > 1:
            message = f"{' and '.join(bases)} exclude each other in one month."
            yield EditFinding(Edit.TWICE, tuple(bases), True, f"{family.value.upper()}: {message}")


def _bases(lines: Iterable[Billed], table: CodeTable) -> dict[Programme, list[str]]:
    """The base and monthly codes by programme, repeats kept."""
    found: dict[Programme, list[str]] = {}
    for line in lines:
        family = table.family(line.code)
        if family is not None and not table.base_of(line.code):
            found.setdefault(family, []).append(line.code)
    return found


def _add_ons(lines: Sequence[Billed], earlier: Sequence[Billed], table: CodeTable) -> Iterable[EditFinding]:
    there = {one.code for one in (*lines, *earlier)}
    for line in lines:
        bases = table.base_of(line.code)
        if bases and not bases & there:
            message = f"{line.code} may only stand beside {' or '.join(sorted(bases))}."
            yield EditFinding(Edit.ADD_ON, (line.code,), True, message)


def _overlaps(lines: Sequence[Billed], earlier: Sequence[Billed], table: CodeTable) -> Iterable[EditFinding]:
    everything = (*lines, *earlier)
    by_family: dict[Programme, list[Billed]] = {}
    for one in everything:
        if (family := table.family(one.code)) is not None:
            by_family.setdefault(family, []).append(one)
    excluded = {row.code for row in table.transitional}
    transitional = [one.code for one in everything if one.code in excluded]
    advanced = [one.code for one in by_family.get(Programme.APCM, [])]
    timed = [one.code for family in (Programme.CCM, Programme.PCM) for one in by_family.get(family, [])]
    if advanced and (timed or transitional):
        codes = (*advanced, *timed, *transitional)
        message = f"{advanced[0]} covers the whole month: no CCM, PCM or TCM beside it."
        yield EditFinding(Edit.OVERLAP, codes, True, message)
    if Programme.CCM in by_family and Programme.PCM in by_family:
        yield _ccm_with_pcm(by_family[Programme.CCM], by_family[Programme.PCM])


def _ccm_with_pcm(ccm: Sequence[Billed], pcm: Sequence[Billed]) -> EditFinding:
    """Blocked for one practitioner; sources conflict about two, so that is shown and left to a person."""
    same = bool({one.practitioner_id for one in ccm} & {one.practitioner_id for one in pcm})
    codes = tuple(one.code for one in (*ccm, *pcm))
    if same:
        return EditFinding(
            Edit.OVERLAP, codes, True, "One practitioner cannot bill CCM and PCM for the same month."
        )
    return EditFinding(
        Edit.OVERLAP, codes, False, "CCM and PCM in one month, by two practitioners: payers differ."
    )


def _practitioners(
    lines: Sequence[Billed], earlier: Sequence[Billed], table: CodeTable
) -> Iterable[EditFinding]:
    """One practitioner bills CCM for a patient and month."""
    ccm = [one for one in (*lines, *earlier) if table.family(one.code) == Programme.CCM]
    if len({one.practitioner_id for one in ccm}) > 1:
        codes = tuple(one.code for one in ccm)
        yield EditFinding(
            Edit.TWO_PRACTITIONERS, codes, True, "Only one practitioner bills CCM for a patient and month."
        )
