"""The verdict on a functional group and its sets, as a 999 carries it."""

from collections import Counter
from dataclasses import dataclass, field

from sandbox.envelope import Group, TransactionSet
from sandbox.syntax.findings import Finding
from sandbox.syntax.guide import GUIDES, MOST_CLAIMS
from sandbox.syntax.situations import Placed, check_situations
from sandbox.syntax.walk import Walk
from sandbox.x12 import at


@dataclass(slots=True)
class SetVerdict:
    """IK5 for one set; `placed` is its reading when it was accepted."""

    code: str
    """ST01."""
    control: str
    guide: str
    verdict: str = "A"
    reasons: list[str] = field(default_factory=list)
    """IK502 to IK506."""
    findings: list[Finding] = field(default_factory=list)
    kind: str = ""
    placed: Placed = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return self.verdict in ("A", "E")


@dataclass(slots=True)
class GroupVerdict:
    """AK1 to AK9 of one group. A group error refuses all of its sets."""

    code: str
    control: str
    guide: str
    sets: list[SetVerdict]
    included: int
    reasons: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """A also when sets were accepted with errors; P when only some were accepted."""
        taken = sum(1 for one in self.sets if one.accepted)
        if self.reasons or not taken:
            return "R"
        return "A" if taken == len(self.sets) else "P"

    @property
    def accepted(self) -> int:
        return 0 if self.reasons else sum(1 for one in self.sets if one.accepted)


def judge_group(group: Group, component: str) -> GroupVerdict:
    gs, ge = group.gs, group.ge
    guide, control = at(gs, 8), at(gs, 6)
    reasons = []
    if at(gs, 1) != "HC":
        reasons.append("1")
    elif guide not in GUIDES:
        reasons.append("2")
    if ge is None:
        reasons.append("3")
    elif at(ge, 2) != control:
        reasons.append("4")
    elif at(ge, 1) != str(len(group.sets)):
        reasons.append("5")
    if not control.isdigit() or len(control) > 9:
        reasons.append("6")
    numbers = Counter(at(one.segments[0], 2) for one in group.sets)
    sets = [_judge_set(one, guide, component, numbers) for one in group.sets]
    included = at(ge, 1) if ge else ""
    count = int(included) if included.isascii() and included.isdigit() else len(sets)
    return GroupVerdict(at(gs, 1), control, guide, sets, count, reasons[:5])


def _judge_set(one: TransactionSet, guide: str, component: str, numbers: Counter[str]) -> SetVerdict:
    st = one.segments[0]
    verdict = SetVerdict(at(st, 1), at(st, 2), at(st, 3))
    verdict.reasons = _envelope_reasons(one, guide, numbers)
    if at(st, 1) == "837" and guide in GUIDES and "I6" not in verdict.reasons:
        verdict.kind = GUIDES[guide]
        _read(verdict, one, component)
    if any(not finding.remark for finding in verdict.findings):
        verdict.reasons.append("I5" if _only_guide(verdict.findings) else "5")
    if verdict.reasons:
        verdict.verdict = "R"
    elif verdict.findings:
        verdict.verdict, verdict.reasons = "E", ["5"]
    verdict.reasons = verdict.reasons[:5]
    return verdict


def _read(verdict: SetVerdict, one: TransactionSet, component: str) -> None:
    walk = Walk(verdict.kind, component)
    walk.read(one.segments)
    verdict.placed = walk.placed
    verdict.findings = sorted(
        [*walk.findings, *check_situations(walk.placed, component)], key=lambda finding: finding.position
    )
    if sum(1 for _, segment in walk.placed if segment[0] == "CLM") > MOST_CLAIMS:
        verdict.reasons.append("I5")


def _envelope_reasons(one: TransactionSet, guide: str, numbers: Counter[str]) -> list[str]:
    st, se = one.segments[0], one.segments[-1]
    reasons = []
    if at(st, 1) != "837":
        reasons.append("1")
    elif at(st, 3) != guide:
        reasons.append("I6")
    if not 4 <= len(at(st, 2)) <= 9:
        reasons.append("7")
    if numbers[at(st, 2)] > 1:
        reasons.append("23")
    if not one.closed:
        reasons.append("2")
    elif at(se, 2) != at(st, 2):
        reasons.append("3")
    elif at(se, 1) != str(len(one.segments)):
        reasons.append("4")
    return reasons


def _only_guide(findings: list[Finding]) -> bool:
    """Whether every error is one of the implementation guide rather than of the X12 standard."""
    return all(
        (finding.element_code or finding.code).startswith("I") for finding in findings if not finding.remark
    )
