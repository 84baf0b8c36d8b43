"""`caseload rules`: the catalogue of scrubbing rules, for people and for programs; and the platform's decision tables."""

import json as json_text
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli import platform_tables
from domain.claims.rules import CATALOGUE, Rule, Severity
from domain.claims.rules.institutional import INSTITUTIONAL_RULES, SHARED_RULES
from domain.codes import icd10cm

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_NARROWEST = 100
_EVERY: tuple[Rule[Any], ...] = (*CATALOGUE, *INSTITUTIONAL_RULES)
_SHARED = frozenset(rule.id for rule in SHARED_RULES)


app = typer.Typer(add_completion=False)
for command in (
    platform_tables.tables,
    platform_tables.table,
    platform_tables.publish,
    platform_tables.withdraw,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def rules(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print the catalogue as JSON.")] = False,
) -> None:
    """Print every scrubbing rule of professional and institutional claims: its permanent id, severity, sentence and
    citation. The commands keep the decision tables that hold for every company without its own."""
    if context.invoked_subcommand:
        return
    if json:
        typer.echo(json_text.dumps([_facts(rule) for rule in _EVERY], indent=2, ensure_ascii=False))
        return
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        # Piped output has no width of its own; ids and citations must not be cut.
        console = Console(width=max(console.width, _NARROWEST))
    console.print(_table())
    errors = sum(rule.severity is Severity.ERROR for rule in _EVERY)
    console.print(f"{len(_EVERY)} rules: {errors} hold the claim, {len(_EVERY) - errors} warn.")
    own, shared = len(INSTITUTIONAL_RULES), len(_SHARED)
    console.print(
        f"Professional claims: {len(CATALOGUE)}. Institutional claims: {own} of their own and {shared} shared."
    )
    console.print(f"Diagnoses: {icd10cm.release()}.")


def _table() -> Table:
    table = Table("Rule", "Severity", "What holds", "Citation", title="Scrubbing rules", title_justify="left")
    family = None
    for rule in _EVERY:
        if rule.family is not family:
            table.add_section()
            family = rule.family
        colour = _COLOURS[rule.severity]
        table.add_row(rule.id, f"[{colour}]{rule.severity}[/]", rule.sentence, rule.citation)
    return table


def _facts(rule: Rule[Any]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "family": rule.family.value,
        "severity": rule.severity.value,
        "sentence": rule.sentence,
        "what_to_do": rule.fix,
        "citation": rule.citation,
        "forms": _forms(rule.id),
    }


def _forms(identifier: str) -> list[str]:
    """Which forms of claim the rule judges."""
    if identifier.startswith("CL-INS-"):
        return ["institutional"]
    return ["professional", "institutional"] if identifier in _SHARED else ["professional"]
