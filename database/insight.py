"""What was learned from a tenant's history.

The schema itself is `sql/77_insight.sql`; a test holds the two together.
"""

from piccolo.columns import JSONB, UUID, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class DenialModelRow(Table, tablename="denial_models", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    learned_at = Timestamptz()
    first_month = Text()
    last_month = Text()
    model = JSONB()
    measure = JSONB(null=True, default=None)
