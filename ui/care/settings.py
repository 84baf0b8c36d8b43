"""How practices want their months reckoned, and what people are from a day on."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.care.activities import CREDENTIALS
from domain.care.billing import ServiceDate
from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.care import codes, practices
from services.care.codes import CareCodes
from services.care.practices import CredentialFacts, CredentialView, Practice, PracticeFacts, PracticeLine
from ui.care.code_card import codes_card
from ui.care.tabs import care_tabs
from ui.care.template_settings import SetsTemplates, templates_card
from ui.page import Event, identifier, page, reject, there
from ui.parts import table
from ui.parts.buttons import action, menu
from ui.parts.cards import card, head
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_entries
from ui.parts.forms import check, choice, field
from ui.parts.markup import Child, Markup, div, p
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import day

SERVED = {
    ServiceDate.THRESHOLD_MET.value: "The day the minutes were reached",
    ServiceDate.LAST_ACTIVITY.value: "The day of the last activity",
    ServiceDate.LAST_OF_MONTH.value: "The last day of the month",
}


@page("/care/settings")
class CareSettings(SetsTemplates):
    """Practices, credentials, the codes of care, and what each programme's patients need."""

    title = "Practices, codes and credentials"
    nav = "care"
    permission = P.CARE_MANAGE

    practices: Rows[PracticeLine]
    credentials: list[CredentialView]
    codes: CareCodes

    async def load(self) -> None:
        self.practices = await practices.list_practices(self.actor, self.query.get("after"))
        self.credentials = await practices.list_credentials(self.actor)
        self.codes = await codes.care_codes(self.actor, self.query.get("month", ""))
        await self.load_templates()

    def body(self) -> Markup:
        new = action("Set a credential", "ask_credential", look="", key="a")
        return div(
            head(self.title, _exports()),
            care_tabs(self.actor, self.path),
            card("Practices", self._practices(), look="flush"),
            codes_card(self.codes, self.path, to_table=self.may(P.RULES_VIEW)),
            card("Credentials", self._credentials(), action=new, look="flush"),
            templates_card(self.templates),
        )

    def _practices(self) -> Markup:
        if not self.practices.items:
            return empty("No practice yet.", "Clients are the practices whose patients are cared for.")
        columns = [
            Column[PracticeLine]("Practice", lambda one: one.client_name, "clip wide"),
            Column[PracticeLine]("Time zone", lambda one: one.wishes.zone, "tight"),
            Column[PracticeLine](
                "Date of service", lambda one: SERVED[one.wishes.service_date.value], "clip"
            ),
            Column[PracticeLine]("Back-dated after", lambda one: _hours(one.wishes), "right tight"),
            Column[PracticeLine](
                "",
                lambda one: action("Change", "ask_practice", look="quiet", data_id=str(one.client_id)),
                "right tight",
            ),
        ]
        rows = table.rows(columns, self.practices.items, key=lambda one: one.client_id, label="Practices")
        return div(rows, table.pager(self.path, self.query, self.practices.next, len(self.practices.items)))

    def _credentials(self) -> Markup:
        if not self.credentials:
            return p("Nobody has a credential yet: their time is recorded and never counts.", cls="muted pad")
        columns = [
            Column[CredentialView]("Person", lambda one: one.name, "clip wide"),
            Column[CredentialView]("Is", lambda one: one.label, "clip"),
            Column[CredentialView]("From", lambda one: day(one.since), "right tight"),
        ]
        return table.rows(
            columns, self.credentials, key=lambda one: f"{one.user_id}{one.since}", label="Credentials"
        )

    async def do_ask_practice(self, event: Event) -> None:
        """Ask for a practice's wishes."""
        wishes = there(
            next((one.wishes for one in self.practices.items if one.client_id == event.id()), None)
        )
        given = {
            **{name: str(value) for name, value in asdict(wishes).items()},
            **(self.typed if self.errors else {}),
        }
        body = div(_wishes(given, self.errors), cls="fields")
        self.dialog = form_window(
            "How this practice reckons", "practice", "Save", body, id=str(event.id()), version=wishes.version
        )

    async def do_practice(self, event: Event) -> None:
        """Save them."""
        numbers = {
            name: _number(name, event.text(name))
            for name in ("idle_seconds", "back_dated_after_seconds", "plan_due_days")
        }
        stands_in = event.ticked("practitioner_as_staff")
        facts = PracticeFacts(
            event.text("zone"),
            event.text("service_date"),
            stands_in,
            **numbers,
            contact_line=event.text("contact_line"),
        )
        await practices.save_practice(self.actor, event.id(), facts, event.number("version", 0))
        self.tell("ok", "Saved.", "It holds for every month that is not closed.")
        await self.do_close_dialog(event)

    async def do_ask_credential(self, event: Event) -> None:
        """Ask what somebody is."""
        people = await practices.people_who_record(self.actor)
        names = [(str(one.user_id), one.name) for one in people]
        today = datetime.now(ZoneInfo(self.zone)).date().isoformat()
        typed = self.typed if self.errors else {}
        body = div(
            choice("user_id", "Person", names, typed.get("user_id", ""), errors=self.errors, prompt="Choose", required=True),
            choice("credential", "Is", CREDENTIALS.items(), typed.get("credential", "clinical"), errors=self.errors, required=True),
            field("since", "From", typed.get("since", today), kind="date", errors=self.errors, required=True),
            cls="fields",
        )  # fmt: skip
        words = "Time keeps the credential that held on the day it was spent."
        self.dialog = form_window("Set a credential", "credential", "Save", body, explanation=words)

    async def do_credential(self, event: Event) -> None:
        """Set it."""
        try:
            since = date.fromisoformat(event.text("since"))
        except ValueError:
            reject(FieldError("since", "date.invalid", "Enter a date."))
            raise
        facts = CredentialFacts(identifier(event.text("user_id")), since, event.text("credential"))
        made = await practices.set_credential(self.actor, facts)
        self.tell(
            "ok", f"{made.name}: {made.label}.", "Time that was recorded keeps what it was recorded with."
        )
        await self.do_close_dialog(event)


def _hours(one: Practice) -> str:
    return f"{one.back_dated_after_seconds / 3600:g} h"


def _number(name: str, text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 9:
        return int(text)
    reject(FieldError(name, "number.invalid", "Enter a whole number."))
    raise ValueError(name)


def _exports() -> Markup:
    """What leaves of this page; the codes have their own."""
    lists = (
        ("care-practices", "Practices"),
        ("care-credentials", "Credentials"),
        ("care-templates", "Tasks of programmes"),
    )
    lines = [line for name, of in lists for line in export_entries(name, of=of)]
    return menu("Export", *lines, label="Export", look="button quiet")


def _wishes(given: Mapping[str, str], errors: Mapping[str, str]) -> list[Child]:
    """The fields of a practice's wishes."""
    lengths = (
        ("idle_seconds", "Ask whether somebody is there after", "seconds"),
        ("back_dated_after_seconds", "Back-dated after", "seconds"),
        ("plan_due_days", "Care plan due after", "days"),
    )
    zone, served, line = given["zone"], given["service_date"], given["contact_line"]
    printed = "Printed on the patient's copy of the plan, such as 312 555 0100"
    own_time = given["practitioner_as_staff"] in ("True", "true")
    return [
        field("zone", "Time zone", zone, errors=errors, required=True, hint="such as America/Chicago"),
        choice("service_date", "Date of service", SERVED.items(), served, errors=errors, required=True),
        *(
            field(name, words, given[name], kind="number", unit=unit, errors=errors, required=True)
            for name, words, unit in lengths
        ),
        field("contact_line", "Reached at any hour", line, errors=errors, hint=printed, look="wide"),
        check("practitioner_as_staff", "A practitioner's own time may stand in for staff", own_time),
    ]
