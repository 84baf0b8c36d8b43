"""The mailbox over HTTP against the practice clearinghouse's REST face, and where a partner's name may lead."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
import pytest_asyncio

from integrations.addresses import is_public, resolved
from integrations.clearinghouse import DeskError, HttpPracticeDesk
from integrations.mailbox import MailboxFailed, MailboxRefused, RestSettings
from integrations.rest_mailbox import RestMailbox
from integrations.sftp import SftpMailbox, SftpSettings, host_key_of
from integrations.ssh_keys import make_key_pair


@pytest.fixture
def username() -> str:
    return f"rest{uuid4().hex[:12]}"


@pytest_asyncio.fixture
async def settings(partner, username: str) -> RestSettings:
    enrolment = await HttpPracticeDesk(partner.control_url).enrol_rest(username, "REST1")
    return RestSettings(enrolment.base_url, enrolment.token)


@pytest.fixture
def home(partner, username: str) -> Path:
    return partner.homes / username


async def test_an_upload_is_proven_and_the_same_again_is_the_same(settings: RestSettings, home: Path) -> None:
    mailbox = RestMailbox(settings)
    first = await mailbox.upload("837P_x_1.x12", b"ISA*00*")
    assert (first.size, first.already_there) == (7, False)
    assert (home / "inbound" / "837P_x_1.x12").read_bytes() == b"ISA*00*"
    assert (await mailbox.upload("837P_x_1.x12", b"ISA*00*")).already_there
    with pytest.raises(MailboxRefused, match="name_taken"):
        await mailbox.upload("837P_x_1.x12", b"ISA*01*")
    assert (await mailbox.probe()).inbound_files == 1


async def test_answers_are_listed_oldest_first_fetched_and_confirmed(
    settings: RestSettings, home: Path
) -> None:
    for name in ("b.999", "a.999"):
        (home / "outbound" / name).write_bytes(name.encode())
    async with RestMailbox(settings) as mailbox:
        names = [one.name for one in await mailbox.list()]
        assert sorted(names) == ["a.999", "b.999"]
        assert await mailbox.fetch("a.999") == b"a.999"
        await mailbox.remove("a.999")
        await mailbox.remove("a.999")
        assert [one.name for one in await mailbox.list()] == ["b.999"]
        with pytest.raises(MailboxRefused, match="not_there"):
            await mailbox.fetch("a.999")


async def test_a_wrong_token_is_refused_and_a_silent_host_is_unreachable(settings: RestSettings) -> None:
    with pytest.raises(MailboxRefused, match="credentials_refused"):
        await RestMailbox(RestSettings(settings.base_url, "guessed")).probe()
    with pytest.raises(MailboxFailed, match="unreachable"):
        await RestMailbox(RestSettings("http://127.0.0.1:9/mailbox", "t")).probe()
    for name in ("../x", "a/b", ".hidden", "x.part"):
        with pytest.raises(MailboxRefused, match="name_unusable"):
            await RestMailbox(settings).upload(name, b"x")
    assert settings.token not in repr(settings)


@pytest.fixture
def liar() -> Iterator[str]:
    """A server that answers every question with what is no answer of a mailbox."""

    class Lies(BaseHTTPRequestHandler):
        def _lie(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(302 if self.path.endswith("moved") else 200)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(b'{"size": 3, "sha256": "0", "files": [{"name": "x"}]}')

        do_GET = do_PUT = do_DELETE = _lie

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Lies)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/box"
    server.shutdown()
    server.server_close()


async def test_what_a_partner_says_wrongly_is_never_a_success(liar: str) -> None:
    mailbox = RestMailbox(RestSettings(liar, "t"))
    with pytest.raises(MailboxFailed, match="not_verified"):
        await mailbox.upload("a.x12", b"abc")
    with pytest.raises(MailboxFailed, match="partner_failed"):
        await mailbox.list()
    with pytest.raises(MailboxFailed, match="partner_failed"):
        await mailbox.fetch("moved")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1"],
)  # fmt: skip
def test_addresses_of_the_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


async def test_in_production_no_connection_leads_inside(settings: RestSettings, partner) -> None:
    assert is_public("8.8.8.8")
    assert resolved("127.0.0.1", 22, True) == ("127.0.0.1", 22)
    with pytest.raises(MailboxRefused, match="host_forbidden"):
        resolved("localhost", 22, False)
    inside = RestSettings(settings.base_url, settings.token, private_hosts=False)
    with pytest.raises(MailboxRefused, match="host_forbidden"):
        await RestMailbox(inside).probe()
    with pytest.raises(MailboxRefused, match="host_forbidden"):
        await host_key_of("127.0.0.1", partner.sftp_port, private_hosts=False)


async def test_a_second_key_is_let_in_beside_the_first_until_the_old_one_is_forgotten(
    partner, username: str
) -> None:
    desk, old, new = HttpPracticeDesk(partner.control_url), make_key_pair(), make_key_pair()
    enrolled = await desk.enrol(username, old.public_key, "KEYS1")
    assert await host_key_of(enrolled.host, enrolled.port) == enrolled.host_key

    def mailbox(pair) -> SftpMailbox:
        return SftpMailbox(
            SftpSettings(enrolled.host, enrolled.port, username, enrolled.host_key, pair.private_key)
        )

    with pytest.raises(MailboxRefused, match="credentials_refused"):
        await mailbox(new).probe()
    await desk.add_key(username, old.public_key, new.public_key)
    for pair in (old, new):
        assert (await mailbox(pair).probe()).outbound_files == 0
    assert set(await mailbox(new).folders()) >= {"inbound", "outbound"}
    await desk.forget_key(username, new.public_key, old.public_key)
    with pytest.raises(MailboxRefused, match="credentials_refused"):
        await mailbox(old).probe()
    with pytest.raises(DeskError, match="refused"):
        await desk.add_key(username, old.public_key, old.public_key)
