"""Moving patients between coordinators: the process of moving work, under its own name and with its own rows."""

from dataclasses import replace

from domain.reassignment import process as work

PROCESS = replace(
    work.PROCESS,
    kind="care_move",
    name="Moving patients",
    subject_type="care_move",
    states="care_moves.state",
)
