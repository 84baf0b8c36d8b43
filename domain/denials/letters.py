"""Letters from templates: plain text with {{fields}} of a fixed list and a few marks. Nothing in a template is ever run."""

import re
from collections.abc import Iterator, Mapping

from domain.documents import Letterhead, Markup, heading, paragraph, points, sheet
from domain.refusals import FieldError, Invalid

LONGEST_TEMPLATE = 12_000

FIELDS: Mapping[str, str] = {
    "amount": "The amount in dispute",
    "argument": "What the person who appeals wrote",
    "attachments": "The evidence that goes along, a line each",
    "birth_date": "The patient's date of birth",
    "charge": "The charge of the claim",
    "claim_number": "Our number of the claim (CLM01)",
    "client_name": "The provider that is billed for",
    "client_phone": "Its telephone number",
    "codes": "The group and reason codes of the denial",
    "decided_on": "The day of the payer's decision",
    "level": "The level of the appeal",
    "member_id": "The patient's member id",
    "npi": "The billing provider's NPI",
    "patient_name": "The patient's name",
    "payer_claim_control_number": "The payer's number of the claim",
    "payer_name": "The payer",
    "procedures": "The procedures of the claim",
    "service_dates": "The date or dates of service",
    "tax_id": "The billing provider's tax id",
    "today": "The day of the letter",
}
_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_HEADING = re.compile(r"#{1,3} +(.+)")


def checked(template: str, field: str = "letter") -> str:
    """The template, or a refusal that names every field that does not exist."""
    faults = tuple(FieldError(field, "letter.unusable", words) for words in _faults(template))
    if faults:
        raise Invalid("letter.unusable", "The letter cannot be kept so.", faults[0].message, fields=faults)
    return template.replace("\r\n", "\n").strip()


def _faults(template: str) -> Iterator[str]:
    if not template.strip():
        yield "Write the letter."
    if len(template) > LONGEST_TEMPLATE or "\0" in template:
        yield f"Write plain text of at most {LONGEST_TEMPLATE} characters."
        return
    for name in dict.fromkeys(_FIELD.findall(template)):
        if name not in FIELDS:
            yield f"There is no field {{{{{name[:40]}}}}}. Known: {', '.join(FIELDS)}."
    rest = _FIELD.sub("", template)
    if "{{" in rest or "}}" in rest:
        yield "A pair of braces is left open: write fields as {{patient_name}}."


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The text with every field replaced, once: a value that looks like a field stays as it is."""
    return _FIELD.sub(lambda found: facts.get(found[1], ""), template)


def html(text: str, title: str, letterhead: Letterhead) -> str:
    """A letter as a printed sheet: paragraphs, `- ` lists and `# ` headings; everything else is text, escaped."""
    return sheet(title, letterhead, *_parts(text))


def _parts(text: str) -> Iterator[Markup]:
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        if lines and (found := _HEADING.fullmatch(lines[0])):
            yield heading(found[1])
            lines = lines[1:]
        words = [line for line in lines if not line.startswith("- ")]
        items = [line[2:] for line in lines if line.startswith("- ")]
        if words:
            yield paragraph("\n".join(words))
        if items:
            yield points(items)
