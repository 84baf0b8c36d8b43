"""Which open items belong to a float assignment: one spelling for the inbox, for taking, for previews and for the end."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.session import Session

# An item that somebody takes or is given while they float to where it belongs came with the assignment. The moment of
# the end counts even while the process that ends it is down.
COVERING = """(SELECT f.id FROM float_assignments f WHERE f.tenant_id = {item}.tenant_id AND f.user_id = {user}
    AND f.state IN ('active', 'extended') AND f.ends_at > now()
    AND ({item}.id = ANY(f.item_ids) OR cardinality(f.item_ids) = 0
        AND (f.client_id IS NULL OR f.client_id = {item}.client_id)
        AND (cardinality(f.kinds) = 0 OR {item}.kind = ANY(f.kinds))) LIMIT 1)"""
_NOW = """
SELECT client_id, kinds, item_ids FROM float_assignments
WHERE tenant_id = current_tenant() AND user_id = $1 AND state IN ('active', 'extended') AND ends_at > now() LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class FloatScope:
    """Where somebody lends a hand: single items, or a client's work, some kinds of work, or these of that client."""

    client_id: UUID | None = None
    kinds: tuple[str, ...] = ()
    item_ids: tuple[UUID, ...] = ()

    def condition(self, values: list[Any]) -> str:
        """The condition on `work_items w`; what it compares with is added to `values`. Only what is asked is in it, so
        that each kind of scope has its own plan and index."""
        if self.item_ids:
            values.append(list(self.item_ids))
            return f"w.id = ANY(${len(values)}::uuid[])"
        found = []
        if self.client_id:
            values.append(self.client_id)
            found.append(f"w.client_id = ${len(values)}::uuid")
        if self.kinds:
            values.append(sorted(set(self.kinds)))
            found.append(f"w.kind = ANY(${len(values)}::text[])")
        return " AND ".join(found) or "false"


async def floats_to(session: Session, user_id: UUID | None) -> FloatScope:
    """Where this person lends a hand at this moment; an empty scope when nowhere."""
    row = await session.row(_NOW, user_id)
    if row is None:
        return FloatScope()
    return FloatScope(row["client_id"], tuple(row["kinds"]), tuple(row["item_ids"]))
