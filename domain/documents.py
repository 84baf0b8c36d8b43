"""Documents that leave the house: their kinds, what each may be about, and the HTML of a printed sheet.

Whoever writes a letter, a statement or a proof composes it of the parts here: every value is escaped in one place.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape

# Values are stored: never rename one.
KINDS: dict[str, str] = {
    "appeal_letter": "Appeal letter",
    "care_packet": "Evidence packet of care",
    "deposit_sheet": "Deposit sheet",
    "enrolment_form": "Enrolment form",
    "letter": "Letter",
    "patient_statement": "Patient statement",
    "timely_filing_proof": "Proof of timely filing",
}

# What a document may be about, and the table that holds it.
SUBJECTS: dict[str, str] = {
    "batch": "edi_batches",
    "claim": "claims",
    "client": "clients",
    "connection": "connections",
    "patient": "patients",
    "payer": "payers",
    "remittance": "remittances",
}


def kind_label(kind: str) -> str:
    """A kind in words for people."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Markup:
    """A part of a sheet whose values are escaped already. Only the functions below make one."""

    html: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the top of every page: whose paper it is, whom or what it is about, and which period."""

    tenant: str
    about: str = ""
    period: str = ""


def sheet(title: str, letterhead: Letterhead, *parts: Markup) -> str:
    """A whole document as HTML for `integrations.pdf.render`; its look stands in the print style sheet alone."""
    right = " · ".join(filter(None, (letterhead.about, letterhead.period)))
    head = f'<div class="letterhead"><b>{escape(letterhead.tenant)}</b><span>{escape(right)}</span></div>'
    body = "".join(part.html for part in parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body>{head}<h1>{escape(title)}</h1>{body}</body></html>"
    )


def heading(words: str) -> Markup:
    """A heading between parts."""
    return Markup(f"<h2>{escape(words)}</h2>")


def paragraph(words: str) -> Markup:
    """A paragraph; line breaks stay where they were typed."""
    return Markup(f"<p>{escape(words).replace(chr(10), '<br>')}</p>")


def address(*lines: str) -> Markup:
    """An address block, one line each; empty lines are left out."""
    return Markup(f"<address>{'<br>'.join(escape(line) for line in lines if line)}</address>")


def points(items: Iterable[str]) -> Markup:
    """A list of points."""
    return Markup(f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>")


def pairs(rows: Iterable[tuple[str, object]]) -> Markup:
    """Facts: a label and its value on each line. A value that is empty shows a dash."""
    lines = (
        f"<tr><th>{escape(label)}</th><td>{escape('' if value is None else str(value)) or '–'}</td></tr>"
        for label, value in rows
    )
    return Markup(f'<table class="pairs">{"".join(lines)}</table>')


def grid(heads: Sequence[str], rows: Iterable[Sequence[object]], right: Collection[int] = ()) -> Markup:
    """A table. `right` names the columns (from 0) whose figures stand at the right."""
    looks = [' class="right"' if number in right else "" for number in range(len(heads))]
    top = "".join(f"<th{look}>{escape(head)}</th>" for head, look in zip(heads, looks, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{look}>{escape(str(cell))}</td>" for cell, look in zip(row, looks, strict=True))
        + "</tr>"
        for row in rows
    )
    return Markup(f'<table class="grid"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>')


def verbatim(lines: Iterable[str]) -> Markup:
    """Text exactly as it was, such as X12 segments, one on each line."""
    return Markup(f"<pre>{escape(chr(10).join(lines))}</pre>")


def signature(name: str, title: str = "") -> Markup:
    """The place to sign, and who signs."""
    return Markup(f'<div class="signature">{escape(name)}<br><span>{escape(title)}</span></div>')
