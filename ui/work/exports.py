"""The queue and the outcomes of a bulk run as they leave: exactly what the filter or the run shows."""

from domain.paging import Page as Rows
from domain.tenancy import Actor
from domain.work_runs import NOT_REACHED, RowOutcome
from domain.work_views import ORDERS
from services.work import bulk, saved_views
from services.work import queue as service
from services.work.views import WorkLine
from ui.page import identifier, optional_identifier
from ui.work.asked import filter_of, words_of

WORK = ("Priority", "What", "Kind", "With", "Opened", "Due", "Back", "Returned")
RUN = ("What", "Outcome", "Why", "Code")


async def work_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Rows[WorkLine]:
    """The rows of a filter or a saved view, in its order."""
    view_id = optional_identifier(query.get("view", ""))
    view = await saved_views.get_view(actor, view_id) if view_id else None
    order = query.get("order", view.ordering if view else "urgency")
    asked = filter_of(query, view.filter if view else None)
    return await service.queue(
        actor,
        **words_of(asked),
        order=order if order in ORDERS else "urgency",
        cursor=cursor,
        limit=size,
    )


def work_cells(line: WorkLine) -> tuple[object, ...]:
    """One item."""
    moments = line.created_at, line.due_at, line.follow_up_at
    return line.priority, line.title, line.kind_label, line.owner_name or "free", *moments, line.returned


async def run_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Rows[RowOutcome]:
    """Every row of a bulk run."""
    return await bulk.run_rows(actor, identifier(query.get("run", "")), cursor=cursor, limit=size)


def run_cells(row: RowOutcome) -> tuple[object, ...]:
    """What became of one item."""
    outcome = {"": "done", NOT_REACHED: "not reached"}.get(row.code, "refused")
    return row.title, outcome, row.message, row.code
