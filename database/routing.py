"""The routes of a payer as stored, and the connection that they choose for a claim."""

from uuid import UUID

from database.session import Session
from domain.routing import Chosen, Route, choose

_ROUTES = "SELECT connection_id, client_id, transaction FROM routes WHERE tenant_id = current_tenant() AND payer_id = $1"
_ELSE = """
SELECT p.connection_id AS own, (SELECT id FROM connections WHERE active ORDER BY created_at LIMIT 1) AS oldest
FROM payers p WHERE p.id = $1
"""
_TRANSACTIONS = {"professional": "837P", "institutional": "837I"}


async def route_of(session: Session, client_id: UUID, payer_id: UUID, transaction: str) -> Chosen:
    """Which connection a claim of this client to this payer travels through, and why."""
    rows = await session.fetch(_ROUTES, payer_id)
    routes = [Route(row["connection_id"], row["client_id"], row["transaction"]) for row in rows]
    other = await session.row(_ELSE, payer_id)
    return choose(routes, other["own"], other["oldest"], client_id, transaction)


async def route_of_claim(session: Session, claim_id: UUID, client_id: UUID, payer_id: UUID) -> Chosen:
    """The same for a claim that is there, by its form."""
    form = await session.value("SELECT form FROM claims WHERE id = $1", claim_id)
    return await route_of(session, client_id, payer_id, _TRANSACTIONS[form])
