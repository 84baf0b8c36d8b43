"""Institutional claims on their whole way, in files of their own beside professional ones."""

from dataclasses import replace
from datetime import date, timedelta

from database.session import tenant_session
from domain.tenancy import workflow_actor
from domain.x12.check import check
from services.claims import capture
from services.claims.views import ClaimView
from services.clientele import coverages, payers
from tests.fixtures.institutional import institutional, stay_bill, visit_bill
from tests.fixtures.lifecycle import Walk, insured

DAY = date.today() - timedelta(days=30)


async def _created(walk: Walk, scenario: str = "00", *, release: bool = True) -> ClaimView:
    """A clean stay of a patient whose member id chooses the scenario."""
    ids = await walk.drafted(scenario)
    draft = institutional(walk, stay_bill(DAY))
    draft = replace(draft, patient_id=ids.patient_id, coverage_id=ids.coverage_id)
    return await capture.create(walk.tenant.admin, draft, release=release)


async def _sent(walk: Walk) -> list[tuple[str, str, bytes]]:
    """Kind, name and bytes of every file that went out."""
    rows = await walk.rows(
        "SELECT kind, remote_name, body FROM edi_files WHERE direction = 'out' ORDER BY id"
    )
    async with tenant_session(workflow_actor(walk.tenant.tenant_id, "tests")) as session:
        key = await session.key()
    return [(row["kind"], row["remote_name"], key.open("edi_files.body", row["body"])) for row in rows]


async def test_a_stay_is_paid_to_the_cent_of_its_revenue_lines(walk: Walk, other_walk: Walk) -> None:
    claim = await _created(walk)
    closed = await walk.becomes(claim.id, lambda one: one.step == "closed")
    assert (closed.outcome, closed.balance_cents, closed.charge_cents) == ("paid", 0, 1_425_000)
    assert closed.payer_claim_control_number
    assert sum(entry.amount_cents for entry in closed.ledger) == 0
    matched = await walk.rows("SELECT claim_line FROM remittance_lines ORDER BY ordinal")
    assert [row["claim_line"] for row in matched] == [1, 2, 3]
    ((kind, name, data),) = await _sent(walk)
    assert (kind, name[:5]) == ("837I", "837I_")
    assert b"GS*HC*" in data and b"005010X223A2" in data and check(data) == []


async def test_each_guide_and_version_travels_in_a_file_of_its_own(walk: Walk, other_walk: Walk) -> None:
    newer = await payers.add_payer(
        walk.tenant.admin,
        payers.PayerFacts("Newer Mutual", "NM001", institutional_version="005010X223A3"),
    )
    patient_id, coverage_id = await insured(walk.tenant, walk.client_id, newer.id, "00", "Roe")
    made = [await _created(walk, release=False), await walk.created(release=False)]
    other = replace(institutional(walk, visit_bill(DAY)), patient_id=patient_id, coverage_id=coverage_id)
    made.append(await capture.create(walk.tenant.admin, other))
    for claim in made:
        await walk.at_step(claim.id, "ready")
    await capture.release_many(walk.tenant.admin, [claim.id for claim in made])
    for claim in made:
        await walk.at_step(claim.id, "closed")
    files = await _sent(walk)
    assert sorted(kind for kind, _, _ in files) == ["837I", "837I", "837P"]
    versions = [data.split(b"GS*HC")[1].split(b"~")[0].split(b"*")[-1] for _, _, data in files]
    assert sorted(versions) == [b"005010X222A1", b"005010X223A2", b"005010X223A3"]
    assert all(check(data) == [] for _, _, data in files)


async def test_a_denied_stay_is_replaced_under_its_type_of_bill_and_paid(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await _created(walk, "06")
    denied = await walk.at_step(claim.id, "denial")
    await walk.item("denial", claim.id)
    corrected = await capture.correct(walk.tenant.admin, claim.id, denied.draft)
    assert corrected.frequency == "7"
    closed = await walk.becomes(claim.id, lambda one: one.step == "closed")
    assert (closed.outcome, closed.balance_cents) == ("paid", 0)
    assert b":A:7*" in (await _sent(walk))[-1][2]


async def test_a_rejected_stay_is_sent_again_unchanged(walk: Walk, other_walk: Walk) -> None:
    claim = await _created(walk, "07")
    await walk.at_step(claim.id, "rejected")
    await walk.decide("rejection", claim.id, "resend")
    closed = await walk.at_step(claim.id, "closed")
    assert ([one.frequency for one in closed.versions], closed.outcome) == (["1", "1"], "paid")


async def test_a_claim_that_the_encoder_refuses_is_held_and_its_process_knows(
    walk: Walk, other_walk: Walk
) -> None:
    claim = await _created(walk, release=False)
    await walk.at_step(claim.id, "ready")
    # No command can spoil a claim that was scrubbed; the owner of the database can.
    await walk.tenant.owner.execute(
        "UPDATE institutional_facts SET facility_code = '1' WHERE claim_id = $1", claim.id
    )
    await capture.release(walk.tenant.admin, claim.id)
    held = await walk.at_step(claim.id, "held")
    assert held.held_reason == "encode_bill_type"
    corrected = await capture.correct(walk.tenant.admin, claim.id, institutional(walk, stay_bill(DAY)))
    assert corrected.findings == []
    closed = await walk.at_step(claim.id, "closed")
    assert (closed.outcome, closed.current_version) == ("paid", 2)
    assert await walk.items("hold") == []


async def test_what_the_first_payer_leaves_of_a_stay_is_billed_to_the_second_on_the_837i(
    walk: Walk, other_walk: Walk
) -> None:
    second = await payers.add_payer(walk.tenant.admin, payers.PayerFacts("Second Mutual", "SM002"))
    covered = await walk.drafted("01")
    behind = coverages.CoverageFacts(covered.patient_id, second.id, member_id="SEC99", rank="S")
    await coverages.add_coverage(walk.tenant.admin, behind)
    claim = await _created(walk, "01")
    closed = await walk.becomes(claim.id, lambda one: one.step == "closed")
    first, answer = closed.adjudications
    assert (closed.payer_id, closed.balance_cents, closed.outcome) == (second.id, 0, "paid")
    assert answer.paid_cents == first.patient_cents > 0
    files = await _sent(walk)
    assert [kind for kind, _, _ in files] == ["837I", "837I"]
    assert b"SVD*PM001*" in files[1][2] and check(files[1][2]) == []
