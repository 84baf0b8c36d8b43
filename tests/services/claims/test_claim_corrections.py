"""Voiding, reopening, billing on and comparing, through the door: the right one is told, the wrong one refused with the reason."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from activities.claims.following import follow_up
from activities.claims.messages import ClaimTask
from domain.refusals import Conflict, Invalid, NotFound
from services.claims import capture, catalogue, corrections
from services.claims.versions import compare_versions
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, era

WHY = "Billed for the wrong patient"
Command = Callable[..., Awaitable[Any]]


async def paid(here: Exchange) -> Sent:
    """A claim that its payer has paid in full, and that is closed."""
    sent = await here.sent_claim()
    await here.take(era(Payment((Clp(sent.number, 16_000, 16_000, icn="P-1"),), "T1")))
    await follow_up(ClaimTask(here.tenant.tenant_id, sent.id, 1))
    return sent


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (corrections.void, "claim.not_sent"),
        (corrections.reopen, "claim.not_closed"),
    ],
)
async def test_what_was_never_sent_is_neither_voided_nor_reopened(
    here: Exchange, there: Exchange, command: Command, code: str
) -> None:
    claim_id = (await capture.create(here.tenant.admin, here.draft(10_000))).id
    with pytest.raises(Conflict) as refusal:
        await command(here.tenant.admin, claim_id, WHY)
    assert refusal.value.code == code
    with pytest.raises(Conflict) as undecided:
        await corrections.bill_next_payer(here.tenant.admin, claim_id)
    assert undecided.value.code == "cob_not_now"


async def test_a_closed_claim_is_told_to_open_again_and_the_reason_is_a_sealed_note(
    here: Exchange, there: Exchange
) -> None:
    sent = await paid(here)
    with pytest.raises(Conflict) as closed:
        await corrections.void(here.tenant.admin, sent.id, WHY)
    assert closed.value.code == "claim.closed"
    with pytest.raises(Invalid):
        await corrections.reopen(here.tenant.admin, sent.id, " ")
    await corrections.reopen(here.tenant.admin, sent.id, WHY)
    told = await here.rows("SELECT kind, payload FROM outbox WHERE name = 'reopened'")
    assert [row["kind"] for row in told] == ["signal_with_start"] and WHY not in str(told)
    (note,) = await here.rows("SELECT body FROM notes WHERE subject_id = $1", sent.id)
    assert WHY.encode() not in note["body"]


async def test_two_versions_stand_side_by_side_with_what_changed(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(
        era(Payment((Clp(sent.number, 16_000, 0, cas=(("CO", "16", 16_000),), icn="P-1"),), "T1"))
    )
    await capture.correct(here.tenant.admin, sent.id, here.draft(10_000, 7_500))
    found = await compare_versions(here.tenant.admin, sent.id, 1, 2)
    assert (found.left.frequency, found.right.frequency, found.right.refers_to) == ("1", "7", "P-1")
    assert (found.left.adjusted_cents, found.left.remittances, found.right.remittances) == (16_000, 1, 0)
    changed = {one.field for line in found.lines for one in line.facts if one.changed}
    assert changed == {"service_from", "service_to", "charge_cents"}
    assert [line.changed for line in found.lines] == [True, True] and found.changed_count == 5
    assert (await catalogue.get_claim(here.tenant.admin, sent.id)).versions[1].payer_name == "Practice Mutual"


@pytest.mark.parametrize(
    "command", [corrections.void, corrections.reopen, corrections.do_not_bill_next_payer]
)
async def test_another_tenants_claim_is_not_there(here: Exchange, there: Exchange, command: Command) -> None:
    claim_id: UUID = (await capture.create(here.tenant.admin, here.draft(10_000))).id
    with pytest.raises(NotFound):
        await command(there.tenant.admin, claim_id, WHY)
    with pytest.raises(NotFound):
        await compare_versions(there.tenant.admin, claim_id, 1, 1)
    with pytest.raises(NotFound):
        await compare_versions(here.tenant.admin, claim_id, 1, 2)
