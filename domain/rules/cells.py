"""Input cells: what a person types becomes a unary test of the rule engine, or a sentence about what is wrong.

The language is the engine's own (`> 500`, `[10..20]`, `"A","B"`, `contains($, "X")`); bare words, days, dollar
amounts, yes and no are written out for it. An empty cell or a dash asks nothing.
"""

import re
from collections.abc import Callable, Mapping

from domain.rules.columns import CellFault, Column, Type, cents_in, iso_date

LONGEST_CELL = 400
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_BARE = re.compile(r"[^\"'$\[\]()<>=!#`]+")
_DAYS = re.compile(r"[\[(]?\s*(\d{4}-\d{2}-\d{2})\s*\.\.\s*(\d{4}-\d{2}-\d{2})\s*[\])]?")
_DATE_CALL = re.compile(r"\bd\(\s*([\"'])(.*?)\1\s*\)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)")
_TEXTS = frozenset({Type.TEXT, Type.CHOICE, Type.LIST})
# What a cell may call or say outside of quotes; anything else is a value that lacks its quotes.
_KNOWN = frozenset(
    re.findall(
        r"\w+",
        "and or not in null true false d len contains startsWith endsWith matches upper lower trim"
        " some all none one count abs floor ceil round min max sum year month dayOfWeek dayOfMonth",
    )
)
_COUNTING = ("len(", "count(")


def as_test(column: Column, typed: str) -> str:
    """The engine's test for a cell of this column, empty for any value. Raises CellFault."""
    text = typed.strip()
    if text in ("", "-"):
        return ""
    if len(text) > LONGEST_CELL or "\0" in text or "\n" in text:
        raise CellFault(f"Write one line of at most {LONGEST_CELL} characters.")
    if text in ("null", "not null"):
        return "$ == null" if text == "null" else "$ != null"
    written = _WRITERS[column.type](column, text)
    _words_known(written)
    return written


def names_null(test: str) -> bool:
    """Whether the test can be met by a fact that is unknown."""
    return "null" in _QUOTED.sub("", test)


def _texts(column: Column, text: str) -> str:
    return _listed(column, text, '"{}"', ", ", "not in [{}]")


def _lists(column: Column, text: str) -> str:
    return _listed(column, text, '"{}"', ", ", "none($, # in [{}])", "some($, # in [{}])")


def _listed(column: Column, text: str, one: str, between: str, negated: str, plain: str = "{}") -> str:
    """Bare words as the engine's texts: `A, B` any of them, `not A, B` none of them."""
    if not _BARE.fullmatch(text) or re.match(r"(not\s+)?in\b", text):
        _quoted_values_known(column, text)
        return text
    refused = re.match(r"not\s+", text)
    words = [word.strip() for word in text[refused.end() if refused else 0 :].split(",")]
    if not all(words):
        raise CellFault("A value is missing between two commas.")
    for word in words:
        _value_known(column, word)
    joined = between.join(one.format(word) for word in words)
    return (negated if refused else plain).format(joined)


def _quoted_values_known(column: Column, text: str) -> None:
    for found in _QUOTED.findall(text):
        if "(" not in text:
            _value_known(column, found[1:-1])
    if _NUMBER.search(_QUOTED.sub('""', text)) and not any(call in text for call in _COUNTING):
        raise CellFault(f'{column.label} is a text: put numbers in quotes, such as "60054".')


def _value_known(column: Column, word: str) -> None:
    if column.options and word not in column.options:
        raise CellFault(f"{word} is not one of: {', '.join(column.options)}.")


def _numbers(column: Column, text: str) -> str:
    written = cents_in(text) if column.type is Type.CENTS else text
    if '"' in written or "'" in written:
        raise CellFault(f"{column.label} is a number: write it without quotes.")
    bare = _RANGE.fullmatch(written)
    return f"[{bare[1]}..{bare[2]}]" if bare else written


def _dates(column: Column, text: str) -> str:
    between = _DAYS.fullmatch(text)
    if between:
        first, last = iso_date(between[1]), iso_date(between[2])
        return f'$ >= d("{first}") and $ <= d("{last}")'
    for _, day in _DATE_CALL.findall(text):
        iso_date(day)
    parts = re.split(r"(\bd\(\s*[\"'].*?[\"']\s*\))", text)
    written = [part if number % 2 else _ISO.sub(_day, part) for number, part in enumerate(parts)]
    test = "".join(written)
    if _NUMBER.search(_QUOTED.sub('""', test)) and "(" not in test.replace("d(", ""):
        raise CellFault(f"{column.label} is a day: write it as 2026-01-31.")
    return test


def _day(found: re.Match[str]) -> str:
    return f'd("{iso_date(found[0])}")'


def _booleans(column: Column, text: str) -> str:
    words = {"yes": "true", "true": "true", "no": "false", "false": "false"}
    if text.lower() not in words:
        raise CellFault("Write yes or no, or leave it empty.")
    return f"$ == {words[text.lower()]}"


def _words_known(test: str) -> None:
    for word in _WORD.findall(_QUOTED.sub('""', test)):
        if word not in _KNOWN:
            raise CellFault(
                f'{word} is neither a value nor a function here: put texts in quotes, as "{word}".'
            )


_WRITERS: Mapping[Type, Callable[[Column, str], str]] = {
    Type.TEXT: _texts,
    Type.CHOICE: _texts,
    Type.LIST: _lists,
    Type.NUMBER: _numbers,
    Type.CENTS: _numbers,
    Type.DATE: _dates,
    Type.BOOLEAN: _booleans,
}
