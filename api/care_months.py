"""Month-end of care: months, their patients, closing, also by schedule, and asking for a reopening."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.care import close_schedule, month_patients, months
from services.care.close_schedule import CloseScheduleFacts, CloseScheduleView
from services.care.month_views import MonthLine, MonthView, PatientMonthLine, PatientMonthView


@dataclass(frozen=True, slots=True)
class MonthClose:
    """With `release` clean claims go on to their payers without being released by hand."""

    release: bool = False


class CareMonths(Controller):
    """Months of care; a month is named by its year and month, such as 2026-10, or by its id."""

    path = "/care/months"
    tags = ("Care",)

    @get("/")
    async def list_months(self, actor: Actor) -> list[MonthLine]:
        """Months that were closed or can be, the newest first."""
        return await months.list_months(actor)

    @get("/{care_month_id:str}")
    async def get_month(self, actor: Actor, care_month_id: str) -> MonthView:
        """One month: how far its close has come, what its patients came to, what happened."""
        return await months.get_month(actor, care_month_id)

    @post("/{care_month_id:str}/close", status_code=200)
    async def close_month(self, actor: Actor, care_month_id: str, data: MonthClose) -> MonthLine:
        """Close a month that has ended for every practice; it can be left to itself."""
        return await months.close_month(actor, care_month_id, release=data.release)

    @post("/{care_month_id:str}/reopening", status_code=200)
    async def ask_reopening(self, actor: Actor, care_month_id: str, data: Reason) -> MonthLine:
        """Ask for a closed month to be reopened; a manager decides."""
        return await months.ask_reopening(actor, care_month_id, data.reason)

    @get("/{care_month_id:str}/patients")
    async def patients_of_month(
        self,
        actor: Actor,
        care_month_id: str,
        outcome: str = "",
        finding: str = "",
        client_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[PatientMonthLine]:
        """The patients of a month by outcome, finding or practice."""
        return await month_patients.patients_of_month(
            actor, care_month_id, outcome, finding, client_id, cursor, limit
        )


class CarePatientMonths(Controller):
    """One patient's month as it was closed."""

    path = "/care/patient-months"
    tags = ("Care",)

    @get("/{patient_month_id:uuid}")
    async def get_patient_month(self, actor: Actor, patient_month_id: UUID) -> PatientMonthView:
        """Lines, charges, what stands against it, packet, claim and every close of it."""
        return await month_patients.get_patient_month(actor, patient_month_id)


class CareCloseSchedule(Controller):
    """The schedule by which months are closed by themselves."""

    path = "/care/close-schedule"
    tags = ("Care",)

    @get("/")
    async def get_close_schedule(self, actor: Actor) -> CloseScheduleView:
        """When months are closed by themselves; off until somebody sets it."""
        return await close_schedule.get_close_schedule(actor)

    @put("/")
    async def set_close_schedule(
        self, actor: Actor, data: CloseScheduleFacts, expected_version: int | None
    ) -> CloseScheduleView:
        """Set the schedule, or put it off; what is due already is left to people."""
        return await close_schedule.set_close_schedule(actor, data, expected_version)
