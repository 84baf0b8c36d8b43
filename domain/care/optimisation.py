"""Reckoning all rosters anew, as a process: what is asked for, the phases it goes through, and how it ends."""

from collections.abc import Mapping

from domain.process_model import Process, Step

PHASES: Mapping[str, str] = {
    "": "Waiting for its turn",
    "reading": "Reading patients and coordinators",
    "weighing": "Weighing every pair",
    "solving": "Finding the rosters",
    "telling": "Putting the reasons together",
}
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "running": ("Under way", "info"),
    "done": ("Found", "ok"),
    "impossible": ("Not possible so", "bad"),
    "failed": ("Failed", "bad"),
}
PROCESS = Process(
    "care_optimisation",
    "Optimising rosters",
    "care_optimisation",
    (
        Step("running", "Reckoning", "machine", ("optimise_rosters", "give_up_optimising")),
        Step("done", "Found", "machine"),
        Step("impossible", "A rule is in the way", "machine"),
        Step("failed", "Failed", "machine"),
    ),
    (("running", "done"), ("running", "impossible"), ("running", "failed")),
    failures=frozenset({"failed"}),
    ends=frozenset({"done", "impossible", "failed"}),
    side=frozenset({"impossible", "failed"}),
    states="care_optimisations.status",
)
