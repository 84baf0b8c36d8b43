"""Creating, correcting, releasing, holding and ending claims through the door, beside a second tenant."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.claims.messages import ClaimTask
from activities.claims.scrubbing import scrub_claim
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from services.claims import capture, catalogue
from services.claims.views import ClaimView
from tests.fixtures.exchange import Exchange

REASON = "Records requested"


async def _created(here: Exchange, **changes: Any) -> ClaimView:
    return await capture.create(here.tenant.admin, replace(here.draft(10_000, 6_000), **changes))


async def _scrubbed(here: Exchange, **changes: Any) -> ClaimView:
    claim = await _created(here, **changes)
    await scrub_claim(ClaimTask(here.tenant.tenant_id, claim.id, 1))
    return await catalogue.get_claim(here.tenant.admin, claim.id)


async def _told(here: Exchange) -> list[tuple[str, str]]:
    """What waits for Temporal: the kind of message and its name."""
    rows = await here.rows("SELECT kind, name FROM outbox ORDER BY id")
    return [(row["kind"], row["name"]) for row in rows]


async def test_a_created_claim_starts_its_process_and_says_what_was_entered(
    here: Exchange, there: Exchange
) -> None:
    draft = here.draft(10_000, 6_000)
    claim = await capture.create(here.tenant.admin, draft)
    assert (claim.draft, claim.charge_cents, claim.status, claim.step) == (draft, 16_000, "coding", "coding")
    assert [line.charge_cents for line in claim.draft.lines] == [10_000, 6_000]
    assert await _told(here) == [("start", "")]
    assert [one.kind for one in claim.activities] == ["created"]
    assert await there.rows("SELECT 1 FROM claims") == await there.rows("SELECT 1 FROM outbox") == []


async def test_a_claim_number_has_no_meaning_and_each_line_has_one_of_its_own(
    here: Exchange, there: Exchange
) -> None:
    claim = await _created(here)
    rows = await here.rows("SELECT control_number FROM claim_lines ORDER BY number")
    assert len(claim.claim_number) == 14 and claim.claim_number.isalnum()
    assert [row["control_number"] for row in rows] == [f"{claim.claim_number}01", f"{claim.claim_number}02"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": ()}, "lines"),
        ({"diagnoses": ("E119",) * 13}, "diagnoses"),
        ({"diagnoses": ("E119\n",)}, "diagnoses"),
        ({"rendering_npi": "1" * 21}, "rendering_npi"),
        ({"referring_name": "x" * 61}, "referring_name"),
        ({"prior_authorization": "a\x00b"}, "prior_authorization"),
        ({"place_of_service": "111"}, "place_of_service"),
        ({"accident_state": "OHIO"}, "accident_state"),
    ],
)
async def test_what_cannot_be_stored_is_refused_at_its_field(
    here: Exchange, there: Exchange, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await _created(here, **changes)
    assert [fault.field for fault in refusal.value.fields] == [field]
    assert await here.count("claims") == await here.count("outbox") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"charge_cents": -1}, "charge_cents"),
        ({"charge_cents": 10**12}, "charge_cents"),
        ({"units": Decimal("NaN")}, "units"),
        ({"units": Decimal("0.0001")}, "units"),
        ({"pointers": tuple(range(1, 14))}, "pointers"),
        ({"procedure": "99213999213"}, "procedure"),
        ({"modifiers": ("25",) * 9}, "modifiers"),
        ({"place_of_service": "1\t"}, "place_of_service"),
    ],
)
async def test_a_line_that_cannot_be_stored_is_refused_at_its_field(
    here: Exchange, there: Exchange, changes: dict[str, Any], field: str
) -> None:
    first, second = here.draft(10_000, 6_000).lines
    with pytest.raises(Invalid) as refusal:
        await _created(here, lines=(first, replace(second, **changes)))
    assert [fault.field for fault in refusal.value.fields] == [f"lines.2.{field}"]


async def test_several_faults_are_named_at_once(here: Exchange, there: Exchange) -> None:
    with pytest.raises(Invalid) as refusal:
        await _created(here, lines=(), rendering_npi="1" * 21)
    assert {fault.field for fault in refusal.value.fields} == {"lines", "rendering_npi"}


async def test_another_tenants_coverage_is_no_coverage(here: Exchange, there: Exchange) -> None:
    with pytest.raises(Invalid) as refusal:
        await _created(here, coverage_id=there.coverage_id)
    assert [fault.field for fault in refusal.value.fields] == ["coverage_id"]
    assert await here.count("claims") == 0


async def test_another_tenants_client_and_provider_are_refused(here: Exchange, there: Exchange) -> None:
    for changes in ({"client_id": there.client_id}, {"rendering_id": uuid4()}):
        with pytest.raises(Invalid):
            await _created(here, **changes)
    assert await here.count("claims") == 0


async def test_another_tenants_claim_is_not_there_for_any_command(here: Exchange, there: Exchange) -> None:
    theirs = (await _created(there)).id
    us = here.tenant.admin
    asked = (
        capture.correct(us, theirs, here.draft(100)),
        capture.release(us, theirs),
        capture.hold(us, theirs, REASON),
        capture.withdraw(us, theirs, REASON),
        capture.close(us, theirs, REASON),
        catalogue.get_claim(us, theirs),
    )
    for one in asked:
        with pytest.raises(NotFound):
            await one
    denials = await here.rows(
        "SELECT 1 FROM audit_log WHERE outcome = 'refused' AND subject_id = $1", str(theirs)
    )
    assert len(denials) == len(asked)
    assert await there.count("outbox") == 1


async def test_somebody_who_may_only_look_changes_nothing(here: Exchange, there: Exchange) -> None:
    claim = await _created(here)
    viewer = await here.tenant.actor("View-Only")
    for asked in (
        capture.create(viewer, here.draft(100)),
        capture.release(viewer, claim.id),
        capture.withdraw(viewer, claim.id, REASON),
    ):
        with pytest.raises(NotAllowed):
            await asked
    assert (await catalogue.get_claim(viewer, claim.id)).id == claim.id


async def test_a_draft_is_corrected_as_a_new_version_that_is_scrubbed(
    here: Exchange, there: Exchange
) -> None:
    claim = await _scrubbed(here)
    better = replace(claim.draft, diagnoses=("E119", "I10"))
    corrected = await capture.correct(here.tenant.admin, claim.id, better, expected_version=claim.version)
    assert [(one.version, one.frequency) for one in corrected.versions] == [(1, "1"), (2, "1")]
    assert (await _told(here))[-1] == ("update", "corrected")
    assert corrected.activities[0].actor_name == here.tenant.admin.name


async def test_a_correction_of_what_somebody_else_changed_meanwhile_is_stale(
    here: Exchange, there: Exchange
) -> None:
    claim = await _scrubbed(here)
    with pytest.raises(Stale):
        await capture.correct(here.tenant.admin, claim.id, claim.draft, expected_version=claim.version - 1)
    assert await here.count("claim_versions") == 1


async def test_a_claim_keeps_its_parties(here: Exchange, there: Exchange) -> None:
    claim = await _scrubbed(here)
    for field in ("client_id", "patient_id", "coverage_id"):
        with pytest.raises(Invalid) as refusal:
            await capture.correct(here.tenant.admin, claim.id, replace(claim.draft, **{field: uuid4()}))
        assert [fault.field for fault in refusal.value.fields] == [field]


async def test_a_sent_claim_is_not_corrected_before_its_answer(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    with pytest.raises(Conflict) as refusal:
        await capture.correct(here.tenant.admin, sent.id, here.draft(100))
    assert refusal.value.code == "claim.answer_outstanding"


async def test_nothing_sent_is_nothing_to_void(here: Exchange, there: Exchange) -> None:
    claim = await _scrubbed(here)
    with pytest.raises(Conflict) as refusal:
        await capture.correct(here.tenant.admin, claim.id, claim.draft, void=True)
    assert refusal.value.code == "claim.nothing_to_void"


async def test_a_hold_keeps_its_reason_as_a_sealed_note(here: Exchange, there: Exchange) -> None:
    claim = await _scrubbed(here)
    await capture.hold(here.tenant.admin, claim.id, REASON)
    note = await here.one("SELECT body FROM notes")
    assert REASON.encode() not in note["body"]
    assert (await _told(here))[-1] == ("update", "held")
    assert await there.count("notes") == 0


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x00b"])
async def test_a_hold_needs_a_readable_reason(here: Exchange, there: Exchange, reason: str) -> None:
    claim = await _scrubbed(here)
    with pytest.raises(Invalid) as refusal:
        await capture.hold(here.tenant.admin, claim.id, reason)
    assert [fault.field for fault in refusal.value.fields] == ["reason"]
    assert len(await _told(here)) == 1


async def test_a_sent_claim_can_neither_be_held_nor_withdrawn(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    for asked, code in (
        (capture.hold(here.tenant.admin, sent.id, REASON), "claim.too_late_to_hold"),
        (capture.withdraw(here.tenant.admin, sent.id, REASON), "claim.cannot_end"),
    ):
        with pytest.raises(Conflict) as refusal:
            await asked
        assert refusal.value.code == code


async def test_a_claim_in_another_persons_hands_is_not_corrected_behind_their_back(
    here: Exchange, there: Exchange
) -> None:
    claim = await _scrubbed(here, diagnoses=("XYZ",))
    colleague = await here.tenant.actor("Biller")
    await here.tenant.owner.execute(
        "UPDATE work_items SET owner_id = $2 WHERE subject_id = $1", claim.id, colleague.user_id
    )
    with pytest.raises(Conflict) as refusal:
        await capture.correct(here.tenant.admin, claim.id, claim.draft)
    assert colleague.name in refusal.value.title


async def test_a_selection_is_released_row_by_row_with_an_outcome_for_each(
    here: Exchange, there: Exchange
) -> None:
    ready, held = await _scrubbed(here), await _scrubbed(here, diagnoses=("XYZ",))
    gone: UUID = await here.claim()
    foreign = (await _created(there)).id
    wanted = [ready.id, held.id, gone, foreign, uuid4()]
    outcomes = await capture.release_many(here.tenant.admin, wanted)
    assert [one.id for one in outcomes] == wanted
    assert [(one.done, one.code) for one in outcomes] == [
        (True, ""),
        (False, "claim.held"),
        (False, "claim.released_already"),
        (False, "not_found"),
        (False, "not_found"),
    ]
    assert (await _told(here))[-1] == ("update", "released")


async def test_a_selection_has_a_limit(here: Exchange, there: Exchange) -> None:
    with pytest.raises(Invalid) as refusal:
        await capture.release_many(here.tenant.admin, [uuid4()] * 501)
    assert refusal.value.code == "bulk.too_many"


async def test_a_selection_is_refused_whole_to_somebody_who_may_not_submit(
    here: Exchange, there: Exchange
) -> None:
    claim = await _scrubbed(here)
    with pytest.raises(NotAllowed):
        await capture.release_many(await here.tenant.actor("View-Only"), [claim.id])
    assert len(await _told(here)) == 1


async def test_every_command_and_every_read_of_a_claim_leaves_its_audit_row(
    here: Exchange, there: Exchange
) -> None:
    claim = await _scrubbed(here)
    await catalogue.list_claims(here.tenant.admin)
    rows = await here.rows(
        "SELECT action, phi, subject_id FROM audit_log WHERE action LIKE 'claims.%' ORDER BY seq"
    )
    assert [(row["action"], row["phi"]) for row in rows] == [
        ("claims.capture.create", False),
        ("claims.catalogue.get_claim", True),
        ("claims.catalogue.list_claims", True),
    ]
    assert rows[0]["subject_id"] == rows[1]["subject_id"] == str(claim.id)
