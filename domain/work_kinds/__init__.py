"""The kinds of work that waits for people, area by area."""

from domain.work_kinds import claims, money, partners, people
from domain.work_kinds.model import Decision, Kind, Rules

KINDS: dict[Kind, Rules] = claims.KINDS | money.KINDS | partners.KINDS | people.KINDS

__all__ = ["KINDS", "Decision", "Kind", "Rules"]
