"""What gets installed is pinned exactly, and every direct dependency says what it is for."""

import re
import tomllib
from pathlib import Path

PIN = re.compile(r"^[a-z0-9-]+==[A-Za-z0-9.+]+$")


def test_every_pin_names_one_version_and_no_registry(root: Path) -> None:
    lines = (root / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not PIN.match(line)] == []
    names = [line.split("==")[0] for line in lines]
    assert names == sorted(set(names))


def test_every_direct_dependency_is_pinned(root: Path) -> None:
    pinned = {line.split("==")[0] for line in (root / "constraints.txt").read_text().splitlines()}
    assert [name for name in _declared(root) if name not in pinned] == []


def test_every_direct_dependency_says_what_it_is_for(root: Path) -> None:
    lines = (root / "pyproject.toml").read_text().split("[tool.")[0].splitlines()
    entries = [line for line in lines if re.match(r'^    "[a-z0-9-]+(\[\w+\])?",', line)]
    assert len(entries) == len(_declared(root))
    assert [line for line in entries if not re.search(r"# \S.{9,}", line)] == []


def _declared(root: Path) -> list[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["test"]
    return [re.sub(r"\[.*", "", name) for name in asked]
