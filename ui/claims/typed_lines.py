"""The lines of a claim as they are being typed or pasted from a spreadsheet, whatever its form."""

import re
from typing import ClassVar

from domain.refusals import Invalid
from ui.parts.money import cents_of


class TypedLines:
    """What both forms of a claim do with their lines; what a line holds is the form's own."""

    __slots__ = ()
    most_lines: ClassVar[int]
    # What a new line repeats of the one before.
    repeated: ClassVar[tuple[str, ...]]

    lines: list[dict[str, str]]

    def empty_line(self) -> dict[str, str]:
        """A line in which nothing was typed."""
        raise NotImplementedError

    def columns_of(self, cells: list[str]) -> dict[str, str]:
        """A spreadsheet's row as the fields of a line."""
        raise NotImplementedError

    def add_line(self) -> None:
        """One more line, which repeats some of the one before."""
        if len(self.lines) >= self.most_lines:
            most = f"A claim has at most {self.most_lines} lines."
            raise Invalid("claim.lines", most, "Make a second claim for the rest.")
        last = self.lines[-1] if self.lines else {}
        self.lines.append(self.empty_line() | {name: last[name] for name in self.repeated if last.get(name)})

    def remove_line(self, number: int) -> None:
        """Take a line out; the last one is emptied instead."""
        if 1 <= number <= len(self.lines):
            del self.lines[number - 1]
        if not self.lines:
            self.lines.append(self.empty_line())

    def paste(self, text: str, number: int) -> int:
        """Rows of a spreadsheet into the lines from `number` on; how many there were. See `columns_of`."""
        rows = [row for row in re.split(r"\r?\n", text) if row.strip()]
        for offset, row in enumerate(rows):
            place = number - 1 + offset
            while len(self.lines) <= place and len(self.lines) < self.most_lines:
                self.add_line()
            if place < len(self.lines):
                self.lines[place].update(self.columns_of(row.split("\t")))
        return len(rows)

    @property
    def total_cents(self) -> int:
        """What the lines come to so far; a line that cannot be read yet counts nothing."""
        return sum(cents_of(line["charge_cents"], "")[0] for line in self.lines if line.get("charge_cents"))
