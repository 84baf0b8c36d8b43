"""Task forms: written as a draft, published from a day on, and the answers that were given."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from activities.rules.answers import ANSWERS, tenants_day
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from domain.rules.forms import Form, cleaned, parsed, schema_of
from domain.work_kinds import KINDS, Kind
from integrations.json_answers import faults_in, pattern_fault
from policies.permissions import Permission
from services import door
from services.clientele.records import must_have_changed
from services.rules.form_views import AnsweredLine, AnswerFault, FormFacts, FormView, view_of

LONGEST_REASON = 400
_FORMS = "SELECT * FROM task_forms WHERE tenant_id = current_tenant() ORDER BY kind, decision"
_VERSIONS = "SELECT * FROM task_form_versions WHERE tenant_id = current_tenant()"
_ANSWERED = """
SELECT a.id, a.work_item_id, w.title, w.decision, v.number, a.answers, a.answered_by_name, a.answered_at
FROM task_answers a JOIN task_form_versions v ON v.tenant_id = a.tenant_id AND v.id = a.form_version_id
JOIN work_items w ON w.tenant_id = a.tenant_id AND w.id = a.work_item_id
WHERE a.tenant_id = current_tenant() AND v.form_id = $1 AND ($2::uuid IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3
"""


@door.query(Permission.RULES_VIEW)
async def list_forms(session: Session) -> list[FormView]:
    """Every form with its versions, by kind of work and decision."""
    today = await tenants_day(session)
    rows = await session.fetch(f"{_VERSIONS} ORDER BY number DESC")
    return [
        view_of(form, [row for row in rows if row["form_id"] == form["id"]], today)
        for form in await session.fetch(_FORMS)
    ]


@door.query(Permission.RULES_VIEW, of="task_forms")
async def get_form(session: Session, form_id: UUID) -> FormView:
    """One form with its versions, the newest first."""
    return await _view(session, form_id)


@door.command(Permission.RULES_MANAGE)
async def attach_form(session: Session, facts: FormFacts) -> FormView:
    """Attach a form to a kind of work, or to one of its decisions; it begins as a draft."""
    _must_be_known(facts)
    form_id = await session.value(
        "INSERT INTO task_forms (tenant_id, kind, decision, created_by) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING id",
        session.tenant_id,
        facts.kind,
        facts.decision,
        session.actor.user_id,
    )
    if form_id is None:
        fault = FieldError("decision", "form.there_already", "Open that form and write its next version.")
        raise Conflict(
            "form.there_already", "There is a form for this already.", fault.message, fields=(fault,)
        )
    await _store_draft(session, form_id, _checked(facts.schema))
    return await _view(session, form_id)


@door.command(Permission.RULES_MANAGE, of="task_forms")
async def save_form_draft(
    session: Session, form_id: UUID, schema: dict[str, Any], expected_version: int | None = None
) -> FormView:
    """Keep the next version of a form as a draft; what is in force stays as it is. `expected_version` is the draft's."""
    form = _checked(schema)
    await session.value("SELECT 1 FROM task_forms WHERE id = $1 FOR UPDATE", form_id)
    changed = await session.execute(
        "UPDATE task_form_versions SET schema = $2, saved_by_name = $3, saved_at = now(), version = version + 1"
        " WHERE form_id = $1 AND status = 'draft' AND ($4::integer IS NULL OR version = $4)",
        form_id,
        json.dumps(schema_of(form)),
        session.actor.name,
        expected_version,
    )
    if not changed:
        must_have_changed(0 if await _draft(session, form_id) else 1)
        await _store_draft(session, form_id, form)
    return await _view(session, form_id)


@door.command(Permission.RULES_PUBLISH, of="task_forms")
async def publish_form(
    session: Session, form_id: UUID, effective_from: date, reason: str, expected_version: int | None = None
) -> FormView:
    """Put the draft into force from a day on. Items that ended before keep the version that they ended with."""
    await session.value("SELECT 1 FROM task_forms WHERE id = $1 FOR UPDATE", form_id)
    draft = await _draft(session, form_id)
    if draft is None:
        raise Conflict("form.no_draft", "There is no draft to publish.", "Write the next version first.")
    if expected_version is not None and draft["version"] != expected_version:
        must_have_changed(0)
    form = _checked(json.loads(draft["schema"]))
    if not form.fields:
        raise Conflict(
            "form.empty", "This draft asks for nothing.", "Add a field, or withdraw the form instead."
        )
    await _publish(session, draft["id"], effective_from, reason)
    return await _view(session, form_id)


@door.command(Permission.RULES_PUBLISH, of="task_forms")
async def withdraw_form(session: Session, form_id: UUID, effective_from: date, reason: str) -> FormView:
    """From a day on, ask for nothing any more: a version without fields. A draft stays a draft."""
    await session.value("SELECT 1 FROM task_forms WHERE id = $1 FOR UPDATE", form_id)
    title = (await _view(session, form_id)).line.title
    number = await _next_number(session, form_id)
    draft = await _draft(session, form_id)
    if draft:  # there is one draft at a time: it steps behind the version that ends the form
        await session.execute(
            "UPDATE task_form_versions SET number = $2 WHERE id = $1", draft["id"], number + 1
        )
    version_id = await session.value(
        "INSERT INTO task_form_versions (tenant_id, form_id, number, status, schema, effective_from, saved_by_name,"
        " published_at) VALUES ($1, $2, $3, 'published', $4, $5, $6, now()) RETURNING id",
        session.tenant_id,
        form_id,
        number,
        json.dumps(schema_of(Form(title, "", ()))),
        effective_from,
        session.actor.name,
    )
    await _publish(session, version_id, effective_from, reason)
    return await _view(session, form_id)


@door.query(Permission.RULES_VIEW)
async def try_form(session: Session, schema: dict[str, Any], answers: dict[str, Any]) -> list[AnswerFault]:
    """What of these answers a form would refuse; nothing is kept."""
    found = faults_in(_checked(schema), cleaned(answers))
    return [AnswerFault(one.field, one.code, one.message) for one in found]


@door.query(Permission.WORK_ASSIGN, of="task_forms", phi=True)
async def list_answers(
    session: Session, form_id: UUID, *, cursor: str | None = None, limit: int = PAGE
) -> Page[AnsweredLine]:
    """Items that ended with a form and what was answered, the newest first."""
    size = page_size(limit)
    rows = await session.fetch(_ANSWERED, form_id, uuid_in(cursor) if cursor else None, size + 1)
    key = await session.key()
    items = [_answered(row, key.open_json(ANSWERS, row["answers"])) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


def _answered(row: Any, answers: dict[str, Any]) -> AnsweredLine:
    fields = ("id", "work_item_id", "title", "decision", "number", "answered_by_name", "answered_at")
    return AnsweredLine(**{name: row[name] for name in fields}, answers=answers)


def _must_be_known(facts: FormFacts) -> None:
    if facts.kind not in set(Kind):
        fault = FieldError("kind", "form.kind_unknown", "Choose a kind of work.")
        raise Invalid("form.kind_unknown", "There is no such kind of work.", fault.message, fields=(fault,))
    decisions = [one.code for one in KINDS[Kind(facts.kind)].decisions]
    if facts.decision and facts.decision not in decisions:
        fault = FieldError("decision", "form.decision_unknown", f"Choose one of: {', '.join(decisions)}.")
        raise Invalid("form.decision_unknown", "This work cannot end so.", fault.message, fields=(fault,))


def _checked(schema: dict[str, Any]) -> Form:
    """The form of a schema whose patterns can be run."""
    form = parsed(schema)
    wrong = [(one.code, pattern_fault(one.pattern)) for one in form.fields if one.pattern]
    faults = tuple(
        FieldError(f"properties.{code}.pattern", "field.pattern", words) for code, words in wrong if words
    )
    if faults:
        raise Invalid("form.pattern", "A pattern cannot be used.", "Write it for RE2.", fields=faults)
    return form


async def _store_draft(session: Session, form_id: UUID, form: Form) -> None:
    await session.execute(
        "INSERT INTO task_form_versions (tenant_id, form_id, number, schema, saved_by_name)"
        " VALUES ($1, $2, $3, $4, $5)",
        session.tenant_id,
        form_id,
        await _next_number(session, form_id),
        json.dumps(schema_of(form)),
        session.actor.name,
    )


async def _publish(session: Session, version_id: UUID, effective_from: date, reason: str) -> None:
    words = reason.strip()
    if not 1 <= len(words) <= LONGEST_REASON or "\0" in words:
        fault = FieldError("reason", "reason.missing", f"Say why in at most {LONGEST_REASON} characters.")
        raise Invalid("reason.missing", "Publishing asks for a reason.", fault.message, fields=(fault,))
    if effective_from < await tenants_day(session):
        fault = FieldError("effective_from", "effective_from.past", "Choose today or a later day.")
        raise Invalid("form.past", "What is done stays as it was.", fault.message, fields=(fault,))
    await session.execute(
        "UPDATE task_form_versions SET status = 'published', effective_from = $2, reason = $3,"
        " published_by_name = $4, published_at = now(), version = version + 1 WHERE id = $1",
        version_id,
        effective_from,
        words,
        session.actor.name,
    )


async def _next_number(session: Session, form_id: UUID) -> int:
    number: int = await session.value(
        "SELECT coalesce(max(number), 0) + 1 FROM task_form_versions WHERE form_id = $1 AND status = 'published'",
        form_id,
    )
    return number


async def _draft(session: Session, form_id: UUID) -> Any:
    return await session.row(f"{_VERSIONS} AND form_id = $1 AND status = 'draft'", form_id)


async def _view(session: Session, form_id: UUID) -> FormView:
    form = await session.row("SELECT * FROM task_forms WHERE id = $1", form_id)
    rows = await session.fetch(f"{_VERSIONS} AND form_id = $1 ORDER BY number DESC", form_id)
    return view_of(form, rows, await tenants_day(session))
