"""The end of a role: told when it was not asked for, in order, and certain."""

import asyncio
import subprocess
import sys

import pytest

from cli.ending import end_in_order, until_told

HANGS = """
import threading, time
from cli.ending import end_by_force
threading.Thread(target=time.sleep, args=(60,)).start()
end_by_force(0.2)
"""


async def test_a_part_that_falls_is_told_without_its_words_and_the_work_is_finished_before_the_rest_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, told, patient = asyncio.Event(), list[str](), "Robin Marlow"

    async def works() -> None:
        await stop.wait()
        told.append(caplog.messages[0].splitlines()[0])
        await asyncio.sleep(0.02)
        told.append("worked")

    async def falls() -> None:
        raise ValueError(patient)

    async def goes_on() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            told.append("ended")

    loops = {"falling": asyncio.create_task(falls()), "going on": asyncio.create_task(goes_on())}
    working = asyncio.create_task(works())
    await until_told(stop, working, loops)
    assert await end_in_order(working, loops)
    assert told == ["falling ended: ValueError", "worked", "ended"]
    assert patient not in caplog.text


async def test_a_role_that_was_told_to_stop_has_not_fallen() -> None:
    stop = asyncio.Event()

    async def waits() -> None:
        await stop.wait()

    asyncio.get_running_loop().call_later(0.02, stop.set)
    working, loops = asyncio.create_task(waits()), {"waiting": asyncio.create_task(waits())}
    await until_told(stop, working, loops)
    assert not await end_in_order(working, loops)


def test_a_process_that_hangs_at_its_end_is_ended_by_force() -> None:
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stderr) == (1, "still there after 0 s; ended by force\n")
