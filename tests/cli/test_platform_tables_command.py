"""`caseload rules publish` as somebody on the server runs it."""

from pathlib import Path

from tests.cli.test_audit_command import ran
from tests.fixtures.tenancy import TenantFixture
from tests.services.rules.test_platform_tables import file


async def test_a_table_is_looked_at_dry_and_then_published_with_its_reason(
    north: TenantFixture, south: TenantFixture, app_url: str, root: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table.json"
    table.write_text(file(("> $500", "2")))
    words = ("rules", "publish", str(table), "--by", "R. Lindqvist")
    code, said = await ran(app_url, root, tmp_path, *words, "--dry-run")
    assert code == 0 and "it would decide for 2 of 2 companies" in said and "test Large: passes" in said
    assert await north.owner.fetchval("SELECT count(*) FROM global_rule_versions") == 0
    code, said = await ran(app_url, root, tmp_path, *words, "--reason", "Large ones sooner")
    assert code == 0 and "Published as version 1." in said
    kept = await north.owner.fetchrow("SELECT reason, published_by_name FROM global_rule_versions")
    assert tuple(kept) == ("Large ones sooner", "R. Lindqvist")
