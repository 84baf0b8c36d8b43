"""A tenant's rules for statements and small balances."""

import json
from dataclasses import asdict

from database.session import Session
from domain.balances.statements import StatementRules, checked_rules, rules_from
from policies.permissions import Permission
from services import door


@door.query(Permission.BALANCES_VIEW)
async def statement_rules(session: Session) -> StatementRules:
    """The rules: minimum balance, cycle, number of statements, days to pay, and the limit of small balances."""
    return await rules_of(session)


@door.command(Permission.REMITTANCES_RELEASE)
async def change_statement_rules(session: Session, rules: StatementRules) -> StatementRules:
    """Replace the rules. What is under way keeps those that it began with."""
    checked = checked_rules(rules)
    await session.execute(
        "UPDATE tenants SET settings = settings || jsonb_build_object('statements', $1::jsonb)"
        " WHERE id = current_tenant()",
        json.dumps(asdict(checked)),
    )
    return checked


async def rules_of(session: Session) -> StatementRules:
    """The rules as they are."""
    stored = await session.value("SELECT settings->'statements' FROM tenants WHERE id = current_tenant()")
    return rules_from(json.loads(stored or "{}"))
