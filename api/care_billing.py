"""Care management as billing sees it: minutes, codes and evidence, and never a note."""

from uuid import UUID

from litestar import Controller, get

from domain.tenancy import Actor
from services.care import billing
from services.care.billing import BillingMonth


class CareBilling(Controller):
    """Patients' months for whoever bills them."""

    path = "/care/billing"
    tags = ("Care",)

    @get("/{patient_id:uuid}")
    async def billing_month(
        self, actor: Actor, patient_id: UUID, year: int | None = None, month: int | None = None
    ) -> BillingMonth:
        """A patient's month with its minutes, codes, packet and claim; the running one unless another is named."""
        return await billing.billing_month(actor, patient_id, year, month)
