"""What the implementation guides ask, as compact tables: which segments stand where, how often, with which codes.

Facts only, in our own notation, cross-checked against pyx12's maps (BSD) in the tests; no guide text is reproduced.
"""

from functools import cache

from domain.x12.guides import acknowledgments, institutional, professional, remittance
from domain.x12.guides.notation import Guide, read_guide

_VERSIONS = {
    "P837": ("837", "005010X222"),
    "I837": ("837", "005010X223"),
    "R835": ("835", "005010X221"),
    "C277": ("277", "005010X214"),
    "A999": ("999", "005010X231"),
}


def guide_key(kind: str, version: str) -> str:
    """P837, I837, R835, C277 or A999 for a transaction set and its version; "" when there is no guide for it."""
    for key, (known_kind, prefix) in _VERSIONS.items():
        if kind == known_kind and version.startswith(prefix):
            return key
    return ""


@cache
def guide(key: str) -> Guide:
    """The guide of that key, read once."""
    match key:
        case "P837":
            parts = {"2300": professional.CLAIM, "2400": professional.LINE}
            return read_guide(key, professional.HEAD, parts)
        case "I837":
            parts = {"2300": institutional.CLAIM, "2400": institutional.LINE}
            return read_guide(key, institutional.HEAD, parts)
        case "R835":
            return read_guide(key, remittance.PAYMENT, {})
        case "C277":
            return read_guide(key, acknowledgments.CLAIM_ACKNOWLEDGMENT, {})
        case "A999":
            return read_guide(key, acknowledgments.IMPLEMENTATION_ACKNOWLEDGMENT, {})
    raise KeyError(key)
