"""Sheets of minutes: time spent before, as entries with the reason that they were taken over, back-dated where they are
late. No row is an entry twice: its id is made of what it says."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from database.care_months import frozen_months
from database.care_reads import Practice
from database.session import Session
from domain.care.activities import LONGEST_SECONDS, Source, source_of
from domain.sheets.columns import SheetRow
from domain.sheets.kinds import Kind
from domain.sheets.laying_out import Spent, Taken, day_of, laid_out, overlapping, second_at
from policies.permissions import Permission
from services.care import time_entries, time_rows
from services.care.time_rows import NewEntry, checked
from services.sheets.care_rows import Standing, known, members
from services.sheets.planning import About, Planned, SheetKind, in_turns

REASON = "Taken over from a spreadsheet"
_LAID_OUT = "laid_out_at"
_TAKEN = """
SELECT t.staff_id, t.patient_id, extract(epoch FROM t.starts_at)::bigint AS starts,
    extract(epoch FROM t.ends_at)::bigint AS ends
FROM care_time_entries t WHERE t.tenant_id = current_tenant() AND t.staff_id = ANY($1) AND NOT t.void
    AND t.ends_at > to_timestamp($2) AND t.starts_at < to_timestamp($3) AND NOT EXISTS (SELECT 1
        FROM care_time_entries s WHERE s.tenant_id = t.tenant_id AND s.supersedes = t.id)
"""


_APPROVED = """
INSERT INTO care_time_decisions (tenant_id, entry_id, approved, decided_by) VALUES ($1, $2, true, $3)
ON CONFLICT (tenant_id, entry_id) DO NOTHING
"""


class Row:
    """A row on its way to an entry: whose time on whom, from and until (epoch seconds), once that is known."""

    def __init__(self, row: SheetRow, enrolment: Standing, staff_id: UUID) -> None:
        self.row, self.enrolment, self.staff_id = row, enrolment, staff_id
        self.id = UUID(int=0)
        self.on: date = date.min
        self.length = 0
        self.starts: int | None = None
        self.kept: dict[str, str] = {}

    @property
    def said(self) -> str:
        """What it says, however it is written: two rows alike say the same."""
        starts = self.starts if _LAID_OUT not in self.row.facts else None
        facts = (self.row.facts.get(name, "") for name in ("activity", "note"))
        return "|".join(map(str, (self.enrolment.id, self.staff_id, self.on, starts, self.length, *facts)))

    @property
    def held(self) -> Taken:
        """From and until."""
        starts = self.starts or 0
        return starts, starts + self.length


async def plan(session: Session, rows: Sequence[SheetRow], about: About) -> list[Planned]:
    """Each row as an entry: read, laid out where it says no start, and held against what is there."""
    found = await _read(session, rows, about)
    there = {
        one["id"]
        for one in await session.fetch(
            "SELECT id FROM care_time_entries WHERE tenant_id = current_tenant() AND id = ANY($1)",
            [one.id for one in found],
        )
    }
    fresh = [one for one in found if one.id not in there]
    taken = await _taken(session, fresh)
    _refuse_overlaps(fresh, taken)
    _lay_out([one for one in fresh if not one.row.faults], taken)
    await _refuse_frozen(session, [one for one in fresh if not one.row.faults])
    planned = [Planned(one.row, "same", "there already", one.id) for one in found if one.id in there]
    return planned + [
        Planned(
            one.row, "new", _words(one, _source(one, about), session.actor.user_id), one.id, one, one.kept
        )
        for one in fresh
        if not one.row.faults
    ]


async def take(session: Session, planned: Planned, about: About) -> UUID | None:
    """Write the entry with the reason. Late time is approved by whoever brings the sheet, but for their own."""
    one: Row = planned.act
    starts, ends = (datetime.fromtimestamp(second, UTC) for second in one.held)
    facts = one.row.facts
    entry = NewEntry(
        starts, ends, str(facts.get("activity", "other")), _source(one, about), str(facts.get("note", "")),
        f"{REASON}: {about.name}"[:300], one.staff_id, id=one.id,
    )  # fmt: skip
    enrolment = {
        name: getattr(one.enrolment, name) for name in ("id", "patient_id", "client_id", "reference")
    }
    own = one.staff_id == session.actor.user_id
    entry = checked(entry, time_rows.now())
    made = await time_entries.written(session, enrolment, entry, one.enrolment.zone, asks=own)
    if entry.source is Source.BACK_DATED and not own:
        await session.execute(_APPROVED, session.tenant_id, made, session.actor.user_id)
    return made


MINUTES = SheetKind(Kind.MINUTES, Permission.CARE_MANAGE, plan, take)


async def _read(session: Session, rows: Sequence[SheetRow], about: About) -> list[Row]:
    there, people = await known(session, rows), await members(session)
    seen: dict[str, int] = defaultdict(int)
    found = []
    async for row in in_turns(rows):
        who = people.who(row, "staff_email")
        enrolment = None if row.faults else there.enrolment(row)
        if enrolment is None or who is None:
            continue
        if not enrolment.counts:
            row.fault(
                "account_number", "No consent is recorded for this patient; take the consents in first."
            )
            continue
        one = Row(row, enrolment, who[0])
        if _times(one, about):
            # Two calls alike on one day are two; the same row again in another sheet is the same.
            seen[one.said] += 1
            one.kept["ordinal"] = str(row.facts.get("ordinal", seen[one.said]))
            one.id = uuid5(session.tenant_id, f"minutes|{one.said}|{one.kept['ordinal']}")
            found.append(one)
    return found


def _times(one: Row, about: About) -> bool:
    """Read from when until when, or how long; False with its fault."""
    row, facts = one.row, one.row.facts
    start, end, on = facts.get("start"), facts.get("end"), facts.get("on")
    if isinstance(start, datetime):
        on, start = on or start.date(), start.time()
    if isinstance(end, datetime):
        on, end = on or end.date(), end.time()
    if not isinstance(on, date):
        row.fault("on", "Enter the day.")
        return False
    one.on, one.length = on, int(str(facts.get("seconds", 0)))
    if isinstance(start, time):
        one.starts = second_at(on, start, one.enrolment.zone)
        if one.starts is None:
            row.fault("start", "The clocks were put forward over this time; enter the one that they showed.")
    elif laid := facts.get(_LAID_OUT):
        one.starts = int(str(laid))
    if isinstance(start, time) and isinstance(end, time) and one.starts is not None:
        ends = second_at(on, end, one.enrolment.zone)
        length = (ends or 0) - one.starts
        if length <= 0:
            row.fault(
                "end", "The end must be later than the start, on the same day; split time over midnight."
            )
        elif one.length and one.length != length:
            row.fault("seconds", f"From start to end it is {length / 60:g} minutes.")
        one.length = length
    _length(one, about)
    return not row.faults


def _length(one: Row, about: About) -> None:
    row = one.row
    if not row.faults and not one.length:
        row.fault("seconds", "Enter minutes, or start and end.")
    elif one.length > LONGEST_SECONDS:
        row.fault("seconds", f"One entry is at most {LONGEST_SECONDS // 3600} hours; split it.")
    elif one.on > one.enrolment.today(about.now) or (one.starts and one.held[1] > about.now.timestamp()):
        row.fault("on", "This has not come yet.")


async def _taken(session: Session, rows: Sequence[Row]) -> Spent:
    """What these people have spent already on those days, and on whom."""
    taken = Spent()
    if not rows:
        return taken
    moments = [datetime.combine(one.on, time(), UTC).timestamp() for one in rows]
    people = list({one.staff_id for one in rows})
    for row in await session.fetch(_TAKEN, people, min(moments) - 172_800, max(moments) + 172_800):
        taken.add(row["staff_id"], (row["starts"], row["ends"]), row["patient_id"])
    return taken


def _refuse_overlaps(rows: Sequence[Row], taken: Spent) -> None:
    """Nobody sees to two patients at once: such time would count for neither. On one patient it counts once. What is not
    refused is spent from then on."""
    for one in (one for one in rows if one.starts is not None and not one.row.faults):
        patient_id = one.enrolment.patient_id
        others = [
            when
            for when, patient in taken.around(one.staff_id, one.held)
            if patient != patient_id or _LAID_OUT in one.row.facts
        ]
        if overlapping(one.held, others):
            one.row.fault("start", "This person has time with another patient then.")
        else:
            taken.add(one.staff_id, one.held, patient_id)


def _lay_out(rows: Sequence[Row], taken: Spent) -> None:
    days: dict[tuple[UUID, date, str], list[Row]] = defaultdict(list)
    for one in (one for one in rows if one.starts is None):
        days[one.staff_id, one.on, one.enrolment.zone].append(one)
    for (staff_id, on, zone), group in days.items():
        held = [when for when, _ in taken.around(staff_id, day_of(on, zone))]
        for one, start in zip(group, laid_out([one.length for one in group], held, on, zone), strict=True):
            if start is None:
                one.row.fault("seconds", "The day of this person has no room left for it.")
            else:
                one.starts = start
                one.kept[_LAID_OUT] = str(start)
                taken.add(staff_id, one.held, one.enrolment.patient_id)


async def _refuse_frozen(session: Session, rows: Sequence[Row]) -> None:
    months = {date(one.on.year, one.on.month, 1) for one in rows}
    frozen = await frozen_months(session, sorted(months))
    for one in rows:
        if date(one.on.year, one.on.month, 1) in frozen:
            one.row.fault("on", f"{one.on:%B %Y} is closed; have it reopened under Care, Month-end.")


def _source(one: Row, about: About) -> Source:
    late = one.enrolment.late_after
    if late is None:
        late = Practice(one.enrolment.zone).back_dated_after_seconds
    return source_of(one.held[1], int(about.now.timestamp()), late)


def _words(one: Row, source: Source, asker: UUID | None) -> str:
    there = datetime.fromtimestamp(one.held[0], ZoneInfo(one.enrolment.zone))
    laid = ", laid out" if _LAID_OUT in one.kept else ""
    own = ", waits for an approval" if one.staff_id == asker else ""
    late = f", back-dated{own}" if source is Source.BACK_DATED else ""
    return f"{there:%H:%M}, {one.length / 60:g} min{laid}{late}"
