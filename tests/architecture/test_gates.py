"""Nobody opens a tenant's rows but the session."""

from pathlib import Path

ROOMS = ("activities", "api", "cli", "database", "integrations", "policies", "services", "ui", "workflows")
GATE = Path("database/session.py")


def test_only_the_session_says_whose_rows_are_seen(root: Path) -> None:
    opened = {
        path.relative_to(root)
        for room in ROOMS
        for path in (root / room).rglob("*.py")
        if "set_config('app." in path.read_text()
    }
    assert opened == {GATE}
