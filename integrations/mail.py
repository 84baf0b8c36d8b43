"""E-mail: what is asked of a mail server, SMTP itself, and a folder of files where there is no server."""

import asyncio
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailRefused(Exception):
    """The server says no for good. `code` is its reply code; sending the same letter again changes nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailUnavailable(Exception):
    """The server does not answer, or says not now; later it may."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. `identifier` names what is sent, whichever attempt sends it: it is made into the Message-ID, by which
    mail servers and programs recognise a letter that came twice."""

    identifier: str
    to: str
    subject: str
    text: str
    at: datetime


class Mail(Protocol):
    """A way for letters to leave. `place` says in words where they go."""

    @property
    def place(self) -> str: ...

    async def send(self, letter: Letter) -> None:
        """Hand over one letter. Raises MailRefused for good and MailUnavailable for now."""
        ...


class SmtpMail:
    """A mail server by `smtp://[user:password@]host[:port]` (STARTTLS where offered) or `smtps://…` (TLS from the start).

    A password travels only encrypted, except to this machine itself.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("the mail server's address must look like smtp://host:port or smtps://host:port")
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._tls else 587 if parts.username else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    @property
    def place(self) -> str:
        """Which server, without its password."""
        return f"sent by {self._host}:{self._port} as {self._sender}"

    async def send(self, letter: Letter) -> None:
        """One connection for one letter, in a thread: there is one a day and person."""
        message = message_of(letter, self._sender)
        await asyncio.to_thread(self._send, message, letter.to)

    def _send(self, message: EmailMessage, to: str) -> None:
        try:
            with self._connected() as server:
                server.send_message(message, self._sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise _named(code) from error
        except smtplib.SMTPResponseException as error:
            raise _named(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(type(error).__name__) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self._tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        with server:
            server.ehlo()
            encrypted = self._tls
            if not encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                encrypted = True
            if self._user:
                if not encrypted and self._host not in _LOOPBACK:
                    raise MailRefused("no_encryption")
                server.login(self._user, self._password)
            yield server


class FolderMail:
    """A way out without a server: each letter becomes a file that any mail program opens."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    @property
    def place(self) -> str:
        """Which folder."""
        return f"kept as files in {self._folder}"

    async def send(self, letter: Letter) -> None:
        """Write the letter under its name: the same letter again is the same file."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = "".join(one if one.isalnum() or one in "-." else "-" for one in letter.identifier)
        incoming = self._folder / f".{name}.{os.getpid()}"
        descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message_of(letter, self._sender).as_bytes())
        incoming.replace(self._folder / f"{name}.eml")


def mail_of(url: str, sender: str, folder: Path) -> Mail:
    """The server at `url`; without one, the folder."""
    return SmtpMail(url, sender) if url else FolderMail(folder, sender)


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The letter as RFC 5322 has it: plain text, and marked as written by a program, so that no absence replies to it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.at)
    domain = sender.rpartition("@")[2].rstrip("> ") or "caseload.invalid"
    message["Message-ID"] = f"<{letter.identifier}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _named(code: int) -> MailRefused | MailUnavailable:
    """Replies from 500 on are for good; those before ask to come again."""
    return MailRefused(str(code)) if code >= 500 else MailUnavailable(str(code))
