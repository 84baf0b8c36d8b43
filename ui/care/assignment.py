"""Patients whom nobody has, with the best coordinator for each, and the way to rosters that are reckoned anew."""

from uuid import UUID

from domain.care.assignment import NO_LICENCE
from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.care import assignment, optimising
from services.care.assignment import AssignedRow, AssignmentWish, RecommendedView, UnassignedLine
from services.care.optimising import OptimisationFacts, OptimisationLine
from ui.care.tabs import care_tabs
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window, window
from ui.parts.exporting import export_menu
from ui.parts.forms import check, field
from ui.parts.markup import EMPTY, Child, Markup, a, div, li, p, small, span, ul
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import ago

HERE = "/care/assignment"
_EMPTY = (
    "Patients appear here when they are enrolled and on nobody's roster, with the best coordinators for each."
)
_EXPLAINED = (
    "Every patient is weighed with every coordinator. Licences and capacity hold; moving somebody costs continuity."
    " Nothing changes hands by this: you choose what to propose, and somebody else approves it."
)


@page(HERE)
class CareAssignment(Page):
    """Who has nobody, and rosters reckoned anew."""

    title = "Assignment"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = frozenset({"care_enrolments", "care_optimisations"})

    found: Rows[UnassignedLine]
    runs: list[OptimisationLine]

    async def load(self) -> None:
        self.found = await assignment.unassigned(self.actor, cursor=self.query.get("after"))
        self.runs = await optimising.list_optimisations(self.actor)

    def body(self) -> Markup:
        optimise = action("Optimise rosters", "ask_optimise", look="filled", key="o")
        return div(
            head(
                self.title,
                link("Coordinators", f"{HERE}/coordinators", look="quiet"),
                link("Moves", f"{HERE}/moves", look="quiet"),
                optimise,
            ),
            care_tabs(self.actor, HERE),
            self._runs(),
            no_licences(max((one.hindered.get(NO_LICENCE, 0) for one in self.found.items), default=0)),
            card("Without a coordinator", self._list(), action=self._export(), look="flush"),
        )

    def _export(self) -> Child:
        return export_menu("care-unassigned", tiny=True) if self.found.items else None

    def _runs(self) -> Child:
        if not self.runs:
            return None
        columns = [
            Column[OptimisationLine]("Asked", lambda one: a(ago(one.asked_at, self.zone), href=run_path(one.id)), "tight"),
            Column[OptimisationLine]("By", lambda one: one.asked_by_name, "clip"),
            Column[OptimisationLine]("State", run_state, "wide"),
            Column[OptimisationLine]("Patients", lambda one: f"{one.patients:,}", "right tight"),
            Column[OptimisationLine]("Would move", lambda one: f"{one.moves:,}", "right tight"),
            Column[OptimisationLine]("Took", _took, "right tight optional-column"),
        ]  # fmt: skip
        rows = table.rows(
            columns,
            self.runs,
            href=lambda one: run_path(one.id),
            key=lambda one: one.id,
            label="Rosters reckoned anew",
        )
        export = export_menu("care-optimisations", tiny=True)
        return card("Rosters reckoned anew", rows, action=export, look="flush")

    def _list(self) -> Markup:
        if not self.found.items:
            return empty("Everybody has a coordinator.", _EMPTY, link("Enrolments", "/care/enrolments"))
        columns = [
            Column[UnassignedLine]("Patient", _name, "tight"),
            Column[UnassignedLine]("Programme", lambda one: one.line.programme.upper(), "tight"),
            Column[UnassignedLine]("Practice", lambda one: one.line.client_name, "clip optional-column"),
            Column[UnassignedLine]("Needs", lambda one: small(", ".join(one.needs) or "–"), "wrap"),
            Column[UnassignedLine]("Best", best_cell, "wrap"),
            Column[UnassignedLine]("", self._ways, "right tight"),
        ]
        rows = table.rows(
            columns,
            self.found.items,
            key=lambda one: one.line.id,
            pick=True,
            label="Patients without a coordinator",
        )
        bar = action(
            "Assign to the best", "assign_best", key="a", data_key_words="Assign what is selected to the best"
        )
        bulk = div(span("", data_bulk_count=True), bar, cls="bulk", data_bulk=True, hidden=True)
        return div(rows, table.pager(self.path, self.query, self.found.next, len(self.found.items)), bulk)

    def _ways(self, one: UnassignedLine) -> Child:
        others = link("Others", f"/care/{one.line.id}/assign", look="quiet")
        if not one.best:
            return others
        return span(others, " ", action("Assign", "assign", look="quiet", data_id=str(one.line.id)))

    async def do_assign(self, event: Event) -> None:
        """Assign one patient to the best."""
        await self._assign([event.id()])

    async def do_assign_best(self, event: Event) -> None:
        """Assign those selected, each to the best for them."""
        await self._assign([identifier(one) for one in event.selected])

    async def _assign(self, ids: list[UUID]) -> None:
        wishes = [
            AssignmentWish(one.line.id, one.best[0].coordinator_id)
            for one in self.found.items
            if one.line.id in ids and one.best
        ]
        if not wishes:
            self.tell(
                "info", "Nobody is selected who can be assigned.", "Tick patients with somebody under Best."
            )
            return
        rows = await assignment.assign_many(self.actor, wishes)
        refused = [one for one in rows if one.code]
        words = f"{len(rows) - len(refused)} of {len(rows)} assigned."
        self.tell("warn" if refused else "ok", words, "Their coordinators are told.")
        if refused:
            self.dialog = window(words, self._refusals(refused))

    def _refusals(self, refused: list[AssignedRow]) -> Markup:
        names = {one.line.id: one.line.patient_name for one in self.found.items}
        return ul(li(names.get(one.enrolment_id, ""), ": ", one.message) for one in refused)

    async def do_ask_optimise(self, event: Event) -> None:
        """Ask how far the rosters may change."""
        moves = field(
            "most_moves", "Change hands at most", self.typed.get("most_moves", ""), kind="number", unit="patients",
            errors=self.errors, hint="Empty: as many as it is worth",
        )  # fmt: skip
        only = check("only_unassigned", "Only place those who have nobody", False)
        body = div(moves, only, cls="fields")
        self.dialog = form_window("Optimise rosters", "optimise", "Begin", body, explanation=_EXPLAINED)

    async def do_optimise(self, event: Event) -> None:
        """Begin."""
        typed = event.text("most_moves")
        most = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1 if typed else None
        made = await optimising.optimise(self.actor, OptimisationFacts(most, event.ticked("only_unassigned")))
        self.dialog = EMPTY
        self.go(run_path(made.line.id))


def run_path(id: UUID) -> str:
    """The page of a reckoning."""
    return f"{HERE}/rosters/{id}"


def run_state(one: OptimisationLine) -> Child:
    """Where a reckoning stands."""
    phase = small(f" {one.phase_label}") if one.phase_label else None
    wishes = [f"at most {one.most_moves} moves"] if one.most_moves is not None else []
    wishes += ["only those with nobody"] if one.only_unassigned else []
    return span(
        chip(one.status_label, one.tone), phase, wishes and small(f" {', '.join(wishes)}", cls="faint")
    )


def _took(one: OptimisationLine) -> str:
    return "–" if one.milliseconds is None else f"{one.milliseconds / 1000:.1f} s"


def _name(one: UnassignedLine) -> Child:
    gone = one.line.coordinator_name
    return (
        a(one.line.patient_name, href=f"/care/{one.line.id}"),
        gone and p(small(f"still with {gone}, who cannot any more", cls="faint")),
    )


def best_cell(one: UnassignedLine) -> Child:
    """The best coordinator with what speaks for them; or that nobody can."""
    if not one.best:
        why = (
            ", ".join(f"{count} {why}" for why, count in one.hindered.items()) or "nobody takes patients yet"
        )
        return span(chip("nobody can", "bad"), p(small(why, cls="faint")))
    return span(one.best[0].name, p(small(reasons(one.best[0]), cls="faint")))


def no_licences(who: int | list[str]) -> Child:
    """That some are recommended to nobody because nobody said where they are licensed, and what to do about it."""
    if not who:
        return None
    of = ", ".join(who) if isinstance(who, list) else "1 coordinator" if who == 1 else f"{who} coordinators"
    words = "They are recommended for no patient whose state is known. Enter the states they are licensed in."
    return notice(
        "warn", f"No licence was entered for {of}.", words, link("Coordinators", f"{HERE}/coordinators")
    )


def reasons(one: RecommendedView) -> str:
    """The three weightiest reasons for, and the weightiest against."""
    against = f" · but {one.speaks_against[0]}" if one.speaks_against else ""
    return ", ".join(one.speaks_for[:3]) + against
