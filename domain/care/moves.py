"""Moving patients between coordinators: the process of moving work under its own name, but that it is always approved."""

from dataclasses import replace

from domain.reassignment import process as work

_UNASKED = (work.State.PLANNED.value, work.State.MOVING.value)
PROCESS = replace(
    work.PROCESS,
    arrows=tuple(arrow for arrow in work.PROCESS.arrows if arrow != _UNASKED),
    words={arrow: words for arrow, words in work.PROCESS.words.items() if arrow != _UNASKED},
    kind="care_move",
    name="Moving patients",
    subject_type="care_move",
    states="care_moves.state",
)
