"""The manager's view: a month by team, coordinator, patient and day, with the entries behind every figure."""

from datetime import timedelta

from policies.permissions import Permission as P
from services.care import team, team_entries, team_targets
from services.care.team_views import (
    CoordinatorLine,
    Escalation,
    HeavyPatient,
    TargetLine,
    TeamLine,
    TeamMonth,
)
from ui.care.tabs import care_tabs
from ui.care.team_charts import coordinators_chart, days_chart, teams_chart
from ui.care.team_targets import SetsTargets
from ui.care.words import clock
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, link, menu
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.exporting import export_entries
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day, due, exact

# So many patients beyond their share stand on the page at first; all of them are one click away.
FEW = 12
_EMPTY = (
    "Once patients have consented to a programme, minutes by team, coordinator and day are counted here, and it is said"
    " who carries too much."
)


@page("/care/team")
class CareTeam(SetsTargets):
    """A month of the whole company."""

    title = "Manager"
    nav = "care"
    permission = P.CARE_MANAGE
    # It watches nothing: a whole company writes all day, and each look reckons the month of everybody anew.
    found: TeamMonth
    asked: str | None = None
    late: list[Escalation]
    targets: list[TargetLine]

    async def load(self) -> None:
        if self.stale or self.asked != self.query.get("month", ""):
            self.asked = self.query.get("month", "")
            self.found = await team.team_month(self.actor, self.asked)
            self.stale = False
        self.late = await team_entries.escalations(self.actor)
        self.targets = await team_targets.list_targets(self.actor)

    async def do_again(self, event: Event) -> None:
        """Reckon the month anew."""
        self.stale = True

    @property
    def month(self) -> str:
        """The month as its address carries it."""
        return f"{self.found.month:%Y-%m}"

    def body(self) -> Markup:
        found = self.found
        under = span(
            "Reckoned ", exact(found.made_at, self.zone), "; each figure opens the entries behind it"
        )
        top = (
            head(f"Care in {found.month:%B %Y}", *self._ways(), under=under),
            care_tabs(self.actor, self.path),
        )
        if not found.patients:
            return div(*top, empty("Nobody was in care in this month.", _EMPTY), self._late())
        left = div(card("Coordinators", coordinators_chart(found, self._coordinators())), self._heavy())
        right = div(
            card("Day by day", days_chart(found, self.month)),
            card("Teams", teams_chart(found, self._teams(), self.month)),
            self._late(),
            self._targets(),
        )
        return div(*top, self._tiles(), div(left, right, cls="columns"))

    def _ways(self) -> list[Child]:
        first = self.found.month
        before, after = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
        query = {"month": self.month}
        exports = [
            line
            for name, of in (
                ("care-team", "Coordinators"),
                ("care-team-patients", "Patients beyond their share"),
                ("care-team-days", "Days"),
                ("care-targets", "Targets"),
            )
            for line in export_entries(name, query, of)
        ]
        return [
            action("Reckon again", "again", look="quiet", key="r"),
            link("Month before", f"{self.path}?month={before:%Y-%m}", look="quiet", key="["),
            link("Month after", f"{self.path}?month={after:%Y-%m}", look="quiet", key="]"),
            menu("Export", *exports, label="Export", look="button quiet"),
        ]

    def _tiles(self) -> Markup:
        found = self.found
        rate = f"{100 * found.reached / found.by_minutes:.0f} %" if found.by_minutes else "–"
        under = (
            f"{found.reached:,} of {found.by_minutes:,} by minutes"
            if found.by_minutes
            else "nobody is billed by minutes"
        )
        late = len(self.late)
        return div(
            _tile("Reached the first code", rate, under),
            _tile(
                "Counted", _hours(found.counted_seconds), "hours", f"{self.path}/entries?month={self.month}"
            ),
            _tile("Still missing", _hours(found.missing_seconds), "hours to everybody's first code", "/care"),
            _tile("Beyond their share", str(len(found.heavy)), "patients"),
            _tile("On nobody's roster", str(found.unassigned), "patients", "/care/assignment"),
            _tile("Past their time", str(late), "items of care"),
            cls="tiles",
        )

    def _entries(self, **of: object) -> str:
        return f"{self.path}/entries?month={self.month}" + "".join(
            f"&{name}={value}" for name, value in of.items()
        )

    def _coordinators(self) -> Markup:
        columns = [
            Column[CoordinatorLine](
                "Coordinator",
                lambda one: a(one.name, href=self._entries(staff=one.user_id), title=one.team_name or None),
                "clip wide",
            ),
            Column[CoordinatorLine](
                "Patients",
                lambda one: a(str(one.patients), href=f"/care?coordinator={one.user_id}"),
                "right tight",
            ),
            Column[CoordinatorLine]("Reached", _reached, "right tight"),
            Column[CoordinatorLine]("Counted", lambda one: clock(one.counted_seconds), "right tight"),
            Column[CoordinatorLine](
                "Missing", lambda one: clock(one.missing_seconds), "right tight optional-column"
            ),
            Column[CoordinatorLine](
                "Hours left", lambda one: _left(one.left_seconds), "right tight roomy-column"
            ),
            *([Column[CoordinatorLine]("Target", _target, "right tight")] if self.targets else []),
            Column[CoordinatorLine]("Load", _load, "tight"),
        ]
        return table.rows(
            columns,
            self.found.coordinators,
            href=lambda one: self._entries(staff=one.user_id),
            key=lambda one: one.user_id,
            label="Coordinators",
        )

    def _teams(self) -> Markup:
        columns = [
            Column[TeamLine](
                "Team",
                lambda one: a(one.name, href=self._entries(team=one.team_id)) if one.team_id else one.name,
                "clip wide",
            ),
            Column[TeamLine]("People", lambda one: str(one.people), "right tight"),
            Column[TeamLine]("Patients", lambda one: str(one.patients), "right tight"),
            Column[TeamLine]("Counted", lambda one: clock(one.counted_seconds), "right tight"),
        ]
        return table.rows(columns, self.found.teams, key=lambda one: one.team_id or "none", label="Teams")

    def _heavy(self) -> Markup:
        title = "Patients beyond their share"
        if not self.found.heavy:
            words = "Nobody takes far more than the first code's time and far more than their peers."
            return card(title, p(words, cls="faint"))
        columns = [
            Column[HeavyPatient](
                "Patient", lambda one: a(one.patient_name, href=self._patient(one)), "clip wide"
            ),
            Column[HeavyPatient]("Programme", lambda one: one.programme.upper(), "tight"),
            Column[HeavyPatient]("Counted", lambda one: clock(one.counted_seconds), "right tight"),
            Column[HeavyPatient](
                "Of the first code", lambda one: _times(one.times_threshold, one), "right tight"
            ),
            Column[HeavyPatient](
                "Of the peers' median", lambda one: _times(one.times_peers, one), "right tight"
            ),
            Column[HeavyPatient](
                "Coordinator", lambda one: one.coordinator_name or "–", "clip optional-column"
            ),
        ]
        whole, shown = len(self.found.heavy), self.found.heavy
        if "heavy" not in self.query:
            shown = shown[:FEW]
        rows = table.rows(columns, shown, href=self._patient, key=lambda one: one.enrolment_id, label=title)
        more = None
        if len(shown) < whole:
            more = a(f"All {whole}", href=address(self.path, self.query, heavy="all"))
        return card(f"{title}: {whole}", rows, action=more, look="flush")

    def _patient(self, one: HeavyPatient) -> str:
        return f"/care/{one.enrolment_id}?month={self.month}"

    def _late(self) -> Markup:
        if not self.late:
            return card("Past their time", p("Nothing of care is past its time.", cls="faint"))
        columns = [
            Column[Escalation](
                "What",
                lambda one: a(one.title, href=f"/work?tab=all&item={one.item_id}", title=one.kind_label),
                "clip wide",
            ),
            Column[Escalation]("Due", lambda one: due(one.due_at, self.zone), "right tight"),
            Column[Escalation]("Escalated to", _told, "clip tight"),
        ]
        rows = table.rows(columns, self.late, key=lambda one: one.item_id, label="Past their time")
        return card(f"Past their time: {len(self.late)}", rows, look="flush")

    def _targets(self) -> Markup:
        new = action("Set a target", "ask_target", look="", key="t")
        if not self.targets:
            words = (
                "Minutes and reached patients to aim for, for everybody, a team or a person, from a day on."
            )
            return card("Targets", p(words, cls="faint"), action=new)
        columns = [
            Column[TargetLine]("For", lambda one: one.whose, "clip wide"),
            Column[TargetLine]("From", lambda one: day(one.since), "right tight"),
            Column[TargetLine]("Minutes", lambda one: f"{one.minutes:,}", "right tight"),
            Column[TargetLine]("Reached", lambda one: f"{one.reached_percent} %", "right tight"),
        ]
        rows = table.rows(columns, self.targets, key=lambda one: one.id, label="Targets")
        return card("Targets", rows, action=new, look="flush")


def _tile(words: str, figure: str, under: str, href: str = "") -> Markup:
    inside = (small(words), span(figure, cls="value"), small(under))
    return a(*inside, href=href, cls="tile") if href else div(*inside, cls="tile")


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:,.0f}"


def _times(figure: float, one: HeavyPatient) -> Child:
    return (
        span(f"{figure:.1f} ×", title=one.reckoned) if figure else span("–", cls="faint", title=one.reckoned)
    )


def _left(seconds: int | None) -> Child:
    return span("–", cls="faint") if seconds is None else f"{seconds / 3600:,.0f} h"


def _reached(one: CoordinatorLine) -> Child:
    return f"{one.reached} of {one.by_minutes}" if one.by_minutes else span("–", cls="faint")


def _load(one: CoordinatorLine) -> Child:
    share = small(f" {100 * one.share:.0f} %") if one.share is not None else None
    return span(chip(one.load_label, one.tone, one.reckoned), share)


def _target(one: CoordinatorLine) -> Child:
    if one.target is None:
        return span("–", cls="faint")
    minutes = one.counted_seconds // 60
    met = minutes >= one.target.minutes and (
        not one.by_minutes or one.reached * 100 >= one.target.reached_percent * one.by_minutes
    )
    about = f"{one.target.whose}, from {one.target.since.isoformat()}: {one.target.minutes:,} minutes and {one.target.reached_percent} % reached"
    return span(f"{minutes:,} of {one.target.minutes:,}", " ", chip("met", "ok") if met else "", title=about)


def _told(one: Escalation) -> Child:
    if one.escalated_at is None:
        return small("not yet", cls="faint")
    if not one.told:
        return small("nobody above", cls="faint")
    words = ", ".join(one.told)
    return span(words, title=words)
