"""Care plans: versions, what each lacks, comparison, and the patient's copy."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post

from domain.care.plan import CarePlan
from domain.tenancy import Actor
from services.care import plan_copies, plans
from services.care.plan_copies import HandOver
from services.care.plan_rows import PlanComparison, PlanView
from services.documents import DocumentLine


@dataclass(frozen=True, slots=True)
class NewPlanVersion:
    """The whole plan, and why it is changed; `revises` is the version that was read, 0 for the first. `in_force_on` is the
    day from which it holds, where it was agreed before it is stored."""

    plan: CarePlan
    why: str = ""
    revises: int | None = None
    in_force_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanRestore:
    """Which version comes back, why, and when it is looked over."""

    why: str
    review_on: date


class CarePlans(Controller):
    """A patient's care plan in its versions; nothing that was stored is ever changed."""

    path = "/care/enrolments/{care_id:uuid}/plan"
    tags = ("Care",)

    @get("/")
    async def get_plan(self, actor: Actor, care_id: UUID, version: int | None = None) -> PlanView:
        """The newest version, or the one asked for, with what it lacks to be complete."""
        return await plans.get_plan(actor, care_id, version)

    @get("/comparison")
    async def compare_plans(self, actor: Actor, care_id: UUID, before: int, after: int) -> PlanComparison:
        """Two versions side by side."""
        return await plans.compare_plans(actor, care_id, before, after)

    @post("/")
    async def store_plan(self, actor: Actor, care_id: UUID, data: NewPlanVersion) -> PlanView:
        """Store the next version. The first complete one makes the enrolment active."""
        return await plans.store_plan(actor, care_id, data.plan, data.why, data.revises, data.in_force_on)

    @post("/versions/{version:int}/restoration", status_code=200)
    async def restore_plan(self, actor: Actor, care_id: UUID, version: int, data: PlanRestore) -> PlanView:
        """Bring an old version back as the newest."""
        return await plans.restore_plan(actor, care_id, version, data.why, data.review_on)

    @post("/copy")
    async def make_copy(self, actor: Actor, care_id: UUID) -> DocumentLine:
        """Make the patient's copy of the plan in force as a PDF."""
        return await plan_copies.make_copy(actor, care_id)

    @post("/handover", status_code=200)
    async def hand_over(self, actor: Actor, care_id: UUID, data: HandOver) -> PlanView:
        """Record when and how the patient got the copy."""
        return await plan_copies.hand_over(actor, care_id, data)
