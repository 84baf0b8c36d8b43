"""The time entries behind a figure of the manager's view."""

from datetime import date

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.care import team_entries
from services.care.team_views import TeamEntry
from ui.care.tabs import care_tabs
from ui.care.words import began, clock, source_chip
from ui.page import Page, optional_identifier, page
from ui.parts import table
from ui.parts.cards import head
from ui.parts.chips import removable
from ui.parts.dates import date_of
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, small
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day_words


@page("/care/team/entries")
class CareTeamEntries(Page):
    """Entries of a month or a day, of a person or a team."""

    title = "Time entries"
    nav = "care"
    permission = P.CARE_MANAGE

    found: Rows[TeamEntry]

    @property
    def day(self) -> date | None:
        """The one day that was asked for."""
        return date_of(self.query.get("day", ""))

    async def load(self) -> None:
        query = self.query
        self.found = await team_entries.team_entries(
            self.actor,
            query.get("month", ""),
            self.day,
            optional_identifier(query.get("staff", "")),
            optional_identifier(query.get("team", "")),
            query.get("after"),
        )

    def body(self) -> Markup:
        crumbs = (
            ("Care", "/care"),
            ("Manager", address("/care/team", {"month": self.query.get("month", "")})),
        )
        export = export_menu("care-team-entries", self.query) if self.found.items else None
        return div(
            head(self.title, export, crumbs=crumbs),
            care_tabs(self.actor, "/care/team"),
            div(self._filters(), cls="filters"),
            self._list(),
        )

    def _filters(self) -> list[Child]:
        one = self.found.items[0] if self.found.items else None
        words = {
            "day": day_words(self.day) if self.day else "",
            "staff": one.staff_name if one else "one person",
            "team": "one team",
        }
        return [
            removable(text, address(self.path, self.query, **{name: ""}))
            for name, text in words.items()
            if self.query.get(name)
        ]

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("No time was recorded here.", "Take off a filter, or choose another month.")
        columns = [
            Column[TeamEntry]("Began", lambda one: began(one.starts_at, one.zone), "tight"),
            Column[TeamEntry](
                "Patient", lambda one: a(one.patient_name, href=self._patient(one)), "clip wide"
            ),
            Column[TeamEntry]("Account", lambda one: one.account_number, "mono tight"),
            Column[TeamEntry]("By", lambda one: one.staff_name, "clip"),
            Column[TeamEntry]("Spent on", lambda one: one.activity_label, "clip optional-column"),
            Column[TeamEntry]("Recorded", lambda one: source_chip(one.source, one.source_label), "tight"),
            Column[TeamEntry]("Time", lambda one: clock(one.seconds), "right tight"),
            Column[TeamEntry]("Counts", _counts, "right tight"),
        ]
        rows = table.rows(
            columns, self.found.items, href=self._patient, key=lambda one: one.id, label="Time entries"
        )
        return div(rows, table.pager(self.path, self.query, self.found.next, len(self.found.items)))

    def _patient(self, one: TeamEntry) -> str:
        return address(f"/care/{one.enrolment_id}", {"month": self.query.get("month", "")})


def _counts(one: TeamEntry) -> Child:
    return clock(one.counted_seconds) if one.counted_seconds else small("nothing", cls="faint")
