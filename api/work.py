"""The work queue, and actions on its items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import Parameter

from domain.paging import Page
from domain.tenancy import Actor
from domain.work_runs import Order, RowOutcome
from domain.work_views import WorkFilter
from services.work import actions, bulk, groups, notes, queue
from services.work.bulk import BulkAnswer, RunView
from services.work.groups import WorkGroup
from services.work.views import AssignablePerson, CandidateTeam, WorkCounts, WorkLine, WorkView


@dataclass(frozen=True, slots=True)
class Comment:
    """Free text for the next person; it is kept encrypted."""

    comment: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose hands the item goes into."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class LeftTo:
    """Which team's people are the candidates; null: anybody able."""

    team_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Until when the item rests: a time with its zone, at most a year ahead."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Urgency:
    """1 first, 5 last."""

    priority: int


@dataclass(frozen=True, slots=True)
class Completion:
    """One of the item's `decisions`, a comment where the decision asks for one, and the answers of the form that the item
    ends with: that of the decision among the item's `forms`, else the one without a decision."""

    decision: str
    comment: str = ""
    answers: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Watching:
    """Whether the asker follows the item."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class Selection:
    """Up to 200 items and what to do with each."""

    item_ids: list[UUID]
    order: Order


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a queue shows, and by what it stands together: kind, priority or with."""

    filter: WorkFilter
    by: str = "kind"


@dataclass(frozen=True, slots=True)
class WholeFilter:
    """What a queue shows, and what to do with all of it."""

    filter: WorkFilter
    order: Order


class Work(Controller):
    """Everything that waits for a person."""

    path = "/work"
    tags = ("Work",)

    @get("/")
    async def list_work(
        self,
        actor: Actor,
        which: Annotated[queue.Scope, Parameter(query="scope", description="Which queue.")] = "available",
        kinds: list[str] | None = None,
        text: str = "",
        due: Annotated[
            str, Parameter(description="overdue, at_risk, today, day, week, unstarted, or h00 to h23.")
        ] = "",
        priority: Annotated[int, Parameter(description="This and more urgent; 0 any.")] = 0,
        client: Annotated[str, Parameter(description="A client's id, or none.")] = "",
        owner: Annotated[str, Parameter(description="A person's id, or free.")] = "",
        team: Annotated[str, Parameter(description="The owner's team.")] = "",
        order: Annotated[str, Parameter(description="urgency, due or newest.")] = "urgency",
        group: Annotated[str, Parameter(description="kind, priority or with: of one group only.")] = "",
        group_key: Annotated[str, Parameter(description="Which group.")] = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[WorkLine]:
        """The queue, most urgent first unless another order is asked for."""
        return await queue.queue(
            actor,
            scope=which,
            kinds=kinds or (),
            text=text,
            due=due,
            priority=priority,
            client=client,
            owner=owner,
            team=team,
            order=order,
            group=group,
            group_key=group_key,
            cursor=cursor,
            limit=limit,
        )

    @post("/groups", status_code=200)
    async def work_groups(self, actor: Actor, data: Grouping) -> list[WorkGroup]:
        """What a filter shows in groups, each with its count; `group` and `group_key` of the list ask for its rows."""
        return await groups.groups(actor, data.filter, data.by)

    @post("/bulk", status_code=200)
    async def act_on(self, actor: Actor, data: Selection) -> list[RowOutcome]:
        """Act on a selection; the outcome of each item."""
        return await bulk.act_on(actor, data.item_ids, data.order)

    @post("/bulk/filter", status_code=200)
    async def act_on_filter(self, actor: Actor, data: WholeFilter) -> BulkAnswer:
        """Act on a whole filter: at once up to 200 items, more as a run."""
        return await bulk.act_on_filter(actor, data.filter, data.order)

    @get("/bulk/runs")
    async def list_runs(self, actor: Actor, limit: int = 5) -> list[RunView]:
        """The asker's own runs with their progress, newest first."""
        return await bulk.list_runs(actor, limit=limit)

    @post("/bulk/runs/{bulk_run_id:uuid}/cancel", status_code=200)
    async def cancel_run(self, actor: Actor, bulk_run_id: UUID) -> RunView:
        """End a run; what was done stays done, what is left is not touched."""
        return await bulk.cancel_run(actor, bulk_run_id)

    @get("/bulk/runs/{bulk_run_id:uuid}/rows")
    async def run_rows(
        self, actor: Actor, bulk_run_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[RowOutcome]:
        """Every item of a run with its outcome."""
        return await bulk.run_rows(actor, bulk_run_id, cursor=cursor, limit=limit)

    @get("/bulk/runs/{bulk_run_id:uuid}/refused")
    async def refused_rows(
        self, actor: Actor, bulk_run_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[RowOutcome]:
        """The items of a run that were refused, each with why."""
        return await bulk.refused_rows(actor, bulk_run_id, cursor=cursor, limit=limit)

    @get("/teams")
    async def teams_for(self, actor: Actor) -> list[CandidateTeam]:
        """The teams that work can be left to."""
        return await queue.teams_for(actor)

    @get("/mentions")
    async def people_to_mention(
        self,
        actor: Actor,
        text: str = "",
        subject_type: str = "",
        subject_id: UUID | None = None,
        limit: int = 8,
    ) -> list[str]:
        """Names that a note can mention; with a subject, of those who may read its notes."""
        return await notes.people_to_mention(actor, text, subject_type, subject_id, limit=limit)

    @get("/counts")
    async def work_counts(self, actor: Actor) -> WorkCounts:
        """How much waits, each counted up to a bound."""
        return await queue.counts(actor)

    @get("/{item_id:uuid}")
    async def get_item(self, actor: Actor, item_id: UUID) -> WorkView:
        """An item with its history, its decisions, and the actions open to the asker."""
        return await queue.get_item(actor, item_id)

    @get("/{item_id:uuid}/people")
    async def people_for(self, actor: Actor, item_id: UUID) -> list[AssignablePerson]:
        """Whom the item can be assigned to, least loaded first."""
        return await queue.people_for(actor, item_id)

    @post("/{item_id:uuid}/take", status_code=200)
    async def take(self, actor: Actor, item_id: UUID) -> WorkView:
        """Take the item; 409 names who was faster."""
        return await actions.take(actor, item_id)

    @post("/{item_id:uuid}/return", status_code=200)
    async def give_back(self, actor: Actor, item_id: UUID, data: Comment) -> WorkView:
        """Return the item to the queue with a comment."""
        return await actions.give_back(actor, item_id, data.comment)

    @post("/{item_id:uuid}/assign", status_code=200)
    async def assign(self, actor: Actor, item_id: UUID, data: Assignment) -> WorkView:
        """Put the item into somebody's hands."""
        return await actions.assign(actor, item_id, data.user_id)

    @post("/{item_id:uuid}/delegate", status_code=200)
    async def delegate(self, actor: Actor, item_id: UUID, data: Assignment) -> WorkView:
        """Have a colleague do one's own item; it returns to the owner."""
        return await actions.delegate(actor, item_id, data.user_id)

    @post("/{item_id:uuid}/watch", status_code=200)
    async def watch(self, actor: Actor, item_id: UUID, data: Watching) -> WorkView:
        """Follow the item, or no longer."""
        return await actions.watch(actor, item_id, data.on)

    @post("/{item_id:uuid}/team", status_code=200)
    async def leave_to_team(self, actor: Actor, item_id: UUID, data: LeftTo) -> WorkView:
        """Leave the item to the people of a team, or to anybody able."""
        return await actions.leave_to_team(actor, item_id, data.team_id)

    @post("/{item_id:uuid}/snooze", status_code=200)
    async def snooze(self, actor: Actor, item_id: UUID, data: FollowUp) -> WorkView:
        """Hide the item until a moment."""
        return await actions.snooze(actor, item_id, data.until)

    @post("/{item_id:uuid}/prioritise", status_code=200)
    async def prioritise(self, actor: Actor, item_id: UUID, data: Urgency) -> WorkView:
        """Set how urgent the item is."""
        return await actions.prioritise(actor, item_id, data.priority)

    @post("/{item_id:uuid}/complete", status_code=200)
    async def complete(self, actor: Actor, item_id: UUID, data: Completion) -> WorkView:
        """Finish the item with a decision; its process is told."""
        return await actions.complete(actor, item_id, data.decision, data.comment, data.answers)
