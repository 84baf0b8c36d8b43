"""Patients: found by the beginning of a name, a birth date or a member id, because names are encrypted."""

from typing import Any
from uuid import UUID

from domain.codes.filing import SEXES
from domain.paging import Page as Rows
from domain.refusals import Conflict, FieldError
from domain.rules.custom_fields import Subject
from policies.permissions import Permission as P
from services.claims import catalogue
from services.claims.views import ClaimLine
from services.clientele import clients, coverages, patients
from services.clientele.coverages import CoverageView
from services.clientele.patient_rows import PatientFacts
from ui.clientele.clients import address_fields
from ui.clientele.coverage_dialog import CoverageActions
from ui.clientele.records import Read, RecordForm, RecordList
from ui.page import Event, identifier, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action, entry, link
from ui.parts.cards import card
from ui.parts.chips import chip, claim_chip, code_text, copyable, removable
from ui.parts.dates import date_of
from ui.parts.forms import check, group
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.money import amount
from ui.parts.states import Loaded, notice, shown
from ui.parts.table import Column, address
from ui.parts.times import day


@page("/patients")
class Patients(RecordList):
    """The patients, newest first."""

    title = "Patients"
    nav = "patients"
    permission = P.PATIENTS_VIEW
    list_service = patients.list_patients
    one = "patient"
    manage = P.PATIENTS_MANAGE
    tabbed = False
    searched = "Name, birth date, member id"
    explanation = "Patients and their coverages are encrypted. Search finds the beginnings of names."

    def words(self) -> str:
        """What is searched names a patient: it stays in the tab and never becomes part of an address."""
        return self.screen.kept.get(self.path, "")

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed, without telling the address."""
        self.screen.kept[self.path] = event.value.strip() or event.text("text")
        self.go(address(self.path, self.query))

    def filters(self) -> dict[str, Any]:
        return {"client_id": optional_identifier(self.query.get("client", ""))}

    def more_filters(self) -> Child:
        return (
            removable("One client", address(self.path, self.query, client=""))
            if self.query.get("client")
            else None
        )

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Patient", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("Born", lambda one: day(one.birth_date), "right"),
            Column("Sex", lambda one: SEXES.get(one.sex, one.sex), "tight optional-column"),
            Column("Account", lambda one: code_text(one.account_number), "tight"),
            Column("Client", lambda one: one.client_name, "clip"),
        ]


class PatientForm(RecordForm):
    """The form of a patient."""

    nav = "patients"
    get_service = patients.get_patient
    add_service = patients.add_patient
    change_service = patients.change_patient
    deactivate_service = patients.deactivate_patient
    reactivate_service = patients.reactivate_patient
    one = "patient"
    custom_subject = Subject.PATIENT
    place = "/patients"
    manage = P.PATIENTS_MANAGE
    id_name = "patient_id"
    deactivation = "No new claims for this patient; those under way go on."

    clients: list[tuple[str, str]] = []
    similar = False

    async def load_more(self) -> None:
        found = await self.read(clients.list_clients, limit=200, active=True)
        self.clients = [(str(one.id), one.name) for one in found.value.items] if found.value else []
        if self.record and not self.clients:
            self.clients = [(str(self.record.client_id), self.record.client_name)]

    def fields(self) -> Child:
        text, pick = self.typed_field, self.choice_field
        return [
            self._another(),
            group(
                "Person",
                text("last_name", "Last name", required=True, autofocus=not self.record),
                text("first_name", "First name", required=True),
                text("middle_name", "Middle name"),
                text("birth_date", "Birth date", kind="date", required=True),
                pick("sex", "Sex", SEXES.items(), required=True, prompt="Choose"),
                text("phone", "Telephone", hint="10 digits"),
            ),
            group("Address", *address_fields(self.value, self.errors)),
            group(
                "Account",
                pick("client_id", "Client", self.clients, required=True, prompt="Choose"),
                text("account_number", "Account number", hint="empty: the next one"),
            ),
        ]

    def _another(self) -> Child:
        """The question that comes up when somebody has the same name and birth date."""
        if not self.similar:
            return None
        box = check("even_if_similar", "This is another person", False)
        return notice("warn", "There is a patient with the same name and birth date.", box)

    def facts(self, event: Event) -> PatientFacts:
        born = date_of(event.text("birth_date"))
        client_id = event.text("client_id")
        reject(
            None if born else FieldError("birth_date", "date.invalid", "Enter the birth date."),
            None if client_id else FieldError("client_id", "client_id.missing", "Choose the client."),
        )
        names = (
            "last_name",
            "first_name",
            "middle_name",
            "sex",
            "phone",
            "line1",
            "line2",
            "city",
            "state",
            "postal_code",
            "account_number",
        )
        texts = {name: event.text(name) for name in names}
        custom = self.custom_values(event)
        return PatientFacts(client_id=identifier(client_id), birth_date=born, custom=custom, **texts)

    async def add(self, service: Read, facts: Any, event: Event) -> Any:
        """One with the same name and birth date is refused until the person says that it is another one."""
        try:
            return await service(self.actor, facts, even_if_similar=event.ticked("even_if_similar"))
        except Conflict as refusal:
            self.similar = refusal.code == "patient.similar"
            raise


@page("/patients/new")
class NewPatient(PatientForm):
    """A new patient."""

    permission = P.PATIENTS_MANAGE


@page("/patients/{patient_id}")
class Patient(CoverageActions, PatientForm):
    """One patient: coverages and claims first, the facts when asked for."""

    permission = P.PATIENTS_VIEW
    watches = frozenset({"claims"})

    coverages: Loaded[Rows[CoverageView]]
    claims: Loaded[Rows[ClaimLine]] | None = None

    async def load_more(self) -> None:
        await super().load_more()
        self.coverages = await self.read(coverages.list_coverages, self.record.id)
        if self.may(P.CLAIMS_VIEW):
            self.claims = await self.read(catalogue.list_claims, patient_id=self.record.id, limit=10)

    def custom_record(self) -> UUID | None:
        return UUID(str(self.record.id))

    def has_form(self) -> bool:
        return self.query.get("edit") == "1" or bool(self.errors)

    def menu_entries(self) -> list[Markup]:
        care = entry("Enrol in care", href=f"/care/new?patient={self.params['patient_id']}")
        return [care] if self.may(P.CARE_RECORD) else []

    def beside(self) -> Child:
        if self.has_form():
            return None
        new = action("Add a coverage", "ask_coverage", look="tiny", key="v") if self.editable else None
        return div(
            self._facts(),
            self.custom_card(self.record.custom, self.editable),
            card("Coverages", shown(self.coverages, self._coverages), action=new, look="flush"),
            self._claims(),
        )

    def _facts(self) -> Markup:
        one = self.record
        street = ", ".join(
            part for part in (one.line1, one.line2, f"{one.city}, {one.state} {one.postal_code}") if part
        )
        pairs = table.facts(
            ("Born", day(one.birth_date)),
            ("Sex", SEXES.get(one.sex, one.sex)),
            ("Account", copyable(one.account_number)),
            ("Client", one.client_name),
            ("Address", street),
            ("Telephone", one.phone or span("–", cls="faint")),
        )
        edit = link("Edit", f"{self.here}?edit=1", look="tiny", key="e") if self.editable else None
        owed = (
            link("What is owed", f"/balances/{one.id}", look="tiny", key="o")
            if self.may(P.BALANCES_VIEW)
            else None
        )
        return card("Person", pairs, action=(owed, " ", edit))

    def _coverages(self, found: Rows[CoverageView]) -> Markup:
        if not found.items:
            return p("No coverage yet. A claim needs one.", cls="faint card-body")
        columns = [
            Column[CoverageView](
                "Order", lambda one: chip(one.rank_label, "info" if one.active else "neutral"), "tight"
            ),
            Column[CoverageView]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[CoverageView]("Member id", lambda one: code_text(one.member_id), "tight"),
            Column[CoverageView](
                "Subscriber",
                lambda one: (
                    one.relationship_label
                    if one.relationship == "18"
                    else f"{one.subscriber_name} ({one.relationship_label})"
                ),
                "clip",
            ),
            Column[CoverageView]("From", lambda one: day(one.effective_from), "right"),
            Column[CoverageView]("To", lambda one: day(one.effective_to), "right"),
            Column[CoverageView]("", self._coverage_actions, "right tight"),
        ]
        return table.rows(columns, found.items, key=lambda one: one.id, label="Coverages")

    def _coverage_actions(self, one: CoverageView) -> Child:
        if not self.editable:
            return None
        if not one.active:
            return action("Use again", "reactivate_coverage", look="tiny quiet", data_id=str(one.id))
        return action("Edit", "ask_coverage", look="tiny quiet", data_id=str(one.id))

    def _claims(self) -> Child:
        if self.claims is None:
            return None
        new = (
            link("New claim", f"/claims/new?patient={self.record.id}", look="tiny", key="c")
            if self.may(P.CLAIMS_CREATE)
            else None
        )
        return card("Claims", shown(self.claims, self._claim_table), action=new, look="flush")

    def _claim_table(self, found: Rows[ClaimLine]) -> Markup:
        if not found.items:
            return p("No claims yet.", cls="faint card-body")
        columns = [
            Column[ClaimLine]("Claim", lambda one: a(one.reference, href=f"/claims/{one.id}"), "tight"),
            Column[ClaimLine](
                "Status", lambda one: claim_chip(one.status, one.status_label, one.tone), "tight"
            ),
            Column[ClaimLine]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[ClaimLine]("Service", lambda one: day(one.service_from), "right"),
            Column[ClaimLine]("Charge", lambda one: amount(one.charge_cents), "right"),
            Column[ClaimLine]("Balance", lambda one: amount(one.balance_cents, quiet_zero=True), "right"),
        ]
        more = found.next and small(a("All claims of this patient", href=f"/claims?patient={self.record.id}"))
        return div(
            table.rows(
                columns,
                found.items,
                href=lambda one: f"/claims/{one.id}",
                key=lambda one: one.id,
                label="Claims",
            ),
            more,
        )

    async def do_save(self, event: Event) -> None:
        await super().do_save(event)
        self.go(self.here)
