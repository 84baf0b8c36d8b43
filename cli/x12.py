"""`caseload x12 check` and `caseload x12 show`: what is wrong with an X12 file, and what it says in plain words."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from domain.x12.check import Finding, check
from domain.x12.check.excerpt import excerpt
from domain.x12.errors import Unreadable
from domain.x12.show import show

CLEAN, FAULTY, UNREADABLE = 0, 1, 2

app = typer.Typer(
    no_args_is_help=True,
    help="Check X12 files (837P, 837I, 835, 277CA, 999, TA1) and show them as people read them.",
)

FileArgument = Annotated[Path, typer.Argument(help="An X12 file.")]


@app.command("check")
def check_file(
    file: FileArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")] = False,
) -> None:
    """Tell everything wrong with FILE: where, the bytes around it, what the guide wants and what to do.

    Exit code 0: no error, 1: errors, 2: it cannot be read as X12.
    """
    try:
        data = file.read_bytes()
        findings = check(data)
    except (Unreadable, OSError) as problem:
        _unreadable(file, problem, as_json)
        raise typer.Exit(UNREADABLE) from None
    errors = sum(1 for finding in findings if finding.severity == "error")
    if as_json:
        counts = {"errors": errors, "warnings": len(findings) - errors}
        told = [asdict(one) | {"bytes": asdict(excerpt(data, one))} for one in findings]
        body = {"file": str(file), "readable": True, **counts, "findings": told}
        typer.echo(json.dumps(body, ensure_ascii=True))
    else:
        for finding in findings:
            _tell(data, finding)
        typer.echo(f"{file}: {errors} errors, {len(findings) - errors} warnings")
    raise typer.Exit(FAULTY if errors else CLEAN)


@app.command("show")
def show_file(file: FileArgument) -> None:
    """Print FILE as people read it: loops indented, segments and codes in plain words."""
    try:
        typer.echo(show(file.read_bytes()), nl=False)
    except (Unreadable, OSError) as problem:
        _unreadable(file, problem, as_json=False)
        raise typer.Exit(UNREADABLE) from None


def _tell(data: bytes, finding: Finding) -> None:
    """The finding's place and words, then the bytes with the faulty ones marked, then what to do."""
    colour = "red" if finding.severity == "error" else "yellow"
    typer.secho(_sentence(finding), fg=colour)
    around = excerpt(data, finding)
    if finding.segment_number:
        there = typer.style(around.there, fg=colour, bold=True)
        typer.echo(f"        at byte {finding.start}: {around.before}»{there}«{around.after}")
    typer.echo(f"        wanted: {finding.wants} ({finding.citation})")
    typer.echo(f"        to do:  {finding.to_do}")


def _sentence(finding: Finding) -> str:
    where = (
        f"segment {finding.segment_number} {finding.segment}{finding.element}" if finding.segment else "file"
    )
    in_set = f"{finding.position} of its set" if finding.position else ""
    told = ", ".join(part for part in (in_set, f"loop {finding.loop}" if finding.loop else "") if part)
    aside = f" ({told})" if told else ""
    return f"{finding.severity:7} {finding.rule}  {where}{aside}: {finding.message}"


def _unreadable(file: Path, problem: Unreadable | OSError, as_json: bool) -> None:
    if isinstance(problem, Unreadable):
        code, reason, offset = problem.code, problem.title, problem.offset
    else:
        code, reason, offset = "file_not_read", problem.strerror or "The file cannot be read.", 0
    if as_json:
        body = {
            "file": str(file),
            "readable": False,
            "code": code,
            "reason": reason,
            "offset": offset,
            "findings": [],
        }
        typer.echo(json.dumps(body, ensure_ascii=True))
    else:
        typer.secho(f"{file}: unreadable ({code}): {reason}", fg="red", err=True)
