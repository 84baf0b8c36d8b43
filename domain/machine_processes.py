"""The processes that a machine carries by itself: their steps are the activities that run, and the waits between them."""

from itertools import pairwise

from domain.process_model import Process, Step
from domain.tenancy import ONBOARDING_STEPS

BATCH = Process(
    "batch",
    "Batch of claims",
    "batch",
    (
        Step("gathered", "Gathered", "machine", ("gather_batch",)),
        Step("encoded", "Written", "machine", ("send_batch",)),
        Step("failed", "Refused: to be mended", "person", ("report_send_failure",)),
        Step("sent", "Sent", "partner", ("record_sent",)),
        Step("accepted", "Accepted", "machine"),
        Step("partially_accepted", "Partly accepted", "machine"),
        Step("rejected", "Rejected", "machine"),
    ),
    (
        ("gathered", "encoded"),
        ("encoded", "sent"),
        ("encoded", "failed"),
        ("failed", "sent"),
        ("sent", "accepted"),
        ("sent", "partially_accepted"),
        ("sent", "rejected"),
    ),
    failures=frozenset({"failed", "rejected"}),
    ends=frozenset({"accepted", "partially_accepted", "rejected"}),
    side=frozenset({"failed", "partially_accepted", "rejected"}),
    words={("sent", "accepted"): "999", ("encoded", "failed"): "refused", ("failed", "sent"): "mended"},
    states="edi_batches.status",
)

_APPLY = Step("applying", "Applying a file", "machine", ("apply_file",))
_ASKED = Step("asked", "Somebody is asked to look", "person", ("report_not_applied",))


def _look(kind: str, name: str) -> Process:
    """A look into a mailbox, by the clock (`poll`) or at once because somebody asked (`look`)."""
    return Process(
        kind,
        name,
        "connection",
        (
            Step("fetching", "Fetching files", "partner", ("take_in_files",)),
            _APPLY,
            _ASKED,
            Step("done", "Looked", "machine"),
        ),
        (("fetching", "applying"), ("applying", "asked"), ("applying", "done"), ("asked", "done")),
        failures=frozenset({"asked"}),
        ends=frozenset({"done"}),
        side=frozenset({"asked"}),
        words={("applying", "asked"): "cannot be applied"},
    )


POLL = _look("poll", "Scheduled look into a mailbox")
LOOK = _look("look", "Look into a mailbox")
FILE = Process(
    "file",
    "File taken in",
    "file",
    (_APPLY, _ASKED, Step("done", "Applied", "machine")),
    (("applying", "done"), ("applying", "asked"), ("asked", "done")),
    failures=frozenset({"asked"}),
    ends=frozenset({"done"}),
    side=frozenset({"asked"}),
)
WATCH = Process(
    "watch",
    "Watch over submissions",
    "tenant",
    (
        Step("learning", "Learning how soon partners answer", "machine", ("learn_answer_times",)),
        Step("looking", "Looking at filing limits", "machine", ("watch_filing_limits",)),
        Step("done", "Looked", "machine"),
    ),
    (("learning", "looking"), ("looking", "done")),
    ends=frozenset({"done"}),
)
DEPOSITS = Process(
    "deposits",
    "Watch over deposits",
    "tenant",
    (
        Step("looking", "Matching deposits and remittances", "machine", ("look_at_deposits",)),
        Step("waiting", "Waiting for the other side", "clock"),
        Step("done", "Nothing waits", "machine"),
    ),
    (("looking", "waiting"), ("waiting", "looking"), ("looking", "done")),
    ends=frozenset({"done"}),
)
LEARNING = Process(
    "learning",
    "Learning from denials",
    "tenant",
    (
        Step("gathering", "Waiting for more remittances", "clock"),
        Step("learning", "Learning", "machine", ("learn_denials",)),
        Step("done", "Learned", "machine"),
    ),
    (("gathering", "learning"), ("learning", "gathering"), ("learning", "done")),
    ends=frozenset({"done"}),
)
STATEMENTS = Process(
    "statements",
    "Run of statements",
    "statement_run",
    (
        Step("counting", "Counting who owes", "machine", ("count_owing",)),
        Step("printing", "Printing", "machine", ("print_portion",)),
        Step("finishing", "Closing the run", "machine", ("finish_run",)),
        Step("done", "Done", "machine"),
    ),
    (("counting", "printing"), ("printing", "finishing"), ("counting", "finishing"), ("finishing", "done")),
    ends=frozenset({"done"}),
    words={("counting", "finishing"): "nobody owes"},
)
BULK = Process(
    "bulk",
    "Work on many items",
    "work_run",
    (
        Step("running", "Working", "machine", ("act_on_portion",)),
        Step("done", "Done", "machine"),
        Step("stopped", "Stopped: the starter's rights changed", "machine"),
        Step("cancelled", "Stopped by a person", "machine"),
    ),
    (("running", "done"), ("running", "stopped"), ("running", "cancelled")),
    failures=frozenset({"stopped"}),
    ends=frozenset({"done", "stopped", "cancelled"}),
    side=frozenset({"stopped", "cancelled"}),
    states="work_runs.status",
)

SHEET = Process(
    "sheet",
    "Spreadsheet taken in",
    "sheet_import",
    (
        Step("draft", "Looked at", "person"),
        Step("taking", "Taking in rows", "machine", ("take_sheet_portion",)),
        Step("taken", "Taken in", "machine"),
        Step("stopped", "Stopped, by a person or as the starter's rights ended", "person"),
        Step("discarded", "Put away", "machine"),
    ),
    (
        ("draft", "taking"),
        ("draft", "discarded"),
        ("taking", "taken"),
        ("taking", "stopped"),
        ("stopped", "taking"),
        ("stopped", "taken"),
    ),
    failures=frozenset({"stopped"}),
    ends=frozenset({"taken", "discarded"}),
    side=frozenset({"stopped", "discarded"}),
    states="sheet_imports.status",
)

_ONBOARDING = {
    "address": "reserve_address",
    "data_key": "make_data_key",
    "roles": "seed_roles",
    "admin": "add_first_admin",
    "plan": "set_plan",
    "billing": "open_billing",
    "connection": "make_first_connection",
    "opening": "open_doors",
}
_UNDOING = (
    "remove_first_connection",
    "close_billing",
    "remove_first_admin",
    "remove_roles",
    "destroy_data_key",
    "give_back_address",
)
ONBOARDING = Process(
    "onboarding",
    "Registration",
    "registration",
    (
        *(Step(code, label, "machine", (_ONBOARDING[code],)) for code, label in ONBOARDING_STEPS),
        Step("ready", "Ready", "machine"),
        Step("failed", "Undone", "machine", _UNDOING),
    ),
    (
        *((one[0], following[0]) for one, following in pairwise(ONBOARDING_STEPS)),
        ("opening", "ready"),
        *((code, "failed") for code, _ in ONBOARDING_STEPS),
    ),
    failures=frozenset({"failed"}),
    ends=frozenset({"ready", "failed"}),
    side=frozenset({"failed"}),
)
