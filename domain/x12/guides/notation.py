"""The notation of the guide tables and its reader.

A line is `SEG usage most rules` or `loop NAME usage most` with its members indented below, or `use NAME usage most` for a
loop written elsewhere. `usage` is R required or S situational; `most` a number, `*` any, or `each` (every value of the key
once). Rules: `1@A,B` the key that tells segments of one id apart, `2=A,B` required code, `3?A,B` code if sent, `4!`
required, `n5-6` not used; `5.1` is a component; `2,4-7` several positions; `$NAME` a list of `CODES`; `_` is a space in a code;
a `+` ends a line that goes on below.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

CODES = {
    "PWK": "03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB,HC,HR,I5,"
    "IR,LA,M1,MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP",
    "PLB": "50,51,72,90,AH,AM,AP,B2,B3,BD,BN,C5,CR,CS,CT,CV,CW,DM,E3,FB,FC,GO,HM,IP,IR,IS,J1,L3,L6,LE,LS,OA,OB,PI,PL,"
    "RA,RE,SL,TL,WO,WU",
    "ENTITIES": "03,1P,1Z,40,41,71,72,73,77,82,85,87,DK,DN,DQ,FA,GB,HK,IL,LI,MSC,PR,PRP,QB,QC,QD,SEP,TL,TTP,TU",
    "FILING": "11,12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ",
    "SETCODES": "1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,17,18,19,23,24,25,26,27,I5,I6",
    "PRICING": "00,01,02,03,04,05,06,07,08,09,10,11,12,13,14",
    "PAYERS": "A,B,C,D,E,F,G,H,P,S,T,U",
    "KIN": "01,19,20,21,39,40,53,G8",
    "AMBULANCE": "01,04,05,06,07,08,09,12",
    "GROUPCODES": "1,2,3,4,5,6,10,11,12,13,14,15,16,17,18,19,23,24,25,26",
}
_RULE = re.compile(r"([\d,\-]+)(?:\.(\d+))?([@=?!])(.*)\Z")


@dataclass(frozen=True, slots=True)
class ElementRule:
    """One demand on one element: `sign` is @ key, = required code, ? code if sent, ! required, n not used."""

    position: int
    component: int
    sign: str
    codes: frozenset[str]


@dataclass(frozen=True)
class SegmentRule:
    """One segment of a loop. `most` is 0 for any number; `each` limits every key value to one; `slot` is its place."""

    id: str
    required: bool
    most: int
    each: bool
    slot: int
    keys: tuple[ElementRule, ...]
    rules: tuple[ElementRule, ...]

    @cached_property
    def demands(self) -> tuple[ElementRule, ...]:
        """The rules that must be looked at, keys apart: they are what the segment was recognised by."""
        return tuple(rule for rule in self.rules if rule.sign not in "@n")

    @cached_property
    def unused(self) -> tuple[ElementRule, ...]:
        """The elements that stay empty."""
        return tuple(rule for rule in self.rules if rule.sign == "n")

    @cached_property
    def first_unused(self) -> int:
        """The position of the first of them; a shorter segment cannot hold any."""
        return min((rule.position for rule in self.unused), default=1_000)

    @property
    def head(self) -> "SegmentRule":
        return self

    @property
    def label(self) -> str:
        """Such as `REF*F8` or `N3`; the first value of the key where there are several."""
        key = min(self.keys[0].codes, default="") if self.keys and len(self.keys[0].codes) == 1 else ""
        return f"{self.id}*{key}" if key and self.keys[0].position == 1 else self.id


@dataclass(frozen=True)
class LoopRule:
    """One loop: its first child is the segment that opens it."""

    name: str
    required: bool
    most: int
    slot: int
    children: "tuple[SegmentRule | LoopRule, ...]"

    @cached_property
    def by_id(self) -> "dict[str, tuple[tuple[int, SegmentRule | LoopRule, SegmentRule], ...]]":
        """Per segment id, the children that it may begin with their index, the loop's own head apart."""
        found: dict[str, list[tuple[int, SegmentRule | LoopRule, SegmentRule]]] = {}
        for index in range(1, len(self.children)):
            child = self.children[index]
            found.setdefault(child.head.id, []).append((index, child, child.head))
        return {name: tuple(children) for name, children in found.items()}

    @property
    def head(self) -> SegmentRule:
        return self.children[0].head

    @property
    def label(self) -> str:
        return f"loop {self.name}"


@dataclass(frozen=True, slots=True)
class Guide:
    """A whole transaction set: `root` holds its loops, `ids` every segment id it knows."""

    key: str
    root: LoopRule
    ids: frozenset[str]


@dataclass(slots=True)
class _Line:
    depth: int
    words: list[str]
    below: "list[_Line]" = field(default_factory=list)


def read_guide(key: str, text: str, parts: dict[str, str]) -> Guide:
    """The guide written in `text`; `parts` are the loops that `use` names."""
    children = _children(_lines(text), parts, {})
    ids: set[str] = set()
    _collect(children, ids)
    return Guide(key, LoopRule("ST", True, 1, 0, children), frozenset(ids))


def _lines(text: str) -> list[_Line]:
    top = _Line(-1, [])
    open_lines = [top]
    for raw in text.replace("+\n", " ").split("\n"):
        if not raw.strip():
            continue
        line = _Line(len(raw) - len(raw.lstrip()), raw.split())
        while open_lines[-1].depth >= line.depth:
            open_lines.pop()
        open_lines[-1].below.append(line)
        open_lines.append(line)
    return top.below


def _children(
    lines: list[_Line], parts: dict[str, str], used: dict[str, LoopRule]
) -> tuple[SegmentRule | LoopRule, ...]:
    """Consecutive children that begin with the same segment id share a slot: their order among themselves is free."""
    found: list[SegmentRule | LoopRule] = []
    slot, before = -1, ""
    for line in lines:
        rule = _one(line, parts, used)
        if rule.head.id != before:
            slot, before = slot + 1, rule.head.id
        found.append(_at(rule, slot))
    return tuple(found)


def _at(rule: SegmentRule | LoopRule, slot: int) -> SegmentRule | LoopRule:
    if isinstance(rule, LoopRule):
        return LoopRule(rule.name, rule.required, rule.most, slot, rule.children)
    return SegmentRule(rule.id, rule.required, rule.most, rule.each, slot, rule.keys, rule.rules)


def _one(line: _Line, parts: dict[str, str], used: dict[str, LoopRule]) -> SegmentRule | LoopRule:
    words = line.words
    if words[0] == "loop":
        return LoopRule(words[1], words[2] == "R", _most(words[3]), 0, _children(line.below, parts, used))
    if words[0] == "use":
        if words[1] not in used:
            whole = _one(_lines(parts[words[1]])[0], parts, used)
            assert isinstance(whole, LoopRule)
            used[words[1]] = whole
        return LoopRule(words[1], words[2] == "R", _most(words[3]), 0, used[words[1]].children)
    rules = tuple(rule for word in words[3:] for rule in _element_rules(word))
    keys = tuple(rule for rule in rules if rule.sign == "@")
    return SegmentRule(words[0], words[1] == "R", _most(words[2]), words[2] == "each", 0, keys, rules)


def _most(word: str) -> int:
    return int(word) if word.isdigit() else 0


def _element_rules(word: str) -> list[ElementRule]:
    if word.startswith("n"):
        return [ElementRule(position, 0, "n", frozenset()) for position in _positions(word[1:])]
    found = _RULE.match(word)
    if found is None:
        raise ValueError(f"Not a rule of the notation: {word}")
    where, component, sign, codes = found.groups()
    codes = CODES[codes[1:]] if codes.startswith("$") else codes
    values = frozenset(codes.replace("_", " ").split(",")) if codes else frozenset()
    return [ElementRule(position, int(component or 0), sign, values) for position in _positions(where)]


def _positions(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def _collect(children: tuple[SegmentRule | LoopRule, ...], ids: set[str]) -> None:
    for child in children:
        if isinstance(child, LoopRule):
            _collect(child.children, ids)
        else:
            ids.add(child.id)
