"""Takes rows in, portion by portion: each whole or not at all, once, with its outcome kept beside it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from database.session import Session
from domain.refusals import NotAllowed, NotAMember, Refusal
from domain.sheets.columns import SheetRow, read_row
from domain.sheets.kinds import Kind
from policies.guard import require
from services.door import refusal_for
from services.sheets.consents import CONSENTS
from services.sheets.custom import form_of
from services.sheets.minutes import MINUTES
from services.sheets.patients import PATIENTS
from services.sheets.planning import About, Planned, SheetKind
from services.sheets.reading import name_of
from services.sheets.staff import STAFF
from services.tenancy.actors import person

PORTION = 50
FACTS = "sheet_import_rows.facts"
MESSAGE = "sheet_import_rows.message"
KINDS: Mapping[Kind, SheetKind] = {one.kind: one for one in (PATIENTS, STAFF, CONSENTS, MINUTES)}
_COUNTS = {"new": "added", "changed": "changed", "same": "same", "refused": "refused"}
_DONE = """
UPDATE sheet_import_rows r SET outcome = t.outcome, code = t.code, message = t.message, subject_id = t.subject_id
FROM unnest($2::int[], $3::text[], $4::text[], $5::bytea[], $6::uuid[]) AS t (place, outcome, code, message, subject_id)
WHERE r.import_id = $1 AND r.place = t.place
"""


def about_of(row: Any, name: str) -> About:
    """In whose light the rows of a sheet of this name are read."""
    return About(row["id"], name, datetime.now(UTC))


async def begin(session: Session, row: Any, plans: Sequence[Planned], left_out: int) -> None:
    """Fix the rows that are to be taken in, and start the process that does."""
    key = await session.key()
    rows = [
        (session.tenant_id, row["id"], one.row.number, key.seal_json(FACTS, one.row.texts | one.kept))
        for one in plans
    ]
    await session.copy("sheet_import_rows", ("tenant_id", "import_id", "place", "facts"), rows)
    await session.execute(
        "UPDATE sheet_imports SET status = 'taking', taking_at = now(), started_by = $2, total = $3, left_out = $4 WHERE id = $1",
        row["id"],
        session.actor.user_id,
        len(plans),
        left_out,
    )
    await start(session, row["id"])


async def start(session: Session, import_id: UUID) -> None:
    """Start the process, also once more where it had stopped."""
    given = {"tenant_id": session.tenant_id, "import_id": import_id}
    await session.tell(
        "signal_with_start",
        f"{session.tenant_id}/sheet/{import_id}",
        "go_on",
        given,
        workflow="SheetImport",
        signal_payload=given,
    )


async def take_portion(session: Session, import_id: UUID) -> bool:
    """Take the next rows in with the rights that whoever began it holds now; whether any are left.

    All in the session's transaction, so that another attempt finds either the whole portion done or none of it.
    """
    row = await session.row("SELECT * FROM sheet_imports WHERE id = $1 FOR UPDATE", import_id)
    if row["status"] != "taking":
        return False
    kind = KINDS[Kind(row["kind"])]
    # Two sheets of a kind wait for one another: both could otherwise bring the same new patient, or fill the same minute.
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
        f"sheet:{session.tenant_id}:{kind.kind.value}",
    )
    due = await session.fetch(
        "SELECT place, facts FROM sheet_import_rows WHERE import_id = $1 AND outcome IS NULL"
        f" ORDER BY place LIMIT {PORTION}",
        import_id,
    )
    key = await session.key()
    texts = {one["place"]: key.open_json(FACTS, one["facts"]) for one in due}
    try:
        session.actor = await person(session, row["started_by"])
        for permission in kind.needs([name for one in texts.values() for name in one]):
            require(session.actor, permission)
    except (NotAMember, NotAllowed):
        await session.execute("UPDATE sheet_imports SET status = 'stopped' WHERE id = $1", import_id)
        return False
    form = await form_of(session, kind.kind)
    rows = [read_row(form.columns, place, said) for place, said in texts.items()]
    await _take_all(session, kind, row, rows)
    if len(due) == PORTION:
        return True
    await session.execute(
        "UPDATE sheet_imports SET status = 'taken', taken_at = now() WHERE id = $1", import_id
    )
    return False


async def _take_all(session: Session, kind: SheetKind, sheet: Any, rows: Sequence[SheetRow]) -> None:
    key = await session.key()
    about = about_of(sheet, name_of(key, sheet))
    plans = {one.row.number: one for one in await kind.plan(session, rows, about)}
    outcomes: list[tuple[int, str, str, bytes | None, UUID | None]] = []
    for row in rows:
        planned = plans.get(row.number)
        code, message, subject = "cell.invalid", " ".join(row.faults.values()), None
        if planned is not None:
            code, message, subject = await _take_one(session, kind, planned, about)
        outcome = "refused" if message or planned is None else planned.outcome
        outcomes.append(
            (row.number, outcome, code, key.seal(MESSAGE, message.encode()) if message else None, subject)
        )
    await session.execute(_DONE, sheet["id"], *(list(column) for column in zip(*outcomes, strict=True)) if outcomes else ([], [], [], [], []))  # fmt: skip
    counts = {column: sum(one[1] == outcome for one in outcomes) for outcome, column in _COUNTS.items()}
    sums = ", ".join(f"{column} = {column} + {count}" for column, count in counts.items())
    await session.execute(
        f"UPDATE sheet_imports SET done = done + $2, {sums} WHERE id = $1", sheet["id"], len(outcomes)
    )


async def _take_one(
    session: Session, kind: SheetKind, planned: Planned, about: About
) -> tuple[str, str, UUID | None]:
    """One row in a savepoint of its own; a code and a message when it was refused."""
    if planned.outcome == "same":
        return "", "", planned.subject_id
    code = message = ""
    subject: UUID | None = None
    try:
        async with session.connection.transaction():
            subject = await kind.take(session, planned, about)
    except (Refusal, asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        refused = refusal_for(error) if isinstance(error, asyncpg.PostgresError) else error
        assert isinstance(refused, Refusal)  # those two of the database are always somebody's input
        code, message = refused.code, _said(refused)
    await session.audit(
        f"sheets.{kind.kind.value}.row",
        "sheet_imports",
        about.import_id,
        outcome="refused" if code else "done",
        phi=True,
        detail={"row": planned.row.number, "subject": subject, "code": code},
    )
    return code, message, subject


def _said(refusal: Refusal) -> str:
    parts = [fault.message for fault in refusal.fields] or [refusal.what_to_do]
    return " ".join([refusal.title, *parts])
