"""One patient in care: the clock, the month with its reasons, what was told of the enrolment, and what can be told now."""

from domain.care.enrolment import CONSENTED, PROCESS, Step
from domain.processes import draw
from policies.permissions import Permission as P
from services.care import enrolments, forecasts, outreach, roster, tasks
from services.care.forecast_views import PatientForecast
from services.care.outreach import OutreachView
from services.care.tasks import TaskView
from services.care.views import CareNewsLine
from ui.care.forecast_card import forecast_card
from ui.care.moments import month_asked
from ui.care.month import month_cards
from ui.care.reaching import Reaches, outreach_card
from ui.care.running import WithClock, activity_choice
from ui.care.task_list import HasTasks, tasks_card
from ui.care.telling import TellsCare, said_words
from ui.care.time_forms import EntersTime
from ui.care.words import step_chip
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more, submit
from ui.parts.cards import card, head
from ui.parts.diagrams import where_it_stands
from ui.parts.markup import Child, Markup, a, div, form, li, ol, p, small
from ui.parts.states import notice
from ui.parts.times import ago, day
from ui.work.history import who_did

_BAD = frozenset({"not_eligible", "declined", "revoked", "withdrawn"})


@page("/care/{care_id}")
class CarePatient(TellsCare, EntersTime, HasTasks, Reaches, WithClock):
    """The page of one enrolment."""

    title = "Care"
    nav = "care"
    permission = P.CARE_VIEW
    tried: list[OutreachView]
    tasks: list[TaskView]
    ahead: PatientForecast
    watches = frozenset(
        {
            "care_time_entries",
            "care_enrolments",
            "care_timers",
            "care_outreach",
            "care_tasks",
            "work_items",
            "care_forecast_days",
        }
    )

    @property
    def name(self) -> str:
        """Its reference: a name does not belong into the browser's history."""
        return self.one.reference if self.loaded else self.title

    async def load(self) -> None:
        self.one = await enrolments.get_care(self.actor, self.id("care_id"))
        asked = month_asked(self.query.get("month", ""))
        self.month = await roster.care_month(self.actor, self.one.id, *asked)
        self.tried = (await outreach.outreach_of(self.actor, self.one.id, limit=10)).items
        self.tasks = await tasks.tasks_of(self.actor, self.one.id)
        self.ahead = await forecasts.patient_forecast(self.actor, self.one.id)
        await self.load_clock()

    def body(self) -> Markup:
        one = self.one
        diagram = draw(PROCESS, one.step, [line.step for line in reversed(one.history)])
        left = div(
            self._clock(), *self._day(), *month_cards(self.month, self.here, self.zone, self._corrects)
        )
        right = div(
            where_it_stands(diagram, f"Process of the enrolment: {one.step_label}", "care_enrolment", one.id),
            forecast_card(self.ahead),
            card("Enrolment", self._facts(), action=a("Care plan", href=f"{self.here}/plan")),
            card("What happened", self._history()),
        )
        under = f"{one.reference} · {one.programme_label} · account {one.account_number} · {one.client_name}"
        title = (one.patient_name, step_chip(one))
        return div(
            head(title, *self._actions(), under=under, crumbs=(("Care", "/care"),)),
            self._state(),
            div(left, right, cls="columns"),
        )

    def _day(self) -> list[Child]:
        """What is to be done for the patient, and how they were tried."""
        records = self.may(P.CARE_RECORD) and Step(self.one.step) is not Step.ENDED
        manages = self.may(P.CARE_MANAGE)
        tried = outreach_card(self.tried, self.one.id, records=records, manages=manages, zone=self.zone)
        return [tasks_card(self.tasks, records=self.may(P.CARE_RECORD), adds=records), tried]

    @property
    def _records(self) -> bool:
        return self.may(P.CARE_RECORD) and Step(self.one.step) in CONSENTED

    def _state(self) -> Child:
        one = self.one
        if one.step == "ending":
            return notice("warn", "Consent was revoked.", ("Time counts until ", day(one.ends_on), "."))
        if one.step == "ended":
            return notice("warn", "This enrolment has ended.", "Its time and its consents stay as they are.")
        if one.step == "planning":
            late = bool(one.plan_overdue)
            title = "The care plan is overdue." if late else "A care plan is due."
            words = ("By ", day(one.plan_due_on), "; time counts already.")
            return notice("bad" if late else "info", title, words, self._to_plan())
        if one.plan_overdue:
            words = ("It was due ", day(one.review_on), ".")
            return notice("bad", "The care plan should have been reviewed.", words, self._to_plan())
        return None

    def _to_plan(self) -> Markup:
        return link("Care plan", f"{self.here}/plan", key="p")

    def _actions(self) -> list[Child]:
        """The usual next step as the one filled button, the others in the menu."""
        if not self.may(P.CARE_RECORD):
            return []
        usual, rest = [], []
        for number, one in enumerate(self.one.possible):
            tone = "bad" if one.event in _BAD else ""
            if number == 0 and not tone:
                usual.append(action(one.label, "ask_tell", look="filled", key="c", data_event=one.event))
            else:
                rest.append(entry(one.label, "ask_tell", tone=tone, data_event=one.event))
        if self.one.consented_on:
            rest.insert(0, entry("Enter time by hand", "ask_time"))
        if self.may(P.CARE_MANAGE) and Step(self.one.step) is not Step.ENDED:
            rest.append(entry("Assign to a coordinator", href=f"{self.here}/assign"))
        return [*usual, more(*rest) if rest else None]

    def _clock(self) -> Child:
        if self.timer is not None:
            return self.clock_card()
        if not self._records:
            return None
        body = form(
            div(activity_choice(), cls="fields"),
            div(submit("Start clock", key="b"), cls="form-foot"),
            data_do="start",
        )
        return card("Clock", body)

    def _facts(self) -> Markup:
        one = self.one
        decisions = "moderate or high" if one.complex_decisions else "not complex"
        return table.facts(
            ("Practitioner of record", one.practitioner_name),
            ("Coordinator", one.coordinator_name or "nobody yet"),
            ("Chronic conditions", str(one.conditions) if one.conditions else "–"),
            ("Decision making", decisions),
            ("Qualified Medicare Beneficiary", "yes" if one.qmb else "no"),
            ("Consent", day(one.consented_on)),
            ("Care plan due", day(one.plan_due_on)),
            ("Plan reviewed next", day(one.review_on)),
            ("Last day", day(one.ends_on)),
            look="one",
        )

    def _history(self) -> Markup:
        if not self.one.history:
            return p("Nothing yet.", cls="faint")
        return ol([self._event(one) for one in self.one.history], cls="timeline")

    def _event(self, one: CareNewsLine) -> Markup:
        said = "; ".join(words for name, value in one.said.items() if (words := said_words(name, value)))
        by = small(who_did(one.actor_name), " · ", ago(one.at, self.zone))
        return li(p(one.label, said and small(f": {said}")), by, cls="bad" if one.event in _BAD else "info")

    @property
    def _corrects(self) -> bool:
        return self.may(P.CARE_RECORD)

    async def do_start(self, event: Event) -> None:
        """Start the clock."""
        await self.start_clock(self.one.id, event.text("activity"))
