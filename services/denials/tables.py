"""The tables behind denials: which codes mean which class, and which levels of appeal a payer has. Rows hold from a day."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from activities.denials.classifying import today_of
from database.denial_reads import own_codes, own_levels
from database.session import Session
from domain.denials import codes, levels
from domain.denials.classes import DenialClass, label_of
from domain.denials.codes import CodeRow
from domain.denials.levels import Level
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.denials.playbooks import from_today, known_class

_REASON = re.compile(r"[A-Z]?[0-9]{1,3}|[A-Z][0-9]{1,2}")
_REMARK = re.compile(r"(M|MA|N)[0-9]{1,4}")
_GROUPS = ("", "CO", "OA", "PI", "PR")


@dataclass(frozen=True, slots=True)
class CodeRowView:
    """A row of the table. Empty `group_code` or `remark_code` means any; an empty class gives back to the default."""

    id: str
    reason_code: str
    group_code: str
    remark_code: str
    class_code: str
    class_label: str
    preventable: bool | None
    effective_from: date
    own: bool


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What a tenant says of a code: CARC, and group and RARC where only those are meant."""

    reason_code: str
    class_code: str
    effective_from: date
    group_code: str = ""
    remark_code: str = ""
    preventable: bool | None = None


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level of appeal. `kind` is medicare, other, or a payer's id; `days` None: the payer's own appeal window."""

    id: str
    kind: str
    kind_label: str
    number: int
    label: str
    days: int | None
    answer_days: int
    active: bool
    effective_from: date
    own: bool


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """What a tenant says of a level, for all of a kind or for one payer (`kind` its id)."""

    kind: str
    number: int
    label: str
    answer_days: int
    effective_from: date
    days: int | None = None
    active: bool = True


@door.query(Permission.CLAIMS_VIEW)
async def list_codes(session: Session, class_code: str = "") -> list[CodeRowView]:
    """The tenant's own rows, the newest first, then the defaults; of one class when it is named."""
    own = list(reversed(await own_codes(session)))
    wanted = known_class(class_code) if class_code else None
    rows = [*own, *codes.DEFAULTS]
    return [_code(row) for row in rows if wanted is None or row.klass is wanted]


@door.command(Permission.PLAYBOOKS_MANAGE)
async def set_code(session: Session, facts: CodeFacts) -> list[CodeRowView]:
    """Give a code a class from a day on; with an empty class the default speaks again. Answers the tenant's own rows."""
    faults = [*_code_faults(facts), *from_today(facts.effective_from, await today_of(session))]
    if faults:
        raise Invalid(
            "denial.code_refused", "The row cannot be kept so.", faults[0].message, fields=tuple(faults)
        )
    await session.execute(
        "INSERT INTO denial_codes (tenant_id, reason_code, group_code, remark_code, class_code, preventable,"
        " effective_from, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        session.tenant_id,
        facts.reason_code,
        facts.group_code,
        facts.remark_code,
        facts.class_code,
        facts.preventable,
        facts.effective_from,
        session.actor.user_id,
    )
    return [_code(row) for row in reversed(await own_codes(session))]


@door.query(Permission.CLAIMS_VIEW)
async def list_levels(session: Session) -> list[LevelView]:
    """The tenant's own rows, the newest first, then the defaults."""
    rows = [*reversed(await own_levels(session)), *levels.DEFAULTS]
    names = await _payers(session)
    return [_level(row, names) for row in rows]


@door.command(Permission.PLAYBOOKS_MANAGE)
async def set_level(session: Session, facts: LevelFacts) -> list[LevelView]:
    """Set a level from a day on. Appeals that are under way keep the windows they were given."""
    faults = [
        *await _level_faults(session, facts),
        *from_today(facts.effective_from, await today_of(session)),
    ]
    if faults:
        raise Invalid(
            "appeal.level_refused", "The row cannot be kept so.", faults[0].message, fields=tuple(faults)
        )
    await session.execute(
        "INSERT INTO appeal_levels (tenant_id, kind, number, label, days, answer_days, active, effective_from, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        session.tenant_id,
        facts.kind,
        facts.number,
        facts.label.strip(),
        facts.days,
        facts.answer_days,
        facts.active,
        facts.effective_from,
        session.actor.user_id,
    )
    names = await _payers(session)
    return [_level(row, names) for row in reversed(await own_levels(session))]


def _code_faults(facts: CodeFacts) -> list[FieldError]:
    wrong = (
        ("reason_code", not _REASON.fullmatch(facts.reason_code), "Enter a CARC such as 197 or B7."),
        ("remark_code", bool(facts.remark_code) and not _REMARK.fullmatch(facts.remark_code), "Enter a RARC such as N290."),
        ("group_code", facts.group_code not in _GROUPS, "Choose CO, OA, PI or PR, or leave it open."),
        (
            "class_code",
            facts.class_code not in {"", *(klass.value for klass in DenialClass)},
            "Choose one of the classes.",
        ),
    )  # fmt: skip
    return [FieldError(field, f"{field}.unusable", words) for field, is_wrong, words in wrong if is_wrong]


async def _level_faults(session: Session, facts: LevelFacts) -> list[FieldError]:
    wrong = (
        ("kind", not await _known_kind(session, facts.kind), "Choose medicare, other, or a payer of yours."),
        ("number", not 1 <= facts.number <= 9, "Levels count from 1 to 9."),
        ("label", not facts.label.strip() or len(facts.label) > 80 or "\0" in facts.label, "Write a name of at most 80 characters."),
        ("days", facts.days is not None and not 1 <= facts.days <= 3650, "Choose 1 to 3650 days, or nothing."),
        ("answer_days", not 1 <= facts.answer_days <= 3650, "Choose 1 to 3650 days."),
    )  # fmt: skip
    return [FieldError(field, f"{field}.unusable", words) for field, is_wrong, words in wrong if is_wrong]


async def _known_kind(session: Session, kind: str) -> bool:
    if kind in (levels.MEDICARE, levels.OTHER):
        return True
    try:
        payer_id = UUID(kind)
    except ValueError:
        return False
    return bool(await session.value("SELECT 1 FROM payers WHERE id = $1", payer_id))


async def _payers(session: Session) -> dict[str, str]:
    rows = await session.fetch("SELECT id::text AS id, name FROM payers WHERE tenant_id = current_tenant()")
    return {row["id"]: row["name"] for row in rows}


def _code(row: CodeRow) -> CodeRowView:
    klass = row.klass.value if row.klass else ""
    return CodeRowView(
        row.id,
        row.reason,
        row.group,
        row.remark,
        klass,
        label_of(klass) if klass else "As the default",
        row.preventable,
        row.effective_from,
        row.own,
    )


def _level(row: Level, payers: dict[str, str]) -> LevelView:
    known = {levels.MEDICARE: "Medicare", levels.OTHER: "Other payers"}
    return LevelView(
        row.id,
        row.kind,
        known.get(row.kind) or payers.get(row.kind, row.kind),
        row.number,
        row.label,
        row.days,
        row.answer_days,
        row.active,
        row.effective_from,
        row.own,
    )
