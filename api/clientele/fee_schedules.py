"""Fee schedules: what is charged or expected for each procedure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, delete, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import fee_schedules
from services.clientele.fee_schedules import FeeLineView, FeeScheduleFacts, FeeScheduleView, Pasted


@dataclass(frozen=True, slots=True)
class PastedLines:
    """Rows as copied from a spreadsheet: procedure, modifier, amount. `replace` drops the lines there are."""

    text: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What the fee schedule says, in cents; null when it says nothing."""

    amount_cents: int | None


class FeeSchedules(Controller):
    """Fee schedules: what is charged or expected for each procedure."""

    path = "/fee-schedules"
    tags = ("Fee schedules",)

    @get("/")
    async def list_fee_schedules(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[FeeScheduleView]:
        """Fee schedules by name."""
        return await fee_schedules.list_fee_schedules(actor, text, cursor, limit, active)

    @post("/")
    async def add_fee_schedule(self, actor: Actor, data: FeeScheduleFacts) -> FeeScheduleView:
        """Add a fee schedule."""
        return await fee_schedules.add_fee_schedule(actor, data)

    @get("/{fee_schedule_id:uuid}")
    async def get_fee_schedule(self, actor: Actor, fee_schedule_id: UUID) -> FeeScheduleView:
        """One of them; its ETag is its version."""
        return await fee_schedules.get_fee_schedule(actor, fee_schedule_id)

    @put("/{fee_schedule_id:uuid}")
    async def change_fee_schedule(
        self, actor: Actor, fee_schedule_id: UUID, data: FeeScheduleFacts, expected_version: int | None
    ) -> FeeScheduleView:
        """Replace a fee schedule's facts; its lines stay."""
        return await fee_schedules.change_fee_schedule(actor, fee_schedule_id, data, expected_version)

    @post("/{fee_schedule_id:uuid}/deactivate", status_code=200)
    async def deactivate_fee_schedule(
        self, actor: Actor, fee_schedule_id: UUID, data: Reason, expected_version: int | None
    ) -> FeeScheduleView:
        """Take a fee schedule out of use."""
        return await fee_schedules.deactivate_fee_schedule(
            actor, fee_schedule_id, data.reason, expected_version
        )

    @post("/{fee_schedule_id:uuid}/reactivate", status_code=200)
    async def reactivate_fee_schedule(
        self, actor: Actor, fee_schedule_id: UUID, expected_version: int | None
    ) -> FeeScheduleView:
        """Take it back into use."""
        return await fee_schedules.reactivate_fee_schedule(actor, fee_schedule_id, expected_version)

    @get("/{fee_schedule_id:uuid}/lines")
    async def list_fee_lines(
        self, actor: Actor, fee_schedule_id: UUID, text: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[FeeLineView]:
        """The lines of a fee schedule, by procedure."""
        return await fee_schedules.list_fee_lines(actor, fee_schedule_id, text, cursor, limit)

    @post("/{fee_schedule_id:uuid}/lines", status_code=200)
    async def paste_fee_lines(self, actor: Actor, fee_schedule_id: UUID, data: PastedLines) -> Pasted:
        """Add lines pasted from a spreadsheet: all of them or, with the faults of each row, none."""
        return await fee_schedules.paste_fee_lines(actor, fee_schedule_id, data.text, replace=data.replace)

    @delete("/{fee_schedule_id:uuid}/lines/{line_id:uuid}", status_code=200)
    async def remove_fee_line(self, actor: Actor, fee_schedule_id: UUID, line_id: UUID) -> FeeScheduleView:
        """Remove one line."""
        return await fee_schedules.remove_fee_line(actor, fee_schedule_id, line_id)

    @get("/charge")
    async def charge_for(
        self, actor: Actor, procedure: str, on: date, modifier: str = "", payer_id: UUID | None = None
    ) -> Charge:
        """What to charge for a procedure on a day, by the payer's schedule or the general one."""
        return Charge(await fee_schedules.charge_for(actor, payer_id, procedure, modifier, on))
