"""Files broken on purpose: every mutant follows from its number alone, so that a fault can be made again."""

import gzip
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

Mutation = Callable[[random.Random, bytes], bytes]
SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "data" / "x12"
SEED = 835
LARGEST_BASE = 9_000
# A mutant is no larger than this, so that the time of one says something.
LARGEST = 120_000
_NUMBERS = (
    b"-1", b"0", b"-0.00", b"999999999999999999", b"1" * 400, b"1e9", b"NaN", b"inf", b"0x10", b".", b"-", b"1.2.3", b"12O",
    b"1,000.00", b"\xd9\xa3\xd9\xa4", b"+5", b"00000000000000000001", b"99999999999999999999999999.99", b"-.5", b" 5 ", b"",
)  # fmt: skip
_CONTROLS = (
    b"\x00",
    b"\x07",
    b"\x1a",
    b"\r",
    b"\n",
    b"\t",
    b"\x7f",
    b"\x1b[31m",
    b"\xff",
    b"\xc3\xa9",
    b"\xef\xbb\xbf",
)
_FORGED = (
    b"ISA*", b"~ST*835*0009~", b"~SE*1*0001~", b"~GE*1*1~IEA*1*1~", b"~CLP*X~", b"~CLP*A*1*1*1~SVC*HC:1*1*1~", b"~CAS*CO*45~",
    b"~PLB*1*20261231*WO:A*5~", b"~HL*1**20*1~", b"~HL*9*9*22*1~", b"~BPR*I*1~", b"~TRN*1~", b"~AK1*HC*1~AK2*837*0001~", b"~LX*1~",
    b"::::", b"^^^^", b"****", b"' OR 1=1 --", b"<script>", b"%s%n{0}", b"\xe2\x80\xae", b"TA1*1*2*3*A*000~",
)  # fmt: skip


@cache
def bases() -> tuple[bytes, ...]:
    """The samples that are mutated, in the order of their names."""
    paths = sorted(path for path in SAMPLES.glob("*/*") if path.name != "README.md")
    return tuple(path.read_bytes() for path in paths if path.stat().st_size <= LARGEST_BASE)


def mutant(number: int, of: tuple[bytes, ...] = ()) -> tuple[str, bytes]:
    """The kinds of change, joined by `+`, and the changed file. One to four changes; `of` are other files to start from."""
    dice = random.Random(SEED * 1_000_003 + number)
    files = of or bases()
    data, names = files[dice.randrange(len(files))], []
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        name = dice.choice(_NAMES)
        names.append(name)
        data = MUTATIONS[name](dice, data)[:LARGEST] or b"\n"
    return "+".join(names), data


def _at(dice: random.Random, data: bytes) -> int:
    return dice.randrange(len(data) + 1)


def _flip(dice: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 3, 20))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _insert(dice: random.Random, data: bytes) -> bytes:
    at = _at(dice, data)
    return data[:at] + dice.randbytes(dice.choice((1, 2, 8, 200))) + data[at:]


def _delete(dice: random.Random, data: bytes) -> bytes:
    at = _at(dice, data)
    return data[:at] + data[at + dice.choice((1, 2, 10, 100, 500)) :]


def _segments(data: bytes) -> list[bytes]:
    sign = data[105:106] if data.startswith(b"ISA") and len(data) > 106 else b"~"
    return [part + sign for part in data.split(sign)] if sign else [data]


def _drop(dice: random.Random, data: bytes) -> bytes:
    parts = _segments(data)
    for _ in range(min(dice.choice((1, 1, 2, 5)), len(parts) - 1)):
        parts.pop(dice.randrange(len(parts)))
    return b"".join(parts)


def _double(dice: random.Random, data: bytes) -> bytes:
    parts = _segments(data)
    at = dice.randrange(len(parts))
    some = parts[at : at + dice.choice((1, 1, 3, 12))]
    return b"".join(parts[:at] + some * dice.choice((2, 2, 3, 40)) + parts[at + len(some) :])


def _swap(dice: random.Random, data: bytes) -> bytes:
    parts = _segments(data)
    a, b = dice.randrange(len(parts)), dice.randrange(len(parts))
    parts[a], parts[b] = parts[b], parts[a]
    return b"".join(parts)


def _shuffle(dice: random.Random, data: bytes) -> bytes:
    parts = _segments(data)
    middle = parts[1:]
    dice.shuffle(middle)
    return b"".join(parts[:1] + middle)


def _delimiters(dice: random.Random, data: bytes) -> bytes:
    """One sign turned into another everywhere, which keeps a file sound, or in the ISA alone, which does not."""
    old = dice.choice((b"*", b":", b"~", b"^"))
    new = dice.choice((b"|", b">", b"'", b"\n", b"\x1d", b"A", b" ", b"*", b":", b"~", b"\\", b"]", b"+"))
    return data.replace(old, new) if dice.random() < 0.6 else data[:106].replace(old, new) + data[106:]


def _cut(dice: random.Random, data: bytes) -> bytes:
    return data[: _at(dice, data)]


def _splice(dice: random.Random, data: bytes) -> bytes:
    other = bases()[dice.randrange(len(bases()))]
    return data[: _at(dice, data)] + other[_at(dice, other) :]


def _append(dice: random.Random, data: bytes) -> bytes:
    return data + dice.choice((b"", b"\n", b"\x1a", b"junk")) + bases()[dice.randrange(len(bases()))]


def _number(dice: random.Random, data: bytes) -> bytes:
    found = [*re.finditer(rb"(?<=[*:|])-?\d+(?:\.\d+)?(?=[*:|~])", data)]
    if not found:
        return data
    one = dice.choice(found)
    return data[: one.start()] + dice.choice(_NUMBERS) + data[one.end() :]


def _control(dice: random.Random, data: bytes) -> bytes:
    at = _at(dice, data)
    return data[:at] + dice.choice(_CONTROLS) * dice.choice((1, 1, 4)) + data[at:]


def _forge(dice: random.Random, data: bytes) -> bytes:
    at = _at(dice, data)
    return data[:at] + dice.choice(_FORGED) + data[at:]


def _bloat(dice: random.Random, data: bytes) -> bytes:
    at = _at(dice, data)
    return (
        data[:at]
        + dice.choice((b"A", b":", b"*", b"^", b" ", b"9", b"~", b"LX*1~")) * dice.choice((50, 1_000, 20_000))
        + data[at:]
    )


def _encode(dice: random.Random, data: bytes) -> bytes:
    text = data.decode("latin-1")
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: text.encode("utf-16"), lambda: text.encode("utf-16-be"), lambda: b"\xef\xbb\xbf" + data,
        lambda: text.encode("cp037", "replace"), lambda: gzip.compress(data, mtime=0), lambda: data.replace(b"\n", b"\r\n"),
        lambda: data.lower(), lambda: data.replace(b"\n", b""), lambda: text.replace("E", "É").encode(), lambda: data[::-1],
    )  # fmt: skip
    return dice.choice(ways)()


def _empty(dice: random.Random, data: bytes) -> bytes:
    parts = data.split(b"*")
    for _ in range(dice.choice((1, 2, 6))):
        parts[dice.randrange(len(parts))] = b""
    return b"*".join(parts)


MUTATIONS: dict[str, Mutation] = {
    "flip": _flip, "insert": _insert, "delete": _delete, "drop": _drop, "double": _double, "swap": _swap,
    "shuffle": _shuffle, "delimiters": _delimiters, "cut": _cut, "splice": _splice, "append": _append, "number": _number,
    "control": _control, "forge": _forge, "bloat": _bloat, "encode": _encode, "empty": _empty,
}  # fmt: skip
_NAMES = sorted(MUTATIONS)
