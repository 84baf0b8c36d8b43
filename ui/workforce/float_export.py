"""Float assignments and queues at risk as they leave."""

from domain.paging import Page
from domain.tenancy import Actor
from services.workforce import float_planning, float_proposals
from services.workforce.float_proposals import STATES
from services.workforce.float_views import FloatLine, ProposalLine
from ui.page import optional_identifier
from ui.workforce.float_list import HEADINGS, show_of

__all__ = ["HEADINGS", "PROPOSALS", "cells", "pages", "proposal_cells", "proposal_pages"]
PROPOSALS = ("Day", "Queue", "Open", "Late by tonight", "First due", "State", "Assignment")


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[FloatLine]:
    """Assignments of a filter."""
    person = optional_identifier(query.get("person", ""))
    return await float_planning.list_floats(
        actor, show=show_of(query), user_id=person, cursor=cursor, limit=size
    )


def cells(one: FloatLine) -> tuple[object, ...]:
    """The cells of a row."""
    period = (one.starts_at, one.ends_at)
    return one.reference, one.name, one.where, one.state_label, *period


async def proposal_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[ProposalLine]:
    """Queues at risk of a filter."""
    asked = query.get("state", "")
    state = asked if asked in STATES else ""
    return await float_proposals.list_proposals(actor, state=state, cursor=cursor, limit=size)


def proposal_cells(one: ProposalLine) -> tuple[object, ...]:
    """The cells of a row."""
    counted = (one.open_items, one.at_risk, one.first_due_at)
    return one.day, one.where, *counted, STATES[one.state], one.assignment_reference
