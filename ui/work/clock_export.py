"""Rules of clocks as they leave."""

from domain.paging import Page
from domain.tenancy import Actor
from services.work import clock_rules
from services.work.clock_rules import ClockRuleView
from ui.parts.spreadsheets import Percent

HEADINGS = (
    "Kind", "Client", "Priority", "From", "State", "Ends", "Begun within (s)", "Finished within (s)", "Warned at (%)",
    "Manager after (s)", "Calendar", "Reason", "By",
)  # fmt: skip


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[ClockRuleView]:
    """Every rule."""
    return await clock_rules.list_rules(actor, cursor=cursor, limit=size)


def cells(one: ClockRuleView) -> tuple[object, ...]:
    """A rule's row."""
    scope = (
        one.kind_label,
        one.client_name or "any",
        one.priority or "any",
        one.effective_from,
        one.state,
    )
    times = (one.start_seconds, one.due_seconds, Percent(one.warn_percent), one.escalate_seconds)
    return (
        *scope,
        one.ends,
        *times,
        one.calendar_name or "standard",
        one.reason,
        one.created_by_name,
    )
