"""A patient's month: minutes by programme, the codes they allow, and each entry with the fate of its seconds."""

from datetime import date, timedelta

from services.care.billing import BillingMonth
from services.care.roster import CareMonth, ProgrammeMinutes
from services.care.views import TimeView
from ui.care.words import began, clock, source_chip
from ui.parts import table
from ui.parts.buttons import entry as menu_entry
from ui.parts.buttons import link, more
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, div, p, small, span
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import day

_LOCKED = (
    "Nothing is entered, corrected or taken back unless the month is reopened, which a manager must approve."
)


def month_cards(month: CareMonth, here: str, zone: str, corrects: bool) -> list[Child]:
    """The cards of a month, the newest entry first."""
    before, after = month.month - timedelta(days=1), (month.month + timedelta(days=32)).replace(day=1)
    ways = div(way("Month before", here, before), way("Month after", here, after))
    lock = month.locked and notice("info", "This month is closed: its time is locked.", _LOCKED)
    findings: list[Child] = [notice("bad" if one.blocks else "warn", one.message) for one in month.findings]
    return [
        lock,
        *findings,
        card(f"{month.month:%B %Y}", minutes(month), action=ways),
        card("Time", _entries(month, corrects and not month.locked), look="flush"),
    ]


def way(words: str, here: str, to: date) -> Markup:
    """The way to another month of the same page."""
    return link(words, f"{here}?month={to:%Y-%m}", look="quiet")


def minutes(month: CareMonth | BillingMonth) -> Markup:
    """What counts, beside what was recorded: the two differ, and the entries say why."""
    lines = [(one.label, _counted(one)) for one in month.programmes]
    codes = [
        (one.code, span(f"{one.units} unit{'s' if one.units > 1 else ''}, served ", day(one.served_on)))
        for one in month.codes
    ]
    sums = (
        ("Recorded", clock(month.recorded_seconds)),
        ("Counted", clock(month.counted_seconds)),
    )
    nothing = None if codes else p("No code is reached yet.", cls="faint")
    rules = small(f"Month of {month.zone}; code table {month.table_version}", cls="faint")
    return div(table.facts(*lines, *sums, *codes), nothing, rules, cls="stack")


def _counted(one: ProgrammeMinutes) -> Child:
    if one.short_seconds is None:
        return span(clock(one.counted_seconds), " ", chip("reached", "ok"))
    return span(clock(one.counted_seconds), small(f" · {clock(one.short_seconds)} missing"))


def _entries(month: CareMonth, corrects: bool) -> Markup:
    if not month.entries:
        return p("No time was recorded in this month.", cls="faint pad")
    zone = month.zone
    later = {one.supersedes: one for one in month.entries}
    columns = [
        Column[TimeView]("Began", lambda one: began(one.starts_at, zone), "tight"),
        Column[TimeView]("Time", _time, "right tight"),
        Column[TimeView](
            "Spent on",
            lambda one: span(one.activity_label, one.note and small(f" · {one.note}")),
            "clip",
        ),
        Column[TimeView]("By", lambda one: one.staff_name, "tight optional-column"),
        Column[TimeView]("Recorded", _source, "tight"),
        Column[TimeView]("Counts", lambda one: _fate(one, later.get(one.id)), "wide wrap"),
        Column[TimeView]("", lambda one: _ways(one, corrects), "right tight"),
    ]
    return table.rows(columns, month.entries, key=lambda one: one.id, label="Time entries")


def _time(one: TimeView) -> Markup:
    """How long; struck through where it no longer stands."""
    return span(clock(one.seconds), cls="struck" if one.superseded or one.void else None)


def _source(one: TimeView) -> Child:
    if one.void:
        return chip("Void", "neutral", one.reason)
    return source_chip(one.source, one.source_label, one.reason)


def _fate(one: TimeView, later: TimeView | None) -> Child:
    """What became of its seconds; of an entry that no longer stands, what the `later` one did to it."""
    if one.void:
        return small(f"taken back: {one.reason}", cls="faint")
    if one.superseded:
        taken = later is not None and later.void
        return small("taken back" if taken else f"corrected: {later.reason if later else ''}", cls="faint")
    if one.refused:
        return chip("refused", "bad")
    return small("; ".join(f"{clock(piece.seconds)} {piece.words}" for piece in one.pieces) or "–")


def _ways(one: TimeView, corrects: bool) -> Child:
    if not corrects or one.superseded or one.void:
        return None
    return more(
        menu_entry("Correct", "ask_time", data_id=str(one.id)),
        menu_entry("Take back", "ask_void", tone="bad", data_id=str(one.id)),
        label="Change this entry",
    )
