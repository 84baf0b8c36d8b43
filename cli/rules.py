"""`caseload rules`: the catalogue of scrubbing rules, for people and for programs."""

import json as json_text
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from domain.claims.rules import CATALOGUE, Rule, Severity
from domain.codes import icd10cm

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_NARROWEST = 100


def rules(json: Annotated[bool, typer.Option("--json", help="Print the catalogue as JSON.")] = False) -> None:
    """Print every scrubbing rule: its permanent id, severity, sentence and citation."""
    if json:
        typer.echo(json_text.dumps([_facts(rule) for rule in CATALOGUE], indent=2, ensure_ascii=False))
        return
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        # Piped output has no width of its own; ids and citations must not be cut.
        console = Console(width=max(console.width, _NARROWEST))
    console.print(_table())
    errors = sum(rule.severity is Severity.ERROR for rule in CATALOGUE)
    console.print(f"{len(CATALOGUE)} rules: {errors} hold the claim, {len(CATALOGUE) - errors} warn.")
    console.print(f"Diagnoses: {icd10cm.release()}.")


def _table() -> Table:
    table = Table("Rule", "Severity", "What holds", "Citation", title="Scrubbing rules", title_justify="left")
    family = None
    for rule in CATALOGUE:
        if rule.family is not family:
            table.add_section()
            family = rule.family
        colour = _COLOURS[rule.severity]
        table.add_row(rule.id, f"[{colour}]{rule.severity}[/]", rule.sentence, rule.citation)
    return table


def _facts(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "family": rule.family.value,
        "severity": rule.severity.value,
        "sentence": rule.sentence,
        "what_to_do": rule.fix,
        "citation": rule.citation,
    }
