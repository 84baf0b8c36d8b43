"""Processes, incidents and the time of steps as they leave."""

from domain.paging import Page
from domain.tenancy import Actor
from services.operations import incidents, processes, time_spent
from services.operations.incident_views import IncidentLine
from services.operations.process_views import STATE_WORDS, ProcessLine
from services.operations.time_spent import STATE_WORDS as TIME_WORDS
from services.operations.time_spent import StepTime
from ui.operations import incidents as incident_list
from ui.operations import processes as process_list
from ui.operations.time import days_of
from ui.page import optional_identifier

Query = dict[str, str]
PROCESSES = ("Process", "About", "State", "Stands at", "Waits for", "Began", "Ended")
INCIDENTS = ("Process", "About", "Step", "What is wrong", "Code", "State", "Attempts", "First failed", "Last failed", "Retries")  # fmt: skip
TIME = (
    "Process",
    "Step",
    *(
        f"{words}: {figure}"
        for words in TIME_WORDS.values()
        for figure in ("count", "median s", "9 of 10 s", "total s")
    ),
)


async def process_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[ProcessLine]:
    """The processes as they are filtered."""
    return await processes.list_processes(
        actor,
        kind=process_list.kind_of(query),
        state=process_list.state_of(query),
        reference=query.get("q", ""),
        cursor=cursor,
        limit=size,
    )


def process_cells(line: ProcessLine) -> tuple[object, ...]:
    """A row of the export."""
    times = (line.started_at, line.ended_at)
    return line.kind_label, line.reference, STATE_WORDS[line.state], line.step_label, line.waits_for, *times


async def incident_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[IncidentLine]:
    """The incidents as they are filtered."""
    return await incidents.list_incidents(
        actor,
        state=incident_list.state_of(query),
        kind=incident_list.kind_of(query),
        cursor=cursor,
        limit=size,
    )


def incident_cells(line: IncidentLine) -> tuple[object, ...]:
    """A row of the export."""
    names = (line.kind_label, line.reference, line.step_label, line.words, line.code, line.state_label)
    times = (line.first_failed_at, line.last_failed_at)
    return *names, line.attempts, *times, line.retries


async def time_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[StepTime]:
    """Every step at once: there are some dozens."""
    found = await time_spent.time_spent(
        actor,
        days=days_of(query),
        client_id=optional_identifier(query.get("client", "")),
        payer_id=optional_identifier(query.get("payer", "")),
    )
    return Page(found.steps)


def time_cells(line: StepTime) -> tuple[object, ...]:
    """A row of the export."""
    figures: list[object] = []
    for state in TIME_WORDS:
        spread = line.spread(state)
        figures += (
            [spread.count, round(spread.median), round(spread.p90), round(spread.total)]
            if spread
            else [None] * 4
        )
    return line.process, line.step, *figures
