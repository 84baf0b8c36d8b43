"""Rest for the cyclic collector while a great remittance is posted."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

GREAT = 1_000_000

_resting = 0


@contextmanager
def collector_at_rest(size: int) -> Iterator[None]:
    """No cyclic collection inside, for files of GREAT bytes and more: their millions of facts all live until the end, hold
    no cycles, and would be looked through again and again. What is no longer referred to is freed as ever."""
    global _resting
    if size < GREAT or not (_resting or gc.isenabled()):
        yield
        return
    _resting += 1
    gc.disable()
    try:
        yield
    finally:
        _resting -= 1
        if not _resting:
            gc.enable()
