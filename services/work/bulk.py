"""One act on a selection or on a whole filter: every item on its own, with the outcome of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from activities.work_notices import tell_of_many
from activities.work_runs import ORDERS, Receiver, do_one, stored_order
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size
from domain.refusals import Conflict, FieldError, Invalid, NotAllowed, NotFound, Refusal
from domain.tenancy import Actor
from domain.work import PERMISSIONS
from domain.work_runs import MOST_AT_ONCE, MOST_IN_A_RUN, NOT_REACHED, Act, Order, RowOutcome, checked_order
from domain.work_views import WorkFilter
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.work.actions import name_of_candidate
from services.work.asking import ASKER, OPEN, asker, conditions

_RUNS = """
SELECT r.id, r.act, r.status, r.total, r.done, r.refused, r.started_by_name, r.started_at, r.finished_at FROM work_runs r
WHERE r.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class RunView:
    """A bulk run and where it stands. `stopped`: rights in the tenant changed meanwhile; `cancelled`: its starter or a lead
    ended it. Either way what is left was not touched."""

    id: UUID
    act: str
    status: str
    total: int
    done: int
    refused: int
    started_by_name: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """What came of each item, or the run that works through them."""

    outcomes: list[RowOutcome]
    run: RunView | None


@door.bulk(Permission.WORK_TAKE)
async def act_on(actor: Actor, item_ids: Sequence[UUID], order: Order) -> list[RowOutcome]:
    """Act on a selection of at most 200, each item on its own, with the outcome of each."""
    wanted = list(dict.fromkeys(item_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid(
            "bulk.too_many", f"At most {MOST_AT_ONCE} items at once.", "Act on the whole filter instead."
        )
    checked_order(order, datetime.now(UTC))
    outcomes = []
    for item_id in wanted:
        try:
            outcomes.append(await _act_on_one(actor, item_id, order))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            title = "" if isinstance(refusal, NotFound) else await _title(actor, item_id)
            outcomes.append(RowOutcome(item_id, title, refusal.code, refusal.title))
    done = sum(1 for one in outcomes if not one.code)
    if order.act is Act.ASSIGN and order.user_id and done:
        await _tell_receiver(actor, order.user_id, done)
    return outcomes


@door.command(Permission.WORK_ASSIGN)
async def _tell_receiver(session: Session, user_id: UUID, count: int) -> None:
    """Tell whoever was given items, once for all of them."""
    await tell_of_many(session, user_id, count, f"bulk/{uuid4()}")


@door.command(Permission.WORK_TAKE, of="work_items")
async def _act_on_one(session: Session, item_id: UUID, order: Order) -> RowOutcome:
    """One row of a bulk act. What is free is taken before it is finished."""
    receiver = Receiver()
    if order.act is Act.ASSIGN and order.user_id:
        receiver = Receiver(await name_of_candidate(session, item_id, order.user_id))
    await do_one(session, item_id, order, receiver)
    return RowOutcome(item_id, await _title_of(session, item_id))


@door.bulk(Permission.WORK_TAKE)
async def act_on_filter(actor: Actor, asked: WorkFilter, order: Order) -> BulkAnswer:
    """Act on everything that a filter shows: up to 200 in one go, more as a run that can be left alone."""
    ids = await _matching(actor, asked)
    if len(ids) <= MOST_AT_ONCE:
        return BulkAnswer(await act_on(actor, ids, order), None)
    return BulkAnswer([], await _start_run(actor, asked, order))


@door.query(Permission.WORK_VIEW)
async def _matching(session: Session, asked: WorkFilter) -> list[UUID]:
    """The first 201 items of a filter, most urgent first: more than 200 means that a run is needed."""
    values = await asker(session, asked.checked().scope)
    where = " AND ".join(conditions(asked, values))
    rows = await session.fetch(
        f"{ASKER} SELECT w.id FROM work_items w WHERE {OPEN} AND {where}"
        f" ORDER BY w.priority, w.due_at, w.id LIMIT {MOST_AT_ONCE + 1}",
        *values,
    )
    return [row["id"] for row in rows]


async def run_view(session: Session, run_id: UUID) -> RunView:
    """The run as it stands."""
    return RunView(*await session.row(f"{_RUNS} AND r.id = $1", run_id))


@door.answering(Permission.WORK_TAKE, run_view)
async def _start_run(session: Session, asked: WorkFilter, order: Order) -> UUID:
    """Fix the items that a filter shows now and have a durable process act on each."""
    if order.act in (Act.ASSIGN, Act.PRIORITISE):
        door.also(session, Permission.WORK_ASSIGN)
    checked_order(order, datetime.now(UTC))
    receiver = await _receiver(session, order)
    run_id: UUID = await session.value(
        "INSERT INTO work_runs (tenant_id, act, orders, permissions, policy_version, started_by, started_by_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        session.tenant_id,
        str(order.act),
        (await session.key()).seal_json(ORDERS, stored_order(order, receiver)),
        sorted(session.actor.permissions),
        session.actor.policy_version,
        session.actor.user_id,
        session.actor.name,
    )
    total = await _fix_rows(session, run_id, asked.checked())
    if total > MOST_IN_A_RUN:
        raise Invalid("bulk.too_many", f"At most {MOST_IN_A_RUN:,} items in one run.", "Narrow the filter.")
    await session.execute("UPDATE work_runs SET total = $2 WHERE id = $1", run_id, total)
    await session.tell(
        "start",
        f"{session.tenant_id}/bulk/{run_id}",
        "",
        {"tenant_id": session.tenant_id, "run_id": run_id},
        workflow="BulkWork",
    )
    return run_id


@door.query(Permission.WORK_VIEW)
async def list_runs(session: Session, *, limit: int = 5) -> list[RunView]:
    """The asker's own runs, newest first."""
    rows = await session.fetch(
        f"{_RUNS} AND r.started_by = $1 ORDER BY r.id DESC LIMIT $2", session.actor.user_id, page_size(limit)
    )
    return [RunView(*row) for row in rows]


@door.command(Permission.WORK_TAKE, of="work_runs")
async def cancel_run(session: Session, run_id: UUID) -> RunView:
    """End a run of one's own, or as a lead anybody's: what was done stays done, what is left is not touched."""
    run = await run_view(session, run_id)
    starter = await session.value("SELECT started_by FROM work_runs WHERE id = $1", run_id)
    if starter != session.actor.user_id and not session.actor.may(Permission.WORK_ASSIGN):
        raise NotAllowed("bulk.not_yours", f"{run.started_by_name} started this.", "Ask them, or a lead.")
    # Waits for the portion under way, which holds the row, and then stands before the next one.
    ended = await session.execute(
        "UPDATE work_runs SET status = 'cancelled', finished_at = now() WHERE id = $1 AND status = 'running'",
        run_id,
    )
    if not ended:
        raise Conflict("bulk.ended", "This has ended already.", "Look at what came of it.")
    return await run_view(session, run_id)


@door.query(Permission.WORK_VIEW, of="work_runs")
async def run_rows(
    session: Session, run_id: UUID, *, cursor: str | None = None, limit: int = PAGE
) -> Page[RowOutcome]:
    """Every row of a run with its outcome, in the order in which they are worked; those not reached say so."""
    return await _rows_of(session, run_id, "true", cursor, limit)


@door.query(Permission.WORK_VIEW, of="work_runs")
async def refused_rows(
    session: Session, run_id: UUID, *, cursor: str | None = None, limit: int = PAGE
) -> Page[RowOutcome]:
    """The rows of a run that were refused, each with why."""
    return await _rows_of(session, run_id, "r.code <> ''", cursor, limit)


async def _rows_of(
    session: Session, run_id: UUID, which: str, cursor: str | None, limit: int
) -> Page[RowOutcome]:
    size = page_size(limit)
    after = number_in(cursor) if cursor else 0
    rows = await session.fetch(
        f"SELECT r.place, r.work_item_id, w.title, coalesce(r.code, '{NOT_REACHED}') AS code, r.message FROM work_run_rows r"
        " JOIN work_items w ON w.tenant_id = r.tenant_id AND w.id = r.work_item_id"
        f" WHERE r.tenant_id = current_tenant() AND r.run_id = $1 AND {which} AND r.place > $2"
        " ORDER BY r.place LIMIT $3",
        run_id,
        after,
        size + 1,
    )
    items = [
        RowOutcome(row["work_item_id"], row["title"], row["code"], row["message"]) for row in rows[:size]
    ]
    return Page(items, encode_cursor(rows[size - 1]["place"]) if len(rows) > size else None)


async def _fix_rows(session: Session, run_id: UUID, asked: WorkFilter) -> int:
    values = await asker(session, asked.scope)
    where = " AND ".join(conditions(asked, values))
    values.append(run_id)
    return await session.execute(
        f"{ASKER} INSERT INTO work_run_rows (tenant_id, run_id, place, work_item_id)"
        f" SELECT w.tenant_id, ${len(values)}::uuid, row_number() OVER (ORDER BY w.priority, w.due_at, w.id), w.id"
        f" FROM work_items w WHERE {OPEN} AND {where} LIMIT {MOST_IN_A_RUN + 1}",
        *values,
    )


async def _receiver(session: Session, order: Order) -> Receiver:
    """Who gets the items of a run: somebody who may take work, and the kinds of it that their roles allow."""
    if order.act is not Act.ASSIGN or order.user_id is None:
        return Receiver()
    name = (await holders(session, {Permission.WORK_TAKE})).get(order.user_id)
    if name is None:
        fault = FieldError("user_id", "user_id.cannot_take", "Choose somebody whose roles allow work.")
        raise Invalid(
            "work.cannot_be_assigned", "This person cannot take it.", fault.message, fields=(fault,)
        )
    able = [one for one in sorted(PERMISSIONS) if order.user_id in await holders(session, {one})]
    return Receiver(name, tuple(able))


@door.query(Permission.WORK_VIEW, of="work_items")
async def _title(session: Session, item_id: UUID) -> str:
    """What an item is called."""
    return await _title_of(session, item_id)


async def _title_of(session: Session, item_id: UUID) -> str:
    title: str = await session.value("SELECT title FROM work_items WHERE id = $1", item_id)
    return title
