"""Decision tables: their grids, tests and versions, and what they decided."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.rules import drafts, publishing, reading
from services.rules.table_views import (
    CaseFacts,
    DecisionLine,
    DifferenceView,
    DraftView,
    GridFacts,
    TableLine,
    TableView,
    VersionLine,
    VersionView,
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """The grid as typed, and the tests stored with it."""

    grid: GridFacts
    tests: list[CaseFacts]


@dataclass(frozen=True, slots=True)
class Publication:
    """From which day on the draft is to hold, and why."""

    effective_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """The earlier version that is to hold again, and why; from today unless another day is given."""

    version: int
    reason: str
    effective_from: date | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why the tenant's own table is to hold no longer; from today unless another day is given."""

    reason: str
    effective_from: date | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """The version that the draft begins from."""

    version: int


class DecisionTables(Controller):
    """Decision tables, from the draft to the version in force."""

    path = "/decision-tables"
    tags = ("Rules",)

    @get("/")
    async def list_tables(self, actor: Actor) -> list[TableLine]:
        """Every table: whose version decides (own, global or default), since when, and how often it did in 30 days."""
        return await reading.list_tables(actor)

    @get("/decisions")
    async def list_decisions(
        self,
        actor: Actor,
        table_code: str = "",
        subject_id: UUID | None = None,
        origin: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[DecisionLine]:
        """What was decided, the newest first: by which version and rows, from which facts."""
        return await reading.list_decisions(
            actor, table=table_code, subject_id=subject_id, origin=origin, cursor=cursor, limit=limit
        )

    @get("/{table_code:str}")
    async def get_table(self, actor: Actor, table_code: str) -> TableView:
        """A table with its columns, its draft with faults and results of tests, and every version."""
        return await reading.get_table(actor, table_code)

    @put("/{table_code:str}/draft")
    async def save_table_draft(
        self, actor: Actor, table_code: str, data: Drafted, expected_version: int | None
    ) -> DraftView:
        """Keep the draft, faults and all. What is wrong is told by cell; only publishing is refused for it."""
        return await drafts.save_draft(actor, table_code, data.grid, data.tests, expected_version)

    @post("/{table_code:str}/draft/beginning", status_code=200)
    async def take_as_draft(self, actor: Actor, table_code: str, data: Beginning) -> DraftView:
        """Begin the draft again from a version."""
        return await publishing.take_as_draft(actor, table_code, data.version)

    @post("/{table_code:str}/publish")
    async def publish_table(
        self, actor: Actor, table_code: str, data: Publication, expected_version: int | None
    ) -> VersionLine:
        """Publish the draft from a day on. Refused while a cell is wrong or a test fails."""
        return await publishing.publish(actor, table_code, data.effective_from, data.reason, expected_version)

    @post("/{table_code:str}/restore")
    async def restore_version(self, actor: Actor, table_code: str, data: Restoration) -> VersionLine:
        """Roll back: publish an earlier version again, as a new one."""
        return await publishing.restore(actor, table_code, data.version, data.reason, data.effective_from)

    @post("/{table_code:str}/withdraw")
    async def withdraw_table(self, actor: Actor, table_code: str, data: Withdrawal) -> VersionLine:
        """Take the tenant's own table out of force; the platform's or the default decides again."""
        return await publishing.withdraw(actor, table_code, data.reason, data.effective_from)

    @get("/{table_code:str}/versions/{version:int}")
    async def get_table_version(self, actor: Actor, table_code: str, version: int) -> VersionView:
        """One version with its grid and its tests, as it was published."""
        return await reading.get_version(actor, table_code, version)

    @get("/{table_code:str}/versions/{version:int}/differences")
    async def compare_versions(
        self, actor: Actor, table_code: str, version: int, other: int | None = None
    ) -> list[DifferenceView]:
        """The rows that differ from this version to another one, or to the draft."""
        return await reading.compare(actor, table_code, version, other)
