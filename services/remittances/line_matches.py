"""Services of a remittance whose line is not certain: what they may answer, and a person's pick."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from activities.remittances.doubts import LINES
from activities.remittances.lines import OurLine, service_of, set_lines, stored_services
from activities.work import close_items
from database.claim_activities import Touch, add_touches
from database.session import Session
from domain import work
from domain.claims.line_matching import LineMatch, rank_lines
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.remittances.doubt_views import DoubtfulService, LineCandidate, LinesView
from services.remittances.views import LINE_MATCHED_BY

_CLAIM = """
SELECT u.id, u.remittance_id, u.claim_id, r.trace, coalesce(c.reference, '') AS reference FROM remittance_claims u
JOIN remittances r ON r.tenant_id = u.tenant_id AND r.id = u.remittance_id
LEFT JOIN claims c ON c.tenant_id = u.tenant_id AND c.id = u.claim_id WHERE u.id = $1
"""


@door.query(Permission.REMITTANCES_VIEW, of="remittance_claims", phi=True)
async def line_matches(session: Session, remittance_claim_id: UUID) -> LinesView:
    """Every service of a payment with its line, and the lines it may be. Without a claim there are none to choose from."""
    return await _view(session, remittance_claim_id)


@door.command(Permission.REMITTANCES_RELEASE, of="remittance_claims")
async def pick_lines(session: Session, remittance_claim_id: UUID, lines: Mapping[int, int]) -> LinesView:
    """Say which line each service answers, by the service's ordinal; 0 says that it answers none of ours.

    The money is on the claim already and stays; the next payer's claim and the line's figures follow the pick.
    """
    rows, ours = await stored_services(session, remittance_claim_id)
    _refuse_unknown(rows, ours, lines)
    picked = {ordinal: LineMatch(number, 100, "person") for ordinal, number in lines.items()}
    await set_lines(session, remittance_claim_id, picked)
    by = session.actor.user_id
    touch = Touch(rows[0]["claim_id"], "matched", "Lines of a remittance were picked by a person",
                  f"picked:{remittance_claim_id}:{sorted(lines.items())}", by)  # fmt: skip
    await add_touches(session, [touch])
    view = await _view(session, remittance_claim_id)
    if all(one.claim_line or one.matched_by_label == LINE_MATCHED_BY["person"] for one in view.services):
        await close_items(session, LINES, remittance_claim_id, [work.Kind.MATCH], decision="picked", by=by)
    return view


def _refuse_unknown(rows: list[Any], ours: list[OurLine], lines: Mapping[int, int]) -> None:
    numbers, ordinals = {line.number for line in ours} | {0}, {row["ordinal"] for row in rows}
    chosen = [number for number in lines.values() if number]
    if (
        not lines or not ordinals.issuperset(lines) or not numbers.issuperset(lines.values())
        or len(chosen) != len(set(chosen))
    ):  # fmt: skip
        fault = FieldError(
            "lines", "lines.unknown", "Choose for each service one line of this claim, each line once."
        )
        raise Invalid(
            "remittance.lines_unknown", "These lines cannot be picked.", fault.message, fields=(fault,)
        )


async def _view(session: Session, remittance_claim_id: UUID) -> LinesView:
    row = await session.row(_CLAIM, remittance_claim_id)
    rows, ours = await stored_services(session, remittance_claim_id)
    services = [_service(one, ours) for one in rows]
    return LinesView(
        row["id"], row["remittance_id"], row["trace"], row["claim_id"], row["reference"], services
    )


def _service(row: Any, ours: list[OurLine]) -> DoubtfulService:
    ranked = rank_lines(ours, service_of(row))
    candidates = [
        LineCandidate(line.number, line.procedure, list(line.modifiers), line.charge_cents, line.service_from,
                      one.confidence, list(told))
        for one, told in ranked
        for line in (ours[one.position - 1],)
    ]  # fmt: skip
    return DoubtfulService(
        row["ordinal"], row["procedure"], list(row["modifiers"]), row["revenue_code"], row["service_from"],
        row["charge_cents"], row["paid_cents"], row["claim_line"],
        LINE_MATCHED_BY.get(row["matched_by"], row["matched_by"]), row["match_confidence"], candidates,
    )  # fmt: skip
