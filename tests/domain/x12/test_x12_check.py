"""What is found wrong in a file, where, and what is left alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.claims.model import Claim
from domain.x12.batch_837p import Batch837P
from domain.x12.check import Finding, check
from domain.x12.check.findings import MOST_FINDINGS
from domain.x12.encode_837p import encode_837p
from domain.x12.errors import Unreadable

Own = Callable[[str], bytes]
OWN_FILES = [
    "coordination.837",
    "stay.837i",
    "accepted.ta1",
    "interest.835",
    "reversal-and-correction.835",
    "partial.999",
    "line-level.277ca",
    "replacement.837",
]
# Published guide examples without a fault of their own.
GUIDE_EXAMPLES = [
    "demo-file__demo.835",
    "demo-file__demo.837",
    "src__tests__resources__837_005010X222A2__demo.autoaccident.837",
    "src__tests__resources__837_005010X222A2__demo.cob.example3.B.837",
    "src__tests__resources__837_005010X222A2__demo.cob.example3.C.837",
    "src__tests__resources__837_005010X222A2__demo.drug.example10.1.837",
    "src__tests__resources__837_005010X222A2__demo.drug.example10.2.837",
    "src__tests__resources__837_005010X222A2__demo.drug.example10.3.837",
    "src__tests__resources__837_005010X222A2__demo.example1.837",
    "src__tests__resources__837_005010X222A2__demo.example2.837",
    "src__tests__resources__837_005010X222A2__demo.example7.837",
    "src__tests__resources__837_005010X222A2__demo.example8.837",
    "src__tests__resources__837_005010X223A3__two-claims-single-provider.837i",
]
PROFESSIONAL, REMITTANCE, STATUS, ANSWER = (
    "replacement.837",
    "interest.835",
    "line-level.277ca",
    "partial.999",
)
INSTITUTIONAL = "src__tests__resources__837_005010X223A3__two-claims-single-provider.837i"


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


@pytest.mark.parametrize("name", OWN_FILES)
def test_a_sound_file_has_no_findings(name: str, own: Own) -> None:
    assert check(own(name)) == []


@pytest.mark.parametrize("name", GUIDE_EXAMPLES)
def test_published_guide_examples_raise_no_error(name: str, samples: Path) -> None:
    assert errors(check((samples / "linuxforhealth-x12" / name).read_bytes())) == []


def test_lower_case_and_other_delimiters_are_no_fault(own: Own) -> None:
    data = own(PROFESSIONAL).replace(b"*", b"|").replace(b":", b">").replace(b"~\n", b"'")
    assert check(data) == []


def test_an_unknown_reason_code_is_at_most_a_warning(own: Own) -> None:
    assert check(own(REMITTANCE).replace(b"CAS*PR*999*20", b"CAS*PR*998*20")) == []
    (finding,) = check(own(REMITTANCE).replace(b"CAS*PR*999*20", b"CAS*PR*QQ9*20"))
    assert (finding.rule, finding.severity) == ("R835-CAS-001", "warning")


PLANTED = [
    # envelope
    (PROFESSIONAL, "IEA*1*000000401~", "IEA*1*000000401", "X12-ENV-012", "IEA", ""),
    (PROFESSIONAL, "IEA*1*000000401", "IEA*1*000000402", "X12-ENV-003", "IEA", "02"),
    (PROFESSIONAL, "IEA*1*", "IEA*2*", "X12-ENV-004", "IEA", "01"),
    (PROFESSIONAL, "IEA*1*000000401~\n", "", "X12-ENV-002", "ISA", ""),
    (PROFESSIONAL, "GE*1*401", "GE*1*402", "X12-ENV-006", "GE", "02"),
    (PROFESSIONAL, "GE*1*401", "GE*2*401", "X12-ENV-007", "GE", "01"),
    (PROFESSIONAL, "GE*1*401~\n", "", "X12-ENV-005", "GS", ""),
    (PROFESSIONAL, "SE*33*0001", "SE*32*0001", "X12-ENV-010", "SE", "01"),
    (PROFESSIONAL, "SE*33*0001", "SE*33*0002", "X12-ENV-009", "SE", "02"),
    (PROFESSIONAL, "SE*33*0001~\n", "", "X12-ENV-008", "ST", ""),
    (PROFESSIONAL, "*0800*^*00501", "*0860*^*00501", "X12-ENV-013", "ISA", "10"),
    (PROFESSIONAL, "*00501*", "*00401*", "X12-ENV-018", "ISA", "12"),
    (PROFESSIONAL, "ST*837*0001*005010X222A1", "ST*837*0001*005010X222A2", "X12-ENV-016", "ST", "03"),
    (PROFESSIONAL, "GS*HC*", "GS*HP*", "X12-ENV-015", "ST", "01"),
    (PROFESSIONAL, "GS*HC*BILLINGCO*CLEARING*20261121", "GS*HC*BILLINGCO*CLEARING*20261131", "X12-ENV-014", "GS", "04"),
    (PROFESSIONAL, "GE*1*401", "N3*stray~\nGE*1*401", "X12-ENV-011", "N3", ""),
    # segments and elements
    (PROFESSIONAL, "N3*12 Elm St", "n3*12 Elm St", "X12-SEG-001", "n3", ""),
    (PROFESSIONAL, "N3*12 Elm St", "ZZZ*12 Elm St", "X12-SEG-004", "ZZZ", ""),
    (PROFESSIONAL, "N3*12 Elm St", "N3*12 Elm St\x07", "X12-ELM-001", "N3", "01"),
    (PROFESSIONAL, "N3*12 Elm St", "N3*12 Élm St", "X12-ELM-002", "N3", "01"),
    (PROFESSIONAL, "N3*12 Elm St", "N3*" + "E" * 56, "X12-ELM-003", "N3", "01"),
    (PROFESSIONAL, "N4*Springfield*IL*62704", "N4*Springfield*I*62704", "X12-ELM-004", "N4", "02"),
    (PROFESSIONAL, "CLM*C-000001-2*300*", "CLM*C-000001-2*3OO*", "X12-ELM-006", "CLM", "02"),
    (PROFESSIONAL, "DTP*472*D8*20261001", "DTP*472*D8*20260931", "P837-DAT-001", "DTP", "03"),
    (PROFESSIONAL, "20261001-20261002", "20261003-20261002", "P837-DAT-002", "DTP", "03"),
    (PROFESSIONAL, "DMG*D8*19700203", "DMG*D8*19700230", "P837-DAT-001", "DMG", "02"),
    (PROFESSIONAL, "DMG*D8*19700203", "DMG*D8*20261002", "P837-DAT-003", "LX", ""),
    (REMITTANCE, "*5678*20261101", "*5678*20261131", "X12-ELM-007", "BPR", "16"),
    # structure
    (PROFESSIONAL, "N4*Springfield*IL*627010001~\n", "", "P837-STR-003", "NM1", ""),
    (PROFESSIONAL, "NM1*PR*2*Northern Health Plan*****PI*12345~\n", "", "P837-STR-003", "HL", ""),
    (PROFESSIONAL, "HI*ABK:I10~\n", "", "P837-STR-003", "CLM", ""),
    (PROFESSIONAL, "LX*1~\nSV1*HC:99211", "SV1*HC:99211", "P837-STR-003", "SV1", ""),
    (PROFESSIONAL, "REF*EI*123456789", "REF*EI*123456789~\nREF*EI*123456789", "P837-STR-004", "REF", ""),
    (PROFESSIONAL, "REF*6R*L1~\nSE", "REF*6R*L1~\nREF*6R*L2~\nSE", "P837-STR-004", "REF", "01"),
    (PROFESSIONAL, "REF*6R*L1~\nSE", "REF*6R*L1~\nDTP*471*D8*20261001~\nSE", "P837-STR-002", "DTP", ""),
    (PROFESSIONAL, "DMG*D8*19700203*F", "DMG*D8*19700203*F~\nPLB*1*2", "X12-SEG-004", "PLB", ""),
    (PROFESSIONAL, "REF*EI*123456789", "REF*QQ*123456789", "P837-COD-001", "REF", "01"),
    # guide
    (PROFESSIONAL, "Health Plan*****PI*12345", "Health Plan", "P837-REQ-001", "NM1", "09"),
    (PROFESSIONAL, "SBR*P*18*******CI", "SBR*P*18*******QQ", "P837-COD-001", "SBR", "09"),
    (PROFESSIONAL, "11:B:7*Y*A*Y*Y", "11:B:7*Y*Q*Y*Y", "P837-COD-001", "CLM", "07"),
    (PROFESSIONAL, "11:B:7*Y", "11:A:7*Y", "P837-COD-001", "CLM", "05-2"),
    # across segments
    (PROFESSIONAL, "XX*1234567893", "XX*1234567890", "P837-NPI-001", "NM1", "09"),
    (PROFESSIONAL, "CLM*C-000001-2*300*", "CLM*C-000001-2*300.01*", "P837-CLM-001", "CLM", "02"),
    (PROFESSIONAL, "REF*F8*ICN0000001~\n", "", "P837-CLM-002", "CLM", "05-3"),
    (PROFESSIONAL, "11:B:7", "11:B:1", "P837-CLM-003", "REF", "01"),
    (PROFESSIONAL, "11:B:8*Y*A*Y*Y", "11:B:8*Y*A*Y*Y**AA", "P837-CLM-006", "CLM", "11-4"),
    (PROFESSIONAL, "HL*2*1*22*0", "HL*3*1*22*0", "P837-HL-001", "HL", "01"),
    (PROFESSIONAL, "HL*2*1*22*0", "HL*2*9*22*0", "P837-HL-002", "HL", "02"),
    (PROFESSIONAL, "HL*2*1*22*0", "HL*2*1*22*1", "P837-HL-003", "HL", "04"),
    (PROFESSIONAL, "UN*1***1:2", "UN*1***1:3", "P837-LIN-002", "SV1", "07-2"),
    (PROFESSIONAL, "LX*1~\nSV1*HC:99211", "LX*2~\nSV1*HC:99211", "P837-LIN-001", "LX", "01"),
    (PROFESSIONAL, "HC:99211*45.5*UN*1", "HC:99211*45.5*UN*0", "P837-LIN-006", "SV1", "04"),
    (PROFESSIONAL, "HC:99211", "HC:9921", "P837-LIN-007", "SV1", "01-2"),
    (PROFESSIONAL, "ABF:I10", "ABF:I10.9", "P837-DX-001", "HI", "02-2"),
    (PROFESSIONAL, "ABK:E119*ABF:I10", "BK:25000*BF:4019", "P837-DX-002", "HI", ""),
    (PROFESSIONAL, "DMG*D8*19700203*F~\n", "", "P837-SUB-001", "HL", ""),
    (PROFESSIONAL, "N3*12 Elm St~\n", "", "P837-SUB-002", "HL", ""),
    (PROFESSIONAL, "SBR*P*18*", "SBR*P**", "P837-SUB-004", "CLM", ""),
    # money
    (REMITTANCE, "*200*120**1", "*200*119**1", "R835-BAL-001", "SVC", "03"),
    (REMITTANCE, "*1*300*200*50", "*1*300*201*50", "R835-BAL-002", "CLP", "04"),
    (REMITTANCE, "BPR*I*213.45", "BPR*I*213.46", "R835-BAL-003", "BPR", "02"),
    (REMITTANCE, "CAS*CO*45*50", "CAS*CO*45*5O", "R835-BAL-006", "CAS", ""),
    (REMITTANCE, "CAS*CO*45*50", "CAS*CR*45*50", "R835-COD-001", "CAS", "01"),
    (REMITTANCE, "CLP*C-000001-1*1*", "CLP*C-000001-1*99*", "R835-COD-001", "CLP", "02"),
    (REMITTANCE, "LX*1~\n", "", "R835-STR-003", "CLP", ""),
    (REMITTANCE, "XX*1234567893", "XX*1234567894", "R835-NPI-001", "N1", "04"),
    (REMITTANCE, "L6:C-000001-1", "QQ:C-000001-1", "R835-COD-001", "PLB", "03-1"),
    (REMITTANCE, "BPR*I*213.45*C*ACH", "BPR*I*213.45*C*NON", "R835-BPR-002", "BPR", "04"),
    # acknowledgments
    (STATUS, "STC*A2:20:PR", "STC*F2:20:PR", "C277-STC-001", "STC", "01-1"),
    (STATUS, "HL*4*3*PT", "HL*4*2*PT", "C277-HL-002", "HL", "02"),
    (STATUS, "TRN*2*C-000001-1~\n", "", "C277-STR-003", "STC", ""),
    (STATUS, "DTP*472*D8*20261002", "DTP*472*D8*20261302", "C277-DAT-001", "DTP", "03"),
    (ANSWER, "AK9*P*3*3*2", "AK9*P*3*3*1", "A999-CNT-003", "AK9", "04"),
    (ANSWER, "AK9*P*3*3*2", "AK9*A*3*3*2", "A999-AK9-001", "AK9", "01"),
    (ANSWER, "IK5*E*5", "IK5*Q*5", "A999-COD-001", "IK5", "01"),
    (ANSWER, "IK5*A~\n", "", "A999-CNT-001", "ST", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "rule", "segment", "element"), PLANTED)
def test_a_planted_fault_is_found_at_its_place(
    name: str, old: str, new: str, rule: str, segment: str, element: str, own: Own
) -> None:
    text = own(name).decode()
    assert old in text
    found = check(text.replace(old, new).encode("latin-1"))
    assert (rule, segment, element) in {(one.rule, one.segment, one.element) for one in errors(found)}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("CLM*756048Q*89.95", "CLM*756048Q*89.96", "I837-CLM-001"),
        (
            "DTP*434*RD8*20050315-20050315",
            "DTP*434*RD8*20050315-20050315~DTP*434*D8*20050315",
            "I837-STR-004",
        ),
        ("CL1*1**01~", "", "I837-STR-003"),
        ("HI*BK:3669~", "", "I837-STR-003"),
        ("NM1*71*1*JONES*JOHN*J", "NM1*7Q*1*JONES*JOHN*J", "I837-COD-001"),
        ("13:A:1", "13:B:1", "I837-COD-001"),
    ],
)
def test_faults_of_institutional_claims_are_found(old: str, new: str, rule: str, samples: Path) -> None:
    text = (samples / "linuxforhealth-x12" / INSTITUTIONAL).read_text()
    assert old in text
    assert rule in {one.rule for one in errors(check(text.replace(old, new, 1).encode()))}


def test_balances_of_other_payers_are_proved(samples: Path) -> None:
    name = "linuxforhealth-x12/src__tests__resources__837_005010X222A2__demo.cob.example3.B.837"
    text = (samples / name).read_text()
    line = {one.rule for one in check(text.replace("CAS*CO*42*3.00", "CAS*CO*42*2.00").encode())}
    assert {"P837-COB-001", "P837-COB-002"} <= line
    assert "P837-COB-002" in {one.rule for one in check(text.replace("AMT*D*39.15", "AMT*D*39.16").encode())}


def test_a_made_up_npi_is_a_warning_in_a_test_interchange(own: Own) -> None:
    data = own(PROFESSIONAL).replace(b"XX*1234567893", b"XX*1234567890").replace(b"*0*P*:", b"*0*T*:")
    assert [(one.rule, one.severity) for one in check(data)] == [("P837-NPI-001", "warning")]


def test_a_child_level_that_is_not_announced_is_found(
    dependent: Claim, batch_of: Callable[..., Batch837P]
) -> None:
    data = encode_837p(batch_of(dependent)).data
    assert "P837-HL-004" in {one.rule for one in check(data.replace(b"HL*2*1*22*1", b"HL*2*1*22*0"))}
    assert "P837-SUB-003" in {one.rule for one in check(data.replace(b"SBR*P**", b"SBR*P*18*"))}


def test_repeated_control_numbers_are_found(own: Own) -> None:
    data = own(PROFESSIONAL)
    assert [one.rule for one in errors(check(data + data))] == ["X12-ENV-017"]


def test_an_old_version_is_an_error_and_another_transaction_a_warning(samples: Path, own: Own) -> None:
    old = check((samples / "pyx12/x12testdata.mult_isa.source.txt").read_bytes())
    assert {"X12-ENV-018"} == {one.rule for one in errors(old)}
    other = (
        own(PROFESSIONAL)
        .replace(b"ST*837", b"ST*834")
        .replace(b"GS*HC", b"GS*BE")
        .replace(b"X222A1", b"X220A1")
    )
    assert [(one.rule, one.severity) for one in check(other)] == [("X12-ENV-021", "warning")]


def test_findings_come_in_file_order_and_never_without_end(
    claim: Claim, batch_of: Callable[..., Batch837P]
) -> None:
    many = [replace(claim, claim_number=f"C{number}") for number in range(1_200)]
    data = encode_837p(batch_of(*many)).data.replace(b"*UN*", b"*QQ*")
    found = check(data)
    assert len(found) == MOST_FINDINGS + 1
    assert found[0].rule == "X12-LIM-001"
    assert [one.segment_number for one in found] == sorted(one.segment_number for one in found)


def test_messages_carry_no_names_or_ids_of_people(own: Own) -> None:
    data = own(PROFESSIONAL).replace(
        b"NM1*IL*1*Doe*Jane*Q***MI*W000000001", b"NM1*IL*9*Doe*Jane*Q*x*y*QQ*W000000001"
    )
    told = " ".join(one.message for one in check(data))
    assert told
    assert not any(word in told for word in ("Doe", "Jane", "W000000001", "19700203"))


def test_components_separated_by_an_undeclared_sign_are_explained(own: Own) -> None:
    found = check(own(REMITTANCE).replace(b"SVC*HC:99490", b"SVC*HC>99490"))
    assert ("X12-SEG-005", "SVC", "01") in {(one.rule, one.segment, one.element) for one in found}


def test_what_is_not_x12_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        check(b"hello")
