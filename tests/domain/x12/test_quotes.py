"""Quoting a partner: exactly its segments, only those of the claim or set asked for, in its own delimiters."""

import pytest

from domain.x12.errors import Unreadable
from domain.x12.quotes import quote_277ca, quote_999
from tests.fixtures.x12_answers import SetAnswer, Status, ack_277ca, ack_999


def test_a_277ca_is_quoted_with_its_sender_and_batch_and_only_the_claim_asked_for() -> None:
    body = ack_277ca(Status("FIRST1"), Status("SECOND2", "A2", "20", "ICN9"), Status("THIRD3", "A7", "562"))
    quoted = quote_277ca([body], "SECOND2")
    assert quoted[0] == "NM1*PR*2*SENDER*****PI*S1~" and "TRN*2*B000000001~" in quoted
    assert quoted[-3:] == ["TRN*2*SECOND2~", "STC*A2:20*20261101*WQ*100~", "REF*1K*ICN9~"]
    assert not any("FIRST1" in one or "THIRD3" in one or "DOE" in one for one in quoted)
    assert quote_277ca([body], "NOBODY") == []


def test_a_quote_keeps_the_partners_own_delimiters() -> None:
    body = ack_277ca(Status("FIRST1")).replace(b"~\n", b"'").replace(b"*", b"|")
    assert quote_277ca([body], "FIRST1")[-2:] == ["TRN|2|FIRST1'", "STC|A2:20|20261101|WQ|100'"]


def test_a_999_is_quoted_for_one_set_of_one_group() -> None:
    body = ack_999(7, SetAnswer("0001"), SetAnswer("0002", "R", (("CLM", 12, "8"),)))
    assert quote_999([body], 7, "1") == [
        "AK1*HC*7*005010X222A1~", "AK2*837*0001*005010X222A1~", "IK5*A~", "AK9*P*2*2*1~",
    ]  # fmt: skip
    assert quote_999([body], 8, "0001") == []


def test_what_is_not_x12_is_refused() -> None:
    with pytest.raises(Unreadable):
        quote_277ca([b"not x12"], "X")
