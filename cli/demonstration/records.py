"""Master data of the demo companies: clients, providers, payers, fees and patients. All of it is invented.

NPIs begin with 2 and EINs with 79: numbers that were never given out.
"""

from dataclasses import dataclass, replace
from datetime import date

from domain.clientele import is_npi

# An MBI has letters other than S, L, O, I, B and Z.
_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A practice that a company bills for, with its rendering providers (last name, first name, NPI)."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    address: tuple[str, str, str, str]
    contact: tuple[str, str]
    providers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DemoPayer:
    """A payer with its claim filing code and filing limit in days."""

    name: str
    payer_id: str
    filing_code: str
    filing_days: int = 365

    @property
    def medicare(self) -> bool:
        """Whether it is Medicare Part B, whose members have an MBI."""
        return self.filing_code == "MB"


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """A patient with a coverage. The last two digits of the member id choose what the clearinghouse answers."""

    number: int
    last_name: str
    first_name: str
    birth_date: date
    sex: str
    line1: str
    client: int
    payer: int
    member_id: str
    child_of: str = ""

    @property
    def scenario(self) -> str:
        """The ending that chooses the scenario."""
        return self.member_id[-2:]


def npi(nine: str) -> str:
    """Nine digits with their check digit."""
    return next(nine + digit for digit in "0123456789" if is_npi(nine + digit))


HARBOR_CLIENTS = (
    DemoClient(
        "Lighthouse Family Medicine", npi("240010010"), "791204410", "207Q00000X",
        ("14 Beacon Street", "Gloucester", "MA", "019301204"), ("Anita Wells", "9785550111"),
        (("Hollander", "Miriam", npi("240010021")), ("Adeyemi", "Tunde", npi("240010032"))),
    ),
    DemoClient(
        "Northgate Cardiology Associates", npi("240020011"), "791204411", "207RC0000X",
        ("200 Summit Avenue", "Brookline", "MA", "024462310"), ("Leo Marchetti", "6175550122"),
        (("Vasquez", "Elena", npi("240020022")), ("Brandt", "Jonas", npi("240020033"))),
    ),
    DemoClient(
        "Bayside Physical Therapy", npi("240030012"), "791204412", "225100000X",
        ("5 Wharf Road", "Salem", "MA", "019703301"), ("Dee Collins", "9785550133"),
        (("Sorensen", "Kai", npi("240030023")),),
    ),
)  # fmt: skip
PRAIRIE_CLIENTS = (
    DemoClient(
        "Cottonwood Creek Clinic", npi("240040013"), "791204413", "207Q00000X",
        ("88 Grain Elevator Road", "Salina", "KS", "674011102"), ("June Pratt", "7855550144"),
        (("Whitaker", "Abel", npi("240040024")), ("Nguyen", "Linh", npi("240040035"))),
    ),
)  # fmt: skip
# Bills on the 837I; its patients are its own.
HARBOR_HOSPITAL = DemoClient(
    "Cape Ann Community Hospital", npi("240050014"), "791204414", "282N00000X",
    ("1 Hospital Hill", "Gloucester", "MA", "019302700"), ("Ruben Castle", "9785550155"),
    (("Okonkwo", "Adaeze", npi("240050025")), ("Lindgren", "Petra", npi("240050036"))),
)  # fmt: skip
HARBOR_PAYERS = (
    DemoPayer("Meridian Health Plan", "MHP01", "CI", 180),
    DemoPayer("Summit Mutual of New England", "SMNE5", "12"),
    DemoPayer("Medicare Part B Northeast", "MBNE1", "MB"),
    DemoPayer("Commonwealth Medicaid", "CWMC2", "MC", 90),
    DemoPayer("Atlas Mutual", "ATL77", "15"),
    DemoPayer("Pioneer HMO", "PIO31", "HM", 120),
    DemoPayer("Coastal Advantage", "CADV8", "16"),
    DemoPayer("Shipwrights Benefit Fund", "SBF40", "CI"),
)
PRAIRIE_PAYERS = (
    DemoPayer("Plains Health Cooperative", "PLNS1", "CI"),
    DemoPayer("Medicare Part B Plains", "MBPL1", "MB"),
    DemoPayer("Sunflower State Medicaid", "SSMC3", "MC", 180),
)
# code, modifier, amount: pasted as a person would from a spreadsheet.
FEES = "\n".join(
    (
        "Code\tModifier\tFee",
        "99202\t\t118.00", "99203\t\t172.00", "99213\t\t138.00", "99214\t\t196.00", "99215\t\t262.00",
        "99396\t\t188.00", "36415\t\t14.00", "85025\t\t32.00", "80053\t\t44.00", "83036\t\t38.00",
        "93000\t\t64.00", "93306\t\t612.00", "93015\t\t284.00", "97110\t\t58.00", "97140\t\t54.00",
        "97161\t\t148.00", "97530\t\t62.00", "20610\t\t164.00", "90471\t\t36.00", "90686\t\t28.00",
    )
)  # fmt: skip
# What the first payer of each company allows by contract: for one procedure more than it then pays.
CONTRACT = "\n".join(
    (
        "Code\tModifier\tAllowed",
        "99213\t\t110.40",
        "99214\t\t156.80",
        "93306\t\t489.60",
        "97110\t\t49.30",
        "97530\t\t49.60",
    )
)

_FIRST = (
    ("Agnes", "F"), ("Bruno", "M"), ("Celia", "F"), ("Dmitri", "M"), ("Edith", "F"), ("Felix", "M"), ("Greta", "F"),
    ("Hassan", "M"), ("Imani", "F"), ("Joel", "M"), ("Keiko", "F"), ("Lars", "M"), ("Mercedes", "F"), ("Nils", "M"),
    ("Odile", "F"), ("Pavel", "M"), ("Quinn", "F"), ("Rashid", "M"), ("Sylvia", "F"), ("Tomas", "M"),
)  # fmt: skip
_LAST = (
    "Abbott", "Baptiste", "Carrow", "Delacroix", "Eastman", "Farrow", "Gallagher", "Haverford", "Ivanova", "Jansen",
    "Kimathi", "Lowell", "Mbeki", "Novak", "Ostrander", "Pemberton", "Quigley", "Rosales", "Sandoval", "Thackeray",
    "Underhill", "Villanueva", "Westbrook", "Yates", "Zielinski", "Ashdown", "Birchall", "Coldwater", "Dunmore",
    "Ellingsen",
)  # fmt: skip
_STREETS = ("Alder Street", "Birch Lane", "Chestnut Avenue", "Dogwood Drive", "Elm Court", "Fern Way")

# How many patients get each scenario of the clearinghouse; the endings beyond 19 are paid by contract.
HARBOR_SCENARIOS = (
    *("42", "57", "63", "71", "28", "35", "86", "94", "49", "66", "31", "77"), *("00",) * 6, *("01",) * 8, *("02",) * 4,
    *("03",) * 2, "04", *("05",) * 3, *("06",) * 5, *("07",) * 3, *("08",) * 3, *("09",) * 2, *("10",) * 2, "11", "12",
    "13", "14", "15", "16", "17", "18", "19",
)  # fmt: skip
PRAIRIE_SCENARIOS = ("42", "57", "63", "71", "00", "01", "01", "02", "06", "08", "09", "14")
HOSPITAL_SCENARIOS = ("42", "57", "00", "01", "06", "03", "07", "71")
_REPLACED = frozenset({"02", "03", "05", "06"})  # Medicare takes no replacements


def patients(scenarios: tuple[str, ...], clients: int, payers: tuple[DemoPayer, ...]) -> list[DemoPatient]:
    """One patient for each scenario, spread over the clients and payers."""
    return [_patient(number, ending, clients, payers) for number, ending in enumerate(scenarios)]


def hospital_patients(first: int, client: int, payers: tuple[DemoPayer, ...]) -> list[DemoPatient]:
    """Patients of a hospital, numbered from `first`. None of them has Medicare part B, which pays no hospital bills."""
    found = [
        _patient(number, ending, client + 1, payers)
        for number, ending in enumerate(HOSPITAL_SCENARIOS, first)
    ]
    return [replace(one, client=client) for one in found if not payers[one.payer].medicare]


def _patient(number: int, ending: str, clients: int, payers: tuple[DemoPayer, ...]) -> DemoPatient:
    payer = number % len(payers)
    if ending in _REPLACED and payers[payer].medicare:
        payer = 0
    first, sex = _FIRST[number % len(_FIRST)]
    child = number % 11 == 5 and not payers[payer].medicare
    year = 2012 if child else 1936 + number % 20 if payers[payer].medicare else 1958 + number * 7 % 42
    return DemoPatient(
        number=number,
        last_name=_LAST[number * 7 % len(_LAST)],
        first_name=first,
        birth_date=date(year, 1 + number * 5 % 12, 1 + number * 11 % 28),
        sex=sex,
        line1=f"{10 + number * 3} {_STREETS[number % len(_STREETS)]}",
        client=number % clients,
        payer=payer,
        member_id=_member_id(number, ending, payers[payer]),
        child_of="Lena" if child else "",
    )


def _member_id(number: int, ending: str, payer: DemoPayer) -> str:
    if not payer.medicare:
        return f"{payer.payer_id[:3]}{700_000 + number * 137}{ending}"
    letters = [_MBI_LETTERS[number * step % len(_MBI_LETTERS)] for step in (1, 7, 3, 11, 13)]
    one, two, three, four, five = letters
    return f"{1 + number % 9}{one}{two}{number % 10}{three}{four}{number * 7 % 10}{five}{one}{ending}"
