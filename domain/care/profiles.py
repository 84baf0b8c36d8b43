"""What is known of a patient beyond the chart for choosing a coordinator: language, place, risk, engagement."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.codes.postal import STATES

LANGUAGES = (
    "Spanish", "Chinese", "Tagalog", "Vietnamese", "Arabic", "French", "Korean", "Russian", "Portuguese", "Haitian Creole",
    "Hindi", "German", "Polish", "Italian", "Urdu", "Persian", "Telugu", "Japanese", "Gujarati", "Bengali", "Tamil",
    "Punjabi", "Thai", "Serbian", "Croatian", "Armenian", "Hmong", "Hebrew", "Khmer", "Navajo", "Greek", "Ukrainian",
    "Amharic", "Somali", "Swahili", "Yoruba", "Romanian", "Turkish", "Czech", "Hungarian", "Lao", "Burmese", "Nepali",
    "American Sign Language",
)  # fmt: skip
"""Those besides English that are spoken most at home here, as a skill of that name says that somebody speaks one."""
RISKS: Mapping[int, str] = {1: "Very low", 2: "Low", 3: "Middle", 4: "High", 5: "Very high"}
ENGAGEMENTS: Mapping[int, str] = {
    1: "Very hard to reach",
    2: "Hard to reach",
    3: "Answers at times",
    4: "Answers well",
    5: "Takes part",
}
ENGLISH = "english"


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What is said of a patient. Empty: English, the practice's zone, the state of the address, no special knowledge.
    Risk from 1 (very low) to 5; engagement from 1 (hard to reach) to 5. A specialisation is a skill of the tenant."""

    language: str = ""
    zone: str = ""
    state: str = ""
    risk: int = 3
    engagement: int = 3
    specialisation: str = ""


@dataclass(frozen=True, slots=True)
class Profile(ProfileFacts):
    """The same as it is kept; its version is 0 while nothing was said."""

    version: int = 0


def language_of(text: str) -> str | None:
    """The language as it is kept, however it was typed; empty for English, None for one that is not known."""
    wanted = " ".join(text.split()).casefold()
    if wanted in ("", ENGLISH):
        return ""
    return next((one for one in LANGUAGES if one.casefold() == wanted), None)


def state_of(text: str) -> str | None:
    """Two capital letters; empty stays empty, None for what is no state."""
    state = text.strip().upper()
    return state if not state or state in STATES else None
