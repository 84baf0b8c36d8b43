"""The form with which an item ends: which version is in force, and its answers kept with the decision."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from domain.refusals import FieldError, Invalid
from domain.rules.forms import Form, cleaned, parsed
from integrations.json_answers import faults_in

ANSWERS = "task_answers.answers"
_IN_FORCE = """
SELECT DISTINCT ON (f.id) v.id, f.id AS form_id, f.decision, v.number, v.schema
FROM task_forms f JOIN task_form_versions v ON v.tenant_id = f.tenant_id AND v.form_id = f.id
WHERE f.tenant_id = current_tenant() AND f.kind = $1 AND v.status = 'published' AND v.effective_from <= $2
ORDER BY f.id, v.effective_from DESC, v.number DESC
"""
_KEPT = """
SELECT a.id, a.answers, a.answered_by_name, a.answered_at, v.number, v.schema FROM task_answers a
JOIN task_form_versions v ON v.tenant_id = a.tenant_id AND v.id = a.form_version_id
WHERE a.tenant_id = current_tenant() AND a.work_item_id = $1 ORDER BY a.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class FormInForce:
    """The version of a form that holds today. `decision` empty: for every decision that has no form of its own."""

    version_id: UUID
    decision: str
    number: int
    form: Form


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """What was answered when an item ended, with the form as it was then."""

    number: int
    form: Form
    answers: dict[str, Any]
    answered_by_name: str
    answered_at: datetime


async def forms_in_force(session: Session, kind: str) -> list[FormInForce]:
    """The forms of a kind of work that hold today in the tenant's zone; those that ask nothing are left out."""
    rows = await session.fetch(_IN_FORCE, kind, await tenants_day(session))
    found = [
        FormInForce(row["id"], row["decision"], row["number"], parsed(json.loads(row["schema"])))
        for row in rows
    ]
    return [one for one in found if one.form.fields]


def form_for(forms: list[FormInForce], decision: str) -> FormInForce | None:
    """The form with which a decision ends an item: its own, else that of the kind."""
    by_decision = {one.decision: one for one in forms}
    return by_decision.get(decision) or by_decision.get("")


async def keep_answers(
    session: Session, item_id: UUID, kind: str, decision: str, answers: Mapping[str, Any] | None
) -> None:
    """Keep the answers of the form with which this decision ends the item, or refuse what is missing or wrong.

    `None` means that nobody was asked, as in a bulk act: refused when something is required, else nothing is kept.
    """
    asked = form_for(await forms_in_force(session, kind), decision)
    if asked is None:
        if answers and cleaned(answers):
            raise _refused("answers.no_form", "This ends without a form.", "Leave the answers out.")
        return
    if answers is None:
        if asked.form.required:
            raise _refused(
                "answers.missing",
                f"This ends with the form “{asked.form.title}”, which was not filled in.",
                "Open the item and finish it there.",
            )
        return
    given = cleaned(answers)
    if faults := faults_in(asked.form, given):
        raise Invalid(
            "answers.refused",
            f"The form “{asked.form.title}” is not filled in as it should be.",
            "Mend what is marked.",
            fields=tuple(faults),
        )
    await session.execute(
        "INSERT INTO task_answers (tenant_id, work_item_id, form_version_id, answers, answered_by, answered_by_name)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        session.tenant_id,
        item_id,
        asked.version_id,
        (await session.key()).seal_json(ANSWERS, given),
        session.actor.user_id,
        session.actor.name,
    )


async def answers_of(session: Session, item_id: UUID) -> KeptAnswers | None:
    """What was answered when the item ended last. Workflows get the item's id only, and ask here."""
    row = await session.row(_KEPT, item_id)
    if row is None:
        return None
    return KeptAnswers(
        row["number"],
        parsed(json.loads(row["schema"])),
        (await session.key()).open_json(ANSWERS, row["answers"]),
        row["answered_by_name"],
        row["answered_at"],
    )


async def tenants_day(session: Session) -> date:
    """Today where the tenant is."""
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return datetime.now(ZoneInfo(zone)).date()


def _refused(code: str, title: str, what_to_do: str) -> Invalid:
    return Invalid(code, title, what_to_do, fields=(FieldError("answers", code, f"{title} {what_to_do}"),))
