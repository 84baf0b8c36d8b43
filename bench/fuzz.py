"""A hundred thousand broken files read every way there is, and some of them posted in a real database."""

import os
import time
from typing import Any

from bench.fuzzing.posting import post_mutants
from bench.fuzzing.reading import LONGEST_SECONDS, PROCESSES, read_mutants

FILES = 100_000
POSTED = 3_000
MOST_GROWTH = 96_000_000


def run(files: int = 0, posted: int = 0) -> dict[str, Any]:
    """Read `files` mutants and post `posted` of 835s; CASELOAD_FUZZ_FILES and CASELOAD_FUZZ_POSTED choose fewer."""
    files = files or int(os.environ.get("CASELOAD_FUZZ_FILES", FILES))
    posted = posted or int(os.environ.get("CASELOAD_FUZZ_POSTED", POSTED))
    started = time.perf_counter()
    read = read_mutants(files)
    seconds = time.perf_counter() - started
    post = post_mutants(posted)
    return {
        "bench": "fuzz",
        "figures": {
            "files": read.files,
            "mb": read.bytes / 1e6,
            "refused_with_a_reason": read.refused,
            "findings": read.findings,
            "kinds_of_change": len(read.kinds),
            "processes": PROCESSES,
            "seconds_per_1000": seconds / read.files * 1_000,
            "slowest_file_seconds": read.slowest_seconds,
            "memory_growth_mb": read.growth / 1e6,
            "crashes": read.faults[:20],
            "hangs": read.hangs[:20],
            "posted_files": post.files,
            "posted_outcomes": dict(sorted(post.outcomes.items())),
            "posting_seconds_per_1000": post.seconds / post.files * 1_000,
            "posting_faults": post.faults[:20],
        },
        "holds": {
            "no crash": not read.faults,
            f"no hang: no reader takes {LONGEST_SECONDS:g} s": not read.hangs,
            f"memory grows by less than {MOST_GROWTH // 1_000_000} MB": read.growth < MOST_GROWTH,
            "no partial posting": not post.faults,
            "some of each were posted, quarantined and refused": {"posted", "quarantined", "unreadable"}
            <= set(post.outcomes),
        },
    }
