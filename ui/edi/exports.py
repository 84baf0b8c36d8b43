"""Claims on their way to payers as they leave."""

from domain.paging import Page
from domain.tenancy import Actor
from services.edi import submissions
from services.edi.submission_views import AwaitedLine
from ui.edi.submissions import wanted_of
from ui.parts.money import decimal

Query = dict[str, str]
SUBMISSIONS = ("Claim", "Claim number", "Payer", "Connection", "Waits for", "Sent", "Due", "Overdue", "Filing limit", "Charge")  # fmt: skip


async def submission_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[AwaitedLine]:
    """What an answer is awaited of, as it is filtered."""
    return await submissions.awaited(actor, wanted_of(query), cursor=cursor, limit=size)


def submission_cells(line: AwaitedLine) -> tuple[object, ...]:
    """The cells of a row."""
    times = (line.sent_at, line.expected_by, line.late)
    names = (line.reference, line.claim_number, line.payer_name, line.connection_name, line.answer_label)
    return *names, *times, line.filing_limit, decimal(line.charge_cents)
