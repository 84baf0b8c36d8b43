"""One act on a whole filter, portion by portion: every row on its own, its outcome kept with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from activities import work_acts
from activities.work_notices import tell_of_many
from database.session import Session, tenant_session
from domain.refusals import Conflict, NotAllowed, Refusal
from domain.tenancy import Actor, workflow_actor
from domain.work import ASSIGN, TAKE
from domain.work_runs import Act, Order

PORTION = 50
ORDERS = "work_runs.orders"


@dataclass(frozen=True, slots=True)
class RunTask:
    """Which run of which tenant."""

    tenant_id: UUID
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands after a portion."""

    done: int
    refused: int
    left: bool


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets assigned items: the name, and the permissions of the kinds they can work; None when checked already."""

    name: str = ""
    able: tuple[str, ...] | None = None


def stored_order(order: Order, receiver: Receiver) -> dict[str, Any]:
    """The order as it is sealed."""
    return {
        "user_id": str(order.user_id or ""),
        "until": order.until.isoformat() if order.until else "",
        "priority": order.priority,
        "decision": order.decision,
        "comment": order.comment,
        "name": receiver.name,
        "able": receiver.able,
    }


def order_from(act: str, stored: dict[str, Any]) -> tuple[Order, Receiver]:
    """The order and who gets the items, as they were sealed."""
    who, until = stored["user_id"], stored["until"]
    order = Order(
        Act(act),
        UUID(who) if who else None,
        datetime.fromisoformat(until) if until else None,
        stored["priority"],
        stored["decision"],
        stored["comment"],
    )
    able = stored["able"]
    return order, Receiver(stored["name"], None if able is None else tuple(able))


async def do_one(session: Session, item_id: UUID, order: Order, receiver: Receiver) -> None:
    """The order on one item, by the session's person. What is free is taken before it is finished."""
    needed = ASSIGN if order.act in (Act.ASSIGN, Act.PRIORITISE) else TAKE
    if needed not in session.actor.permissions:
        raise NotAllowed("permission.missing", "Your roles do not allow this.", f"It needs {needed}.")
    if order.act is Act.TAKE:
        await work_acts.take(session, item_id)
    elif order.act is Act.ASSIGN and order.user_id:
        held = await work_acts.holding_of(session, item_id)
        if receiver.able is not None and held.permission not in receiver.able:
            raise Conflict("work.cannot_be_assigned", f"{receiver.name} cannot take this kind of work.", "")
        await work_acts.hand_over(
            session, item_id, order.user_id, receiver.name, delegated=False, quietly=True
        )
    elif order.act is Act.SNOOZE and order.until:
        await work_acts.snooze(session, item_id, order.until)
    elif order.act is Act.PRIORITISE:
        await work_acts.prioritise(session, item_id, order.priority)
    elif order.act is Act.GIVE_BACK:
        await work_acts.give_back(session, item_id, order.comment)
    elif order.act is Act.COMPLETE:
        if (await work_acts.holding_of(session, item_id)).owner_id is None:
            await work_acts.take(session, item_id)
        await work_acts.complete(session, item_id, order.decision, order.comment)


@activity.defn
async def act_on_portion(task: RunTask) -> Progress:
    """Act on the next rows in one transaction with their outcomes, so that another attempt finds either all or none.

    When rights in the tenant changed since the start, the run stops: nobody acts with rights of yesterday.
    """
    async with tenant_session(workflow_actor(task.tenant_id, "BulkWork")) as session:
        run = await session.row("SELECT * FROM work_runs WHERE id = $1 FOR UPDATE", task.run_id)
        if run["status"] != "running":
            return Progress(run["done"], run["refused"], False)
        if run["policy_version"] != session.policy_version:
            return await _ended(session, task.run_id, "stopped")
        session.actor = Actor(
            task.tenant_id,
            run["started_by"],
            "person",
            run["started_by_name"],
            frozenset(run["permissions"]),
            run["policy_version"],
        )
        order, receiver = order_from(run["act"], (await session.key()).open_json(ORDERS, run["orders"]))
        rows = await session.fetch(
            "SELECT place, work_item_id FROM work_run_rows WHERE run_id = $1 AND code IS NULL"
            f" ORDER BY place LIMIT {PORTION}",
            task.run_id,
        )
        refused = 0
        for row in rows:
            refused += await _row(session, task.run_id, row["place"], row["work_item_id"], order, receiver)
        await session.execute(
            "UPDATE work_runs SET done = done + $2, refused = refused + $3 WHERE id = $1",
            task.run_id,
            len(rows) - refused,
            refused,
        )
        if len(rows) < PORTION:
            ended = await _ended(session, task.run_id, "done")
            if order.act is Act.ASSIGN and order.user_id:
                await tell_of_many(session, order.user_id, ended.done, f"run/{task.run_id}")
            return ended
        return Progress(run["done"] + len(rows) - refused, run["refused"] + refused, True)


async def _row(
    session: Session, run_id: UUID, place: int, item_id: UUID, order: Order, receiver: Receiver
) -> int:
    """One row in a savepoint of its own; 1 when it was refused."""
    code = message = ""
    try:
        async with session.connection.transaction():
            await do_one(session, item_id, order, receiver)
    except Refusal as refusal:
        code, message = refusal.code, refusal.title
    await session.audit(
        f"work.bulk.{order.act}",
        "work_items",
        item_id,
        outcome="refused" if code else "done",
        detail={"run": run_id},
    )
    await session.execute(
        "UPDATE work_run_rows SET code = $3, message = $4 WHERE run_id = $1 AND place = $2",
        run_id,
        place,
        code,
        message,
    )
    return int(bool(code))


async def _ended(session: Session, run_id: UUID, status: str) -> Progress:
    row = await session.row(
        "UPDATE work_runs SET status = $2, finished_at = now() WHERE id = $1 RETURNING done, refused",
        run_id,
        status,
    )
    return Progress(row["done"], row["refused"], False)
