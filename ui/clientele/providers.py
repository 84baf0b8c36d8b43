"""Providers: the persons who render services for a client."""

from typing import Any

from policies.permissions import Permission as P
from services.clientele import clients, providers
from services.clientele.providers import ProviderFacts
from ui.clientele.records import RecordForm, RecordList
from ui.page import Event, identifier, page
from ui.parts.chips import code_text
from ui.parts.forms import choice, field, group
from ui.parts.markup import Child, a
from ui.parts.table import Column


@page("/providers")
class Providers(RecordList):
    """The providers of all clients."""

    title = "Providers"
    nav = "clients"
    permission = P.CLIENTS_VIEW
    list_service = providers.list_providers
    one = "provider"
    searched = "Name or NPI"
    explanation = "Providers treat the patients of a client and are named on its claims."

    def columns(self) -> list[Column[Any]]:
        return [
            Column(
                "Provider",
                lambda one: a(f"{one.last_name}, {one.first_name}", href=self.href(one)),
                "clip wide",
            ),
            Column("NPI", lambda one: code_text(one.npi), "tight"),
            Column("Client", lambda one: one.client_name, "clip"),
            Column("Taxonomy", lambda one: one.taxonomy, "tight optional-column"),
        ]


class ProviderForm(RecordForm):
    """The form of a provider."""

    nav = "clients"
    get_service = providers.get_provider
    add_service = providers.add_provider
    change_service = providers.change_provider
    deactivate_service = providers.deactivate_provider
    reactivate_service = providers.reactivate_provider
    one = "provider"
    place = "/providers"
    id_name = "provider_id"

    clients: list[tuple[str, str]] = []

    async def load_more(self) -> None:
        found = await clients.list_clients(self.actor, limit=200, active=True)
        self.clients = [(str(one.id), one.name) for one in found.items]

    def record_name(self) -> str:
        return f"{self.record.last_name}, {self.record.first_name}"

    def fields(self) -> Child:
        value, errors = self.value, self.errors
        return group(
            "Provider",
            choice(
                "client_id",
                "Client",
                self.clients,
                value("client_id"),
                errors=errors,
                required=True,
                prompt="Choose",
                disabled=self.record is not None,
            ),
            field("last_name", "Last name", value("last_name"), errors=errors, required=True),
            field("first_name", "First name", value("first_name"), errors=errors, required=True),
            field(
                "npi",
                "NPI",
                value("npi"),
                errors=errors,
                required=True,
                hint="10 digits",
                inputmode="numeric",
            ),
            field(
                "taxonomy", "Taxonomy", value("taxonomy"), errors=errors, hint="10 characters, ending in X"
            ),
        )

    def facts(self, event: Event) -> ProviderFacts:
        client_id = self.record.client_id if self.record else identifier(event.text("client_id"))
        names = ("last_name", "first_name", "npi", "taxonomy")
        return ProviderFacts(client_id=client_id, **{name: event.text(name) for name in names})

    def after_add(self, made: Any) -> str:
        return (
            f"/clients/{self.query['client_id']}" if self.query.get("client_id") else super().after_add(made)
        )


@page("/providers/new")
class NewProvider(ProviderForm):
    """A new provider."""

    permission = P.CLIENTS_MANAGE


@page("/providers/{provider_id}")
class Provider(ProviderForm):
    """One provider."""

    permission = P.CLIENTS_VIEW
