"""Who may take new work and how urgent it is, by the table of routing; without one as its kind and its opener say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.decision_tables import Asked, Decision, decide_all, doubt
from database.session import Session
from domain import work
from domain.denials.classes import CLASSES

if TYPE_CHECKING:
    from activities.work import Opening

TABLE = "routing"
_CLAIMS = """
SELECT c.id, p.payer_id, cl.npi FROM claims c
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
JOIN clients cl ON cl.tenant_id = c.tenant_id AND cl.id = c.client_id
WHERE c.tenant_id = current_tenant() AND c.id = ANY($1::uuid[])
"""
# Items that carry the words of a class, not its code.
_CLASSES = {rules.label: klass.value for klass, rules in CLASSES.items()}


async def routed(session: Session, openings: Sequence["Opening"]) -> list["Opening"]:
    """The openings with the permission, the priority, the skill and the team that the table gives them."""
    claims = await _parties(session, openings)
    asked = [Asked(_facts(one, claims), _default(one), one.subject_type, one.subject_id) for one in openings]
    decisions = await decide_all(session, TABLE, asked)
    if not any(one.row for one in decisions):
        return list(openings)
    names = _Names(await _named(session, "skills"), await _named(session, "teams"))
    return [
        await names.applied(session, one, made) if made.row else one
        for one, made in zip(openings, decisions, strict=True)
    ]


class _Names:
    """The tenant's skills and teams in use, by name; what a row calls otherwise is left out and told."""

    def __init__(self, skills: Mapping[str, UUID], teams: Mapping[str, UUID]) -> None:
        self.skills = skills
        self.teams = teams

    async def applied(self, session: Session, opening: "Opening", made: Decision) -> "Opening":
        """The opening as the row says."""
        answers = dict(made.values[0])
        if answers.get("skill") and answers["skill"] not in self.skills:
            await doubt(session, TABLE, made, "skill", "No skill in use has this name.")
            del answers["skill"]
        if answers.get("team") and answers["team"] not in self.teams:
            await doubt(session, TABLE, made, "team", "No team in use has this name.")
            del answers["team"]
        return replace(
            opening,
            permission=answers.get("permission", opening.permission),
            priority=answers.get("priority", opening.priority),
            skill=answers.get("skill", opening.skill),
            skill_level=answers.get("skill_level", opening.skill_level),
            team_id=self.teams[answers["team"]] if answers.get("team") else opening.team_id,
        )


def _facts(one: "Opening", claims: Mapping[UUID, Any]) -> dict[str, Any]:
    claim = claims.get(one.subject_id) if one.subject_type == "claim" and one.subject_id else None
    rules = work.KINDS[one.kind]
    return {
        "kind": str(one.kind),
        "payer_id": claim["payer_id"] if claim else None,
        "client_npi": claim["npi"] if claim else None,
        "denial_class": _CLASSES.get(str(one.detail.get("class", ""))),
        "amount_cents": one.detail.get("at_stake_cents"),
        "priority": one.priority or rules.priority,
        "permission": rules.permission,
    }


def _default(one: "Opening") -> dict[str, Any]:
    rules = work.KINDS[one.kind]
    return {"permission": one.permission or rules.permission, "priority": one.priority or rules.priority}


async def _parties(session: Session, openings: Sequence["Opening"]) -> dict[UUID, Any]:
    ids = list({one.subject_id for one in openings if one.subject_type == "claim" and one.subject_id})
    return {row["id"]: row for row in await session.fetch(_CLAIMS, ids)} if ids else {}


async def _named(session: Session, table: str) -> dict[str, UUID]:
    """`table` is skills or teams, never a word of a request."""
    rows = await session.fetch(f"SELECT id, name FROM {table} WHERE tenant_id = current_tenant() AND active")
    return {row["name"]: row["id"] for row in rows}
