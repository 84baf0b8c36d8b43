"""The patients whom the company cares for: who they are, what for, and how hard they are to reach. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cli.demonstration.juniper.company import COORDINATORS, EACH, PLACES, Place
from cli.demonstration.juniper.rhythm import months_until, stream
from domain.care.enrolment import Step
from domain.claims.model import Address, Person

PATIENTS = 1500
_MBI = "ACDEFGHJKMNPQRTUVWXY"  # an MBI has letters other than S, L, O, I, B and Z
_WOMEN = (
    "Adelaide", "Beatriz", "Corinne", "Dorothea", "Eunice", "Florence", "Geneva", "Henrietta", "Iris", "Jovita",
    "Katharine", "Lucinda", "Minerva", "Noemi", "Opal", "Philippa", "Rosario", "Sybil", "Thelma", "Winifred",
)  # fmt: skip
_MEN = (
    "Ambrose", "Benicio", "Clement", "Desmond", "Efrain", "Ferdinand", "Gerald", "Horatio", "Ignacio", "Julius",
    "Kermit", "Leopold", "Mortimer", "Nestor", "Octavio", "Percival", "Roscoe", "Silvio", "Thaddeus", "Wendell",
)  # fmt: skip
_LAST = (
    "Abernant", "Balderas", "Cartwell", "Dominguez", "Everhart", "Fontaine", "Grimaldi", "Hollowell", "Iturbe", "Jespersen",
    "Kamaka", "Lindgren", "Montoya", "Nguyen", "Ocampo", "Pettibone", "Quiroga", "Rutherglen", "Sandberg", "Tolliver",
    "Umeda", "Valcourt", "Winslow", "Yarborough", "Zavala", "Ashcombe", "Bergeron", "Crandall", "Delgado", "Eldridge",
    "Farnham", "Gutierrez", "Hathaway", "Ibarra", "Kekoa", "Lavigne", "Merriweather", "Norcross", "Oyelaran", "Prentice",
    "Radcliffe", "Santangelo", "Trujillo", "Upshaw", "Villaroel", "Wetherby", "Youngblood", "Zamora", "Brisbois", "Castaneda",
)  # fmt: skip
_STREETS = (
    "Larkspur Lane",
    "Quarry Road",
    "Heron Court",
    "Mill Pond Way",
    "Sycamore Street",
    "Harvest Drive",
)
# Where most people of a language live; everybody else speaks English.
_LANGUAGES: tuple[tuple[tuple[str, float], ...], ...] = (
    (("French", 0.06),),
    (("Spanish", 0.12), ("Vietnamese", 0.06)),
    (("Spanish", 0.30),),
    (("Spanish", 0.22),),
    (("Vietnamese", 0.07), ("Spanish", 0.08)),
    (("Tagalog", 0.16),),
)
NEEDS = ("Diabetes", "Heart failure", "Kidney disease", "Behavioral health")


@dataclass(frozen=True, slots=True)
class CarePatient:
    """Somebody in care. `number` counts from 0 and chooses everything else; `since` is the day of the consent, or of
    the referral for those who have not come so far."""

    number: int
    person: Person
    phone: str
    place: int
    coordinator: int
    practitioner: int
    payer: int
    member_id: str
    programme: str
    step: Step
    since: date
    conditions: int
    complex_decisions: bool
    qmb: bool
    language: str
    risk: int
    engagement: int
    need: str

    @property
    def account(self) -> str:
        """How the company calls the patient."""
        return f"JU{1001 + self.number}"


def patients(today: date) -> list[CarePatient]:
    """All of them; the same on every day but for the days of consent, which follow today."""
    return [_patient(number, today) for number in range(PATIENTS)]


def _patient(number: int, today: date) -> CarePatient:
    chance = stream("patient", number)
    coordinator = number % COORDINATORS
    place = coordinator // EACH
    payer = chance.choices((0, 1, 2), (0.62, 0.26, 0.12))[0]
    programme = chance.choices(("ccm", "pcm", "apcm"), (0.68, 0.18, 0.14))[0]
    step = _step(number)
    risk = chance.choices((1, 2, 3, 4, 5), (0.1, 0.24, 0.34, 0.22, 0.1))[0]
    complex_decisions = programme == "ccm" and risk >= 4 and chance.random() < 0.35
    return CarePatient(
        number=number,
        person=_person(number, chance, PLACES[place]),
        phone=f"{207 + place}555{2000 + number % 8000:04d}",
        place=place,
        coordinator=coordinator,
        practitioner=chance.randrange(2),
        payer=payer,
        member_id=_member_id(number, payer, chance),
        programme=programme,
        step=step,
        since=_since(step, today, chance),
        conditions=1 if programme == "pcm" else 2 + chance.randrange(5),
        complex_decisions=complex_decisions,
        qmb=chance.random() < 0.15,
        language=_language(place, chance),
        risk=risk,
        engagement=chance.choices((1, 2, 3, 4, 5), (0.07, 0.15, 0.33, 0.3, 0.15))[0],
        need=chance.choice(NEEDS) if chance.random() < 0.6 else "",
    )


def _person(number: int, chance: Random, place: Place) -> Person:
    """First and last names run at different speeds, so that few names come twice."""
    sex = "F" if chance.random() < 0.57 else "M"
    first = (_WOMEN if sex == "F" else _MEN)[(number // len(_LAST) + number) % 20]
    born = date(1931 + chance.randrange(32), 1 + chance.randrange(12), 1 + chance.randrange(28))
    street = f"{10 + number % 890} {_STREETS[number % len(_STREETS)]}"
    where = Address(street, place.city, place.state, place.postal_code)
    return Person(_LAST[number * 7 % len(_LAST)], first, born, sex, where)


def _member_id(number: int, payer: int, chance: Random) -> str:
    """Its last two digits choose what the practice clearinghouse answers: mostly that it pays."""
    ending = chance.choices(("42", "57", "63", "00", "01"), (0.4, 0.25, 0.2, 0.1, 0.05))[0]
    if payer:
        return f"{('LSA', 'MRH')[payer - 1]}{500_000 + number * 11}{ending}"
    one, two, three = (_MBI[number // step % len(_MBI)] for step in (1, 20, 400))
    return f"{1 + number % 9}{one}{two}{number % 10}{three}{two}{number // 10 % 10}{one}{three}{ending}"


def _step(number: int) -> Step:
    """Almost all are active; a few stand at each step before and after."""
    early = {
        7: Step.REFERRED,
        31: Step.VISIT,
        53: Step.CONSENT,
        71: Step.PLANNING,
        89: Step.ENDING,
        97: Step.ENDED,
    }
    return early.get(number % 101, Step.ACTIVE)


def _since(step: Step, today: date, chance: Random) -> date:
    """Two thirds were in care before the history begins; the others joined since, some of them lately."""
    months = months_until(today)
    if step in (Step.REFERRED, Step.VISIT, Step.CONSENT, Step.PLANNING):
        return today - timedelta(days=chance.randrange(2, 14))
    if chance.random() < 0.66 or step in (Step.ENDED, Step.ENDING):
        return months[0] - timedelta(days=chance.randrange(3, 28))
    whole = (today - months[0]).days - 12
    return months[0] + timedelta(days=chance.randrange(whole))


def _language(place: int, chance: Random) -> str:
    dice = chance.random()
    for language, share in _LANGUAGES[place]:
        if dice < share:
            return language
        dice -= share
    return ""
