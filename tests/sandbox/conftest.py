"""One sandbox process for the session; every test enrols partners of its own."""

from collections.abc import Iterator
from itertools import count

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
