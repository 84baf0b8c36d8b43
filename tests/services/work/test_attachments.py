"""Files attached to work: sealed, kept once, opened by who sees the subject, removed with a reason that stays."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from activities.work import open_item
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from services.work import attachments
from services.work.queue import get_item
from tests.fixtures.tenancy import TenantFixture

LETTER = b"%PDF-1.7\nJane Roe"


async def an_item(tenant: TenantFixture) -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant_id, "tests")) as session:
        return await open_item(session, str(uuid4()), "hold", "C-1001 held")


async def test_a_file_is_stored_sealed_with_its_name_and_opened_as_it_was_sent(
    north: TenantFixture, south: TenantFixture
) -> None:
    item, biller = await an_item(north), await north.actor("Biller")
    kept = await attachments.attach(biller, "work_item", item, "Roe, Jane.pdf", LETTER)
    again = await attachments.attach(biller, "work_item", item, "copy.pdf", LETTER)
    assert again.id == kept.id
    row = await north.owner.fetchrow("SELECT name, body, sha256, size FROM attachments")
    assert b"Jane" not in row["body"]
    assert b"Jane" not in row["name"]
    assert (row["sha256"].hex(), row["size"]) == (kept.sha256, len(LETTER))
    found = await attachments.attachment(await north.actor("View-Only"), kept.id)
    assert (found.name, found.body, found.media_type) == ("Roe, Jane.pdf", LETTER, "application/pdf")
    opened = "SELECT count(*) FROM audit_log WHERE phi AND action = 'work.attachments.attachment'"
    assert await north.owner.fetchval(opened) == 1
    assert [one.kind for one in (await get_item(biller, item)).history] == ["opened", "attached"]


async def test_a_removed_file_keeps_its_line_and_reason_and_opens_for_leads_only(
    north: TenantFixture, south: TenantFixture
) -> None:
    item = await an_item(north)
    biller, other, lead = [await north.actor(role) for role in ("Biller", "Biller", "Team Lead")]
    kept = await attachments.attach(biller, "work_item", item, "a.pdf", LETTER)
    with pytest.raises(NotAllowed):
        await attachments.remove_attachment(other, kept.id, "not mine")
    with pytest.raises(Invalid):
        await attachments.remove_attachment(biller, kept.id, " ")
    gone = await attachments.remove_attachment(biller, kept.id, "The wrong patient's letter")
    assert (gone.removed_by_name, gone.reason) == (biller.name, "The wrong patient's letter")
    with pytest.raises(Conflict):
        await attachments.remove_attachment(lead, kept.id, "again")
    (line,) = await attachments.attachments_of(other, "work_item", item)
    assert (line.reason, line.removable) == ("The wrong patient's letter", False)
    with pytest.raises(NotAllowed):
        await attachments.attachment(biller, kept.id)
    assert (await attachments.attachment(lead, kept.id)).body == LETTER
    new = await attachments.attach(biller, "work_item", item, "a.pdf", LETTER)
    assert new.id != kept.id
    for table in ("attachments", "attachment_removals"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await north.owner.execute(f"DELETE FROM {table}")


async def test_files_of_another_tenant_and_of_what_one_may_not_see_are_not_there(
    north: TenantFixture, south: TenantFixture
) -> None:
    theirs, item = await an_item(south), await an_item(north)
    kept = await attachments.attach(south.admin, "work_item", theirs, "a.pdf", LETTER)
    with pytest.raises(NotFound):
        await attachments.attach(north.admin, "work_item", theirs, "a.pdf", LETTER)
    with pytest.raises(NotFound):
        await attachments.attachments_of(north.admin, "work_item", theirs)
    with pytest.raises(NotFound):
        await attachments.attachment(north.admin, kept.id)
    with pytest.raises(NotFound):
        await attachments.remove_attachment(north.admin, kept.id, "x")
    with pytest.raises(NotAllowed):
        await attachments.attach(await north.actor("View-Only"), "work_item", item, "a.pdf", LETTER)
    with pytest.raises(Invalid):
        await attachments.attach(north.admin, "users", item, "a.pdf", LETTER)


async def test_what_is_too_large_is_refused(
    north: TenantFixture, south: TenantFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await an_item(north)
    monkeypatch.setattr(attachments, "_largest", 10)
    assert await attachments.most_bytes(north.admin, "work_item", item) == 10
    with pytest.raises(Invalid, match="too_large"):
        await attachments.attach(north.admin, "work_item", item, "a.pdf", LETTER)
    with pytest.raises(NotAllowed):
        await attachments.most_bytes(await north.actor("View-Only"), "work_item", item)
