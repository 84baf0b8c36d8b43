"""Looking at claims: the list, one claim with all that is known of it, and the search for diagnosis codes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database.clientele_phi import member_index, name_query
from database.crypto import TenantKey, folded
from database.session import Session
from domain.claims.states import Status
from domain.codes import icd10cm
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.rules.custom_fields import Subject
from policies.permissions import Permission
from services import door
from services.claims.detail import balance_of, name_of, view
from services.claims.views import ClaimLine, ClaimView, Diagnosis
from services.rules.custom_values import HAS, wanted, with_custom

_LIST = """
SELECT c.id, c.reference, c.form, v.claim_number, c.status, cl.name AS client_name, p.name AS payer_name, pt.person,
    c.service_from, c.charge_cents, c.paid_cents, c.adjusted_cents, c.patient_cents, c.closed_at, c.updated_at,
    coalesce((SELECT u.name FROM work_items w JOIN users u ON u.id = w.owner_id WHERE w.tenant_id = c.tenant_id
        AND w.subject_type = 'claim' AND w.subject_id = c.id AND w.status = 'open' LIMIT 1), '') AS owner_name
FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
JOIN clients cl ON cl.tenant_id = c.tenant_id AND cl.id = c.client_id
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
JOIN patients pt ON pt.tenant_id = c.tenant_id AND pt.id = c.patient_id
WHERE c.tenant_id = current_tenant()
"""


@door.query(Permission.CLAIMS_VIEW, phi=True)
async def list_claims(
    session: Session,
    *,
    statuses: tuple[str, ...] = (),
    client_id: UUID | None = None,
    payer_id: UUID | None = None,
    patient_id: UUID | None = None,
    form: str = "",
    text: str = "",
    custom: Mapping[str, str] | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[ClaimLine]:
    """Newest first. `form` is professional or institutional. `text` finds a reference, a claim number, a payer claim control number, a patient's name (beginnings
    of words) or a member id. `custom` asks for values of the tenant's own fields, by code."""
    size = page_size(limit)
    key = await session.key()
    where = _Where()
    if statuses:
        where.add("c.status = ANY({}::text[])", list(statuses))
    for column, value in (("client_id", client_id), ("payer_id", payer_id), ("patient_id", patient_id)):
        if value is not None:
            where.add(f"c.{column} = {{}}", value)
    if form:
        where.add("c.form = {}", form)
    for custom_id, held in await wanted(session, Subject.CLAIM, custom or {}):
        where.add(HAS.format(record="c.id", field="{}", value="{}"), custom_id, held)
    if text.strip():
        _search(where, key, text.strip()[:100])
    if cursor:
        where.add("c.id < {}", uuid_in(cursor))
    sql = f"{_LIST}{where.sql()} ORDER BY c.id DESC LIMIT {size + 1}"
    rows = await session.fetch(sql, *where.args)
    items = [_line(key, row) for row in rows[:size]]
    following = encode_cursor(items[-1].id) if len(rows) > size else None
    return Page(await with_custom(session, Subject.CLAIM, items), following)


@door.query(Permission.CLAIMS_VIEW, of="claims", phi=True)
async def get_claim(session: Session, claim_id: UUID) -> ClaimView:
    """One claim with its findings, versions, activities, answers and ledger."""
    return await view(session, claim_id)


@door.query(Permission.CLAIMS_VIEW)
async def search_diagnoses(session: Session, text: str) -> list[Diagnosis]:
    """Billable ICD-10-CM codes by the beginning of the code or by words of the description."""
    return [
        Diagnosis(found.code, found.description)
        for found in icd10cm.search(text, limit=20, billable_only=True)
    ]


class _Where:
    """Conditions with their arguments; `{}` in a condition stands for the next argument's number."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.args: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        numbers = []
        for value in values:
            self.args.append(value)
            numbers.append(f"${len(self.args)}")
        self.conditions.append(condition.format(*numbers))

    def sql(self) -> str:
        return "".join(f" AND {condition}" for condition in self.conditions)


def _search(where: _Where, key: TenantKey, text: str) -> None:
    """Any of the numbers of a claim, the patient's member id, or the beginnings of the patient's names."""
    number = text.upper().replace(" ", "")
    tokens = name_query(key, [word for word in folded(text).split() if len(word) >= 2])
    where.add(
        "(c.reference IN ({0}, 'C-' || {0}) OR c.payer_claim_control_number = {0}"
        " OR EXISTS (SELECT 1 FROM claim_versions x WHERE x.tenant_id = c.tenant_id AND x.claim_id = c.id"
        "   AND x.claim_number = {0})"
        " OR EXISTS (SELECT 1 FROM coverages m WHERE m.tenant_id = c.tenant_id AND m.patient_id = c.patient_id"
        "   AND m.member_id_index = {1})"
        " OR c.patient_id IN (SELECT patient_id FROM patient_name_tokens WHERE tenant_id = current_tenant()"
        "   AND token = ANY({2}::bytea[]) GROUP BY patient_id HAVING count(*) = cardinality({2}::bytea[])))",
        number,
        member_index(key, text),
        sorted(set(tokens)),
    )


def _line(key: TenantKey, row: Any) -> ClaimLine:
    status = Status(row["status"])
    return ClaimLine(
        id=row["id"],
        reference=row["reference"],
        form=row["form"],
        claim_number=row["claim_number"],
        status=status.value,
        status_label=status.label,
        tone=status.tone,
        client_name=row["client_name"],
        payer_name=row["payer_name"],
        patient_name=name_of(key, row["person"]),
        service_from=row["service_from"],
        charge_cents=row["charge_cents"],
        paid_cents=row["paid_cents"],
        balance_cents=balance_of(row),
        updated_at=row["updated_at"],
        owner_name=row["owner_name"],
    )
