"""Audits: plans, reviews, answers, checklists, trends."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.quality import checklists, plans, results, reviews, training, trends
from services.quality.checklists import ChecklistFacts, ChecklistView
from services.quality.plans import AuditPerson, PlanFacts, PlanPreview, Redrawn
from services.quality.reviews import ReviewFacts, ReviewView
from services.quality.training import TrainingFacts, TrainingList
from services.quality.trends import By, TrainingNeeds, Trends
from services.quality.views import AuditLine, AuditView, FindingLine


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the audited person is told along with the result."""

    feedback: str = ""


@dataclass(frozen=True, slots=True)
class AuditReason:
    """Why."""

    reason: str


@dataclass(frozen=True, slots=True)
class DisputeDecision:
    """The decision on a dispute: the findings named are withdrawn, the others stand."""

    comment: str
    withdrawn_finding_ids: list[UUID] | None = None


@dataclass(frozen=True, slots=True)
class TrainingPlanned:
    """What was planned."""

    id: UUID


class Audits(Controller):
    """Quality audits, from the plan to the answer of the audited person."""

    path = "/audits"
    tags = ("Quality",)

    @get("/")
    async def list_audits(
        self,
        actor: Actor,
        stage: str = "",
        employee_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AuditLine]:
        """Audits, the newest first; without a permission of quality one's own results."""
        return await plans.list_audits(
            actor, state=stage, employee_id=employee_id, cursor=cursor, limit=limit
        )

    @post("/")
    async def plan_audit(self, actor: Actor, data: PlanFacts) -> AuditView:
        """Plan an audit. Refused when a reviewer would audit themself, or only work of their own."""
        return await plans.plan_audit(actor, data)

    @post("/preview", status_code=200)
    async def preview_audit(self, actor: Actor, data: PlanFacts) -> PlanPreview:
        """How many claims a plan would draw, and from how many."""
        return await plans.preview_audit(actor, data)

    @get("/people")
    async def audit_people(self, actor: Actor) -> list[AuditPerson]:
        """Who can be audited, and who can audit."""
        return await plans.audit_people(actor)

    @get("/findings")
    async def list_findings(
        self,
        actor: Actor,
        audit_id: UUID | None = None,
        category: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[FindingLine]:
        """Findings of completed audits, the newest first. Reading them is audited."""
        return await reviews.list_findings(
            actor, audit_id=audit_id, category=category, cursor=cursor, limit=limit
        )

    @get("/trends")
    async def audit_trends(
        self,
        actor: Actor,
        by: By = "person",
        months: int = 12,
        employee_id: UUID | None = None,
        payer_id: UUID | None = None,
        category: str = "",
    ) -> Trends:
        """The three accuracies by person, payer or month, and by category of error, from pooled counts."""
        return await trends.trends(actor, by, months, employee_id, payer_id, category)

    @get("/training-needs")
    async def training_needs(self, actor: Actor, months: int = 12, target_percent: int = 95) -> TrainingNeeds:
        """Who is under the target in which category."""
        return await trends.training_needs(actor, months, target_percent)

    @get("/training")
    async def list_training(self, actor: Actor, months: int = 12, target_percent: int = 95) -> TrainingList:
        """Who needs training in what, and what is planned or done about it."""
        return await training.list_training(actor, months, target_percent)

    @post("/training")
    async def plan_training(self, actor: Actor, data: TrainingFacts) -> TrainingPlanned:
        """Plan training for somebody; one per person and category is open at a time."""
        return TrainingPlanned(await training.plan_training(actor, data))

    @post("/training/{training_id:uuid}/done", status_code=204)
    async def finish_training(self, actor: Actor, training_id: UUID) -> None:
        """Mark planned training as done."""
        await training.finish_training(actor, training_id)

    @get("/{audit_id:uuid}")
    async def get_audit(self, actor: Actor, audit_id: UUID) -> AuditView:
        """An audit with its sample, findings and accuracies. Reading it is audited."""
        return await plans.get_audit(actor, audit_id)

    @get("/{audit_id:uuid}/sample")
    async def draw_again(self, actor: Actor, audit_id: UUID) -> Redrawn:
        """The sample drawn again from the population and the seed that were kept."""
        return await plans.draw_again(actor, audit_id)

    @post("/{audit_id:uuid}/cancel", status_code=200)
    async def cancel_audit(self, actor: Actor, audit_id: UUID, data: AuditReason) -> AuditView:
        """End an audit that is not complete."""
        return await plans.cancel_audit(actor, audit_id, data.reason)

    @post("/{audit_id:uuid}/complete", status_code=200)
    async def complete_audit(self, actor: Actor, audit_id: UUID, data: Feedback) -> AuditView:
        """Complete an audit whose claims are all reviewed."""
        return await results.complete_audit(actor, audit_id, data.feedback)

    @post("/{audit_id:uuid}/acknowledge", status_code=200)
    async def acknowledge_audit(self, actor: Actor, audit_id: UUID) -> AuditView:
        """Accept the result of one's own audit."""
        return await results.acknowledge(actor, audit_id)

    @post("/{audit_id:uuid}/dispute", status_code=200)
    async def dispute_audit(self, actor: Actor, audit_id: UUID, data: AuditReason) -> AuditView:
        """Dispute the result of one's own audit."""
        return await results.dispute(actor, audit_id, data.reason)

    @post("/{audit_id:uuid}/decide", status_code=200)
    async def decide_audit(self, actor: Actor, audit_id: UUID, data: DisputeDecision) -> AuditView:
        """Decide on a dispute: by a third person."""
        return await results.decide(actor, audit_id, data.comment, data.withdrawn_finding_ids)


class AuditReviews(Controller):
    """The review of one claim of a sample."""

    path = "/audit-claims/{audit_claim_id:uuid}"
    tags = ("Quality",)

    @get("/review")
    async def get_review(self, actor: Actor, audit_claim_id: UUID) -> ReviewView:
        """The asker's own review of a claim. Reading it is audited."""
        return await reviews.get_review(actor, audit_claim_id)

    @put("/review")
    async def save_review(self, actor: Actor, audit_claim_id: UUID, data: ReviewFacts) -> ReviewView:
        """Keep the review of a claim: every question answered, and a finding for each that is not met."""
        return await reviews.save_review(actor, audit_claim_id, data)


class AuditChecklists(Controller):
    """What audits ask. A change holds from a day on."""

    path = "/audit-checklists"
    tags = ("Quality",)

    @get("/")
    async def list_checklists(self, actor: Actor) -> list[ChecklistView]:
        """Every checklist ever set, and the default."""
        return await checklists.list_checklists(actor)

    @post("/")
    async def add_checklist(self, actor: Actor, data: ChecklistFacts) -> ChecklistView:
        """Set the checklist from a day on."""
        return await checklists.add_checklist(actor, data)
