"""Who is free when: the float pool in a week."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from policies.permissions import Permission as P
from services.workforce import float_pool, skills
from services.workforce.float_views import DayCell, PoolLine, PoolWeek
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import link, submit
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dates import date_of
from ui.parts.forms import check, choice, field
from ui.parts.markup import Child, Markup, a, div, form, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day_words
from ui.workforce.float_parts import float_tabs, hours

LEVELS = [(str(level), f"level {level} or higher") for level in range(1, 6)]


@page("/team/float")
class FloatPool(Page):
    """The pool with its free hours, day by day."""

    title = "Float pool"
    nav = "team"
    permission = P.WORKFORCE_VIEW
    watches = frozenset({"absences", "employees", "float_assignments"})

    week: PoolWeek
    known: list[tuple[str, str]] = []

    async def load(self) -> None:
        today = datetime.now(ZoneInfo(self.zone)).date()
        # At the weekend nobody asks about the week that is over.
        day = date_of(self.query.get("day", "")) or today + timedelta(days=2 if today.weekday() > 4 else 0)
        found = await skills.list_skills(self.actor, limit=200, active=True)
        self.known = [(one.name, one.name) for one in found.items]
        self.week = await float_pool.pool_week(
            self.actor,
            day,
            skill=self.query.get("skill", ""),
            level=number_of(self.query.get("level", ""), 1, 5) or 1,
            free_hours=number_of(self.query.get("hours", ""), 0, 168),
            everybody=self.query.get("who") == "all",
        )

    def body(self) -> Markup:
        assign = (
            link("Assign", "/team/float/new", look="filled", key="n") if self.may(P.FLOAT_MANAGE) else None
        )
        return div(
            head("Float pool", assign),
            float_tabs("/team/float", self.may),
            self._weeks(),
            self._search(),
            self._grid(),
        )

    def _weeks(self) -> Markup:
        monday = self.week.monday

        def at(weeks: int) -> str:
            return address(self.path, self.query, day=(monday + timedelta(weeks=weeks)).isoformat())

        days = f"{day_words(monday)} to {day_words(monday + timedelta(days=6))}"
        return div(
            filter_chip("Week before", at(-1), on=False),
            filter_chip(days, at(0), on=True),
            filter_chip("Week after", at(1), on=False),
            cls="filters",
        )

    def _search(self) -> Markup:
        query = self.query
        return form(
            div(
                choice("skill", "Skill", self.known, query.get("skill", ""), prompt="any"),
                choice("level", "At least", LEVELS, query.get("level", "1")),
                field("hours", "Free at least", query.get("hours", ""), unit="h"),
                check("who", "Everybody, not the pool alone", query.get("who") == "all"),
                cls="fields",
            ),
            div(submit("Search", look=""), cls="form-foot"),
            data_do="search_pool",
            data_change="search_pool",
            cls="card",
            style="padding: 12px 16px",
        )

    def _grid(self) -> Markup:
        if not self.week.lines:
            if any(self.query.get(name) for name in ("skill", "hours", "who")):
                return empty("Nobody fits.", "Ask for less: a lower level, fewer hours, or everybody.")
            words = "Tick “In the float pool” on the page of an employee who signs in, under Employees."
            return empty("Nobody is in the float pool.", words, link("Employees", "/team/employees"))
        columns = [Column[PoolLine]("Who", _who, "clip wide"), *self._days()]
        columns.append(
            Column[PoolLine]("Free", lambda one: span(hours(one.free_seconds), cls="figure"), "right")
        )
        columns.append(Column[PoolLine]("", self._assign, "right tight"))
        return table.rows(columns, self.week.lines, key=lambda one: one.user_id, label="Who is free")

    def _days(self) -> list[Column[PoolLine]]:
        return [
            Column[PoolLine](f"{cell.day:%a} {cell.day.day}", _cell_of(number), "tight")
            for number, cell in enumerate(self.week.lines[0].days)
        ]

    def _assign(self, one: PoolLine) -> Child:
        monday = self.week.monday.isoformat()
        href = address(
            "/team/float/new", {}, person=str(one.user_id), week=monday, skill=self.query.get("skill")
        )
        return self.may(P.FLOAT_MANAGE) and link("Assign", href, look="tiny quiet")

    async def do_search_pool(self, event: Event) -> None:
        """Search the pool."""
        who = "all" if event.ticked("who") else ""
        wanted = {name: event.text(name) for name in ("skill", "level", "hours")}
        wanted["level"] = wanted["level"] if wanted["skill"] else ""
        self.go(address(self.path, self.query, **wanted, who=who))


def number_of(text: str, least: int, most: int) -> int:
    """A whole number within bounds; anything else is the least."""
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return least
    return min(max(int(text), least), most)


def _who(one: PoolLine) -> Child:
    under = " · ".join(part for part in (one.team_name, ", ".join(one.skills)) if part)
    name = a(one.name, href=f"/team/employees/{one.employee_id}")
    busy = [chip(reference, "info") for reference in one.engaged]
    return span(name, " ", busy, under and span(under, cls="sub"))


def _cell_of(number: int) -> Callable[[PoolLine], Child]:
    def shown(one: PoolLine) -> Child:
        return _cell(one.days[number])

    return shown


def _cell(cell: DayCell) -> Child:
    if cell.away and cell.working:
        return chip("away", "neutral")
    if not cell.working:
        return span("–", cls="faint")
    if not cell.free:
        return chip("taken", "warn")
    return chip(hours(cell.free), "ok" if cell.free == cell.working else "warn")
