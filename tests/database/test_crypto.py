"""Sealing of PHI: opens for the same tenant, key and column only, and shows nothing."""

import dataclasses
import os
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.crypto import SealBroken, TenantKey, folded, unwrap, wrap

NORTH = TenantKey(UUID(int=1), 1, bytes(range(32)))
SOUTH = TenantKey(UUID(int=2), 1, bytes(range(1, 33)))


@given(st.binary(max_size=500), st.sampled_from(["patients.person", "coverages.subscriber"]))
def test_what_is_sealed_opens_again(plain: bytes, column: str) -> None:
    assert NORTH.open(column, NORTH.seal(column, plain)) == plain


@given(st.binary(min_size=1, max_size=100))
def test_the_same_value_is_sealed_differently_each_time(plain: bytes) -> None:
    assert NORTH.seal("c", plain) != NORTH.seal("c", plain)


@given(st.binary(min_size=8, max_size=100))
def test_a_sealed_value_does_not_contain_the_plain_one(plain: bytes) -> None:
    assert plain not in NORTH.seal("c", plain)


@given(st.binary(max_size=100), st.data())
def test_one_altered_bit_anywhere_is_refused(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(NORTH.seal("c", plain))
    # Bytes 1 and 2 are the key's id, which chooses the key and is not secret.
    place = data.draw(st.integers(0, len(sealed) - 1).filter(lambda n: n not in (1, 2)))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        NORTH.open("c", bytes(sealed))


@given(st.binary(max_size=60))
def test_any_bytes_that_were_never_sealed_are_refused(noise: bytes) -> None:
    with pytest.raises(SealBroken):
        NORTH.open("c", noise)


def test_another_column_another_tenant_and_another_key_do_not_open_it() -> None:
    sealed = NORTH.seal("patients.person", b"Ada")
    moved = dataclasses.replace(NORTH, tenant_id=SOUTH.tenant_id)
    for key, column in (
        (NORTH, "coverages.subscriber"),
        (SOUTH, "patients.person"),
        (moved, "patients.person"),
    ):
        with pytest.raises(SealBroken) as refused:
            key.open(column, sealed)
        assert "Ada" not in str(refused.value)


def test_json_travels_with_dates_and_decimals_as_text() -> None:
    sealed = NORTH.seal_json("c", {"born": date(1815, 12, 10), "owed": Decimal("1.10"), "name": "Adá"})
    assert NORTH.open_json("c", sealed) == {"born": "1815-12-10", "owed": "1.10", "name": "Adá"}


@given(st.text(max_size=40))
def test_a_blind_index_is_equal_for_what_reads_equal_and_differs_by_tenant_and_column(text: str) -> None:
    assert NORTH.blind("c", text) == NORTH.blind("c", f"  {folded(text).upper()} ")
    assert NORTH.blind("c", text) != SOUTH.blind("c", text)
    assert NORTH.blind("c", text) != NORTH.blind("d", text)


def test_every_beginning_of_every_word_is_found_whatever_the_accents() -> None:
    tokens = set(NORTH.prefixes("c", "Zoë O'Brien-Smith"))
    for typed in ("zo", "ZOE", "bri", "brien", "Smi"):
        assert NORTH.blind("c", typed) in tokens
    for other in ("z", "rien", "zoex", ""):
        assert NORTH.blind("c", other) not in tokens
    assert not tokens & set(SOUTH.prefixes("c", "Zoë O'Brien-Smith"))


@given(st.binary(min_size=32, max_size=32))
def test_a_wrapped_key_unwraps_for_its_tenant_under_its_master_only(secret: bytes) -> None:
    master, tenant = os.urandom(32), uuid4()
    wrapped = wrap(master, tenant, secret)
    assert unwrap(master, tenant, wrapped) == secret
    for other_master, other_tenant in ((os.urandom(32), tenant), (master, uuid4())):
        with pytest.raises(SealBroken):
            unwrap(other_master, other_tenant, wrapped)
