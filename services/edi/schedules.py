"""The schedules in Temporal, kept in step with the database by the worker: a poller for each connection in use, a watch
over what was sent for each tenant that has one, the forecast of each morning for each that has patients in care, and the
close of each month for each that wants it."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.care.forecast_messages import ForecastInput
from activities.care.month_messages import ScheduledCloseInput
from activities.courier import fairness
from activities.edi.messages import ConnectionInput, WatchInput
from database.session import platform_session
from services import door

log = logging.getLogger("caseload.schedules")

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS = re.compile(f"{_UUID}/(?:poll/{_UUID}|watch/submissions|forecast/daily|care_close/monthly)")
WATCH_EVERY = timedelta(hours=1)
# Before anybody begins, and not all tenants at the same minute.
FORECAST_HOUR, FORECAST_MINUTES = 4, 60
# How many rounds go by what is remembered before Temporal is asked again what there is.
ROUNDS = 120
_IN_USE = """
SELECT k.tenant_id, k.id AS connection_id, t.plan FROM connections k JOIN tenants t ON t.id = k.tenant_id
WHERE k.active AND (k.private_key IS NOT NULL OR k.access_token IS NOT NULL) AND t.status IN ('active', 'suspended')
"""

_CARING = """
SELECT t.id AS tenant_id, t.time_zone, t.plan FROM tenants t WHERE t.status IN ('active', 'suspended')
    AND EXISTS (SELECT 1 FROM care_enrolments e WHERE e.tenant_id = t.id AND e.step <> 'ended')
"""
_CLOSING = """
SELECT s.tenant_id, s.day, s.hour, t.time_zone, t.plan FROM care_close_schedules s JOIN tenants t ON t.id = s.tenant_id
WHERE s.active AND t.status IN ('active', 'suspended')
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a scheduled process is started with, by whose plan, and, where it goes by the clock, of which zone, from which
    day of each month on and at which hour."""

    given: ConnectionInput | WatchInput | ForecastInput | ScheduledCloseInput
    plan: str
    zone: str = ""
    day: int = 1
    hour: int = FORECAST_HOUR


Pollers = Mapping[str, Wanted]
"""What is wanted, by the id of its schedule."""


@door.public("the worker keeps the schedules of every tenant; nobody asks for it")
async def keep_schedules_forever(client: Client, poll_seconds: float, every: float = 5.0) -> None:
    """Give new connections their schedule and take away those of connections out of use, until cancelled."""
    known: Pollers | None = None
    rounds = 0
    while True:
        try:
            known = await ensure_schedules(client, poll_seconds, known)
            rounds += 1
        except (OSError, TimeoutError, RPCError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Both servers come back by themselves; then everything is compared anew.
            log.warning("schedules postponed: %s", type(error).__name__)
            known = None
        if rounds % ROUNDS == 0:
            known = None
        await asyncio.sleep(every)


@door.public("the worker keeps the schedules of every tenant; nobody asks for it")
async def ensure_schedules(client: Client, poll_seconds: float, known: Pollers | None = None) -> Pollers:
    """Make, update and delete until every connection in use has its schedule and no other has one. The pollers now kept.

    `known` is the answer of the time before: then only differences are looked at. Doing it twice changes nothing.
    """
    wanted = await _in_use()
    there = await _scheduled(client) if known is None else set(known)
    for schedule_id in there - wanted.keys():
        await _remove(client, schedule_id)
    for schedule_id in sorted(one for one in wanted if (known or {}).get(one) != wanted[one]):
        await _put(client, schedule_id, _schedule(schedule_id, wanted[schedule_id], poll_seconds))
    return wanted


async def _in_use() -> dict[str, Wanted]:
    async with platform_session(purpose="schedules") as connection:
        rows = await connection.fetch(_IN_USE)
        caring = await connection.fetch(_CARING)
        closing = await connection.fetch(_CLOSING)
    pollers = {
        schedule_id(row["tenant_id"], row["connection_id"]): Wanted(
            ConnectionInput(row["tenant_id"], row["connection_id"]), row["plan"]
        )
        for row in rows
    }
    watches = {watch_id(row["tenant_id"]): Wanted(WatchInput(row["tenant_id"]), row["plan"]) for row in rows}
    mornings = {
        forecast_id(row["tenant_id"]): Wanted(ForecastInput(row["tenant_id"]), row["plan"], row["time_zone"])
        for row in caring
    }
    closes = {
        close_id(row["tenant_id"]): Wanted(
            ScheduledCloseInput(row["tenant_id"]), row["plan"], row["time_zone"], row["day"], row["hour"]
        )
        for row in closing
    }
    return {**watches, **mornings, **closes, **pollers}


def schedule_id(tenant_id: UUID, connection_id: UUID) -> str:
    """The id of a connection's schedule, and the beginning of the ids of its pollers."""
    return f"{tenant_id}/poll/{connection_id}"


def watch_id(tenant_id: UUID) -> str:
    """The id of a tenant's watch over what it sent."""
    return f"{tenant_id}/watch/submissions"


def forecast_id(tenant_id: UUID) -> str:
    """The id of the schedule of a tenant's forecasts, and the beginning of the ids of each day's."""
    return f"{tenant_id}/forecast/daily"


def close_id(tenant_id: UUID) -> str:
    """The id of the schedule by which a tenant's months are closed, and the beginning of the ids of each close's start."""
    return f"{tenant_id}/care_close/monthly"


async def _scheduled(client: Client) -> set[str]:
    return {entry.id async for entry in await client.list_schedules() if _OURS.fullmatch(entry.id)}


def _schedule(identifier: str, wanted: Wanted, poll_seconds: float) -> Schedule:
    given = wanted.given
    if isinstance(given, ForecastInput):
        spec = _each_day(wanted, minute=given.tenant_id.int % FORECAST_MINUTES)
        return _starting("CareForecast", "core", identifier, wanted, spec, timedelta(hours=12))
    if isinstance(given, ScheduledCloseInput):
        # A month is closed once: later days find it begun, and make up for a start that was missed.
        return _starting("ScheduledClose", "core", identifier, wanted, _each_day(wanted), timedelta(hours=12))
    if isinstance(given, ConnectionInput):
        name, every, spread = (
            "ConnectionPoller",
            timedelta(seconds=max(poll_seconds, 1.0)),
            given.connection_id,
        )
    else:
        name, every, spread = "SubmissionWatch", WATCH_EVERY, given.tenant_id
    # Intervals count from the epoch: without an offset of its own every connection would look at the same moment.
    offset = every * ((spread.int % 1000) / 1000)
    spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every, offset=offset)])
    return _starting(name, "edi", identifier, wanted, spec, timedelta(minutes=1))


def _each_day(wanted: Wanted, minute: int = 0) -> ScheduleSpec:
    """Once a day where the tenant is; what was missed is made up for the same day."""
    calendar = ScheduleCalendarSpec(
        minute=[ScheduleRange(minute)],
        hour=[ScheduleRange(wanted.hour)],
        day_of_month=[ScheduleRange(wanted.day, 31)],
    )
    return ScheduleSpec(calendars=[calendar], time_zone_name=wanted.zone)


def _starting(
    workflow: str, queue: str, identifier: str, wanted: Wanted, spec: ScheduleSpec, made_up_for: timedelta
) -> Schedule:
    """One at a time, in its tenant's share; a start that was missed is made up for within this time."""
    priority = fairness(wanted.given.tenant_id, wanted.plan)
    return Schedule(
        action=ScheduleActionStartWorkflow(
            workflow, wanted.given, id=identifier, task_queue=queue, priority=priority
        ),
        spec=spec,
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=made_up_for),
    )


async def _put(client: Client, identifier: str, schedule: Schedule) -> None:
    try:
        await client.create_schedule(identifier, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(identifier).update(_replacement(schedule))


def _replacement(schedule: Schedule) -> Any:
    """An update that keeps what a person set by hand, such as a pause, and replaces the rest."""

    def replace(there: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = there.description.schedule.state
        return ScheduleUpdate(schedule=schedule)

    return replace


async def _remove(client: Client, identifier: str) -> None:
    try:
        await client.get_schedule_handle(identifier).delete()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
