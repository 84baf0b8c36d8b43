"""Time sheets: one's own week or month, and for managers everybody's with what is missing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.care.sheets import OTHER, Span, State, period_of
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.care import other_time, time_entries, time_sheets
from services.care.other_time import OtherTimeFacts
from services.care.sheet_views import SheetLine, SheetView
from ui.care.moments import moment_of
from ui.care.sheet_cards import hours, sheet_cards
from ui.care.tabs import care_tabs
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import EMPTY, Child, Markup, a, div, p
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import ago, day_words

_WATCHED = frozenset({"care_time_sheets", "care_time_entries", "care_other_time", "approvals"})


def day_asked(query: dict[str, str]) -> date | None:
    """The day named in an address; anything else is today."""
    try:
        return date.fromisoformat(query.get("on", ""))
    except ValueError:
        return None


def span_asked(query: dict[str, str]) -> str:
    """The span named in an address; anything else is a week."""
    asked = query.get("span", "")
    return asked if asked in set(Span) else Span.WEEK.value


def period_filters(path: str, query: dict[str, str], span: str, starts: date, ends: date) -> list[Child]:
    """Weeks or months, and the ways to the one before and the one after."""
    spans = [
        filter_chip(words, address(path, query, span=one.value), on=span == one.value)
        for one, words in ((Span.WEEK, "Weeks"), (Span.MONTH, "Months"))
    ]
    before = address(path, query, span=span, on=(starts - timedelta(days=1)).isoformat())
    after = address(path, query, span=span, on=(ends + timedelta(days=1)).isoformat())
    ways = [link("Before", before, look="quiet", key="["), link("After", after, look="quiet", key="]")]
    return [*spans, *ways]


def sheet_tabs(actor: Actor) -> Markup:
    """The tabs of care with that of time sheets marked: one's own, or for who leads without recording everybody's."""
    return care_tabs(actor, "/care/timesheets" if actor.may(P.CARE_RECORD) else "/care/timesheets/team")


class ShowsSheet(Page):
    """A page that shows one sheet."""

    sheet: SheetView

    def _sheet(self, *filters: Child) -> Markup:
        one = self.sheet
        own = one.user_id == self.actor.user_id
        submits = own and not one.obstacle
        asks = own or self.may(P.CARE_MANAGE)
        title = (f"{day_words(one.starts_on)} – {day_words(one.ends_on)} ", chip(one.state_label, one.tone))
        acts = [
            action("Other time", "ask_other", look="", key="o") if own else None,
            action("Submit", "submit_sheet", look="filled", key="c") if submits else None,
            link("See what is asked", f"/approvals/{one.approval_id}", look="quiet")
            if one.approval_id
            else None,
        ]
        return div(
            head(
                title,
                *acts,
                under=f"{one.name} · {hours(one.worked)} hours worked",
                crumbs=(("Care", "/care"),),
            ),
            sheet_tabs(self.actor),
            div(*filters, cls="filters") if filters else None,
            self._state(one, own=own),
            *sheet_cards(one, self.zone, changes=asks),
        )

    def _state(self, one: SheetView, *, own: bool) -> Child:
        if one.state == State.RETURNED:
            words = one.comment or "Look at what was asked; correct it and submit it again."
            return notice("bad", "This sheet came back.", words)
        if one.state == State.CHANGED:
            return notice("warn", "An entry was changed after acceptance.", "The reasons are below.")
        if own and one.state == State.OPEN and one.entries and one.obstacle:
            return notice("info", "Not ready to be submitted.", one.obstacle)
        return None

    async def do_submit_sheet(self, event: Event) -> None:
        """Submit it."""
        sent = await time_sheets.submit_sheet(self.actor, self.sheet.span, self.sheet.starts_on)
        self.tell(
            "ok", f"{hours(sent.worked)} hours submitted.", "Whoever leads you is asked to accept them."
        )

    async def do_ask_other(self, event: Event) -> None:
        """Ask for working time that is no patient's."""
        given = self.typed if self.errors else {}
        now = (
            datetime.now(ZoneInfo(self.sheet.zone)).replace(second=0, microsecond=0, tzinfo=None).isoformat()
        )
        body = div(
            choice(
                "kind", "What", OTHER.items(), given.get("kind", "meeting"), errors=self.errors, required=True
            ),
            field(
                "starts_at",
                "From",
                given.get("starts_at", now),
                kind="datetime-local",
                errors=self.errors,
                required=True,
            ),
            field(
                "ends_at",
                "To",
                given.get("ends_at", now),
                kind="datetime-local",
                errors=self.errors,
                required=True,
            ),
            long_text("note", "Note", str(given.get("note", "")), rows=2, errors=self.errors),
            cls="fields",
        )
        words = f"Times are those of the company ({self.sheet.zone}). Nothing of a patient belongs here."
        self.dialog = form_window("Other working time", "other", "Record", body, explanation=words)

    async def do_other(self, event: Event) -> None:
        """Record it."""
        zone = ZoneInfo(self.sheet.zone)
        starts, ends = (
            moment_of(name, event.text(name)).replace(tzinfo=zone, microsecond=0)
            for name in ("starts_at", "ends_at")
        )
        facts = OtherTimeFacts(event.text("kind"), starts, ends, event.text("note"))
        await other_time.add_other_time(self.actor, facts)
        self.dialog, self.errors, self.typed = EMPTY, {}, {}

    async def do_ask_void(self, event: Event) -> None:
        """Ask why an entry is taken back."""
        why = long_text("reason", "Why", errors=self.errors, required=True)
        self.dialog = form_window(
            "Take this entry back", "void", "Take back", why,
            explanation="The entry stays on record and counts no more.",
            id=event.args.get("id", ""), other=event.args.get("other", ""),
        )  # fmt: skip

    async def do_void(self, event: Event) -> None:
        """Take it back."""
        take_back = other_time.void_other_time if event.args.get("other") else time_entries.void_time
        await take_back(self.actor, event.id(), event.text("reason"))
        self.dialog, self.errors = EMPTY, {}


class SheetOfPeriod(ShowsSheet):
    """A page that shows a sheet of the week or month in its address."""

    title = "Time sheet"
    nav = "care"
    watches = _WATCHED

    def body(self) -> Markup:
        one = self.sheet
        period = {"span": one.span, "on": one.starts_on.isoformat()}
        everybody = link("Everybody", address("/care/timesheets/team", period))
        filters = period_filters(self.here, self.query, one.span, one.starts_on, one.ends_on)
        whose = {**self.query, "person": str(one.user_id)}
        leave = export_menu("time-sheet", whose, tiny=True) if one.entries else None
        return self._sheet(*filters, everybody if self.may(P.CARE_MANAGE) else None, leave)


@page("/care/timesheets")
class TimeSheet(SheetOfPeriod):
    """One's own sheet."""

    permission = P.CARE_RECORD

    async def load(self) -> None:
        self.sheet = await time_sheets.my_sheet(self.actor, span_asked(self.query), day_asked(self.query))


@page("/care/timesheets/of/{user_id}")
class PersonSheet(SheetOfPeriod):
    """Anybody's sheet, for who leads."""

    permission = P.CARE_MANAGE

    async def load(self) -> None:
        asked = span_asked(self.query), day_asked(self.query)
        self.sheet = await time_sheets.sheet_of(self.actor, self.id("user_id"), *asked)


@page("/care/timesheets/{care_sheet_id}")
class SubmittedSheet(ShowsSheet):
    """A sheet as an approval refers to it."""

    title = "Time sheet"
    nav = "care"
    permission = P.CARE_VIEW
    watches = _WATCHED

    async def load(self) -> None:
        self.sheet = await time_sheets.get_sheet(self.actor, self.id("care_sheet_id"))

    def body(self) -> Markup:
        return self._sheet()


@page("/care/timesheets/team")
class TeamSheets(Page):
    """Everybody's sheets of one period."""

    title = "Time sheets"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = _WATCHED

    found: list[SheetLine]

    async def load(self) -> None:
        zone = self.actor.time_zone
        self.span, on = span_asked(self.query), day_asked(self.query) or datetime.now(ZoneInfo(zone)).date()
        self.missing = self.query.get("missing") == "1"
        self.found = await time_sheets.list_sheets(self.actor, self.span, on, self.missing)
        period = period_of(Span(self.span), on, zone)
        self.starts, self.ends = period.first, period.last

    def body(self) -> Markup:
        late = sum(one.overdue for one in self.found)
        under = f"{late} missing" if late else "None is missing"
        missing = filter_chip(
            "Missing only",
            address(self.path, self.query, missing="" if self.missing else "1"),
            on=self.missing,
        )
        filters = period_filters(self.path, self.query, self.span, self.starts, self.ends)
        leave = export_menu("time-sheets", self.query, tiny=True) if self.found else None
        title = f"Time sheets {day_words(self.starts)} – {day_words(self.ends)}"
        own = link("My own", "/care/timesheets", look="quiet") if self.may(P.CARE_RECORD) else None
        return div(
            head(title, own, under=under),
            sheet_tabs(self.actor),
            div(*filters, missing, leave, cls="filters"),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found:
            words = "Whoever looks after patients, or recorded time in this period, appears here."
            return empty("Nobody's sheet is missing." if self.missing else "Nobody yet.", words)
        columns = [
            Column[SheetLine]("Person", lambda one: a(one.name, href=self._href(one)), "clip wide"),
            Column[SheetLine]("Worked", lambda one: f"{hours(one.worked)} h", "right tight"),
            Column[SheetLine]("On patients", lambda one: f"{hours(one.patients)} h", "right tight"),
            Column[SheetLine]("State", _state, "tight"),
            Column[SheetLine]("Submitted", lambda one: ago(one.submitted_at, self.zone), "right tight"),
            Column[SheetLine]("Accepted by", lambda one: one.accepted_by or "–", "clip optional-column"),
        ]
        rows = table.rows(
            columns, self.found, href=self._href, key=lambda one: one.user_id, label="Time sheets"
        )
        return div(rows, p(f"{len(self.found)} shown", cls="faint"))

    def _href(self, one: SheetLine) -> str:
        wanted = {"span": self.span, "on": self.starts.isoformat()}
        return address(f"/care/timesheets/of/{one.user_id}", wanted)


def _state(one: SheetLine) -> Child:
    return (
        chip("Missing", "bad") if one.overdue and one.state == State.OPEN else chip(one.state_label, one.tone)
    )
