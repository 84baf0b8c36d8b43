"""Every rule of the check: its permanent id, how severe it is, what the guide wants, what to do, and where it stands.

The tables beside this file hold one rule a line: `ids | severity | what is wanted | what to do | citation`. In `ids` several
guides that share a rule are joined by commas before its number; `{guide}` in a citation becomes the guide of each.
"""

from dataclasses import dataclass

from domain.x12.check.catalogue import acknowledgments, claims, envelope, remittances

__all__ = ["CATALOGUE", "Rule", "rule"]

GUIDES = {
    "X12": "X12.6",
    "P837": "005010X222A1",
    "I837": "005010X223A2",
    "R835": "005010X221A1",
    "C277": "005010X214",
    "A999": "005010X231A1",
}
_SEVERITIES = {"E": "error", "W": "warning"}


@dataclass(frozen=True, slots=True)
class Rule:
    """`severity` is the usual one; a finding may be milder (an NPI in a test interchange), never harsher."""

    id: str
    severity: str
    wants: str
    to_do: str
    citation: str


def _read(text: str) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for line in text.strip().split("\n"):
        ids, severity, wants, to_do, citation = (part.strip() for part in line.split("|"))
        keys, _, number = ids.partition("-")
        for key in keys.split(","):
            name = f"{key}-{number}"
            told = citation.replace("{guide}", GUIDES[key])
            found[name] = Rule(name, _SEVERITIES[severity], wants, to_do, told)
    return found


CATALOGUE: dict[str, Rule] = {
    name: one
    for text in (envelope.RULES, claims.RULES, remittances.RULES, acknowledgments.RULES)
    for name, one in _read(text).items()
}


def rule(name: str) -> Rule:
    """The rule of that id. KeyError for an id that is not in the catalogue: a finding may not invent one."""
    return CATALOGUE[name]
