"""A 10,000-claim 837P encoded and checked by our own rules, beside reading the same bytes back into claims."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any

from domain.claims.model import (
    Address,
    BillingProvider,
    Claim,
    Coverage,
    Payer,
    Person,
    Provider,
    ServiceLine,
)
from domain.x12.batch_837p import Batch837P, Partner
from domain.x12.check import check
from domain.x12.decode_837 import read_837
from domain.x12.encode_837p import encode_837p
from domain.x12.reader import segments

CLAIMS = 10_000
ROUNDS = 3
_NAMES = ("Anderson", "Baker", "Castellano", "Dimitrov", "Ellsworth", "Nuñez", "O'Neil", "Smith-Jones")
_DIAGNOSES = ("E119", "I10", "J449", "M5450", "F329", "N183", "Z7901")
_OFFICE = Address("500 Main St", "Springfield", "IL", "627010001")
_DAY = date(2026, 10, 1)
_NORTHERN, _SECOND = Payer("Northern Health Plan", "12345"), Payer("Second Plan", "77777", "BL")


def run(count: int = CLAIMS) -> dict[str, Any]:
    """Medians in MB per second of processor time. The claims are made beforehand and are part of no figure."""
    batch = Batch837P(
        Partner("ZZ", "BILLINGCO", name="Billing Co", contact_name="Help desk", phone="217-555-0111"),
        Partner("ZZ", "CLEARING", name="Clearing House"),
        401, 17, 1, "BATCH-17", datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "P",
        tuple(claim(number) for number in range(count)),
    )  # fmt: skip
    data = encode_837p(batch).data
    steps: dict[str, Callable[[], object]] = {
        "encode": lambda: encode_837p(batch),
        "check": lambda: check(data),
        "read": lambda: list(read_837(data)),
        "split": lambda: sum(1 for _ in segments(data)),
    }
    seconds = _seconds(steps)
    size = len(data) / 1e6
    faults = check(data)
    read_back = tuple(one for group in read_837(data) for one in group.claims)
    return {
        "bench": "generate",
        "figures": {
            "claims": count,
            "file_mb": size,
            **{f"{name}_mb_per_s": size / value for name, value in seconds.items()},
            "encoded_and_checked_mb_per_s": size / (seconds["encode"] + seconds["check"]),
            "claims_encoded_and_checked_per_s": count / (seconds["encode"] + seconds["check"]),
        },
        "holds": {
            "nothing wrong with it": not faults,
            "read back whole": len(read_back) == count,
            "encoded at least as fast as it is read": seconds["encode"] <= seconds["read"],
        },
    }


def _seconds(steps: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median processor seconds of each step over rounds that take every step in turn, after one to warm up."""
    found: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(ROUNDS + 1):
        for name, step in steps.items():
            started = process_time()
            step()
            if turn:
                found[name].append(process_time() - started)
    return {name: median(times) for name, times in found.items()}


def claim(number: int) -> Claim:
    """One claim as practices have them: patients of their own, a few providers, one to four lines, some dependents."""
    home = Address(f"{number % 900 + 1} Elm St", "Springfield", "IL", f"62{number % 1000:03d}")
    person = Person(
        _NAMES[number % len(_NAMES)], "Jane", date(1950, 1, 1) + timedelta(days=number), "F", home, "Q"
    )
    child = Person(person.last_name, "Kim", date(2015, 6, 7), "M", home)
    dependent = number % 7 == 0
    coverage = Coverage(
        (_NORTHERN, _SECOND)[number % 2], f"W{number:09d}", person, "19" if dependent else "18"
    )
    day = _DAY + timedelta(days=number % 28)
    lines = tuple(
        ServiceLine(
            at + 1, str(99_200 + (number * 7 + at * 13) % 300), 4_000 + (number * 137 + at * 211) % 20_000, Decimal(1), day, day,
            (1, 2)[: 1 + at % 2], modifiers=("25",) if at == 0 else (), control_number=f"{number:07d}L{at}",
        )
        for at in range(1 + number % 4)
    )  # fmt: skip
    return Claim(
        claim_number=f"C-{number:06d}-1",
        billing=BillingProvider(
            "Good Clinic LLC", "1234567893", "123456789", "207Q00000X", _OFFICE, "Ann Bell", "2175550100"
        ),
        rendering=Provider("Welby", "Marcus", "1245319599", "207Q00000X"),
        patient=child if dependent else person,
        coverage=coverage,
        diagnoses=(_DIAGNOSES[number % 7], _DIAGNOSES[(number + 3) % 7]),
        lines=lines,
    )
