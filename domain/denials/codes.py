"""From adjustment codes to a class of denial: a table with effective dates, and the way it is read.

Codes are numbers only; the texts of CARC and RARC are licensed and not part of the product.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.denials.classes import CLASSES, DenialClass

DEFAULT_VERSION = "2026-11"
# Since when the default rows hold; a row that is added later carries a later date.
_SINCE = date(2013, 1, 1)


@dataclass(frozen=True, slots=True)
class Code:
    """One adjustment that refuses payment: group, CARC, the remarks of its line, and its cents (positive)."""

    group: str
    reason: str
    cents: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As people say it: `CO-197`."""
        return f"{self.group}-{self.reason}"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One row of the table. Empty `group` or `remark` means any; an empty class takes an own row back from its date."""

    id: str
    reason: str
    klass: DenialClass | None
    group: str = ""
    remark: str = ""
    effective_from: date = _SINCE
    preventable: bool | None = None
    own: bool = False
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Classified:
    """What a code means. `row` names the row that decided; `known` is false when no row knew the code."""

    code: Code
    klass: DenialClass
    preventable: bool
    row: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a denial as a whole is: the class with the most money, and every code with its own."""

    klass: DenialClass
    preventable: bool
    codes: tuple[Classified, ...]
    warnings: tuple[str, ...]


_BY_CLASS: dict[DenialClass, str] = {
    DenialClass.REGISTRATION: "13 14 26 27 31 32 33 34 140 166 177 200 238 258 B9",
    DenialClass.AUTHORIZATION: "15 39 62 165 197 198 210 243 284 288 296 302",
    DenialClass.TIMELY_FILING: "29 138",
    DenialClass.DUPLICATE: "18 B13",
    DenialClass.CODING: (
        "4 5 6 7 8 9 10 11 58 74 75 97 107 110 112 125 134 146 174 175 181 182 189 199 203 231 234 236 267 282"
        " A8 B10 B15 B16 B20"
    ),
    DenialClass.MEDICAL_NECESSITY: "40 50 54 55 56 150 151 152 153 154 186 249",
    DenialClass.MISSING_INFORMATION: "16 129 148 155 163 164 206 207 226 227 250 251 252",
    DenialClass.COORDINATION: "19 20 21 22 23 109 136 201 254 270 275 276 280 289 B11",
    DenialClass.ENROLMENT: "170 171 172 183 184 185 208 242 299 B7",
    DenialClass.NON_COVERED: (
        "35 49 51 53 60 78 96 111 114 119 149 157 158 159 160 167 168 169 179 188 202 204 211 222 256 269 272 273"
        " B1 B8 B14"
    ),
    DenialClass.CONTRACTUAL: "24 42 44 45 59 69 70 89 90 91 94 100 102 131 144 161 215 223 235 237 253 A2",
    DenialClass.PATIENT: "1 2 3 66 178 187 241 247 248",
}
# Where the payer makes the patient liable, the refusal is settled with the patient, not with the payer.
_PATIENT_WITH_PR = "35 49 50 51 78 96 119 149 204"
# CARC 16 says only that something is missing; the remark says what.
_REMARKS_OF_16: dict[DenialClass, str] = {
    DenialClass.REGISTRATION: "MA27 MA61 N382 N329 MA36",
    DenialClass.AUTHORIZATION: "M62 N54",
    DenialClass.CODING: "M20 M44 M45 M49 M50 M51 M52 M53 M64 M76 M77 M78 MA30 MA63 N519 N657",
    DenialClass.COORDINATION: "MA04 MA64 MA83 MA88 MA92 N4 N48",
    DenialClass.ENROLMENT: "MA112 N95 N198 N253 N257 N290 N570",
}
_REMARKS_OF_96: dict[DenialClass, str] = {
    DenialClass.MEDICAL_NECESSITY: "N115 M25 M26",
    DenialClass.ENROLMENT: "N95 N570",
}


def _defaults() -> Iterable[CodeRow]:
    def row(reason: str, klass: DenialClass, group: str = "", remark: str = "") -> CodeRow:
        name = "-".join(part for part in (group, reason, remark) if part)
        return CodeRow(f"default/{DEFAULT_VERSION}/{name}", reason, klass, group, remark)

    for klass, reasons in _BY_CLASS.items():
        yield from (row(reason, klass) for reason in reasons.split())
    yield from (row(reason, DenialClass.PATIENT, "PR") for reason in _PATIENT_WITH_PR.split())
    for reason, remarks in (("16", _REMARKS_OF_16), ("96", _REMARKS_OF_96)):
        for klass, codes in remarks.items():
            yield from (row(reason, klass, remark=code) for code in codes.split())


DEFAULTS: tuple[CodeRow, ...] = tuple(_defaults())


def classify(code: Code, rows: Sequence[CodeRow], day: date) -> Classified:
    """What one code means on `day`. A tenant's own row stands before any default; then the more exact one.

    A code that no row knows is of class other, never an error: payers get new codes three times a year.
    """
    found = _own(code, rows, day) or _best(code, _BY_REASON.get(code.reason, ()), day)
    if found is None or found.klass is None:
        rules = CLASSES[DenialClass.OTHER]
        return Classified(code, DenialClass.OTHER, rules.preventable, "", known=False)
    own = found.preventable
    preventable = CLASSES[found.klass].preventable if own is None else own
    return Classified(code, found.klass, preventable, found.id)


def judge(codes: Iterable[Code], rows: Sequence[CodeRow], day: date) -> Verdict:
    """The class of a denial: that with the most cents. No code at all is an underpayment without a reason."""
    each = tuple(classify(code, rows, day) for code in codes)
    if not each:
        return Verdict(
            DenialClass.CONTRACTUAL,
            CLASSES[DenialClass.CONTRACTUAL].preventable,
            (),
            ("No reason was given.",),
        )
    cents: dict[DenialClass, int] = {}
    for one in each:
        cents[one.klass] = cents.get(one.klass, 0) + one.code.cents
    order = list(DenialClass)
    klass = max(cents, key=lambda known: (cents[known], -order.index(known)))
    warnings = tuple(
        f"{one.code.name} is not in the table of denial classes." for one in each if not one.known
    )
    preventable = next(one.preventable for one in each if one.klass is klass)
    return Verdict(klass, preventable, each, tuple(dict.fromkeys(warnings)))


def _own(code: Code, rows: Sequence[CodeRow], day: date) -> CodeRow | None:
    """The tenant's row for the code; one that was taken back lets the default speak again."""
    found = _best(code, rows, day)
    return found if found is not None and found.klass is not None else None


def _best(code: Code, rows: Iterable[CodeRow], day: date) -> CodeRow | None:
    fitting = [row for row in rows if _fits(row, code) and row.effective_from <= day]
    return max(fitting, key=_rank, default=None)


def _fits(row: CodeRow, code: Code) -> bool:
    return (
        row.reason == code.reason
        and row.group in ("", code.group)
        and (not row.remark or row.remark in code.remarks)
    )


def _rank(row: CodeRow) -> tuple[bool, bool, date, int]:
    return (bool(row.remark), bool(row.group), row.effective_from, row.sequence)


def _indexed() -> dict[str, tuple[CodeRow, ...]]:
    by_reason: dict[str, tuple[CodeRow, ...]] = {}
    for row in DEFAULTS:
        by_reason[row.reason] = (*by_reason.get(row.reason, ()), row)
    return by_reason


_BY_REASON = _indexed()
