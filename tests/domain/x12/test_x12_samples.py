"""Every sample file is read, checked and shown, or refused with a reason."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.x12.check import check
from domain.x12.decode_277ca import read_277ca
from domain.x12.decode_835 import read_835
from domain.x12.decode_837 import read_837
from domain.x12.decode_999 import read_999
from domain.x12.decode_ta1 import read_ta1
from domain.x12.errors import Unreadable
from domain.x12.show import outline, show

ROOT = Path(__file__).parents[2] / "data" / "x12"
FILES = sorted(path for path in ROOT.glob("*/*") if path.name != "README.md")
READERS: tuple[Callable[[bytes], object], ...] = (
    check, show, outline, read_999, read_ta1, read_277ca,
    lambda data: list(read_835(data)), lambda data: list(read_837(data)),
)  # fmt: skip


def refusals(data: bytes) -> set[str]:
    """Read the bytes every way there is; the codes of the refusals. Anything but a named refusal fails the test."""
    found = set()
    for read in READERS:
        try:
            read(data)
        except Unreadable as refused:
            found.add(refused.code)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_is_read_or_refused_with_a_reason(path: Path) -> None:
    assert refusals(path.read_bytes()) <= {
        "x12_no_bpr", "x12_amount_not_numeric", "x12_element_missing", "x12_quantity_not_numeric", "x12_outside_claim",
    }  # fmt: skip


# Of 5010, by source; what is broken on purpose is refused above with a reason.
COUNTS = {
    "apimeister-x12-types": 1, "genformai-edi-cli": 4, "imsweb-x12-parser": 27, "linuxforhealth-x12": 31, "pyx12": 5, "xlate-staedi": 12,
}  # fmt: skip


def of_5010(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/*")}
    return {name: data for name, data in found.items() if b"005010X" in data and b"ISA" in data[:3]}


def test_every_5010_file_of_the_shared_samples_is_among_them() -> None:
    here = {name: data for name, data in of_5010(ROOT).items() if not name.startswith("own/")}
    assert Counter(name.split("/")[0] for name in here) == COUNTS
    # Where the collection they come from lies beside the repository, not one may be missing or altered.
    shared = of_5010(ROOT.parents[3] / "shared" / "x12")
    assert shared.items() <= here.items()


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["replace", "delete", "insert", "swap", "cut", "double"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.binary(max_size=6)
        | st.sampled_from([b"*", b":", b"~", b"^", b"ISA*", b"~ST*837*", b"\n", b"HL*", b"\xff"]),
    ),
    max_size=8,
)


def mutated(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    for kind, first, second, more in changes:
        at, to = first % (len(data) + 1), second % (len(data) + 1)
        match kind:
            case "replace":
                data = data[:at] + more + data[at + len(more) :]
            case "delete":
                data = data[:at] + data[at + second % 30 :]
            case "insert":
                data = data[:at] + more + data[at:]
            case "swap":
                parts = data.split(b"~")
                a, b = first % len(parts), second % len(parts)
                parts[a], parts[b] = parts[b], parts[a]
                data = b"~".join(parts)
            case "cut":
                data = data[: max(at, 120)]
            case "double":
                data = data + data[min(at, to) : min(at, to) + 2_000]
    return data


SMALL = [path.read_bytes() for path in FILES if path.stat().st_size < 3_000]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=st.sampled_from(SMALL), changes=MUTATIONS)
def test_no_bytes_make_a_reader_crash(base: bytes, changes: list[tuple[str, int, int, bytes]]) -> None:
    refusals(mutated(base, changes))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_by_name(data: bytes) -> None:
    refusals(data)
    refusals(SMALL[0][:106] + data)
