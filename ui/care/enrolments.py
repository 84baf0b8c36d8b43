"""Everybody in care, and the form that begins an enrolment."""

from typing import Any
from uuid import UUID

from domain.care.activities import PROGRAMMES
from domain.care.enrolment import TRANSITIONS, Step
from domain.paging import Page as Rows
from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.care import enrolments, finding
from services.care.enrolments import CareFacts
from services.care.finding import Candidate
from services.care.views import CareLine
from ui.care.tabs import care_tabs
from ui.care.words import plan_chip, step_chip
from ui.clientele.patient_search import patient_search
from ui.page import Event, Page, identifier, page, there
from ui.parts import table
from ui.parts.buttons import link, submit
from ui.parts.cards import card, head
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, summary_of
from ui.parts.markup import Markup, a, div, form, p
from ui.parts.states import empty
from ui.parts.table import Column, address

_EMPTY = (
    "Whom you enrol appears here. The process then asks for eligibility, the initiating visit, consent and the care plan,"
    " one after the other."
)


def care_filters(query: dict[str, str]) -> dict[str, Any]:
    """The filters of an address, as the list takes them; what is unknown filters nothing."""
    step, programme = query.get("step", ""), query.get("programme", "")
    return {
        "step": step if step in set(Step) else "",
        "programme": programme if programme in set(PROGRAMMES) else "",
        "overdue": "overdue" in query,
    }


def _enrol_link() -> Markup:
    return link("Enrol a patient", "/care/new", look="filled", key="c")


@page("/care/enrolments")
class CareEnrolments(Page):
    """The list of enrolments."""

    title = "Enrolments in care"
    nav = "care"
    permission = P.CARE_VIEW
    watches = frozenset({"care_enrolments"})

    found: Rows[CareLine]

    async def load(self) -> None:
        self.found = await enrolments.list_care(
            self.actor, **care_filters(self.query), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        return div(
            head(
                self.title,
                export_menu("care-enrolments", self.query) if self.found.items else None,
                _enrol_link() if self.may(P.CARE_RECORD) and self.found.items else None,
            ),
            care_tabs(self.actor, self.path),
            self._filters(),
            self._list(),
        )

    def _filters(self) -> Markup:
        here, query = self.path, self.query
        steps = [
            filter_chip(
                TRANSITIONS[one].label,
                address(here, query, step=one.value),
                on=query.get("step") == one.value,
            )
            for one in Step
        ]
        kinds = [
            filter_chip(
                one.value.upper(),
                address(here, query, programme=one.value),
                on=query.get("programme") == one.value,
            )
            for one in PROGRAMMES
        ]
        everything = not set(query) & {"step", "programme", "overdue"}
        late = filter_chip(
            "Plan overdue",
            address(here, query, overdue="" if query.get("overdue") else "1"),
            on="overdue" in query,
        )
        return div(filter_chip("All", here, on=everything), steps, kinds, late, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            if set(self.query) - {"after"}:
                return empty("Nothing matches.", "Take off a filter to see more.")
            return empty(
                "Nobody is in care yet.",
                _EMPTY,
                _enrol_link() if self.may(P.CARE_RECORD) else None,
            )
        columns = [
            Column[CareLine]("Patient", lambda one: a(one.patient_name, href=f"/care/{one.id}"), "clip wide"),
            Column[CareLine]("Account", lambda one: one.account_number, "mono tight"),
            Column[CareLine]("Programme", lambda one: one.programme_label, "clip"),
            Column[CareLine]("Step", step_chip, "tight"),
            Column[CareLine]("Plan", plan_chip, "tight"),
            Column[CareLine]("Practice", lambda one: one.client_name, "clip optional-column"),
            Column[CareLine]("Coordinator", lambda one: one.coordinator_name or "–", "clip"),
        ]
        rows = table.rows(
            columns,
            self.found.items,
            href=lambda one: f"/care/{one.id}",
            key=lambda one: one.id,
            label="Enrolments",
        )
        return div(rows, table.pager(self.path, self.query, self.found.next, len(self.found.items)))


@page("/care/new")
class NewCare(Page):
    """The form that begins an enrolment, for the patient in its address or one found by what is typed."""

    title = "Enrol in care"
    nav = "care"
    permission = P.CARE_RECORD

    patient: Candidate | None = None
    found: list[Candidate] | None = None

    async def load(self) -> None:
        wanted = self.query.get("patient", "")
        self.patient = await finding.get_to_enrol(self.actor, identifier(wanted)) if wanted else None

    async def do_find_patient(self, event: Event) -> None:
        """Search patients as their name is typed."""
        text = event.value.strip()
        self.found = await finding.find_to_enrol(self.actor, text) if len(text) > 1 else None

    async def do_choose_patient(self, event: Event) -> None:
        """Go on with a patient found."""
        self.go(f"/care/new?patient={event.id()}")

    def body(self) -> Markup:
        crumbs = (("Care", "/care"), ("Enrolments", "/care/enrolments"))
        if self.patient is None:
            words = (
                "Patients in your care, and whoever is in nobody's yet. Who is not found is on another roster, or has"
                " still to be added."
            )
            found = patient_search(self.found)
            return div(
                head(self.title, crumbs=crumbs), card("Whom", div(p(words, cls="muted"), found, cls="stack"))
            )
        one = self.patient
        names = [(str(known.id), known.name) for known in one.practitioners]
        fields = div(
            choice("programme", "Programme", PROGRAMMES.items(), self.typed.get("programme", "ccm"), errors=self.errors,
                   required=True),
            choice("practitioner_id", "Practitioner of record", names, self.typed.get("practitioner_id", ""),
                   errors=self.errors, required=True, prompt="Choose"),
            cls="fields",
        )  # fmt: skip
        body = form(
            summary_of(self.errors),
            fields,
            div(submit("Enrol"), cls="form-foot"),
            data_do="enrol",
            cls="stack",
        )
        words = p("The process asks for eligibility, the initiating visit and consent next.", cls="muted")
        return div(
            head((self.title, ": ", one.name), crumbs=crumbs),
            card(one.client_name, div(words, body, cls="stack")),
        )

    async def do_enrol(self, event: Event) -> None:
        """Begin it."""
        self.typed = dict(event.fields)
        facts = CareFacts(
            there(self.patient).id,
            event.text("programme"),
            identifier(event.text("practitioner_id") or str(UUID(int=0))),
        )
        try:
            made = await enrolments.enrol(self.actor, facts)
        except Refusal as refusal:
            self.wrong(refusal)
            return
        self.go(f"/care/{made.id}")
