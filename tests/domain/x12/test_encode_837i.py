"""Institutional claims to 837I and back, with pyx12's guide map and our own check as the judges."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
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
from domain.claims.institutional_record import record_of, with_record
from domain.claims.model import Address, Coverage, Payer, Person, Provider
from domain.clientele import is_npi
from domain.x12.batch_837i import Batch837I
from domain.x12.check import check
from domain.x12.decode_837 import read_837
from domain.x12.encode_837i import encode_837i
from domain.x12.errors import CannotEncode
from domain.x12.reader import segments

Made = Callable[..., Batch837I]
Judge = Callable[[bytes], str]
DAY = date(2026, 10, 1)
WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ'-", min_size=2, max_size=12).filter(lambda text: text[0].isalpha())
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
POA = st.sampled_from(["", "Y", "N", "U", "W"])
NPIS = st.integers(10**8, 2 * 10**8).map(
    lambda stem: next(f"{stem}{digit}" for digit in range(10) if is_npi(f"{stem}{digit}"))
)
PROVIDERS = st.none() | st.builds(Provider, WORD, WORD, NPIS, st.just(""))
ATTENDING = st.builds(Provider, WORD, WORD, NPIS, st.sampled_from(["", "207RC0000X"]))
CODES = st.sampled_from(["E119", "I10", "J45909", "M5450", "N390", "R079"])
DIAGNOSES = st.builds(InstitutionalDiagnosis, CODES, POA)
PROCEDURES = st.builds(InpatientProcedure, st.sampled_from(["02100Z9", "5A1221Z", "0DTJ4ZZ"]), DAYS)
TWO_SIGNS = st.text("ABCDEFGHJKLMNP0123456789", min_size=2, max_size=2)
SPANS = st.builds(lambda code, days: OccurrenceSpan(code, *sorted(days)), TWO_SIGNS, st.tuples(DAYS, DAYS))
VALUES = st.builds(ValueCode, TWO_SIGNS, st.decimals(0, 10**6, places=2))
HOURS = st.builds(lambda hour, minute: f"{hour:02d}{minute:02d}", st.integers(0, 23), st.integers(0, 59))
HOME = Address("12 ELM ST", "COLUMBUS", "OH", "43215")
PEOPLE = st.builds(
    Person, WORD, WORD, st.dates(date(1930, 1, 1), date(2025, 12, 31)), st.sampled_from("FMU"), st.just(HOME)
)


def many(strategy: st.SearchStrategy, most: int) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


@st.composite
def revenue_lines(draw: st.DrawFn, number: int) -> RevenueLine:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    dated = draw(st.booleans())
    procedure = draw(st.sampled_from(["", "99283", "73610", "G0463"]))
    return RevenueLine(
        number, draw(st.sampled_from(["0120", "0250", "0450", "0022"])), draw(st.integers(0, 10**8)),
        draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(30)])), procedure,
        tuple(draw(st.lists(st.sampled_from(["25", "59", "LT"]), max_size=3, unique=True))) if procedure else (),
        draw(st.sampled_from(["UN", "DA"])), draw(st.sampled_from([0, 0, 1250])),
        first if dated else None, last if dated else None, f"L{number}",
    )  # fmt: skip


@st.composite
def institutional_facts(draw: st.DrawFn) -> InstitutionalFacts:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    admitted = draw(st.none() | DAYS)
    count = draw(st.integers(1, 4))
    return InstitutionalFacts(
        draw(st.sampled_from(["11", "12", "13", "21", "32", "83"])), first, last, draw(st.sampled_from(["01", "30"])),
        draw(DIAGNOSES), tuple(draw(revenue_lines(at)) for at in range(1, count + 1)), admitted,
        draw(st.just("") | HOURS) if admitted else "", draw(st.just("") | HOURS), draw(st.sampled_from("1239")),
        draw(st.sampled_from(["", "1", "7"])), draw(st.just("") | CODES), draw(many(CODES, 3)), draw(many(DIAGNOSES, 12)),
        draw(st.sampled_from(["", "234"])), draw(many(DIAGNOSES, 24)), draw(st.none() | PROCEDURES),
        draw(many(PROCEDURES, 24)), draw(many(SPANS, 24)),
        draw(many(st.builds(OccurrenceCode, TWO_SIGNS, DAYS), 24)), draw(many(VALUES, 24)), draw(many(TWO_SIGNS, 24)),
        draw(st.none() | ATTENDING), draw(PROVIDERS), draw(PROVIDERS), draw(PROVIDERS), draw(PROVIDERS), draw(st.just("") | WORD),
    )  # fmt: skip


@st.composite
def stays(draw: st.DrawFn, base: InstitutionalClaim, number: int) -> InstitutionalClaim:
    subscriber, relationship = draw(PEOPLE), draw(st.sampled_from(["18", "18", "01", "19"]))
    payer = Payer(draw(WORD), "12345", draw(st.sampled_from(["CI", "BL", "MC"])))
    coverage = Coverage(
        payer, "W12345678", subscriber, relationship, draw(st.sampled_from("PST")), draw(st.just("") | WORD)
    )
    other = Coverage(Payer("Other", "99999"), "O123", replace(subscriber, birth_date=None, sex=""), "18", "U")
    frequency = draw(st.sampled_from("123478"))
    return replace(
        base, claim_number=f"H-{number:06d}-1", coverage=coverage, patient=subscriber if relationship == "18" else draw(PEOPLE),
        facts=draw(institutional_facts()), frequency=frequency,
        payer_claim_control_number="ICN0001" if frequency in "78" else "",
        prior_authorization=draw(st.sampled_from(["", "PA77"])), accepts_assignment=draw(st.booleans()),
        benefits_assigned=draw(st.booleans()), release_of_information=draw(st.sampled_from("YI")),
        other_coverages=draw(st.sampled_from([(), (other,)])),
    )  # fmt: skip


def carried(claim: InstitutionalClaim) -> InstitutionalClaim:
    """What the guide lets an 837I carry of a subscriber who is not the patient."""
    coverage = claim.coverage
    if coverage.relationship == "18":
        return claim
    bare = replace(coverage.subscriber, birth_date=None, sex="", address=Address("", "", "", ""))
    return replace(claim, coverage=replace(coverage, subscriber=bare))


def decoded(data: bytes) -> dict[str, InstitutionalClaim]:
    return {claim.claim_number: claim for found in read_837(data) for claim in found.institutional}


def errors(data: bytes) -> list[str]:
    return [one.rule for one in check(data) if one.severity == "error" and "DAT-003" not in one.rule]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_encoded_is_decoded_alike_passes_pyx12_and_our_own_check(
    data: st.DataObject, stay: InstitutionalClaim, batch_of_837i: Made, pyx12_accepts: Judge
) -> None:
    made = [data.draw(stays(stay, number)) for number in range(data.draw(st.integers(1, 3)))]
    written = encode_837i(batch_of_837i(*made)).data
    assert decoded(written) == {one.claim_number: carried(one) for one in made}
    assert pyx12_accepts(written) == ""
    assert errors(written) == []


def shapes(stay: InstitutionalClaim, visit: InstitutionalClaim) -> dict[str, InstitutionalClaim]:
    line = stay.facts.lines[1]
    long = tuple(replace(line, number=at, control_number=f"L{at}") for at in range(1, 1000))
    child = replace(stay.patient, first_name="Kim", birth_date=date(2015, 6, 7))
    return {
        "inpatient": stay,
        "outpatient": visit,
        "no admission hour": replace(stay, facts=replace(stay.facts, admission_hour="")),
        "999 lines": replace(stay, facts=replace(stay.facts, lines=long)),
        "replacement": replace(stay, frequency="7", payer_claim_control_number="ICN1"),
        "void": replace(stay, frequency="8", payer_claim_control_number="ICN1"),
        "interim": replace(stay, frequency="2", facts=replace(stay.facts, patient_status="30")),
        "dependent": replace(stay, patient=child, coverage=replace(stay.coverage, relationship="19")),
        "second payer": replace(
            visit, other_coverages=(Coverage(Payer("Other Plan", "99999"), "O1", visit.patient, order="S"),)
        ),
    }


def test_every_shape_of_claim_passes_pyx12_and_our_own_check(
    stay: InstitutionalClaim, visit: InstitutionalClaim, batch_of_837i: Made, pyx12_accepts: Judge
) -> None:
    made = [
        replace(one, claim_number=f"H-{at:06d}-1") for at, one in enumerate(shapes(stay, visit).values(), 1)
    ]
    data = encode_837i(batch_of_837i(*made)).data
    assert pyx12_accepts(data) == ""
    assert check(data) == []


def texts(batch: Batch837I) -> list[str]:
    return [segment.text for segment in segments(encode_837i(batch).data)]


def test_the_codes_of_a_stay_stand_each_in_its_own_segment_and_in_the_guides_order(
    stay: InstitutionalClaim, batch_of_837i: Made
) -> None:
    found = [text for text in texts(batch_of_837i(stay)) if text.startswith("HI")]
    assert found == [
        "HI*ABK:I214:::::::Y", "HI*ABJ:R079", "HI*ABN:W1830XA:::::::Y", "HI*DR:234",
        "HI*ABF:E119:::::::Y*ABF:Z7901", "HI*BBR:02100Z9:D8:20261002", "HI*BBQ:5A1221Z:D8:20261002",
        "HI*BI:M1:RD8:20261001-20261002", "HI*BH:11:D8:20260930", "HI*BE:80:::4*BE:01:::1200.5", "HI*BG:09",
    ]  # fmt: skip


def test_a_stay_tells_its_bill_type_days_and_admission(stay: InstitutionalClaim, batch_of_837i: Made) -> None:
    found = texts(batch_of_837i(stay))
    assert "CLM*H-000001-1*14250.75***11:A:1**A*Y*Y" in found
    at = found.index("DTP*096*TM*1100")
    assert found[at + 1 : at + 4] == [
        "DTP*434*RD8*20261001-20261005",
        "DTP*435*DT*202610011415",
        "CL1*1*7*01",
    ]
    assert "SV2*0120**4800*DA*4" in found and "SV2*0250**350.75*UN*12**10" in found
    assert stay.bill_type == "111"


def test_a_health_insurance_prospective_payment_code_is_told_as_one(
    stay: InstitutionalClaim, batch_of_837i: Made
) -> None:
    line = RevenueLine(1, "0022", 0, Decimal(5), "KAGD1", service_from=DAY, control_number="L1")
    assert "SV2*0022*HP:KAGD1*0*UN*5" in texts(
        batch_of_837i(replace(stay, facts=replace(stay.facts, lines=(line,))))
    )


def test_more_than_twelve_codes_of_a_kind_go_into_a_second_segment(
    stay: InstitutionalClaim, batch_of_837i: Made
) -> None:
    facts = replace(stay.facts, conditions=tuple(f"{at:02d}" for at in range(10, 34)))
    counts = [
        text.count("BG:") for text in texts(batch_of_837i(replace(stay, facts=facts))) if "*BG:" in text
    ]
    assert counts == [12, 12]


def test_the_institutional_version_of_the_payer_is_gs08_and_st03(
    stay: InstitutionalClaim, batch_of_837i: Made, pyx12_accepts: Judge
) -> None:
    payer = replace(stay.coverage.payer, institutional_version="005010X223A3")
    newer = replace(stay, coverage=replace(stay.coverage, payer=payer))
    data = encode_837i(batch_of_837i(newer)).data
    assert data.count(b"005010X223A3") == 2
    assert check(data) == [] and decoded(data) == {newer.claim_number: newer}
    # pyx12 has no map of that version; but for its name the transaction is the same.
    assert pyx12_accepts(data.replace(b"X223A3", b"X223A2")) == ""
    with pytest.raises(CannotEncode, match="mixed_versions"):
        encode_837i(batch_of_837i(newer, replace(stay, claim_number="H-2")))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=institutional_facts())
def test_facts_are_stored_as_plain_values_and_come_back_alike(facts: InstitutionalFacts) -> None:
    people = ("attending", "operating", "other_operating", "rendering", "referring")
    bare = replace(facts, lines=(), **dict.fromkeys(people))
    emptied = InstitutionalFacts(
        bare.facility_code, bare.statement_from, bare.statement_to, bare.patient_status, None, (), bare.admission_date,
        drg=bare.drg, note=bare.note,
    )  # fmt: skip
    assert with_record(emptied, json.loads(json.dumps(record_of(bare)))) == bare


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"facility_code": "1"}, "encode_bill_type"),
        ({"statement_to": None}, "encode_statement"),
        ({"patient_status": ""}, "encode_patient_status"),
        ({"principal": None}, "encode_diagnoses"),
        ({"lines": ()}, "encode_lines"),
        ({"reasons_for_visit": ("R079",) * 4}, "encode_codes"),
        ({"conditions": ("09",) * 25}, "encode_codes"),
    ],
)
def test_a_claim_that_cannot_be_written_is_refused_by_name(
    change: dict[str, object], code: str, stay: InstitutionalClaim, batch_of_837i: Made
) -> None:
    with pytest.raises(CannotEncode) as refused:
        encode_837i(batch_of_837i(replace(stay, facts=replace(stay.facts, **change))))  # type: ignore[arg-type]
    assert refused.value.code == code and refused.value.claim_number == stay.claim_number


def test_a_thousand_lines_or_a_void_without_its_original_are_refused(
    stay: InstitutionalClaim, batch_of_837i: Made
) -> None:
    too_long = replace(stay, facts=replace(stay.facts, lines=stay.facts.lines[:1] * 1000))
    with pytest.raises(CannotEncode, match="encode_lines"):
        encode_837i(batch_of_837i(too_long))
    with pytest.raises(CannotEncode, match="no_original"):
        encode_837i(batch_of_837i(replace(stay, frequency="8")))


def test_a_segment_position_leads_back_to_its_claim(
    stay: InstitutionalClaim, visit: InstitutionalClaim, batch_of_837i: Made
) -> None:
    encoded = encode_837i(batch_of_837i(stay, visit))
    body = [one for one in segments(encoded.data) if one.id not in ("ISA", "GS", "GE", "IEA")]
    places = {one.get(1): at for at, one in enumerate(body, start=1) if one.id == "CLM"}
    assert {number: encoded.sets[0].claims_at(at) for number, at in places.items()} == {
        "H-000001-1": ("H-000001-1",),
        "H-000002-1": ("H-000002-1",),
    }


def test_a_published_example_is_read_with_its_institutional_facts(samples: Path) -> None:
    data = (samples / "linuxforhealth-x12" / "demo-file__demo.837i").read_bytes()
    (claim,) = decoded(data).values()
    assert (claim.bill_type, claim.charge_cents, claim.facts.patient_status) == ("141", 8993, "01")
    assert [one.code for one in claim.facts.occurrences] == ["A1", "A2", "B1", "B2"]
    assert claim.facts.values == (ValueCode("A2", Decimal("15.31")),)
    assert claim.facts.conditions == ("09",) and claim.diagnoses == ("3669", "4019", "79431")
    assert [(line.revenue_code, line.procedure) for line in claim.lines] == [
        ("0305", "85025"),
        ("0730", "93005"),
    ]
