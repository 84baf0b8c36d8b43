"""Every step of a claim may run twice: an attempt whose answer was lost is repeated, and changes nothing more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from activities.claims.following import decide, end_claim, follow_up, hold_claim, look_for_silence
from activities.claims.handing import hand_to_batch
from activities.claims.messages import ClaimTask, DecisionTask, LookTask, Position
from activities.claims.resending import copy_for_resending
from activities.claims.scrubbing import scrub_claim
from domain.claims.states import Event, Step
from services.claims import capture
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Status, ack_277ca, era


async def _standing(here: Exchange, claim_id: UUID) -> tuple[Any, ...]:
    """Everything that a second run could change, but its time and the path that the diagram draws."""
    facts = await here.facts(claim_id)
    left = {"updated_at", "version", "silent_since", "closed_at", "visited"}
    return (
        {name: value for name, value in facts.items() if name not in left},
        [row["kind"] for row in await here.rows("SELECT kind FROM claim_activities ORDER BY id")],
        [
            (row["key"], row["status"])
            for row in await here.rows("SELECT key, status FROM work_items ORDER BY id")
        ],
        await here.ledger(claim_id),
        await here.count("claim_versions"),
        await here.count("claim_findings"),
        await here.count("outbox"),
    )


def _task(here: Exchange, claim_id: UUID) -> ClaimTask:
    return ClaimTask(here.tenant.tenant_id, claim_id, 1)


def _decision(here: Exchange, claim_id: UUID, decision: str) -> DecisionTask:
    return DecisionTask(here.tenant.tenant_id, claim_id, 1, uuid4(), decision, now=datetime.now(UTC))


async def _denied(here: Exchange) -> Sent:
    sent = await here.sent_claim(10_000)
    await here.take(era(Payment((Clp(sent.number, 10_000, 0, cas=(("CO", "50", 10_000),)),))))
    assert (await follow_up(_task(here, sent.id))).step is Step.DENIAL
    return sent


async def test_scrubbing_twice_finds_the_same(here: Exchange, there: Exchange) -> None:
    claim = await capture.create(here.tenant.admin, replace(here.draft(10_000), diagnoses=("XYZ",)))
    task = _task(here, claim.id)
    assert (await scrub_claim(task)).step is Step.HELD
    before = await _standing(here, claim.id)
    assert (await scrub_claim(task)).step is Step.HELD
    assert await _standing(here, claim.id) == before
    assert await there.count("claim_findings") == 0


async def test_care_is_held_against_claims_of_its_whole_month_though_nobody_has_released_them(
    here: Exchange, there: Exchange
) -> None:
    first, second, other = [
        await _care(here, day) for day in (date(2026, 9, 3), date(2026, 9, 28), date(2026, 8, 31))
    ]
    beside = await _care(there, date(2026, 9, 28))
    assert (first, second, other, beside) == (set(), {"CL-CAR-001"}, set(), set())


async def _care(exchange: Exchange, day: date) -> set[str]:
    """The edits of care that a claim for chronic care management meets, captured by hand for a day."""
    draft = exchange.draft(6_500)
    line = replace(draft.lines[0], procedure="99490", service_from=day, service_to=day)
    claim = await capture.create(exchange.tenant.admin, replace(draft, lines=(line,)))
    await scrub_claim(_task(exchange, claim.id))
    found = await exchange.rows("SELECT rule_id FROM claim_findings WHERE claim_id = $1", claim.id)
    return {row["rule_id"] for row in found if row["rule_id"].startswith("CL-CAR")}


async def test_handing_over_twice_asks_the_batch_once(here: Exchange, there: Exchange) -> None:
    claim_id = await here.claim()
    before = await _standing(here, claim_id)
    assert (await hand_to_batch(_task(here, claim_id))).step is Step.READY
    assert await _standing(here, claim_id) == before


async def test_many_claims_handed_over_ask_the_batch_once_until_it_gathers(
    here: Exchange, there: Exchange
) -> None:
    for _ in range(3):
        await here.claim()
    asked = "SELECT 1 FROM outbox WHERE name = 'gather'"
    assert len(await here.rows(asked)) == 1
    await here.gather()
    await here.claim()
    assert len(await here.rows(asked)) == 2


async def test_following_up_twice_opens_one_denial(here: Exchange, there: Exchange) -> None:
    sent = await _denied(here)
    before = await _standing(here, sent.id)
    assert await follow_up(_task(here, sent.id)) == Position(Step.DENIAL)
    assert await _standing(here, sent.id) == before
    assert (await here.items("denial"))[0]["title"].endswith("CO-50")


async def test_writing_off_twice_posts_once(here: Exchange, there: Exchange) -> None:
    sent = await _denied(here)
    task = _decision(here, sent.id, "write_off")
    assert (await decide(task)).step is Step.CLOSED
    before = await _standing(here, sent.id)
    assert (await decide(task)).step is Step.CLOSED
    assert await _standing(here, sent.id) == before
    assert (await here.ledger(sent.id))["written_off"] == 10_000


async def test_copying_for_resending_twice_makes_one_version(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim(10_000, 6_000)
    await here.take(ack_277ca(Status(sent.number, "A7", "33")))
    task = _decision(here, sent.id, "resend")
    assert [await copy_for_resending(task) for _ in range(2)] == [2, 2]
    rows = await here.rows("SELECT version, claim_number, frequency FROM claim_versions ORDER BY version")
    assert [(row["version"], row["frequency"]) for row in rows] == [(1, "1"), (2, "1")]
    lines = await here.rows(
        "SELECT procedure, charge_cents, control_number FROM claim_lines WHERE version = 2 ORDER BY number"
    )
    assert [(row["procedure"], row["charge_cents"]) for row in lines] == [("99213", 10_000), ("83036", 6_000)]
    assert all(row["control_number"].startswith(rows[1]["claim_number"]) for row in lines)


async def test_looking_for_silence_twice_raises_one_alarm(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    later = LookTask(here.tenant.tenant_id, sent.id, 1, datetime.now(UTC) + timedelta(days=2))
    assert await look_for_silence(later) == Position(Step.SENT)
    before = await _standing(here, sent.id)
    assert await look_for_silence(later) == Position(Step.SENT)
    assert await _standing(here, sent.id) == before


async def test_looking_too_early_says_when_to_look_again(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    early = LookTask(here.tenant.tenant_id, sent.id, 1, datetime.now(UTC))
    position = await look_for_silence(early)
    assert position.look_at == (await here.facts(sent.id))["sent_at"] + timedelta(days=1)
    assert await here.items("silence") == []


async def test_ending_and_holding_twice_change_nothing_more(here: Exchange, there: Exchange) -> None:
    held, withdrawn = await here.claim(), await here.claim()
    ending = _decision(here, withdrawn, Event.WITHDRAWN.value)
    for claim_id, step in (
        (held, lambda: hold_claim(_task(here, held))),
        (withdrawn, lambda: end_claim(ending)),
    ):
        first = await step()
        before = await _standing(here, claim_id)
        assert await step() == first
        assert await _standing(here, claim_id) == before
