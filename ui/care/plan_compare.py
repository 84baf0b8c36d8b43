"""Two versions of a care plan side by side: what changed is marked, what did not is folded away."""

from policies.permissions import Permission as P
from services.care import enrolments, plans
from services.care.plan_rows import PlanComparison, PlanDifference, PlanVersion, PlanView
from services.care.views import CareView
from ui.page import Event, Page, page
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.forms import choice
from ui.parts.markup import Child, Markup, div, form, p, small, span
from ui.parts.states import empty
from ui.parts.times import day


@page("/care/{care_id}/plan/compare")
class ComparePlans(Page):
    """Two versions, chosen in the address."""

    title = "Versions side by side"
    nav = "care"
    permission = P.CARE_VIEW
    watches = frozenset({"care_plans"})

    one: CareView
    shown: PlanView
    both: PlanComparison | None = None

    async def load(self) -> None:
        self.one = await enrolments.get_care(self.actor, self.id("care_id"))
        self.shown = await plans.get_plan(self.actor, self.one.id)
        newest = self.shown.newest
        before = self._number("before", max(newest - 1, 1))
        after = self._number("after", newest)
        self.both = await plans.compare_plans(self.actor, self.one.id, before, after) if newest else None

    def _number(self, name: str, usual: int) -> int:
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual

    def body(self) -> Markup:
        place = f"/care/{self.one.id}"
        crumbs = (("Care", "/care"), (self.one.patient_name, place), ("Care plan", f"{place}/plan"))
        back = link("Back to the plan", f"{place}/plan", look="quiet")
        if self.both is None:
            words = "Two versions of a plan can be compared once there are two."
            return div(head(self.title, back, crumbs=crumbs), empty("There is nothing to compare.", words))
        changed = [one for one in self.both.differences if one.changed]
        same = [one.label.lower() for one in self.both.differences if not one.changed]
        return div(
            head(
                self.title,
                back,
                crumbs=crumbs,
                under=f"{len(changed)} of {len(self.both.differences)} elements differ",
            ),
            self._choice(),
            [self._difference(self.both, one) for one in changed],
            p(f"Unchanged: {', '.join(same)}.", cls="muted") if same else None,
        )

    def _choice(self) -> Markup:
        assert self.both
        names = [(str(one.version), f"Version {one.version}") for one in self.shown.versions]
        chosen = (self.both.before.version, self.both.after.version)
        return form(
            choice("before", "Before", names, chosen[0], required=True, data_change="choose"),
            choice("after", "After", names, chosen[1], required=True, data_change="choose"),
            cls="filters",
            data_do="choose",
        )

    async def do_choose(self, event: Event) -> None:
        """Compare two others."""
        self.go(f"{self.here}?before={event.text('before')}&after={event.text('after')}")

    def _difference(self, both: PlanComparison, one: PlanDifference) -> Markup:
        sides = (
            _side(both.before, one.before, one.after, "before"),
            _side(both.after, one.after, one.before, "after"),
        )
        return card(one.label, div(sides, cls="halves"))


def _side(version: PlanVersion, lines: list[str], others: list[str], side: str) -> Child:
    """One side: lines that the other has not are marked, in words for those who see no colour."""
    title = small(f"Version {version.version}, ", day(version.stored_on), cls="faint")
    told = "taken out" if side == "before" else "added"
    shown = [
        p(line, line not in others and small(f" ({told})", cls="faint"), cls=_look(line in others, side))
        for line in lines
    ]
    return div(title, shown or p(span("nothing", cls="faint")))


def _look(same: bool, side: str) -> str | None:
    return None if same else "taken" if side == "before" else "put"
