"""The daily e-mail on a real mail server, with days that pass at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities import courier
from activities.work import open_item
from database.notifications import notify
from database.session import tenant_session
from domain.notifications import digest_workflow
from domain.tenancy import Actor, workflow_actor
from integrations.mail import FolderMail, SmtpMail
from services.work import actions, notes, notifications
from services.work.notifications import ChoiceFacts
from tests.fixtures.exchange import Exchange
from tests.fixtures.mail import PostOffice, digest_clock, post_office
from tests.fixtures.tenancy import TenantFixture
from tests.fixtures.x12_answers import SetAnswer, ack_999

SENDER = "caseload@example.test"


async def tell(tenant: TenantFixture, person: Actor, title: str, kind: str = "assigned") -> None:
    """Tell somebody something, and let the process know that an e-mail is due."""
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        assert person.user_id
        await notify(session, [person.user_id], kind=kind, title=title, href="/work", key=str(uuid4()))
    await courier.deliver(tenant.tenant_id, session.messages)


async def process_of(
    environment: WorkflowEnvironment, tenant: TenantFixture, person: Actor
) -> WorkflowHandle[Any, Any]:
    """The process of the newest e-mail of a person."""
    digest_id: UUID = await tenant.owner.fetchval(
        "SELECT id FROM digests WHERE user_id = $1 ORDER BY day DESC LIMIT 1", person.user_id
    )
    return environment.client.get_workflow_handle(digest_workflow(tenant.tenant_id, digest_id))


async def ended(environment: WorkflowEnvironment, process: WorkflowHandle[Any, Any]) -> str:
    """What became of the e-mail, a good day later."""
    await environment.sleep(timedelta(hours=26))
    return str(await process.result())


async def test_what_is_unread_at_the_chosen_hour_comes_in_one_letter_a_day(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, other = await north.actor("Biller"), await south.actor("Biller")
    with post_office() as office:
        async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
            for title in ("C-1001 denied: CO-45", "C-1002 held"):
                await tell(north, biller, title)
            await tell(north, biller, "North Admin mentions you on a claim", "mention")
            await tell(south, other, "C-9 held")
            read = (await notifications.list_notifications(biller)).items[-1]
            await notifications.mark(biller, read.id)
            process = await process_of(environment, north, biller)
            assert await ended(environment, process) == "sent"
    (letter,) = [one for one in office.letters if one["To"] == "biller2@north.example"]
    body = letter.get_content().replace("\r\n", "\n")
    assert letter["Subject"] == "Caseload: 2 unread notifications at North Billing"
    assert "Work assigned to you: 1\n  - C-1002 held" in body and "C-1001" not in body
    assert "Notes that mention you: 1" in body and "http://north.localhost:8000/notifications\n" in body
    assert letter["Message-ID"].startswith("<digest.") and letter["Auto-Submitted"] == "auto-generated"
    row = await north.owner.fetchrow("SELECT * FROM digests WHERE user_id = $1", biller.user_id)
    assert (row["state"], row["entries"]) == ("sent", 2)
    assert row["visited"] == ["waiting", "gathered", "sent"]
    # Seven o'clock of the tenant's own zone, whatever the sun does in UTC.
    assert row["due_at"] - datetime.now(UTC) < timedelta(days=1)


async def test_nothing_is_sent_when_everything_was_read(north: TenantFixture, south: TenantFixture) -> None:
    biller = await north.actor("Biller")
    with post_office() as office:
        async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
            await tell(north, biller, "C-1001 held")
            await notifications.mark_all(biller)
            assert await ended(environment, await process_of(environment, north, biller)) == "nothing"
    assert office.letters == []


async def test_a_letter_follows_its_person_to_another_hour_and_is_sent_once(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller = await north.actor("Biller")
    with post_office() as office:
        async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
            await tell(north, biller, "C-1001 held")
            soon = (datetime.now(UTC) + timedelta(hours=2)).hour
            await notifications.choose(biller, ChoiceFacts(zone="UTC", digest_hour=soon))
            rows = await north.owner.fetch("SELECT * FROM digests WHERE user_id = $1", biller.user_id)
            assert [row["due_at"].hour for row in rows if row["state"] == "waiting"] == [soon]
            process = await process_of(environment, north, biller)
            assert await ended(environment, process) == "sent"
            # Told later on the same day: it waits for the next day, whatever hour is chosen.
            await tell(north, biller, "C-1002 held")
            days = await north.owner.fetch(
                "SELECT day FROM digests WHERE user_id = $1 ORDER BY day", biller.user_id
            )
            assert len(days) == len(set(days)) == 2
    assert len(office.letters) == 1


@pytest.mark.parametrize(
    ("answer", "state", "arrived"),
    [("451 come again", "sent", 1), ("550 nobody here", "failed", 0)],
)
async def test_a_server_that_says_later_is_asked_again_and_one_that_says_no_is_not(
    north: TenantFixture, south: TenantFixture, answer: str, state: str, arrived: int
) -> None:
    biller = await north.actor("Biller")
    with post_office() as office:
        office.refusals = [answer]
        async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
            await tell(north, biller, "C-1001 held")
            assert await ended(environment, await process_of(environment, north, biller)) == state
    assert len(office.letters) == arrived
    held = "SELECT count(*) FROM notifications WHERE digest_id IS NULL"
    assert await north.owner.fetchval(held) == (0 if arrived else 1)
    if state == "failed":
        assert await north.owner.fetchval("SELECT failure FROM digests") == "mail.refused.550"


async def test_without_a_mail_server_letters_are_files(
    north: TenantFixture, south: TenantFixture, tmp_path: Path
) -> None:
    biller = await north.actor("Biller")
    async with digest_clock(FolderMail(tmp_path / "mail", SENDER)) as environment:
        await tell(north, biller, "C-1001 held")
        assert (await notifications.my_choices(biller)).mail_place.endswith("/mail")
        await ended(environment, await process_of(environment, north, biller))
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml" and b"C-1001 held" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


async def test_a_letter_sent_twice_by_a_crash_has_one_message_id(
    north: TenantFixture, south: TenantFixture
) -> None:
    """Killed between sending and recording: the row still says gathered, and the next attempt sends the same letter."""
    biller = await north.actor("Biller")
    with post_office() as office:
        async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
            await tell(north, biller, "C-1001 held")
            process = await process_of(environment, north, biller)
            await ended(environment, process)
            await again(office, north)
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"] and first.get_content() == second.get_content()


async def again(office: PostOffice, tenant: TenantFixture) -> None:
    """Run the sending once more, as if what it recorded had been lost."""
    from activities.notifications import DigestTask, send_digest

    await tenant.owner.execute("UPDATE digests SET state = 'gathered'")
    digest_id = await tenant.owner.fetchval("SELECT id FROM digests")
    await send_digest(DigestTask(tenant.tenant_id, digest_id, datetime.now(UTC)))


async def test_no_letter_tells_anything_about_a_patient(here: Exchange, there: Exchange) -> None:
    """Rejections, work about claims, and a note on a patient with a mention, in tenants whose rows are full of PHI."""
    admin, lead = here.tenant.admin, await here.tenant.actor("Team Lead")
    assert admin.user_id
    sent = await here.sent_claim()
    await here.take(ack_999(sent.group_number, SetAnswer("0001", "R")), "answer.999")
    async with tenant_session(workflow_actor(here.tenant.tenant_id, "tests")) as session:
        item = await open_item(
            session, "one", "rejection", "C-1 rejected", subject_type="claim", subject_id=sent.id
        )
    await actions.assign(lead, item, admin.user_id)
    for subject, ident in (("patient", here.patient_id), ("claim", sent.id), ("work_item", item)):
        await notes.add_note(
            lead, subject, ident, f"@{admin.name} Jane Doe, born 1950, ABC12345, has diabetes"
        )
    with post_office() as office:
        async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
            await tell(here.tenant, admin, "C-2 held")
            waiting = "SELECT id FROM outbox WHERE workflow = 'DailyDigest'"
            await courier.deliver(here.tenant.tenant_id, [row["id"] for row in await here.rows(waiting)])
            await ended(environment, await process_of(environment, here.tenant, admin))
    (letter,) = [one for one in office.letters if one["To"] == "admin@north.example"]
    said = letter.as_string().lower()
    assert "notes that mention you: 3" in said and "files rejected: 1" in said
    phi = (
        "jane",
        "doe",
        "1950",
        "abc12345",
        "diabetes",
        "oak street",
        "dayton",
        "45402",
        str(here.patient_id),
    )
    assert [word for word in phi if word in said] == []
