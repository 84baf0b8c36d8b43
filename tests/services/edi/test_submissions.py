"""The ledger of submissions: the chain of each version, what is awaited in which order, and the proof of timely filing."""

import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pypdf import PdfReader

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services import documents
from services.edi import batch_chains, submissions
from services.edi.filing_proofs import prove_filing
from services.edi.submission_views import SubmissionView
from services.edi.submissions import Wanted
from services.tenancy.expected_answers import PartnerLimit, answers_of_partners, expect_of_partner
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, SetAnswer, Status, ack_277ca, ack_999, era, ta1


async def chain(here: Exchange, sent: Sent) -> dict[str, str]:
    (view, *_) = await submissions.submissions_of(here.tenant.admin, sent.id)
    return {link.stage: link.state for link in view.links}


async def newest(here: Exchange, sent: Sent) -> SubmissionView:
    return (await submissions.submissions_of(here.tenant.admin, sent.id))[0]


async def sent_ago(here: Exchange, sent: Sent, days: int) -> None:
    for sql in (
        "UPDATE edi_batches SET sent_at = $2 WHERE id = $1",
        "UPDATE claims SET sent_at = $2 WHERE id = $1",
    ):
        subject = sent.batch_id if "batches" in sql else sent.id
        await here.tenant.owner.execute(sql, subject, datetime.now(UTC) - timedelta(days=days))


async def test_the_chain_fills_link_by_link_with_sender_time_verdict_and_file(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    assert await chain(here, sent) == {
        "ta1": "needless", "999": "awaited", "clearinghouse_277ca": "not_yet", "payer_277ca": "not_yet",
        "control_number": "not_yet", "835": "not_yet",
    }  # fmt: skip
    await here.take(ta1(sent.interchange_number, "A", "000"), "ta1")
    await here.take(ack_999(sent.group_number, SetAnswer(sent.set_number)), "syntax.999")
    assert (await chain(here, sent))["clearinghouse_277ca"] == "awaited"
    await here.take(ack_277ca(Status(sent.number, "A1", "20"), sender="AY"), "received")
    assert (await chain(here, sent))["clearinghouse_277ca"] == "received"
    await here.take(ack_277ca(Status(sent.number), sender="AY", isa13=2), "house")
    await here.take(ack_277ca(Status(sent.number, control_number="PAYER77"), isa13=3), "payer.277")
    await here.take(era(Payment((Clp(sent.number, sent.charge, sent.charge, icn="PAYER77"),))), "money.835")
    view = await newest(here, sent)
    links = {link.stage: link for link in view.links}
    assert {link.state for link in view.links} == {"accepted"}
    assert (links["payer_277ca"].sender, links["payer_277ca"].file_name) == ("Payer", "payer.277")
    assert links["control_number"].control_number == "PAYER77" and links["999"].file_name == "syntax.999"
    assert links["clearinghouse_277ca"].answers == 2 and not any(link.late for link in view.links)
    assert view.sent_at is not None
    assert links["999"].expected_by == view.sent_at + timedelta(days=1)


async def test_what_is_overdue_says_so_and_a_later_answer_makes_it_needless(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await sent_ago(here, sent, 3)
    assert (await chain(here, sent))["999"] == "late"
    await here.take(ack_277ca(Status(sent.number), sender="AY"))
    told = {link.stage: link for link in (await newest(here, sent)).links}
    assert told["999"].state == "needless" and told["payer_277ca"].state == "awaited"
    assert told["clearinghouse_277ca"].late


async def test_a_rejection_ends_its_chain_and_the_next_version_has_its_own(
    here: Exchange, there: Exchange
) -> None:
    first = await here.sent_claim()
    await here.take(ack_277ca(Status(first.number, "A7", "562")))
    second = await here.corrected(first.id, 10_000, 6_000)
    new, old = await submissions.submissions_of(here.tenant.admin, first.id)
    assert (new.version, new.claim_number, new.current) == (2, second.number, True)
    assert {link.stage: link.state for link in old.links}["payer_277ca"] == "rejected"
    assert {link.stage: link.state for link in old.links}["835"] == "stopped"
    assert {link.stage: link.state for link in new.links}["999"] == "awaited"


async def test_what_is_due_first_comes_first_page_by_page_and_only_ours(
    here: Exchange, there: Exchange
) -> None:
    claims = [await here.sent_claim() for _ in range(5)]
    await there.sent_claim()
    for days, sent in zip((1, 5, 3, 0, 8), claims, strict=True):
        await sent_ago(here, sent, days)
    await here.take(ack_277ca(Status(claims[4].number)))  # its 835 is due in 22 days
    order = [claims[n].id for n in (1, 2, 0, 3, 4)]
    seen, cursor = [], None
    while True:
        found = await submissions.awaited(here.tenant.admin, cursor=cursor, limit=2)
        seen += [line.claim_id for line in found.items]
        cursor = found.next
        if cursor is None:
            break
    assert seen == order
    late = await submissions.awaited(here.tenant.admin, Wanted(late=True))
    assert [line.claim_id for line in late.items] == order[:3] and all(line.late for line in late.items)
    money = await submissions.awaited(here.tenant.admin, Wanted(answer="835"))
    assert [line.claim_id for line in money.items] == order[4:]
    assert (await submissions.awaited(here.tenant.admin, Wanted(payer_id=uuid4()))).items == []
    assert (
        await submissions.awaited(here.tenant.admin, Wanted(connection_id=here.connection_id))
    ).next is None


async def test_the_list_tells_whose_filing_limit_is_near(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    assert (await submissions.awaited(here.tenant.admin, Wanted(near_limit=True))).items == []
    await here.tenant.owner.execute("UPDATE payers SET timely_filing_days = 30")
    (line,) = (await submissions.awaited(here.tenant.admin, Wanted(near_limit=True))).items
    assert line.near_limit and line.claim_id == sent.id
    await here.tenant.owner.execute("UPDATE payers SET medicare = true")
    assert (await submissions.awaited(here.tenant.admin, Wanted(near_limit=True))).items == []


@pytest.mark.parametrize("cursor", ["x", "WyIyMDI2IiwgIngiXQ"])
async def test_a_cursor_that_is_none_is_refused(here: Exchange, there: Exchange, cursor: str) -> None:
    with pytest.raises(Invalid):
        await submissions.awaited(here.tenant.admin, cursor=cursor)


async def test_a_batch_tells_what_each_partner_answered_to_how_many(here: Exchange, there: Exchange) -> None:
    for _ in range(3):
        await here.claim()
    one, two, _ = await here.send()
    assert one.batch_id is not None
    await here.take(ack_999(one.group_number, SetAnswer(one.set_number)))
    await here.take(ack_277ca(Status(one.number), Status(two.number, "A7", "562"), sender="AY"))
    told = {link.stage: link for link in await batch_chains.chain_of_batch(here.tenant.admin, one.batch_id)}
    assert (told["999"].accepted, told["999"].awaited) == (3, 0)
    house = told["clearinghouse_277ca"]
    assert (house.accepted, house.rejected, house.awaited, house.late) == (1, 1, 1, False)
    assert told["payer_277ca"].awaited == 1
    with pytest.raises(NotFound):
        await batch_chains.chain_of_batch(there.tenant.admin, one.batch_id)


async def test_the_tenant_overrides_one_payers_time_with_a_reason_and_takes_it_back(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    payer = (await here.facts(sent.id))["payer_id"]
    await sent_ago(here, sent, 3)
    said = PartnerLimit("payer", payer, "999", 7 * 86_400, "Their gateway is down this week")
    (line,) = await expect_of_partner(here.tenant.admin, said)
    assert (line.wait_seconds, line.source, line.partner_name) == (7 * 86_400, "own", "Practice Mutual")
    assert (await chain(here, sent))["999"] == "awaited"
    await expect_of_partner(here.tenant.admin, PartnerLimit("payer", payer, "999", None))
    assert (await chain(here, sent))["999"] == "late"
    assert (await answers_of_partners(here.tenant.admin))[0].source == "usual"
    assert await answers_of_partners(there.tenant.admin) == []


async def test_an_override_that_makes_no_sense_or_is_not_ours_is_refused(
    here: Exchange, there: Exchange
) -> None:
    payer = (await here.one("SELECT id FROM payers"))["id"]
    admin, theirs = here.tenant.admin, there.tenant.admin
    for wrong in (
        PartnerLimit("payer", payer, "999", 60),
        PartnerLimit("payer", payer, "998", 60, "why"),
        PartnerLimit("payer", payer, "999", 1, "why"),
        PartnerLimit("connection", here.connection_id, "835", 60, "why"),
        PartnerLimit("client", payer, "999", 60, "why"),
    ):
        with pytest.raises(Invalid):
            await expect_of_partner(admin, wrong)
    with pytest.raises(NotFound):
        await expect_of_partner(theirs, PartnerLimit("payer", payer, "999", 60, "why"))
    with pytest.raises(NotAllowed):
        await expect_of_partner(
            await here.tenant.actor("Biller"), PartnerLimit("payer", payer, "999", 60, "why")
        )


async def proven(here: Exchange, sent: Sent) -> str:
    line = await prove_filing(here.tenant.admin, sent.id, sent.version)
    found = await documents.content(here.tenant.admin, line.id)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(found.body)).pages)


async def test_the_proof_quotes_the_acceptance_and_says_how_the_limit_is_computed(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(ack_999(sent.group_number, SetAnswer(sent.set_number)), "syntax.999")
    await here.take(ack_277ca(Status(sent.number), sender="AY"), "house.277")
    await here.take(ack_277ca(Status(sent.number, control_number="PAYER77"), isa13=2), "payer.277")
    text = " ".join((await proven(here, sent)).split())
    batch = await here.one("SELECT b.*, f.sha256 FROM edi_batches b JOIN edi_files f ON f.id = b.file_id")
    for part in (
        sent.number, "Practice Mutual", "PAYER77", f"{sent.interchange_number:09d}", sent.set_number,
        batch["reference"], batch["remote_name"], f"TRN*2*{sent.number}~", "STC*A2:20*20261101*WQ*100~",
        "REF*1K*PAYER77~", "IK5*A~", "payer.277", "house.277", "365 days from the first day of service",
        "accepted by the payer on", "North Billing",
    ):  # fmt: skip
        assert part in text, part
    assert batch["sha256"].hex() in text.replace(" ", "")
    assert "DOE" not in text


async def test_the_same_proof_is_kept_once_and_nobody_elses_claim_is_proven(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(ack_277ca(Status(sent.number)))
    first = await prove_filing(here.tenant.admin, sent.id, 1)
    assert (await prove_filing(here.tenant.admin, sent.id, 1)).id == first.id
    assert first.facts["version"] == 1 and first.pages in (1, 2)
    assert (await newest(here, sent)).provable == ""
    with pytest.raises(NotFound):
        await prove_filing(there.tenant.admin, sent.id, 1)
    with pytest.raises(NotFound):
        await prove_filing(here.tenant.admin, sent.id, 7)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "proof.nothing_accepted"),
        (Status("", "A1", "20"), "proof.nothing_accepted"),
        (Status("", "A7", "562"), "proof.rejected"),
    ],
)
async def test_without_an_acceptance_the_proof_is_refused_with_the_reason(
    here: Exchange, there: Exchange, answer: Status | None, code: str
) -> None:
    sent = await here.sent_claim()
    await here.take(ack_999(sent.group_number, SetAnswer(sent.set_number)))
    if answer is not None:
        answer.claim_number = sent.number
        await here.take(ack_277ca(answer))
    with pytest.raises(Conflict) as refused:
        await prove_filing(here.tenant.admin, sent.id, 1)
    assert refused.value.code == code
    assert (await newest(here, sent)).provable.startswith(refused.value.title)


async def test_an_acceptance_after_the_limit_proves_nothing(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.tenant.owner.execute("UPDATE payers SET timely_filing_days = 5")
    await here.take(ack_277ca(Status(sent.number)))
    with pytest.raises(Conflict) as refused:
        await prove_filing(here.tenant.admin, sent.id, 1)
    assert refused.value.code == "proof.too_late"


async def test_a_claim_that_was_not_sent_has_no_chain_and_no_proof(here: Exchange, there: Exchange) -> None:
    claim_id = await here.claim()
    assert await submissions.submissions_of(here.tenant.admin, claim_id) == []
    with pytest.raises(Conflict) as refused:
        await prove_filing(here.tenant.admin, claim_id, 1)
    assert refused.value.code == "proof.not_sent"
