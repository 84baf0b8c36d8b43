"""Every kind of process that the product knows, by the kind in its workflow ids.

An area declares its `PROCESS` with `domain.process_model` (import Step and Process from there: this module imports the
areas) and adds it to the list below.
"""

from domain import enrolments, trials
from domain.approvals import process as approvals
from domain.care import close_schedule
from domain.care import closing as care_closing
from domain.care import enrolment as care
from domain.care import forecast_process as forecasting
from domain.care import moves as care_moves
from domain.care import optimisation as care_optimisations
from domain.claims import process_diagram as claims
from domain.denials import appeal as appeals
from domain.digests import PROCESS as DIGEST
from domain.machine_processes import (
    BATCH,
    BULK,
    DEPOSITS,
    FILE,
    LEARNING,
    LOOK,
    ONBOARDING,
    POLL,
    SHEET,
    STATEMENTS,
    WATCH,
)
from domain.process_model import Process, Step, draw
from domain.quality import process as audits
from domain.reassignment import process as reassignments
from domain.rules import simulation as simulations
from domain.workforce import float_process as floating

__all__ = ["PROCESSES", "Process", "Step", "draw", "parts_of"]

PROCESSES: dict[str, Process] = {
    one.kind: one
    for one in (
        claims.PROCESS,
        BATCH,
        appeals.PROCESS,
        enrolments.PROCESS,
        care.PROCESS,
        care_closing.PROCESS,
        care_closing.PATIENT_PROCESS,
        close_schedule.PROCESS,
        forecasting.PROCESS,
        trials.PROCESS,
        audits.PROCESS,
        approvals.PROCESS,
        reassignments.PROCESS,
        care_moves.PROCESS,
        care_optimisations.PROCESS,
        floating.PROCESS,
        STATEMENTS,
        BULK,
        SHEET,
        simulations.PROCESS,
        FILE,
        POLL,
        LOOK,
        WATCH,
        DEPOSITS,
        LEARNING,
        DIGEST,
        ONBOARDING,
    )
}


def parts_of(workflow_id: str) -> tuple[str, str, str]:
    """Tenant, kind and the rest of a workflow id; empty texts where it is none of ours."""
    tenant, _, rest = workflow_id.partition("/")
    kind, _, which = rest.partition("/")
    return (tenant, kind, which) if which else ("", "", "")
