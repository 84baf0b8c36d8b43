"""The README names every setting and every command that there is, and links to nothing that is not there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from cli.main import app
from settings import ROOT, Settings, table


@pytest.fixture
def readme(root: Path) -> str:
    """The README's text."""
    return (root / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_setting_as_the_program_knows_it(readme: str) -> None:
    listed = readme.split("test_readme.py holds it -->\n", 1)[1].split("<!-- /settings -->", 1)[0]
    assert listed == settings_table()


def test_the_readme_names_every_command(readme: str) -> None:
    commands = get_command(app).commands.values()  # type: ignore[attr-defined]
    section = readme.split("## Commands", 1)[1].split("## Settings", 1)[0]
    missing = [
        one.name for one in commands if not one.hidden and not re.search(rf"[`· ]{one.name}[` ]", section)
    ]
    assert missing == []


def test_links_between_the_documents_lead_somewhere(root: Path) -> None:
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    lost = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert lost == []


def settings_table() -> str:
    """The settings as a Markdown table; a default inside the project's folder is written from there."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for variable, default, _, meaning in table(Settings()):
        shown = default.replace(f"{ROOT}/", "")
        rows.append(f"| `{variable}` | {f'`{shown}`' if shown else ''} | {meaning} |")
    return "\n".join(rows) + "\n"
