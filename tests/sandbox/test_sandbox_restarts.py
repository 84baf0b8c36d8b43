"""kill -9 at any moment: every upload is answered exactly once, and nothing half visible or doubled."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.homes import OUTBOUND, Homes
from sandbox.ledger import Ledger
from tests.sandbox.claim_files import SentClaim, claim_file
from tests.sandbox.partner import Partner, SandboxProcess, segments

Launch = Callable[..., SandboxProcess]


def take_away(partner: Partner) -> dict[str, bytes]:
    """Reads and removes whatever is in outbound, as a poller does."""
    found = {name: partner.read(name) for name in partner.sftp.listdir("outbound")}
    for name in found:
        partner.sftp.remove(f"outbound/{name}")
    return found


def test_uploads_are_answered_once_however_often_the_server_is_killed(launch: Launch) -> None:
    sandbox = launch("--delay-277", "0.02", "--delay-835", "0.02")
    partner = sandbox.partner("survivor")
    chance = random.Random(7)
    got: list[tuple[str, bytes]] = []
    sent = 0
    for pause in (0.0, 0.004, 0.015, 0.03, 0.06):
        for _ in range(3):
            sent += 1
            claims = [SentClaim(f"K{sent}x{n}", "MEM55") for n in range(chance.randint(1, 40))]
            partner.upload(f"file{sent}.837", claim_file(claims, control=sent))
        time.sleep(pause)
        sandbox.kill()
        partner.disconnect()
        sandbox.start()
        got += take_away(partner).items()
    sandbox.settle()
    got += take_away(partner).items()
    partner.disconnect()
    assert sandbox.stop() == 0
    assert len(got) == len({name for name, _ in got}) == 4 * sent
    numbers = [
        one[1] for name, body in got if name.startswith("835") for one in segments(body) if one[0] == "CLP"
    ]
    assert len(numbers) == len(set(numbers))
    assert {number.split("x")[0] for number in numbers} == {f"K{n}" for n in range(1, sent + 1)}


def test_what_is_due_later_comes_after_a_restart_in_its_order(launch: Launch) -> None:
    sandbox = launch("--delay-277", "0.05", "--delay-835", "0.05")
    host_key = sandbox.host_key
    partner = sandbox.partner("patient")
    partner.upload("late.837", claim_file([SentClaim("L1", "MEM55"), SentClaim("L2", "MEM10")]))
    sandbox.kill()
    partner.disconnect()
    sandbox.start()
    assert sandbox.host_key == host_key
    answers = partner.collect()
    assert [row[1] for row in answers.paid()] == ["L1", "L2"]
    told = sandbox.ask("/files?username=patient")[1]["answers"]
    assert [one["name"][:7] for one in told] == [
        "999_000", "277CA_C", "277CA_P", "835_700", "277CA_C", "277CA_P", "835_700",
    ]  # fmt: skip
    first = told[0]["due_at"]
    assert [round(one["due_at"] - first, 3) for one in told] == [0.0, 0.05, 0.1, 0.15, 0.5, 1.0, 1.5]
    partner.disconnect()
    sandbox.stop()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "sandbox.sqlite")
    ledger.prepare()
    ledger.add_answer("someone", "999_1.edi", None, 0.0, b"ISA")
    return ledger


def test_a_crash_after_the_rename_does_not_bring_a_removed_answer_back(
    ledger: Ledger, tmp_path: Path
) -> None:
    homes = Homes(tmp_path)
    homes.make("someone")
    with ledger.transaction():
        ledger.mark_answers(ledger.answers_waiting(1.0), "staged")
    homes.deliver(ledger, ledger.answers_waiting(1.0))
    assert list((homes.home("someone") / OUTBOUND).iterdir()) == []
    assert ledger.answers_waiting(1.0) == []


def test_a_crash_before_the_rename_delivers_the_staged_answer(ledger: Ledger, tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    homes.make("someone")
    [waiting] = ledger.answers_waiting(1.0)
    (homes.staging / str(waiting.id)).write_bytes(waiting.body)
    with ledger.transaction():
        ledger.mark_answers([waiting], "staged")
    homes.deliver(ledger, ledger.answers_waiting(1.0))
    assert [one.read_bytes() for one in (homes.home("someone") / OUTBOUND).iterdir()] == [b"ISA"]


def test_two_servers_never_share_a_folder(launch: Launch, tmp_path: Path) -> None:
    first = launch()
    with pytest.raises(AssertionError, match="ended at its start"):
        launch()
    assert first.data == tmp_path
    assert first.stop() == 0
