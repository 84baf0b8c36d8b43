"""Rosters reckoned anew: how far it is, before and after, and each patient who would change hands, to be struck out."""

from datetime import date

from domain.care.optimisation import PHASES
from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.care import optimised_moves, optimising
from services.care.optimised_moves import MoveRow
from services.care.optimising import OptimisationView, RosterLine
from ui.care.assignment import run_state
from ui.care.tabs import care_tabs
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, menu
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_entries
from ui.parts.forms import field, hidden, long_text
from ui.parts.markup import Child, Markup, a, div, li, p, small, span, ul
from ui.parts.progress import bar
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import ago

_EXPLAINED = (
    "Somebody else approves it first. With a day it is for a time: everybody returns on it by themselves."
)
ROWS = 100


@page("/care/assignment/rosters/{optimisation_id}")
class OptimisedRosters(Page):
    """One reckoning."""

    title = "Optimised rosters"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = frozenset({"care_optimisations", "care_enrolments"})

    found: OptimisationView
    rows: Rows[MoveRow]

    async def load(self) -> None:
        id = self.id("optimisation_id")
        self.found = await optimising.get_optimisation(self.actor, id)
        self.rows = await optimised_moves.optimised_moves(self.actor, id, self.query.get("after"), ROWS)

    def body(self) -> Markup:
        line = self.found.line
        moving = self.found.possible
        propose = (
            action(f"Propose {_moves(moving)}", "ask_propose", look="filled", key="p") if moving else None
        )
        export = self._export() if self.found.rosters else None
        under = (run_state(line), span("asked by ", line.asked_by_name, " ", ago(line.asked_at, self.zone)))
        return div(
            head(self.title, export, propose, under=under, crumbs=(("Assignment", "/care/assignment"),)),
            care_tabs(self.actor, "/care/assignment"),
            *self._state(),
            *(self._found() if self.found.rosters else []),
        )

    def _export(self) -> Markup:
        run = str(self.found.line.id)
        moves = export_entries("care-optimised", of="Who would change hands", run=run)
        rosters = export_entries("care-optimised-rosters", of="Rosters before and after", run=run)
        return menu("Export", *moves, *rosters, label="Export", look="button quiet")

    def _state(self) -> list[Child]:
        line = self.found.line
        if line.status == "running":
            done = bar(list(PHASES).index(line.phase), len(PHASES))
            return [notice("info", line.phase_label, span("You can leave this page meanwhile. ", done))]
        if line.status == "failed":
            return [notice("bad", "It failed.", "Nothing was changed; begin again, or see the incident.")]
        if self.found.obstacles:
            words = ul(li(one) for one in self.found.obstacles)
            title = "A rule is in the way."
            return [
                notice("bad", title, div(words, p("What is possible without breaking one is shown below.")))
            ]
        return []

    def _found(self) -> list[Child]:
        return [self._sums(), card("Who would change hands", self._moves(), look="flush"),
                card("Rosters before and after", self._rosters(), look="flush")]  # fmt: skip

    def _sums(self) -> Markup:
        one, line = self.found, self.found.line
        before, after = _spread(one.rosters)
        out = f"; {one.struck:,} struck out" if one.struck else ""
        return card(
            "Before and after",
            table.facts(
                ("Patients who change hands", f"{line.moves:,} of {line.patients:,}, and {one.placed:,} who had nobody{out}"),
                ("Spoken to in their language", f"{one.languages_before} → {one.languages_after} of {one.languages_needed}"),
                ("Rosters filled, by risk", f"{before} → {after}"),
                ("Cost", f"{one.cost_before / 100:,.0f} → {one.cost_after / 100:,.0f}; none can be below {one.bound / 100:,.0f}"),
                ("Weights", one.weights_from or "the usual ones"),
            ),
        )  # fmt: skip

    def _moves(self) -> Markup:
        if not self.rows.items:
            return p("Nobody: the rosters are as good as they can be.", cls="muted pad")
        columns = [
            Column[MoveRow](
                "Patient", lambda one: a(one.patient_name, href=f"/care/{one.enrolment_id}"), "tight"
            ),
            Column[MoveRow]("From", lambda one: one.from_name or small("nobody", cls="faint"), "tight"),
            Column[MoveRow]("To", lambda one: one.to_name, "tight"),
            Column[MoveRow]("Why", _why, "wrap"),
        ]
        shown = self.rows.items
        rows = table.rows(
            columns,
            shown,
            key=lambda one: one.enrolment_id,
            pick=True,
            label="Who would change hands",
        )
        bulk = div(
            span("", data_bulk_count=True),
            action("Strike out", "strike", key="x"),
            action("Take back in", "take_back", key="z"),
            action("Propose these alone", "ask_propose", key="y", data_only="true"),
            cls="bulk",
            data_bulk=True,
            hidden=True,
        )
        return div(rows, table.pager(self.here, self.query, self.rows.next, len(shown)), bulk)

    def _rosters(self) -> Markup:
        columns = [
            Column[RosterLine]("Coordinator", lambda one: one.name, "clip wide"),
            Column[RosterLine]("Before", lambda one: str(one.before), "right tight"),
            Column[RosterLine]("After", lambda one: str(one.after), "right tight"),
            Column[RosterLine]("At most", lambda one: str(one.most), "right tight"),
            Column[RosterLine]("By risk before", lambda one: f"{one.load_before:g}", "right tight"),
            Column[RosterLine]("By risk after", lambda one: f"{one.load_after:g}", "right tight"),
        ]
        return table.rows(columns, self.found.rosters, key=lambda one: one.coordinator_id, label="Rosters")

    async def do_strike(self, event: Event) -> None:
        """Strike out what is selected; it stays so, whoever looks."""
        await self._strike(event, struck=True)

    async def do_take_back(self, event: Event) -> None:
        """Take back in what is selected."""
        await self._strike(event, struck=False)

    async def _strike(self, event: Event, *, struck: bool) -> None:
        chosen = [identifier(one) for one in event.selected]
        out = await optimised_moves.strike_moves(self.actor, self.found.line.id, chosen, struck=struck)
        self.tell("ok", f"{out:,} struck out." if out else "Nobody is struck out.")

    async def do_ask_propose(self, event: Event) -> None:
        """Ask for the reason, and until when; what alone is wanted travels along."""
        only = self._only(event)
        wanted = [one for one in self.rows.items if str(one.enrolment_id) in only]
        left = sum(not one.stale and not one.struck for one in wanted) if only else self.found.possible
        typed = self.typed if self.errors else {}
        body = div(
            hidden("only", ",".join(only)),
            long_text(
                "reason", "Why", typed.get("reason", ""), errors=self.errors, required=True, autofocus=True
            ),
            field(
                "until",
                "Until",
                typed.get("until", ""),
                kind="date",
                errors=self.errors,
                hint="Empty: for good",
            ),
            cls="fields",
        )
        self.dialog = form_window(
            f"Propose {_moves(left)}", "propose", "Propose", body, explanation=_EXPLAINED
        )

    def _only(self, event: Event) -> list[str]:
        """Who alone is to be proposed; nobody named is everybody who is not struck out."""
        if self.errors:
            return [one for one in event.text("only").split(",") if one]
        return list(event.selected) if event.args.get("only") else []

    async def do_propose(self, event: Event) -> None:
        """Propose it."""
        only = [identifier(one) for one in event.text("only").split(",") if one] or None
        until: date | None = date_of(event.text("until"))
        move = await optimising.propose_optimised(
            self.actor, self.found.line.id, [], event.text("reason"), until, only
        )
        self.go(f"/care/assignment/moves/{move.id}")


def _moves(number: int) -> str:
    return "1 move" if number == 1 else f"{number:,} moves"


def _why(one: MoveRow) -> Child:
    if one.struck:
        return span(chip("Struck out", "neutral"), " ", small("; ".join(one.why), cls="faint"))
    if one.under_way:
        return small(f"{one.under_way} moves them already: left out", cls="faint")
    if one.stale:
        return small("has moved or ended since: left out", cls="faint")
    return small("; ".join(one.why) or "evens out the load", cls="faint")


def _spread(rosters: list[RosterLine]) -> tuple[str, str]:
    """The least and the most filled roster of those who have patients, by risk, before and after."""
    told = []
    for loads in (
        [(one.load_before, one.most) for one in rosters],
        [(one.load_after, one.most) for one in rosters],
    ):
        filled = [100 * load / most for load, most in loads if load and most]
        told.append(f"{min(filled):.0f} % to {max(filled):.0f} %" if filled else "none")
    return told[0], told[1]
