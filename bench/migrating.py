"""Bringing a throwaway database to the current schema before it is measured."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


async def migrated(owner_url: str) -> None:
    """In a process of its own, as in production: the migrations bring their own engine, and what they print is no part
    of the figures."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "migrate"),
        cwd=ROOT,
        env=os.environ | {"CASELOAD_OWNER_DATABASE_URL": owner_url, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the migrations failed: {said.decode()[-2000:]}")
