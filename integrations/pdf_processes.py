"""Rendering in processes of its own: a page takes a tenth of a second of pure computing, and a month has thousands.

One pool a program, begun with the first document and ended by `stop`. Its processes are spawned, so that they share no
lock with a program full of threads, and end by themselves when the program is gone.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from integrations import pdf
from integrations.pdf import Archival

MOST_PROCESSES = 8

_pool: ProcessPoolExecutor | None = None
_fonts: Any = None


async def archived(one: Archival) -> bytes:
    """The PDF/A of a document, rendered beside the program; see `integrations.pdf.archive`.

    A pool that lost a process, to the kernel's want of memory or to somebody's kill, is replaced once.
    """
    loop = asyncio.get_running_loop()
    pool = _running()
    try:
        return await loop.run_in_executor(pool, _archive, one)
    except BrokenProcessPool:
        _forget(pool)
        return await loop.run_in_executor(_running(), _archive, one)


def stop() -> None:
    """End the processes; what is being rendered is finished first. The next document begins a new pool."""
    global _pool
    if _pool is not None:
        _pool.shutdown(cancel_futures=True)
        _pool = None


def processes() -> int:
    """How many documents are rendered at the same time."""
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)


def _running() -> ProcessPoolExecutor:
    global _pool
    if _pool is None:
        context = multiprocessing.get_context("spawn")
        _pool = ProcessPoolExecutor(processes(), mp_context=context, initializer=_begin)
    return _pool


def _forget(broken: ProcessPoolExecutor) -> None:
    global _pool
    if _pool is broken:
        _pool = None
        broken.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """In a new process: leave Ctrl-C to the program, and end with it however it ends."""
    global _fonts
    # Thousands of packets give way to whatever a person or a process waits for.
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _fonts = pdf.fonts()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # only the pool's processes run this
    parent.join()
    os._exit(1)


def _archive(one: Archival) -> bytes:
    return pdf.archive(one, _fonts)
