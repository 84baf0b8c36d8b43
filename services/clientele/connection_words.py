"""What the codes of a mailbox mean in words, and what to do about each."""

from dataclasses import dataclass

# code: (what happened, what to do)
_WORDS: dict[str, tuple[str, str]] = {
    "": ("The partner answers, lets us in, and both folders are there.", "Nothing is left to do here."),
    "unreachable": (
        "Nobody answers at this host and port.",
        "Check host and port, and whether the partner must allow our address.",
    ),
    "timed_out": ("The partner did not answer in time.", "Try again; if it stays, ask the partner."),
    "connection_lost": ("The partner broke the connection off.", "Try again; if it stays, ask the partner."),
    "partner_failed": (
        "The partner's server reported an error of its own.",
        "Try again; if it stays, ask the partner.",
    ),
    "host_key_changed": (
        "The server's key is not the one that was pinned. Nothing was sent.",
        "Ask the partner, by telephone, whether the key was replaced; only then change it here.",
    ),
    "host_key_unreadable": ("The pinned host key cannot be read.", "Paste the partner's host key again."),
    "credentials_refused": (
        "The partner knows neither this user name nor our key.",
        "Give the partner the public key shown here, and check the user name.",
    ),
    "key_unreadable": ("Our own key cannot be read.", "Add the connection again to make a new key."),
    "not_there": ("A folder or file is not there.", "Check the names of both folders with the partner."),
    "not_permitted": (
        "The partner does not let us into a folder.",
        "Ask the partner for access to both folders.",
    ),
    "name_taken": (
        "Another file of this name lies at the partner.",
        "Ask the partner to look at the older file.",
    ),
    "name_unusable": ("A file has a name that cannot be used.", "Ask the partner to rename it."),
    "too_large": ("A file is larger than we take in.", "Ask the partner to split it."),
    "not_verified": ("What arrived is not what was sent.", "It is sent again; if it stays, ask the partner."),
    "host_forbidden": (
        "This host leads to a private address, which connections may not use here.",
        "Enter the partner's public host name; platform staff can allow private hosts (CASELOAD_PRIVATE_HOSTS).",
    ),
    "certificate_refused": (
        "The partner's certificate does not hold. Nothing was sent.",
        "Check the address; ask the partner whether its certificate has expired.",
    ),
    "out_of_use": ("The connection is out of use.", "Take it back into use."),
    "rejected": (
        "The partner rejected the test file.",
        "Look at the answer's codes, mend what they name, and send it again.",
    ),
    "no_answer": ("No answer came to the test file.", "Ask the partner whether it arrived; then look again."),
    "cannot_encode": (
        "The test claim cannot be written.",
        "Complete the client's and the payer's record, then try again.",
    ),
    "file_changed": ("A file changed while it was read.", "It is read again at the next look."),
}
_UNKNOWN = ("Something else went wrong.", "Try again; if it stays, tell support the code.")


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """The answer of a test in words. `code` is empty when everything works; `waiting_files` wait for us."""

    works: bool
    code: str
    sentence: str
    what_to_do: str
    waiting_files: int = 0


def told(code: str, *, waiting: int = 0) -> ConnectionTest:
    """The test's answer for a code of `MailboxError`, or for success."""
    happened, what_to_do = _WORDS.get(code, _UNKNOWN)
    return ConnectionTest(not code, code, happened, what_to_do, waiting)


def told_of(code: str) -> tuple[str, str]:
    """What a code means, and what to do about it."""
    return _WORDS.get(code, _UNKNOWN)


def sentence(code: str) -> str:
    """What a code means; empty for none."""
    return _WORDS.get(code, _UNKNOWN)[0] if code else ""
