"""The tenant's own tables of denials as the domain reads them: codes, playbooks and levels of appeal."""

from typing import Any

from database.session import Session
from domain.denials.classes import DenialClass, Route
from domain.denials.codes import CodeRow
from domain.denials.levels import Level
from domain.denials.playbooks import Playbook


async def own_codes(session: Session) -> list[CodeRow]:
    """Every row ever set, in the order of their making."""
    rows = await session.fetch("SELECT * FROM denial_codes WHERE tenant_id = current_tenant() ORDER BY id")
    return [_code(row, sequence) for sequence, row in enumerate(rows)]


async def own_playbooks(session: Session) -> list[Playbook]:
    """Every playbook ever set, in the order of their making."""
    rows = await session.fetch(
        "SELECT * FROM denial_playbooks WHERE tenant_id = current_tenant() ORDER BY id"
    )
    return [_playbook(row, sequence) for sequence, row in enumerate(rows)]


async def own_levels(session: Session) -> list[Level]:
    """Every level ever set, in the order of their making."""
    rows = await session.fetch("SELECT * FROM appeal_levels WHERE tenant_id = current_tenant() ORDER BY id")
    return [_level(row, sequence) for sequence, row in enumerate(rows)]


def _code(row: Any, sequence: int) -> CodeRow:
    return CodeRow(
        id=f"own/{row['id']}",
        reason=row["reason_code"],
        klass=DenialClass(row["class_code"]) if row["class_code"] else None,
        group=row["group_code"],
        remark=row["remark_code"],
        effective_from=row["effective_from"],
        preventable=row["preventable"],
        own=True,
        sequence=sequence,
    )


def _playbook(row: Any, sequence: int) -> Playbook:
    return Playbook(
        id=f"own/{row['id']}",
        klass=DenialClass(row["class_code"]),
        route=Route(row["route"]),
        steps=tuple(row["steps"]),
        letter=row["letter"],
        due_days=row["due_days"],
        high_cents=row["high_cents"],
        first_cents=row["first_cents"],
        approval_cents=row["approval_cents"],
        effective_from=row["effective_from"],
        own=True,
        sequence=sequence,
    )


def _level(row: Any, sequence: int) -> Level:
    return Level(
        id=f"own/{row['id']}",
        kind=row["kind"],
        number=row["number"],
        label=row["label"],
        days=row["days"],
        answer_days=row["answer_days"],
        effective_from=row["effective_from"],
        own=True,
        sequence=sequence,
        active=row["active"],
    )
