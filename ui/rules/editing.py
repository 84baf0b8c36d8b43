"""Acts of the browser in a sheet, and what takes them back."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from domain.rules import sheets
from domain.rules.sheets import Sheet
from services.rules.table_views import CaseFacts, GridFacts
from ui.page import Event

MOST_UNDONE = 100
State = tuple[GridFacts, list[CaseFacts]]


@dataclass
class History:
    """What one person did to a draft in one tab, to take it back and to do it again; `version` is the draft's after it."""

    undone: list[State] = field(default_factory=list)
    redone: list[State] = field(default_factory=list)
    version: int | None = None

    def begin(self, version: int) -> None:
        """Forget everything."""
        self.undone.clear()
        self.redone.clear()
        self.version = version

    def done(self, before: State, version: int) -> None:
        """Something new was done: what was taken back before is gone."""
        self.undone[:] = [*self.undone[-MOST_UNDONE:], before]
        self.redone.clear()
        self.version = version


# By open tab: going from the rows to the versions and back makes another page.
_HISTORIES: WeakKeyDictionary[Any, dict[str, History]] = WeakKeyDictionary()


def history_of(screen: Any, code: str) -> History:
    """What was done to a table's draft in an open tab."""
    return _HISTORIES.setdefault(screen, {}).setdefault(code, History())


def edited(sheet: Sheet, event: Event) -> Sheet:
    """The sheet after an act of the browser; whatever is not one leaves it as it is."""
    args, op = event.args, event.args.get("op", "")
    row, column, text = args.get("row", ""), args.get("col", ""), args.get("text", "")
    if op == "set":
        return sheets.set_cells(sheet, [(row, column, text)])
    if op == "clear":
        return sheets.set_cells(sheet, [(one, where, "") for one, where in _pairs(args.get("cells", ""))])
    if op == "insert":
        return sheets.insert(sheet, event.number("before", len(sheet.rows)), _texts(args.get("rows", "")))
    if op == "delete":
        return sheets.delete(sheet, _texts(args.get("rows", "")))
    if op == "move":
        return sheets.move(sheet, row, -1 if args.get("by") == "-1" else 1)
    if op == "paste":
        new = (f"r-{secrets.token_hex(4)}" for _ in range(sheets.MOST_PASTED))
        return sheets.paste(sheet, row, column, text, new)
    return sheet


def _listed(text: str) -> list[Any]:
    """A list as the browser sent it; anything else is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _texts(text: str) -> list[str]:
    return [one for one in _listed(text) if isinstance(one, str)]


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(str(one[0]), str(one[1])) for one in _listed(text) if isinstance(one, list) and len(one) == 2]
