"""The ledger of submissions on real parts: a clearinghouse answers over SFTP, and the chain and the proof tell of it."""

import io
from datetime import timedelta

from pypdf import PdfReader

from activities.edi.messages import WatchInput
from services import documents
from services.edi.filing_proofs import prove_filing
from services.edi.submissions import awaited, submissions_of
from services.tenancy.expected_answers import answers_of_partners
from tests.fixtures.lifecycle import Walk


async def test_a_claim_answered_by_the_clearinghouse_has_its_whole_chain_and_a_proof(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await walk.created()
    await walk.at_step(claim.id, "closed")
    admin = walk.tenant.admin
    (sent,) = await submissions_of(admin, claim.id)
    links = {link.stage: link for link in sent.links}
    assert {stage: link.state for stage, link in links.items() if stage != "ta1"} == dict.fromkeys(
        ("999", "clearinghouse_277ca", "payer_277ca", "control_number", "835"), "accepted"
    )
    assert sent.sent_at is not None
    for stage in ("999", "clearinghouse_277ca", "payer_277ca", "835"):
        at = links[stage].at
        assert at is not None and at - sent.sent_at < timedelta(minutes=5) and links[stage].file_id
    made = await prove_filing(admin, claim.id, sent.version)
    body = (await documents.content(admin, made.id)).body
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())
    assert f"TRN*2*{sent.claim_number}~" in text and "STC*A2:" in text
    assert f"REF*1K*{links['control_number'].control_number}~" in text
    assert (await awaited(admin)).items == []
    watch = WatchInput(walk.tenant.tenant_id, at_once=True)
    run = f"{walk.tenant.tenant_id}/watch/now"
    await walk.temporal.execute_workflow("SubmissionWatch", watch, id=run, task_queue="edi")
    learned = {line.answer: line for line in await answers_of_partners(admin)}
    assert set(learned) == {"999", "clearinghouse_277ca", "payer_277ca", "835"}
    assert {line.samples for line in learned.values()} == {1}
    assert await answers_of_partners(other_walk.tenant.admin) == []
