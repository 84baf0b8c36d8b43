"""Providers: the persons who render services for a client (loop 2310B)."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from database.clientele import ProviderRow
from database.session import Session
from domain.claims.model import Provider
from domain.clientele import provider_faults
from domain.paging import Page
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults

_ORDER = (ProviderRow.last_name, ProviderRow.first_name, ProviderRow.id)


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What is typed about a provider."""

    client_id: UUID
    last_name: str
    first_name: str
    npi: str
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider as shown; `version` is its ETag."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    client_id: UUID
    client_name: str
    last_name: str
    first_name: str
    npi: str
    taxonomy: str


@door.query(Permission.CLIENTS_VIEW)
async def list_providers(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
    client_id: UUID | None = None,
) -> Page[ProviderView]:
    """Providers by name. `text` finds part of either name, or an NPI."""
    query = ProviderRow.select()
    if active is not None:
        query = query.where(ProviderRow.active == active)
    if client_id is not None:
        query = query.where(ProviderRow.client_id == client_id)
    for word in text.replace(",", " ").split():
        query = query.where(
            ProviderRow.last_name.ilike(records.like(word))
            | ProviderRow.first_name.ilike(records.like(word))
            | (ProviderRow.npi == word)
        )
    page = await records.page(query, _ORDER, cursor, limit, lambda row: row)
    names = await _client_names(session, page.items)
    return Page([_view(row, names) for row in page.items], page.next)


@door.query(Permission.CLIENTS_VIEW, of="providers")
async def get_provider(session: Session, id: UUID) -> ProviderView:
    """One provider."""
    return await _shown(session, await records.one(ProviderRow, id))


@door.command(Permission.CLIENTS_MANAGE)
async def add_provider(session: Session, facts: ProviderFacts) -> ProviderView:
    """Add a provider to a client."""
    values = _checked(facts)
    await records.must_be_active(session, "clients", facts.client_id, "client_id", "client")
    await _must_have_a_free_npi(values)
    return await _shown(session, await records.insert(session, ProviderRow, values))


@door.command(Permission.CLIENTS_MANAGE, of="providers")
async def change_provider(
    session: Session, id: UUID, facts: ProviderFacts, expected_version: int | None = None
) -> ProviderView:
    """Replace a provider's facts. The client stays: somebody who moves is a new provider there."""
    values = _checked(facts)
    if (await records.one(ProviderRow, id))["client_id"] != facts.client_id:
        fault = FieldError("client_id", "client_id.fixed", "Add the provider to the other client instead.")
        raise Invalid("client_id.fixed", "A provider stays with its client.", fault.message, fields=(fault,))
    await _must_have_a_free_npi(values, id)
    return await _shown(session, await records.change(ProviderRow, id, values, expected_version))


@door.command(Permission.CLIENTS_MANAGE, of="providers")
async def deactivate_provider(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> ProviderView:
    """Take a provider out of use for new claims."""
    row = await records.switch(ProviderRow, id, False, checks.reason_of(reason), expected_version)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="providers")
async def reactivate_provider(
    session: Session, id: UUID, expected_version: int | None = None
) -> ProviderView:
    """Take a provider back into use."""
    return await _shown(session, await records.switch(ProviderRow, id, True, "", expected_version))


def cleaned(facts: ProviderFacts) -> ProviderFacts:
    """The facts as they are stored."""
    return ProviderFacts(
        client_id=facts.client_id,
        last_name=checks.clean(facts.last_name),
        first_name=checks.clean(facts.first_name),
        npi=checks.number(facts.npi),
        taxonomy=checks.code(facts.taxonomy),
    )


def faults_of(facts: ProviderFacts) -> Faults:
    """What is wrong with cleaned facts. Lengths are those of NM103 and NM104."""
    faults = Faults("provider")
    faults.take(provider_faults(Provider(facts.last_name, facts.first_name, facts.npi, facts.taxonomy)))
    faults.text("last_name", facts.last_name, 60)
    faults.text("first_name", facts.first_name, 35, missing="Enter the provider's first name.")
    return faults


def _checked(facts: ProviderFacts) -> dict[str, Any]:
    ready = cleaned(facts)
    faults_of(ready).refuse()
    return asdict(ready)


async def _must_have_a_free_npi(values: dict[str, Any], but: UUID | None = None) -> None:
    query = ProviderRow.exists().where(
        ProviderRow.client_id == values["client_id"], ProviderRow.npi == values["npi"]
    )
    if but is not None:
        query = query.where(ProviderRow.id != but)
    records.must_be_new(
        await query, "npi", "This client has a provider with this NPI already.", "Open that provider instead."
    )


async def _shown(session: Session, row: records.Row) -> ProviderView:
    return _view(row, await _client_names(session, [row]))


async def _client_names(session: Session, rows: list[records.Row]) -> dict[UUID, str]:
    return await records.names_of(session, "clients", (row["client_id"] for row in rows))


def _view(row: records.Row, names: dict[UUID, str]) -> ProviderView:
    return records.view_of(ProviderView, row, client_name=names[row["client_id"]])
