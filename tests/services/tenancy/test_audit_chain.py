"""The audit trail: one row a command, sealed without making anybody wait, and every later change found."""

import asyncio
import contextvars
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from database.session import tenant_session
from domain.refusals import Invalid, NotAllowed
from services.tenancy import audit_trail, people, roles
from services.tenancy.anchor import AnchorFile, AnchorLine
from tests.fixtures.tenancy import TenantFixture


@pytest.fixture
def anchor(tmp_path: Path) -> Iterator[Path]:
    """The anchor file, configured for this test."""
    file = tmp_path / "anchor" / "audit.log"
    audit_trail.configure(file)
    yield file
    audit_trail.configure(None)


async def _tampered(tenant: TenantFixture, sql: str, *args: object) -> None:
    """What somebody with the owner's rights could do in the database: triggers off, change, triggers on."""
    async with tenant.owner.transaction():
        await tenant.owner.execute("SET LOCAL session_replication_role = replica")
        await tenant.owner.execute(sql, *args)


async def _broken(subdomain: str) -> audit_trail.Verification:
    return (await audit_trail.verify(subdomain))[0]


async def _seq(tenant: TenantFixture, action: str) -> int:
    number: int = await tenant.owner.fetchval(
        "SELECT max(seq) FROM audit_log WHERE tenant_id = $1 AND action = $2", tenant.tenant_id, action
    )
    return number


async def test_every_command_leaves_one_row_and_every_denial_too(
    north: TenantFixture, south: TenantFixture
) -> None:
    role = await roles.save_role(north.admin, None, "Own", "", [])
    biller = await north.actor("Biller")
    with pytest.raises(NotAllowed):
        await people.list_people(biller)
    page = await audit_trail.entries(north.admin, limit=2)
    assert [(e.action, e.outcome, e.code) for e in page.items] == [
        ("tenancy.people.list_people", "refused", "permission.missing"),
        ("tenancy.roles.add_role", "done", ""),
    ]
    assert page.items[1].subject_id == str(role.id)
    assert page.items[1].actor_name == "North Admin"
    about = await audit_trail.entries(north.admin, "tenants")
    assert {entry.subject_id for entry in about.items} == {str(north.tenant_id)}


async def test_the_trail_is_read_page_by_page_to_its_beginning(
    north: TenantFixture, south: TenantFixture
) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = await audit_trail.entries(north.admin, cursor=cursor, limit=2)
        seen += [entry.seq for entry in page.items]
        if (cursor := page.next) is None:
            break
    kept = await north.owner.fetch("SELECT seq FROM audit_log WHERE tenant_id = $1", north.tenant_id)
    assert seen == sorted((row["seq"] for row in kept), reverse=True)


async def test_a_foreign_cursor_is_refused(north: TenantFixture, south: TenantFixture) -> None:
    for cursor in ("nonsense", "WyJ4Il0", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDBd"):
        with pytest.raises(Invalid):
            await audit_trail.entries(north.admin, cursor=cursor)


async def test_sealed_tenants_verify_and_are_anchored(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    assert await audit_trail.seal_all() == 2
    await roles.save_role(north.admin, None, "Own", "", [])
    assert await audit_trail.seal_all() == 1
    found = {one.subdomain: one for one in await audit_trail.verify()}
    assert (found["north"].seals, found["south"].seals) == (2, 1)
    assert (found["north"].anchored, found["north"].unsealed, found["north"].broken) == (2, 0, None)
    kept = await north.owner.fetchval("SELECT count(*) FROM audit_log WHERE tenant_id = $1", north.tenant_id)
    assert found["north"].rows == kept
    assert len(anchor.read_text().splitlines()) == 3


async def test_nothing_new_makes_no_seal(north: TenantFixture, south: TenantFixture, anchor: Path) -> None:
    await audit_trail.seal_all()
    assert await audit_trail.seal_all() == 0


async def test_sealing_does_not_wait_for_a_running_command_and_takes_its_row_later(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    async with tenant_session(north.admin) as session:
        await session.audit("tenancy.roles.slow_command")
        # A context of its own: the sealer is another process, outside this transaction.
        await asyncio.create_task(audit_trail.seal_all(), context=contextvars.Context())
        before = await north.owner.fetchval("SELECT count(*) FROM audit_seals")
    await audit_trail.seal_all()
    found = await _broken("north")
    assert (found.broken, found.unsealed) == (None, 0)
    assert await north.owner.fetchval("SELECT count(*) FROM audit_seals") > before


async def test_an_altered_row_is_named(north: TenantFixture, south: TenantFixture, anchor: Path) -> None:
    await roles.save_role(north.admin, None, "Own", "", [])
    await audit_trail.seal_all()
    seq = await _seq(north, "tenancy.roles.add_role")
    await _tampered(north, "UPDATE audit_log SET actor_id = NULL WHERE seq = $1", seq)
    broken = (await _broken("north")).broken
    assert broken is not None
    assert (broken.seal, broken.seq) == (1, seq)
    assert (await _broken("south")).broken is None


async def test_a_removed_row_is_noticed_at_its_place(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await roles.save_role(north.admin, None, "Own", "", [])
    await roles.save_role(north.admin, None, "Next", "", [])
    await audit_trail.seal_all()
    last = await _seq(north, "tenancy.roles.add_role")
    await _tampered(north, "DELETE FROM audit_log WHERE seq = $1", last - 1)
    broken = (await _broken("north")).broken
    assert broken is not None
    assert broken.seq == last


async def test_the_last_row_removed_is_noticed(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await roles.save_role(north.admin, None, "Own", "", [])
    await audit_trail.seal_all()
    await _tampered(
        north, "DELETE FROM audit_log WHERE seq = $1", await _seq(north, "tenancy.roles.add_role")
    )
    broken = (await _broken("north")).broken
    assert broken is not None
    assert broken.what == "a row is missing at the end of seal 1"


async def test_a_row_slipped_in_afterwards_is_named(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await audit_trail.seal_all()
    await _tampered(
        north,
        "INSERT INTO audit_log (tenant_id, txid, actor_kind, action) SELECT $1, max(txid), 'person', 'forged'"
        " FROM audit_log WHERE tenant_id = $1",
        north.tenant_id,
    )
    broken = (await _broken("north")).broken
    assert broken is not None
    assert broken.seq == await _seq(north, "forged")


async def test_an_altered_and_a_missing_seal_are_named(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await audit_trail.seal_all()
    await roles.save_role(north.admin, None, "Own", "", [])
    await roles.save_role(south.admin, None, "Own", "", [])
    await audit_trail.seal_all()
    await _tampered(
        north,
        "UPDATE audit_seals SET hash = sha256('x') WHERE number = 1 AND tenant_id = $1",
        north.tenant_id,
    )
    await _tampered(south, "DELETE FROM audit_seals WHERE number = 1 AND tenant_id = $1", south.tenant_id)
    found = {one.subdomain: one.broken for one in await audit_trail.verify()}
    assert found["north"] is not None
    assert "seal 1" in found["north"].what
    assert found["south"] is not None
    assert found["south"].what == "seal 1 is missing"


async def test_a_chain_rewritten_as_a_whole_does_not_fit_its_anchor(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await audit_trail.seal_all()
    audit_trail.configure(None)
    await _tampered(north, "UPDATE audit_log SET action = 'harmless' WHERE tenant_id = $1", north.tenant_id)
    await _tampered(north, "DELETE FROM audit_seals WHERE tenant_id = $1", north.tenant_id)
    await audit_trail.seal_all()
    assert (await _broken("north")).broken is None
    audit_trail.configure(anchor)
    broken = (await _broken("north")).broken
    assert broken is not None
    assert broken.what == "seal 1 is not the one that was anchored"


async def test_seals_cut_off_at_the_end_are_still_in_the_anchor(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await audit_trail.seal_all()
    await roles.save_role(north.admin, None, "Own", "", [])
    await audit_trail.seal_all()
    await _tampered(north, "DELETE FROM audit_seals WHERE number = 2")
    broken = (await _broken("north")).broken
    assert broken is not None
    assert (broken.seal, broken.what) == (2, "seal 2 is in the anchor but no longer in the database")


async def test_seals_made_before_a_crash_are_anchored_the_next_time(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    audit_trail.configure(None)
    await audit_trail.seal_all()
    audit_trail.configure(anchor)
    await audit_trail.seal_all()
    assert (await _broken("north")).anchored == 1


async def test_a_long_trail_is_sealed_in_batches(
    north: TenantFixture, south: TenantFixture, anchor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.tenancy.sealing.ROWS_A_SEAL", 3)
    for number in range(7):
        await roles.save_role(north.admin, None, f"Own {number}", "", [])
    await audit_trail.seal_all()
    found = await _broken("north")
    assert found.seals >= 4
    assert (found.broken, found.unsealed) == (None, 0)


async def test_the_program_itself_can_neither_change_nor_remove_the_trail(
    north: TenantFixture, south: TenantFixture
) -> None:
    for sql in ("UPDATE audit_log SET action = ''", "DELETE FROM audit_log", "TRUNCATE audit_seals"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tenant_session(north.admin) as session:
                await session.execute(sql)


async def test_even_the_owner_is_refused_by_the_trigger(north: TenantFixture, south: TenantFixture) -> None:
    transaction = north.owner.transaction()
    await transaction.start()
    await north.owner.execute("SELECT set_config('app.tenant_id', $1, true)", str(north.tenant_id))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await north.owner.execute("DELETE FROM audit_log")
    await transaction.rollback()


async def test_half_a_line_left_by_a_crash_is_mended_by_the_next_seal(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await audit_trail.seal_all()
    whole = anchor.read_bytes()
    anchor.write_bytes(whole[:-40])
    await audit_trail.seal_all()
    assert sorted(anchor.read_bytes().splitlines()) == sorted(whole.splitlines())
    assert all(one.broken is None for one in await audit_trail.verify())


async def test_two_processes_share_one_anchor(
    north: TenantFixture, south: TenantFixture, anchor: Path
) -> None:
    await audit_trail.seal_all()
    other = AnchorFile(anchor)
    assert other.highest(north.tenant_id) == 1
    other.append([AnchorLine(north.tenant_id, 1, b"x" * 32), AnchorLine(north.tenant_id, 2, b"y" * 32)])
    assert other.lines()[north.tenant_id][2] == b"y" * 32
    assert len(anchor.read_text().splitlines()) == 3
