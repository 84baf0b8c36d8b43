"""Time sheets, and the working time that is no patient's."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post

from api.bodies import Reason
from domain.tenancy import Actor
from services.care import other_time, time_sheets
from services.care.other_time import OtherTimeFacts, OtherTimeView
from services.care.sheet_views import SheetLine, SheetView


@dataclass(frozen=True, slots=True)
class SheetWanted:
    """The week or month in which a day lies."""

    span: str
    on: date


class CareTimeSheets(Controller):
    """A person's week or month: submitted by them, accepted by somebody else."""

    path = "/care/time-sheets"
    tags = ("Care",)

    @get("/")
    async def list_time_sheets(
        self, actor: Actor, span: str = "week", on: date | None = None, missing_only: bool = False
    ) -> list[SheetLine]:
        """Everybody's sheets of one period, with those that were not submitted."""
        return await time_sheets.list_sheets(actor, span, on, missing_only)

    @get("/mine")
    async def my_time_sheet(self, actor: Actor, span: str = "week", on: date | None = None) -> SheetView:
        """One's own sheet; of the running week unless another is named."""
        return await time_sheets.my_sheet(actor, span, on)

    @get("/of/{user_id:uuid}")
    async def time_sheet_of(
        self, actor: Actor, user_id: UUID, span: str = "week", on: date | None = None
    ) -> SheetView:
        """Anybody's sheet, for managers."""
        return await time_sheets.sheet_of(actor, user_id, span, on)

    @get("/{care_sheet_id:uuid}")
    async def get_time_sheet(self, actor: Actor, care_sheet_id: UUID) -> SheetView:
        """A sheet that was submitted."""
        return await time_sheets.get_sheet(actor, care_sheet_id)

    @post("/")
    async def submit_time_sheet(self, actor: Actor, data: SheetWanted) -> SheetView:
        """Submit one's own sheet; it asks for an approval at once."""
        return await time_sheets.submit_sheet(actor, data.span, data.on)


class CareOtherTime(Controller):
    """Meetings, training, travel: rows that are never changed, only taken back by another."""

    path = "/care/other-time"
    tags = ("Care",)

    @post("/")
    async def add_other_time(self, actor: Actor, data: OtherTimeFacts) -> OtherTimeView:
        """Enter one's own."""
        return await other_time.add_other_time(actor, data)

    @post("/{care_other_time_id:uuid}/void")
    async def void_other_time(self, actor: Actor, care_other_time_id: UUID, data: Reason) -> OtherTimeView:
        """Take an entry back."""
        return await other_time.void_other_time(actor, care_other_time_id, data.reason)
