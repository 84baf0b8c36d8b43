"""`caseload demo`, as a program asks for it."""

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_every_step_of_the_demo_holds_and_says_what_proves_it(root: Path) -> None:
    done = subprocess.run(
        [str(root / "caseload"), "demo", "--json"], capture_output=True, text=True, timeout=170
    )
    said = json.loads(done.stdout)
    assert said["held"], said["failure"]
    assert done.returncode == 0
    assert len(said["steps"]) >= 24
    assert all(step["held"] and step["proof"] for step in said["steps"])
