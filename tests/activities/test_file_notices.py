"""A file that is rejected, or cannot be read, is told to those who lead the work on files: once per file."""

from services.work import notifications
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import SetAnswer, ack_999


async def told(exchange: Exchange, role: str = "") -> list[str]:
    """What the administrator, or a new person of a role, was told about files."""
    person = await exchange.tenant.actor(role) if role else exchange.tenant.admin
    found = await notifications.list_notifications(person, kind="file_rejected")
    return [one.title for one in found.items]


async def test_a_rejection_is_told_once_to_those_who_lead_the_work_on_files(
    here: Exchange, there: Exchange
) -> None:
    lead, biller = await here.tenant.actor("Team Lead"), await here.tenant.actor("Biller")
    sent = await here.sent_claim()
    answer = await here.store(ack_999(sent.group_number, SetAnswer("0001", "R")), "north.999")
    for _ in range(2):
        await here.apply(answer)
    assert await told(here) == ["north.999: 999 rejects 1 claim"]
    (line,) = (await notifications.list_notifications(lead)).items
    assert line.href == f"/files/{answer}"
    assert (await notifications.list_notifications(biller)).items == []
    assert await told(there) == []


async def test_a_file_that_cannot_be_read_is_told(here: Exchange, there: Exchange) -> None:
    await here.take(b"not X12 at all", "letter.txt")
    assert await told(here) == ["letter.txt: it could not be read (file_kind_unexpected)"]
    assert await told(there) == []
