"""Clients: the providers that a billing company bills for, and their own providers."""

from typing import Any

from domain.codes.postal import STATES
from domain.rules.custom_fields import Subject
from policies.permissions import Permission as P
from services.clientele import clients, providers
from services.clientele.clients import ClientFacts
from services.clientele.providers import ProviderView
from ui.clientele.records import RecordForm, RecordList
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card
from ui.parts.chips import code_text
from ui.parts.forms import choice, field, group
from ui.parts.markup import Child, Markup, a, p
from ui.parts.states import Loaded, shown
from ui.parts.table import Column


@page("/clients")
class Clients(RecordList):
    """The clients."""

    title = "Clients"
    nav = "clients"
    permission = P.CLIENTS_VIEW
    list_service = clients.list_clients
    one = "client"
    searched = "Name, NPI or tax id"
    explanation = (
        "A client is a practice you bill for. Its name, NPI, tax id and address stand on every claim."
    )

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Client", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("NPI", lambda one: code_text(one.npi), "tight"),
            Column("Tax id", lambda one: code_text(one.tax_id), "tight"),
            Column("Place", lambda one: f"{one.city}, {one.state}", "clip"),
            Column("Contact", lambda one: one.contact_name, "clip optional-column"),
        ]


class ClientForm(RecordForm):
    """The form of a client."""

    nav = "clients"
    get_service = clients.get_client
    add_service = clients.add_client
    change_service = clients.change_client
    deactivate_service = clients.deactivate_client
    reactivate_service = clients.reactivate_client
    one = "client"
    custom_subject = Subject.CLIENT
    place = "/clients"
    id_name = "client_id"
    deactivation = "No new patients and claims for this client; what is under way goes on."

    providers: Loaded[list[ProviderView]] | None = None

    async def load_more(self) -> None:
        if self.record:
            found = await self.read(providers.list_providers, client_id=self.record.id, limit=200)
            self.providers = Loaded(found.value.items if found.value else None, found.refusal, found.failure)

    def fields(self) -> Child:
        text, zip_hint = self.typed_field, "9 digits, no PO box: it stands on claims"
        return [
            group(
                "Identity",
                text("name", "Legal name", required=True, look="double", autofocus=not self.record),
                text("npi", "NPI", required=True, hint="10 digits", inputmode="numeric"),
                text("tax_id", "Tax id (EIN)", required=True, hint="9 digits"),
                text("taxonomy", "Taxonomy", required=True, hint="10 characters, ending in X"),
            ),
            group("Address", *address_fields(self.value, self.errors, zip_hint=zip_hint)),
            group(
                "Contact",
                text("contact_name", "Name"),
                text("phone", "Telephone", hint="10 digits"),
            ),
        ]

    def facts(self, event: Event) -> ClientFacts:
        names = (
            "name",
            "npi",
            "tax_id",
            "taxonomy",
            "line1",
            "line2",
            "city",
            "state",
            "postal_code",
            "contact_name",
            "phone",
        )
        return ClientFacts(**{name: event.text(name) for name in names}, custom=self.custom_values(event))

    def beside(self) -> Child:
        if self.providers is None:
            return None
        new = (
            link("Add a provider", f"/providers/new?client_id={self.record.id}", look="tiny")
            if self.editable
            else None
        )
        return card("Providers", shown(self.providers, provider_table), action=new, look="flush")


@page("/clients/new")
class NewClient(ClientForm):
    """A new client."""

    permission = P.CLIENTS_MANAGE


@page("/clients/{client_id}")
class Client(ClientForm):
    """One client."""

    permission = P.CLIENTS_VIEW


def provider_table(found: list[ProviderView]) -> Markup:
    """The providers of a client."""
    if not found:
        return p("No provider yet. Claims name who rendered the service.", cls="faint card-body")
    columns = [
        Column[ProviderView](
            "Provider",
            lambda one: a(f"{one.last_name}, {one.first_name}", href=f"/providers/{one.id}"),
            "clip wide",
        ),
        Column[ProviderView]("NPI", lambda one: code_text(one.npi), "tight"),
        Column[ProviderView]("Taxonomy", lambda one: one.taxonomy, "tight"),
    ]
    return table.rows(
        columns, found, href=lambda one: f"/providers/{one.id}", key=lambda one: one.id, label="Providers"
    )


def address_fields(
    value: Any, errors: dict[str, str], *, zip_hint: str = "5 or 9 digits", prefix: str = ""
) -> list[Markup]:
    """Street, city, state and ZIP code."""
    return [
        field(
            f"{prefix}line1", "Street", value(f"{prefix}line1"), errors=errors, required=True, look="double"
        ),
        field(f"{prefix}line2", "Suite, floor", value(f"{prefix}line2"), errors=errors),
        field(f"{prefix}city", "City", value(f"{prefix}city"), errors=errors, required=True),
        choice(
            f"{prefix}state",
            "State",
            [(code, code) for code in sorted(STATES)],
            value(f"{prefix}state"),
            errors=errors,
            required=True,
            prompt="Choose",
        ),
        field(
            f"{prefix}postal_code",
            "ZIP code",
            value(f"{prefix}postal_code"),
            errors=errors,
            required=True,
            hint=zip_hint,
        ),
    ]
