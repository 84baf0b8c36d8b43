"""Coverages of patients. Reading any of them is audited."""

from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.tenancy import Actor
from services.clientele import coverages
from services.clientele.coverages import CoverageFacts, CoverageView


class Coverages(Controller):
    """Coverages of patients. Reading any of them is audited."""

    path = "/coverages"
    tags = ("Patients",)

    @post("/")
    async def add_coverage(self, actor: Actor, data: CoverageFacts) -> CoverageView:
        """Add a coverage to a patient."""
        return await coverages.add_coverage(actor, data)

    @get("/{coverage_id:uuid}")
    async def get_coverage(self, actor: Actor, coverage_id: UUID) -> CoverageView:
        """One of them; its ETag is its version."""
        return await coverages.get_coverage(actor, coverage_id)

    @put("/{coverage_id:uuid}")
    async def change_coverage(
        self, actor: Actor, coverage_id: UUID, data: CoverageFacts, expected_version: int | None
    ) -> CoverageView:
        """Replace a coverage's facts."""
        return await coverages.change_coverage(actor, coverage_id, data, expected_version)

    @post("/{coverage_id:uuid}/deactivate", status_code=200)
    async def deactivate_coverage(
        self, actor: Actor, coverage_id: UUID, data: Reason, expected_version: int | None
    ) -> CoverageView:
        """Take a coverage out of use."""
        return await coverages.deactivate_coverage(actor, coverage_id, data.reason, expected_version)

    @post("/{coverage_id:uuid}/reactivate", status_code=200)
    async def reactivate_coverage(
        self, actor: Actor, coverage_id: UUID, expected_version: int | None
    ) -> CoverageView:
        """Take it back into use."""
        return await coverages.reactivate_coverage(actor, coverage_id, expected_version)
