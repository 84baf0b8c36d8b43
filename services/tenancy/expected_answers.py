"""How soon a tenant expects each answer of its partners before it raises an alarm."""

import json
from collections.abc import Mapping

from database.session import Session
from domain.edi import EXPECTED_WITHIN
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door

SHORTEST_SECONDS, LONGEST_SECONDS = 10, 366 * 86_400


@door.query(Permission.CONNECTIONS_VIEW)
async def expected_answers(session: Session) -> dict[str, int]:
    """Seconds from sending after which each answer is missed: the tenant's own, or else the usual ones."""
    usual = {answer: int(within.total_seconds()) for answer, within in EXPECTED_WITHIN.items()}
    stored = await session.value(
        "SELECT settings->'expected_answer_seconds' FROM tenants WHERE id = current_tenant()"
    )
    return usual | json.loads(stored or "{}")


@door.command(Permission.CONNECTIONS_MANAGE)
async def expect_answers_within(session: Session, seconds: Mapping[str, int]) -> dict[str, int]:
    """Replace the tenant's own limits; an answer that is left out goes back to its usual one."""
    _must_be_sound(seconds)
    await session.execute(
        "UPDATE tenants SET settings = settings || jsonb_build_object('expected_answer_seconds', $1::jsonb)"
        " WHERE id = current_tenant()",
        json.dumps(dict(seconds)),
    )
    usual = {answer: int(within.total_seconds()) for answer, within in EXPECTED_WITHIN.items()}
    return {**usual, **seconds}


def _must_be_sound(seconds: Mapping[str, int]) -> None:
    faults = [
        FieldError(answer, "answer.unknown", f"Choose one of: {', '.join(EXPECTED_WITHIN)}.")
        for answer in seconds
        if answer not in EXPECTED_WITHIN
    ]
    faults += [
        FieldError(answer, "seconds.out_of_range", f"Use {SHORTEST_SECONDS} seconds to a year.")
        for answer, limit in seconds.items()
        if not SHORTEST_SECONDS <= limit <= LONGEST_SECONDS
    ]
    if faults:
        raise Invalid(
            "expected_answers.invalid",
            "These limits cannot be kept.",
            faults[0].message,
            fields=tuple(faults),
        )
