"""A 5 MB 835 read with its three balances proved, beside every other reader that is installed, and 200 MB as a stream."""

import multiprocessing
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from time import process_time
from typing import Any

import oxedi

from bench.remit_readers import SLOW, missing, pure_python_readers
from domain.remittances.balance import Proof
from domain.x12.decode_835 import stream_835
from domain.x12.facts_835 import ClaimPayment, PaymentHeader, PaymentTrailer

SIZE = 5_000_000
STREAMED = 200_000_000
ROUNDS = 5
LEAST_MB_PER_SECOND = 20.0
MOST_STREAM_GROWTH = 32_000_000
PIECE = 1 << 16
BYTES_PER_CLAIM = 661
_KILOBYTE = 1 if sys.platform == "darwin" else 1024


def run(streamed: int = STREAMED) -> dict[str, Any]:
    """Medians of five interleaved rounds in MB per second of processor time, and the memory of a stream.

    Readers that take many seconds read a tenth of the file, twice. The small streams are measured object by object, the
    large one as the memory of a process of its own.
    """
    data = b"".join(remittance(SIZE))
    readers: dict[str, Callable[[bytes], object]] = {"caseload": lambda whole: proved(iter([whole]))}
    readers |= pure_python_readers()
    speed = _speeds(readers | {"oxedi": oxedi.parse}, data)
    others = {name: value for name, value in speed.items() if name not in ("caseload", "oxedi")}
    small, large = _peak(SIZE), _peak(4 * SIZE)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        seconds, growth = pool.submit(streamed_alone, streamed).result()
    figures: dict[str, Any] = {"file_mb": len(data) / 1e6, "claims": proved(iter([data]))}
    figures |= {f"{name}_mb_per_s": value for name, value in speed.items()}
    figures |= {
        "times_the_fastest_in_python": speed["caseload"] / max(others.values()),
        "not_installed": missing(),
    }
    figures |= {"streamed_peak_mb": small / 1e6, "streamed_peak_mb_at_4_times": large / 1e6}
    figures |= {
        "large_stream_mb": streamed / 1e6,
        "large_stream_seconds": seconds,
        "large_stream_growth_mb": growth / 1e6,
    }
    holds = {
        "at least 20 MB/s with balances proved": speed["caseload"] >= LEAST_MB_PER_SECOND,
        "faster than every reader in Python": speed["caseload"] > max(others.values()),
        "memory flat when streamed": large < small * 1.25 + 1_000_000,
        f"{streamed // 1_000_000} MB stream with less than {MOST_STREAM_GROWTH // 1_000_000} MB more memory": growth
        < MOST_STREAM_GROWTH,
    }
    return {"bench": "remit", "figures": figures, "holds": holds}


def _speeds(readers: dict[str, Callable[[bytes], object]], data: bytes) -> dict[str, float]:
    """MB per processor second: one warm-up, then rounds that take every reader in turn, so that all share the machine's
    moods. None of the readers waits for anything, so on a quiet machine these are seconds of the clock."""
    short = b"".join(remittance(SIZE // 10))
    files = {name: short if name in SLOW else data for name in readers}
    found: dict[str, list[float]] = {name: [] for name in readers}
    for turn in range(ROUNDS + 1):
        for name, read in readers.items():
            if name in SLOW and turn > 2:
                continue
            started = process_time()
            read(files[name])
            if turn:
                found[name].append(process_time() - started)
    return {name: len(files[name]) / 1e6 / median(times) for name, times in found.items()}


def streamed_alone(size: int) -> tuple[float, int]:
    """Seconds, and bytes of memory that this process took more, to make and read a remittance of `size` bytes."""
    proved(_pieces(remittance(SIZE)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    proved(_pieces(remittance(size)))
    seconds = time.perf_counter() - started
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * _KILOBYTE


def proved(pieces: Iterator[bytes]) -> int:
    """Read a remittance as a stream and prove every balance; the number of claims. Raises when one does not hold."""
    header: PaymentHeader | None = None
    proof = Proof()
    count = 0
    for event in stream_835(pieces):
        if isinstance(event, ClaimPayment):
            proof.add(event)
            count += 1
        elif isinstance(event, PaymentHeader):
            header, proof = event, Proof()
        elif isinstance(event, PaymentTrailer) and header is not None and proof.close(header, event):
            raise AssertionError("the generated remittance must balance")
    return count


def _peak(size: int) -> int:
    """The highest memory that Python objects take while a file of `size` bytes is made and read piece by piece."""
    tracemalloc.start()
    try:
        proved(_pieces(remittance(size)))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def remittance(size: int) -> Iterator[bytes]:
    """A balanced 835 of about `size` bytes, made in parts: paid, shared, denied and many-lined claims in turn.

    The amounts are worked out twice, first for BPR02, so that no part has to be kept.
    """
    count = max(size // BYTES_PER_CLAIM, 1)
    total = sum(_claim(number)[1] for number in range(count))
    yield _head(total - 12_345).encode()
    for number in range(count):
        yield _claim(number)[0].encode()
    segments = 13 + sum(_claim(number)[0].count("~") for number in range(count))
    yield f"PLB*1234567893*20261231*WO:REF1*100.*L6:REF2*23.45~\nSE*{segments}*0001~\nGE*1*1~\nIEA*1*000000001~\n".encode()


def _head(cents: int) -> str:
    return "~\n".join(
        (
            "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *261101*1200*^*00501*000000001*0*T*:",
            "GS*HP*PAYER*PROVIDER*20261101*1200*1*X*005010X221A1",
            "ST*835*0001",
            f"BPR*I*{cents / 100:.2f}*C*ACH*CCP*01*111000025*DA*1234*1512345678**01*111000025*DA*5678*20261101",
            "TRN*1*TRACE0001*1512345678",
            "DTM*405*20261101",
            "N1*PR*NORTHERN HEALTH PLAN*XV*12345",
            "N3*1 MAIN STREET",
            "N4*SPRINGFIELD*IL*62701",
            "PER*BL*TECHNICAL*TE*2175550100",
            "N1*PE*GOOD CLINIC LLC*XX*1234567893",
            "REF*TJ*123456789",
            "LX*1~\n",
        )
    )


def _claim(number: int) -> tuple[str, int]:
    """One CLP with its lines, and what it pays in cents."""
    lines = [_line(number, line) for line in range(1 + number % 4)]
    charge, paid = sum(line[1] for line in lines), sum(line[2] for line in lines)
    share = sum(line[3] for line in lines)
    head = (
        f"CLP*CLM{number:08d}*1*{_money(charge)}*{_money(paid)}*{_money(share)}*12*{number:012d}001*11*1~\n"
        f"NM1*QC*1*{_NAMES[number % 5]}{number % 977}*JANE*Q***MI*W{number:09d}~\n"
        f"NM1*82*1*WELBY*MARCUS*T***XX*1234567893~\nREF*1L*GROUP{number % 31:05d}~\nREF*CE*PREFERRED PROVIDER~\n"
        f"DTM*232*202610{1 + number % 28:02d}~\nDTM*233*202610{1 + number % 28:02d}~\nDTM*050*20261029~\n"
        f"PER*CX*CLAIMS OFFICE*TE*2175550100~\nAMT*AU*{_money(charge)}~\n"
    )
    return head + "".join(line[0] for line in lines), paid


def _line(number: int, line: int) -> tuple[str, int, int, int]:
    """One SVC with its charge, payment and patient's share; prices come from a fee schedule, as they do."""
    procedure = (number * 7 + line * 13) % 400
    charge = 4_000 + procedure * 137
    contract, share = charge * 31 // 100, (number % 3) * 1_000
    if (number + line) % 9 == 0:
        contract, share = charge, 0
    paid = charge - contract - share
    group = "CO*197" if contract == charge else "CO*45"
    text = (
        f"SVC*HC:{99000 + procedure}:25*{_money(charge)}*{_money(paid)}**1~\nDTM*472*202610{1 + number % 28:02d}~\n"
        f"CAS*{group}*{_money(contract)}~\n"
        + (f"CAS*PR*2*{_money(share)}~\n" if share else "")
        + f"REF*6R*{number:07d}L{line}~\nREF*0K*POLICY-2026-{procedure:04d}~\nAMT*B6*{_money(charge - contract)}~\n"
        + "LQ*HE*N130~\n"
    )
    return text, charge, paid, share


_NAMES = ("ANDERSON", "BAKER", "CASTELLANO", "DIMITROV", "ELLSWORTH")


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)
