"""Incidents: what keeps a process from going on, said in plain words by code. The text of an exception is never shown,
since it may quote the data that it was about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FROM_ATTEMPT = 3
"""Two failures in a row happen to everybody; from the third on it is an incident."""


class What(StrEnum):
    """What kind of thing goes wrong. Values are stored: never rename one."""

    ACTIVITY = "activity"
    LOCAL = "local"
    WAITING = "waiting"
    STUCK = "stuck"
    FAILED = "failed"


WHAT_WORDS: Mapping[What, str] = {
    What.ACTIVITY: "Fails again and again",
    What.LOCAL: "Fails again and again",
    What.WAITING: "Waits until it is mended",
    What.STUCK: "Cannot go on",
    What.FAILED: "Ended with a failure",
}
STATES: Mapping[str, tuple[str, str]] = {
    "open": ("Open", "bad"),
    "resolved": ("Resolved", "ok"),
    "cancelled": ("Process cancelled", "neutral"),
}
OUTCOMES: Mapping[str, str] = {
    "done": "The step succeeded.",
    "gave_up": "The step was given up; the process went on without it.",
    "ended": "The process has ended.",
    "cancelled": "The process was cancelled.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A code in words: what is wrong, what to do, and the kind of record where it is mended (empty: none)."""

    words: str
    to_do: str
    mends: str = ""


_HOST = "Check host and port of the connection, then retry."
_ASK_US = "Retry once; if it comes again, tell the platform's staff the code."
FAULTS: Mapping[str, Fault] = {
    "unreachable": Fault("Nobody answers at the partner's address.", _HOST, "connection"),
    "timed_out": Fault(
        "It took too long, and was ended.", "Retry when the partner or the machine is less busy."
    ),
    "partner_timed_out": Fault("The partner does not answer in time.", _HOST, "connection"),
    "connection_lost": Fault("The partner breaks the connection off.", _HOST, "connection"),
    "partner_failed": Fault(
        "The partner's server reports errors.", "Ask the partner, then retry.", "connection"
    ),
    "not_verified": Fault(
        "The file read back is not the one that was sent.", "Ask the partner, then retry.", "connection"
    ),
    "file_changed": Fault("The file changed while it was read.", "Retry in a minute.", "connection"),
    "credentials_refused": Fault(
        "The partner refuses our sign-in.",
        "Correct user name or key of the connection, then retry.",
        "connection",
    ),
    "host_key_changed": Fault(
        "The server shows another key than the one that was pinned.",
        "Ask the partner whether they changed it; pin the new one, then retry.",
        "connection",
    ),
    "host_key_unreadable": Fault(
        "The pinned host key cannot be read.",
        "Enter the host key of the connection again, then retry.",
        "connection",
    ),
    "host_forbidden": Fault(
        "The host leads to a private address.", "Enter the partner's public host, then retry.", "connection"
    ),
    "certificate_refused": Fault(
        "The partner's certificate does not hold.", "Ask the partner to renew it, then retry.", "connection"
    ),
    "key_unreadable": Fault(
        "Our own key cannot be read.", "Make a new key pair on the connection, then retry.", "connection"
    ),
    "name_taken": Fault(
        "The partner has another file under this name.",
        "Ask the partner to remove it, then retry.",
        "connection",
    ),
    "name_unusable": Fault("The partner does not take this file name.", "Ask the partner.", "connection"),
    "not_there": Fault(
        "The partner's folder is not there.",
        "Correct the folders of the connection, then retry.",
        "connection",
    ),
    "not_permitted": Fault(
        "The partner does not let us into its folder.",
        "Check the folders of the connection, or ask the partner for the right; then retry.",
        "connection",
    ),
    "too_large": Fault("The file is larger than the partner takes.", "Ask the partner.", "connection"),
    "out_of_use": Fault(
        "The connection is out of use.", "Take it back into use, then it goes on.", "connection"
    ),
    "database_unavailable": Fault(
        "The database did not answer.", "It is tried again by itself; nothing is lost."
    ),
    "database_refused": Fault("The database refused what was to be stored.", _ASK_US),
    "temporal_unavailable": Fault(
        "The process server did not answer.", "It is tried again by itself; nothing is lost."
    ),
    "payments_unavailable": Fault("The payment provider did not answer.", "It is tried again by itself."),
    "record_missing": Fault("A record that the step needs is not there.", _ASK_US),
    "value_unusable": Fault("A value is not one that the step can use.", _ASK_US),
    "stuck": Fault("The process's own program fails, so that it cannot take its next step.", _ASK_US),
    "failed": Fault("The process ended with a failure.", _ASK_US),
    "fault": Fault("The program has a fault in this step.", _ASK_US),
}


def fault(code: str) -> Fault:
    """The words of a code; of one that is not known only that the program has a fault."""
    return FAULTS.get(code.partition(".")[0], FAULTS["fault"])


# What an exception's class says of itself, by its name; the first that fits along the classes it descends from.
_BY_CLASS: Mapping[str, str] = {
    "PostgresConnectionError": "database_unavailable",
    "CannotConnectNowError": "database_unavailable",
    "InterfaceError": "database_unavailable",
    "PostgresError": "database_refused",
    "RPCError": "temporal_unavailable",
    "PaymentsUnavailable": "payments_unavailable",
    "TimeoutError": "timed_out",
    "CancelledError": "timed_out",
    "ConnectionError": "database_unavailable",
    "OSError": "database_unavailable",
    "LookupError": "record_missing",
    "ValueError": "value_unusable",
}


def code_of_class(names: list[str]) -> str:
    """The code of an exception from the names of its class and of those it descends from, itself first.

    An unknown one is `fault.Name`: the class's name is the program's own and quotes nothing.
    """
    known = next((_BY_CLASS[name] for name in names if name in _BY_CLASS), "")
    if known in ("database_refused", "record_missing", "value_unusable"):
        return f"{known}.{names[0]}"
    return known or f"fault.{names[0]}"


def code_of_partner(message: str) -> str:
    """The code in what a mailbox's failure says (`mailbox: unreachable`, `paused: unreachable`, `unreachable`)."""
    code = message.rpartition(": ")[2].strip()
    if code == "timed_out":
        return "partner_timed_out"
    return code if code in FAULTS else "partner_failed"
