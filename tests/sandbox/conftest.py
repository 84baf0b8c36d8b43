"""One sandbox process for the session; every test enrols partners of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.sandbox.partner import Partner, SandboxProcess

_numbers = count(1)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("sandbox"))
    process.start()
    yield process
    assert process.stop() == 0


@pytest.fixture
def partner(sandbox: SandboxProcess) -> Iterator[Partner]:
    one = sandbox.partner(f"partner{next(_numbers)}")
    yield one
    one.disconnect()


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., SandboxProcess]]:
    """Makes sandboxes over the test's own folder, with options; none outlives the test."""
    made: list[SandboxProcess] = []

    def start(*options: str) -> SandboxProcess:
        made.append(SandboxProcess(tmp_path, options))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.end()
