"""Claims to 837P and back, with pyx12's guide map as the judge."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.claims.model import Address, Claim, Coverage, Payer, Person, Provider, ServiceLine
from domain.clientele import is_npi
from domain.x12.batch_837p import Batch837P
from domain.x12.check import check
from domain.x12.decode_837 import read_837
from domain.x12.encode_837p import encode_837p
from domain.x12.errors import CannotEncode
from domain.x12.reader import segments

Made = Callable[..., Batch837P]
Judge = Callable[[bytes], str]
WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'-", min_size=2, max_size=12).filter(
    lambda text: text[0].isalpha()
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
NPIS = st.integers(10**8, 2 * 10**8).map(
    lambda stem: next(f"{stem}{digit}" for digit in range(10) if is_npi(f"{stem}{digit}"))
)
ADDRESSES = st.builds(
    Address,
    WORD,
    WORD,
    st.sampled_from(["IL", "OH", "TX"]),
    st.sampled_from(["62704", "432151234"]),
    WORD | st.just(""),
)
PEOPLE = st.builds(
    Person,
    WORD,
    WORD,
    st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    st.sampled_from("FMU"),
    ADDRESSES,
    WORD | st.just(""),
)
PROVIDERS = st.builds(Provider, WORD, WORD, NPIS, st.just(""))
PAYERS = st.builds(
    Payer, WORD, st.sampled_from(["12345", "60054"]), st.sampled_from(["CI", "BL", "MC", "HM"])
)


@st.composite
def lines(draw: st.DrawFn, number: int, diagnoses: int) -> ServiceLine:
    first = draw(DAYS)
    pointers = draw(st.lists(st.integers(1, diagnoses), min_size=1, max_size=4, unique=True))
    return ServiceLine(
        number, draw(st.sampled_from(["99213", "99490", "G0556", "J3301"])), draw(st.integers(0, 10**8)),
        draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(30)])), first,
        draw(st.just(first) | st.dates(first, date(2027, 1, 31))), tuple(pointers),
        draw(st.sampled_from(["11", "02", "12"])), tuple(draw(st.lists(st.sampled_from(["25", "59", "LT"]), max_size=3, unique=True))),
        f"L{number}", draw(WORD | st.just("")),
    )  # fmt: skip


@st.composite
def claims(draw: st.DrawFn, base: Claim, number: int) -> Claim:
    subscriber = draw(PEOPLE)
    relationship = draw(st.sampled_from(["18", "18", "01", "19", "G8"]))
    coverage = Coverage(
        draw(PAYERS), f"W{draw(st.integers(10**8, 10**9))}", subscriber, relationship,
        draw(st.sampled_from("PST")), draw(WORD | st.just("")),
    )  # fmt: skip
    diagnoses = draw(
        st.lists(
            st.sampled_from(["E119", "I10", "J45909", "M5450", "Z00"]), min_size=1, max_size=5, unique=True
        )
    )
    count = draw(st.integers(1, 4))
    frequency = draw(st.sampled_from("178"))
    accident = draw(st.sampled_from(["", "AA", "OA", "EM"]))
    other = Coverage(draw(PAYERS), "O123", draw(PEOPLE), "18", "U")
    return replace(
        base, claim_number=f"C-{number:06d}-1", coverage=coverage,
        patient=subscriber if relationship == "18" else draw(PEOPLE), rendering=draw(st.none() | PROVIDERS),
        referring=draw(st.none() | PROVIDERS), diagnoses=tuple(diagnoses), frequency=frequency,
        payer_claim_control_number="" if frequency == "1" else "ICN0001",
        lines=tuple(draw(lines(at, len(diagnoses))) for at in range(1, count + 1)),
        prior_authorization=draw(st.sampled_from(["", "PA77"])), accident=accident,
        accident_date=draw(DAYS) if accident else None, accident_state="TX" if accident == "AA" else "",
        onset_date=draw(st.none() | DAYS), accepts_assignment=draw(st.booleans()),
        benefits_assigned=draw(st.booleans()), release_of_information=draw(st.sampled_from("YI")),
        place_of_service=draw(st.sampled_from(["11", "02"])),
        other_coverages=draw(st.sampled_from([(), (other,)])),
    )  # fmt: skip


def carried(claim: Claim) -> Claim:
    """What the guide lets an 837P carry: a subscriber who is not the patient, and another payer's, go without some facts."""
    nowhere = Address("", "", "", "")
    coverage = claim.coverage
    if coverage.relationship != "18":
        coverage = replace(
            coverage, subscriber=replace(coverage.subscriber, birth_date=None, sex="", address=nowhere)
        )
    others = tuple(
        replace(other, subscriber=replace(other.subscriber, birth_date=None, sex=""))
        for other in claim.other_coverages
    )
    return replace(claim, coverage=coverage, other_coverages=others)


def decoded(data: bytes) -> dict[str, Claim]:
    return {claim.claim_number: claim for found in read_837(data) for claim in found.claims}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_encoded_is_decoded_alike_passes_pyx12_and_our_own_check(
    data: st.DataObject, claim: Claim, batch_of: Made, pyx12_accepts: Judge
) -> None:
    made = [data.draw(claims(claim, number)) for number in range(data.draw(st.integers(1, 4)))]
    written = encode_837p(batch_of(*made)).data
    assert decoded(written) == {one.claim_number: carried(one) for one in made}
    assert pyx12_accepts(written) == ""
    assert [
        finding for finding in check(written) if finding.severity == "error" and "DAT-003" not in finding.rule
    ] == []


def shapes(claim: Claim, dependent: Claim) -> dict[str, Claim]:
    day = date(2026, 10, 1)
    many = tuple(replace(claim.lines[0], number=at, control_number=f"L{at}") for at in range(1, 51))
    return {
        "subscriber": claim,
        "dependent": dependent,
        "no rendering": replace(claim, rendering=None),
        "rendering is billing": replace(claim, rendering=replace(claim.rendering, npi=claim.billing.npi)),
        "twelve diagnoses": replace(
            claim, diagnoses=(*tuple(f"E11{at}" for at in range(10)), "I10", "J45909")
        ),
        "fifty lines": replace(claim, lines=many),
        "replacement": replace(claim, frequency="7", payer_claim_control_number="ICN1"),
        "void": replace(claim, frequency="8", payer_claim_control_number="ICN1"),
        "car accident": replace(claim, accident="AA", accident_state="IL", accident_date=day),
        "prior authorization": replace(claim, prior_authorization="PA1", onset_date=day),
        "referred": replace(claim, referring=Provider("Ref", "Erer", "1245319599")),
        "second payer": replace(
            claim, other_coverages=(Coverage(Payer("Other Plan", "99999"), "O1", claim.patient, order="S"),)
        ),
        "no taxonomy, no phone": replace(
            claim, billing=replace(claim.billing, taxonomy="", phone="", contact_name="")
        ),
        "accents": replace(
            claim,
            patient=replace(claim.patient, last_name="Núñez~Ö"),
            coverage=replace(claim.coverage, subscriber=replace(claim.patient, last_name="Núñez~Ö")),
        ),
    }


def test_every_shape_of_claim_passes_pyx12_and_our_own_check(
    claim: Claim, dependent: Claim, batch_of: Made, pyx12_accepts: Judge
) -> None:
    for name, one in shapes(claim, dependent).items():
        data = encode_837p(batch_of(one)).data
        assert pyx12_accepts(data) == "", name
        assert check(data) == [], name


def texts(batch: Batch837P) -> list[str]:
    return [segment.text for segment in segments(encode_837p(batch).data)]


def test_claims_are_grouped_under_provider_subscriber_and_patient(
    claim: Claim, dependent: Claim, batch_of: Made
) -> None:
    second = replace(claim, claim_number="C-000003-1")
    sibling = replace(dependent, claim_number="C-000004-1")
    levels = [
        text for text in texts(batch_of(claim, dependent, second, sibling)) if text.startswith(("HL", "CLM"))
    ]
    assert [text.split("*5")[0][:16] for text in levels] == [
        "HL*1**20*1", "HL*2*1*22*0", "CLM*C-000001-1*1", "CLM*C-000003-1*1",
        "HL*3*1*22*1", "HL*4*3*23*0", "CLM*C-000002-1*1", "CLM*C-000004-1*1",
    ]  # fmt: skip


def test_a_subscriber_who_is_not_the_patient_goes_without_address_and_birth_date(
    dependent: Claim, batch_of: Made
) -> None:
    found = texts(batch_of(dependent))
    at = next(place for place, text in enumerate(found) if text.startswith("NM1*IL"))
    assert found[at + 1].startswith("NM1*PR")
    assert "PAT*19" in found


def test_frequency_one_never_carries_the_payers_number(claim: Claim, batch_of: Made) -> None:
    stray = replace(claim, payer_claim_control_number="ICN1")
    assert not any(text.startswith("REF*F8") for text in texts(batch_of(stray)))
    assert "REF*F8*ICN1" in texts(batch_of(replace(stray, frequency="7")))


def test_the_specialty_of_the_rendering_provider_is_told_only_when_it_differs_from_billing(
    claim: Claim, batch_of: Made
) -> None:
    assert "PRV*PE*PXC*207Q00000X" in texts(batch_of(claim))
    same = replace(claim, rendering=replace(claim.rendering, npi=claim.billing.npi))
    assert not any(text.startswith(("NM1*82", "PRV*PE")) for text in texts(batch_of(same)))


def test_a_segment_position_leads_back_to_its_claim(claim: Claim, dependent: Claim, batch_of: Made) -> None:
    batch = batch_of(claim, replace(claim, claim_number="C-000003-1"), dependent)
    encoded = encode_837p(batch)
    body = [segment for segment in segments(encoded.data) if segment.id not in ("ISA", "GS", "GE", "IEA")]
    (one,) = encoded.sets
    assert one.segment_count == len(body)
    current = ""
    for position, segment in enumerate(body, start=1):
        current = segment.get(1) if segment.id == "CLM" else "" if segment.id in ("HL", "SE") else current
        if current:
            assert one.claims_at(position) == (current,)
    child = next(position for position, segment in enumerate(body, start=1) if segment.id == "PAT")
    assert one.claims_at(child) == ("C-000002-1",)
    assert set(one.claims_at(1)) == {"C-000001-1", "C-000002-1", "C-000003-1"}


def test_more_than_five_thousand_claims_go_into_further_sets(claim: Claim, batch_of: Made) -> None:
    many = [replace(claim, claim_number=f"C{number}", lines=claim.lines[:1]) for number in range(5_001)]
    encoded = encode_837p(batch_of(*many))
    assert [(one.st02, one.bht03, len(one.spans)) for one in encoded.sets] == [
        ("0001", "BATCH-17", 5_000),
        ("0002", "BATCH-17-2", 1),
    ]
    assert b"GE*2*17~" in encoded.data


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"claim_number": "X" * 21}, "encode_claim_number"),
        ({"claim_number": "A*B"}, "encode_claim_number"),
        ({"lines": ()}, "encode_lines"),
        ({"diagnoses": ()}, "encode_diagnoses"),
        ({"diagnoses": ("E119",)}, "encode_pointer"),
        ({"frequency": "7"}, "encode_no_original"),
    ],
)
def test_a_claim_that_cannot_be_written_is_refused_by_name(
    change: dict[str, object], code: str, claim: Claim, batch_of: Made
) -> None:
    with pytest.raises(CannotEncode) as refused:
        encode_837p(batch_of(replace(claim, **change)))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_batch_of_mixed_versions_or_repeated_numbers_is_refused(claim: Claim, batch_of: Made) -> None:
    newer = replace(claim.coverage, payer=replace(claim.coverage.payer, version="005010X222A2"))
    with pytest.raises(CannotEncode, match="mixed_versions"):
        encode_837p(batch_of(claim, replace(claim, claim_number="C2", coverage=newer)))
    with pytest.raises(CannotEncode, match="duplicate_number"):
        encode_837p(batch_of(claim, claim))
    with pytest.raises(CannotEncode, match="empty"):
        encode_837p(batch_of())
    with pytest.raises(CannotEncode, match="naive_time"):
        encode_837p(replace(batch_of(claim), created=batch_of(claim).created.replace(tzinfo=None)))


def test_the_version_of_the_payer_is_gs08_and_st03(claim: Claim, batch_of: Made) -> None:
    newer = replace(claim.coverage, payer=replace(claim.coverage.payer, version="005010X222A2"))
    found = texts(batch_of(replace(claim, coverage=newer)))
    assert found[1].endswith("*005010X222A2")
    assert found[2] == "ST*837*0001*005010X222A2"
