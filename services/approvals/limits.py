"""The limits up to which nobody needs to be asked: rows that hold from a day."""

from dataclasses import dataclass
from datetime import date

from activities.denials.classifying import today_of
from database.approval_limits import limit_from
from database.session import Session
from domain.approvals.limits import OWN, WORDS, Limit, LimitKind, checked, in_force
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission as P
from services import door
from services.approvals.views import LimitView, limit_view
from services.balances.rules import rules_of

_ROWS = """
SELECT l.kind, l.effective_from, l.free_up_to, l.second_from, u.name AS set_by FROM approval_limits l
JOIN users u ON u.id = l.created_by WHERE l.tenant_id = current_tenant() ORDER BY l.effective_from, l.id
"""


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """`free_up_to` cents, or items of a move, need no approval; from `second_from` on two people decide."""

    kind: str
    effective_from: date
    free_up_to: int
    second_from: int | None = None


@door.query(P.WORK_VIEW)
async def list_limits(session: Session) -> list[LimitView]:
    """What holds for each kind today, and what was set for later."""
    return await _listed(session)


@door.command(P.ROLES_MANAGE)
async def set_limit(session: Session, facts: LimitFacts) -> list[LimitView]:
    """Set a limit from a day on. What is under way keeps the one that it was asked by."""
    if facts.kind not in set(LimitKind):
        fault = FieldError("kind", "kind.unknown", f"Choose one of: {', '.join(LimitKind)}.")
        raise Invalid("limit.kind_unknown", "There is no such limit.", fault.message, fields=(fault,))
    limit = checked(
        Limit(LimitKind(facts.kind), facts.effective_from, facts.free_up_to, facts.second_from),
        await today_of(session),
    )
    await session.execute(
        "INSERT INTO approval_limits (tenant_id, kind, effective_from, free_up_to, second_from, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        session.tenant_id,
        limit.kind.value,
        limit.effective_from,
        limit.free_up_to,
        limit.second_from,
        session.actor.user_id,
    )
    return await _listed(session)


async def own_limit(session: Session, kind: LimitKind) -> int:
    """What holds while the tenant has set nothing; for a patient's share the limit of small balances."""
    if kind is LimitKind.PATIENT_WRITE_OFF:
        return (await rules_of(session)).small_balance_cents
    return OWN[kind]


async def _listed(session: Session) -> list[LimitView]:
    rows, today = await session.fetch(_ROWS), await today_of(session)
    found: list[LimitView] = []
    for kind in LimitKind:
        mine = [row for row in rows if row["kind"] == kind]
        now = in_force([limit_from(row) for row in mine], kind, today, await own_limit(session, kind))
        current = [row for row in mine if row["effective_from"] == now.effective_from][-1:]
        later = [row for row in mine if row["effective_from"] > today]
        if not current:
            found.append(LimitView(kind.value, WORDS[kind], None, now.free_up_to, None, "", True))
        found += [limit_view(kind, row, row not in later) for row in [*current, *later]]
    return found
