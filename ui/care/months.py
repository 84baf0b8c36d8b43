"""Months of care: those that can be closed, with one click, and how far each close has come."""

from policies.permissions import Permission as P
from services.care import months
from services.care.month_views import MonthLine
from ui.care.tabs import care_tabs
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, i_, small, span
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import ago, moment

_EMPTY = (
    "Each month appears here once a patient has consented to a programme. After it has ended it is closed with one"
    " click: its time is locked, every patient is computed, and what can be billed becomes evidence packets and claims."
)


@page("/care/months")
class Months(Page):
    """The months of this tenant."""

    title = "Month-end"
    nav = "care"
    permission = P.CARE_BILLING
    watches = frozenset({"care_months"})

    found: list[MonthLine]

    async def load(self) -> None:
        self.found = await months.list_months(self.actor)

    def body(self) -> Markup:
        export = export_menu("care-months") if self.found else None
        return div(
            head("Month-end", export, self._next(), under=self._sum()),
            care_tabs(self.actor, self.path),
            [running(one) for one in self.found if one.step in ("freezing", "computing")],
            self._list(),
        )

    def _sum(self) -> str:
        closed = sum(one.step == "closed" for one in self.found)
        return f"{closed} of {len(self.found)} months closed" if self.found else "No months yet"

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

    def _month(self, one: MonthLine) -> Child:
        words = f"{one.month:%B %Y}"
        return a(words, href=f"/care/months/{one.key}") if one.id else words

    def _begun(self, one: MonthLine) -> Child:
        if one.id is not None:
            return span(ago(one.started_at, self.zone), " by ", one.started_by)
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


def running(one: MonthLine) -> Markup:
    """How far a close has come."""
    share = 100 * one.done // max(one.total, 1)
    bar = div(i_(style=f"width: {share}%"), cls="bar", role="progressbar", aria_valuenow=str(share))
    left = f", about {_words(one.seconds_left)} left" if one.seconds_left is not None else ""
    words = f"{one.done:,} of {one.total:,} patients computed{left}. You may leave this page."
    return notice("info", f"{one.month:%B %Y} is being closed.", (words, bar))


def _words(seconds: int) -> str:
    if seconds < 90:
        return f"{max(seconds, 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _lock(one: MonthLine) -> Child:
    return (
        chip("Locked", "info", "No time of this month can be changed")
        if one.frozen
        else chip("Open", "neutral")
    )
