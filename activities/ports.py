"""The outside world as activities see it. The composition root installs the adapters once, before a worker polls."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from integrations.mail import Mail
from integrations.payments import PaymentProvider
from integrations.rest_mailbox import RestMailbox
from integrations.sftp import Mailbox, RestSettings, SftpMailbox, SftpSettings

if TYPE_CHECKING:
    from database.session import Session
    from integrations.clearinghouse import PracticeDesk


@dataclass(frozen=True, slots=True)
class Ports:
    """One adapter for each outside system that activities speak to. `desk` is None where there is no practice clearinghouse."""

    payments: PaymentProvider
    desk: "PracticeDesk | None" = None
    mailbox: Callable[[SftpSettings], Mailbox] = SftpMailbox
    rest: Callable[[RestSettings], Mailbox] = RestMailbox
    private_hosts: bool = True
    """Whether connections may lead to private and loopback addresses: on a laptop, not in production."""
    batch_seconds: float = 0.0
    """How long ready claims are gathered before a batch is sent."""
    take_sheet_portion: Callable[["Session", UUID], Awaitable[bool]] | None = None
    """Takes the next rows of a sheet in; whether any are left. Its writers live above the activities."""
    mail: Mail | None = None
    """How e-mail leaves; None where it cannot."""
    pages: str = ""
    """Where a tenant's pages are, with `{}` for its subdomain; for links in e-mails."""


_installed: Ports | None = None


def install(ports: Ports | None) -> None:
    """Take the adapters of this process; None takes them away."""
    global _installed
    _installed = ports


def ports() -> Ports:
    """The adapters of this process."""
    if _installed is None:
        raise RuntimeError("activities.ports.install was not called")
    return _installed


def mail_place() -> str:
    """Where e-mail goes, in words."""
    if _installed is None or _installed.mail is None:
        return "sent nowhere: this installation has no way for e-mail to leave"
    return _installed.mail.place
