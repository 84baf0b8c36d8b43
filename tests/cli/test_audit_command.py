"""`caseload audit` as somebody on the server runs it."""

import asyncio
import base64
import os
import sys
from pathlib import Path

from services.tenancy import roles
from tests.fixtures.tenancy import MASTER_KEY, TenantFixture


async def ran(app_url: str, root: Path, data: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of `caseload` with these arguments, and what it said."""
    environment = os.environ | {
        "CASELOAD_DATABASE_URL": app_url,
        "CASELOAD_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "CASELOAD_DATA": str(data),
        "CASELOAD_AUDIT_ANCHOR_FILE": str(data / "anchor.log"),
        "PYTHONPATH": str(root),
        "COLUMNS": "200",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", *arguments),
        cwd=root,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_verify_says_whole_then_names_the_first_broken_link(
    north: TenantFixture, south: TenantFixture, app_url: str, root: Path, tmp_path: Path
) -> None:
    await roles.save_role(north.admin, None, "Own", "", [])
    code, said = await ran(app_url, root, tmp_path, "audit", "seal")
    assert (code, said.strip()) == (0, "2 seals made.")
    code, said = await ran(app_url, root, tmp_path, "audit", "verify")
    assert code == 0
    assert said.count("whole") == 2
    seq = await north.owner.fetchval("SELECT seq FROM audit_log WHERE action = 'tenancy.roles.add_role'")
    async with north.owner.transaction():
        await north.owner.execute("SET LOCAL session_replication_role = replica")
        await north.owner.execute("UPDATE audit_log SET outcome = 'refused' WHERE seq = $1", seq)
    code, said = await ran(app_url, root, tmp_path, "audit", "verify", "--tenant", "north")
    assert code == 1
    assert f"broken: row {seq} in seal 1" in said
    code, said = await ran(app_url, root, tmp_path, "audit", "verify", "--tenant", "south")
    assert code == 0


async def test_an_unknown_tenant_and_a_damaged_anchor_are_said(
    north: TenantFixture, south: TenantFixture, app_url: str, root: Path, tmp_path: Path
) -> None:
    code, said = await ran(app_url, root, tmp_path, "audit", "verify", "--tenant", "nowhere")
    assert (code, said.strip()) == (2, "There is no tenant 'nowhere'.")
    (tmp_path / "anchor.log").write_text("not a line of ours\n")
    code, said = await ran(app_url, root, tmp_path, "audit", "verify")
    assert (code, said.strip()) == (1, "The anchor file is damaged at line 1.")
