"""Ids that grow with time, for rows written through Piccolo; plain SQL takes PostgreSQL's own `uuidv7()`."""

import os
import time
from uuid import UUID


def time_ordered_id() -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | (7 << 76)
    return UUID(int=number & ~(0x3 << 62) | (0x2 << 62))
