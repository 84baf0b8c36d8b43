"""The minute engine: a patient's month of time entries to codes, with the reason of every second."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from domain.care.billing import Choice, Line, ServiceDate, chosen, in_track
from domain.care.codes import CodeTable, Track
from domain.care.counting import PRECEDENCE, Count, Enrolled, Piece, Why, count
from domain.care.edits import Billed, EditFinding, hard_edits
from domain.care.entries import Entry, Programme
from domain.care.month import Month


@dataclass(frozen=True, slots=True)
class Settings:
    """How a tenant or payer wants a month reckoned. `fees` is cents per unit by code."""

    service_date: ServiceDate = ServiceDate.THRESHOLD_MET
    practitioner_as_staff: bool = True
    fees: Mapping[str, int] = field(default_factory=dict)


USUAL = Settings()


@dataclass(frozen=True, slots=True)
class PatientMonth:
    """What is known of a patient and month besides the time. `apcm_level` is None outside APCM."""

    month: Month
    enrolled: tuple[Enrolled, ...]
    complex_decisions: bool = False
    apcm_level: int | None = None
    earlier: tuple[Billed, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What may be billed, what stands against it, and the fate of every second.

    `short` is the seconds that a programme of the patient lacks for its nearest base code; none once it is reached.
    `table` holds the rows it was reckoned with.
    """

    lines: tuple[Line, ...]
    findings: tuple[EditFinding, ...]
    counted: Mapping[Programme, int]
    short: Mapping[Programme, int]
    pieces: tuple[Piece, ...]
    table: CodeTable

    @property
    def table_version(self) -> str:
        """Names exactly these rows."""
        return self.table.version

    @property
    def billable(self) -> bool:
        """There is something to bill and nothing that blocks it."""
        return bool(self.lines) and not any(finding.blocks for finding in self.findings)


def reckon(
    entries: Iterable[Entry],
    about: PatientMonth,
    table: CodeTable,
    settings: Settings = USUAL,
) -> Reckoning:
    """Reckon one patient's month by the rows in force on its last day. Pure: same input, same answer, in any order."""
    rules = table.on(about.month.last)
    result = count(entries, about.month, about.enrolled)
    choices = {programme: _choice(result, programme, rules, about, settings) for programme in PRECEDENCE}
    lines = [line for choice in choices.values() if choice for line in choice.lines]
    lines += _monthly(about, rules)
    billed = [Billed(line.code, _practitioner(about, rules.family(line.code))) for line in lines]
    return Reckoning(
        tuple(lines),
        hard_edits(billed, about.earlier, rules),
        _counted(result),
        _lacking(result, about, rules, settings),
        _told(result, choices.values(), settings),
        rules,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """A month's seconds without its codes. `counted` and `short` are those of a `Reckoning`; `pieces` are not told apart
    by the kind of time that a code would count."""

    counted: Mapping[Programme, int]
    short: Mapping[Programme, int]
    pieces: tuple[Piece, ...]


def tally(
    entries: Iterable[Entry], about: PatientMonth, table: CodeTable, settings: Settings = USUAL
) -> Tally:
    """The seconds of a patient's month, for whoever looks at many months and bills none."""
    result = count(entries, about.month, about.enrolled)
    return Tally(
        _counted(result), _lacking(result, about, table.on(about.month.last), settings), result.pieces
    )


@dataclass(frozen=True, slots=True)
class Worked:
    """Seconds of one programme in which nobody else worked on the patient: by clinical staff, and by practitioners."""

    staff: int = 0
    practitioner: int = 0


def tally_of(
    worked: Mapping[Programme, Worked],
    programmes: Iterable[Programme],
    rules: CodeTable,
    settings: Settings = USUAL,
) -> Tally:
    """The same for a patient of `programmes` whose seconds are summed already, since no two of them had to be held against
    each other: without pieces. `rules` are those in force on the month's last day."""
    counted = dict.fromkeys(PRECEDENCE, 0)
    short: dict[Programme, int] = {}
    for programme, one in worked.items():
        counted[programme] = one.staff + one.practitioner
    for programme in programmes:
        one = worked.get(programme, _NO_TIME)
        stands_in = one.practitioner if settings.practitioner_as_staff else 0
        seconds = {Track.STAFF: one.staff + stands_in, Track.PRACTITIONER: one.practitioner}
        if (missing := _nearest(programme, seconds, rules)) > 0:
            short[programme] = missing
    return Tally(counted, short, ())


_NO_TIME = Worked()


def _counted(result: Count) -> dict[Programme, int]:
    found = dict.fromkeys(PRECEDENCE, 0)
    for one in result.stretches:
        found[one.programme] += one.ends - one.starts
    return found


def _lacking(result: Count, about: PatientMonth, rules: CodeTable, wanted: Settings) -> dict[Programme, int]:
    """What each programme by minutes lacks for its nearest base code; none where one is reached."""
    lacking = {one: _short(result, one, rules, wanted) for one in _here(about)}
    return {programme: seconds for programme, seconds in lacking.items() if seconds > 0}


def _choice(
    result: Count, programme: Programme, rules: CodeTable, about: PatientMonth, wanted: Settings
) -> Choice | None:
    return chosen(
        result.of(programme),
        programme,
        rules,
        about.month,
        complex_decisions=about.complex_decisions,
        practitioner_as_staff=wanted.practitioner_as_staff,
        service_date=wanted.service_date,
        fees=wanted.fees,
    )


def _here(about: PatientMonth) -> list[Programme]:
    """The programmes of the patient in this month."""
    begins, ends = about.month.window
    here = {one.programme for one in about.enrolled if one.starts < ends and one.ends > begins}
    return [one for one in PRECEDENCE if one in here]


def _practitioner(about: PatientMonth, programme: Programme | None) -> UUID | None:
    """Who is of record for a programme at the month's end."""
    end = about.month.window[1]
    own = [one for one in about.enrolled if one.programme == programme and one.starts < end]
    return max(own, key=lambda one: one.starts).practitioner_id if own else None


def _monthly(about: PatientMonth, rules: CodeTable) -> Iterable[Line]:
    """The code of APCM for a patient enrolled on any day of the month."""
    begins, ends = about.month.window
    here = any(
        one.programme == Programme.APCM and one.starts < ends and one.ends > begins for one in about.enrolled
    )
    return (
        Line(row.code, 1, about.month.last, 0)
        for row in rules.monthly
        if here and row.level == about.apcm_level
    )


def _short(result: Count, programme: Programme, rules: CodeTable, wanted: Settings) -> int:
    """Seconds missing for the base code that is nearest."""
    stretches = result.of(programme)
    seconds = {
        track: sum(
            one.ends - one.starts
            for one in in_track(stretches, track, practitioner_as_staff=wanted.practitioner_as_staff)
        )
        for track in Track
    }
    return _nearest(programme, seconds, rules)


def _nearest(programme: Programme, seconds: Mapping[Track, int], rules: CodeTable) -> int:
    """What these seconds lack for the nearest base code of a programme; nothing where none is by minutes."""
    missing = [
        row.base_seconds - seconds[row.track]
        for row in rules.timed
        if row.programme == programme and not row.complex
    ]
    return min(missing, default=0)


def _told(result: Count, choices: Iterable[Choice | None], wanted: Settings) -> tuple[Piece, ...]:
    """The pieces, with those seconds told apart that the chosen code does not count."""
    unused: list[tuple[int, int]] = []
    for choice in choices:
        if choice:
            stretches = result.of(choice.row.programme)
            used = in_track(stretches, choice.row.track, practitioner_as_staff=wanted.practitioner_as_staff)
            kept = {one.starts for one in used}
            unused += [(one.starts, one.ends) for one in stretches if one.starts not in kept]
    return (
        tuple(part for piece in result.pieces for part in _parted(piece, unused)) if unused else result.pieces
    )


def _parted(piece: Piece, unused: Sequence[tuple[int, int]]) -> list[Piece]:
    """A counted piece, cut where its seconds are of the track that is not billed."""
    if piece.why != Why.COUNTED:
        return [piece]
    parts, at = [], piece.starts
    for starts, ends in unused:
        start, end = max(starts, at), min(ends, piece.ends)
        if start < end:
            if at < start:
                parts.append(replace(piece, starts=at, ends=start))
            parts.append(replace(piece, starts=start, ends=end, why=Why.OTHER_TRACK))
            at = end
    if at < piece.ends:
        parts.append(replace(piece, starts=at))
    return parts
