"""A care plan as it is being typed: texts, rows that come and go, rows pasted from a spreadsheet, and the plan they become."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.care.plan import TEXTS, CarePlan, Goal, Intervention, Problem
from domain.care.plan_checks import MOST_ROWS
from domain.codes import icd10cm
from domain.refusals import FieldError
from ui.page import reject
from ui.parts.dates import date_of

HEADS = ("prognosis", "review_on", "in_force_on", "why", *TEXTS)
GOAL = ("words", "measure", "unit", "start", "aim", "target", "by", "latest", "measured_on", "end")
INTERVENTION = ("words", "often", "responsible")
PROBLEM = ("code", "words", "chronic")
ROWS = {"problems": PROBLEM, "goals": GOAL, "interventions": INTERVENTION}
_DAYS = ("by", "measured_on")
_UNREAD = "Enter a date, such as 2026-12-31."


@dataclass(slots=True)
class TypedPlan:
    """What has been typed so far, as text: `heads` by field, `rows` in their order."""

    heads: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {name: [] for name in ROWS})

    def take(self, fields: dict[str, Any]) -> None:
        """Take over the fields of the form as typed; a box that is not ticked is not sent."""
        for name in HEADS:
            if name in fields:
                self.heads[name] = str(fields[name])
        for kind, names in ROWS.items():
            for number, row in enumerate(self.rows[kind], 1):
                for name in names:
                    key = f"{kind}.{number}.{name}"
                    if key in fields:
                        row[name] = str(fields[key])
                    elif name == "chronic" and f"{kind}.{number}.words" in fields:
                        row[name] = ""

    def add(self, kind: str, **values: str) -> None:
        """One more row at the end, unless there are as many as a plan may hold."""
        if kind in ROWS and len(self.rows[kind]) < MOST_ROWS:
            self.rows[kind].append({name: values.get(name, "") for name in ROWS[kind]})

    def add_problem(self, code: str) -> None:
        """One more condition, chronic as most are; one that is there already is left where it is."""
        bare = icd10cm.plain(code)[:10]
        if bare and all(one["code"] != bare for one in self.rows["problems"]):
            self.add("problems", code=bare, words=icd10cm.description(bare), chronic="true")

    def remove(self, kind: str, number: int) -> None:
        """Take a row out."""
        if kind in ROWS and 1 <= number <= len(self.rows[kind]):
            del self.rows[kind][number - 1]

    def raise_problem(self, number: int) -> None:
        """Move a condition one place up: the most important stands first."""
        found = self.rows["problems"]
        if 2 <= number <= len(found):
            found.insert(number - 2, found.pop(number - 1))

    def paste(self, kind: str, text: str, number: int) -> int:
        """Rows of a spreadsheet from a row on, cells in the order of the form; how many there were."""
        lines = [line for line in re.split(r"\r?\n", text) if line.strip()]
        for offset, line in enumerate(lines):
            if len(self.rows[kind]) < number + offset:
                self.add(kind)
            if len(self.rows[kind]) >= number + offset:
                cells = zip(ROWS[kind], line.split("\t"), strict=False)
                self.rows[kind][number + offset - 1].update((name, cell.strip()) for name, cell in cells)
        return len(lines)

    def kept(self) -> dict[str, Any]:
        """What goes into the draft store."""
        return {"heads": self.heads, "rows": self.rows}

    def plan(self) -> CarePlan:
        """The plan, or the refusal that names the days that cannot be read."""
        faults = [
            FieldError(f"goals.{number}.{name}", "date.invalid", _UNREAD)
            for number, row in enumerate(self.rows["goals"], 1)
            for name in _DAYS
            if row.get(name) and date_of(row[name]) is None
        ]
        faults += [
            FieldError(name, "date.invalid", _UNREAD)
            for name in ("review_on", "in_force_on")
            if self.heads.get(name) and date_of(self.heads[name]) is None
        ]
        reject(*faults)
        texts: dict[str, Any] = {name: self.heads.get(name, "") for name in ("prognosis", *TEXTS)}
        return CarePlan(
            problems=tuple(
                Problem(**{**row, "chronic": bool(row["chronic"])}) for row in self._of("problems")
            ),
            goals=tuple(_goal(row) for row in self._of("goals")),
            interventions=tuple(Intervention(**row) for row in self._of("interventions")),
            review_on=date_of(self.heads.get("review_on", "")),
            **texts,
        )

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [{name: row.get(name, "") for name in ROWS[kind]} for row in self.rows[kind]]


def _goal(row: dict[str, Any]) -> Goal:
    days = {name: date_of(row[name]) for name in _DAYS}
    return Goal(**{**row, **days, "aim": row["aim"] or "at_most"})


def typed_of(plan: CarePlan) -> TypedPlan:
    """A stored plan as if it had been typed."""
    heads = {name: getattr(plan, name) for name in ("prognosis", *TEXTS)}
    heads["review_on"] = plan.review_on.isoformat() if plan.review_on else ""
    rows = {
        kind: [{name: _text(value) for name, value in asdict(row).items()} for row in getattr(plan, kind)]
        for kind in ROWS
    }
    return TypedPlan(heads, rows)


def from_kept(kept: dict[str, Any]) -> TypedPlan:
    """A draft taken up again."""
    rows = kept.get("rows", {})
    return TypedPlan(dict(kept.get("heads", {})), {kind: list(rows.get(kind, [])) for kind in ROWS})


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)
