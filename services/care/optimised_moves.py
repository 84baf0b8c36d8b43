"""Who would change hands by a reckoning of rosters: page by page, struck out or taken back in until it is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.care.moving import UNDER_WAY
from activities.care.optimising import FOUND
from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.clientele.patient_rows import full_name

_NOW = f"""
SELECT e.id, e.coordinator_id, e.step, {UNDER_WAY} AS under_way FROM care_enrolments e
WHERE e.tenant_id = current_tenant() AND e.id = ANY($1::uuid[])
"""
_NAMES = """
SELECT e.id, p.person, p.account_number FROM care_enrolments e
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
WHERE e.tenant_id = current_tenant() AND e.id = ANY($1::uuid[])
"""
_STRIKE = """
UPDATE care_optimisations SET struck = CASE WHEN $3
    THEN ARRAY(SELECT unnest(struck) UNION SELECT unnest($2::uuid[]))
    ELSE ARRAY(SELECT unnest(struck) EXCEPT SELECT unnest($2::uuid[])) END
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class FoundMove:
    """A patient who would change hands, without a name. `stale`: it is not possible any more, since they have moved or
    ended, or another move, `under_way`, has them. `struck`: it is not to be proposed."""

    enrolment_id: UUID
    from_user_id: UUID | None
    to_user_id: UUID
    why: list[str]
    stale: bool
    under_way: str
    struck: bool

    @property
    def wanted(self) -> bool:
        """It would be proposed now."""
        return not self.stale and not self.struck


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A patient who would change hands, and what is better there (PHI)."""

    enrolment_id: UUID
    patient_name: str
    account_number: str
    from_user_id: UUID | None
    from_name: str
    to_user_id: UUID
    to_name: str
    why: list[str]
    stale: bool
    under_way: str
    struck: bool


async def found_moves(session: Session, row: Any) -> list[FoundMove]:
    """All that a row of care_optimisations would move, in the order in which it was found."""
    if row["found"] is None:
        return []
    rows = (await session.key()).open_json(FOUND, row["found"])["rows"]
    ids = [UUID(one["enrolment_id"]) for one in rows]
    now = {one["id"]: one for one in await session.fetch(_NOW, ids)}
    struck = frozenset(row["struck"])
    return [_move(one, now[id], id in struck) for id, one in zip(ids, rows, strict=True)]


@door.query(Permission.CARE_MANAGE, of="care_optimisations", phi=True)
async def optimised_moves(
    session: Session, id: UUID, cursor: str | None = None, limit: int = PAGE
) -> Page[MoveRow]:
    """The patients who would change hands, with their reasons."""
    size, first = page_size(limit), number_in(cursor) if cursor else 0
    row = await session.row("SELECT found, struck FROM care_optimisations WHERE id = $1", id)
    moves = await found_moves(session, row)
    following = encode_cursor(first + size) if len(moves) > first + size else None
    return Page(await _named(session, row, moves[first : first + size]), following)


@door.command(Permission.CARE_MANAGE, of="care_optimisations")
async def strike_moves(session: Session, id: UUID, enrolments: list[UUID], *, struck: bool = True) -> int:
    """Strike these patients out of what will be proposed, or take them back in; how many are struck out then."""
    row = await session.row("SELECT found, struck FROM care_optimisations WHERE id = $1 FOR UPDATE", id)
    if not {one.enrolment_id for one in await found_moves(session, row)} >= set(enrolments):
        words = "Choose patients whom this reckoning would move."
        fault = FieldError("enrolments", "enrolments.unknown", words)
        raise Invalid("care_optimisation.not_among", "They would not move.", words, fields=(fault,))
    await session.execute(_STRIKE, id, enrolments, struck)
    left: int = await session.value("SELECT cardinality(struck) FROM care_optimisations WHERE id = $1", id)
    return left


def _move(one: dict[str, Any], now: Any, struck: bool) -> FoundMove:
    old = UUID(one["from"]) if one["from"] else None
    gone = now["step"] == "ended" or now["coordinator_id"] != old or now["under_way"] is not None
    return FoundMove(now["id"], old, UUID(one["to"]), one["why"], gone, now["under_way"] or "", struck)


async def _named(session: Session, row: Any, moves: Sequence[FoundMove]) -> list[MoveRow]:
    if not moves:
        return []
    key = await session.key()
    coordinators = {
        UUID(one["coordinator_id"]): one["name"] for one in key.open_json(FOUND, row["found"])["rosters"]
    }
    rows = await session.fetch(_NAMES, [one.enrolment_id for one in moves])
    patients = {one["id"]: one for one in rows}
    return [_row(key, one, patients[one.enrolment_id], coordinators) for one in moves]


def _row(key: TenantKey, one: FoundMove, patient: Any, names: dict[UUID, str]) -> MoveRow:
    old = one.from_user_id
    return MoveRow(
        one.enrolment_id,
        full_name(open_person(key, patient["person"])[0]),
        patient["account_number"],
        old,
        names.get(old, "") if old else "",
        one.to_user_id,
        names.get(one.to_user_id, ""),
        one.why,
        one.stale,
        one.under_way,
        one.struck,
    )
