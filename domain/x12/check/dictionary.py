"""The data dictionary of `domain.x12.guides.elements`, read: the kinds of every element of every segment."""

import re
from functools import cache

from domain.x12.guides.elements import ELEMENTS, PROCEDURE

Kind = tuple[str, int, int]
_WORD = re.compile(r"(\d+)\*\[([^\]]*)\]|(\d+)\*(\([^)]*\)|\S+)|(\([^)]*\)|\S+)")
_KIND = re.compile(r"(AN|ID|R|N0|DT|TM)(\d+)(?:-(\d+))?\Z")


@cache
def element_kinds() -> dict[str, tuple[tuple[Kind, ...], ...]]:
    """For each segment id, for each element, the kinds of its components (one for a simple element, none if unknown)."""
    found = {}
    for line in ELEMENTS.replace("+\n", " ").strip().split("\n"):
        segment_id, _, rest = line.partition(" ")
        found[segment_id] = tuple(_kinds(word) for word in _words(rest.replace("$PROCEDURE", PROCEDURE)))
    return found


def _words(text: str) -> list[str]:
    words: list[str] = []
    depth_safe = re.sub(r"\(([^)]*)\)", lambda found: "(" + found[1].replace(" ", "_") + ")", text)
    for found in _WORD.finditer(depth_safe):
        times, several, count, one, single = found.groups()
        if several is not None:
            words += several.split() * int(times)
        elif count is not None:
            words += [one] * int(count)
        else:
            words.append(single)
    return words


def _kinds(word: str) -> tuple[Kind, ...]:
    if word.startswith("("):
        return tuple(kind for part in _words(word[1:-1].replace("_", " ")) for kind in _kinds(part))
    found = _KIND.match(word)
    if found is None:
        return ()
    least = int(found[2])
    return ((found[1], least, int(found[3] or least)),)
