"""Mutants read every way there is, in processes of their own, with a bound on time and memory."""

import multiprocessing
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from types import FrameType

from bench.fuzzing.mutants import mutant
from domain.remittances.balance import prove
from domain.x12.check import check
from domain.x12.decode_277ca import read_277ca
from domain.x12.decode_835 import read_835
from domain.x12.decode_837 import read_837
from domain.x12.decode_999 import read_999
from domain.x12.decode_ta1 import read_ta1
from domain.x12.errors import Unreadable
from domain.x12.kind import kind_of
from domain.x12.show import show
from domain.x12.view import view

PROCESSES = 2
SHARE = 500
# Seconds of processor time, which a busy machine does not stretch; no reader waits for anything.
LONGEST_SECONDS = 5.0
# Every eighth mutant is drawn too, as the page and the command line show it.
DRAWN = 8
_KILOBYTE = 1 if sys.platform == "darwin" else 1024


@dataclass
class Tally:
    """What came of some mutants. `faults` name the mutant, the reader and the error; `growth` is in bytes of memory."""

    files: int = 0
    bytes: int = 0
    refused: int = 0
    findings: int = 0
    slowest_seconds: float = 0.0
    growth: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in what another share came to."""
        self.files += other.files
        self.bytes += other.bytes
        self.refused += other.refused
        self.findings += other.findings
        self.slowest_seconds = max(self.slowest_seconds, other.slowest_seconds)
        self.growth = max(self.growth, other.growth)
        self.kinds += other.kinds
        self.faults += other.faults
        self.hangs += other.hangs


class _TooLongError(Exception):
    """A mutant took longer than any file of its size may."""


def _ring(number: int, frame: FrameType | None) -> None:
    raise _TooLongError


READERS: dict[str, Callable[[bytes], object]] = {
    "kind_of": kind_of,
    "check": check,
    "835": lambda data: [prove(one) for one in read_835(data)],
    "837": lambda data: list(read_837(data)),
    "277ca": read_277ca,
    "999": read_999,
    "ta1": read_ta1,
}
DRAWINGS: dict[str, Callable[[bytes], object]] = {
    "show": show,
    "view": lambda data: view(data, 7, 50, "a"),
}


def read_mutants(count: int) -> Tally:
    """Read the first `count` mutants in two processes."""
    total = Tally()
    shares = [(start, min(start + SHARE, count)) for start in range(0, count, SHARE)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_begin) as pool:
        for one in pool.map(_share, shares):
            total.add(one)
    return total


_memory_at_start = 0


def _begin() -> None:
    """Warm up, so that what is measured is growth: tables, expressions and caches are made once."""
    global _memory_at_start
    signal.signal(signal.SIGVTALRM, _ring)
    for number in range(200):
        _read(number, Tally())
    _memory_at_start = _memory()


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE


def _share(numbers: tuple[int, int]) -> Tally:
    tally = Tally()
    for number in range(*numbers):
        _read(number, tally)
    tally.growth = _memory() - _memory_at_start
    return tally


def _read(number: int, tally: Tally) -> None:
    kinds, data = mutant(number)
    tally.files += 1
    tally.bytes += len(data)
    tally.kinds.update(kinds.split("+"))
    started = time.process_time()
    readers = READERS | (DRAWINGS if number % DRAWN == 0 else {})
    refused = False
    for name, read in readers.items():
        refused |= _read_one(number, kinds, name, read, data, tally)
    tally.refused += refused
    tally.slowest_seconds = max(tally.slowest_seconds, time.process_time() - started)


def _read_one(
    number: int, kinds: str, name: str, read: Callable[[bytes], object], data: bytes, tally: Tally
) -> bool:
    """Whether the reader refused the mutant with a reason."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_SECONDS)
    try:
        answer = read(data)
        if name == "check" and isinstance(answer, list):
            tally.findings += len(answer)
    except Unreadable as refusal:
        if not (refusal.code and refusal.title and refusal.what_to_do):
            tally.faults.append(f"{number} {kinds} {name}: a refusal without a reason")
        return True
    except _TooLongError:
        tally.hangs.append(f"{number} {kinds} {name}")
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for, and it is told
        tally.faults.append(f"{number} {kinds} {name}: {type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return False
