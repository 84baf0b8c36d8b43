"""What the payers of a claim have decided: as remitted, and as it is told to the next payer."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from database.clientele_reads import load_parties
from database.institutional_reads import VersionKey
from database.session import Session
from domain.claims.adjudicated import Adjudication
from domain.claims.cob import with_primary_payment
from domain.claims.institutional import AnyClaim
from domain.claims.model import Coverage, LineDecision, OtherPayerDecision
from domain.x12.facts_835 import Adjustment, ClaimPayment, Dated, ServicePayment

_PAYMENTS = """
SELECT rc.*, r.payment_date, r.created_at FROM remittance_claims rc
JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
WHERE rc.tenant_id = current_tenant() AND rc.claim_id = $1 AND v.rank = $2 AND rc.outcome <> 'predetermination'
ORDER BY rc.id
"""
_LINES = """
SELECT * FROM remittance_lines
WHERE tenant_id = current_tenant() AND remittance_claim_id = ANY($1::uuid[]) ORDER BY remittance_claim_id, ordinal
"""
_ADJUSTMENTS = """
SELECT * FROM adjustments WHERE tenant_id = current_tenant() AND remittance_claim_id = ANY($1::uuid[])
ORDER BY remittance_claim_id, ordinal
"""
_DECISIONS = """
SELECT d.* FROM unnest($1::uuid[], $2::int[]) AS wanted (claim_id, version)
JOIN claim_decisions d ON d.claim_id = wanted.claim_id AND d.version = wanted.version
WHERE d.tenant_id = current_tenant() ORDER BY d.claim_id, d.version, d.ordinal
"""
_COLUMNS = ("tenant_id", "claim_id", "version", "ordinal", "coverage_id", "rank", "paid_cents", "remaining_cents",
            "adjudicated_on", "payer_claim_control_number", "remarks", "adjustments", "lines")  # fmt: skip
_HEALTHCARE = 5
"""The length of a HCPCS code; a payer that names a revenue code instead sends four digits."""


async def adjudications(session: Session, claim_id: UUID, rank: str) -> list[Adjudication]:
    """Everything that the claim's payer of that rank has remitted, oldest posting first."""
    rows = await session.fetch(_PAYMENTS, claim_id, rank)
    ids = [row["id"] for row in rows]
    adjustments: dict[tuple[UUID, int | None], list[Adjustment]] = defaultdict(list)
    for row in await session.fetch(_ADJUSTMENTS, ids):
        adjustments[row["remittance_claim_id"], row["line_ordinal"]].append(
            Adjustment(row["group_code"], row["reason_code"], row["amount_cents"])
        )
    lines: dict[UUID, list[Any]] = defaultdict(list)
    for row in await session.fetch(_LINES, ids):
        lines[row["remittance_claim_id"]].append(row)
    return [_adjudication(row, lines[row["id"]], adjustments) for row in rows]


async def coverage_of(session: Session, claim_id: UUID, coverage_id: UUID) -> Coverage:
    """A coverage of the claim's patient, as the domain knows it."""
    row = await session.row("SELECT client_id, patient_id FROM claims WHERE id = $1", claim_id)
    key = (row["client_id"], row["patient_id"], coverage_id, None)
    return (await load_parties(session, [key]))[key].coverage


async def store_decisions(
    session: Session,
    claim_id: UUID,
    version: int,
    decisions: Iterable[tuple[UUID, OtherPayerDecision]],
) -> None:
    """Keep what the payers before have decided, in their order, under the version that is told it."""
    rows = [
        (session.tenant_id, claim_id, version, ordinal, coverage_id, one.coverage.order, one.paid_cents,
         one.remaining_cents, one.adjudicated, one.payer_claim_control_number, list(one.remarks),
         json.dumps([list(a) for a in one.adjustments]), json.dumps([_kept(line) for line in one.lines]))
        for ordinal, (coverage_id, one) in enumerate(decisions, 1)
    ]  # fmt: skip
    await session.copy("claim_decisions", _COLUMNS, rows)


async def with_decisions(
    session: Session, rows: Mapping[VersionKey, Any], claims: Mapping[VersionKey, AnyClaim]
) -> dict[VersionKey, AnyClaim]:
    """The claims with what payers before them have decided. `rows` are their rows of `claim_versions` with `client_id`
    and `patient_id`."""
    told = {key: row for key, row in rows.items() if row["decided_version"] is not None}
    if not told:
        return dict(claims)
    kept: dict[VersionKey, list[Any]] = defaultdict(list)
    wanted = [(key[0], row["decided_version"]) for key, row in told.items()]
    for row in await session.fetch(_DECISIONS, [one for one, _ in wanted], [number for _, number in wanted]):
        kept[row["claim_id"], row["version"]].append(row)
    needed = {
        (row["client_id"], row["patient_id"], one["coverage_id"], None)
        for key, row in told.items()
        for one in kept[key[0], row["decided_version"]]
    }
    covers = {key[2]: parties.coverage for key, parties in (await load_parties(session, needed)).items()}
    found = dict(claims)
    for key, row in told.items():
        decisions = tuple(
            _decision(one, covers[one["coverage_id"]]) for one in kept[key[0], row["decided_version"]]
        )
        found[key] = with_primary_payment(replace(claims[key], decisions=decisions))
    return found


def _adjudication(
    row: Any, lines: list[Any], adjustments: Mapping[tuple[UUID, int | None], list[Adjustment]]
) -> Adjudication:
    services = tuple(_service(line, tuple(adjustments[row["id"], line["ordinal"]])) for line in lines)
    payment = ClaimPayment(
        row["ordinal"], 0, row["claim_number"], row["status_code"], row["charge_cents"], row["paid_cents"],
        row["patient_cents"], "", row["payer_claim_control_number"], "", "", "",
        tuple(adjustments[row["id"], None]), services, (), (), (), (), (), tuple(row["remarks"]),
    )  # fmt: skip
    posted: datetime = row["created_at"]
    day: date = row["payment_date"] or posted.astimezone(UTC).date()
    return Adjudication(
        payment, day, {line["ordinal"]: line["claim_line"] for line in lines if line["claim_line"]}
    )


def _service(row: Any, adjustments: tuple[Adjustment, ...]) -> ServicePayment:
    """A service as stored: whether it named a procedure or only a revenue code is told by its length."""
    day = row["service_from"]
    return ServicePayment(
        row["ordinal"], 0, "HC" if len(row["procedure"]) == _HEALTHCARE else "NU", row["procedure"],
        tuple(row["modifiers"]), row["charge_cents"], row["paid_cents"], row["revenue_code"], row["units"],
        row["original_procedure"], "", row["control_number"], adjustments, (),
        (Dated("472", "", day),) if day else (), (), (), tuple(row["remarks"]),
    )  # fmt: skip


def _kept(line: LineDecision) -> dict[str, Any]:
    return {
        "number": line.line_number,
        "paid": line.paid_cents,
        "procedure": line.procedure,
        "modifiers": list(line.modifiers),
        "revenue_code": line.revenue_code,
        "units": str(line.units),
        "adjustments": [list(one) for one in line.adjustments],
        "bundled_into": line.bundled_into,
        "remaining": line.remaining_cents,
    }


def _decision(row: Any, coverage: Coverage) -> OtherPayerDecision:
    """In the order in which the coverage was asked then, wherever it stands in the patient's record now."""
    return OtherPayerDecision(
        coverage=replace(coverage, order=row["rank"]),
        paid_cents=row["paid_cents"],
        adjudicated=row["adjudicated_on"],
        adjustments=tuple(Adjustment(*one) for one in json.loads(row["adjustments"])),
        lines=tuple(_line(one) for one in json.loads(row["lines"])),
        remaining_cents=row["remaining_cents"],
        payer_claim_control_number=row["payer_claim_control_number"],
        remarks=tuple(row["remarks"]),
    )


def _line(kept: dict[str, Any]) -> LineDecision:
    return LineDecision(
        line_number=kept["number"],
        paid_cents=kept["paid"],
        procedure=kept["procedure"],
        units=Decimal(kept["units"]),
        modifiers=tuple(kept["modifiers"]),
        revenue_code=kept["revenue_code"],
        adjustments=tuple(Adjustment(*one) for one in kept["adjustments"]),
        bundled_into=kept["bundled_into"],
        remaining_cents=kept["remaining"],
    )
