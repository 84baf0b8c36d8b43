"""What was sent is watched: answer times are learned per partner, the tenant's word goes before, filing limits come first."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.claims.following import look_for_silence
from activities.claims.messages import LookTask
from activities.edi.messages import WatchTask
from activities.edi.watching import learn_answer_times, watch_filing_limits
from database.expected_answers import waits_of
from database.session import tenant_session
from domain.claims.states import Facts
from domain.edi import ENOUGH, EXPECTED_WITHIN, awaiting
from domain.tenancy import workflow_actor
from services.tenancy.expected_answers import expect_answers_within
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, SetAnswer, Status, ack_277ca, ack_999, era, ta1

HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


async def learn(here: Exchange, *, at_once: bool = True) -> int:
    return await learn_answer_times(WatchTask(here.tenant.tenant_id, now(), at_once))


async def answered_after(here: Exchange, sent: Sent, word: str, hours: int, isa13: int) -> None:
    """A batch that was sent some hours ago is answered now."""
    await here.tenant.owner.execute(
        "UPDATE edi_batches SET sent_at = now() - $2::interval WHERE id = $1", sent.batch_id, hours * HOUR
    )
    body = (
        ack_999(sent.group_number, SetAnswer(sent.set_number), isa13=isa13)
        if word == "999"
        else ack_277ca(Status(sent.number), sender=word, isa13=isa13)
    )
    await here.take(body, f"{word}-{isa13}")


async def history(here: Exchange, word: str, hours: int, batches: int = ENOUGH) -> Sent:
    """Batches of one claim each, all answered after so many hours; the last one."""
    for _ in range(batches):
        await here.claim()
    last: Sent | None = None
    sent = await here.send()
    # Sending as many batches would be the same, only slower: this one is split into as many.
    for number, one in enumerate(sent, 1):
        await _own_batch(here, one, number)
        last = one
        await answered_after(here, one, word, hours, number)
    assert last is not None
    return last


async def _own_batch(here: Exchange, one: Sent, number: int) -> None:
    row = await here.tenant.owner.fetchrow(
        "INSERT INTO edi_batches (tenant_id, connection_id, file_id, status, interchange_number, group_number, reference,"
        " claim_count, sent_at) SELECT tenant_id, connection_id, file_id, 'sent', $2, $2, $3, 1, sent_at"
        " FROM edi_batches WHERE id = $1 RETURNING id",
        one.batch_id,
        1000 + number,
        f"S{number}",
    )
    await here.tenant.owner.execute(
        "UPDATE edi_batch_claims SET batch_id = $1 WHERE claim_id = $2", row["id"], one.id
    )
    one.batch_id, one.group_number = row["id"], 1000 + number


async def waits(here: Exchange, claim_id: UUID) -> dict[str, timedelta]:
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        return dict((await waits_of(session, claim_id)).within)


async def test_how_soon_a_connection_answers_is_learned_from_its_own_batches(
    here: Exchange, there: Exchange
) -> None:
    last = await history(here, "999", 4)
    theirs = await there.sent_claim()
    assert await learn(here) == 1
    assert await learn(there) == 0
    assert (await waits(here, last.id))["999"] == timedelta(hours=6, seconds=90)
    assert (await waits(here, last.id))["835"] == EXPECTED_WITHIN["835"]
    assert await waits(there, theirs.id) == dict(EXPECTED_WITHIN)
    assert await learn(here, at_once=False) == 0


async def test_too_few_batches_are_told_and_change_nothing(here: Exchange, there: Exchange) -> None:
    last = await history(here, "PR", 7, batches=3)
    assert await learn(here) == 0
    row = await here.one("SELECT * FROM expected_answers")
    assert (row["subject_type"], row["answer"], row["samples"]) == ("payer", "payer_277ca", 3)
    assert row["percentile_seconds"] >= 7 * 3600 and row["learned_seconds"] is None
    assert await waits(here, last.id) == dict(EXPECTED_WITHIN)


async def test_the_tenants_own_word_goes_before_what_was_learned(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    payer = (await here.facts(sent.id))["payer_id"]

    async def said(kind: str, subject: Any, learned: int | None, own: int | None) -> None:
        await here.tenant.owner.execute(
            "INSERT INTO expected_answers (tenant_id, subject_type, subject_id, answer, learned_seconds, own_seconds)"
            " VALUES ($1, $2, $3, '999', $4, $5)",
            here.tenant.tenant_id, kind, subject, learned, own,
        )  # fmt: skip

    await said("connection", here.connection_id, 7200, None)
    assert (await waits(here, sent.id))["999"] == 2 * HOUR
    await expect_answers_within(here.tenant.admin, {"999": 10_800})
    assert (await waits(here, sent.id))["999"] == 3 * HOUR
    await here.tenant.owner.execute("UPDATE expected_answers SET own_seconds = 14400")
    assert (await waits(here, sent.id))["999"] == 4 * HOUR
    await said("payer", payer, None, 18_000)
    assert (await waits(here, sent.id))["999"] == 5 * HOUR


async def test_the_database_and_the_domain_agree_on_what_a_claim_waits_for(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()

    async def agreed() -> str:
        row = await here.facts(sent.id)
        stage = row["awaiting"] or ""
        acks = {name: row[name] for name in ("ack_999", "ack_clearinghouse", "ack_payer")}
        facts = Facts(
            sent_at=row["sent_at"], outcome=row["outcome"] or None, closed=bool(row["closed_at"]), **acks
        )
        assert stage == awaiting(facts)
        return str(stage)

    assert await agreed() == "999"
    await here.take(ack_999(sent.group_number, SetAnswer(sent.set_number)), "1")
    assert await agreed() == "clearinghouse_277ca"
    await here.take(ack_277ca(Status(sent.number), sender="AY"), "2")
    assert await agreed() == "payer_277ca"
    await here.take(ack_277ca(Status(sent.number), sender="PR", isa13=2), "3")
    assert await agreed() == "835"
    await here.take(era(Payment((Clp(sent.number, sent.charge, sent.charge),))), "4")
    assert await agreed() == ""


async def silent(here: Exchange, sent: Sent, moment: datetime) -> None:
    await look_for_silence(LookTask(here.tenant.tenant_id, sent.id, 1, moment))


async def test_a_late_answer_closes_its_alarm_and_starts_the_next_clock(
    here: Exchange, there: Exchange
) -> None:
    sent, other = await here.sent_claim(), await here.sent_claim()
    for one in (sent, other):
        await silent(here, one, now() + timedelta(days=2))
    assert len(await here.items("silence")) == 2
    await here.take(ack_999(sent.group_number, SetAnswer(sent.set_number)))
    (left,) = await here.items("silence")
    assert left["subject_id"] == other.id
    assert len(await here.signals(sent.id)) == 1  # the workflow sets its next alarm
    assert (await here.facts(sent.id))["silent_since"] is None


async def test_a_remittance_that_comes_first_closes_the_alarm_too(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await silent(here, sent, now() + timedelta(days=2))
    await here.take(era(Payment((Clp(sent.number, sent.charge, sent.charge),))))
    assert await here.items("silence") == []


async def near_the_limit(here: Exchange, claim_id: UUID, days_left: int) -> None:
    row = await here.facts(claim_id)
    await here.tenant.owner.execute(
        "UPDATE payers SET timely_filing_days = $2 WHERE id = $1",
        row["payer_id"],
        (now().date() - row["service_from"]).days + days_left,
    )


async def test_silence_near_the_filing_limit_is_first_in_the_queue(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await near_the_limit(here, sent.id, 10)
    await silent(here, sent, now() + timedelta(days=2))
    (item,) = await here.items("silence")
    assert item["priority"] == 1


async def test_the_alarm_of_a_far_stage_comes_fifteen_days_before_the_limit(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(ack_277ca(Status(sent.number), sender="AY"))
    await near_the_limit(here, sent.id, 16)
    moment = datetime.combine(now().date() + timedelta(days=1), datetime.min.time(), UTC)
    await silent(here, sent, moment - timedelta(minutes=1))
    assert await here.items("silence") == []
    await silent(here, sent, moment)
    (item,) = await here.items("silence")
    assert item["priority"] == 1


async def test_a_claim_that_nobody_sends_is_asked_about_before_its_limit_and_only_once(
    here: Exchange, there: Exchange
) -> None:
    waiting = await here.claim()
    await near_the_limit(here, waiting, 15)
    watch = WatchTask(here.tenant.tenant_id, now())
    assert await watch_filing_limits(watch) == 1
    assert await watch_filing_limits(watch) == 1
    (item,) = await here.items("filing")
    assert (item["subject_id"], item["priority"]) == (waiting, 1) and "payer must have it by" in item["title"]
    assert await watch_filing_limits(WatchTask(there.tenant.tenant_id, now())) == 0
    await near_the_limit(here, waiting, 40)
    assert await watch_filing_limits(watch) == 0
    assert await here.items("filing") == []


async def test_work_on_a_claim_near_its_limit_is_put_first_once(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await silent(here, sent, now() + timedelta(days=2))
    await near_the_limit(here, sent.id, 12)
    watch = WatchTask(here.tenant.tenant_id, now())
    await watch_filing_limits(watch)
    (item,) = await here.items("silence")
    assert item["priority"] == 1 and await here.items("filing") == []
    await here.tenant.owner.execute("UPDATE work_items SET priority = 4")
    await watch_filing_limits(watch)
    assert (await here.items("silence"))[0]["priority"] == 4


async def test_what_a_payer_accepted_is_not_watched_any_more(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await near_the_limit(here, sent.id, 5)
    await here.take(ack_277ca(Status(sent.number, control_number="ICN1")))
    assert await watch_filing_limits(WatchTask(here.tenant.tenant_id, now())) == 0


async def test_an_accepted_interchange_is_kept_with_its_batch_and_moves_no_claim(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    assert (await here.take(ta1(sent.interchange_number, "A", "000"))).signals == 0
    row = await here.one("SELECT * FROM acknowledgements")
    assert (row["kind"], row["verdict"], row["batch_id"], row["claim_id"]) == (
        "TA1",
        "accepted",
        sent.batch_id,
        None,
    )
    assert (await here.facts(sent.id))["status"] == "sent"
