"""The coordinator's day: the patients of the roster, those first who need minutes most, and the running clock."""

from uuid import UUID

from policies.permissions import Permission as P
from services.care import forecasts, roster
from services.care.roster import RosterView
from services.care.views import CareLine
from ui.care.forecast_parts import chance_words
from ui.care.reaching import EXTRA_KEYS, Reaches, standing_cell, tried_menu
from ui.care.running import WithClock
from ui.care.tabs import care_tabs
from ui.care.task_list import tasks_cell
from ui.care.words import clock, step_chip
from ui.page import Event, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip, removable
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, small, span
from ui.parts.states import empty
from ui.parts.table import Column, address

_EMPTY = (
    "Patients appear here once they have consented to a programme. Time spent on them is counted to the second, and"
    " those who lack most for this month's code stand first."
)

ROWS = 100


@page("/care")
class Roster(Reaches, WithClock):
    """The roster of this month."""

    title = "Care"
    nav = "care"
    permission = P.CARE_VIEW
    watches = frozenset(
        {
            "care_time_entries",
            "care_enrolments",
            "care_timers",
            "care_outreach",
            "care_tasks",
            "care_forecast_days",
        }
    )

    found: RosterView
    chances: dict[UUID, float]

    async def load(self) -> None:
        whose = optional_identifier(self.query.get("coordinator", ""))
        self.found = await roster.roster(self.actor, whose, self.query.get("after"), ROWS)
        self.chances = await forecasts.chances_of(self.actor, [one.id for one in self.found.patients])
        await self.load_clock()

    def body(self) -> Markup:
        taken = self.query.get("coordinator") and removable(
            "one coordinator", address(self.path, self.query, coordinator="")
        )
        export = export_menu("care", self.query) if self.found.patients else None
        return div(
            head(f"Care in {self.found.month:%B %Y}", export, under=self._sum()),
            care_tabs(self.actor, self.path),
            self.clock_card(),
            div(taken, cls="filters") if taken else None,
            div(self._list(), data_extra_keys=f"b=Start the clock|{EXTRA_KEYS}|0=Tried, with a note"),
        )

    def _sum(self) -> str:
        whole = self.found.whole
        if not whole:
            return "Nobody on this roster yet"
        if not self.found.by_minutes:
            return f"{whole:,} patients, nobody by minutes"
        return f"{whole:,} patients; {self.found.reached:,} of {self.found.by_minutes:,} by minutes have reached their first code"

    def _list(self) -> Markup:
        if not self.found.patients:
            return empty("Nobody is on this roster.", _EMPTY, link("Enrolments", "/care/enrolments"))
        columns = [
            Column[CareLine]("Patient", _patient, "wide nowrap"),
            Column[CareLine]("Account", lambda one: one.account_number, "mono tight roomy-column"),
            Column[CareLine]("This month", lambda one: clock(one.counted_seconds), "right tight"),
            Column[CareLine]("Missing", _missing, "right tight"),
            *self._chances(),
            Column[CareLine]("Tried", standing_cell, "tight"),
            Column[CareLine]("Tasks", tasks_cell, "tight"),
            Column[CareLine]("Step", step_chip, "tight optional-column"),
            *self._whose(),
            Column[CareLine]("", self._ways, "right tight"),
        ]
        shown = self.found.patients
        rows = table.rows(
            columns,
            shown,
            href=lambda one: f"/care/{one.id}",
            key=lambda one: one.id,
            label="Patients",
        )
        return div(rows, table.pager(self.path, self.query, self.found.next, len(shown)))

    def _chances(self) -> list[Column[CareLine]]:
        """The chance on a roster of one's own; who sees those of several has the forecast for it, and no room here."""
        return [] if self._whose() else [Column[CareLine]("Chance", self._chance, "right tight")]

    def _chance(self, one: CareLine) -> Child:
        """Of reaching the first code, as this morning's forecast has it."""
        chance = self.chances.get(one.id)
        if chance is None or one.short_seconds is None:
            return span("–", cls="faint")
        return chance_words(chance)

    def _whose(self) -> list[Column[CareLine]]:
        """Practice and coordinator, where the roster holds those of more than one."""
        shown = []
        if self.found.practices > 1:
            shown.append(Column[CareLine]("Practice", lambda one: one.client_name, "clip roomy-column"))
        if self.found.others:
            shown.append(Column[CareLine]("Coordinator", self._coordinator, "tight optional-column"))
        return shown

    def _coordinator(self, one: CareLine) -> Child:
        if not one.coordinator_id:
            return small("nobody yet", cls="faint")
        return a(
            one.coordinator_name, href=address(self.path, self.query, coordinator=str(one.coordinator_id))
        )

    def _start(self, one: CareLine) -> Child:
        if not self.may(P.CARE_RECORD) or (self.timer is not None and self.timer.enrolment_id == one.id):
            return None
        return action(
            "Start", "start", look="quiet", data_id=str(one.id), data_row_key="b",
            aria_label=f"Start the clock for {one.patient_name}",
        )  # fmt: skip

    def _ways(self, one: CareLine) -> Child:
        return div(tried_menu(one) if self.may(P.CARE_RECORD) else None, self._start(one), cls="row-acts")

    async def do_start(self, event: Event) -> None:
        """Start the clock with a call, the usual beginning; it can be changed while it runs."""
        await self.start_clock(event.id(), "patient_call")


def _patient(one: CareLine) -> Markup:
    programme = small(f" {one.programme.upper()}", title=one.programme_label, cls="faint")
    return span(a(one.patient_name, href=f"/care/{one.id}"), programme)


def _missing(one: CareLine) -> Child:
    if one.programme == "apcm":
        return span("–", title="No minutes are needed", cls="faint")
    return chip("reached", "ok") if one.short_seconds is None else clock(one.short_seconds)
