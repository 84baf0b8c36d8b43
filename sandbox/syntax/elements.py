"""Checks the elements of one segment against its rules."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, lru_cache

from sandbox.syntax import findings as f
from sandbox.syntax.findings import Finding
from sandbox.syntax.guide import ElementRule, element_rules
from sandbox.x12 import Segment, at, cents, part

_PO_BOX = re.compile(r"^\s*(P\.?\s*O\.?\s*BOX|POST OFFICE BOX)\b", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_rules_of = cache(element_rules)


@lru_cache(4096)
def is_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def is_period(text: str) -> bool:
    """RD8: two dates, the second not before the first."""
    first, dash, last = text.partition("-")
    return bool(dash) and is_date(first) and is_date(last) and first <= last


@lru_cache(4096)
def is_npi(text: str) -> bool:
    """Ten digits whose last is Luhn's over 80840 and the first nine."""
    if not re.fullmatch(r"[12][0-9]{9}", text):
        return False
    total = 24
    for index, digit in enumerate(reversed(text[:9])):
        doubled = int(digit) * 2 if index % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10 == int(text[9])


_KINDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "money": (lambda v: cents(v) is not None, f.BAD_CHARACTER),
    "number": (lambda v: bool(re.fullmatch(r"[0-9]{1,8}(\.[0-9]{1,3})?", v)), f.BAD_CHARACTER),
    "count": (lambda v: v.isascii() and v.isdigit(), f.BAD_CHARACTER),
    "date": (is_date, f.BAD_DATE),
    "time": (
        lambda v: bool(re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9]([0-9][0-9]?)?)?", v)),
        f.BAD_TIME,
    ),
    "zip9": (lambda v: bool(re.fullmatch(r"[0-9]{9}", v)), f.BAD_PATTERN),
    "street": (lambda v: not _PO_BOX.match(v), f.BAD_PATTERN),
    "code": (lambda v: "." not in v, f.BAD_PATTERN),
}


def judge_value(rule: ElementRule, value: str) -> str:
    """The IK403 code for a value, empty when it holds."""
    if not value:
        return f.ELEMENT_MISSING if rule.required else ""
    if rule.codes and value not in rule.codes:
        return f.BAD_CODE
    if rule.longest and len(value) > rule.longest:
        return f.TOO_LONG
    if len(value) < rule.shortest:
        return f.TOO_SHORT
    if rule.kind:
        holds, code = _KINDS[rule.kind]
        return "" if holds(value) else code
    return ""


def check_elements(
    segment: Segment, position: int, kind: str, loop: str, component: str, claim: str
) -> Iterator[Finding]:
    """Every finding about the elements of one segment."""

    def finding(element: int, sub: int, number: str, code: str, value: str, remark: bool = False) -> Finding:
        return Finding(
            segment[0], position, loop, f.ELEMENT_ERRORS, element, sub, number, code, value, remark, claim
        )

    for rule in _rules_of(kind, loop, segment[0]):
        value = at(segment, rule.position)
        if rule.component:
            value = part(value, component, rule.component)
        code = judge_value(rule, value)
        if code:
            yield finding(rule.position, rule.component, rule.number, code, value, rule.remark_only)
    for element, number, code in _particular(segment):
        yield finding(element, 0, number, code, at(segment, element))
    if len(segment) > 1 and not segment[-1]:
        yield finding(len(segment) - 1, 0, "", f.TOO_MANY, "", remark=True)
    for element, value in enumerate(segment[1:], start=1):
        if not value.isascii() or not value.isprintable():
            yield finding(element, 0, "", f.BAD_CHARACTER, _UNPRINTABLE.sub("?", value))


def _particular(segment: Segment) -> Iterator[tuple[int, str, str]]:
    """Rules in which one element decides over another: NPI by NM108, date by its qualifier."""
    if segment[0] == "NM1" and at(segment, 8) == "XX" and not is_npi(at(segment, 9)):
        yield 9, "67", f.BAD_PATTERN
    if segment[0] == "DTP" and at(segment, 3):
        form, value = at(segment, 2), at(segment, 3)
        if (form == "D8" and not is_date(value)) or (form == "RD8" and not is_period(value)):
            yield 3, "1251", f.BAD_DATE
