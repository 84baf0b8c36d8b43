"""The claim of a connection's test file: a real claim of the client about nobody, for the partner's test member."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from domain.claims.model import Address, BillingProvider, Claim, Coverage, Payer, Person, ServiceLine
from domain.process_model import Process, Step, WaitsFor

CHARGE_CENTS = 10_000
STEPS = (
    ("prepare", "Write the test file"),
    ("upload", "Upload it and read it back"),
    ("answers", "Wait for its answers"),
    ("accepted", "Accepted by a 277CA"),
)
_WAITS: dict[str, WaitsFor] = {"answers": "partner"}
PROCESS = Process(
    "trial",
    "Trial of a connection",
    "connection",
    tuple(Step(code, label, _WAITS.get(code, "machine")) for code, label in STEPS),
    tuple((one[0], following[0]) for one, following in pairwise(STEPS)),
    ends=frozenset({"accepted"}),
    states="connection_trials.step",
)


def trial_claim(billing: BillingProvider, payer: Payer, member_id: str, number: str, today: date) -> Claim:
    """One office visit a week ago of an invented person, billed by the client to the payer."""
    address = Address(
        "1 Test Street", billing.address.city, billing.address.state, billing.address.postal_code
    )
    nobody = Person("Test", "Person", date(1970, 1, 1), "F", address)
    served = today - timedelta(days=7)
    line = ServiceLine(
        1, "99213", CHARGE_CENTS, Decimal(1), served, served, (1,), control_number=f"{number}L1"
    )
    return Claim(
        claim_number=number,
        billing=billing,
        rendering=None,
        patient=nobody,
        coverage=Coverage(payer, member_id, nobody),
        diagnoses=("E119",),
        lines=(line,),
    )
