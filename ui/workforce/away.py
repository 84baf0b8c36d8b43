"""Who is away: this week with the capacity of each team, all absences, and one's own time away."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.workforce import absences, capacity, employees
from services.workforce.absences import AbsenceView, OwnTime
from services.workforce.capacity import TeamCapacity, WeekCapacity
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
from ui.parts.chips import filter_chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice
from ui.parts.markup import Child, Markup, a, div, p, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day_words
from ui.workforce.absence_form import absence_columns, absence_fields, absence_of
from ui.workforce.tabs import team_tabs

_OWN_LINK = ("My time away", "/away")


@page("/team")
class Week(Page):
    """Who is away in a week, and what working time is left in each team."""

    title = "This week"
    nav = "team"
    permission = P.WORKFORCE_VIEW
    watches = frozenset({"absences", "employees"})

    week: WeekCapacity
    away: Rows[AbsenceView]

    async def load(self) -> None:
        asked = date_of(self.query.get("day", "")) or datetime.now(ZoneInfo(self.zone)).date()
        self.week = await capacity.week_capacity(self.actor, asked)
        last = self.week.monday + timedelta(days=6)
        self.away = await absences.list_absences(self.actor, self.week.monday, last, limit=200)

    def body(self) -> Markup:
        own = link(*_OWN_LINK)
        return div(
            head("Team", own),
            team_tabs("/team", self.may),
            self._weeks(),
            self._capacity(),
            self._away(),
        )

    def _weeks(self) -> Markup:
        monday = self.week.monday

        def at(weeks: int) -> str:
            return address("/team", {}, day=(monday + timedelta(weeks=weeks)).isoformat())

        days = f"{day_words(monday)} to {day_words(monday + timedelta(days=6))}"
        return div(
            filter_chip("Week before", at(-1), on=False),
            filter_chip(days, at(0), on=True),
            filter_chip("Week after", at(1), on=False),
            cls="filters",
        )

    def _capacity(self) -> Markup:
        if not self.week.teams:
            return empty("No employees yet.", "Add them under Employees, one by one or from a spreadsheet.")
        columns = [
            Column[TeamCapacity]("Team", self._name, "clip wide"),
            Column[TeamCapacity]("Lead", lambda one: one.lead_name or span("–", cls="faint"), "clip"),
            Column[TeamCapacity]("People", lambda one: str(one.people), "right"),
            Column[TeamCapacity]("Away", lambda one: str(one.people_away), "right"),
            Column[TeamCapacity]("Hours", lambda one: _hours(one.seconds), "right"),
            Column[TeamCapacity]("Hours left", lambda one: _hours(one.seconds - one.away_seconds), "right"),
        ]
        return card("Capacity", table.rows(columns, self.week.teams, label="Capacity"), look="flush")

    def _name(self, one: TeamCapacity) -> Child:
        return a(one.name, href=f"/team/teams/{one.team_id}") if one.team_id else span("No team", cls="faint")

    def _away(self) -> Markup:
        if not self.away.items:
            return card("Away", p("Everybody is there.", cls="faint"))
        columns = [_who(), *absence_columns()]
        return card("Away", table.rows(columns, self.away.items, label="Away"), look="flush")


@page("/team/away")
class Away(Page):
    """All absences, by their first day."""

    title = "Away"
    nav = "team"
    permission = P.WORKFORCE_VIEW
    watches = frozenset({"absences"})

    found: Rows[AbsenceView]

    async def load(self) -> None:
        today = datetime.now(ZoneInfo(self.zone)).date()
        since = None if self.query.get("show") == "all" else today
        self.found = await absences.list_absences(self.actor, since, cursor=self.query.get("after"))

    def body(self) -> Markup:
        enter = (
            action("Enter an absence", "ask_enter_absence", look="filled", key="c")
            if self.may(P.WORKFORCE_MANAGE)
            else None
        )
        everything = self.query.get("show") == "all"
        chips = div(
            filter_chip("From today", address("/team/away", self.query, show=""), on=not everything),
            filter_chip("All", address("/team/away", self.query, show="all"), on=everything),
            cls="filters",
        )
        own = link(*_OWN_LINK)
        return div(head("Team", own, enter), team_tabs("/team/away", self.may), chips, self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("Nobody is away.", "Absences appear here; everybody may enter their own.")
        columns = [_who(), *absence_columns(), Column[AbsenceView]("", self._cancel, "right tight")]
        return div(
            table.rows(columns, self.found.items, key=lambda one: one.id, label="Absences"),
            table.pager("/team/away", self.query, self.found.next, len(self.found.items)),
        )

    def _cancel(self, one: AbsenceView) -> Child:
        return self.may(P.WORKFORCE_MANAGE) and action(
            "Take back", "cancel_absence", look="tiny quiet", data_id=str(one.id)
        )

    async def do_ask_enter_absence(self, event: Event) -> None:
        """Ask who is away, and when."""
        people = await employees.list_employees(self.actor, limit=200, active=True)
        known = [(str(one.id), one.name) for one in people.items]
        now = event.text("employee_id")
        first = choice("employee_id", "Who", known, now, required=True, errors=self.errors, prompt="Choose")
        self.dialog = form_window(
            "Enter an absence", "enter_absence", "Enter", absence_fields(first, known, event, self.errors)
        )

    async def do_enter_absence(self, event: Event) -> None:
        """Enter it."""
        facts = absence_of(identifier(event.text("employee_id")), event)
        await absences.enter_absence(self.actor, facts)
        await self.do_close_dialog(event)
        self.tell("ok", "The absence is entered.")

    async def do_cancel_absence(self, event: Event) -> None:
        """Take it back."""
        await absences.cancel_absence(self.actor, event.id())


@page("/away")
class MyTime(Page):
    """One's own time away."""

    title = "My time away"
    permission = None
    watches = frozenset({"absences"})

    own: OwnTime

    async def load(self) -> None:
        self.own = await absences.my_time(self.actor)

    def body(self) -> Markup:
        if self.own.employee_id is None:
            words = "Ask your manager to link your sign-in with your employee record, under Team."
            return div(head("My time away"), empty("You are not on the list of employees.", words))
        enter = action("I will be away", "ask_enter_absence", look="filled", key="c")
        columns = [*absence_columns(), Column[AbsenceView]("", self._cancel, "right tight")]
        rows = table.rows(columns, self.own.absences, key=lambda one: one.id, label="My time away")
        nothing = empty("No time away.", "Enter it here; your substitute sees your work meanwhile.")
        return div(head("My time away", enter), rows if self.own.absences else nothing)

    def _cancel(self, one: AbsenceView) -> Child:
        past = one.ends_on < datetime.now(ZoneInfo(self.zone)).date()
        return not past and action("Take back", "cancel_absence", look="tiny quiet", data_id=str(one.id))

    async def do_ask_enter_absence(self, event: Event) -> None:
        """Ask when."""
        known = [(str(one.id), one.name) for one in self.own.colleagues]
        self.dialog = form_window(
            "I will be away", "enter_absence", "Enter", absence_fields(None, known, event, self.errors)
        )

    async def do_enter_absence(self, event: Event) -> None:
        """Enter it."""
        mine = self.own.employee_id or identifier("")
        await absences.enter_absence(self.actor, absence_of(mine, event))
        await self.do_close_dialog(event)
        self.tell("ok", "Your absence is entered.")

    async def do_cancel_absence(self, event: Event) -> None:
        """Take it back."""
        await absences.cancel_absence(self.actor, event.id())


def _who() -> Column[AbsenceView]:
    def shown(one: AbsenceView) -> Child:
        words = a(one.employee_name, href=f"/team/employees/{one.employee_id}")
        return span(words, one.team_name and span(one.team_name, cls="sub"))

    return Column[AbsenceView]("Who", shown, "clip wide")


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:,.1f}".removesuffix(".0")
