"""Scrubbing answers any claim, however odd its contents, with findings and never with an exception."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from domain.claims.rules import CATALOGUE, EarlierLine, ScrubContext, scrub

ODD = st.one_of(
    st.sampled_from(
        ["", " ", "1", "7", "AA", "18", "E119", "E11.9", "99213", "²²²²²²²²²²", "P.O. Box", "\x00", "*:~^"]
    ),
    st.text(max_size=12),
)
DAYS = st.one_of(st.dates(), st.sampled_from([date.min, date.max, date(2024, 2, 29)]))
MAYBE_DAY = st.none() | DAYS
CENTS = st.integers(-(10**15), 10**15)
ADDRESSES = st.builds(Address, ODD, ODD, ODD, ODD, ODD)
PEOPLE = st.builds(Person, ODD, ODD, MAYBE_DAY, ODD, ADDRESSES, ODD)
PROVIDERS = st.none() | st.builds(Provider, ODD, ODD, ODD, ODD)
PAYERS = st.builds(Payer, ODD, ODD, ODD, ODD, st.integers(-(10**9), 10**9), st.booleans())
COVERAGES = st.builds(Coverage, PAYERS, ODD, PEOPLE, ODD, ODD, ODD, MAYBE_DAY, MAYBE_DAY)
LINES = st.builds(
    ServiceLine,
    number=st.integers(),
    procedure=ODD,
    charge_cents=CENTS,
    units=st.decimals(allow_nan=True, allow_infinity=True) | st.just(Decimal("sNaN")),
    service_from=DAYS,
    service_to=DAYS,
    pointers=st.lists(st.integers(), max_size=5).map(tuple),
    place_of_service=ODD,
    modifiers=st.lists(ODD, max_size=5).map(tuple),
    control_number=ODD,
    note=ODD,
)
CLAIMS = st.builds(
    Claim,
    claim_number=ODD,
    billing=st.builds(BillingProvider, ODD, ODD, ODD, ODD, ADDRESSES, ODD, ODD),
    rendering=PROVIDERS,
    patient=PEOPLE,
    coverage=COVERAGES,
    diagnoses=st.lists(ODD, max_size=14).map(tuple),
    lines=st.lists(LINES, max_size=3).map(tuple),
    place_of_service=ODD,
    frequency=ODD,
    payer_claim_control_number=ODD,
    referring=PROVIDERS,
    prior_authorization=ODD,
    accident=ODD,
    accident_date=MAYBE_DAY,
    accident_state=ODD,
    onset_date=MAYBE_DAY,
    release_of_information=ODD,
    other_coverages=st.lists(COVERAGES, max_size=2).map(tuple),
)
CONTEXTS = st.builds(
    ScrubContext,
    today=DAYS,
    known_duplicates=st.lists(st.builds(EarlierLine, ODD, DAYS, ODD, ODD, CENTS), max_size=3).map(tuple),
    first_received=MAYBE_DAY,
    enrolled=st.none() | st.booleans(),
)
PATH = re.compile(r"[a-z_]+(\.[1-9][0-9]*)?(\.[a-z_0-9]+){0,3}")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(claim=CLAIMS, context=CONTEXTS)
def test_scrubbing_never_raises_and_always_names_a_field_of_the_claim(
    claim: Claim, context: ScrubContext
) -> None:
    known = {rule.id for rule in CATALOGUE}
    for finding in scrub(claim, context):
        assert finding.rule_id in known
        assert PATH.fullmatch(finding.field)
        assert _resolves(claim, finding.field)


def _resolves(thing: object, path: str) -> bool:
    """Whether every step of the path is an attribute, or a position counted from 1."""
    for step in path.split("."):
        if step.isdecimal():
            assert isinstance(thing, tuple) and 1 <= int(step) <= len(thing)
            thing = thing[int(step) - 1]
        elif thing is not None:
            assert hasattr(thing, step)
            thing = getattr(thing, step)
    return True
