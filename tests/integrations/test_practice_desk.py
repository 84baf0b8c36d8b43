"""Enrolment with the practice clearinghouse's control desk, and keys as text."""

import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from integrations.clearinghouse import DeskError, HttpPracticeDesk
from integrations.ssh_keys import fingerprint, host_key_parts, make_key_pair


async def test_enrolling_hands_back_the_host_key_of_the_running_server(partner) -> None:
    enrolment = await HttpPracticeDesk(partner.control_url).enrol(
        f"u{uuid4().hex[:12]}", make_key_pair().public_key, "SENDER1"
    )
    assert enrolment.port == partner.sftp_port
    assert host_key_parts(enrolment.host_key) == host_key_parts(partner.host_key)
    assert enrolment.receiver_id


async def test_enrolling_again_with_the_same_key_is_a_success(partner) -> None:
    desk, username, pair = (
        HttpPracticeDesk(partner.control_url),
        f"u{uuid4().hex[:12]}",
        make_key_pair(),
    )
    first = await desk.enrol(username, pair.public_key, "SENDER1")
    assert await desk.enrol(username, pair.public_key, "SENDER1") == first


async def test_somebody_elses_name_is_refused(partner) -> None:
    desk, username = HttpPracticeDesk(partner.control_url), f"u{uuid4().hex[:12]}"
    await desk.enrol(username, make_key_pair().public_key, "SENDER1")
    with pytest.raises(DeskError) as refused:
        await desk.enrol(username, make_key_pair().public_key, "SENDER1")
    assert (refused.value.code, refused.value.status) == ("refused", 409)


async def test_a_desk_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(DeskError, match="unreachable"):
        await HttpPracticeDesk("http://127.0.0.1:9").enrol("u", "k", "s")


def test_a_key_pair_is_read_by_openssh_if_it_is_installed(tmp_path: Path) -> None:
    pair = make_key_pair()
    assert pair.public_key.startswith("ssh-ed25519 ")
    assert pair.private_key not in repr(pair)
    file = tmp_path / "key"
    file.write_text(pair.private_key)
    file.chmod(0o600)
    try:
        answer = subprocess.run(
            ["ssh-keygen", "-y", "-f", str(file)], capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        from paramiko import Ed25519Key

        assert Ed25519Key.from_private_key_file(str(file)).get_base64() == pair.public_key.split()[1]
    else:
        assert answer.stdout.split()[:2] == pair.public_key.split()[:2]


@pytest.mark.parametrize(
    "text", ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-dss AAAA", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA"]
)
def test_what_is_no_host_key_is_told_apart(text: str) -> None:
    assert host_key_parts(text) is None
    assert fingerprint(text) == ""


def test_a_line_of_known_hosts_is_understood() -> None:
    line = make_key_pair().public_key
    assert host_key_parts(f"[sftp.example.com]:22 {line}") == host_key_parts(line)
    assert fingerprint(line).startswith("SHA256:")
