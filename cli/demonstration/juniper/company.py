"""Who works at the care company, and for which practices. Everybody is invented."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.demonstration.cast import Company, Person
from cli.demonstration.records import DemoClient, DemoPayer
from domain.clientele import is_npi

_COORDINATORS = (
    "Amelia Ferro", "Boyd Lattimore", "Carmen Esquivel", "Delphine Marsh", "Elliot Tran",
    "Farida Nazari", "Gideon Pell", "Hannah Voss", "Isidro Camacho", "Juno Hartley",
    "Kerry Sandoz", "Lorenzo Bianco", "Mai Pham", "Nadine Osei", "Orson Wick",
    "Paloma Reyes", "Quentin Adair", "Rosalind Achebe", "Stellan Moe", "Tamsin Locke",
    "Ulla Brandt", "Victor Salcedo", "Wren Gallagher", "Ximena Duarte", "Yusuf Karim",
    "Zelda Prentiss", "Abel Kahale", "Bettina Shaw", "Cyrus Montrose", "Dolores Akana",
)  # fmt: skip
_MANAGERS = ("Marguerite Dill", "Ramon Castellon", "Sunita Rao", "Keoni Palakiko")
_BILLING = ("Harriet Blum", "Leon Szabo", "Priscilla Ngata")

COORDINATORS, MANAGERS, BILLING = len(_COORDINATORS), len(_MANAGERS), len(_BILLING)
EACH = 5  # coordinators of one practice
# Which practices each manager's team looks after.
TEAMS = (
    ("Atlantic and Gulf", (0, 1)),
    ("Desert", (2,)),
    ("Mountain", (3,)),
    ("Pacific", (4, 5)),
)


def _person(name: str, title: str, role: str) -> Person:
    return Person(name, f"{name.lower().replace(' ', '.')}@juniper.example", title, (role,))


def _people() -> Iterator[Person]:
    yield _person("Adele Winterbourne", "Chief Operating Officer", "Tenant Admin")
    yield from (_person(name, "Care Manager", "Care Manager") for name in _MANAGERS)
    yield from (_person(name, "Care Coordinator, RN", "Care Coordinator") for name in _COORDINATORS)
    yield from (_person(name, "Billing Specialist", "Billing Staff") for name in _BILLING)


JUNIPER = Company("Juniper Care Partners", "juniper", tuple(_people()), "care")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a practice is: its patients' city, state and ZIP code, and the zone in which its months begin."""

    zone: str
    city: str
    state: str
    postal_code: str


PLACES = (
    Place("America/New_York", "Bangor", "ME", "044012200"),
    Place("America/Chicago", "Lafayette", "LA", "705011900"),
    Place("America/Phoenix", "Yuma", "AZ", "853642300"),
    Place("America/Denver", "Pueblo", "CO", "810032100"),
    Place("America/Los_Angeles", "Bellingham", "WA", "982252700"),
    Place("Pacific/Honolulu", "Hilo", "HI", "967202800"),
)
_PRACTICES = (
    ("Penobscot Family Medicine", "18 Harlow Terrace", (("Whitcomb", "Elaine"), ("Boucher", "Remy"))),
    ("Vermilion Internal Medicine", "402 Jasmine Row", (("Landry", "Celeste"), ("Okoro", "Emeka"))),
    ("Cactus Wren Primary Care", "77 Palo Verde Way", (("Sandoval", "Rafael"), ("Kline", "Judith"))),
    ("Arkansas River Geriatrics", "1150 Cottonwood Drive", (("Haugen", "Marta"), ("Bell", "Thurman"))),
    ("Salal Coast Medical Group", "9 Madrona Court", (("Nakamura", "Emi"), ("Fitzroy", "Alan"))),
    ("Mauna Lani Heart and Kidney", "640 Plumeria Street", (("Kealoha", "Malia"), ("Tavares", "Duarte"))),
)
_FAMILY_MEDICINE = "207Q00000X"


def _npi(number: int) -> str:
    """A number that was never given out: it begins with 2."""
    stem = f"2{number:08d}"
    return next(f"{stem}{digit}" for digit in range(10) if is_npi(f"{stem}{digit}"))


def _clients() -> Iterator[DemoClient]:
    for number, (name, street, doctors) in enumerate(_PRACTICES):
        place = PLACES[number]
        phone = f"207555{1300 + number:04d}"
        yield DemoClient(
            name,
            _npi(40_010_000 + number * 100),
            f"7931{number}6042",
            _FAMILY_MEDICINE,
            (street, place.city, place.state, place.postal_code),
            ("Front desk", phone),
            tuple(
                (last, first, _npi(40_010_001 + number * 100 + at))
                for at, (last, first) in enumerate(doctors)
            ),
        )


CLIENTS = tuple(_clients())
PAYERS = (
    DemoPayer("Medicare Part B", "MBJC1", "MB"),
    DemoPayer("Lantern Senior Advantage", "LSA20", "16"),
    DemoPayer("Mesa Retiree Health", "MRH33", "CI", 180),
)
# What the company charges for care, pasted as a person would from a spreadsheet.
FEES = "\n".join(
    (
        "Code\tModifier\tFee",
        "99490\t\t66.00", "99439\t\t51.00", "99487\t\t142.00", "99489\t\t77.00", "99491\t\t90.00", "99437\t\t64.00",
        "99424\t\t88.00", "99425\t\t63.00", "99426\t\t68.00", "99427\t\t54.00",
        "G0556\t\t17.00", "G0557\t\t54.00", "G0558\t\t119.00",
    )
)  # fmt: skip


def coordinator(number: int) -> Person:
    """One of the coordinators; the practice's five stand together."""
    return JUNIPER.people[1 + MANAGERS + number]


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, e-mail, subdomain) of one person for each role."""
    first: dict[str, Person] = {}
    for person in JUNIPER.people:
        first.setdefault(person.roles[0], person)
    return [(role, person.email, JUNIPER.subdomain) for role, person in first.items()]
