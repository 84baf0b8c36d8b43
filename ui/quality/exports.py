"""Findings of audits and training needs as they leave."""

from typing import Any

from domain.paging import Page
from domain.tenancy import Actor
from services.quality import reviews, training
from services.quality.training import TrainingLine
from services.quality.views import FindingLine
from ui.page import optional_identifier
from ui.parts.money import decimal
from ui.quality.training import months_of
from ui.quality.trends import category_of

HEADINGS = (
    "Audit", "Person", "Claim", "Category", "Severity", "Field", "What is wrong", "What to do", "Moves", "Withdrawn", "Found",
)  # fmt: skip


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[FindingLine]:
    """Findings of a filter."""
    return await reviews.list_findings(
        actor,
        audit_id=optional_identifier(query.get("audit", "")),
        category=category_of(query),
        cursor=cursor,
        limit=size,
    )


def cells(one: FindingLine) -> tuple[Any, ...]:
    """A finding's row."""
    return (
        one.audit_reference, one.employee_name, one.claim_reference, one.category, one.severity, one.field,
        one.description, one.corrective_action, decimal(one.cents), one.withdrawn,
        one.created_at,
    )  # fmt: skip


TRAINING_HEADINGS = (
    "Person",
    "Category",
    "Claims",
    "Claims right",
    "Certain",
    "State",
    "By",
    "Done on",
    "Note",
)


async def training_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[TrainingLine]:
    """Who needs training; at most a few lines a person, so all of them at once."""
    return Page((await training.list_training(actor, months_of(query))).lines)


def training_cells(one: TrainingLine) -> tuple[Any, ...]:
    """A line of the list of training."""
    claims = (one.right.whole, one.right.part) if one.right else (None, None)
    return (
        one.name, one.category, *claims, one.sure, one.state, one.due_on, one.done_on, one.note,
    )  # fmt: skip
