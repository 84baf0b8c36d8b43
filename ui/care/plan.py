"""A patient's care plan as it stands: every element, how far the goals have come, versions, and the patient's copy."""

from domain.care.plan import AIMS, ELEMENTS, PROGNOSES, TEXTS, Goal, Intervention
from domain.care.plan_changes import problem_words
from policies.permissions import Permission as P
from services import documents
from services.care import enrolments, plans
from services.care.plan_rows import GoalProgress, PlanVersion
from services.documents import DocumentLine
from ui.care.plan_acts import ActsOnPlan
from ui.page import page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.documents import documents_card
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.states import Loaded, empty, notice, shown
from ui.parts.table import Column
from ui.parts.times import ago, day, day_words

Aimed = tuple[Goal, GoalProgress]
_EMPTY = (
    "Conditions, goals with their measures, assessments and who does what appear here. The first complete version makes"
    " the enrolment active."
)


@page("/care/{care_id}/plan")
class CarePlanPage(ActsOnPlan):
    """The plan of one enrolment; `?version=` shows an older one."""

    title = "Care plan"
    nav = "care"
    permission = P.CARE_VIEW
    watches = frozenset({"care_plans", "care_enrolments", "documents"})

    copies: Loaded[list[DocumentLine]]

    async def load(self) -> None:
        asked = self.query.get("version", "")
        self.one = await enrolments.get_care(self.actor, self.id("care_id"))
        version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
        self.shown = await plans.get_plan(self.actor, self.one.id, version)
        self.copies = await self.read(documents.documents_of, "care_enrolment", self.one.id)

    def body(self) -> Markup:
        crumbs = (("Care", "/care"), (self.one.patient_name, f"/care/{self.one.id}"))
        if not self.shown.version:
            return div(
                head(self.title, crumbs=crumbs),
                self._standing(),
                empty("There is no care plan yet.", _EMPTY, self._write()),
            )
        left = div(self._aims(), self._goals(), self._interventions(), self._texts())
        right = div(self._review(), self._versions(), self._copies())
        look = ("complete", "ok") if self.shown.complete else ("incomplete", "warn")
        title = (f"Care plan, version {self.shown.version}", chip(*look))
        under = f"{self.one.patient_name} · {self.one.programme_label} · {self.one.client_name}"
        return div(
            head(title, *self._actions(), under=under, crumbs=crumbs),
            self._standing(),
            div(left, right, cls="columns"),
        )

    def _write(self) -> Child:
        if not self.may(P.CARE_RECORD):
            return None
        words = "Revise" if self.shown.newest else "Write the plan"
        return link(words, f"{self.here}/edit", look="filled", key="e")

    def _actions(self) -> list[Child]:
        """Revising is the next step; an old version can only come back."""
        if not self.may(P.CARE_RECORD):
            return []
        if self.shown.version != self.shown.newest:
            newest = link("The newest version", self.here, look="quiet")
            back = action("Bring this version back", "ask_restore", look="filled", key="b")
            return [newest, back if self.shown.writable else None]
        rest = more(
            entry("Make the patient's copy", "copy"),
            entry("The copy was handed over", "ask_hand_over"),
        )
        return [self._write(), rest if self.shown.in_force else None]

    def _standing(self) -> Child:
        found = self.shown
        if found.version != found.newest:
            return notice("info", "This is an old version.", f"Version {found.newest} is the newest.")
        notices = []
        if found.overdue:
            since = found.due_on if found.overdue == "plan overdue" else found.review_on
            words = (
                "The plan is overdue."
                if found.overdue == "plan overdue"
                else "The plan should have been reviewed."
            )
            notices.append(notice("bad", words, ("It was due ", day(since), ".")))
        if found.version and found.gaps:
            elements = ", ".join(dict.fromkeys(one.element.lower() for one in found.gaps))
            title = "This version is not complete." if not found.complete else "Something needs another look."
            notices.append(notice("warn", title, f"See {elements}."))
        if found.in_force and all(one.version != found.in_force for one in found.given):
            words = f"Version {found.in_force} was not handed over yet."
            notices.append(notice("warn", "The patient has no copy.", words))
        return div(notices)

    def _aims(self) -> Markup:
        plan = self.shown.plan
        problems = ol([li(problem_words(one)) for one in plan.problems]) if plan.problems else _nothing()
        facts = table.facts(
            (ELEMENTS["prognosis"], PROGNOSES.get(plan.prognosis, "–")),
            (ELEMENTS["outcome"], plan.outcome or "–"),
        )
        return card("Problem list and outlook", div(problems, facts, cls="stack"))

    def _goals(self) -> Markup:
        rows: list[Aimed] = list(zip(self.shown.plan.goals, self.shown.progress, strict=True))
        if not rows:
            return card("Goals", _nothing())
        columns = [
            Column[Aimed]("Goal", lambda one: span(one[0].words, small(f" · {one[0].measure}")), "wide wrap"),
            Column[Aimed]("From", lambda one: one[0].start or "–", "right tight optional-column"),
            Column[Aimed]("Now", lambda one: _measured(one[0]), "right tight"),
            Column[Aimed](
                "Target",
                lambda one: f"{AIMS.get(one[0].aim, '')} {one[0].target} {one[0].unit}",
                "right",
            ),
            Column[Aimed]("By", lambda one: day(one[0].by), "right tight"),
            Column[Aimed]("Progress", lambda one: _course(one[1]), "tight"),
        ]
        return card(
            "Goals", table.rows(columns, rows, key=lambda one: one[1].number, label="Goals"), look="flush"
        )

    def _interventions(self) -> Markup:
        rows = self.shown.plan.interventions
        if not rows:
            return card(ELEMENTS["interventions"], _nothing())
        columns = [
            Column[tuple[int, Intervention]]("What is done", lambda one: one[1].words, "wide wrap"),
            Column[tuple[int, Intervention]]("How often", lambda one: one[1].often or "–", "clip"),
            Column[tuple[int, Intervention]](
                "Who is responsible", lambda one: one[1].responsible or "–", "clip"
            ),
        ]
        listed = list(enumerate(rows))
        return card(
            ELEMENTS["interventions"],
            table.rows(columns, listed, key=lambda one: one[0], label="Interventions"),
            look="flush",
        )

    def _texts(self) -> Markup:
        names = [name for name in TEXTS if name != "outcome"]
        told = [(ELEMENTS[name], _lines(getattr(self.shown.plan, name))) for name in names]
        return card("Assessments and coordination", table.facts(*told, look="two"))

    def _review(self) -> Markup:
        found = self.shown
        given = [
            li(
                p(f"Version {one.version}: {one.how_label.lower()}"),
                small(day(one.on), " · ", one.given_to or one.by_name),
            )
            for one in found.given
        ]
        reach = found.contact_line or span("not said yet", cls="faint")
        return card(
            "Review and copy",
            table.facts(
                (ELEMENTS["review_on"], day(found.plan.review_on)), ("Reached at any hour", reach), look="one"
            ),
            ol(given, cls="timeline") if given else p("No copy was handed over yet.", cls="faint"),
        )

    def _versions(self) -> Markup:
        lines = [li(self._version(one)) for one in self.shown.versions]
        two = len(self.shown.versions) > 1
        before, after = max(self.shown.version - 1, 1), max(self.shown.version, 2)
        ways = link("Compare", f"{self.here}/compare?before={before}&after={after}", look="quiet", key="v")
        return card("Versions", ol(lines, cls="timeline"), action=ways if two else None)

    def _version(self, one: PlanVersion) -> Child:
        words = f"Version {one.version}"
        here = one.version == self.shown.version
        name = words if here else a(words, href=f"{self.here}?version={one.version}")
        state = "" if one.complete else " · incomplete"
        back = f" · brings back version {one.restores}" if one.restores else ""
        since = one.in_force_on != one.stored_on and (" · in force since ", day(one.in_force_on))
        about = small(one.stored_by_name, " · ", ago(one.stored_at, self.zone), state, back, since)
        return div(p(name, one.why and small(f": {one.why}")), about)

    def _copy(self) -> Child:
        if not (self.shown.in_force and self.may(P.CARE_RECORD)):
            return None
        return action("Make a copy", "copy", look="tiny", key="p")

    def _copies(self) -> Markup:
        return shown(
            self.copies,
            lambda found: documents_card(found, self.zone, title="Patient's copies", action=self._copy()),
        )


def _nothing() -> Markup:
    return p("Nothing was said of this yet.", cls="faint")


def _lines(text: str) -> Child:
    return [p(line) for line in text.split("\n")] if text else span("–", cls="faint")


def _measured(goal: Goal) -> Child:
    if goal.latest and goal.measured_on:
        return span(goal.latest, title=f"Measured on {day_words(goal.measured_on)}")
    return goal.latest or "–"


def _course(one: GoalProgress) -> Child:
    share = small(f" {one.share} %") if one.share is not None else None
    return span(chip(one.label, one.tone), share)
