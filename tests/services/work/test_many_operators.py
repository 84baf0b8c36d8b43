"""Fifty people at one queue: nothing is worked twice, nothing is lost, and who comes second is told who was first.

In the suite a few seconds over some hundred items. In full: `CASELOAD_OPERATORS_SECONDS=300` with
`CASELOAD_OPERATORS_ITEMS=10000`.
"""

import asyncio
import logging
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from activities.work import Opening, open_items
from database.session import tenant_session
from domain.refusals import Conflict
from domain.tenancy import Actor, workflow_actor
from domain.work import Kind
from domain.work_runs import Act, Order
from services.work import actions, bulk
from services.work.queue import queue
from tests.fixtures.tenancy import TenantFixture

log = logging.getLogger("caseload.tests")
OPERATORS = 50
SECONDS = float(os.environ.get("CASELOAD_OPERATORS_SECONDS", "5"))
ITEMS = int(os.environ.get("CASELOAD_OPERATORS_ITEMS", "250"))
# Of the time that an operator has for an item, what they spend looking at it.
THINKING = 0.35
FINISHED = "This has been finished meanwhile."
LENT = "This was delegated to you."


@dataclass
class Day:
    """What the operators did between them, and until when they work."""

    ends: float
    pause: float
    told: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    finished: list[UUID] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


async def test_fifty_operators_work_no_item_twice_and_lose_none(
    north: TenantFixture, south: TenantFixture
) -> None:
    await filled(north, ITEMS)
    await filled(south, 1)
    people = [await north.actor("Biller") for _ in range(OPERATORS)]
    day = Day(time.monotonic() + SECONDS, THINKING * SECONDS * OPERATORS / ITEMS)
    async with asyncio.TaskGroup() as together:
        for number, person in enumerate(people):
            together.create_task(work(day, person, people, random.Random(number)))

    assert len(day.finished) == len(set(day.finished))
    assert set(day.told) <= {"work.taken", "work.finished", "work.delegated"}
    assert day.told["work.taken"] > 0
    names = {person.name for person in people}
    assert {faster(words) for words in day.words} <= names | {FINISHED, LENT}
    await nothing_is_lost(north, day)
    await every_history_is_possible(north)
    assert (
        await north.owner.fetchval("SELECT status FROM work_items WHERE tenant_id = $1", south.tenant_id)
        == "open"
    )
    report(day)


def faster(words: str) -> str:
    """Who was faster, by what the slower one was told."""
    for ending in (" took this meanwhile.", " has finished this meanwhile."):
        words = words.removesuffix(ending)
    return words


async def filled(tenant: TenantFixture, count: int) -> None:
    openings = [Opening(str(n), Kind.HOLD, f"C-{n} held") for n in range(count)]
    for start in range(0, count, 1_000):
        async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
            await open_items(session, openings[start : start + 1_000])


async def work(day: Day, me: Actor, people: list[Actor], dice: random.Random) -> None:
    """One operator's day: take what is on top, now and then several at once, and end it in one of the usual ways."""
    while time.monotonic() < day.ends:
        found = (await queue(me, limit=20)).items
        if not found:
            await finish_what_is_mine(day, me)
            return
        # Everybody looks at the same top of the queue, so that they get in each other's way.
        wanted = [line.id for line in dice.sample(found[:8], min(len(found[:8]), dice.choice((1, 1, 1, 3))))]
        if len(wanted) > 1:
            taken = [row.item_id for row in await bulk.act_on(me, wanted, Order(Act.TAKE)) if not row.code]
        else:
            taken = [item for item in wanted if await told(day, actions.take(me, item))]
        for item in taken:
            await asyncio.sleep(dice.uniform(0, 2 * day.pause))
            await end(day, me, item, people, dice)
    await finish_what_is_mine(day, me)


async def end(day: Day, me: Actor, item: UUID, people: list[Actor], dice: random.Random) -> None:
    """Finish it; or return it, put it off, or have a colleague look at it first."""
    how = dice.random()
    if how < 0.08:
        await actions.give_back(me, item, "Not for me")
        return
    if how < 0.12:
        await actions.snooze(me, item, datetime.now(UTC) + timedelta(seconds=2))
        return
    if how < 0.16:
        colleague = dice.choice([one for one in people if one is not me])
        assert colleague.user_id
        await actions.delegate(me, item, colleague.user_id)
        await actions.give_back(colleague, item, "Looked at it")
    await finish(day, me, item)


async def finish(day: Day, me: Actor, item: UUID) -> None:
    began = time.perf_counter()
    if await told(day, actions.complete(me, item, "recheck")):
        day.finished.append(item)
        day.seconds.append(time.perf_counter() - began)


async def finish_what_is_mine(day: Day, me: Actor) -> None:
    """What was put off comes back, and is finished before going home. What a colleague lends just then stays theirs."""
    for line in (await queue(me, scope="mine", limit=200)).items:
        await finish(day, me, line.id)


async def told(day: Day, asked: object) -> bool:
    """Whether it was done; else what the person was told is counted, and names who was faster."""
    try:
        await asked  # type: ignore[misc]
    except Conflict as refusal:
        day.told[refusal.code] += 1
        day.words.add(refusal.title)
        return False
    return True


async def nothing_is_lost(tenant: TenantFixture, day: Day) -> None:
    """Every item is finished once, or still stands in the queue."""
    rows = await tenant.owner.fetch(
        "SELECT id, status FROM work_items WHERE tenant_id = $1", tenant.tenant_id
    )
    assert len(rows) == ITEMS
    assert {row["id"] for row in rows if row["status"] == "done"} == set(day.finished)
    open_now, cursor = set(), None
    while True:
        page = await queue(tenant.admin, scope="all", cursor=cursor, limit=200)
        open_now |= {line.id for line in page.items}
        cursor = page.next
        if cursor is None:
            break
    assert open_now == {row["id"] for row in rows if row["status"] == "open"}


async def every_history_is_possible(tenant: TenantFixture) -> None:
    """Between two takings lies a return, and nothing follows the one completion."""
    events = await tenant.owner.fetch(
        "SELECT work_item_id AS item, array_agg(kind ORDER BY id) AS kinds FROM work_item_events WHERE tenant_id = $1"
        " AND kind IN ('taken', 'returned', 'delegated', 'completed') GROUP BY 1",
        tenant.tenant_id,
    )
    for row in events:
        depth = 0
        for place, kind in enumerate(row["kinds"]):
            depth += {"taken": 1, "delegated": 1, "returned": -1, "completed": 0}[kind]
            assert 0 <= depth <= 2, row
            assert kind != "taken" or depth == 1, row
            assert kind != "completed" or place == len(row["kinds"]) - 1, row


def report(day: Day) -> None:
    """The figures, shown with `-rP`."""
    day.seconds.sort()
    half, tail = (day.seconds[int(len(day.seconds) * part)] * 1000 for part in (0.5, 0.95))
    words = "%d operators, %d items, %g s: %d finished, told %s, finishing takes %.0f ms (p95 %.0f ms)"
    log.info(words, OPERATORS, ITEMS, SECONDS, len(day.finished), dict(day.told), half, tail)
