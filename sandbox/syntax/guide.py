"""The loops and elements of 837P and 837I that the sandbox insists on, as tables.

An element rule reads `position[-component]` + `!` required, `?` optional or `~` checked but only remarked upon
+ X12 data element number + `=code|code` or `:kind` + `/shortest-longest`.
"""

import re
from dataclasses import dataclass, field

GUIDES = {
    "005010X222A1": "P",
    "005010X222A2": "P",
    "005010X223A2": "I",
    "005010X223A3": "I",
}

_RULE = re.compile(r"^(\d+)(?:-(\d+))?([!?~])(\d+)(?:=([^/:]+)|:(\w+))?(?:/(\d+)-(\d+))?$")


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What one element (or component) of a segment must look like."""

    position: int
    component: int
    required: bool
    remark_only: bool
    number: str
    codes: frozenset[str]
    kind: str
    shortest: int
    longest: int


@dataclass(slots=True)
class Loop:
    """One loop: the segment that opens it, what may stand in it and what must."""

    id: str
    parent: str
    opener: str
    position: int
    qualifiers: frozenset[str]
    members: frozenset[str]
    required: tuple[tuple[str, frozenset[str]], ...]
    most: int
    least: int = 0
    children: list["Loop"] = field(default_factory=list)


def _rules(text: str) -> tuple[ElementRule, ...]:
    found = []
    for word in text.split():
        match = _RULE.match(word)
        if not match:
            raise ValueError(f"element rule not understood: {word}")
        position, component, mode, number, codes, kind, shortest, longest = match.groups()
        found.append(
            ElementRule(
                int(position),
                int(component or 0),
                mode == "!",
                mode == "~",
                number,
                frozenset(codes.split("|")) if codes else frozenset(),
                kind or "",
                int(shortest or 1),
                int(longest or 0),
            )
        )
    return tuple(found)


_FILING = "11|12|13|14|15|16|17|AM|BL|CH|CI|DS|FI|HM|LM|MA|MB|MC|OF|TV|VA|WC|ZZ"
_RELATION = "01|04|05|07|10|15|17|18|19|20|21|22|23|24|29|32|33|36|39|40|41|43|53|G8"

_ELEMENTS = {
    "ST": "1!143=837 2!329/4-9 3!1705",
    "SE": "1!96:count 2!329/4-9",
    "BHT": "1!1005=0019 2!353=00|18 3!127/1-50 4!373:date 5!337:time 6!640=CH|RP|31",
    "1000A/NM1": "1!98=41 2!1065=1|2 3!1035/1-60 8!66=46 9!67/2-80",
    "PER": "1!366=IC|NT 2?93/1-60 3!365=EM|FX|TE|EX 4!364/1-256",
    "1000B/NM1": "1!98=40 2!1065=2 3!1035/1-60 8!66=46 9!67/2-80",
    "HL": "1!628:count 2?734:count 3!735=20|22|23 4!736=0|1",
    "PRV": "1!1221=BI|PE|AT|AS|OP|OR|OT|PT 2!128=PXC 3!127/10-10",
    "2010AA/NM1": "1!98=85 2!1065=1|2 3!1035/1-60 8!66=XX 9!67/10-10",
    "I/2010AA/NM1": "1!98=85 2!1065=2 3!1035/1-60 8!66=XX 9!67/10-10",
    "N3": "1!166/1-55 2?166/1-55",
    "2010AA/N3": "1!166:street/1-55 2?166/1-55",
    "N4": "1!19/2-30 2?156/2-2 3?116/3-15",
    "2010AA/N4": "1!19/2-30 2!156/2-2 3!116/3-15 3~116:zip9",
    "REF": "1!128/2-3 2!127/1-50",
    "2000B/SBR": f"1!1138=A|B|C|D|E|F|G|H|P|S|T|U 2?1069=18 9!1032={_FILING}",
    "2320/SBR": f"1!1138=A|B|C|D|E|F|G|H|P|S|T|U 2!1069={_RELATION} 9?1032={_FILING}",
    "2010BA/NM1": "1!98=IL 2!1065=1|2 3!1035/1-60 8!66=MI|II 9!67/2-80",
    "DMG": "1!1250=D8 2!1251:date 3!1068=F|M|U",
    "2010BB/NM1": "1!98=PR 2!1065=2 3!1035/1-60 8!66=PI|XV 9!67/2-80",
    "PAT": f"1?1069={_RELATION}",
    "2000C/PAT": f"1!1069={_RELATION}",
    "2010CA/NM1": "1!98=QC 2!1065=1 3!1035/1-60",
    "CLM": "1!1028/1-20 2!782:money 5-1!1331/2-2 5-2!1332=B 5-3!1325=1|7|8 6!1073=N|Y "
    "7!1359=A|B|C 8!1073=N|W|Y 9!1363=I|Y 10?1351=P",
    "I/CLM": "1!1028/1-20 2!782:money 5-1!1331/2-2 5-2!1332=A 5-3!1325=1|2|3|4|7|8 "
    "7!1359=A|B|C 8!1073=N|W|Y 9!1363=I|Y",
    "CL1": "1?1315/1-1 2?1314/1-1 3!1352/1-2",
    "DTP": "1!374/3-3 2!1250=D8|RD8|DT|TM 3!1251/1-35",
    "AMT": "1!522/1-3 2!782:money",
    "HI": "1-1!1270/1-3 1-2!1271:code/1-30",
    "NM1": "1!98/2-3 2!1065=1|2 3?1035/1-60",
    "CAS": "1!1033=CO|OA|PI|PR 2!1034/1-5 3!782:money",
    "OI": "3!1073=N|W|Y 6!1363=I|Y",
    "LX": "1!554:count",
    "SV1": "1-1!235=ER|HC|IV|WK 1-2!234/1-48 2!782:money 3!355=MJ|UN 4!380:number 7-1!1328:count",
    "SV2": "1!234/4-4 2-1?235=ER|HC|HP|IV|WK 3!782:money 4!355=DA|UN 5!380:number",
    "SVD": "1!67/2-80 2!782:money 5!380:number",
    "LIN": "2!235=N4|EN|EO|HI|ON|UK|UP 3!234/1-48",
    "CTP": "4!380:number",
}
ELEMENTS = {key: _rules(text) for key, text in _ELEMENTS.items()}

_MORE = "NM1 N3 N4 DMG REF PER PRV DTP"
_CLAIM = "DTP CL1 PWK CN1 AMT REF K3 NTE CR1 CR2 CRC HI HCP"
_LINE = "SV1 SV2 SV5 PWK CR1 CR3 CRC DTP QTY MEA CN1 REF AMT K3 NTE PS1 HCP"
_PROVIDERS = "DN|P3|82|77|DQ|PW|45|71|72|ZZ"
_OTHERS = "IL|PR|DN|P3|82|77|85|DQ|71|72|ZZ"

# id, parent, opener, position of its qualifier, qualifiers, members, required ("REF=EI|SY"), least, most (0: any)
_LOOPS: tuple[tuple[str, str, str, int, str, str, str, int, int], ...] = (
    ("ST", "", "ST", 0, "", "BHT SE", "BHT", 1, 1),
    ("1000A", "ST", "NM1", 1, "41", "N2 PER", "PER", 1, 1),
    ("1000B", "ST", "NM1", 1, "40", "N2", "", 1, 1),
    ("2000A", "ST", "HL", 3, "20", "PRV CUR", "", 1, 0),
    ("2010AA", "2000A", "NM1", 1, "85", "N2 N3 N4 REF PER", "N3 N4 REF=EI|SY", 1, 1),
    ("2010AB", "2000A", "NM1", 1, "87", "N2 N3 N4", "N3 N4", 0, 1),
    ("2010AC", "2000A", "NM1", 1, "PE", "N2 N3 N4 REF", "N3 N4", 0, 1),
    ("2000B", "2000A", "HL", 3, "22", "SBR PAT", "SBR", 1, 0),
    ("2010BA", "2000B", "NM1", 1, "IL", "N3 N4 DMG REF PER", "", 1, 1),
    ("2010BB", "2000B", "NM1", 1, "PR", "N3 N4 REF", "", 1, 1),
    ("2000C", "2000B", "HL", 3, "23", "PAT", "PAT", 0, 0),
    ("2010CA", "2000C", "NM1", 1, "QC", "N3 N4 DMG REF PER", "N3 N4 DMG", 1, 1),
    ("2300", "2000B", "CLM", 0, "", _CLAIM, "HI", 0, 0),
    ("2300", "2000C", "CLM", 0, "", _CLAIM, "HI", 0, 0),
    ("2310", "2300", "NM1", 1, _PROVIDERS, "PRV N3 N4 REF PER", "", 0, 0),
    ("2320", "2300", "SBR", 0, "", "CAS AMT OI MIA MOA", "OI", 0, 10),
    ("2330", "2320", "NM1", 1, _OTHERS, "N3 N4 DTP REF", "", 1, 0),
    ("2400", "2300", "LX", 0, "", _LINE, "", 1, 0),
    ("2410", "2400", "LIN", 0, "", "CTP REF", "", 0, 1),
    ("2420", "2400", "NM1", 1, _PROVIDERS + "|DK|QB", "PRV N3 N4 REF PER", "", 0, 0),
    ("2430", "2400", "SVD", 0, "", "CAS DTP AMT", "DTP=573", 0, 15),
    ("2440", "2400", "LQ", 0, "", "FRM", "FRM", 0, 0),
)

_REQUIRED_BY_KIND = {
    ("P", "2400"): (("SV1", frozenset[str]()), ("DTP", frozenset({"472"}))),
    ("I", "2400"): (("SV2", frozenset[str]()),),
    ("I", "2300"): (("DTP", frozenset({"434"})), ("CL1", frozenset[str]())),
}
FORBIDDEN_BY_KIND = {"P": frozenset({"SV2", "CL1", "MIA"}), "I": frozenset({"SV1", "SV5", "PS1"})}
MOST_LINES = {"P": 50, "I": 999}
MOST_CLAIMS = 5_000


def _needs(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    needs = []
    for word in text.split():
        name, _, codes = word.partition("=")
        needs.append((name, frozenset(codes.split("|")) if codes else frozenset()))
    return tuple(needs)


def _tree(kind: str) -> Loop:
    placed: list[Loop] = []
    for id_, parent, opener, position, codes, members, required, least, most in _LOOPS:
        needs = _needs(required) + _REQUIRED_BY_KIND.get((kind, id_), ())
        most = MOST_LINES[kind] if id_ == "2400" else most
        qualifiers = frozenset(codes.split("|")) if codes else frozenset[str]()
        allowed = frozenset(members.split()) - FORBIDDEN_BY_KIND[kind]
        loop = Loop(id_, parent, opener, position, qualifiers, allowed, needs, most, least)
        for above in placed:
            if above.id == parent:
                above.children.append(loop)
        placed.append(loop)
    return placed[0]


TREES = {kind: _tree(kind) for kind in ("P", "I")}

KNOWN_SEGMENTS = frozenset(
    word
    for _, _, opener, _, _, members, _, _, _ in _LOOPS
    for word in (opener, *members.split(), *_MORE.split())
)


def element_rules(kind: str, loop: str, name: str) -> tuple[ElementRule, ...]:
    """The rules of a segment: the most particular table entry wins."""
    for key in (f"{kind}/{loop}/{name}", f"{kind}/{name}", f"{loop}/{name}", name):
        rules = ELEMENTS.get(key)
        if rules is not None:
            return rules
    return ()
