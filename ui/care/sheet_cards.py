"""The cards of a time sheet: its days, what overlaps, its entries, and what happened to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.care.sheet_views import SheetConflict, SheetDay, SheetEntry, SheetNews, SheetView
from ui.care.words import clock, source_chip
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import ago

_NEWS = {"submitted": "Submitted", "accepted": "Accepted", "changed": "Entry changed after acceptance"}


def hours(seconds: int) -> str:
    """Hours with two places, as they are paid."""
    return f"{seconds / 3600:.2f}"


def sheet_cards(one: SheetView, zone: str, *, changes: bool) -> list[Child]:
    """Everything below a sheet's head."""
    if not one.entries and not one.news:
        words = "Time on patients comes by itself; meetings, training and travel are entered as other time."
        return [
            empty("No time in this period.", words, action("Other time", "ask_other") if changes else None)
        ]
    return [
        _conflicts(one, changes=changes),
        card("Together", _sums(one)),
        card("Days", _days(one), look="flush"),
        card("Entries", _entries(one, changes=changes), look="flush"),
        card("What happened", ol([_news(line, zone) for line in one.news], cls="timeline"))
        if one.news
        else None,
    ]


def _days(one: SheetView) -> Markup:
    columns = [
        Column[SheetDay]("Day", lambda line: f"{line.day:%a} {line.day:%b} {line.day.day}", "wide"),
        Column[SheetDay]("Recorded on patients", lambda line: _clock(line.patients), "right tight"),
        Column[SheetDay]("of it counted", lambda line: _clock(line.counted), "right tight"),
        Column[SheetDay]("Other time", lambda line: _clock(line.other), "right tight"),
        Column[SheetDay]("Worked", lambda line: _clock(line.worked), "right tight"),
    ]
    shown = [line for line in one.days if line.worked or len(one.days) == 7]
    return table.rows(columns, shown, key=lambda line: line.day, label="Days")


def _sums(one: SheetView) -> Markup:
    """Recorded beside counted: the two differ, and each entry's page says why."""
    sums = table.facts(
        ("Recorded on patients", clock(one.patients)), ("Counted for billing", clock(one.counted)),
        ("Other time", clock(one.other)), ("Worked", f"{clock(one.worked)} · {hours(one.worked)} h"),
    )  # fmt: skip
    words = small(f"Days of {one.zone}. Time that overlaps is worked once.", cls="faint")
    return div(sums, words, cls="stack")


def _clock(seconds: int) -> Child:
    return clock(seconds) if seconds else small("–", cls="faint")


def _conflicts(one: SheetView, *, changes: bool) -> Child:
    if not one.conflicts:
        return None
    known = {line.id: line for line in one.entries}
    lines = [
        li(_claim(known[two.first_id], one.zone), " and ", _claim(known[two.second_id], one.zone), _both(two))
        for two in one.conflicts
        if two.first_id in known and two.second_id in known
    ]
    words = "Correct or take back one of each two, below or on the patient's page." if changes else ""
    return notice("warn", "Some entries claim the same time.", div(words, ol(lines)))


def _claim(one: SheetEntry, zone: str) -> Child:
    words = f"{one.what} {_moment(one.starts_at, zone)}"
    return a(words, href=f"/care/{one.enrolment_id}") if one.enrolment_id else words


def _both(two: SheetConflict) -> Markup:
    return small(f" · {clock(two.seconds)} twice")


def _entries(one: SheetView, *, changes: bool) -> Markup:
    columns = [
        Column[SheetEntry]("Began", lambda line: _moment(line.starts_at, one.zone), "tight"),
        Column[SheetEntry]("Time", lambda line: clock(line.seconds), "right tight"),
        Column[SheetEntry]("What", lambda line: line.what, "clip"),
        Column[SheetEntry]("Patient", _patient, "clip"),
        Column[SheetEntry]("Recorded", _source, "tight"),
        Column[SheetEntry]("", lambda line: _ways(line) if changes else None, "right tight"),
    ]
    rows = sorted(one.entries, key=lambda line: line.starts_at, reverse=True)
    return table.rows(columns, rows, key=lambda line: line.id, label="Entries")


def _patient(one: SheetEntry) -> Child:
    if not one.reference:
        return small("–", cls="faint")
    if one.enrolment_id:
        return a(one.patient_name or one.reference, href=f"/care/{one.enrolment_id}")
    return span(one.reference, small(" · not on your roster any more", cls="faint"))


def _source(one: SheetEntry) -> Child:
    late = chip("waits", "info") if one.waiting else None
    return span(source_chip(one.source, one.source_label), late and " ", late)


def _ways(one: SheetEntry) -> Child:
    other = None if one.reference else "yes"
    back = entry("Take back", "ask_void", tone="bad", data_id=str(one.id), data_other=other)
    return more(back, label="Change this entry")


def _moment(value: datetime, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local:%b} {local.day}, {local:%H:%M}"


def _news(one: SheetNews, zone: str) -> Markup:
    words = p(_NEWS[one.kind], one.reason and small(f": {one.reason}"))
    return li(
        words, small(one.actor_name, " · ", ago(one.at, zone)), cls="bad" if one.kind == "changed" else "info"
    )
