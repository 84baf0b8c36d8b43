"""The control desk: enrolment, the table of scenarios, duplicates on request, named refusals."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.sandbox.claim_files import SentClaim, claim_file
from tests.sandbox.partner import ROOT, Partner, SandboxProcess, key_line

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLEL/kZ7lf3Ia48N6k1QVL8+UQOBDQwHUl0v2CBEP29"


def test_enrolment_says_where_to_go_and_is_idempotent(sandbox: SandboxProcess) -> None:
    asked = {"username": "desk1", "public_key": KEY, "sender_id": "SENDER1"}
    status, told = sandbox.ask("/enrolments", asked)
    assert status == 201
    assert told == {
        "host": "127.0.0.1", "port": sandbox.sftp_port, "host_key": sandbox.host_key,
        "inbound": "inbound", "outbound": "outbound", "receiver_id": "SANDBOXCH",
    }  # fmt: skip
    assert sandbox.ask("/enrolments", asked) == (200, told)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"public_key": KEY.replace("kZ7", "kZ8")}, 409, "username_taken"),
        ({"sender_id": "OTHER"}, 409, "username_taken"),
        ({"username": "../etc"}, 422, "username_invalid"),
        ({"username": ""}, 422, "username_missing"),
        ({"username": 7}, 422, "username_missing"),
        ({"public_key": ""}, 422, "credential_missing"),
        ({"public_key": "ssh-rsa hello"}, 422, "public_key_invalid"),
        ({"sender_id": "TOO LONG FOR AN ISA"}, 422, "sender_id_invalid"),
        ({"sender_id": "A*B"}, 422, "sender_id_invalid"),
    ],
)
def test_a_bad_enrolment_is_refused_by_name(
    sandbox: SandboxProcess, change: dict[str, object], status: int, error: str
) -> None:
    good = {"username": "desk2", "public_key": KEY, "sender_id": "SENDER1"}
    sandbox.ask("/enrolments", good)
    refused, told = sandbox.ask("/enrolments", {**good, **change})
    assert (refused, told["error"]) == (status, error)
    assert told["what_to_do"]


def test_bad_requests_are_refused_by_name(sandbox: SandboxProcess) -> None:
    for path, body, status, error in (
        ("/nowhere", None, 404, "no_such_address"),
        ("/enrolments", None, 405, "method_not_allowed"),
        ("/enrolments", b"{", 400, "body_not_json"),
        ("/enrolments", b"[]", 400, "body_not_json"),
        ("/enrolments", b" " * 200_000, 413, "body_too_large"),
        ("/files?username=nobody", None, 404, "no_such_user"),
        ("/files", None, 422, "username_missing"),
    ):
        refused, told = sandbox.ask(path, body)
        assert (refused, told["error"]) == (status, error), path


def test_health_and_scenarios_answer(sandbox: SandboxProcess) -> None:
    assert sandbox.ask("/health")[1]["status"] == "ok"
    told = sandbox.ask("/scenarios")[1]["scenarios"]
    assert told[9]["key"] == "09"
    assert told[9]["chosen_by"] == "member id ends in 09"


def test_a_delivered_file_can_be_delivered_again_under_another_name(
    sandbox: SandboxProcess, partner: Partner
) -> None:
    name = partner.exchange("a.837", claim_file([SentClaim("R1", "MEM55")])).names("835")[0]
    asked = {"username": partner.username, "file": name, "as": "835_copy.edi"}
    partner.sftp.remove(f"outbound/{name}")
    assert sandbox.ask("/deliver-again", asked)[0] == 201
    assert [row[1] for row in partner.collect().paid()] == ["R1"]
    for change, error in (
        ({}, "name_taken"),
        ({"as": "../x"}, "name_invalid"),
        ({"as": ".x"}, "name_invalid"),
        ({"file": "nothing.edi", "as": "y.edi"}, "no_such_file"),
        ({"username": "nobody"}, "no_such_user"),
    ):
        assert sandbox.ask("/deliver-again", {**asked, **change})[1]["error"] == error


def test_one_partner_cannot_have_anothers_file_delivered(sandbox: SandboxProcess, partner: Partner) -> None:
    name = partner.exchange("a.837", claim_file([SentClaim("R1", "MEM55")])).names("835")[0]
    other = sandbox.partner("curious", sender="SENDER9")
    refused = sandbox.ask("/deliver-again", {"username": other.username, "file": f"{name}", "as": "z.edi"})
    assert refused[0] == 404


def test_the_command_prints_the_scenarios() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "sandbox", "scenarios"], cwd=ROOT, capture_output=True, check=True
    )
    assert "CO-197" in made.stdout.decode()


def test_the_sandbox_imports_no_room_of_the_product() -> None:
    rooms = [
        "domain",
        "policies",
        "database",
        "integrations",
        "activities",
        "workflows",
        "services",
        "api",
        "ui",
        "cli",
        "bench",
        "settings",
    ]
    code = f"import sys, sandbox.command; print([m for m in sys.modules if m.split('.')[0] in {rooms}])"
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert made.stdout.decode().strip() == "[]"


def test_a_key_of_another_kind_is_welcome_too(sandbox: SandboxProcess, partner: Partner) -> None:
    import paramiko

    key = paramiko.RSAKey.generate(2048)
    sandbox.ask("/enrolments", {"username": "rsa1", "public_key": key_line(key), "sender_id": "SENDER1"})
    transport = paramiko.Transport(("127.0.0.1", sandbox.sftp_port))
    transport.connect(username="rsa1", pkey=key)
    assert transport.is_authenticated()
    transport.close()


def test_a_desk_that_listens_everywhere_tells_the_name_it_was_reached_by(
    launch: Callable[..., SandboxProcess],
) -> None:
    everywhere = launch("--host", "0.0.0.0")
    _, told = everywhere.ask("/enrolments", {"username": "far", "public_key": KEY, "sender_id": "SENDER1"})
    assert told["host"] == "127.0.0.1"
    assert everywhere.stop() == 0
