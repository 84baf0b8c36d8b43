"""One regular expression per segment that says at once that nothing is wrong with its elements.

It is stricter than the rules: what it lets through has no finding of `elements`; what it does not is looked at closely.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from domain.x12.check.dictionary import Kind, element_kinds
from domain.x12.reader import Delimiters

Shape = Callable[[str], object]
USES_THAT_PAY = 48
_SIGNS = "A-Za-z0-9 !\"&'()*+,\\-./:;?=%~@\\[\\]_{}\\\\|<>#$^`"
# Days that every year has; 29 February gets the closer look.
_DAY = r"\d{4}(?:(?:0[13578]|1[02])(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)(?:0[1-9]|[12]\d|30)|02(?:0[1-9]|1\d|2[0-8]))"
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{1,2})?)?"


class Glance:
    """Whether a segment's text is sound at a glance. An expression is made only when it will pay: files with delimiters
    of their own are small as a rule, and until then everything gets the closer look."""

    __slots__ = ("made_from", "match", "uses")

    def __init__(self, segment_id: str, delimiters: Delimiters) -> None:
        self.made_from = segment_id, delimiters
        self.match: Shape | None = None
        self.uses = 0

    def __call__(self, text: str) -> bool:
        if self.match is None:
            self.uses += 1
            if self.uses < USES_THAT_PAY:
                return False
            self.match = shape(*self.made_from)
        return self.match(text) is not None


@lru_cache(maxsize=1_024)
def glance(segment_id: str, delimiters: Delimiters) -> Glance:
    """The glance at segments of one id, which the dictionary knows, under one interchange's delimiters."""
    return Glance(segment_id, delimiters)


def shape(segment_id: str, delimiters: Delimiters) -> Shape:
    """Whether the text of a segment is of the shape that its elements' types and lengths give it."""
    separator, component = re.escape(delimiters.element), re.escape(delimiters.component)
    # A separator at the end, of the segment or of a composite, is told as a fault of its own.
    ends = f"(?!.*(?:{separator}|{component})\\Z)(?!.*{component}{separator})"
    elements = [_composite(parts, delimiters) for parts in element_kinds()[segment_id]]
    body = "".join(f"(?:{separator}(?:{one})?" for one in elements) + ")?" * len(elements)
    return re.compile(f"{ends}{re.escape(segment_id)}(?={separator}){body}\\Z", re.ASCII).match


def _composite(parts: tuple[Kind, ...], delimiters: Delimiters) -> str:
    if not parts:
        return f"[^{_inside(delimiters)}]*"
    if len(parts) == 1:
        # A date range holds no component separator either; what does is looked at closely.
        return _simple(parts[0], delimiters)
    component = re.escape(delimiters.component)
    # Another sign between what look like components is told: it may be one that the ISA does not declare.
    signs = "".join(re.escape(sign) for sign in ":>/|<!+&;\\" if sign != delimiters.component)
    other = f"(?![A-Z0-9]{{2,3}}[{signs}][A-Z0-9])"
    first, *rest = (_simple(part, delimiters) for part in parts)
    return other + f"(?:{first})?" + "".join(f"(?:{component}(?:{one})?" for one in rest) + ")?" * len(rest)


def _inside(delimiters: Delimiters) -> str:
    return "".join(re.escape(sign) for sign in delimiters if sign) + "\\x00-\\x20\\x7f-\\U0010ffff"


@lru_cache(maxsize=512)
def _simple(kind: Kind, delimiters: Delimiters) -> str:
    name, least, most = kind
    ends = f"(?={_or(delimiters.element, delimiters.component)})"
    match name:
        case "R":
            # Eighteen digits are the form of an amount: two decimals and ten digits at most.
            if kind == ("R", 1, 18):
                return r"-?(?:\d{1,8}(?:\.\d{0,2})?|\.\d{1,2})" + ends
            return (
                rf"-?\d{{{max(least, 1)},{most}}}"
                + ends
                + rf"|-?(?=[\d.]{{2,{most + 1}}}"
                + ends
                + r")\d*\.\d+"
            )
        case "N0":
            return rf"-?\d{{{least},{most}}}" + ends
        case "DT":
            return _DAY + ends
        case "TM":
            return (_TIME if (least, most) == (4, 8) else r"(?!)") + ends
    sign = f"[{_allowed(delimiters)}]"
    solid = f"(?! ){sign}"
    middle = f"(?:[{_allowed(delimiters)} ]{{{max(least - 2, 0)},{most - 2}}}{sign})" if most > 1 else ""
    optional = "?" if least <= 1 else ""
    return solid + middle + (optional if middle else "") + ends


def _or(*signs: str) -> str:
    return "|".join([*(re.escape(sign) for sign in signs), r"\Z"])


@lru_cache(maxsize=64)
def _allowed(delimiters: Delimiters) -> str:
    """The signs of data apart from the space, as the inside of a character class."""
    every = re.compile(f"[{_SIGNS}]")
    kept = (chr(code) for code in range(33, 127) if every.match(chr(code)))
    return "".join(re.escape(sign) for sign in kept if sign not in delimiters)
