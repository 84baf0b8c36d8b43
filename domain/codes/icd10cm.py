"""ICD-10-CM: which codes exist, which may be billed, what they are called, and search as you type.

The code set is public domain (CMS, NCHS) and lies packed beside this file; tools/build_icd10cm.py makes it.
Codes are taken with or without the decimal point, in either case.
"""

import json
import re
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from pkgutil import get_data

# ICD-10-CM replaced ICD-9-CM for services from this day (45 CFR 162.1002).
IN_FORCE_FROM = date(2015, 10, 1)
# Codes that came later than 2015 out of the yearly turn and are often met with earlier dates.
_LATER_START = {
    "U070": date(2020, 4, 1),
    "U071": date(2020, 4, 1),
    "U099": date(2021, 10, 1),
    "Z28310": date(2022, 4, 1),
    "Z28311": date(2022, 4, 1),
    "Z2839": date(2022, 4, 1),
}
_CODE = re.compile(r"[A-Z][0-9][A-Z0-9]{1,5}")
_TYPED_CODE = re.compile(r"[A-Z][0-9][A-Z0-9]{0,5}")
_WORD = re.compile(r"[a-z0-9.]+")
# Past the last ASCII character of a code or word: the end of a prefix's range in a sorted list.
_AFTER = "\x7f"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One code as a search offers it. `code` has no decimal point; `billable` is false for header codes."""

    code: str
    description: str
    billable: bool

    @property
    def dotted(self) -> str:
        """The code as people read it, `E11.9`."""
        return dotted(self.code)


def plain(code: str) -> str:
    """The code as it is stored and sent: upper case, without the decimal point or surrounding space."""
    return code.strip().upper().replace(".", "", 1)


def dotted(code: str) -> str:
    """The code as people read it: a decimal point after the third character."""
    bare = plain(code)
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def is_well_formed(code: str) -> bool:
    """Whether the text has the shape of a code, existing or not."""
    return _CODE.fullmatch(plain(code)) is not None


def is_valid(code: str) -> bool:
    """Whether the code exists, be it billable or a header."""
    return plain(code) in _ranks()


def is_billable(code: str, on: date | None = None) -> bool:
    """Whether the code is complete to its last character and, given a service date, in force on it."""
    bare = plain(code)
    rank = _ranks().get(bare)
    if rank is None or rank >= _billable():
        return False
    return on is None or on >= _LATER_START.get(bare, IN_FORCE_FROM)


def description(code: str) -> str:
    """The official description, empty when the code does not exist."""
    rank = _ranks().get(plain(code))
    return "" if rank is None else _descriptions()[rank]


def release() -> str:
    """Which release of the code set this is."""
    return str(_header()["release"])


def search(text: str, limit: int = 20, *, billable_only: bool = False) -> tuple[Diagnosis, ...]:
    """The codes that begin with what was typed, or whose descriptions have a word beginning with each word typed.

    Billable codes come before headers, general ones (short codes) first; a code typed alone lists in code order.
    """
    words = _typed(text)
    if not words or limit < 1:
        return ()
    found = _code_range(plain(words[0])) if len(words) == 1 else ()
    ranks: Iterable[int] = found or sorted(_intersection(words))
    chosen = (rank for rank in ranks if rank < _billable() or not billable_only)
    return tuple(_diagnosis(rank) for rank, _ in zip(chosen, range(limit), strict=False))


def _typed(text: str) -> list[str]:
    """What was typed as words; a single letter beside longer words is still being typed and narrows nothing."""
    words = [word.strip(".") for word in _WORD.findall(text[:200].lower())]
    return [word for word in words if len(word) > 1 or word.isdecimal()] or [word for word in words if word]


def _intersection(words: list[str]) -> set[int]:
    """Ranks matching every word, the rarest word first so that the sets stay small."""
    candidates = sorted((_matches(word) for word in set(words)), key=len)
    found = set(candidates[0])
    for ranks in candidates[1:]:
        found.intersection_update(ranks)
    return found


def _matches(word: str) -> "array[int]":
    """The ranks of descriptions with a word that begins so, and of codes that begin so."""
    vocabulary, starts, ranks = _index()
    bare = word.replace(".", "")
    first, last = bisect_left(vocabulary, bare), bisect_left(vocabulary, bare + _AFTER)
    return ranks[starts[first] : starts[last]] + array("I", _code_range(bare.upper()))


def _code_range(prefix: str) -> tuple[int, ...]:
    """The ranks of the codes that begin with `prefix`, in code order; none unless it looks like a code."""
    if not _TYPED_CODE.fullmatch(prefix):
        return ()
    codes, known = _sorted_codes(), _ranks()
    first, last = bisect_left(codes, prefix), bisect_left(codes, prefix + _AFTER)
    return tuple(known[code] for code in codes[first:last])


def _diagnosis(rank: int) -> Diagnosis:
    return Diagnosis(_codes()[rank], _descriptions()[rank], rank < _billable())


@cache
def _packed() -> bytes:
    packed = get_data(__package__, "icd10cm.bin")
    if packed is None:
        raise RuntimeError("domain/codes/icd10cm.bin is missing; run tools/build_icd10cm.py")
    return packed


@cache
def _header() -> dict[str, object]:
    return dict(json.loads(_packed().split(b"\n", 1)[0]))


def _section(name: str) -> bytes:
    start = _packed().index(b"\n") + 1
    sizes = _header()["sections"]
    assert isinstance(sizes, dict)
    for section, size in sizes.items():
        if section == name:
            return zlib.decompress(_packed()[start : start + size])
        start += size
    raise KeyError(name)


@cache
def _billable() -> int:
    return int(str(_header()["billable"]))


@cache
def _codes() -> list[str]:
    return _section("codes").decode().split("\n")


@cache
def _ranks() -> dict[str, int]:
    return {code: rank for rank, code in enumerate(_codes())}


@cache
def _sorted_codes() -> list[str]:
    return sorted(_codes())


@cache
def _descriptions() -> list[str]:
    return _section("descriptions").decode().split("\n")


@cache
def _index() -> tuple[list[str], list[int], "array[int]"]:
    """The sorted vocabulary, where each word's ranks start (with the end appended), and all ranks."""
    starts = list(accumulate(_numbers("counts"), initial=0))
    return _section("vocabulary").decode().split("\n"), starts, _numbers("ranks")


def _numbers(section: str) -> "array[int]":
    numbers = array("I", _section(section))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
