"""Steps that hold or do not: how the story is told, timed and stopped at the first thing that is not so."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.2


class NotHeld(Exception):
    """A step's promise is not kept; the text says what was seen instead."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story. `part` groups the lines, `seconds` is how long it took."""

    part: str
    title: str
    held: bool
    proof: str
    seconds: float


class Teller:
    """Runs steps one after the other and hands each to `hear` when it is over."""

    def __init__(self, hear: Callable[[Step], None]) -> None:
        self._hear = hear
        self.steps: list[Step] = []

    async def tell(self, part: str, title: str, step: Callable[[], Awaitable[str]]) -> None:
        """Run one step; it answers its proof. NotHeld goes up after it was heard: what follows stands on it."""
        began = time.monotonic()
        try:
            proof, held = await step(), True
        except NotHeld as failure:
            proof, held = str(failure), False
        done = Step(part, title, held, proof, round(time.monotonic() - began, 2))
        self.steps.append(done)
        self._hear(done)
        if not held:
            raise NotHeld(proof)


def expect(condition: object, otherwise: str) -> None:
    """NotHeld with the sentence when the condition is not true."""
    if not condition:
        raise NotHeld(otherwise)


async def until(
    look: Callable[[], Awaitable[T]], good: Callable[[T], object], awaited: str, seconds: float = 45.0
) -> T:
    """Look again and again until what is seen is good; NotHeld names what was awaited and what was seen last."""
    limit = time.monotonic() + seconds
    while True:
        seen = await look()
        if good(seen):
            return seen
        if time.monotonic() > limit:
            raise NotHeld(f"{awaited} did not come within {seconds:.0f} s")
        await asyncio.sleep(PAUSE)


def dollars(cents: int) -> str:
    """An amount as people write it."""
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"
