"""Findings of the scrubbing rules, shown at the field they concern with the rule's id and what to do."""

from collections.abc import Iterable

from services.claims.views import FindingView
from ui.parts.markup import EMPTY, Markup, code, div, span

# Cards of the claim page by the first part of a finding's field; everything else concerns the claim as a whole.
_CARDS = {
    "billing": "provider",
    "coverage": "coverage",
    "diagnoses": "diagnoses",
    "lines": "lines",
    "other_coverages": "coverage",
    "patient": "patient",
    "referring": "provider",
    "rendering": "provider",
}
# The same for what an institutional claim has in its facts; everything else there is of the bill.
_OF_FACTS = {
    "admitting": "diagnoses",
    "attending": "provider",
    "conditions": "codes",
    "drg": "diagnoses",
    "external_causes": "diagnoses",
    "lines": "lines",
    "occurrence_spans": "codes",
    "occurrences": "codes",
    "operating": "provider",
    "other_diagnoses": "diagnoses",
    "other_operating": "provider",
    "other_procedures": "codes",
    "principal": "diagnoses",
    "principal_procedure": "codes",
    "reasons_for_visit": "diagnoses",
    "referring": "provider",
    "rendering": "provider",
    "values": "codes",
}


def card_of(finding: FindingView) -> str:
    """The card in which a finding is shown: patient, coverage, provider, diagnoses, lines or claim; for an institutional
    claim also bill and codes."""
    first, *rest = finding.field.split(".")
    if first == "facts" and rest:
        return _OF_FACTS.get(rest[0], "bill")
    return _CARDS.get(first, "claim")


def of_card(findings: Iterable[FindingView], card: str) -> list[FindingView]:
    """The findings of one card."""
    return [finding for finding in findings if card_of(finding) == card]


def of_line(findings: Iterable[FindingView], number: int) -> list[FindingView]:
    """The findings of one service line, counted from 1."""
    prefix = f"lines.{number}."
    return [finding for finding in findings if finding.field.startswith(prefix)]


def at(findings: Iterable[FindingView], field: str) -> list[FindingView]:
    """The findings of exactly one field."""
    return [finding for finding in findings if finding.field == field]


def look_of(findings: Iterable[FindingView]) -> str | None:
    """The look of a value that findings concern: an error is faulty, a warning doubtful."""
    severities = {finding.severity for finding in findings}
    return "faulty" if "error" in severities else "doubtful" if severities else None


def under(findings: Iterable[FindingView], *prefixes: str) -> list[FindingView]:
    """The findings of fields that begin with one of the prefixes."""
    return [finding for finding in findings if finding.field.startswith(prefixes)]


def notes(findings: Iterable[FindingView], *, where: bool = False) -> Markup:
    """The findings in words. `where` names the field when they stand away from it."""
    shown = [_note(finding, where) for finding in findings]
    return div(shown) if shown else EMPTY


def _note(finding: FindingView, where: bool) -> Markup:
    place = where and span(f"{_words(finding.field)}: ", cls="faint")
    words = span(place, finding.message, " ", span(finding.citation, cls="cite"))
    return div(code(finding.rule_id), words, cls=f"finding {finding.severity}", data_field=finding.field)


def _words(field: str) -> str:
    parts = field.removeprefix("facts.").split(".")
    if parts[0] in ("lines", "diagnoses") and len(parts) > 1:
        rest = " ".join(parts[2:]).replace("_", " ")
        return f"{'Line' if parts[0] == 'lines' else 'Diagnosis'} {parts[1]} {rest}".strip()
    return " ".join(parts).replace("_", " ").capitalize()
