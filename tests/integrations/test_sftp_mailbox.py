"""A partner's mailbox over real SFTP."""

import asyncio
import dataclasses
import hashlib
import os
import socket
import threading
from pathlib import Path
from uuid import uuid4

import paramiko
import pytest

from integrations.clearinghouse import HttpPracticeDesk
from integrations.sftp import MailboxFailed, MailboxRefused, SftpMailbox, SftpSettings
from integrations.ssh_keys import make_key_pair


@pytest.fixture
async def settings(partner) -> SftpSettings:
    """A fresh user's mailbox at the clearinghouse."""
    username, pair = f"u{uuid4().hex[:12]}", make_key_pair()
    enrolment = await HttpPracticeDesk(partner.control_url).enrol(username, pair.public_key, "SENDER1")
    return SftpSettings(
        host=enrolment.host,
        port=enrolment.port,
        username=username,
        host_key=enrolment.host_key,
        private_key=pair.private_key,
        inbound=enrolment.inbound,
        outbound=enrolment.outbound,
    )


@pytest.fixture
def home(partner, settings: SftpSettings) -> Path:
    """The user's folders on the clearinghouse's disk."""
    return partner.homes / settings.username


async def test_an_upload_arrives_whole_under_its_name_and_leaves_no_temporary_file(settings, home) -> None:
    body = b"not quite X12~" * 50_000
    receipt = await SftpMailbox(settings).upload("batch-1.837", body)
    assert (receipt.size, receipt.already_there) == (len(body), False)
    assert receipt.sha256 == hashlib.sha256(body).hexdigest()
    assert not list((home / "inbound").glob("*.part"))


async def test_the_same_file_again_is_a_success_without_a_second_upload(settings, home) -> None:
    (home / "inbound" / "batch-2.837").write_bytes(b"as sent")
    before = (home / "inbound" / "batch-2.837").stat().st_mtime_ns
    receipt = await SftpMailbox(settings).upload("batch-2.837", b"as sent")
    assert receipt.already_there
    assert (home / "inbound" / "batch-2.837").stat().st_mtime_ns == before


async def test_other_content_under_the_same_name_is_refused_for_good(settings, home) -> None:
    (home / "inbound" / "batch-3.837").write_bytes(b"as sent")
    with pytest.raises(MailboxRefused, match="name_taken"):
        await SftpMailbox(settings).upload("batch-3.837", b"another")
    assert (home / "inbound" / "batch-3.837").read_bytes() == b"as sent"


async def test_two_uploads_of_one_file_at_the_same_time_leave_one_whole_file(settings) -> None:
    body = b"ISA*" * 100_000
    answers = await asyncio.gather(
        *(SftpMailbox(settings).upload("batch-4.837", body) for _ in range(2)), return_exceptions=True
    )
    assert any(not isinstance(one, BaseException) for one in answers)
    assert all(isinstance(one, MailboxFailed) for one in answers if isinstance(one, BaseException))


async def test_a_server_with_another_host_key_is_refused_and_nothing_is_sent(settings, home) -> None:
    changed = dataclasses.replace(settings, host_key=make_key_pair().public_key)
    with pytest.raises(MailboxRefused, match="host_key_changed"):
        await SftpMailbox(changed).upload("batch-5.837", b"secret")
    assert not (home / "inbound" / "batch-5.837").exists()


async def test_a_server_without_a_key_of_the_pinned_type_has_changed_its_key(settings) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    other = generate_private_key(SECP256R1()).public_key()
    line = other.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    with pytest.raises(MailboxRefused, match="host_key_changed"):
        await SftpMailbox(dataclasses.replace(settings, host_key=line)).list()


async def test_an_unreadable_pinned_key_never_connects(settings) -> None:
    with pytest.raises(MailboxRefused, match="host_key_unreadable"):
        await SftpMailbox(dataclasses.replace(settings, host_key="ssh-ed25519 nonsense")).list()


async def test_refused_credentials_are_an_error_that_is_not_tried_again(settings) -> None:
    stranger = dataclasses.replace(settings, private_key=make_key_pair().private_key)
    with pytest.raises(MailboxRefused, match="credentials_refused"):
        await SftpMailbox(stranger).list()


async def test_a_server_that_dies_while_signing_in_has_refused_nobody(settings) -> None:
    """Taken for a refusal, a crash of the partner would stop every batch until somebody mends nothing."""
    host_key = paramiko.RSAKey.generate(2048)

    def die_at_sign_in(listening: socket.socket) -> None:
        line, _ = listening.accept()
        transport = paramiko.Transport(line)
        transport.add_server_key(host_key)

        class Dying(paramiko.ServerInterface):
            def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
                line.shutdown(socket.SHUT_RDWR)
                return paramiko.AUTH_FAILED

            def get_allowed_auths(self, username: str) -> str:
                return "publickey"

        transport.start_server(server=Dying())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=die_at_sign_in, args=(listening,))
        server.start()
        dying = dataclasses.replace(
            settings,
            port=listening.getsockname()[1],
            host_key=f"{host_key.get_name()} {host_key.get_base64()}",
        )
        with pytest.raises(MailboxFailed, match="connection_lost"):
            await asyncio.wait_for(SftpMailbox(dying).list(), 20)
        server.join()


async def test_a_broken_private_key_is_told_before_the_partner_is_asked(settings) -> None:
    with pytest.raises(MailboxRefused, match="key_unreadable"):
        await SftpMailbox(dataclasses.replace(settings, private_key="-----BEGIN-----")).list()


async def test_a_closed_port_is_worth_trying_again(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(MailboxFailed, match="unreachable"):
        await SftpMailbox(dataclasses.replace(settings, port=port)).list()


async def test_a_silent_server_times_out(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        deaf = dataclasses.replace(settings, port=silent.getsockname()[1])
        with pytest.raises(MailboxFailed):
            await asyncio.wait_for(SftpMailbox(deaf, connect_seconds=0.5).list(), 5)


async def test_waiting_files_are_listed_oldest_first_fetched_and_removed(settings, home) -> None:
    (home / "outbound" / "b.999").write_bytes(b"second")
    (home / "outbound" / "a.835").write_bytes(b"first")
    os.utime(home / "outbound" / "a.835", (1_000_000_000, 1_000_000_000))
    async with SftpMailbox(settings) as mailbox:
        found = await mailbox.list()
        assert [(one.name, one.size) for one in found] == [("a.835", 5), ("b.999", 6)]
        assert found[0].mtime.tzinfo is not None
        assert await mailbox.fetch("a.835") == b"first"
        await mailbox.remove("a.835")
        await mailbox.remove("a.835")
        assert [one.name for one in await mailbox.list()] == ["b.999"]


async def test_unfinished_and_hidden_names_are_left_alone(settings, home) -> None:
    for name in ("x.835.part", "y.tmp", ".hidden"):
        (home / "outbound" / name).write_bytes(b"x")
    assert await SftpMailbox(settings).list() == []


async def test_an_empty_file_is_fetched_as_empty(settings, home) -> None:
    (home / "outbound" / "empty.999").write_bytes(b"")
    assert await SftpMailbox(settings).fetch("empty.999") == b""


async def test_a_missing_file_is_named_so(settings) -> None:
    with pytest.raises(MailboxRefused, match="not_there"):
        await SftpMailbox(settings).fetch("absent.835")


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "..", "a/b", "a\nb"])
async def test_names_that_leave_the_folder_are_refused(settings, name: str) -> None:
    with pytest.raises(MailboxRefused, match="name_unusable"):
        await SftpMailbox(settings).fetch(name)
    with pytest.raises(MailboxRefused, match="name_unusable"):
        await SftpMailbox(settings).upload(name, b"x")


async def test_a_missing_folder_is_named_so(settings) -> None:
    with pytest.raises(MailboxRefused, match="not_there"):
        await SftpMailbox(dataclasses.replace(settings, outbound="elsewhere")).list()


async def test_a_probe_counts_both_folders_and_changes_nothing(settings, home) -> None:
    (home / "outbound" / "a.835").write_bytes(b"first")
    probe = await SftpMailbox(settings).probe()
    assert (probe.inbound_files, probe.outbound_files) == (0, 1)
    assert (home / "outbound" / "a.835").exists()


async def test_errors_and_settings_show_no_secret(settings) -> None:
    assert settings.private_key not in repr(settings)
    with pytest.raises(MailboxRefused) as refused:
        await SftpMailbox(settings).fetch("SMITH-JOHN.835")
    assert "SMITH" not in f"{refused.value!r}{refused.value.__cause__!r}"


async def test_one_connection_serves_all_calls_inside_the_block(settings, home) -> None:
    for number in range(5):
        (home / "outbound" / f"{number}.999").write_bytes(b"x")
    async with SftpMailbox(settings) as mailbox:
        bodies = await asyncio.gather(*(mailbox.fetch(f"{number}.999") for number in range(5)))
    assert bodies == [b"x"] * 5


async def test_giving_up_while_connecting_leaves_no_connection_open(settings) -> None:
    def connections() -> int:
        return sum(isinstance(one, paramiko.Transport) and one.is_active() for one in threading.enumerate())

    before = connections()
    entering = asyncio.create_task(SftpMailbox(settings).__aenter__())
    await asyncio.sleep(0)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    await SftpMailbox(settings).list()
    deadline = asyncio.get_running_loop().time() + 10
    while connections() > before:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)
