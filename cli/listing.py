"""Prints the settings."""

import json

from rich.console import Console
from rich.table import Table

from settings import Settings, table


def show_settings(settings: Settings, as_json: bool) -> None:
    """Every setting with its default, what is in force, and its meaning; secrets only as `(set)`."""
    rows = table(settings)
    if as_json:
        names = ("variable", "default", "value", "meaning")
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=1))
        return
    shown = Table(box=None, padding=(0, 2), header_style="bold")
    for heading in ("Variable", "Default", "Now", "Meaning"):
        shown.add_column(heading, overflow="fold", no_wrap=heading == "Variable")
    for variable, default, value, meaning in rows:
        shown.add_row(variable, default, "" if value == default else value, meaning)
    Console(highlight=False).print(shown)
