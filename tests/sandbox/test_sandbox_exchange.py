"""The SFTP side: who comes in, what they may do there, and when an upload counts."""

import time

import paramiko
import pytest

from tests.sandbox.claim_files import SentClaim, claim_file
from tests.sandbox.partner import Partner, SandboxProcess, key_line, wait_until

FILE = claim_file([SentClaim("X1", "MEM55")])


def connect(sandbox: SandboxProcess, **credentials: object) -> paramiko.SFTPClient:
    transport = paramiko.Transport(("127.0.0.1", sandbox.sftp_port))
    try:
        transport.connect(**credentials)  # type: ignore[arg-type]
    except paramiko.SSHException:
        transport.close()
        raise
    client = paramiko.SFTPClient.from_transport(transport)
    assert client is not None
    return client


def test_a_wrong_key_a_wrong_password_and_an_unknown_name_are_refused(
    sandbox: SandboxProcess, partner: Partner
) -> None:
    stranger = paramiko.ECDSAKey.generate()
    for credentials in (
        {"username": partner.username, "pkey": stranger},
        {"username": partner.username, "password": ""},
        {"username": partner.username, "password": "guess"},
        {"username": "nobody", "pkey": partner.key},
    ):
        with pytest.raises(paramiko.AuthenticationException):
            connect(sandbox, **credentials)


def test_a_password_opens_only_the_account_it_was_enrolled_for(sandbox: SandboxProcess) -> None:
    for name in ("pass1", "pass2"):
        sandbox.ask(
            "/enrolments", {"username": name, "password": f"secret of {name}", "sender_id": "SENDER1"}
        )
    client = connect(sandbox, username="pass1", password="secret of pass1")
    assert sorted(client.listdir("/")) == ["archive", "inbound", "outbound"]
    client.get_channel().get_transport().close()
    with pytest.raises(paramiko.AuthenticationException):
        connect(sandbox, username="pass2", password="secret of pass1")


def test_two_partners_never_see_each_others_files(sandbox: SandboxProcess, partner: Partner) -> None:
    other = sandbox.partner("neighbour", sender="SENDER2")
    partner.upload("mine.837", FILE)
    other.upload("theirs.837", claim_file([SentClaim("Y1", "MEM55")], sender="SENDER2"))
    mine, theirs = partner.collect(), other.collect()
    assert partner.sftp.listdir("inbound") == ["mine.837"]
    assert other.sftp.listdir("inbound") == ["theirs.837"]
    assert [row[1] for row in mine.paid()] == ["X1"]
    assert [row[1] for row in theirs.paid()] == ["Y1"]
    for path in (
        "../neighbour/inbound/theirs.837", "/../neighbour/outbound", "inbound/../../neighbour", "/etc/passwd",
        "inbound/../../../sandbox.sqlite", "../../host_key", "inbound/..", "..",
    ):  # fmt: skip
        seen = partner.sftp.normalize(path)
        assert ".." not in seen
        with pytest.raises(OSError, match=r"."):
            partner.sftp.open(path, "r")
    assert sorted(partner.sftp.listdir("..")) == ["archive", "inbound", "outbound"]
    other.disconnect()


def test_a_temporary_name_is_ignored_until_it_becomes_final(
    sandbox: SandboxProcess, partner: Partner
) -> None:
    for name in ("a.837.tmp", "b.837.part", ".c.837"):
        with partner.sftp.open(f"inbound/{name}", "w") as file:
            file.write(FILE)
    sandbox.settle()
    assert sandbox.ask(f"/files?username={partner.username}")[1]["inbound"] == []
    partner.sftp.rename("inbound/.c.837", "inbound/c.837")
    assert partner.collect().paid()


def test_an_upload_under_its_final_name_counts_when_it_is_closed(
    sandbox: SandboxProcess, partner: Partner
) -> None:
    file = partner.sftp.open("inbound/direct.837", "w")
    file.write(FILE[:300])
    sandbox.settle()
    assert partner.sftp.listdir("inbound") == []
    file.write(FILE[300:])
    file.close()
    assert partner.collect().paid()


def test_an_upload_that_breaks_off_is_not_taken(sandbox: SandboxProcess, partner: Partner) -> None:
    file = partner.sftp.open("inbound/broken.837", "w")
    file.write(FILE[:300])
    file.flush()
    partner.disconnect()
    inbound = sandbox.data / "homes" / partner.username / "inbound"
    wait_until(lambda: list(inbound.iterdir()) == [], "the server to drop the broken upload")
    assert partner.exchange("broken.837", FILE).paid()


def test_the_same_file_under_the_same_name_is_answered_once(partner: Partner) -> None:
    first = partner.exchange("same.837", FILE)
    second = partner.exchange("same.837", FILE)
    assert first.paid()
    assert second.files == {}


def test_a_submitted_file_can_be_read_back_but_not_changed(partner: Partner) -> None:
    partner.upload("kept.837", FILE)
    with partner.sftp.open("inbound/kept.837", "r") as file:
        assert file.read() == FILE.encode()
    assert partner.sftp.stat("inbound/kept.837").st_size == len(FILE)
    for forbidden in (
        lambda: partner.sftp.remove("inbound/kept.837"),
        lambda: partner.sftp.posix_rename("inbound/kept.837", "inbound/other.837"),
        lambda: partner.sftp.open("inbound/kept.837", "r+"),
        lambda: partner.sftp.open("inbound/kept.837", "a"),
        lambda: partner.sftp.open("outbound/mine.edi", "w"),
        lambda: partner.sftp.mkdir("inbound/folder"),
        lambda: partner.sftp.rmdir("outbound"),
        lambda: partner.sftp.symlink("/etc/passwd", "inbound/link"),
    ):
        with pytest.raises(OSError, match=r"."):
            forbidden()


def test_plain_rename_does_not_replace_but_posix_rename_does(partner: Partner) -> None:
    partner.upload("twice.837", FILE)
    with partner.sftp.open("inbound/twice.837.tmp", "w") as file:
        file.write(FILE)
    with pytest.raises(OSError, match=r"."):
        partner.sftp.rename("inbound/twice.837.tmp", "inbound/twice.837")
    partner.sftp.posix_rename("inbound/twice.837.tmp", "inbound/twice.837")
    assert len(partner.collect().names("999")) == 1


def test_an_answer_can_be_removed_once_read_and_stays_removed(
    sandbox: SandboxProcess, partner: Partner
) -> None:
    name = partner.exchange("a.837", FILE).names("999")[0]
    partner.sftp.remove(f"outbound/{name}")
    sandbox.settle()
    assert name not in partner.sftp.listdir("outbound")


def test_the_same_key_is_known_by_its_blob_not_by_its_comment(
    sandbox: SandboxProcess, partner: Partner
) -> None:
    again = {
        "username": partner.username,
        "public_key": f"{key_line(partner.key)} me@here",
        "sender_id": "SENDER1",
    }
    assert sandbox.ask("/enrolments", again)[0] == 200


def test_five_hundred_claims_are_answered_within_about_a_second(partner: Partner) -> None:
    text = claim_file([SentClaim(f"T{n:04d}", f"MEM{n:04d}55") for n in range(500)])
    partner.upload("warm.837", claim_file([SentClaim("W1", "MEM55")], control=2))
    partner.collect()
    started = time.monotonic()
    partner.upload("many.837", text)
    wait_until(lambda: len(partner.sftp.listdir("outbound")) == 8, "the four answers")
    assert time.monotonic() - started < 3.0
    assert len(partner.collect().paid()) == 500
