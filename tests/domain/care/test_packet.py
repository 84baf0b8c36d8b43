"""What an evidence packet says of a month, without any PDF: sums, days, reasons, and the hash of its content."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.codes import STANDARD
from domain.care.counting import Why
from domain.care.packet import PacketBefore, PacketClaim, by_day, rule_of, uncounted
from domain.care.packet_sheet import packet_sheet
from tests.fixtures import packets


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 27))
def test_the_days_add_up_to_what_counts_and_every_second_is_told_once(count: int) -> None:
    facts = packets.facts(count)
    assert sum(one.counted for one in by_day(facts)) == sum(facts.counted.values())
    recorded = sum(one.ends - one.starts for one in facts.entries if not one.void)
    assert sum(facts.counted.values()) + sum(uncounted(facts).values()) == recorded


def test_time_over_midnight_of_the_last_day_is_told_up_to_midnight() -> None:
    facts = packets.facts()
    assert by_day(facts)[-1].day == date(2026, 10, 31) and by_day(facts)[-1].counted == 120
    assert uncounted(facts)[Why.OUTSIDE_MONTH] == 180
    assert {one.day.month for one in by_day(facts)} == {10}


def test_every_reason_for_which_seconds_do_not_count_is_named_with_its_sum() -> None:
    assert uncounted(packets.facts()) == {
        Why.SAME_SECOND: 180,
        Why.NOT_CLINICAL: 360,
        Why.OUTSIDE_MONTH: 180,
        Why.SUPERSEDED: 241,
        Why.NOT_APPROVED: 540,
    }
    html = packet_sheet(packets.facts())
    assert "3:00 at the same time as another entry, which counts (No. 1)" in html


def test_the_same_facts_are_the_same_content_and_the_hash_is_that_of_the_content() -> None:
    facts, again = packets.facts(), packets.facts()
    assert facts.content == again.content and facts.digest == sha256(facts.content).hexdigest()
    told = json.loads(facts.content)
    assert told["patient"]["account_number"] == "A-1042" and len(told["entries"]) == 17
    assert "note" not in facts.content.decode() and packet_sheet(facts) == packet_sheet(again)


def test_who_makes_it_when_and_in_whose_place_changes_the_content_but_not_the_substance() -> None:
    before = PacketBefore(UUID(int=9), "ab" * 32, datetime(2026, 11, 1, tzinfo=UTC))
    later = packets.facts(
        generated_by="Somebody else", generated_at=datetime(2026, 11, 9, tzinfo=UTC), supersedes=before
    )
    facts = packets.facts()
    assert later.digest != facts.digest and later.substance == facts.substance
    assert packets.facts(11).substance != facts.substance
    assert "Takes the place of" in packet_sheet(later) and "ab" * 32 in packet_sheet(later)


def test_two_claims_are_told_with_whose_they_are_and_one_claim_changes_nothing_of_the_packet() -> None:
    facts = packets.facts()
    assert "claims" not in json.loads(facts.content)
    claims = (
        PacketClaim("ccm", "Ann Hill", "1987654328", ("99490", "99439")),
        PacketClaim("pcm", "Ben <Ode>", "1487654323", ("99426",)),
    )
    (ccm,), (plan,) = facts.programmes, facts.plans
    pcm = replace(ccm, enrolment_id=UUID(int=78), programme="pcm", practitioner="Ben <Ode>")
    both = packets.facts(
        claims=claims, programmes=(ccm, pcm), plans=(plan, replace(plan, enrolment_id=UUID(int=78)))
    )
    html = packet_sheet(both)
    assert "99490, 99439 (CCM): Ann Hill, NPI 1987654328" in html
    assert "99426 (PCM): Ben &lt;Ode&gt;, NPI 1487654323" in html
    assert "Care plan for CCM, version 2" in html and "Care plan for PCM, version 2" in html
    assert json.loads(both.content)["claims"][1]["codes"] == ["99426"]
    assert "Care plan, version 2" in packet_sheet(facts) and "Two claims" not in packet_sheet(facts)


def test_a_plan_that_holds_from_before_it_was_stored_tells_both_days_and_another_changes_nothing() -> None:
    facts = packets.facts()
    assert "in_force_on" not in json.loads(facts.content)["plans"][0]
    early = packets.facts(plans=(replace(facts.plans[0], in_force_on=date(2026, 3, 5)),))
    html = packet_sheet(early)
    assert "Mar 5, 2026" in html and "Apr 1, 2026" in html and early.substance != facts.substance


def test_names_are_data_and_never_markup() -> None:
    html = packet_sheet(packets.facts())
    assert "Rosa &lt;Delgado&gt;" in html and "<Delgado>" not in html


def test_a_month_without_time_or_codes_says_so() -> None:
    html = packet_sheet(packets.facts(entries=(), lines=(), counted={"ccm": 0}, plans=()))
    assert "reaches no threshold" in html and "No time was recorded" in html


def test_the_rule_of_each_code_is_told_in_words() -> None:
    assert rule_of("99490", STANDARD) == "at least 20:00 of clinical staff"
    assert rule_of("99439", STANDARD) == "each full 20:00 beyond 20:00, at most 2"
    assert rule_of("99426", STANDARD) == "at least 30:00 of clinical staff"
    assert "complexity" in rule_of("99487", STANDARD) and "no minutes" in rule_of("G0557", STANDARD)
    assert rule_of("99213", STANDARD) == ""
