"""The formats of procedure codes and modifiers. CPT is licensed by the AMA, so no code list and no text is here."""

import re

# CPT: five digits, or four digits with F (category II), T (category III), A, M or U (administrative, MAAA, PLA).
_CPT = re.compile(r"[0-9]{4}[0-9AFMTU]")
# HCPCS level II (CMS): a letter A to V and four digits.
_HCPCS = re.compile(r"[A-V][0-9]{4}")
_CATEGORY_II = re.compile(r"[0-9]{4}F")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")


def is_procedure(code: str) -> bool:
    """Whether the text has the form of a CPT or HCPCS code; only the form can be told."""
    return bool(_CPT.fullmatch(code) or _HCPCS.fullmatch(code))


def is_category_two(code: str) -> bool:
    """Whether the code reports performance (CPT category II), which may be charged nothing."""
    return _CATEGORY_II.fullmatch(code) is not None


def is_modifier(code: str) -> bool:
    """Whether the text has the form of a modifier: two capitals or digits, not 00."""
    return _MODIFIER.fullmatch(code) is not None and code != "00"
