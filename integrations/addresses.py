"""Where a partner's name leads: resolved once, judged, and then that very address is called."""

import ipaddress
import socket

from integrations.mailbox import MailboxFailed, MailboxRefused


def resolved(host: str, port: int, private_hosts: bool) -> tuple[str, int]:
    """The address to connect to. With `private_hosts` False a name must lead to public addresses only.

    The caller connects to what is answered here and never resolves again: a name may lead elsewhere the second time.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise MailboxFailed("unreachable") from None
    addresses = [str(one[4][0]) for one in found]
    if not private_hosts and not all(is_public(address) for address in addresses):
        raise MailboxRefused("host_forbidden")
    return addresses[0], port


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet: not private, loopback, link-local, multicast or reserved."""
    try:
        known = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_global and not known.is_multicast
