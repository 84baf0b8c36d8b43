"""The forecast of months of care: patients, coordinators, how right it was, and patients to be handed over."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post

from domain.paging import Page
from domain.tenancy import Actor
from services.care import forecast_accuracy, forecasts
from services.care.forecast_views import (
    Accuracy,
    CoordinatorForecast,
    ForecastLine,
    ForecastState,
    HandOverChoice,
    PatientForecast,
)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Patients to be handed over, to whom and why; until a day, or for good without one."""

    enrolments: list[UUID]
    to_user_id: UUID
    reason: str
    returns_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """The move that waits for somebody's approval."""

    move_id: UUID


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """The process that makes the forecast."""

    process_id: UUID


class CareForecasts(Controller):
    """Where months of care are heading; coordinators see their own roster only."""

    path = "/care"
    tags = ("Care",)

    @get("/forecast")
    async def list_forecasts(
        self,
        actor: Actor,
        coordinator_id: UUID | None = None,
        client_id: UUID | None = None,
        suggested: str = "",
        standing: str = "",
        programme: str = "",
        order: str = "chance",
        unassigned: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ForecastLine]:
        """Patients with their forecast. `standing` is risk, likely or reached; `suggested` call, hand_over or nothing;
        `order` chance, gap or projected; `unassigned` those whom nobody coordinates."""
        return await forecasts.list_forecasts(
            actor, coordinator_id, client_id, suggested, standing, programme, order, cursor, limit,
            unassigned=unassigned,
        )  # fmt: skip

    @get("/forecast/state")
    async def forecast_state(self, actor: Actor) -> ForecastState:
        """Of which day the newest forecast is."""
        return await forecasts.forecast_state(actor)

    @get("/forecast/coordinators")
    async def list_coordinator_forecasts(self, actor: Actor) -> list[CoordinatorForecast]:
        """Each coordinator's month, those with most patients at risk first."""
        return await forecasts.list_coordinator_forecasts(actor)

    @get("/forecast/accuracy")
    async def forecast_accuracy(self, actor: Actor) -> Accuracy:
        """How right the forecast was on past months, beside the straight line."""
        return await forecast_accuracy.forecast_accuracy(actor)

    @get("/forecast/people")
    async def hand_over_choices(self, actor: Actor) -> list[HandOverChoice]:
        """Who could take patients over, those with most time left first."""
        return await forecasts.hand_over_choices(actor)

    @post("/forecast/run", status_code=202)
    async def forecast_now(self, actor: Actor) -> ForecastRun:
        """Make the forecast anew now; it is made every morning by itself."""
        return ForecastRun(await forecasts.forecast_now(actor))

    @post("/forecast/hand-over")
    async def propose_handing_over(self, actor: Actor, data: HandOver) -> ProposedMove:
        """Propose that patients change their coordinator; somebody else has to approve it."""
        move_id = await forecasts.propose_handing_over(
            actor, data.enrolments, data.to_user_id, data.reason, data.returns_on
        )
        return ProposedMove(move_id)

    @get("/enrolments/{care_id:uuid}/forecast")
    async def patient_forecast(self, actor: Actor, care_id: UUID) -> PatientForecast:
        """One patient's forecast, this month day by day, and the months before."""
        return await forecasts.patient_forecast(actor, care_id)
