"""Hot reads of the clientele: the parties of claims as the domain knows them, and the way into a partner's mailbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.clientele_phi import open_insured, open_person
from database.crypto import TenantKey
from database.session import Session
from domain.claims.model import Address, BillingProvider, Coverage, Payer, Person, Provider

PartiesKey = tuple[UUID, UUID, UUID, UUID | None]
"""(client id, patient id, coverage id, rendering provider id or None)."""

PRIVATE_KEY = "connections.private_key"

_CLIENTS = """
SELECT id, name, npi, tax_id, taxonomy, line1, line2, city, state, postal_code, contact_name, phone
FROM clients WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])
"""
_PATIENTS = "SELECT id, person FROM patients WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])"
_COVERAGES = """
SELECT id, patient_id, payer_id, rank, relationship, subscriber, effective_from, effective_to, insurance_type
FROM coverages WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])
"""
_PAYERS = """
SELECT id, name, payer_id, claim_filing_code, edi_version, institutional_version, timely_filing_days, medicare,
    appeal_days
FROM payers WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])
"""
_PROVIDERS = """
SELECT id, last_name, first_name, npi, taxonomy
FROM providers WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])
"""
_CONNECTION = """
SELECT host, port, username, host_key, private_key, inbound_folder, outbound_folder, archive_folder
FROM connections WHERE tenant_id = current_tenant() AND id = $1
"""
_COVERAGE_ON = """
SELECT id, payer_id FROM coverages WHERE tenant_id = current_tenant() AND patient_id = $1 AND active
    AND (effective_from IS NULL OR effective_from <= $2) AND (effective_to IS NULL OR effective_to >= $2)
ORDER BY rank, id LIMIT 1
"""
_CHARGES = """
SELECT DISTINCT ON (l.procedure) l.procedure, l.amount_cents FROM fee_schedules s
JOIN fee_schedule_lines l ON l.tenant_id = s.tenant_id AND l.fee_schedule_id = s.id
WHERE s.tenant_id = current_tenant() AND s.active AND s.kind = 'charge' AND s.effective_from <= $4
    AND (s.payer_id = $1 OR s.payer_id IS NULL) AND l.procedure = ANY($2) AND l.modifier IN ($3, '')
ORDER BY l.procedure, s.payer_id IS NULL, l.modifier = '', s.effective_from DESC, s.id DESC
"""


@dataclass(frozen=True, slots=True)
class ClaimParties:
    """Everybody who stands in a claim. `payer_id` is the payer's row, not its EDI number."""

    billing: BillingProvider
    patient: Person
    coverage: Coverage
    rendering: Provider | None
    payer_id: UUID


@dataclass(frozen=True, slots=True)
class SftpAccess:
    """All that opens a partner's mailbox. `private_key` is OpenSSH text, in clear: never log or store this object.

    `inbound` is the partner's folder that we upload to, `outbound` the one we read from.
    """

    host: str
    port: int
    username: str
    host_key: str
    private_key: str
    inbound: str
    outbound: str
    archive: str = ""


async def load_parties(session: Session, keys: Iterable[PartiesKey]) -> dict[PartiesKey, ClaimParties]:
    """The parties of many claims in five queries, however many claims there are."""
    wanted = set(keys)
    key = await session.key()
    clients = {r["id"]: billing_provider(r) for r in await _by_id(session, _CLIENTS, (k[0] for k in wanted))}
    people = {
        r["id"]: open_person(key, r["person"])[0]
        for r in await _by_id(session, _PATIENTS, (k[1] for k in wanted))
    }
    covers = {r["id"]: r for r in await _by_id(session, _COVERAGES, (k[2] for k in wanted))}
    payer_rows = await _by_id(session, _PAYERS, (r["payer_id"] for r in covers.values()))
    payers = {r["id"]: payer_facts(r) for r in payer_rows}
    providers = {
        r["id"]: _provider(r) for r in await _by_id(session, _PROVIDERS, (k[3] for k in wanted if k[3]))
    }
    return {k: _parties(k, key, clients, people, covers, payers, providers) for k in wanted}


async def coverage_on(session: Session, patient_id: UUID, day: date) -> Any:
    """The `id` and `payer_id` of the coverage that a patient is billed to first on a day; None without one."""
    return await session.row(_COVERAGE_ON, patient_id, day)


async def charges_on(
    session: Session, payer_id: UUID | None, procedures: Sequence[str], day: date, modifier: str = ""
) -> dict[str, int]:
    """What is charged, in cents, for each of these procedures on a day: the payer's own schedule before the general one,
    the line with the modifier before the one without, the latest beginning first. What no schedule knows is left out."""
    rows = await session.fetch(_CHARGES, payer_id, list(procedures), modifier, day)
    return {row["procedure"]: row["amount_cents"] for row in rows}


async def sftp_settings(session: Session, connection_id: UUID) -> SftpAccess:
    """How to reach a connection's mailbox, its private key opened. LookupError when it is absent or has no key."""
    row = await session.row(_CONNECTION, connection_id)
    if row is None or row["private_key"] is None:
        raise LookupError(f"connection {connection_id} is not there or has no key")
    key = await session.key()
    return SftpAccess(
        host=row["host"],
        port=row["port"],
        username=row["username"],
        host_key=row["host_key"],
        private_key=key.open(PRIVATE_KEY, row["private_key"]).decode(),
        inbound=row["inbound_folder"],
        outbound=row["outbound_folder"],
        archive=row["archive_folder"],
    )


def payer_facts(row: Any) -> Payer:
    """The domain's payer from a row of `payers`."""
    return Payer(
        name=row["name"],
        payer_id=row["payer_id"],
        claim_filing_code=row["claim_filing_code"],
        version=row["edi_version"],
        timely_filing_days=row["timely_filing_days"],
        medicare=row["medicare"],
        appeal_days=row["appeal_days"],
        institutional_version=row["institutional_version"],
    )


async def _by_id(session: Session, sql: str, ids: Iterable[UUID | None]) -> list[Any]:
    return await session.fetch(sql, list(set(ids)))


def _parties(
    key: PartiesKey,
    secret: TenantKey,
    clients: dict[UUID, BillingProvider],
    people: dict[UUID, Person],
    covers: dict[UUID, Any],
    payers: dict[UUID, Payer],
    providers: dict[UUID, Provider],
) -> ClaimParties:
    client_id, patient_id, coverage_id, rendering_id = key
    cover = covers[coverage_id]
    if cover["patient_id"] != patient_id:
        raise LookupError(f"coverage {coverage_id} is not the patient's")
    patient = people[patient_id]
    return ClaimParties(
        billing=clients[client_id],
        patient=patient,
        coverage=_coverage(secret, cover, payers[cover["payer_id"]], patient),
        rendering=providers[rendering_id] if rendering_id else None,
        payer_id=cover["payer_id"],
    )


def _coverage(secret: TenantKey, row: Any, payer: Payer, patient: Person) -> Coverage:
    insured = open_insured(secret, row["subscriber"])
    return Coverage(
        payer=payer,
        member_id=insured.member_id,
        subscriber=insured.subscriber or patient,
        relationship=row["relationship"],
        order=row["rank"],
        group_number=insured.group_number,
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
        insurance_type=row["insurance_type"],
    )


def billing_provider(row: Any) -> BillingProvider:
    """Who bills, from the client's row."""
    return BillingProvider(
        name=row["name"],
        npi=row["npi"],
        tax_id=row["tax_id"],
        taxonomy=row["taxonomy"],
        address=Address(row["line1"], row["city"], row["state"], row["postal_code"], row["line2"]),
        contact_name=row["contact_name"],
        phone=row["phone"],
    )


def _provider(row: Any) -> Provider:
    return Provider(row["last_name"], row["first_name"], row["npi"], row["taxonomy"])
