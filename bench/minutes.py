"""The minute engine over a million time entries, beside a plain sum of the same rows, with the growth of memory."""

import random
from collections.abc import Iterator
from time import process_time
from typing import Any
from uuid import UUID

import psutil

from domain.care.codes import STANDARD
from domain.care.counting import Enrolled
from domain.care.entries import Credential, Entry, Programme
from domain.care.minutes import PatientMonth, reckon
from domain.care.month import Month

ENTRIES = 1_000_000
A_PATIENT = 20
GROWTH_MB = 20.0
_MONTH = Month(2026, 11, "America/Chicago")
_CREDENTIALS = (Credential.CLINICAL,) * 8 + (Credential.PRACTITIONER, Credential.OTHER)
_PROGRAMMES = (Programme.CCM,) * 9 + (Programme.PCM,)


def run(count: int = ENTRIES) -> dict[str, Any]:
    """Entries per second of processor time. Patients are made one at a time, as they are read from the database."""
    spent = {"sum": 0.0, "engine": 0.0}
    billed = seconds = plain = done = 0
    process = psutil.Process()
    begins, ends = _MONTH.window
    about = PatientMonth(
        _MONTH, tuple(Enrolled(one, begins, ends) for one in Programme), complex_decisions=True
    )
    start = 0
    for number, entries in enumerate(_patients(count)):
        at = process_time()
        plain += sum(entry.ends - entry.starts for entry in entries)
        then = process_time()
        result = reckon(entries, about, STANDARD)
        spent["engine"] += process_time() - then
        spent["sum"] += then - at
        billed += bool(result.lines)
        seconds += sum(result.counted.values())
        done += len(entries)
        if number == 1_000:
            start = process.memory_info().rss
    growth = (process.memory_info().rss - start) / 1e6 if start else 0.0
    return {
        "bench": "minutes",
        "figures": {
            "entries": done,
            "entries_per_s": done / spent["engine"],
            "times_a_plain_sum": spent["engine"] / spent["sum"],
            "patients_billed": billed,
            "counted_share_of_what_a_sum_says": seconds / plain,
            "memory_growth_mb": growth,
        },
        "holds": {f"memory grows by less than {GROWTH_MB:g} MB": growth < GROWTH_MB},
    }


def _patients(count: int) -> Iterator[list[Entry]]:
    """A month of a patient each: entries of a few staff that now and then overlap."""
    chance = random.Random(7)
    begins, ends = _MONTH.window
    for first in range(0, count, A_PATIENT):
        entries: list[Entry] = []
        for number in range(first, min(first + A_PATIENT, count)):
            starts = chance.randrange(begins, ends - 3_600, 60)
            if entries and chance.random() < 0.2:
                starts = entries[-1].starts + 120
            entries.append(
                Entry(
                    UUID(int=number + 1),
                    UUID(int=chance.randrange(1, 6)),
                    chance.choice(_PROGRAMMES),
                    chance.choice(_CREDENTIALS),
                    starts,
                    starts + chance.randrange(60, 900),
                )
            )
        yield entries
