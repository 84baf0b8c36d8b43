"""Two audits of a demo company: one whose result was acknowledged, and one that its auditor is in the middle of."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cli.demonstration.cast import Person
from cli.demonstration.masters import House
from domain.refusals import Conflict
from domain.tenancy import Actor
from services.quality import plans, results, reviews, training
from services.quality.plans import PlanFacts
from services.quality.reviews import FindingDraft, ReviewFacts
from services.quality.training import TrainingFacts
from services.quality.views import AuditView, SampledClaim

SEED = 20261122
STEP_WITHIN_SECONDS = 20
_FINDINGS = (
    FindingDraft(
        "coding", "major", "The record supports a lower level of visit.", "lines.1.procedure", "Read the guideline again.",
        3_200, "procedures",
    ),
    FindingDraft("claim", "minor", "The hold was answered after two days.", "", "Answer holds on the same day.", 0, "edits"),
)  # fmt: skip


async def audit(house: House) -> bool:
    """Audit two billers; False when that was done before, or when nobody here audits."""
    auditors = house.company.holding("QA Specialist")
    billers = house.company.holding("Biller")
    if not auditors or len(billers) < 2:
        return False
    auditor = await house.actor(auditors[0])
    if (await plans.list_audits(auditor, limit=1)).items:
        return False
    finished = await _planned(house, auditor, billers[0], 8)
    if finished is not None and finished.claims:
        await _review(auditor, finished.claims)
        done = await results.complete_audit(auditor, finished.id, "Careful work. Mind the level of visits.")
        employee = await house.actor(billers[0])
        # A busy worker may take the step later; until the result is told there is nothing to acknowledge.
        if await _past(auditor, done.id, {"in_review", "completed"}) is not None:
            await results.acknowledge(employee, done.id)
        assert employee.user_id
        due_on = datetime.now(UTC).date() + timedelta(days=14)
        words = "Levels of visits, with the guideline beside three of these claims."
        await training.plan_training(auditor, TrainingFacts(employee.user_id, "coding", due_on, words))
    running = await _planned(house, auditor, billers[1], 6)
    if running is not None:
        await _review(auditor, running.claims[: len(running.claims) // 2])
    return True


async def _planned(house: House, auditor: Actor, biller: Person, size: int) -> AuditView | None:
    """The audit with its sample; None when there was nothing that this auditor may audit."""
    employee = await house.actor(biller)
    assert employee.user_id and auditor.user_id
    facts = PlanFacts(
        employee.user_id, auditor.user_id, house.since - timedelta(days=1), house.since + timedelta(days=1),
        method="payer", size=size, seed=SEED,
    )  # fmt: skip
    try:
        made = await plans.plan_audit(auditor, facts)
    except Conflict:
        return None
    return await _past(auditor, made.id, {"planned"})


async def _past(auditor: Actor, audit_id: UUID, states: set[str]) -> AuditView | None:
    """The audit once it stands at none of these states; None when that takes too long."""
    for _ in range(STEP_WITHIN_SECONDS * 4):
        seen = await plans.get_audit(auditor, audit_id)
        if seen.line.state not in states:
            return seen
        await asyncio.sleep(0.25)
    return None


async def _review(auditor: Actor, claims: list[SampledClaim]) -> None:
    """Review them; the second and the third have something wrong."""
    for number, claim in enumerate(claims):
        view = await reviews.get_review(auditor, claim.id)
        found = [_FINDINGS[number - 1]] if 1 <= number <= len(_FINDINGS) else []
        wrong = {one.question for one in found}
        answers = {q.key: "not_met" if q.key in wrong else "met" for q in view.questions}
        await reviews.save_review(auditor, claim.id, ReviewFacts(answers, found))
