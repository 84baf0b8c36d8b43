"""Months of care: those that can be closed, with one click or by schedule, and how far each close has come."""

from dataclasses import asdict

from policies.permissions import Permission as P
from services.care import close_schedule, months
from services.care.close_schedule import CloseScheduleFacts, CloseScheduleView
from services.care.month_views import MonthLine
from ui.care.tabs import care_tabs
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import check, choice, field
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.progress import bar, time_left
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import ago, moment

_EMPTY = (
    "Each month appears here once a patient has consented to a programme. After it has ended it is closed with one"
    " click: its time is locked, every patient is computed, and what can be billed becomes evidence packets and claims."
)
_SCHEDULE = (
    "Whoever closes a month by hand before is first. A month whose turn is over already is left to you, and no month is"
    " closed before it has ended for every practice."
)


@page("/care/months")
class Months(Page):
    """The months of this tenant."""

    title = "Month-end"
    nav = "care"
    permission = P.CARE_BILLING
    watches = frozenset({"care_months", "care_close_schedules"})

    found: list[MonthLine]
    schedule: CloseScheduleView

    async def load(self) -> None:
        self.found = await months.list_months(self.actor)
        self.schedule = await close_schedule.get_close_schedule(self.actor)

    def body(self) -> Markup:
        export = export_menu("care-months") if self.found else None
        return div(
            head("Month-end", export, self._verify(), self._next(), under=self._sum()),
            care_tabs(self.actor, self.path),
            [running(one) for one in self.found if one.step in ("freezing", "computing")],
            self._list(),
            card("By schedule", self._scheduled(), action=self._sets()),
        )

    def _sum(self) -> str:
        closed = sum(one.step == "closed" for one in self.found)
        return f"{closed} of {len(self.found)} months closed" if self.found else "No months yet"

    def _verify(self) -> Child:
        may = self.may(P.DOCUMENTS_VIEW)
        return link("Verify a packet", "/care/packets", look="quiet", key="v") if may else None

    def _next(self) -> Child:
        """The oldest month that can be closed is the one to close."""
        one = next((one for one in reversed(self.found) if one.may_close), None)
        if one is None or not self.may(P.CARE_CLOSE):
            return None
        return action(f"Close {one.month:%B %Y}", "close_month", look="filled", key="c", data_month=one.key)

    def _list(self) -> Markup:
        if not self.found:
            return empty("No month of care yet.", _EMPTY, link("Enrolments", "/care/enrolments"))
        columns = [
            Column[MonthLine]("Month", self._month, "tight"),
            Column[MonthLine]("State", lambda one: chip(one.step_label, one.tone), "tight"),
            Column[MonthLine]("Time", _lock, "tight"),
            Column[MonthLine]("Patients", lambda one: f"{one.total:,}" if one.id else "", "right tight"),
            Column[MonthLine]("Computed", lambda one: f"{one.done:,}" if one.id else "", "right tight"),
            Column[MonthLine](
                "Close", lambda one: f"no. {one.revision}" if one.revision > 1 else "", "tight"
            ),
            Column[MonthLine]("Begun", self._begun, "wide clip"),
            Column[MonthLine](
                "Closed", lambda one: moment(one.closed_at, self.zone), "tight optional-column"
            ),
            Column[MonthLine]("", self._act, "right tight"),
        ]
        return table.rows(
            columns,
            self.found,
            href=lambda one: f"/care/months/{one.key}" if one.id else "",
            key=lambda one: one.key,
            label="Months",
        )

    def _scheduled(self) -> Markup:
        """When months close by themselves, and at whose word."""
        one = self.schedule
        if one.next_month is None or one.next_at is None:
            return p("Off: each month waits for somebody to close it.", cls="faint")
        released = "sent on without a further release" if one.release else "released by hand"
        return div(
            p(
                f"Each month is closed on day {one.day} of the month after, from {one.hour:02}:00 ({one.zone}) on."
            ),
            p(
                f"{one.next_month:%B %Y} is next, ",
                moment(one.next_at, self.zone),
                f"; its clean claims are {released}.",
            ),
            small("set by ", one.set_by_name, " ", ago(one.set_at, self.zone), cls="faint"),
            cls="stack",
        )

    def _sets(self) -> Child:
        return action("Set", "ask_schedule", look="", key="s") if self.may(P.CARE_CLOSE) else None

    def _month(self, one: MonthLine) -> Child:
        words = f"{one.month:%B %Y}"
        return a(words, href=f"/care/months/{one.key}") if one.id else words

    def _begun(self, one: MonthLine) -> Child:
        if one.id is not None:
            return span(ago(one.started_at, self.zone), " ", begun_by(one))
        if not one.may_close:
            return small("can be closed from ", moment(one.closes_from, self.zone), cls="faint")
        return small("not begun", cls="faint")

    def _act(self, one: MonthLine) -> Child:
        if not one.may_close or not self.may(P.CARE_CLOSE):
            return None
        again = "Close again" if one.step else "Close"
        return action(again, "close_month", look="quiet", data_month=one.key)

    async def do_close_month(self, event: Event) -> None:
        """Begin to close a month; it goes on when the page is left."""
        begun = await months.close_month(self.actor, event.args.get("month", ""))
        self.tell(
            "ok", f"{begun.month:%B %Y} is being closed.", "You may leave; progress shows here by itself."
        )
        self.go(f"/care/months/{begun.key}")

    async def do_ask_schedule(self, event: Event) -> None:
        """Ask when months are to be closed by themselves."""
        one = self.schedule
        given = asdict(one)
        if self.errors:
            given |= {"active": False, "release": False} | self.typed
        hours = [(str(hour), f"{hour:02}:00") for hour in range(24)]
        when = div(
            field(
                "day",
                "Day of the month after",
                given["day"],
                kind="number",
                errors=self.errors,
                required=True,
            ),
            choice(
                "hour", f"Hour in {one.zone}", hours, str(given["hour"]), errors=self.errors, required=True
            ),
            cls="fields",
        )
        released = "Send clean claims without a further release"
        body = div(
            check("active", "Close each month by itself", given["active"] in (True, "true")),
            when,
            check("release", released, given["release"] in (True, "true"))
            if self.may(P.CLAIMS_SUBMIT)
            else None,
            cls="stack",
        )
        self.dialog = form_window(
            "Close months by schedule", "schedule", "Save", body, explanation=_SCHEDULE, version=one.version
        )

    async def do_schedule(self, event: Event) -> None:
        """Set it, or put it off."""
        day, hour = _whole(event.text("day")), _whole(event.text("hour"))
        facts = CloseScheduleFacts(event.ticked("active"), day, hour, event.ticked("release"))
        self.schedule = await close_schedule.set_close_schedule(self.actor, facts, event.number("version", 0))
        self.tell(
            "ok", "Saved.", "It holds from its next turn on." if facts.active else "Months wait for somebody."
        )
        await self.do_close_dialog(event)


def _whole(text: str) -> int:
    """What is no number of a clock or calendar is refused at its field like a wrong one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1


def begun_by(one: MonthLine) -> str:
    """At whose word a close began."""
    return f"by the schedule of {one.started_by or 'nobody'}" if one.by_schedule else f"by {one.started_by}"


def running(one: MonthLine) -> Markup:
    """How far a close has come."""
    left = f", {time_left(one.seconds_left)}" if one.seconds_left is not None else ""
    words = f"{one.done:,} of {one.total:,} patients computed{left}. You may leave this page."
    return notice("info", f"{one.month:%B %Y} is being closed.", (words, bar(one.done, one.total)))


def _lock(one: MonthLine) -> Child:
    return (
        chip("Locked", "info", "No time of this month can be changed")
        if one.frozen
        else chip("Open", "neutral")
    )
