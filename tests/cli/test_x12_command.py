"""`caseload x12 check` and `caseload x12 show` as a user types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.x12 import app

OWN = Path(__file__).parents[1] / "data" / "x12" / "own"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_a_sound_file_ends_with_zero() -> None:
    code, text = run("check", str(OWN / "replacement.837"))
    assert (code, "0 errors, 0 warnings" in text) == (0, True)


def test_errors_end_with_one_and_stand_at_their_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.837"
    file.write_bytes((OWN / "replacement.837").read_bytes().replace(b"*300***11", b"*301***11"))
    code, text = run("check", str(file))
    assert code == 1
    assert "P837-CLM-001  segment 21 CLM02 (19 of its set, loop 2300)" in text
    assert "CLM*C-000001-2*»301«***11:B:7" in text
    assert "wanted: CLM02 is the exact sum of the lines (005010X222A1, CLM02)" in text and "to do:" in text


def test_json_carries_every_part_of_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "bad.835"
    file.write_bytes((OWN / "interest.835").read_bytes().replace(b"BPR*I*213.45", b"BPR*I*1"))
    code, text = run("check", str(file), "--json")
    body = json.loads(text)
    assert (code, body["readable"], body["errors"]) == (1, True, 1)
    assert set(body["findings"][0]) == {
        "rule", "severity", "segment_number", "segment", "element", "loop", "message", "position", "offset", "start",
        "end", "wants", "to_do", "citation", "bytes",
    }  # fmt: skip
    assert body["findings"][0]["bytes"]["there"] == "1"
    assert body["findings"][0]["rule"] == "R835-BAL-003"


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00", b"ISA*00*"])
def test_what_cannot_be_read_ends_with_two(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "odd.bin"
    file.write_bytes(content)
    assert run("check", str(file))[0] == 2
    assert run("show", str(file))[0] == 2
    code, text = run("check", str(file), "--json")
    assert (code, json.loads(text)["readable"]) == (2, False)


def test_a_file_that_is_not_there_ends_with_two(tmp_path: Path) -> None:
    assert run("check", str(tmp_path / "nothing"))[0] == 2
    assert run("show", str(tmp_path))[0] == 2


def test_show_prints_the_file_in_plain_words() -> None:
    code, text = run("show", str(OWN / "interest.835"))
    assert (code, "[1000B] Payee" in text) == (0, True)
