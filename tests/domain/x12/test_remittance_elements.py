"""Each element of an 835 in its own fact, and what a file leaves that is cut off, joined together or short."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.x12.decode_835 import read_835
from domain.x12.errors import Unreadable
from domain.x12.facts_835 import Party, Transaction835

Own = Callable[[str], bytes]
Read = Callable[..., Transaction835]
CLP, SVC = b"CLP*C-000001-1*1*300*200*50*12*ICN0000001*11*1~", b"SVC*HC:99213:25*200*120**1~"
CAS, PLB = b"CAS*CO*45*50~", b"PLB*1234567893*20261231*L6:C-000001-1*-13.45~"
END = b"SE*33*0001~\nGE*1*101~\nIEA*1*000000101~\n"


@pytest.fixture
def read(own: Own) -> Read:
    """The sample payment with pieces of it replaced."""

    def changed(*changes: tuple[bytes, bytes]) -> Transaction835:
        data = own("interest.835")
        for old, new in changes:
            assert old in data
            data = data.replace(old, new)
        return next(iter(read_835(data)))

    return changed


def test_the_envelope_and_the_head_are_read_element_by_element(read: Read) -> None:
    head = read(
        (b"DTM*405*20261101~", b"DTM*405*20261031~\nDTM*009*20261212~"),
        (b"TRN*1*EFT-000101*1512345678~", b"TRN*1*EFT-000101*1512345678*UNIT 7~"),
    ).header
    assert (head.isa13, head.gs06, head.version) == ("000000101", "101", "005010X221A1")
    assert (head.st02, head.st_ordinal, head.payment_ordinal) == ("0001", 1, 1)
    assert (head.handling, head.credit_debit, head.method, head.supplemental) == ("I", "C", "ACH", "UNIT 7")
    assert (head.production_date, head.payment_day) == (date(2026, 10, 31), date(2026, 11, 1))
    address = ("1 Main Street", "Springfield", "IL", "62701")
    assert head.payer == Party(
        "Northern Health Plan", "XV", "12345", (), address, "Technical desk TE 2175550100"
    )
    assert head.payee == Party("Good Clinic LLC", "XX", "1234567893", (("TJ", "123456789"),))  # type: ignore[arg-type]
    assert head.references == (("EV", "CLINIC"),)


def test_a_short_head_leaves_its_facts_empty(read: Read) -> None:
    payment = read((b"*C*ACH*CCP*01*111000025*DA*1234*1512345678**01*111000025*DA*5678*20261101", b""))
    assert (payment.header.amount_cents, payment.header.payment_date, payment.header.payment_day) == (
        21345,
        "",
        None,
    )
    assert read((b"ST*835*0001~", b"ST*835~")).header.st02 == ""
    assert read((b"LX*1~\n", b"")).header == read().header


def test_parts_that_are_not_told_leave_no_gaps(read: Read) -> None:
    payer = read(
        (b"N4*Springfield*IL*", b"N4*Springfield**"), (b"PER*BL*Technical desk*", b"PER*BL**")
    ).header.payer
    assert payer.address == ("1 Main Street", "Springfield", "62701")
    assert payer.contact == "TE 2175550100"
    nobody = read((b"N1*PE*Good Clinic LLC*XX*1234567893~\nREF*TJ*123456789~\n", b"")).header
    assert nobody.payee == Party()


@pytest.mark.parametrize(
    "change",
    [
        (b"BPR*I*213.45*", b"BPR*I*213.46*"),
        (b"*20261101~\nTRN", b"*20261102~\nTRN"),
        (b"EFT-000101", b"EFT-000102"),
        (b"*1512345678~\nREF", b"*1999999999~\nREF"),
    ],
)
def test_a_payment_counts_its_own_repetitions_alone_in_a_file(change: tuple[bytes, bytes], own: Own) -> None:
    data = own("interest.835")
    assert change[0] in data
    payments = read_835(data + data.replace(*change) + data)
    assert [one.header.payment_ordinal for one in payments] == [1, 1, 2]


@pytest.mark.parametrize(
    ("segment", "facts"),
    [
        (CLP, (5000, "12", "ICN0000001", "11", "1", "")),
        (CLP.replace(b"*11*1~", b"*11*7**470~"), (5000, "12", "ICN0000001", "11", "7", "470")),
        (CLP.replace(b"*11*1~", b"*11*8*X~"), (5000, "12", "ICN0000001", "11", "8", "")),
        (b"CLP*C-000001-1*1*300*200*50~", (5000, "", "", "", "", "")),
        (b"CLP*C-000001-1*1*300*200~", (0, "", "", "", "", "")),
    ],
)
def test_a_claim_is_read_however_much_of_it_is_told(
    segment: bytes, facts: tuple[object, ...], read: Read
) -> None:
    (claim,) = read((CLP, segment)).claims
    assert facts == (
        claim.patient_cents, claim.filing_code, claim.payer_claim_control_number, claim.facility_code,
        claim.frequency, claim.group,
    )  # fmt: skip


def test_names_dates_and_amounts_of_a_claim_keep_their_places(read: Read) -> None:
    (claim,) = read((b"AMT*AU*250~", b"AMT*AU*250~\nQTY*CA*3~")).claims
    assert claim.name("QC") == ("QC", "1", "Doe", "Jane", "Q", "MI", "W000000001")
    assert claim.name("82") == ("82", "1", "Welby", "Marcus", "", "XX", "1987654328")
    assert [(one.qualifier, one.day) for one in claim.dates] == [
        ("232", date(2026, 10, 1)), ("233", date(2026, 10, 1)), ("050", date(2026, 10, 5)),
    ]  # fmt: skip
    assert (claim.amounts, claim.quantities) == ((("AU", 25000), ("I", 1345)), (("CA", "3"),))
    (short,) = read((b"NM1*QC*1*Doe*Jane*Q***MI*W000000001~", b"NM1*QC*1*Doe~")).claims
    assert short.name("QC") == ("QC", "1", "Doe", "", "", "", "")


@pytest.mark.parametrize(
    ("segment", "remarks"),
    [
        (b"MOA*1*2*MA01*N5*N6*N7*N8*9~", ("MA01", "N5", "N6", "N7", "N8")),
        (b"MIA*1***4*MA02***************N20*N21*N22*N23~", ("MA02", "N20", "N21", "N22", "N23")),
        (b"MOA***MA01**N6~", ("MA01", "N6")),
    ],
)
def test_remarks_on_a_claim_are_those_of_its_outpatient_or_inpatient_segment(
    segment: bytes, remarks: tuple[str, ...], read: Read
) -> None:
    (claim,) = read((b"DTM*232*20261001~", segment + b"\nDTM*232*20261001~")).claims
    assert claim.remarks == remarks


@pytest.mark.parametrize(
    ("segment", "adjustments"),
    [
        (b"CAS*CO*45*50*3~", [("45", 5000, "3")]),
        (b"CAS*CO*45*10*1*97*40~", [("45", 1000, "1"), ("97", 4000, "")]),
        (b"CAS*CO*45*30*****97*20*2~", [("45", 3000, ""), ("97", 2000, "2")]),
        (b"CAS*CO*1*1**2*2**3*3**4*4**5*5**6*6*9~", [(str(n), 100 * n, "9" if n == 6 else "") for n in range(1, 7)]),
        (b"CAS*CO*45*30***20~", [("45", 3000, ""), ("", 2000, "")]),
    ],
)  # fmt: skip
def test_every_triple_of_an_adjustment_is_read_and_no_amount_is_left_out(
    segment: bytes, adjustments: list[tuple[str, int, str]], read: Read
) -> None:
    found = read((CAS, segment))
    told = [one for one in found.claims[0].services[0].adjustments if one.group == "CO"]
    assert [tuple(one[1:]) for one in told] == adjustments


@pytest.mark.parametrize("segment", [b"CAS*CO*45~", b"CAS*CO*45*50**97~"])
def test_a_reason_without_an_amount_is_never_taken_as_nothing(segment: bytes, read: Read) -> None:
    with pytest.raises(Unreadable, match="not a number"):
        read((CAS, segment))


@pytest.mark.parametrize(
    ("segment", "facts"),
    [
        (
            b"SVC*HC:99213:25:59:76:77:NOTE*200*120*0300*2*HC:99214*3~",
            ("HC", "99213", ("25", "59", "76", "77"), 12000, "0300", "2", "HC:99214", "3"),
        ),
        (b"SVC*HC:99213::59*200*120**1*HC:99214~", ("HC", "99213", ("59",), 12000, "", "1", "HC:99214", "")),
        (b"SVC*HC*200~", ("HC", "", (), 0, "", "", "", "")),
    ],
)
def test_a_line_is_read_however_much_of_it_is_told(
    segment: bytes, facts: tuple[object, ...], read: Read
) -> None:
    line = read((SVC, segment)).claims[0].services[0]
    assert facts == (
        line.qualifier, line.procedure, line.modifiers, line.paid_cents, line.revenue_code, line.units,
        line.original_procedure, line.original_units,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (b"DTM*472*20261002~", (2, 2)),
        (b"DTM*151*20261004~\nDTM*150*20261002~", (2, 4)),
        (b"DTM*150*20261002~", (2, 2)),
        (b"DTM*050*20261002~", (None, None)),
        (b"DTM*472*20261302~", (None, None)),
    ],
)
def test_a_line_was_rendered_on_its_day_or_from_one_to_another(
    dates: bytes, days: tuple[int | None, int | None], read: Read
) -> None:
    line = read((b"DTM*472*20261001~", dates)).claims[0].services[0]
    assert tuple(day and day.day for day in (line.service_from, line.service_to)) == days


def test_a_claim_begins_on_its_own_day_else_on_that_of_its_earliest_line(read: Read) -> None:
    lines = (b"*120**1~\nDTM*472*20261001~", b"*120**1~\nDTM*472*20261009~")
    assert read(lines, (b"DTM*232*20261001~", b"DTM*232*20261007~")).claims[0].service_from == date(
        2026, 10, 7
    )
    untold = (b"DTM*232*20261001~\n", b"")
    assert read(lines, untold).claims[0].service_from == date(2026, 10, 1)
    dateless = (b"*120**1~\nDTM*472*20261001~\n", b"*120**1~\n")
    assert read(dateless, untold).claims[0].service_from == date(2026, 10, 1)
    assert read((b"DTM*472*20261001~\n", b""), untold).claims[0].service_from is None


def test_a_lines_first_control_number_is_its_own_and_its_references_stay(read: Read) -> None:
    first, second = read((b"REF*6R*L1~", b"REF*LU*11~\nREF*6R*L1~\nREF*6R*L9~")).claims[0].services
    assert (first.control_number, second.control_number) == ("L1", "L2")
    assert first.references == (("LU", "11"), ("6R", "L1"), ("6R", "L9"))
    assert (first.ordinal, second.ordinal, first.segment_number, second.segment_number) == (1, 2, 21, 30)


def test_every_pair_of_the_provider_level_is_read_with_its_place(read: Read) -> None:
    pairs = b"PLB*1234567893*20261231*WO:A:B*5***L6*-18.45**1~"
    found = read((PLB, pairs)).provider_adjustments
    assert [(one.reason, one.reference, one.cents) for one in found] == [
        ("WO", "A:B", 500), ("L6", "", -1845), ("", "", 100),
    ]  # fmt: skip
    assert {(one.provider_id, one.fiscal_period, one.segment_number) for one in found} == {
        ("1234567893", "20261231", 32)
    }
    with pytest.raises(Unreadable, match="not a number"):
        read((PLB, PLB.replace(b"*-13.45", b"")))


def test_segments_of_known_meaning_without_a_fact_are_not_unknown(read: Read) -> None:
    known = b"CUR*PR*USD~\nN2*And sons~\nRDM*BM~\nLX*1~\nTS3*1*11~\nTS2*470~"
    payment = read((b"LX*1~", known))
    assert payment.trailer.unknown == () and payment.header == read().header


def test_a_payment_without_claims_is_a_payment(own: Own) -> None:
    data = own("interest.835")
    before, after = data[: data.index(b"LX*1~")], data[data.index(b"SE*33") :]
    (payment,) = read_835(before + after)
    assert (payment.header.amount_cents, payment.claims, payment.trailer.closed) == (21345, (), True)
    (plain,) = read_835(before + PLB + after)
    assert [one.cents for one in plain.provider_adjustments] == [-1345]


def test_nothing_of_a_claim_is_taken_after_it_has_ended(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read((PLB, b"LX*2~\nCAS*PR*1*7~\n" + PLB))
    assert refused.value.code == "x12_outside_claim"


def test_an_amount_that_is_no_number_is_told_where_it_stands(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read((b"BPR*I*213.45", b"BPR*I*213.4x"))
    assert (refused.value.segment_number, refused.value.segment_id) == (4, "BPR")


@pytest.mark.parametrize("segment", [SVC, b"MOA***MA01~", b"AMT*I*1~", b"QTY*CA*1~", b"LQ*HE*N1~"])
def test_nothing_of_a_claim_is_taken_before_the_first(segment: bytes, read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read((b"LX*1~", segment + b"\nLX*1~"))
    assert (refused.value.code, refused.value.segment_number) == ("x12_outside_claim", 14)


@pytest.mark.parametrize(("start", "count"), [(b"GE*1*101~", 33), (b"IEA*1*", 33), (b"", 0)])
def test_a_payment_that_ends_without_its_trailer_is_cut_off_wherever_it_ends(
    start: bytes, count: int, own: Own
) -> None:
    data = own("interest.835")
    rest = END[END.index(start) :] if start else b""
    (payment,) = read_835(data.replace(END, rest))
    assert (payment.trailer.closed, payment.trailer.segment_count, payment.trailer.claim_count) == (
        False,
        count,
        1,
    )


@pytest.mark.parametrize("start", [b"ISA*", b"GS*", b"ST*"])
def test_what_follows_a_payment_that_was_cut_off_is_a_payment_of_its_own(start: bytes, own: Own) -> None:
    data = own("interest.835")
    first, second = read_835(data.replace(END, b"") + data[data.index(start) :])
    assert (first.trailer.closed, second.trailer.closed) == (False, True)
    assert first.claims == second.claims
    assert (second.header.gs06, second.header.version) == ("101", "005010X221A1")


def test_each_interchange_is_read_by_its_own_delimiters(own: Own) -> None:
    data = own("interest.835")
    other = data.replace(b"*P*:~", b"*P*>~")
    first, second, third = read_835(data + other + data)
    assert [one.claims[0].services[0].procedure for one in (first, second, third)] == ["99213", "", "99213"]
    assert [one.provider_adjustments[0].reason for one in (first, second)] == ["L6", "L6:C-000001-1"]
