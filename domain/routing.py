"""Which connection a claim travels through: the most specific route of its payer wins, and the answer says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of one payer. Without a client it holds for all of them, without a transaction for all of those."""

    connection_id: UUID
    client_id: UUID | None = None
    transaction: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The connection and the kind of rule that chose it, a key of `WHY`. No connection: nothing chose one."""

    connection_id: UUID | None
    why: str


WHY = {
    "table": "a row of the table that routes files",
    "client_transaction": "a route of this client for this transaction",
    "client": "a route of this client",
    "transaction": "a route of the payer for this transaction",
    "payer": "a route of the payer",
    "payer_connection": "the payer's own connection",
    "default": "no rule: the oldest connection in use",
    "none": "no rule, and no connection in use",
}


def choose(
    routes: Iterable[Route],
    payer_connection: UUID | None,
    default: UUID | None,
    client_id: UUID,
    transaction: str,
) -> Chosen:
    """The most specific route; else the payer's own connection; else the tenant's oldest in use."""
    fitting = [
        one for one in routes if one.client_id in (None, client_id) and one.transaction in ("", transaction)
    ]
    if fitting:
        best = max(fitting, key=lambda one: (one.client_id is not None, one.transaction != ""))
        return Chosen(best.connection_id, _kind(best))
    if payer_connection is not None:
        return Chosen(payer_connection, "payer_connection")
    return Chosen(default, "default" if default is not None else "none")


def _kind(route: Route) -> str:
    parts = [name for name, on in (("client", route.client_id), ("transaction", route.transaction)) if on]
    return "_".join(parts) or "payer"
