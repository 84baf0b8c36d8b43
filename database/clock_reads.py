"""What the clocks of open work come to now: breached, at risk, due today, not begun in time, by whom and whose."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session

# Midnight to midnight where the tenant is.
_DAY = """
SELECT (now() AT TIME ZONE time_zone)::date::timestamp AT TIME ZONE time_zone AS begins,
    ((now() AT TIME ZONE time_zone)::date + 1)::timestamp AT TIME ZONE time_zone AS ends, time_zone AS zone
FROM tenants WHERE id = current_tenant()
"""
# Each part is read from an index that holds all it asks for; most of a large backlog is from earlier days, which have no hour.
# $1 now, $2 the end of the day, $3 the beginnings of its hours; `hour` is the place among them.
_FOUND = """
found AS MATERIALIZED (
    SELECT kind, client_id, owner_id, NULL::int AS hour, count(*) AS breached, 0 AS today, 0 AS at_risk, 0 AS unstarted
    FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND due_at < ($3::timestamptz[])[1]
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT kind, client_id, owner_id, width_bucket(due_at, $3), count(*) FILTER (WHERE due_at < $1),
        count(*) FILTER (WHERE due_at >= $1), count(*) FILTER (WHERE due_at >= $1 AND due_warn_at <= $1), 0
    FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND due_at >= ($3)[1] AND due_at < $2
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT kind, client_id, owner_id, NULL, 0, 0, count(*), 0
    FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND due_warn_at <= $1 AND due_at >= $2
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT kind, client_id, NULL, NULL, 0, 0, 0, count(*)
    FROM work_items WHERE tenant_id = current_tenant() AND status = 'open' AND taken_at IS NULL AND start_by < $1
    GROUP BY 1, 2)
"""
_SUMS = "sum(breached)::int AS breached, sum(today)::int AS today, sum(at_risk)::int AS at_risk, sum(unstarted)::int AS unstarted"
_BOARD = f"""
WITH {_FOUND}
SELECT grouping(hour, kind, client_id, owner_id) AS level, hour, kind, client_id, owner_id, {_SUMS}
FROM found GROUP BY GROUPING SETS ((), (hour), (kind), (client_id), (owner_id))
"""
_QUEUES = f"""
WITH {_FOUND}
SELECT f.kind, f.client_id, coalesce(c.name, '') AS client_name, {_SUMS}
FROM found f LEFT JOIN clients c ON c.tenant_id = current_tenant() AND c.id = f.client_id
GROUP BY 1, 2, 3 HAVING sum(breached + today + at_risk + unstarted) > 0
ORDER BY sum(breached) DESC, sum(at_risk) DESC, sum(today) DESC, 1, 3 LIMIT $4
"""
# What `grouping` answers for each set: a bit for every column that is summed over.
LEVELS = {15: "all", 7: "hour", 11: "kind", 13: "client", 14: "owner"}


@dataclass(frozen=True, slots=True)
class Risk:
    """How much of something is `breached`, will be by midnight (`today`), is warned of (`at_risk`; those of today
    are among `today` as well), and was not begun in time (`unstarted`)."""

    breached: int = 0
    today: int = 0
    at_risk: int = 0
    unstarted: int = 0


@dataclass(frozen=True, slots=True)
class RiskQueue:
    """A queue, that is a kind of work of a client (None: of no client), whose clocks run out."""

    kind: str
    client_id: UUID | None
    client_name: str
    risk: Risk


@dataclass(frozen=True, slots=True)
class Day:
    """The tenant's day: from when to when (aware), its zone, and the moment of asking."""

    begins: datetime
    ends: datetime
    zone: str
    now: datetime

    @property
    def hours(self) -> dict[datetime, int]:
        """When each hour begins. Where the clock goes back it lasts longer; it may go by half an hour."""
        found: dict[datetime, int] = {}
        moment, zone = self.begins, ZoneInfo(self.zone)
        while moment < self.ends:
            hour = moment.astimezone(zone).hour
            if hour not in found.values():
                found[moment] = hour
            moment += timedelta(minutes=30)
        return found


async def day_of(session: Session) -> Day:
    """Today where the tenant is."""
    row = await session.row(f"SELECT d.*, now() AS now FROM ({_DAY}) d")
    return Day(row["begins"], row["ends"], row["zone"], row["now"])


async def board(session: Session, day: Day) -> list[tuple[str, Any, Risk]]:
    """The figures of all work, and by hour of today, kind, client and owner: the group's name, its value, its figures."""
    rows = await session.fetch(_BOARD, day.now, day.ends, list(day.hours))
    hours = dict(enumerate(day.hours.values(), 1))
    values = {"all": None, "hour": "hour", "kind": "kind", "client": "client_id", "owner": "owner_id"}
    found = []
    for row in rows:
        level = LEVELS[row["level"]]
        column = values[level]
        value: Any = row[column] if column else None
        found.append((level, hours.get(value) if level == "hour" else value, _risk(row)))
    return found


async def at_risk_queues(session: Session, limit: int = 50) -> list[RiskQueue]:
    """The queues, by kind and client, whose clocks have run out or will today, the worst first."""
    day = await day_of(session)
    rows = await session.fetch(_QUEUES, day.now, day.ends, list(day.hours), limit)
    return [RiskQueue(row["kind"], row["client_id"], row["client_name"], _risk(row)) for row in rows]


def _risk(row: Any) -> Risk:
    return Risk(*(row[name] or 0 for name in ("breached", "today", "at_risk", "unstarted")))
