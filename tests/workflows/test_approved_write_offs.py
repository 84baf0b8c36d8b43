"""A denial written off above the limit, on its real way: refused, asked again, and approved while no worker runs."""

from typing import Any
from uuid import UUID

import pytest

from domain.refusals import Conflict
from services.approvals import deciding
from services.approvals.reading import list_approvals
from services.work import actions
from services.work.queue import get_item
from tests.fixtures.company import insert
from tests.fixtures.denied import today
from tests.fixtures.lifecycle import Crew, Walk, ended, eventually


async def _waiting(walk: Walk) -> UUID:
    """The approval that was laid before somebody."""

    async def laid() -> Any:
        return next(iter((await list_approvals(walk.tenant.admin, scope="open")).items), None)

    line = await eventually(laid)

    async def waits() -> bool:
        rows = await walk.rows("SELECT state FROM approvals WHERE id = $1", line.id)
        return bool(rows[0]["state"] == "waiting")

    await eventually(waits)
    return UUID(str(line.id))


async def test_a_write_off_above_the_limit_waits_and_a_word_given_during_an_outage_is_delivered_after_it(
    crew: Crew, walk: Walk, other_walk: Walk, quick_redelivery: None
) -> None:
    admin = walk.tenant.admin
    await insert(walk.tenant, "approval_limits", kind="denial_write_off", effective_from=today(), free_up_to=15_999,
                 created_by=admin.user_id)  # fmt: skip
    lead = await walk.tenant.actor("Team Lead")
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item_id = await walk.decide("denial", claim.id, "write_off")
    waiting = await get_item(admin, item_id)
    assert (waiting.line.status, waiting.line.follow_up_at is not None) == ("open", True)
    with pytest.raises(Conflict) as twice:
        await actions.complete(admin, item_id, "write_off", "once more")
    assert twice.value.code == "approval.waits_already"

    # Refused: the denial is open again in the asker's hands, with the words.
    refused = await deciding.decide_approval(lead, await _waiting(walk), "refuse", "Appeal it first.")
    assert refused.line.state == "refused" and refused.line.amount_cents == 16_000
    back = await get_item(admin, item_id)
    assert (back.line.status, back.line.follow_up_at, back.line.owner_id) == ("open", None, admin.user_id)
    assert back.return_comment.endswith("was refused. Appeal it first.")
    assert (await walk.view(claim.id)).step == "denial"

    # Asked again; the worker is down while the manager approves.
    await actions.complete(admin, item_id, "write_off", "The window has passed.")
    approval = await _waiting(walk)
    await crew.rest()
    told = await deciding.decide_approval(lead, approval, "approve")
    assert told.on_its_way and told.line.state == "waiting" and told.may == []
    assert "written_off" not in await walk.ledger(claim.id)
    await crew.work()
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.balance_cents, (await walk.ledger(claim.id))["written_off"]) == (0, 16_000)
    done = await get_item(admin, item_id)
    assert (done.line.status, done.decision, done.comment) == ("done", "write_off", "The window has passed.")
    assert done.finished_by_name == admin.name
    await ended(walk.process(claim.id))


async def test_another_decision_overtakes_what_was_asked(
    walk: Walk, other_walk: Walk, quick_redelivery: None
) -> None:
    await insert(walk.tenant, "approval_limits", kind="denial_write_off", effective_from=today(), free_up_to=0,
                 created_by=walk.tenant.admin.user_id)  # fmt: skip
    claim = await walk.created("03")
    await walk.at_step(claim.id, "denial")
    item_id = await walk.decide("denial", claim.id, "write_off")
    approval = await _waiting(walk)
    await actions.complete(walk.tenant.admin, item_id, "patient", "Their plan does not cover it.")

    async def overtaken() -> bool:
        return (await walk.rows("SELECT state FROM approvals WHERE id = $1", approval))[0][
            "state"
        ] == "overtaken"

    await eventually(overtaken)
    assert await walk.items("approval") == []
    assert "written_off" not in await walk.ledger(claim.id)
