"""The colours of the theme, as the style sheet states them, hold the contrast that WCAG 2.2 AA asks for."""

import re
from itertools import product

import pytest

from ui.theme import ASSETS, PARTS, style_sheet

TEXT = 4.5  # text of our sizes, success criterion 1.4.3
SIGN = 3.0  # borders of fields, the focus ring, marks without words, success criterion 1.4.11
SURFACES = ("ground", "surface", "raised", "sunken", "hover")
TONES = ("ok", "warn", "bad", "info", "neutral")

PAIRS = [
    *((words, on, TEXT) for words, on in product(("text", "muted", "faint"), SURFACES)),
    *((tone, f"{tone}-soft", TEXT) for tone in TONES),
    *((tone, on, TEXT) for tone, on in product(TONES, ("surface", "ground", "raised", "hover"))),
    # Notices, findings and marked rows carry the text of the page on their soft ground.
    *(("text", f"{tone}-soft", TEXT) for tone in (*TONES, "accent")),
    *(("faint", f"{tone}-soft", TEXT) for tone in ("warn", "bad", "accent")),
    *(("muted", f"{tone}-soft", TEXT) for tone in ("neutral", "accent", "bad", "warn")),
    *(("accent", on, TEXT) for on in ("ground", "surface", "raised", "hover")),
    *(("accent-deep", on, TEXT) for on in ("surface", "accent-soft", "ground")),
    *(("on-accent", on, TEXT) for on in ("accent", "accent-deep")),
    *(("line-strong", on, SIGN) for on in ("surface", "ground", "raised")),
    *(("accent", on, SIGN) for on in ("sunken", "accent-soft", "raised")),
]


def colours(selector: str) -> dict[str, str]:
    """The variables that a block of the style sheet sets."""
    found = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", style_sheet())
    assert found, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found[1]))


LOOKS = {"light": ":root", "dark": ':root[data-theme="dark"]'}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("look", LOOKS)
def test_every_pair_of_colours_that_is_used_can_be_told_apart(look: str) -> None:
    known = colours(LOOKS[look])
    measured = [(words, on, contrast(known[words], known[on]), least) for words, on, least in PAIRS]
    assert [
        f"{a} on {b}: {ratio:.2f}, needs {least}" for a, b, ratio, least in measured if ratio < least
    ] == []


def test_the_look_of_the_system_is_the_dark_look_or_the_light_one() -> None:
    assert colours(':root[data-theme="auto"]') == colours(LOOKS["dark"])
    assert set(colours(LOOKS["dark"])) == set(colours(LOOKS["light"]))


def test_every_colour_of_words_is_a_variable_of_the_theme() -> None:
    """A colour written in place would be right in one of the two looks at most."""
    rules = re.sub(r":root[^{]*\{[^}]*\}", "", style_sheet())
    written = re.findall(
        r"(?<![\w-])(?:color|background|border-color|fill|stroke):\s*(#[0-9a-f]{3,8}|rgb[^;]*)", rules
    )
    assert [one for one in written if not one.startswith("rgb(10 16 26")] == []  # the veil behind dialogs


def test_every_variable_that_is_used_is_set() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", style_sheet()))
    set_ = set(re.findall(r"--([\w-]+):", style_sheet()))
    assert used - set_ == set()


def test_every_part_of_the_style_sheet_is_served() -> None:
    assert {one.stem for one in (ASSETS / "theme").iterdir()} == set(PARTS)
