"""The simulation of a table: what its draft would have decided, by outcome then and now, with examples to open."""

from domain.rules.simulation import AT_ONCE, DEFAULT, MOST_DAYS
from services.rules import simulation
from services.rules.simulation import OutcomeCount, SimulationExample, SimulationView
from services.rules.table_views import TableView
from ui.page import Event, Page, optional_identifier
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.forms import choice
from ui.parts.markup import Child, Markup, a, div, form, p, small, span
from ui.parts.progress import bar
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import ago
from ui.work.kinds import place_of

_DAYS = (("7", "7 days"), ("30", "30 days"), ("60", "60 days"), (str(MOST_DAYS), f"{MOST_DAYS} days"))
_EXPLAINED = "The draft is asked the facts of past decisions again. Nothing is written to claims or work: only this result is kept."


class Simulated(Page):
    """What the page of a table adds for its simulations."""

    runs: list[SimulationView]
    run: SimulationView | None = None

    async def load_simulations(self, code: str) -> None:
        """Read the latest runs, and the one that the address names or the newest."""
        self.runs = await simulation.list_simulations(self.actor, code)
        wanted = optional_identifier(self.query.get("run", "")) or next((one.id for one in self.runs), None)
        self.run = await simulation.get_simulation(self.actor, wanted) if wanted else None

    async def do_simulate(self, event: Event) -> None:
        """Ask the draft again what was decided."""
        days = event.text("days")
        run = await simulation.simulate(
            self.actor, self.params["table_code"], int(days) if days.isdigit() else 0
        )
        if run.status == "running":
            self.tell("ok", "The simulation has begun.", "You can leave this page: it goes on.")
        self.go(address(self.here, {}, tab="simulate", run=str(run.id)))

    async def do_stop_simulation(self, event: Event) -> None:
        """End a run; what was counted stays."""
        await simulation.stop_simulation(self.actor, event.id())
        self.tell("ok", "Stopped.", "What was counted so far stays.")


def simulation_markup(page: Simulated, shown: TableView) -> Markup:
    """The tab: how far back, the runs, and what came of the one that is shown."""
    return div(
        p(_EXPLAINED, cls="muted"),
        _form(page, shown),
        _older(page),
        _run(page, page.run, shown) if page.run else _nothing(shown),
        cls="stack",
    )


def _form(page: Simulated, shown: TableView) -> Markup:
    broken = bool(shown.draft.problems)
    return form(
        choice("days", "Decisions of the last", _DAYS, "30", errors=page.errors, required=True),
        submit("Simulate the draft", key="s", disabled=broken),
        broken and small("Mend the marked cells first.", cls="error"),
        data_do="simulate",
        cls="row",
        style="align-items: flex-end",
    )


def _nothing(shown: TableView) -> Markup:
    words = f"Choose how far back to look. Up to {AT_ONCE} decisions are asked at once; more run by themselves while you go on."
    return empty("Not simulated yet.", words)


def _older(page: Simulated) -> Child:
    if len(page.runs) < 2:
        return None
    links = [
        a(
            ago(one.started_at, page.zone),
            f" · {one.days} days · {one.changed:,} changed",
            href=address(page.here, {}, tab="simulate", run=str(one.id)),
            cls="filter on" if page.run and one.id == page.run.id else "filter",
        )
        for one in page.runs
    ]
    return div(links, cls="filters")


def _run(page: Simulated, run: SimulationView, shown: TableView) -> Markup:
    return div(
        _standing(run, shown),
        run.unanswered > 0
        and notice(
            "warn",
            f"{run.unanswered:,} could not be asked.",
            "The draft asks for facts that were not kept with those decisions.",
        ),
        run.source == "claims"
        and run.total > 0
        and notice(
            "info",
            "No decision was kept in these days.",
            "The facts were rebuilt from the claims captured then.",
        ),
        run.outcomes and card("By outcome", _outcomes(run.outcomes), look="flush"),
        run.examples
        and card(f"Examples ({len(run.examples)} of {run.changed:,})", _examples(page, run), look="flush"),
        cls="stack",
    )


def _standing(run: SimulationView, shown: TableView) -> Markup:
    """How far it is, and the result in a sentence."""
    asked = run.done - run.unanswered
    if run.status == "running":
        words = f"{run.done:,} of {run.total:,} {run.source} asked, {run.changed:,} would have come to something else."
        stop = action("Stop", "stop_simulation", look="tiny", data_id=str(run.id))
        return div(bar(run.done, run.total), span(words), stop, cls="row")
    if not run.total:
        return notice(
            "info",
            "Nothing was decided in these days.",
            "Choose more days, or wait until the process has asked.",
        )
    share = f"{100 * run.changed / asked:.1f} %" if asked else "none"
    title = f"{run.changed:,} of {asked:,} {run.source} would have come to something else ({share})."
    stopped = "The run was stopped before its end. " if run.status == "stopped" else ""
    since = "" if shown.draft.version == run.draft_version else "The draft has changed since this run."
    return notice("warn" if since else "info", title, f"{stopped}{since}")


def _outcomes(found: list[OutcomeCount]) -> Markup:
    ordered = sorted(found, key=lambda one: (one.before == one.after, -one.count))
    columns = [
        Column[OutcomeCount]("Was decided", lambda one: _words(one.before), "wide"),
        Column[OutcomeCount]("Would be", lambda one: _words(one.after), "wide"),
        Column[OutcomeCount]("Decisions", lambda one: f"{one.count:,}", "right"),
        Column[OutcomeCount](
            "",
            lambda one: chip("as before", "neutral") if one.before == one.after else chip("changed", "warn"),
            "tight",
        ),
    ]
    return table.rows(columns, ordered, key=lambda one: f"{one.before}>{one.after}", label="Outcomes")


def _words(outcome: str) -> Child:
    return span(outcome, cls="faint") if outcome == DEFAULT else outcome


def _examples(page: Simulated, run: SimulationView) -> Markup:
    columns = [
        Column[SimulationExample]("About", _about, "clip"),
        Column[SimulationExample]("Decided", lambda one: ago(one.decided_at, page.zone), "right tight"),
        Column[SimulationExample]("Was", lambda one: _words(one.before), "wide"),
        Column[SimulationExample]("By row", lambda one: _numbers(one.rows_before), "right tight"),
        Column[SimulationExample]("Would be", lambda one: _words(one.after), "wide"),
        Column[SimulationExample]("By row", lambda one: _numbers(one.rows_after), "right tight"),
    ]
    return table.rows(
        columns, run.examples, key=lambda one: f"{one.subject_id}-{one.decided_at}", label="Examples"
    )


def _numbers(rows: list[int]) -> str:
    return ", ".join(map(str, rows)) or "–"


def _about(one: SimulationExample) -> Child:
    words = one.reference or one.subject_type.replace("_", " ") or "–"
    if one.subject_type == "work_item" and one.subject_id:
        return a(words, href=f"/work?tab=all&item={one.subject_id}")
    href = place_of(one.subject_type, one.subject_id)
    return a(words, href=href) if href else words
