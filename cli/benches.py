"""Runs a benchmark of `bench/` and prints its figures beside what they must hold."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def names() -> list[str]:
    """The benchmarks there are: modules of `bench` that can `run`, a dash where the module has an underscore."""
    import bench

    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    shown = (name.replace("_", "-") for name in found if not name.startswith("_"))
    return sorted(name for name in shown if hasattr(_module(name), "run"))


def run(name: str | None, as_json: bool, size: int | None = None) -> int:
    """Run benchmark `name`, or list them. 0 when everything it promises holds, 1 when not, 2 for an unknown name or size.

    `size` is the first parameter of its `run`, where it has one: patients, entries, claims.
    """
    known = names()
    if name not in known:
        Console(stderr=name is not None, highlight=False).print(_choice(name, known), markup=False)
        return 0 if name is None else 2
    measure = _module(name).run
    first = next(iter(inspect.signature(measure).parameters.values()), None)
    if size is not None and (first is None or first.annotation is not int):
        Console(stderr=True, highlight=False).print(f"The benchmark {name!r} has one size.", markup=False)
        return 2
    result: Mapping[str, Any] = measure() if size is None else measure(size)
    if as_json:
        print(json.dumps(result))
    else:
        _show(result)
    return 0 if all(result["holds"].values()) else 1


def _module(name: str) -> Any:
    return importlib.import_module(f"bench.{name.replace('-', '_')}")


def _choice(name: str | None, known: list[str]) -> str:
    listed = "\n".join(f"  {one}" for one in known)
    return (
        f"Benchmarks:\n{listed}" if name is None else f"There is no benchmark {name!r}. There are:\n{listed}"
    )


def _show(result: Mapping[str, Any]) -> None:
    figures = Table("Figure", "Value", title=str(result["bench"]), box=None, title_justify="left")
    for figure, value in result["figures"].items():
        figures.add_row(figure, f"{value:,.4g}" if isinstance(value, float) else str(value))
    for promise, held in result["holds"].items():
        figures.add_row(promise, "[green]holds[/]" if held else "[red]does not hold[/]")
    Console(highlight=False).print(figures)
