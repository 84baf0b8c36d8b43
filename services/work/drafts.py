"""Forms as they were typed so far, so that nothing is lost when a browser, a network or a server stops."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain.refusals import Invalid, NotAllowed
from services import door

BODY = "drafts.body"
LARGEST = 64 * 1024
_FORM = re.compile(r"[a-z0-9][a-z0-9/_-]{0,119}")


@dataclass(frozen=True, slots=True)
class DraftView:
    """The fields of a form as last typed by this person."""

    form: str
    fields: dict[str, Any]
    saved_at: datetime


@door.command(None)
async def save_draft(session: Session, form: str, fields: dict[str, Any]) -> datetime:
    """Keep what a person has typed into a form (`claim/new`), in place of what was kept before."""
    if len(json.dumps(fields, default=str)) > LARGEST:
        raise Invalid(
            "draft.too_large", "This is too much for a draft.", "Save the form, or make it shorter."
        )
    saved: datetime = await session.value(
        "INSERT INTO drafts (tenant_id, user_id, form, body) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, user_id, form) DO UPDATE SET body = excluded.body, saved_at = clock_timestamp()"
        " RETURNING saved_at",
        session.tenant_id,
        _person(session),
        _checked(form),
        (await session.key()).seal_json(BODY, fields),
    )
    return saved


@door.query(None, phi=True)
async def draft(session: Session, form: str) -> DraftView | None:
    """What this person typed into the form before, or None."""
    row = await session.row(
        "SELECT body, saved_at FROM drafts WHERE user_id = $1 AND form = $2", _person(session), _checked(form)
    )
    if row is None:
        return None
    return DraftView(form, (await session.key()).open_json(BODY, row["body"]), row["saved_at"])


@door.command(None)
async def drop_draft(session: Session, form: str) -> None:
    """Forget the draft of a form, after saving it or on request; no error when there is none."""
    await session.execute(
        "DELETE FROM drafts WHERE user_id = $1 AND form = $2", _person(session), _checked(form)
    )


def _checked(form: str) -> str:
    if not _FORM.fullmatch(form):
        raise Invalid(
            "draft.form_unknown",
            "There is no form of this name.",
            "Use lower-case letters, digits, / _ and -.",
        )
    return form


def _person(session: Session) -> UUID:
    if session.actor.user_id is None:
        raise NotAllowed("draft.person_only", "Only people have drafts.", "Sign in as a person.")
    return session.actor.user_id
