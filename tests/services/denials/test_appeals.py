"""Appeals: who may start one, what the letter says, and what is refused. The process itself is tried with its workflow."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from pypdf import PdfReader

from activities.denials.appealing import begin_appeal, read_remittance, take_fact
from activities.denials.messages import AnswerTask, AppealTask, FactTask, Happened
from database.documents import opened
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed
from domain.tenancy import Actor, workflow_actor
from services.claims import capture
from services.denials import appeals, letters, outcomes, playbooks, tables
from services.denials.appeals import AppealFacts
from services.denials.playbooks import PlaybookFacts
from services.denials.tables import LevelFacts
from services.denials.views import AppealView
from services.tenancy import roles
from tests.fixtures.denied import denied, refused, today
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import Clp, Payment, era

FACTS = AppealFacts("The visit was an emergency <b>.", ["Visit note of November 3", "Remittance"])
SPECIALIST = "Denial Management Specialist"


async def specialist(exchange: Exchange) -> Actor:
    """Somebody who views claims, adds notes and manages appeals, and nothing else."""
    permissions = ("claims.view", "notes.add", "appeals.manage")
    await roles.add_role(exchange.tenant.admin, SPECIALIST, "Works denials", permissions)
    return await exchange.tenant.actor(SPECIALIST)


async def told(exchange: Exchange, appeal_id: UUID) -> None:
    """What the services told the appeal's process, carried out as its workflow does."""
    tenant_id = exchange.tenant.tenant_id
    rows = await exchange.rows(
        "SELECT id, name, payload FROM outbox WHERE workflow_id = $1 AND delivered_at IS NULL ORDER BY id",
        f"{tenant_id}/appeal/{appeal_id}",
    )
    now = datetime.now(UTC)
    for row in rows:
        payload = json.loads(row["payload"])
        if row["name"] == "happened":
            on = date.fromisoformat(payload["on"]) if payload["on"] else None
            fact = Happened(
                tenant_id, UUID(payload["request_id"]), payload["event"], UUID(payload["by"]), on,
                payload["channel"], payload["tracking"], payload["recovered_cents"],
            )  # fmt: skip
            await take_fact(FactTask(tenant_id, appeal_id, now, fact))
        elif row["name"] == "answered":
            await read_remittance(AnswerTask(tenant_id, appeal_id, now, str(row["id"])))
        else:
            await begin_appeal(AppealTask(tenant_id, appeal_id, now))
        await exchange.tenant.owner.execute("UPDATE outbox SET delivered_at = now() WHERE id = $1", row["id"])


async def view(exchange: Exchange, appeal_id: UUID) -> AppealView:
    await told(exchange, appeal_id)
    return await appeals.get_appeal(exchange.tenant.admin, appeal_id)


async def test_a_denial_management_specialist_starts_appeals_and_creates_no_claims(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "197"))
    person = await specialist(here)
    appeal = await appeals.open_appeal(person, sent.id, FACTS)
    assert (appeal.line.stage, appeal.line.level_label, appeal.line.amount_cents) == (
        "drafted",
        "First level",
        16_000,
    )
    assert (appeal.argument, appeal.attachments) == (FACTS.argument, FACTS.attachments)
    assert await here.items("denial") == []
    with pytest.raises(NotAllowed):
        await capture.create(person, here.draft(10_000))
    with pytest.raises(NotAllowed):
        await playbooks.sample_letter(person, "x")
    with pytest.raises(NotAllowed):
        await appeals.open_appeal(await here.tenant.actor("Biller"), sent.id)


async def test_a_claim_has_one_appeal_at_a_time_and_one_that_is_not_denied_has_none(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "197"))
    first = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    again = await appeals.open_appeal(here.tenant.admin, sent.id)
    assert (again.id, again.argument) == (first.id, FACTS.argument)
    with pytest.raises(Conflict):
        await appeals.open_appeal(here.tenant.admin, await here.claim())
    assert (await appeals.list_appeals(there.tenant.admin)).items == []


async def test_a_letter_is_a_pdf_with_the_claims_facts_and_every_change_is_a_new_version(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    text = (await letters.preview(here.tenant.admin, appeal.id)).text
    for fact in (
        "Practice Mutual",
        "Jane Doe",
        "ABC12345",
        sent.number,
        "$160.00",
        "CO-197",
        "- Visit note of",
    ):
        assert fact in text
    made = await letters.make_letter(here.tenant.admin, appeal.id)
    assert len((await letters.make_letter(here.tenant.admin, appeal.id)).letters) == 1
    await appeals.write(here.tenant.admin, appeal.id, replace(FACTS, argument="Another reason."))
    changed = await letters.make_letter(here.tenant.admin, appeal.id)
    assert [one.version for one in changed.letters] == [2, 1]
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        body = await opened(session, made.letters[0].document_id)
    assert body.startswith(b"%PDF-")
    words = " ".join(_text(body).split())
    assert "Jane Doe" in words
    assert "The visit was an emergency <b>." in words


async def test_an_amount_over_the_limit_is_approved_by_somebody_else_before_it_is_sent(
    here: Exchange, there: Exchange
) -> None:
    facts = PlaybookFacts("appeal", ["Write"], "To {{payer_name}}", today(), approval_cents=10_000)
    await playbooks.save_playbook(here.tenant.admin, "authorization", facts)
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    await told(here, appeal.id)
    with pytest.raises(Conflict) as refusal:
        await appeals.sent(here.tenant.admin, appeal.id, today(), "mail")
    assert refusal.value.code == "appeal.needs_approval"
    await appeals.ask_approval(here.tenant.admin, appeal.id)
    assert (await view(here, appeal.id)).line.stage == "awaiting_approval"
    with pytest.raises(Conflict):
        await appeals.approve(here.tenant.admin, appeal.id)
    with pytest.raises(NotAllowed):
        await appeals.approve(await specialist(here), appeal.id)
    lead = await here.tenant.actor("Team Lead")
    await appeals.approve(lead, appeal.id)
    approved = await view(here, appeal.id)
    assert (approved.line.stage, approved.approved_by_name) == ("approved", lead.name)
    await appeals.sent(here.tenant.admin, appeal.id, today(), "mail", "9400 11")
    sent_view = await view(here, appeal.id)
    assert (sent_view.line.stage, sent_view.channel, sent_view.tracking) == ("sent", "mail", "9400 11")


async def test_the_payers_remittance_ends_an_appeal_as_overturned_by_itself(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    await told(here, appeal.id)
    await appeals.sent(here.tenant.admin, appeal.id, today(), "portal")
    await told(here, appeal.id)
    back = refused(sent, ("CO", "197")).reversal()
    await here.take(era(Payment((back,), trace="T2")), "t2.835")
    assert (await view(here, appeal.id)).line.stage == "sent"
    await here.take(era(Payment((Clp(sent.number, 16_000, 16_000),), trace="T3")), "t3.835")
    won = await view(here, appeal.id)
    assert (won.line.stage, won.line.outcome, won.line.recovered_cents) == ("closed", "overturned", 16_000)
    rates = await outcomes.overturn_rates(here.tenant.admin)
    assert (rates.total.overturned, rates.total.decided, rates.groups[0].label) == (
        1,
        1,
        "Authorization and referral",
    )
    assert rates.total.low is not None and 0.2 < rates.total.low < 0.21
    nothing = (await outcomes.overturn_rates(there.tenant.admin)).total
    assert (nothing.rate, nothing.words) == (None, "nothing to rate")


async def test_a_correction_that_is_paid_makes_an_appeal_needless_and_counts_for_nothing(
    here: Exchange, there: Exchange
) -> None:
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    await told(here, appeal.id)
    replaced = await here.corrected(sent.id, 10_000, 6_000)
    back = refused(sent, ("CO", "197")).reversal()
    await here.take(era(Payment((back, Clp(replaced.number, 16_000, 16_000)), trace="T2")), "t2.835")
    ended = await view(here, appeal.id)
    assert (ended.line.stage, ended.line.outcome) == ("closed", "withdrawn")
    assert (await outcomes.overturn_rates(here.tenant.admin)).total.rate is None


async def test_a_remittance_that_denies_again_is_the_payers_no(here: Exchange, there: Exchange) -> None:
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    await told(here, appeal.id)
    await appeals.sent(here.tenant.admin, appeal.id, today(), "portal")
    await told(here, appeal.id)
    back = refused(sent, ("CO", "197"))
    again = Clp(sent.number, 16_000, 0, cas=(("CO", "50", 16_000),))
    await here.take(era(Payment((back.reversal(), again), trace="T2")), "t2.835")
    lost = await view(here, appeal.id)
    assert (lost.line.stage, lost.outcomes[0].outcome) == ("lost_level", "upheld")
    assert {"next_level", "give_up", "withdrawn", "overturned"} >= set(lost.events_possible) - {"given_up"}


async def test_an_appeal_that_is_withdrawn_is_noted_and_not_rated(here: Exchange, there: Exchange) -> None:
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    await told(here, appeal.id)
    with pytest.raises(Invalid):
        await appeals.withdraw(here.tenant.admin, appeal.id, " ")
    await appeals.withdraw(here.tenant.admin, appeal.id, "The practice found the authorization.")
    ended = await view(here, appeal.id)
    assert (ended.line.outcome, await here.items("appeal")) == ("withdrawn", [])
    assert (await outcomes.overturn_rates(here.tenant.admin)).total.rate is None


@pytest.mark.parametrize(
    ("days", "channel"),
    [(1, "mail"), (-400, "mail"), (0, "carrier pigeon")],
    ids=["tomorrow", "before", "channel"],
)
async def test_what_cannot_have_happened_is_refused(
    here: Exchange, there: Exchange, days: int, channel: str
) -> None:
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    with pytest.raises(Invalid):
        await appeals.sent(here.tenant.admin, appeal.id, today() + timedelta(days=days), channel)


async def test_the_last_level_that_is_lost_ends_the_appeal(here: Exchange, there: Exchange) -> None:
    none = LevelFacts("other", 2, "None", 30, today(), 30, active=False)
    await tables.set_level(here.tenant.admin, none)
    sent = await denied(here, ("CO", "197"))
    appeal = await appeals.open_appeal(here.tenant.admin, sent.id, FACTS)
    await told(here, appeal.id)
    await appeals.sent(here.tenant.admin, appeal.id, today(), "fax")
    await told(here, appeal.id)
    await appeals.decided(here.tenant.admin, appeal.id, "upheld", today())
    lost = await view(here, appeal.id)
    assert (lost.line.stage, lost.line.outcome) == ("closed", "upheld")


def _text(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
