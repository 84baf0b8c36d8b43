"""`caseload check` and `caseload test`: everything a machine can say about the code."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.programs import ROOT

BIN = Path(sys.executable).parent
CHECKS: dict[str, tuple[str, ...]] = {
    "types": (str(BIN / "mypy"), "--no-error-summary"),
    "imports": (str(BIN / "lint-imports"), "--no-logo"),
    "format": (str(BIN / "ruff"), "format", "--check", "."),
    "lint": (str(BIN / "ruff"), "check", "."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check said."""

    name: str
    passed: bool
    seconds: float
    output: str


def run_checks() -> int:
    """Run all checks side by side and print one table. 0 when all pass."""
    console = Console(highlight=False)
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        verdicts = list(pool.map(_check, CHECKS))
    for verdict in verdicts:
        if not verdict.passed:
            console.rule(f"[red]{verdict.name}", align="left")
            console.print(verdict.output.strip(), markup=False, soft_wrap=True)
    console.print(_table(verdicts))
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def run_tests(arguments: list[str]) -> int:
    """Run pytest in three processes, for much of it waits for servers; a file's tests share one, and so their fixtures.

    Answers the exit code.
    """
    spread = [] if _chosen(arguments, "-n") else ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-P", "-m", "pytest", *spread, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _check(name: str) -> Verdict:
    began = time.monotonic()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return Verdict(name, done.returncode == 0, time.monotonic() - began, done.stdout + done.stderr)


def _table(verdicts: list[Verdict]) -> Table:
    table = Table("Check", "Result", "Seconds", box=None)
    for verdict in verdicts:
        result = "[green]passed[/]" if verdict.passed else "[red]failed[/]"
        table.add_row(verdict.name, result, f"{verdict.seconds:.1f}")
    return table


def _chosen(arguments: list[str], option: str) -> bool:
    return any(argument.startswith(option) or argument == "--dist" for argument in arguments)
