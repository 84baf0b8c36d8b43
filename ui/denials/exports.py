"""Denials and appeals as they leave."""

from domain.paging import Page
from domain.tenancy import Actor
from services.denials import appeals, worklist
from services.denials.views import AppealLine, DenialLine
from ui.denials.listing import class_of, stage_of, status_of
from ui.page import optional_identifier
from ui.parts.money import decimal

Query = dict[str, str]
DENIALS = ("Claim", "Status", "Class", "Preventable", "Codes", "Payer", "At stake", "Denied on", "Deadline", "Appeal until")  # fmt: skip
APPEALS = ("Claim", "Stage", "Level", "Class", "Payer", "In dispute", "Recovered", "Due", "Outcome")  # fmt: skip


async def denial_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[DenialLine]:
    """The denials of a filter."""
    return await worklist.list_denials(
        actor,
        status=status_of(query),
        class_code=class_of(query),
        payer_id=optional_identifier(query.get("payer", "")),
        cursor=cursor,
        limit=size,
    )


def denial_cells(line: DenialLine) -> tuple[object, ...]:
    """The cells of a row."""
    dates = (line.decided_on, line.deadline, line.appeal_by)
    codes, amount = " ".join(line.codes), decimal(line.amount_cents)
    return (
        line.reference,
        line.status_label,
        line.class_label,
        line.preventable,
        codes,
        line.payer_name,
        amount,
        *dates,
    )


async def appeal_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[AppealLine]:
    """The appeals of a filter; all open ones where no stage is asked for."""
    return await appeals.list_appeals(
        actor,
        stage=stage_of(query),
        class_code=class_of(query),
        payer_id=optional_identifier(query.get("payer", "")),
        open_only=not query.get("stage"),
        cursor=cursor,
        limit=size,
    )


def appeal_cells(line: AppealLine) -> tuple[object, ...]:
    """The cells of a row."""
    figures = map(decimal, (line.amount_cents, line.recovered_cents))
    level = f"{line.level} {line.level_label}"
    return (
        line.reference,
        line.stage_label,
        level,
        line.class_label,
        line.payer_name,
        *figures,
        line.due,
        line.outcome_label,
    )
