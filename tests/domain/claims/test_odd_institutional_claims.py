"""Scrubbing of claims that nobody would send: it never raises, and names fields that are there."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalClaim,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    OccurrenceCode,
    OccurrenceSpan,
    RevenueLine,
    ValueCode,
)
from domain.claims.model import (
    Address,
    BillingProvider,
    Coverage,
    Payer,
    Person,
    Provider,
)
from domain.claims.rules import ScrubContext
from domain.claims.rules.institutional import scrub_institutional

ODD = st.one_of(
    st.sampled_from(["", " ", "11", "13", "0450", "0120", "0022", "E119", "30", "²²", "\x00"]),
    st.text(max_size=6),
)
DAYS = st.one_of(st.dates(), st.sampled_from([date.min, date.max]))
DECIMALS = st.decimals(allow_nan=True, allow_infinity=True) | st.just(Decimal("sNaN"))
CENTS = st.integers(-(10**15), 10**15)
ADDRESSES = st.builds(Address, ODD, ODD, ODD, ODD, ODD)
PEOPLE = st.builds(Person, ODD, ODD, st.none() | DAYS, ODD, ADDRESSES, ODD)
PROVIDERS = st.none() | st.builds(Provider, ODD, ODD, ODD, ODD)
PAYERS = st.builds(Payer, ODD, ODD, ODD, ODD, st.integers(-(10**9), 10**9), st.booleans())
COVERAGES = st.builds(Coverage, PAYERS, ODD, PEOPLE, ODD, ODD, ODD, st.none() | DAYS, st.none() | DAYS, ODD)
DIAGNOSES = st.builds(InstitutionalDiagnosis, ODD, ODD)
PROCEDURES = st.builds(InpatientProcedure, ODD, DAYS)


def few(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=3).map(tuple)


LINES = st.builds(
    RevenueLine,
    st.integers(),
    ODD,
    CENTS,
    DECIMALS,
    ODD,
    few(ODD),
    ODD,
    CENTS,
    st.none() | DAYS,
    st.none() | DAYS,
    ODD,
)
FACTS = st.builds(
    InstitutionalFacts, ODD, st.none() | DAYS, st.none() | DAYS, ODD, st.none() | DIAGNOSES, few(LINES), st.none() | DAYS,
    ODD, ODD, ODD, ODD, ODD, few(ODD), few(DIAGNOSES), ODD, few(DIAGNOSES), st.none() | PROCEDURES, few(PROCEDURES),
    few(st.builds(OccurrenceSpan, ODD, DAYS, DAYS)), few(st.builds(OccurrenceCode, ODD, DAYS)),
    few(st.builds(ValueCode, ODD, DECIMALS)), few(ODD), PROVIDERS, PROVIDERS, PROVIDERS, PROVIDERS, PROVIDERS, ODD,
)  # fmt: skip
CLAIMS = st.builds(
    InstitutionalClaim, ODD, st.builds(BillingProvider, ODD, ODD, ODD, ODD, ADDRESSES, ODD, ODD), PEOPLE, COVERAGES,
    FACTS, ODD, ODD, ODD, st.booleans(), st.booleans(), ODD, few(COVERAGES),
)  # fmt: skip
PATH = re.compile(r"[a-z_]+(\.[1-9][0-9]*)?(\.[a-z_0-9]+){0,4}")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim=CLAIMS, today=DAYS)
def test_scrubbing_never_raises_and_always_names_a_field_of_the_claim(
    claim: InstitutionalClaim, today: date
) -> None:
    for finding in scrub_institutional(claim, ScrubContext(today=today)):
        assert PATH.fullmatch(finding.field)
        assert_resolves(claim, finding.field)


def assert_resolves(thing: object, path: str) -> None:
    """Every step of the path is an attribute, or a position counted from 1."""
    for step in path.split("."):
        if step.isdecimal():
            assert isinstance(thing, tuple) and 1 <= int(step) <= len(thing)
            thing = thing[int(step) - 1]
        elif thing is not None:
            assert hasattr(thing, step)
            thing = getattr(thing, step)
