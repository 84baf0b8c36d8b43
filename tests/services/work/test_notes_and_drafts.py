"""Notes on anything and forms as typed so far: sealed, and never another tenant's or another person's."""

from uuid import UUID, uuid4

import pytest

from activities.work import open_item
from database.session import tenant_session
from domain.refusals import Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from domain.work import SUBJECTS
from services.work.drafts import draft, drop_draft, save_draft
from services.work.notes import READS, add_note, notes_of
from tests.fixtures.tenancy import TenantFixture


async def an_item(tenant: TenantFixture) -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await open_item(session, str(uuid4()), "hold", "C-1001 held")


async def test_notes_are_read_newest_first_and_stored_sealed(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await an_item(north)
    biller = await north.actor("Biller")
    await add_note(biller, "work_item", item, "Called Jane Roe")
    await add_note(biller, "work_item", item, "She calls back")
    assert [note.text for note in await notes_of(north.admin, "work_item", item)] == [
        "She calls back",
        "Called Jane Roe",
    ]
    assert all(b"Jane" not in row["body"] for row in await north.owner.fetch("SELECT body FROM notes"))
    read = await north.owner.fetchval(
        "SELECT count(*) FROM audit_log WHERE phi AND action = 'work.notes.notes_of'"
    )
    assert read == 1


async def test_notes_on_another_tenants_item_are_not_there(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await an_item(south)
    for asked in (
        notes_of(north.admin, "work_item", item),
        add_note(north.admin, "work_item", item, "hello"),
    ):
        with pytest.raises(NotFound):
            await asked
    assert await north.owner.fetchval("SELECT count(*) FROM notes") == 0


async def test_who_may_not_add_notes_is_refused_and_what_is_no_note_too(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await an_item(north)
    with pytest.raises(NotAllowed):
        await add_note(await north.actor("View-Only"), "work_item", item, "hello")
    for subject, text in (("users", "hello"), ("work_item", " "), ("work_item", "x" * 5000)):
        with pytest.raises(Invalid):
            await add_note(north.admin, subject, item, text)


async def test_a_draft_is_its_persons_alone_and_the_last_one_counts(
    north: TenantFixture, south: TenantFixture
) -> None:
    biller, other = await north.actor("Biller"), await north.actor("Biller")
    await save_draft(biller, "claim/new", {"patient": "Jane"})
    await save_draft(biller, "claim/new", {"patient": "Jane Roe", "lines": [{"procedure": "99213"}]})
    kept = await draft(biller, "claim/new")
    assert kept is not None
    assert kept.fields == {"patient": "Jane Roe", "lines": [{"procedure": "99213"}]}
    assert await draft(other, "claim/new") is None
    assert b"Jane" not in await north.owner.fetchval("SELECT body FROM drafts")
    await drop_draft(biller, "claim/new")
    await drop_draft(biller, "claim/new")
    assert await draft(biller, "claim/new") is None


async def test_a_draft_has_a_plain_name_and_a_bounded_size(
    north: TenantFixture, south: TenantFixture
) -> None:
    for form, fields in (("../etc", {}), ("claim/new", {"text": "x" * 70_000})):
        with pytest.raises(Invalid):
            await save_draft(north.admin, form, fields)


def test_for_everything_that_takes_notes_it_is_said_who_may_read_them() -> None:
    assert set(READS) == set(SUBJECTS)
