"""The search for revenue codes, by number: their texts are licensed."""

from dataclasses import dataclass

from database.session import Session
from domain.codes import revenue
from policies.permissions import Permission
from services import door


@dataclass(frozen=True, slots=True)
class RevenueCode:
    """A revenue code with what its group is about, in our own words."""

    code: str
    group: str


@door.query(Permission.CLAIMS_VIEW)
async def search_revenue_codes(session: Session, number: str) -> list[RevenueCode]:
    """Revenue codes by the beginning of their number."""
    return [RevenueCode(code, words) for code, words in revenue.search(number)]
