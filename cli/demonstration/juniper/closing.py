"""The months before the last, closed as they were billed before the company came here; the last one is left to close."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.care.reckoning import month_at, reckoned
from cli.demonstration.juniper.admitting import Admitted, id_at
from cli.demonstration.juniper.company import FEES
from cli.demonstration.juniper.rhythm import last_day, months_until
from cli.demonstration.masters import House
from database.care_codes import code_table, frozen_with
from database.care_reads import practice_of
from database.session import Session, tenant_session
from domain.care.closing import Outcome, Step, patient_month_id
from domain.care.exceptions import MonthFacts
from domain.care.minutes import Reckoning
from domain.care.month_claims import claims_of
from domain.care.snapshots import Snapshot, kept

_FEES = {line.split("\t")[0]: round(float(line.split("\t")[2]) * 100) for line in FEES.split("\n")[1:]}
_MONTH = (
    "tenant_id", "id", "month", "step", "frozen", "frozen_at", "total", "done", "started_by", "started_at",
    "computing_at", "computed_at", "closed_at", "codes",
)  # fmt: skip
_PATIENT = (
    "tenant_id", "id", "care_month_id", "month", "client_id", "patient_id", "revision", "outcome", "snapshot",
    "charge_cents", "seconds", "computed_at", "billed_at",
)  # fmt: skip


async def close_months(house: House, everybody: Sequence[Admitted]) -> None:
    """Every month up to the one before the last: its time is locked. The first one has consents and no time."""
    months = months_until(house.since)
    before = (months[0] - timedelta(days=1)).replace(day=1)
    admin = await house.admin()
    for first in (before, *months[:-2]):
        async with tenant_session(admin) as session:
            if not await session.value(
                "SELECT 1 FROM care_months WHERE tenant_id = current_tenant() AND month = $1", first
            ):
                await _close(session, house, everybody, first)


async def _close(session: Session, house: House, everybody: Sequence[Admitted], first: date) -> None:
    closed = datetime.combine(last_day(first) + timedelta(days=4), datetime.min.time(), UTC)
    identifier = id_at(closed, session.tenant_id, "month", first)
    rows: list[tuple[Any, ...]] = []
    for client_id in house.clients:
        mine = [one for one in everybody if one.client_id == client_id and one.facts.since <= last_day(first)]
        key = month_at(await practice_of(session, client_id), first)
        found = await reckoned(session, list(dict.fromkeys(one.patient_id for one in mine)), key)
        rows += [
            _patient(session.tenant_id, identifier, first, one, found[one.patient_id], closed) for one in mine
        ]
    rows = [row for row in rows if row[-3]]
    begun = closed - timedelta(hours=2)
    month = (
        session.tenant_id, identifier, first, Step.CLOSED.value, True, begun, len(rows), len(rows),
        session.actor.user_id, begun, begun, closed, closed, frozen_with(await code_table(session, first)),
    )  # fmt: skip
    await session.copy("care_months", _MONTH, [month])
    await session.copy("care_patient_months", _PATIENT, rows)
    await session.audit(
        "demonstration.care_month", "tenants", session.tenant_id,
        detail={"month": f"{first:%Y-%m}", "patients": len(rows)},
    )  # fmt: skip


def _patient(
    tenant: UUID, month_id: UUID, first: date, one: Admitted, found: Reckoning, closed: datetime
) -> tuple[Any, ...]:
    snapshot = _snapshot(found, MonthFacts(last_day(first), True, False, fees=_FEES))
    outcome = Outcome.BILLED if found.billable else Outcome.NOTHING
    return (
        tenant, patient_month_id(tenant, one.patient_id, first, 1), month_id, first, one.client_id, one.patient_id, 1,
        outcome.value, json.dumps(kept(snapshot)), snapshot.charge_cents, sum(found.counted.values()), closed, closed,
    )  # fmt: skip


def _snapshot(found: Reckoning, facts: MonthFacts) -> Snapshot:
    counted: Mapping[str, int] = {one.value: seconds for one, seconds in found.counted.items() if seconds}
    return Snapshot(
        counted,
        claims_of(found, facts) if found.billable else (),
        table_version=found.table_version,
        entry_ids=tuple(dict.fromkeys(one.entry_id for one in found.pieces)),
    )
