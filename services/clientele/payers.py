"""Payers: a tenant's own records of who pays, with EDI settings and the limits for filing and appeal."""

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from database.clientele import PayerRow
from database.session import Session
from domain.codes.filing import CLAIM_FILING_CODES
from domain.paging import Page
from domain.rules.custom_fields import Subject
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.rules.custom_values import one_with_custom, set_custom, with_custom

EDI_VERSIONS = ("005010X222A1", "005010X222A2")
INSTITUTIONAL_VERSIONS = ("005010X223A2", "005010X223A3")
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """What is typed about a payer. `payer_id` is the number the clearinghouse knows it by (NM109 in 2010BB);
    `edi_version` is GS08 = ST03 of the 837P, `institutional_version` that of the 837I; `custom` are values of the
    tenant's own fields by code, None leaves them as they are."""

    name: str
    payer_id: str
    claim_filing_code: str = "CI"
    edi_version: str = "005010X222A1"
    timely_filing_days: int = 365
    medicare: bool = False
    appeal_days: int = 180
    connection_id: UUID | None = None
    institutional_version: str = "005010X223A2"
    custom: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PayerView:
    """A payer as shown; `version` is its ETag."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    name: str
    payer_id: str
    claim_filing_code: str
    claim_filing_label: str
    edi_version: str
    institutional_version: str
    timely_filing_days: int
    medicare: bool
    appeal_days: int
    connection_id: UUID | None
    connection_name: str
    custom: dict[str, Any] = field(default_factory=dict)


@door.query(Permission.CLIENTS_VIEW)
async def list_payers(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[PayerView]:
    """Payers by name. `text` finds part of the name or the beginning of the payer id."""
    query = PayerRow.select()
    if active is not None:
        query = query.where(PayerRow.active == active)
    if words := text.strip():
        query = query.where(
            PayerRow.name.ilike(records.like(words)) | PayerRow.payer_id.ilike(records.like(words)[1:])
        )
    page = await records.page(query, (PayerRow.name, PayerRow.id), cursor, limit, lambda row: row)
    names = await _connection_names(session, page.items)
    views = [_view(row, names) for row in page.items]
    return Page(await with_custom(session, Subject.PAYER, views), page.next)


@door.query(Permission.CLIENTS_VIEW, of="payers")
async def get_payer(session: Session, id: UUID) -> PayerView:
    """One payer."""
    return await _shown(session, await records.one(PayerRow, id))


@door.command(Permission.CLIENTS_MANAGE)
async def add_payer(session: Session, facts: PayerFacts) -> PayerView:
    """Add a payer. Without a connection its claims wait until there is one."""
    values = await _checked(session, facts)
    await _must_be_new(values)
    row = await records.insert(session, PayerRow, values)
    await set_custom(session, Subject.PAYER, row["id"], facts.custom)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="payers")
async def change_payer(
    session: Session, id: UUID, facts: PayerFacts, expected_version: int | None = None
) -> PayerView:
    """Replace a payer's facts; they count for every claim that is sent from now on."""
    values = await _checked(session, facts)
    await _must_be_new(values, id)
    row = await records.change(PayerRow, id, values, expected_version)
    await set_custom(session, Subject.PAYER, id, facts.custom)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="payers")
async def deactivate_payer(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> PayerView:
    """Take a payer out of use for new coverages."""
    row = await records.switch(PayerRow, id, False, checks.reason_of(reason), expected_version)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="payers")
async def reactivate_payer(session: Session, id: UUID, expected_version: int | None = None) -> PayerView:
    """Take a payer back into use."""
    return await _shown(session, await records.switch(PayerRow, id, True, "", expected_version))


def cleaned(facts: PayerFacts) -> PayerFacts:
    """The facts as they are stored."""
    return PayerFacts(
        name=checks.clean(facts.name),
        payer_id=checks.code(facts.payer_id),
        claim_filing_code=checks.code(facts.claim_filing_code),
        edi_version=checks.code(facts.edi_version),
        timely_filing_days=facts.timely_filing_days,
        medicare=facts.medicare,
        appeal_days=facts.appeal_days,
        connection_id=facts.connection_id,
        institutional_version=checks.code(facts.institutional_version),
    )


def faults_of(facts: PayerFacts) -> Faults:
    """What is wrong with cleaned facts."""
    faults = Faults("payer")
    faults.text("name", facts.name, 60, missing="Enter the payer's name.")
    faults.code("payer_id", facts.payer_id, "the payer id that your clearinghouse lists")
    faults.one_of(
        "claim_filing_code", facts.claim_filing_code, CLAIM_FILING_CODES, "Choose the kind of payer."
    )
    offered = "Choose one of the versions offered."
    faults.one_of("edi_version", facts.edi_version, EDI_VERSIONS, offered)
    faults.one_of("institutional_version", facts.institutional_version, INSTITUTIONAL_VERSIONS, offered)
    for name in ("timely_filing_days", "appeal_days"):
        if not 1 <= getattr(facts, name) <= LONGEST_DAYS:
            faults.add(name, "days.out_of_range", f"Enter a number of days from 1 to {LONGEST_DAYS}.")
    return faults


async def _checked(session: Session, facts: PayerFacts) -> dict[str, Any]:
    ready = cleaned(facts)
    faults_of(ready).refuse()
    if ready.connection_id is not None:
        await records.must_be_active(
            session, "connections", ready.connection_id, "connection_id", "connection"
        )
    return {name: value for name, value in asdict(ready).items() if name != "custom"}


async def _must_be_new(values: dict[str, Any], but: UUID | None = None) -> None:
    query = PayerRow.exists().where(PayerRow.payer_id == values["payer_id"], PayerRow.name == values["name"])
    if but is not None:
        query = query.where(PayerRow.id != but)
    records.must_be_new(
        await query, "payer_id", "There is a payer of this name and id already.", "Open that payer instead."
    )


async def _shown(session: Session, row: records.Row) -> PayerView:
    view = _view(row, await _connection_names(session, [row]))
    return await one_with_custom(session, Subject.PAYER, view)


async def _connection_names(session: Session, rows: list[records.Row]) -> dict[UUID, str]:
    return await records.names_of(session, "connections", (row["connection_id"] for row in rows))


def _view(row: records.Row, names: dict[UUID, str]) -> PayerView:
    return records.view_of(
        PayerView,
        row,
        claim_filing_label=CLAIM_FILING_CODES.get(row["claim_filing_code"], ""),
        connection_name=names.get(row["connection_id"], ""),
        custom={},
    )
