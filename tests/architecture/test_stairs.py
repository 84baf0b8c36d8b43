"""Imports go down the stairs; the contracts stand in pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path


def test_rooms_import_only_what_lies_below_them(root: Path) -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(
        [str(linter), "--no-logo", "--no-cache"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
