"""Processes, incidents, and where time goes."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post

from domain.paging import Page
from domain.tenancy import Actor
from services.operations import incidents, processes, retrying, time_spent
from services.operations.incident_views import IncidentLine, IncidentView, RetriedLately, RetryOutcome
from services.operations.process_views import ProcessLine, ProcessView, TechnicalView
from services.operations.time_spent import TimeSpent


@dataclass(frozen=True, slots=True)
class CancelReason:
    """Why a process is cancelled."""

    reason: str


@dataclass(frozen=True, slots=True)
class Retried:
    """The incidents to retry, at most 200."""

    incident_ids: list[UUID]


class Processes(Controller):
    """Process instances: where each stands and what happened to it."""

    path = "/processes"
    tags = ("Operations",)

    @get("/")
    async def list_processes(
        self,
        actor: Actor,
        process_kind: str = "",
        process_state: str = "",
        reference: str = "",
        client_id: UUID | None = None,
        payer_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ProcessLine]:
        """Processes of the kinds that the asker may see, the newest first. `process_state`: running, ended or stuck."""
        return await processes.list_processes(
            actor,
            kind=process_kind,
            state=process_state,
            reference=reference,
            client_id=client_id,
            payer_id=payer_id,
            cursor=cursor,
            limit=limit,
        )

    @get("/time-spent")
    async def time_spent(
        self, actor: Actor, days: int = 30, client_id: UUID | None = None, payer_id: UUID | None = None
    ) -> TimeSpent:
        """How long each step lay idle, was worked on and waited outside, over the last 1 to 90 days."""
        return await time_spent.time_spent(actor, days=days, client_id=client_id, payer_id=payer_id)

    @get("/{process_kind:str}/{process_id:uuid}")
    async def get_process(self, actor: Actor, process_kind: str, process_id: UUID) -> ProcessView:
        """One process by the id of its record, with its diagram (Mermaid), timeline, open work and incidents."""
        return await processes.get_process(actor, process_kind, process_id)

    @get("/{process_kind:str}/{process_id:uuid}/technical")
    async def technical_history(self, actor: Actor, process_kind: str, process_id: UUID) -> TechnicalView:
        """What the process server recorded: names, attempts and times, no contents."""
        return await processes.technical_history(actor, process_kind, process_id)


class Incidents(Controller):
    """What keeps processes from going on."""

    path = "/incidents"
    tags = ("Operations",)

    @get("/")
    async def list_incidents(
        self,
        actor: Actor,
        incident_state: str = "open",
        process_kind: str = "",
        incident_code: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[IncidentLine]:
        """Incidents, the newest first. `incident_state`: open, resolved, cancelled or all."""
        return await incidents.list_incidents(
            actor,
            state=incident_state,
            kind=process_kind,
            code=incident_code,
            cursor=cursor,
            limit=limit,
        )

    @post("/retry", status_code=200)
    async def retry_incidents(self, actor: Actor, data: Retried) -> list[RetryOutcome]:
        """Retry many at once; what became of each, in the order given."""
        return await retrying.retry_many(actor, data.incident_ids)

    @get("/retried")
    async def retried_lately(self, actor: Actor) -> RetriedLately:
        """How far what you had tried again in the last ten minutes has come."""
        return await retrying.retried_lately(actor)

    @get("/{incident_id:uuid}")
    async def get_incident(self, actor: Actor, incident_id: UUID) -> IncidentView:
        """One incident with its history."""
        return await incidents.get_incident(actor, incident_id)

    @post("/{incident_id:uuid}/retry", status_code=200)
    async def retry_incident(self, actor: Actor, incident_id: UUID) -> IncidentView:
        """Have what fails be tried now. The incident closes by itself once it has succeeded."""
        return await incidents.retry(actor, incident_id)

    @post("/{incident_id:uuid}/cancel", status_code=200)
    async def cancel_process(self, actor: Actor, incident_id: UUID, data: CancelReason) -> IncidentView:
        """Cancel the process for good: facts stay, its record says so, its open work closes."""
        return await incidents.cancel(actor, incident_id, data.reason)
