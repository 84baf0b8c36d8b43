"""The other readers of 835s that are written in Python, each doing what it does to a whole file.

pyx12 is a dependency of the tests; the others are measured where somebody installed them, and named where nobody did.
"""

import importlib
import io
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pyx12.x12file import X12Reader

Reader = Callable[[bytes], object]
# Distribution and module of each, and the readers that would keep everybody waiting.
OTHERS = {"openx12": "openx12", "edi_835_parser": "edi_835_parser", "x12sdk": "x12sdk"}
SLOW = frozenset({"edi_835_parser", "x12sdk", "openx12", "pyx12_reader"})


def pure_python_readers() -> dict[str, Reader]:
    """The readers that are installed."""
    made: dict[str, Callable[[], Reader]] = {
        "openx12": _openx12, "edi_835_parser": _edi_835_parser, "x12sdk": _x12sdk,
    }  # fmt: skip
    return {"pyx12_reader": _pyx12} | {name: make() for name, make in made.items() if find_spec(OTHERS[name])}


def missing() -> list[str]:
    """The distributions that are not installed."""
    return [name.replace("_", "-") for name, module in OTHERS.items() if find_spec(module) is None]


def _pyx12(data: bytes) -> object:
    return sum(1 for _ in X12Reader(io.StringIO(data.decode("ascii"))))


def _openx12() -> Reader:
    x835: Any = importlib.import_module("openx12.x835")
    return lambda data: x835.parse(data.decode("ascii")).claims


def _edi_835_parser() -> Reader:
    """It reads files only; to write one is a hundredth of its time."""
    module: Any = importlib.import_module("edi_835_parser")

    def read(data: bytes) -> object:
        with tempfile.NamedTemporaryFile(suffix=".835") as file:
            Path(file.name).write_bytes(data)
            return module.parse(file.name)

    return read


def _x12sdk() -> Reader:
    io_module: Any = importlib.import_module("x12sdk.io")

    def read(data: bytes) -> object:
        with io_module.X12ModelReader(data.decode("ascii")) as reader:
            return sum(1 for _ in reader.models())

    return read
