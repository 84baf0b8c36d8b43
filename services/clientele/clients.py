"""Clients: the providers that a billing company bills for (loop 2010AA)."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from database.clientele import ClientRow
from database.session import Session
from domain.claims.model import Address, BillingProvider
from domain.clientele import billing_provider_faults
from domain.paging import Page
from domain.rules.custom_fields import Subject
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.rules.custom_values import one_with_custom, set_custom, with_custom


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What is typed about a client. The ZIP code needs nine digits and the street must not be a PO box. `custom` are
    values of the tenant's own fields by code; None leaves them as they are."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    line1: str
    city: str
    state: str
    postal_code: str
    line2: str = ""
    contact_name: str = ""
    phone: str = ""
    custom: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client as shown; `version` is its ETag."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    created_at: datetime
    name: str
    npi: str
    tax_id: str
    taxonomy: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    contact_name: str
    phone: str
    custom: dict[str, Any] = field(default_factory=dict)


@door.query(Permission.CLIENTS_VIEW)
async def list_clients(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[ClientView]:
    """Clients by name. `text` finds part of the name, or an NPI or tax id."""
    query = ClientRow.select()
    if active is not None:
        query = query.where(ClientRow.active == active)
    if words := text.strip():
        number = checks.number(words)
        query = query.where(
            ClientRow.name.ilike(records.like(words))
            | (ClientRow.npi == number)
            | (ClientRow.tax_id == number)
        )
    page = await records.page(query, (ClientRow.name, ClientRow.id), cursor, limit, _view)
    return Page(await with_custom(session, Subject.CLIENT, page.items), page.next)


@door.query(Permission.CLIENTS_VIEW, of="clients")
async def get_client(session: Session, id: UUID) -> ClientView:
    """One client."""
    return await _shown(session, await records.one(ClientRow, id))


@door.command(Permission.CLIENTS_MANAGE)
async def add_client(session: Session, facts: ClientFacts) -> ClientView:
    """Add a client that can be billed for at once."""
    values = _checked(facts)
    await _must_have_a_free_name(values["name"])
    row = await records.insert(session, ClientRow, values)
    await set_custom(session, Subject.CLIENT, row["id"], facts.custom)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="clients")
async def change_client(
    session: Session, id: UUID, facts: ClientFacts, expected_version: int | None = None
) -> ClientView:
    """Replace a client's facts. Claims that were sent keep what they were sent with."""
    values = _checked(facts)
    await _must_have_a_free_name(values["name"], id)
    row = await records.change(ClientRow, id, values, expected_version)
    await set_custom(session, Subject.CLIENT, id, facts.custom)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="clients")
async def deactivate_client(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> ClientView:
    """Take a client out of use: no new patients and claims; what is under way goes on."""
    row = await records.switch(ClientRow, id, False, checks.reason_of(reason), expected_version)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="clients")
async def reactivate_client(session: Session, id: UUID, expected_version: int | None = None) -> ClientView:
    """Take a client back into use."""
    return await _shown(session, await records.switch(ClientRow, id, True, "", expected_version))


def cleaned(facts: ClientFacts) -> ClientFacts:
    """The facts as they are stored: numbers without punctuation, codes in capitals."""
    return ClientFacts(
        name=checks.clean(facts.name),
        npi=checks.number(facts.npi),
        tax_id=checks.number(facts.tax_id),
        taxonomy=checks.code(facts.taxonomy),
        line1=checks.clean(facts.line1),
        line2=checks.clean(facts.line2),
        city=checks.clean(facts.city),
        state=checks.code(facts.state),
        postal_code=checks.number(facts.postal_code),
        contact_name=checks.clean(facts.contact_name),
        phone=checks.phone(facts.phone),
    )


def faults_of(facts: ClientFacts) -> Faults:
    """What is wrong with cleaned facts. Lengths are those of NM103, N301, N302, N401 and PER02."""
    faults = Faults("client")
    address = Address(facts.line1, facts.city, facts.state, facts.postal_code, facts.line2)
    faults.take(
        billing_provider_faults(
            BillingProvider(
                facts.name,
                facts.npi,
                facts.tax_id,
                facts.taxonomy,
                address,
                facts.contact_name,
                facts.phone,
            )
        )
    )
    if not facts.taxonomy:
        faults.add("taxonomy", "taxonomy.missing", "Enter the ten characters of the taxonomy code.")
    for name, longest in (("name", 60), ("line1", 55), ("line2", 55), ("city", 30), ("contact_name", 60)):
        faults.text(name, getattr(facts, name), longest)
    return faults


def _checked(facts: ClientFacts) -> dict[str, Any]:
    """The columns of the record; custom values stand beside it."""
    ready = cleaned(facts)
    faults_of(ready).refuse()
    return {name: value for name, value in asdict(ready).items() if name != "custom"}


async def _must_have_a_free_name(name: str, but: UUID | None = None) -> None:
    query = ClientRow.exists().where(ClientRow.name == name)
    if but is not None:
        query = query.where(ClientRow.id != but)
    records.must_be_new(
        await query,
        "name",
        "There is a client of this name already.",
        "Open that one, or add the place to the name.",
    )


async def _shown(session: Session, row: records.Row) -> ClientView:
    return await one_with_custom(session, Subject.CLIENT, _view(row))


def _view(row: records.Row) -> ClientView:
    return records.view_of(ClientView, row, custom={})
