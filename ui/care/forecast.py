"""Where the month is heading: by patient, by coordinator, and how right such forecasts were."""

from typing import Any

from domain.care.forecast_words import SUGGESTED, words_of
from domain.paging import Page as Rows
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.care import forecast_accuracy, forecasts
from services.care.forecast_views import Accuracy, CoordinatorForecast, ForecastLine, ForecastState
from services.care.forecasts import STANDINGS
from ui.care.forecast_handing import HandsOver
from ui.care.forecast_parts import accuracy_cards, chance_words, reach_bar, suggested_chip, trust
from ui.care.tabs import care_tabs
from ui.care.words import clock
from ui.page import Event, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, i_, small, span
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import exact

VIEWS = {"": "Patients", "coordinators": "Coordinators", "accuracy": "How right it was"}
NOBODY = "nobody"
"""In an address: the patients whom nobody coordinates."""
ORDERS = {"": "Least chance", "gap": "Most missing", "projected": "Least projected"}
_EMPTY = (
    "Every morning each patient's month is forecast from the minutes so far, the usual pace, the working days left and"
    " planned absences. Patients appear here once they have consented to a programme that goes by minutes."
)


@page("/care/forecast")
class CareForecast(HandsOver):
    """The forecast of the running month."""

    title = "Forecast"
    nav = "care"
    permission = P.CARE_VIEW
    watches = frozenset({"care_forecast_days", "care_backtests"})

    found: Rows[ForecastLine]
    people: list[CoordinatorForecast]
    accuracy: Accuracy
    state: ForecastState

    @property
    def view(self) -> str:
        wanted = self.query.get("view", "")
        return wanted if wanted in VIEWS else ""

    async def load(self) -> None:
        self.state = await forecasts.forecast_state(self.actor)
        self.accuracy = await forecast_accuracy.forecast_accuracy(self.actor)
        self.found, self.people = Rows([]), []
        if self.view == "coordinators":
            self.people = await forecasts.list_coordinator_forecasts(self.actor)
        elif not self.view:
            self.found = await listed(self.actor, self.query, self.query.get("after"))

    def body(self) -> Markup:
        now = action("Forecast now", "now", look="", key="f") if self.may(P.CARE_MANAGE) else None
        name = "care-coordinators" if self.view == "coordinators" else "care-forecast"
        export = None if self.view == "accuracy" else export_menu(name, self.query, key="e")
        return div(
            head(self.title, export, now, under=self._under()),
            care_tabs(self.actor, self.path),
            self._late(),
            trust(self.accuracy, address(self.path, {}, view="accuracy"))
            if self.view != "accuracy"
            else None,
            self._views(),
            self._shown(),
        )

    def _under(self) -> Child:
        if self.state.day is None or self.state.made_at is None:
            return "Nothing forecast yet"
        made = exact(self.state.made_at, self.zone)
        return (f"{self.state.patients:,} patients, forecast ", made)

    def _late(self) -> Child:
        if not self.state.late:
            return None
        words = "What was recorded since is not in it."
        if self.may(P.CARE_MANAGE):
            words = f"{words} Forecast now; if that brings none either, Operations shows what holds it up."
        return notice("warn", "This morning's forecast has not been made.", words)

    def _views(self) -> Markup:
        chips = [
            filter_chip(words, address(self.path, {}, view=code), on=self.view == code)
            for code, words in VIEWS.items()
        ]
        return div(chips, cls="filters")

    def _shown(self) -> Markup:
        if self.view == "accuracy":
            return self._accuracy()
        return self._coordinators() if self.view == "coordinators" else self._patients()

    def _accuracy(self) -> Markup:
        return div(trust(self.accuracy), accuracy_cards(self.accuracy))

    def _patients(self) -> Markup:
        return div(self._filters(), self._list(), self.hand_over_bar())

    def _filters(self) -> Markup:
        here, query = self.path, self.query
        standing = [
            filter_chip(words, address(here, query, standing=code), on=query.get("standing") == code)
            for code, words in STANDINGS.items()
        ]
        suggested = [
            filter_chip(words, address(here, query, suggested=code), on=query.get("suggested") == code)
            for code, words in (("call", "Call"), ("hand_over", "Hand over"))
        ]
        everything = not set(query) & {"standing", "suggested", "coordinator", "order"}
        whose = query.get("coordinator")
        person = whose and removable(
            "nobody coordinates" if whose == NOBODY else "one coordinator",
            address(here, query, coordinator=""),
        )
        orders = [
            filter_chip(words, address(here, query, order=code), on=query.get("order", "") == code)
            for code, words in ORDERS.items()
        ]
        by = span("sorted by", cls="faint")
        return div(
            filter_chip("All", here, on=everything), standing, suggested, person, by, orders, cls="filters"
        )

    def _list(self) -> Markup:
        if not self.found.items:
            if set(self.query) - {"after", "order"}:
                return empty("Nothing matches.", "Take off a filter to see more.")
            return empty("Nothing is forecast yet.", _EMPTY)
        columns = [
            Column[ForecastLine]("Patient", lambda one: a(one.patient_name, href=f"/care/{one.id}"), "tight"),
            Column[ForecastLine]("Code", lambda one: one.programme.upper(), "tight optional-column"),
            Column[ForecastLine]("So far", lambda one: clock(one.seconds), "right tight"),
            Column[ForecastLine]("Heading for", reach_bar, "tight"),
            Column[ForecastLine]("Projected", lambda one: clock(one.projected_seconds), "right tight"),
            Column[ForecastLine]("Chance", lambda one: chance_words(one.chance), "right tight"),
            Column[ForecastLine]("Missing", _missing, "right tight"),
            Column[ForecastLine]("Do", suggested_chip, "tight"),
            Column[ForecastLine]("Why", _why, "clip wide"),
            Column[ForecastLine]("Coordinator", self._coordinator, "clip optional-column"),
        ]
        rows = table.rows(
            columns,
            self.found.items,
            href=lambda one: f"/care/{one.id}",
            key=lambda one: one.id,
            pick=self.may(P.CARE_MANAGE),
            label="Forecast by patient",
        )
        return div(rows, table.pager(self.path, self.query, self.found.next, len(self.found.items)))

    def _coordinator(self, one: ForecastLine) -> Child:
        if not one.coordinator_id:
            return small("nobody yet", cls="faint")
        return a(
            one.coordinator_name, href=address(self.path, self.query, coordinator=str(one.coordinator_id))
        )

    def _coordinators(self) -> Markup:
        if not self.people:
            return empty("Nothing is forecast yet.", _EMPTY)
        columns = [
            Column[CoordinatorForecast]("Coordinator", self._person, "clip wide"),
            Column[CoordinatorForecast]("Patients", lambda one: f"{one.patients:,}", "right tight"),
            Column[CoordinatorForecast]("Reached", lambda one: f"{one.reached:,}", "right tight"),
            Column[CoordinatorForecast]("Expected to reach", _expected, "right tight"),
            Column[CoordinatorForecast]("", _expected_bar, "tight optional-column"),
            Column[CoordinatorForecast]("Not likely", lambda one: f"{one.at_risk:,}", "right tight"),
            Column[CoordinatorForecast]("They lack", lambda one: clock(one.gap_seconds), "right tight"),
            Column[CoordinatorForecast]("Time left", _left, "right tight"),
            Column[CoordinatorForecast]("Last 3 months", _rolling, "right tight"),
        ]
        return table.rows(
            columns,
            self.people,
            href=lambda one: address(self.path, {}, coordinator=str(one.coordinator_id or NOBODY)),
            key=lambda one: one.coordinator_id,
            label="Forecast by coordinator",
        )

    def _person(self, one: CoordinatorForecast) -> Child:
        if one.coordinator_id is None:
            return a("nobody yet", href=address(self.path, {}, coordinator=NOBODY), cls="faint")
        return a(one.name, href=address(self.path, {}, coordinator=str(one.coordinator_id)))

    async def do_now(self, event: Event) -> None:
        """Make the forecast anew."""
        await forecasts.forecast_now(self.actor)
        self.tell("ok", "The forecast is being made.", "This page shows it as soon as it is there.")


def _missing(one: ForecastLine) -> Child:
    return "–" if one.gap_seconds == 0 else clock(one.gap_seconds)


def _expected(one: CoordinatorForecast) -> Child:
    return span(f"{one.expected:.0f}", small(f" of {one.patients:,}", cls="faint"))


def _expected_bar(one: CoordinatorForecast) -> Child:
    share = one.expected / one.patients if one.patients else 0.0
    tone = "ok" if share >= 0.8 else "warn" if share >= 0.6 else "bad"
    return span(i_(cls=tone, style=f"width: {100 * share:.0f}%"), cls="bar row-bar", aria_hidden="true")


def _left(one: CoordinatorForecast) -> Child:
    if one.left_seconds is None:
        return span("not known", cls="faint", title="No employee stands behind this person.")
    words = f"{one.left_seconds / 3600:.0f} h"
    if one.gap_seconds > one.left_seconds:
        return chip(words, "bad", title="Less than these patients lack")
    return words


def _rolling(one: CoordinatorForecast) -> Child:
    if one.rolling is None:
        return span("no month yet", cls="faint")
    months = ", ".join(f"{m.month:%b} {m.reached} of {m.patients}" for m in one.months)
    return span(f"{100 * one.rolling:.0f} %", title=months)


def _listed_by(query: dict[str, str]) -> dict[str, Any]:
    """The page's filters as the service takes them; what is unknown filters nothing."""
    known = {"suggested": SUGGESTED, "standing": STANDINGS, "order": forecasts.ORDERS}
    wanted = {name: query.get(name, "") for name in known}
    whose = query.get("coordinator", "")
    return {
        "coordinator_id": optional_identifier(whose) if whose != NOBODY else None,
        "unassigned": whose == NOBODY,
        **{name: value if value in known[name] else "" for name, value in wanted.items()},
    }


async def listed(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int = 50
) -> Rows[ForecastLine]:
    """The patients that the page's filters show."""
    return await forecasts.list_forecasts(actor, **_listed_by(query), cursor=cursor, limit=size)


def _why(one: ForecastLine) -> Child:
    """What is particular to the patient: that the straight line is used stands above the list."""
    own = words_of([reason for reason in one.reasons if reason != "straight_line"])
    return small(own or "–", title=one.reason_words)
