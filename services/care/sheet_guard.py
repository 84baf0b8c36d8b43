"""Periods whose time sheet was accepted: their entries change only by a manager, with a reason, and the sheet says so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from database.care_sheets import accepted_over
from database.session import Session
from domain.refusals import Conflict
from policies.permissions import Permission


async def changeable(
    session: Session, user_id: UUID, stretches: Sequence[tuple[datetime, datetime]]
) -> list[UUID]:
    """The accepted sheets that a change of a person's time in these stretches touches, to be marked; refused unless a
    manager other than that person makes it."""
    found: list[UUID] = []
    for stretch in stretches:
        found += await accepted_over(session, user_id, *stretch)
    manages = Permission.CARE_MANAGE in session.actor.permissions
    if found and (not manages or session.actor.user_id == user_id):
        raise Conflict(
            "time_sheet.accepted",
            "The time sheet of this period was accepted.",
            "Ask another care manager to change it, with the reason.",
        )
    return list(dict.fromkeys(found))
