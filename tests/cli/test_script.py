"""The `caseload` script: refusals by name, and the command line from any folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = ("sh", "dirname", "readlink", "cat", "cmp", "mkdir", "find", "id", "grep", "rm", "flock")


@pytest.fixture
def bare_machine(tmp_path: Path, root: Path) -> tuple[Path, dict[str, str]]:
    """A copy of the script in a folder with a space in its name, and a PATH without any Python."""
    home = tmp_path / "a new folder"
    tools = tmp_path / "bin"
    home.mkdir()
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        if found:
            (tools / name).symlink_to(found)
    for name in ("caseload", "constraints.txt"):
        shutil.copy(root / name, home / name)
    return home, {"PATH": str(tools), "HOME": str(tmp_path)}


def test_a_machine_without_python_is_told_what_is_missing(bare_machine: tuple[Path, dict[str, str]]) -> None:
    home, environment = bare_machine
    done = subprocess.run(
        [str(home / "caseload"), "up"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_a_python_without_the_venv_module_is_told_which_package_brings_it(
    bare_machine: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    home, environment = bare_machine
    python = tmp_path / "bin" / "python3"
    python.write_text(
        '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *python%d*) echo python3.11;; *) exit 0;; esac\n'
    )
    python.chmod(0o755)
    done = subprocess.run(
        [str(home / "caseload"), "up"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "python3.11-venv" in done.stderr


def test_the_command_line_answers_from_any_folder(tmp_path: Path, root: Path) -> None:
    shadow = tmp_path / "cli"
    shadow.mkdir()
    (shadow / "__init__.py").write_text("raise SystemExit('the wrong cli')")
    done = subprocess.run(
        [str(root / "caseload"), "settings", "--json"],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "CASELOAD_DATABASE_URL" in done.stdout
