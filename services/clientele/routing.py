"""Routes: through which connection a payer's claims travel, with exceptions by transaction and by client, and why."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.routing import route_of
from database.session import Session
from domain.routing import WHY, Chosen, Route, choose
from policies.permissions import Permission
from services import door
from services.clientele import records
from services.clientele.checks import Faults

TRANSACTIONS = ("837P", "837I")
_ROUTES = """
SELECT r.*, p.name AS payer_name, c.name AS client_name, k.name AS connection_name, k.active AS connection_active
FROM routes r JOIN payers p ON p.tenant_id = r.tenant_id AND p.id = r.payer_id
JOIN connections k ON k.tenant_id = r.tenant_id AND k.id = r.connection_id
LEFT JOIN clients c ON c.tenant_id = r.tenant_id AND c.id = r.client_id
"""


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """A route of a payer. Without a client it holds for all, without a transaction (837P, 837I) for both."""

    payer_id: UUID
    connection_id: UUID
    client_id: UUID | None = None
    transaction: str = ""


@dataclass(frozen=True, slots=True)
class RouteView:
    """A route as shown. `works` is false when its connection is out of use: its claims wait."""

    id: UUID
    payer_id: UUID
    payer_name: str
    client_id: UUID | None
    client_name: str
    transaction: str
    connection_id: UUID
    connection_name: str
    works: bool


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """Where a claim would go and why; `works` is false when it would wait, and `what_to_do` says how to mend that."""

    connection_id: UUID | None
    connection_name: str
    why: str
    why_words: str
    works: bool
    what_to_do: str


@dataclass(frozen=True, slots=True)
class PayerWithoutRoute:
    """An active payer whose claims would wait, for one transaction; of one client only when it has a name."""

    payer_id: UUID
    payer_name: str
    client_name: str
    transaction: str
    why: str
    connection_name: str


@door.query(Permission.CONNECTIONS_VIEW)
async def list_routes(session: Session, payer_id: UUID | None = None) -> list[RouteView]:
    """The exceptions that were set, by payer; at most 500."""
    rows = await session.fetch(
        f"{_ROUTES} WHERE r.tenant_id = current_tenant() AND ($1::uuid IS NULL OR r.payer_id = $1)"
        " ORDER BY p.name, c.name NULLS FIRST, r.transaction LIMIT 500",
        payer_id,
    )
    return [_view(row) for row in rows]


@door.query(Permission.CONNECTIONS_VIEW)
async def where_would_it_go(
    session: Session, payer_id: UUID, client_id: UUID, transaction: str = "837P"
) -> RouteAnswer:
    """Where a claim of this client to this payer would go now, and why."""
    _must_be_known(transaction)
    await records.must_be_active(session, "payers", payer_id, "payer_id", "payer")
    await records.must_be_active(session, "clients", client_id, "client_id", "client")
    chosen = await route_of(session, client_id, payer_id, transaction)
    row = await session.row("SELECT name, active FROM connections WHERE id = $1", chosen.connection_id)
    return _answer(chosen, row)


@door.query(Permission.CONNECTIONS_VIEW)
async def payers_without_route(session: Session) -> list[PayerWithoutRoute]:
    """Active payers whose claims would wait: no connection chosen, or one that is out of use."""
    connections = {
        r["id"]: r for r in await session.fetch("SELECT id, name, active, created_at FROM connections")
    }
    oldest = min(
        (r for r in connections.values() if r["active"]), key=lambda r: r["created_at"], default=None
    )
    default = oldest["id"] if oldest else None
    routes: dict[UUID, list[Route]] = {}
    for row in await session.fetch("SELECT payer_id, connection_id, client_id, transaction FROM routes"):
        one = Route(row["connection_id"], row["client_id"], row["transaction"])
        routes.setdefault(row["payer_id"], []).append(one)
    clients = await records.names_of(
        session, "clients", (o.client_id for own in routes.values() for o in own)
    )
    found = []
    for payer in await session.fetch(
        "SELECT id, name, connection_id FROM payers WHERE active ORDER BY name, id"
    ):
        own = routes.get(payer["id"], [])
        for client, transaction in _cases(own):
            chosen = choose(own, payer["connection_id"], default, client, transaction)
            known = connections.get(chosen.connection_id) if chosen.connection_id else None
            if known is None or not known["active"]:
                name, whose = known["name"] if known else "", clients.get(client, "")
                found.append(
                    PayerWithoutRoute(payer["id"], payer["name"], whose, transaction, chosen.why, name)
                )
    return found


@door.command(Permission.CONNECTIONS_MANAGE)
async def set_route(session: Session, facts: RouteFacts) -> RouteView:
    """Set where these claims go; a route for the same payer, client and transaction is replaced."""
    if facts.transaction:
        _must_be_known(facts.transaction)
    await records.must_be_active(session, "payers", facts.payer_id, "payer_id", "payer")
    await records.must_be_active(session, "connections", facts.connection_id, "connection_id", "connection")
    if facts.client_id is not None:
        await records.must_be_active(session, "clients", facts.client_id, "client_id", "client")
    identifier = await session.value(
        "INSERT INTO routes (tenant_id, payer_id, client_id, transaction, connection_id, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, payer_id, client_id, transaction)"
        " DO UPDATE SET connection_id = $5, created_by = $6, created_at = now() RETURNING id",
        session.tenant_id,
        facts.payer_id,
        facts.client_id,
        facts.transaction,
        facts.connection_id,
        session.actor.user_id,
    )
    return _view(await session.row(f"{_ROUTES} WHERE r.id = $1", identifier))


@door.command(Permission.CONNECTIONS_MANAGE, of="routes")
async def drop_route(session: Session, id: UUID) -> None:
    """Take a route away; its claims follow the next less specific rule from now on."""
    await session.execute("DELETE FROM routes WHERE id = $1", id)


def _cases(routes: list[Route]) -> list[tuple[UUID, str]]:
    """Every client that has a rule of its own, and one that has none, for both transactions."""
    nobody = UUID(int=0)
    clients = {one.client_id for one in routes if one.client_id is not None}
    return [(client, transaction) for client in (nobody, *sorted(clients)) for transaction in TRANSACTIONS]


def _answer(chosen: Chosen, row: Any) -> RouteAnswer:
    if row is None:
        what = "Add a connection, or give the payer one."
        return RouteAnswer(None, "", chosen.why, WHY[chosen.why], False, what)
    what = "" if row["active"] else "Take the connection back into use, or choose another: its claims wait."
    return RouteAnswer(chosen.connection_id, row["name"], chosen.why, WHY[chosen.why], row["active"], what)


def _must_be_known(transaction: str) -> None:
    faults = Faults("route")
    faults.one_of("transaction", transaction, TRANSACTIONS, "Choose 837P or 837I.")
    faults.refuse()


def _view(row: Any) -> RouteView:
    return records.view_of(
        RouteView, row, client_name=row["client_name"] or "", works=row["connection_active"]
    )
