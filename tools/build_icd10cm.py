"""Builds domain/codes/icd10cm.bin, the ICD-10-CM code set that the domain carries, from simple-icd-10-cm.

Run once per release of the code set: `.venv/bin/python tools/build_icd10cm.py`. ICD-10-CM is public domain (CMS, NCHS).
The order of the codes is the order in which a search offers them: billable first, then shorter codes and descriptions, which are the commoner conditions.
"""

import json
import re
import sys
import zlib
from array import array
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import simple_icd_10_cm as source

TARGET = Path(__file__).parents[1] / "domain" / "codes" / "icd10cm.bin"
RELEASE = "ICD-10-CM FY2026, April 1 2026 update"
WORD = re.compile(r"[a-z0-9]+")


def ranked() -> tuple[list[tuple[str, str]], int]:
    """(code, description) in offering order, and how many of them, from the first, are billable."""
    # Some blocks hold one category and share its code (B20, Z66): asked as blocks they would be lost.
    codes = {code for code in source.get_all_codes(with_dots=False) if _is_code(code)}
    rows = [(not source.is_leaf(code), source.get_description(code), code) for code in codes]
    rows.sort(key=lambda row: (row[0], len(row[2]), len(row[1]), row[2]))
    return [(code, text) for _, text, code in rows], sum(not header for header, _, _ in rows)


def _is_code(name: str) -> bool:
    return source.is_category(name) or source.is_subcategory(name)


def index(descriptions: Sequence[str]) -> tuple[list[str], "array[int]", "array[int]"]:
    """The sorted vocabulary, how many descriptions hold each word, and their ranks, word after word."""
    postings: dict[str, list[int]] = defaultdict(list)
    for rank, text in enumerate(descriptions):
        for word in set(WORD.findall(text.lower())):
            postings[word].append(rank)
    vocabulary = sorted(postings)
    counts = array("I", (len(postings[word]) for word in vocabulary))
    ranks = array("I", (rank for word in vocabulary for rank in postings[word]))
    return vocabulary, counts, ranks


def packed(sections: dict[str, bytes], facts: dict[str, object]) -> bytes:
    """One JSON header line, then each section compressed on its own, so that validity loads without the search."""
    bodies = {name: zlib.compress(body, 9) for name, body in sections.items()}
    header = {**facts, "sections": {name: len(body) for name, body in bodies.items()}}
    return json.dumps(header).encode() + b"\n" + b"".join(bodies.values())


def little_endian(numbers: "array[int]") -> bytes:
    """The numbers as 32-bit little-endian bytes, whatever machine builds them."""
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def build() -> None:
    """Writes the data file and says what is in it."""
    rows, billable = ranked()
    vocabulary, counts, ranks = index([text for _, text in rows])
    sections = {
        "codes": "\n".join(code for code, _ in rows).encode(),
        "descriptions": "\n".join(text for _, text in rows).encode(),
        "vocabulary": "\n".join(vocabulary).encode(),
        "counts": little_endian(counts),
        "ranks": little_endian(ranks),
    }
    TARGET.write_bytes(packed(sections, {"release": RELEASE, "billable": billable}))
    size = TARGET.stat().st_size
    sys.stdout.write(
        f"{TARGET.name}: {len(rows)} codes, {billable} billable, {len(vocabulary)} words, {size} bytes\n"
    )


if __name__ == "__main__":
    build()
