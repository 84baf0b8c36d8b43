"""The clocks of a demo company: a client's contract, what is urgent, and a day on which some work runs out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.demonstration.masters import House
from services.work import clock_rules, due_dates
from services.work.clock_rules import ClockFacts
from services.work.queue import queue

HOUR = 3_600
# From now, so that some has run out by the time somebody looks and some will before the day is over.
_DUE = (
    timedelta(minutes=1),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=50),
    timedelta(hours=2),
    timedelta(hours=2),
    timedelta(hours=3),
    timedelta(hours=5),
)
_REASON = "Agreed with the practice on the phone"


async def set_clocks(house: House) -> bool:
    """Enter two rules and move a few due dates; False when that was done before."""
    admin = await house.admin()
    if (await clock_rules.list_rules(admin, limit=1)).items:
        return False
    today = datetime.now(ZoneInfo(admin.time_zone)).date()
    contract = ClockFacts(
        24 * HOUR,
        today,
        "Statement of work: three working days",
        client_id=house.clients[0],
        start_seconds=8 * HOUR,
    )
    urgent = ClockFacts(
        4 * HOUR,
        today,
        "Urgent work is done within half a day",
        priority=1,
        start_seconds=HOUR,
        warn_percent=50,
    )
    for facts in (contract, urgent):
        await clock_rules.add_rule(admin, facts)
    open_items = (await queue(admin, scope="all", order="due", limit=len(_DUE))).items
    for line, later in zip(open_items, _DUE, strict=False):
        await due_dates.change_due(admin, line.id, datetime.now(UTC) + later, _REASON)
    return True
