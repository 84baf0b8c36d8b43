"""The rows of a decision table as CSV, and its draft with its tests as JSON."""

import json
from dataclasses import asdict

from domain.tenancy import Actor
from services.rules import reading
from ui.parts.spreadsheets import csv_text


async def grid_csv(actor: Actor, code: str) -> str:
    """The draft's rows as the sheet shows them, with the columns' words as headings."""
    shown = await reading.get_table(actor, code)
    grid = shown.draft.grid
    words = {f"when.{one.key}": one.label for one in shown.inputs} | {f"then.{one.key}": one.label for one in shown.outputs}  # fmt: skip
    columns = [*(f"when.{key}" for key in grid.inputs), *(f"then.{key}" for key in grid.outputs)]
    lines: list[list[str]] = [[*(words.get(column, column) for column in columns), "Note"]]
    for row in grid.rows:
        cells = {f"when.{key}": cell for key, cell in row.when.items()}
        cells |= {f"then.{key}": cell for key, cell in row.then.items()}
        lines.append([*(cells.get(column, "") for column in columns), row.note])
    return "\ufeff" + csv_text(lines)


async def table_json(actor: Actor, code: str, version: int | None = None) -> str:
    """A version with its tests, or the draft."""
    if version is not None:
        found = await reading.get_version(actor, code, version)
        return json.dumps({"table": code, **asdict(found)}, default=str, indent=2)
    shown = await reading.get_table(actor, code)
    draft = {"grid": asdict(shown.draft.grid), "tests": [asdict(one) for one in shown.draft.tests]}
    return json.dumps({"table": code, "in_force": shown.version, "draft": draft}, default=str, indent=2)
