"""Calendars: open hours of a week, and closed days chosen from the federal holidays or entered."""

from datetime import UTC, date, datetime
from typing import Any

from domain.refusals import FieldError
from domain.workforce.weeks import DAYS
from policies.permissions import Permission as P
from services.workforce import calendars
from services.workforce.calendars import CalendarFacts, ClosedDay
from ui.page import Event, page, reject, there
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import check, field, group
from ui.parts.markup import Child, Markup, a, div, p
from ui.parts.table import Column
from ui.parts.times import day
from ui.workforce.lists import TeamForm, TeamList


@page("/team/calendars")
class Calendars(TeamList):
    """The calendars."""

    title = "Calendars"
    list_service = calendars.list_calendars
    one = "calendar"
    explanation = "A calendar says when an office is open; due times and capacity count open hours only."

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Calendar", lambda one: a(one.name, href=self.href(one)), "clip"),
            Column("", lambda one: one.standard and chip("Standard", "info"), "tight"),
            Column("Zone", lambda one: one.zone, "tight"),
            Column("Monday", lambda one: one.week[0] or "closed", "clip wide optional-column"),
            Column("Closed days", lambda one: str(len(one.closed_days)), "right"),
            Column("People", lambda one: str(one.people), "right"),
        ]


class CalendarForm(TeamForm):
    """The form of a calendar."""

    get_service = calendars.get_calendar
    add_service = calendars.add_calendar
    change_service = calendars.change_calendar
    deactivate_service = calendars.deactivate_calendar
    reactivate_service = calendars.reactivate_calendar
    one = "calendar"
    place = "/team/calendars"
    id_name = "calendar_id"
    deactivation = "Whoever has it goes by the standard calendar."

    def fields(self) -> Child:
        return div(
            group(
                "Calendar",
                self.typed_field("name", "Name", required=True),
                self.typed_field("zone", "Time zone", self.actor.time_zone, required=True),
                check("standard", "Standard: counts for whoever has none", bool(self.value("standard"))),
            ),
            group("Open hours", *(self._day(number, words) for number, words in enumerate(DAYS))),
        )

    def _day(self, number: int, words: str) -> Markup:
        week = self.record.week if self.record else ["09:00-17:00"] * 5 + [""] * 2
        name = f"week.{number}"
        typed = self.typed.get(name, "") if self.errors else week[number]
        hint = "such as 09:00-12:00, 13:00-17:00" if number == 0 else ""
        return field(name, words, typed, errors=self.errors, hint=hint, placeholder="closed")

    def beside(self) -> Child:
        if not self.record:
            return None
        buttons = (action("Add a day", "ask_close_day"), action("Federal holidays", "ask_holidays", key="h"))
        columns = [
            Column[ClosedDay]("Day", lambda one: day(one.day), "tight"),
            Column[ClosedDay]("Name", lambda one: one.name, "clip wide"),
            Column[ClosedDay]("", self._open, "right tight"),
        ]
        rows = table.rows(columns, self.record.closed_days, label="Closed days")
        return card(
            "Closed days",
            rows if self.record.closed_days else p("None yet.", cls="faint card-body"),
            action=div(*buttons, cls="actions") if self.editable else None,
            look="flush",
        )

    def _open(self, one: ClosedDay) -> Child:
        return self.editable and action(
            "Open again", "open_day", look="tiny quiet", data_day=one.day.isoformat()
        )

    def facts(self, event: Event) -> CalendarFacts:
        week = [event.text(f"week.{number}") for number in range(len(DAYS))]
        return CalendarFacts(event.text("name"), event.text("zone"), week, event.ticked("standard"))

    async def do_ask_holidays(self, event: Event) -> None:
        """Offer the federal holidays of a year."""
        year = event.number("year", datetime.now(UTC).year)
        known = {one.day for one in there(self.record).closed_days}
        found = await calendars.suggested_holidays(self.actor, year)
        boxes = [
            check("days[]", f"{one.day:%a %b} {one.day.day}: {one.name}", True, value=one.day.isoformat())
            for one in found
            if one.day not in known
        ]
        self.dialog = form_window(
            f"Federal holidays of {year}",
            "close_holidays",
            "Close on these days",
            div(boxes or p("All of them are closed days already."), cls="checks"),
            action(f"{year + 1} instead", "ask_holidays", look="tiny quiet", data_year=str(year + 1)),
            explanation="Federal offices are closed; payers and banks mostly are as well.",
            year=str(year),
        )

    async def do_close_holidays(self, event: Event) -> None:
        """Close on the days that are ticked."""
        year = event.number("year", datetime.now(UTC).year)
        chosen = set(event.many("days")) if "days" in event.fields else set()
        found = await calendars.suggested_holidays(self.actor, year)
        days = [one for one in found if one.day.isoformat() in chosen]
        if days:
            await calendars.close_days(self.actor, there(self.record).id, days)
            self.tell("ok", f"Closed on {len(days)} days.")
        await self.do_close_dialog(event)

    async def do_ask_close_day(self, event: Event) -> None:
        """Ask for one more closed day."""
        self.dialog = form_window(
            "Close on a day",
            "close_day",
            "Close",
            div(
                field("day", "Day", "", kind="date", required=True, errors=self.errors),
                field("day_name", "Name", "", errors=self.errors),
                cls="fields",
            ),
        )

    async def do_close_day(self, event: Event) -> None:
        """Close on one day."""
        found = date_of(event.text("day"))
        if found is None:
            reject(FieldError("day", "date.invalid", "Enter a date."))
        assert found  # refused above
        await calendars.close_days(
            self.actor, there(self.record).id, [ClosedDay(found, event.text("day_name"))]
        )
        await self.do_close_dialog(event)

    async def do_open_day(self, event: Event) -> None:
        """Take a closed day back."""
        found = date_of(event.args.get("day", ""))
        if isinstance(found, date):
            await calendars.open_day(self.actor, there(self.record).id, found)


@page("/team/calendars/new")
class NewCalendar(CalendarForm):
    """A new calendar."""

    permission = P.WORKFORCE_MANAGE


@page("/team/calendars/{calendar_id}")
class Calendar(CalendarForm):
    """One calendar."""

    permission = P.WORKFORCE_VIEW
