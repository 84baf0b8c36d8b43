"""Months of care: their rows, what others read of them, and the lock on the time of a month that was closed.

The schema itself is `sql/94_care_months.sql`, its schedule `sql/9f_close_schedule.sql`; the claims of months are in
`care_month_claims`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from piccolo.columns import JSONB, Array, BigInt, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.session import Session
from domain.refusals import Conflict

SAID = "care_month_events.said"


class CareMonthRow(Table, tablename="care_months", db=ENGINE):
    tenant_id = Uuid(default=None)
    id = Uuid(primary_key=True, default=time_ordered_id)
    month = Date()
    step = Text(default="freezing")
    frozen = Boolean(default=False)
    frozen_at = Timestamptz(null=True, default=None)
    codes = JSONB(null=True, default=None)
    revision = Integer(default=1)
    total = Integer(default=0)
    done = Integer(default=0)
    release_claims = Boolean(default=False)
    by_schedule = Boolean(default=False)
    started_by = Uuid(null=True, default=None)
    started_at = Timestamptz()
    computing_at = Timestamptz(null=True, default=None)
    computed_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class CarePatientMonthRow(Table, tablename="care_patient_months", db=ENGINE):
    tenant_id = Uuid(default=None)
    id = Uuid(primary_key=True, default=None)
    care_month_id = Uuid(default=None)
    month = Date()
    client_id = Uuid(default=None)
    patient_id = Uuid(default=None)
    revision = Integer()
    outcome = Text(default="waiting")
    snapshot = JSONB(default="{}")
    accepted = Array(base_column=Text())
    charge_cents = BigInt(default=0)
    seconds = Integer(default=0)
    packet_id = Uuid(null=True, default=None)
    superseded = Boolean(default=False)
    clocks_cut = SmallInt(default=0)
    place = Uuid(default=time_ordered_id)
    computed_at = Timestamptz(null=True, default=None)
    billed_at = Timestamptz(null=True, default=None)


class CareMonthEventRow(Table, tablename="care_month_events", db=ENGINE):
    tenant_id = Uuid(default=None)
    id = Uuid(primary_key=True, default=time_ordered_id)
    care_month_id = Uuid(default=None)
    patient_month_id = Uuid(null=True, default=None)
    key = Text()
    event = Text()
    revision = Integer()
    detail = JSONB(default="{}")
    said = Bytea(null=True, default=None)
    actor_id = Uuid(null=True, default=None)
    actor_name = Text(default="")
    at = Timestamptz()


class CareCloseScheduleRow(Table, tablename="care_close_schedules", db=ENGINE):
    tenant_id = Uuid(primary_key=True, default=None)
    active = Boolean()
    day = SmallInt()
    hour = SmallInt()
    release_claims = Boolean(default=False)
    set_by = Uuid(null=True, default=None)
    set_at = Timestamptz()
    version = Integer(default=1)


_LOCKED = """
SELECT c.month FROM care_months c WHERE c.tenant_id = current_tenant() AND c.month = ANY($1) AND c.frozen
ORDER BY c.month LIMIT 1
"""
# No entry is longer than a day: the first bound is for the index.
_BETWEEN_MIDNIGHTS = """
SELECT m.month FROM care_months m,
    LATERAL (VALUES (m.month::timestamp), (m.month + interval '1 month')) AS at (midnight),
    LATERAL (SELECT least(midnight AT TIME ZONE $2::text, midnight AT TIME ZONE $3::text) AS first,
        greatest(midnight AT TIME ZONE $2::text, midnight AT TIME ZONE $3::text) AS last) AS between_them
WHERE m.tenant_id = current_tenant() AND m.frozen AND EXISTS (SELECT FROM care_time_entries t
    JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
    WHERE t.tenant_id = m.tenant_id AND e.client_id = $1 AND t.starts_at > first - interval '1 day'
        AND t.starts_at < last AND t.ends_at > first)
ORDER BY m.month LIMIT 1
"""


async def must_be_open(session: Session, client_id: UUID, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse time of which any part lies in a month of the practice that is frozen; hold the others open until the
    transaction ends. A trigger is the second wall behind it."""
    months = await held_months(session, client_id, starts_at, ends_at)
    locked: date | None = await session.value(_LOCKED, months)
    if locked is not None:
        raise locked_month(locked)


async def held_months(
    session: Session, client_id: UUID, starts_at: datetime, ends_at: datetime
) -> list[date]:
    """The practice's months that a stretch of time touches, as their first days. None of them is frozen or opened until
    the transaction ends."""
    rows = await session.fetch(
        "SELECT m FROM care_months_touched(current_tenant(), $1, $2, $3) m ORDER BY m",
        client_id,
        starts_at,
        ends_at,
    )
    months = [row["m"] for row in rows]
    for month in months:  # one statement each: the order in which locks are taken must not vary
        await session.execute(
            "SELECT pg_advisory_xact_lock_shared(care_month_lock(current_tenant(), $1))", month
        )
    return months


def locked_month(month: date) -> Conflict:
    """The refusal of whatever would change the time of a frozen month."""
    return Conflict(
        "care_month.locked",
        f"{month:%B %Y} is closed: its time cannot be changed.",
        "Have the month reopened under Care, Month-end; that needs a manager's approval.",
    )


async def must_keep_midnights(session: Session, client_id: UUID, zone: str, instead_of: str) -> None:
    """Refuse another zone for a practice where it would put time of a frozen month into the month beside it, or the other
    way round: what was billed already would be counted once more, or never."""
    if month := await session.value(_BETWEEN_MIDNIGHTS, client_id, zone, instead_of):
        raise Conflict(
            "care_practice.zone_of_closed_month",
            f"{month:%B %Y} is closed, and time lies between its midnights in the two zones.",
            "Have the month reopened under Care, Month-end, then change the zone and close it again.",
        )


async def frozen_months(session: Session, months: Sequence[date]) -> frozenset[date]:
    """Those of these months (their first days) whose time is locked."""
    rows: list[Any] = await session.fetch(
        "SELECT month FROM care_months WHERE tenant_id = current_tenant() AND month = ANY($1) AND frozen",
        list(months),
    )
    return frozenset(row["month"] for row in rows)
