"""The routes of a payer as stored, and the connection that they, or the table above them, choose for a claim."""

from uuid import UUID

from database.decision_tables import decide, doubt
from database.session import Session
from domain.routing import Chosen, Route, choose

_ROUTES = "SELECT connection_id, client_id, transaction FROM routes WHERE tenant_id = current_tenant() AND payer_id = $1"
_ELSE = """
SELECT p.connection_id AS own, (SELECT id FROM connections WHERE active ORDER BY created_at LIMIT 1) AS oldest,
    p.payer_id, (SELECT npi FROM clients WHERE id = $2) AS client_npi
FROM payers p WHERE p.id = $1
"""
_NAMES = "SELECT id, name, active FROM connections WHERE tenant_id = current_tenant()"
_TRANSACTIONS = {"professional": "837P", "institutional": "837I"}


async def route_of(
    session: Session, client_id: UUID, payer_id: UUID, transaction: str, *, claim_id: UUID | None = None
) -> Chosen:
    """Which connection a claim of this client to this payer travels through, and why.

    With the claim the decision of the table is kept; without one somebody only asks.
    """
    rows = await session.fetch(_ROUTES, payer_id)
    routes = [Route(row["connection_id"], row["client_id"], row["transaction"]) for row in rows]
    other = await session.row(_ELSE, payer_id, client_id)
    chosen = choose(routes, other["own"], other["oldest"], client_id, transaction)
    facts = {"payer_id": other["payer_id"], "client_npi": other["client_npi"], "transaction": transaction}
    return await _by_table(session, chosen, facts, claim_id)


async def route_of_claim(session: Session, claim_id: UUID, client_id: UUID, payer_id: UUID) -> Chosen:
    """The same for a claim that is there, by its form."""
    form = await session.value("SELECT form FROM claims WHERE id = $1", claim_id)
    return await route_of(session, client_id, payer_id, _TRANSACTIONS[form], claim_id=claim_id)


async def _by_table(
    session: Session, chosen: Chosen, facts: dict[str, str | None], claim_id: UUID | None
) -> Chosen:
    """What the table of connections says instead. A name that is no connection in use changes nothing."""
    names = {row["name"]: row for row in await session.fetch(_NAMES)}
    known = {row["id"]: name for name, row in names.items()}
    name = known.get(chosen.connection_id) if chosen.connection_id else None
    made = await decide(
        session,
        "connections",
        {**facts, "chosen_by": chosen.why, "connection": name},
        default={"connection": name},
        subject_type="claim",
        subject_id=claim_id,
        keep=claim_id is not None,
    )
    if made.row is None:
        return chosen
    wanted = names.get(made.value["connection"])
    if wanted is None or not wanted["active"]:
        await doubt(session, "connections", made, "connection", "No connection in use has this name.")
        return chosen
    return Chosen(wanted["id"], "table")
