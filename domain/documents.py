"""Documents that leave the house: their kinds, what each may be about, and the HTML of a printed sheet.

Whoever writes a letter, a statement or a proof composes it of the parts here: every value is escaped in one place.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

# Values are stored: never rename one.
KINDS: dict[str, str] = {
    "appeal_letter": "Appeal letter",
    "care_plan": "Care plan, the patient's copy",
    "care_invoice": "Invoice to a practice",
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
    "care_enrolment": "care_enrolments",
    "care_invoice": "care_invoices",
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


def sheet(title: str, letterhead: Letterhead, *parts: Markup, about: Mapping[str, str] | None = None) -> str:
    """A whole document as HTML for `integrations.pdf.render`; its look stands in the print style sheet alone.

    `about` is metadata by its HTML name, such as `author` or `dcterms.created`.
    """
    right = " · ".join(filter(None, (letterhead.about, letterhead.period)))
    told = "".join(
        f'<meta name="{escape(name)}" content="{escape(value)}">' for name, value in (about or {}).items()
    )
    head = f'<div class="letterhead"><b>{escape(letterhead.tenant)}</b><span>{escape(right)}</span></div>'
    body = "".join(part.html for part in parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{told}</head>'
        f"<body>{head}<h1>{escape(title)}</h1>{body}</body></html>"
    )


def heading(words: str) -> Markup:
    """A heading between parts."""
    return Markup(f"<h2>{escape(words)}</h2>")


def paragraph(words: str, *, small: bool = False) -> Markup:
    """A paragraph; line breaks stay where they were typed."""
    look = ' class="small"' if small else ""
    return Markup(f"<p{look}>{escape(words).replace(chr(10), '<br>')}</p>")


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


def beside(*parts: Markup) -> Markup:
    """Parts next to each other, each as wide as the others."""
    return Markup(f'<div class="beside">{"".join(f"<div>{part.html}</div>" for part in parts)}</div>')


def grid(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    right: Collection[int] = (),
    widths: Sequence[int] = (),
    total: Sequence[object] = (),
    *,
    ids: bool = False,
) -> Markup:
    """A table. `right` names the columns (from 0) whose figures stand at the right, `widths` are in per cent, 0 for
    what is left; `total` is a last row that is told apart; `ids` sets cells small, as long identifiers need it."""
    looks = [' class="right"' if number in right else "" for number in range(len(heads))]
    top = "".join(f"<th{look}>{escape(head)}</th>" for head, look in zip(heads, looks, strict=True))
    body = "".join(_row(row, looks) for row in rows)
    if total:
        body += _row(total, looks, ' class="total"')
    columns = "".join(f'<col style="width: {width}%">' if width else "<col>" for width in widths)
    kind = f"grid{' fixed' if columns else ''}{' ids' if ids else ''}"
    return Markup(
        f'<table class="{kind}"><colgroup>{columns}</colgroup><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    )


def _row(cells: Sequence[object], looks: Sequence[str], kind: str = "") -> str:
    shown = (f"<td{look}>{escape(str(cell))}</td>" for cell, look in zip(cells, looks, strict=True))
    return f"<tr{kind}>{''.join(shown)}</tr>"


def verbatim(lines: Iterable[str]) -> Markup:
    """Text exactly as it was, such as X12 segments, one on each line."""
    return Markup(f"<pre>{escape(chr(10).join(lines))}</pre>")


def signature(name: str, title: str = "") -> Markup:
    """The place to sign, and who signs."""
    return Markup(f'<div class="signature">{escape(name)}<br><span>{escape(title)}</span></div>')
