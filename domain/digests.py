"""The daily e-mail: its process, and its words, which count and refer and never tell of a patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.notifications import WORDS, Notice
from domain.process_model import Process, Step

# Of each kind so many are named; the page shows them all.
NAMED = 10


class DigestState(StrEnum):
    """Where one e-mail stands."""

    WAITING = "waiting"
    GATHERED = "gathered"
    SENT = "sent"
    NOTHING = "nothing"
    FAILED = "failed"


PROCESS = Process(
    "digest",
    "Daily e-mail",
    "",
    (
        Step("waiting", "Waits for the hour that the person chose", "clock"),
        Step("gathered", "What is unread is put together and sent", "machine"),
        Step("sent", "Sent", "machine"),
        Step("nothing", "Nothing to tell", "machine"),
        Step("failed", "Not sent; the next one tells it", "machine"),
    ),
    (("waiting", "gathered"), ("gathered", "sent"), ("waiting", "nothing"), ("gathered", "failed")),
    failures=frozenset({"failed"}),
    ends=frozenset({"sent", "nothing", "failed"}),
    side=frozenset({"nothing", "failed"}),
    states="digests.state",
)


@dataclass(frozen=True, slots=True)
class Unread:
    """One notification as the e-mail names it."""

    kind: Notice
    title: str


def subject_of(tenant: str, unread: Sequence[Unread]) -> str:
    """`Caseload: 3 unread notifications at Harbor Billing`."""
    count = len(unread)
    return f"Caseload: {count} unread notification{'s' if count != 1 else ''} at {tenant}"


def text_of(name: str, tenant: str, unread: Sequence[Unread], pages: str) -> str:
    """The whole letter. `pages` is where the tenant's pages are; empty where that is not known."""
    lines = [f"{name},", "", f"this waits unread for you at {tenant}:"]
    for kind, words in WORDS.items():
        titles = [one.title for one in unread if one.kind is kind]
        if titles:
            lines += ["", f"{words}: {len(titles)}", *(f"  - {title}" for title in titles[:NAMED])]
            lines += [f"  and {len(titles) - NAMED} more"] if len(titles) > NAMED else []
    if pages:
        lines += ["", f"Open them: {pages}/notifications"]
        lines += [f"Choose what is told to you, and when: {pages}/notifications/settings"]
    lines += ["", "This e-mail holds references and counts only. Sign in to see what they are about."]
    return "\n".join(lines) + "\n"
