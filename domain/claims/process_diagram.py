"""The process of a claim as Mermaid text, drawn from the table of `domain.claims.process`."""

from collections.abc import Iterable

from domain.claims.process import FAILURES, TRANSITIONS, Step

_EDGES = (
    (Step.CODING, "", Step.SCRUBBING),
    (Step.SCRUBBING, "errors", Step.HELD),
    (Step.HELD, "corrected", Step.SCRUBBING),
    (Step.SCRUBBING, "clean", Step.READY),
    (Step.READY, "", Step.BATCHED),
    (Step.BATCHED, "", Step.SENT),
    (Step.SENT, "999", Step.ACKNOWLEDGED_999),
    (Step.ACKNOWLEDGED_999, "277CA", Step.ACCEPTED_CLEARINGHOUSE),
    (Step.ACCEPTED_CLEARINGHOUSE, "277CA", Step.ACCEPTED_PAYER),
    (Step.SENT, "rejected", Step.REJECTED),
    (Step.REJECTED, "corrected", Step.SCRUBBING),
    (Step.ACCEPTED_PAYER, "835", Step.ADJUDICATED),
    (Step.ADJUDICATED, "denied or short", Step.DENIAL),
    (Step.DENIAL, "replaced", Step.SCRUBBING),
    (Step.DENIAL, "appeal", Step.APPEALED),
    (Step.APPEALED, "835", Step.ADJUDICATED),
    (Step.ADJUDICATED, "patient owes", Step.PATIENT_BALANCE),
    (Step.PATIENT_BALANCE, "", Step.SETTLED),
    (Step.ADJUDICATED, "passed on", Step.FORWARDED),
    (Step.FORWARDED, "835", Step.ADJUDICATED),
    (Step.ADJUDICATED, "paid", Step.SETTLED),
    (Step.SETTLED, "", Step.CLOSED),
    (Step.CLOSED, "reopened", Step.REOPENED),
    (Step.REOPENED, "replaced or voided", Step.SCRUBBING),
)
# Steps off the straight road are drawn only once a claim has been there: a clean claim shows a clean line.
_SIDE_STEPS = FAILURES | {Step.APPEALED, Step.PATIENT_BALANCE, Step.FORWARDED, Step.REOPENED}
# The page has a third of its width for the diagram: what is not compact needs scrolling.
_COMPACT = '%%{init: {"flowchart": {"nodeSpacing": 24, "rankSpacing": 24, "padding": 8}}}%%'
_CLASSES = (
    "classDef done fill:#d7ecdc,stroke:#2e7d4f,color:#17412a",
    "classDef current fill:#1f5fbf,stroke:#123f82,color:#ffffff",
    "classDef failed fill:#f6d5d2,stroke:#b3261e,color:#6b1510",
    "classDef ahead fill:#eceff3,stroke:#8a94a3,color:#414a57",
)


def diagram(step: Step | str, history: Iterable[Step | str] = ()) -> str:
    """Mermaid text of the process: every step is done, current, failed or ahead.

    `history` holds the steps already left, in any order; a claim standing at a failure shows it failed.
    """
    here = Step(step)
    seen = {Step(past) for past in history} | {here}
    shown = [known for known in Step if known not in _SIDE_STEPS or known in seen]
    nodes = [
        f'  {known.value}["{TRANSITIONS[known].label}"]:::{_class(known, here, seen)}' for known in shown
    ]
    edges = [
        f"  {start.value} -->{f'|{words}|' if words else ''} {end.value}"
        for start, words, end in _EDGES
        if start in shown and end in shown
    ]
    return "\n".join([_COMPACT, "flowchart TD", *nodes, *edges, *(f"  {line}" for line in _CLASSES)])


def _class(step: Step, here: Step, seen: set[Step]) -> str:
    if step is here:
        return "failed" if step in FAILURES else "current"
    return "done" if step in seen else "ahead"
