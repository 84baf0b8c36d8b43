"""TA1 and 999: what the sandbox says about envelopes and syntax."""

from dataclasses import replace

import pytest

from tests.sandbox.claim_files import SentClaim, claim_file, interchange, transaction
from tests.sandbox.partner import Answers, Partner, Segments

CLAIM = SentClaim("A1", "MEM20")


def pick(file: Segments, *names: str) -> list[str]:
    return ["*".join(segment) for segment in file if segment[0] in names]


def test_a_good_professional_file_gets_a_999_both_277ca_and_an_835(partner: Partner) -> None:
    answers = partner.exchange("good.837", claim_file([CLAIM]))
    assert answers.kinds() == ["277CA_CH", "277CA_PAYER", "835", "999"]
    body = pick(answers.one("999"), "AK1", "AK2", "IK5", "AK9")
    assert body == ["AK1*HC*1*005010X222A1", "AK2*837*0001*005010X222A1", "IK5*A", "AK9*A*1*1*1"]


def test_a_good_institutional_file_is_accepted_and_paid(partner: Partner) -> None:
    answers = partner.exchange("good.837i", claim_file([CLAIM], kind="I"))
    assert "IK5*A" in pick(answers.one("999"), "IK5")
    assert answers.paid()[0][1:5] == ["A1", "1", "160", "128"]
    assert pick(answers.one("835"), "SVC")[0] == "SVC*HC:99213*100*80*0510*1"


def test_a_file_with_other_delimiters_and_line_ends_is_read(partner: Partner) -> None:
    text = claim_file([CLAIM]).replace("^", "!").replace(":", ">").replace("~", "'\r\n").replace("*", "|")
    assert partner.exchange("other.837", text).paid()[0][1] == "A1"


def test_a_dependent_patient_is_accepted_and_named_in_the_835(partner: Partner) -> None:
    answers = partner.exchange("child.837", claim_file([replace(CLAIM, dependent="TIM")]))
    assert "NM1*QC*1*DOE*TIM****MI*MEM20" in pick(answers.one("835"), "NM1")
    assert "NM1*IL*1*DOE*JANE****MI*MEM20" in pick(answers.one("835"), "NM1")


def test_a_ta1_comes_when_it_is_asked_for(partner: Partner) -> None:
    answers = partner.exchange("ack.837", interchange([transaction([CLAIM])], control=77, ack="1"))
    assert pick(answers.one("TA1"), "TA1") == ["TA1*000000077*261101*1200*A*000"]
    assert answers.names("999")


GOOD = claim_file([CLAIM], control=9)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (GOOD.replace("IEA*1*000000009", "IEA*1*000000008"), "R*001"),
        (GOOD.replace("IEA*1*", "IEA*2*"), "R*021"),
        (GOOD[: GOOD.index("IEA")], "R*023"),
        (GOOD[:90], "R*023"),
        (GOOD.replace("*ZZ*SENDER1 ", "*ZZ*SENDER1"), "R*006"),
        (GOOD.replace("*00501*", "*00401*"), "R*017"),
        (GOOD.replace("SENDER1        ", "SOMEBODY       "), "R*006"),
        (GOOD.replace("SANDBOXCH      ", "OTHERHOUSE     "), "R*009"),
        (GOOD.replace("*ZZ*SANDBOXCH", "*QQ*SANDBOXCH"), "R*007"),
        (GOOD.replace("*T*:", "*X*:"), "R*020"),
        (GOOD.replace("GS*HC", "REF*X*Y~GS*HC"), "R*024"),
        ("this is a letter, not an interchange", "R*024"),
        ("", "R*023"),
    ],
)
def test_a_bad_envelope_gets_a_ta1_and_nothing_else(partner: Partner, text: str, verdict: str) -> None:
    answers = partner.exchange("bad.837", text)
    assert answers.kinds() == ["TA1"]
    assert pick(answers.one("TA1"), "TA1")[0].endswith(verdict)


def test_a_doubtful_envelope_is_accepted_with_a_note(partner: Partner) -> None:
    answers = partner.exchange("doubt.837", GOOD.replace("*261101*1200*^", "*261301*1200*^"))
    assert pick(answers.one("TA1"), "TA1")[0].endswith("E*014")
    assert answers.paid()


def test_an_interchange_control_number_is_taken_once_per_sender(partner: Partner) -> None:
    partner.exchange("one.837", claim_file([CLAIM], control=5))
    answers = partner.exchange("two.837", claim_file([replace(CLAIM, number="A2")], control=5))
    assert answers.kinds() == ["TA1"]
    assert pick(answers.one("TA1"), "TA1")[0].endswith("R*025")


def test_a_refused_interchange_may_be_sent_again_with_its_number(partner: Partner) -> None:
    partner.exchange("broken.837", GOOD.replace("IEA*1*", "IEA*2*"))
    assert partner.exchange("mended.837", GOOD).paid()


def errors(answers: Answers) -> list[str]:
    return pick(answers.one("999"), "IK3", "IK4", "CTX")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("PER*IC*PAT SMITH*TE*8005550199~", "", ["IK3*PER*4*1000A*3"]),
        ("N4*SPRINGFIELD*IL*627011234~", "", ["IK3*N4*10*2010AA*3"]),
        ("REF*EI*123456789~", "", ["IK3*REF*10*2010AA*3"]),
        ("NM1*85*2*LAKE CLINIC*****XX*1234567893~N3*1 LAKE STREET~", "", ["IK3*N4*7*2000A*2", "IK3*NM1*28*2010AA*I7"]),
        ("N3*1 LAKE STREET", "N3*PO BOX 7", ["IK3*N3*8*2010AA*8", "IK4*1*166*I12*PO BOX 7"]),
        ("XX*1234567893", "XX*1234567890", ["IK3*NM1*7*2010AA*8", "IK4*9*67*I12*1234567890"]),
        ("XX*1679576722", "XX*1679576720", ["IK3*NM1*20*2310*8", "IK4*9*67*I12*1679576720"]),
        ("SBR*P*", "SBR*Q*", ["IK3*SBR*12*2000B*8", "IK4*1*1138*7*Q"]),
        ("*18*******CI", "*19*******CI", ["IK3*SBR*12*2000B*8", "IK4*2*1069*7*19"]),
        ("11:B:1", "11:B:9", ["IK3*CLM*18*2300*8", "CTX*CLM01:A1", "IK4*5:3*1325*7*9"]),
        ("CLM*A1*160*", "CLM*A1*161*", ["IK3*CLM*18*2300*8", "CTX*CLM01:A1", "IK4*2*782*I12*161"]),
        ("CLM*A1*160*", "CLM*A1*16O*", ["IK3*CLM*18*2300*8", "CTX*CLM01:A1", "IK4*2*782*6*16O"]),
        ("CLM*A1*", "CLM*A123456789012345678901*", ["IK4*1*1028*5*A123456789012345678901"]),
        ("HI*ABK:E119", "HI*ABK:E11.9", ["IK3*HI*19*2300*8", "IK4*1:2*1271*I12*E11.9"]),
        ("HI*ABK:E119~", "", ["IK3*HI*19*2300*3"]),
        ("*UN*1***1~DTP", "*UN*1***2~DTP", ["IK3*SV1*23*2400*8", "IK4*7*1328*7*2"]),
        ("SV1*HC:99213:25*100", "SV1*XX:99213:25*100", ["IK4*1:1*235*7*XX"]),
        ("DTP*472*D8*20261005~REF*6R*A1L1", "DTP*472*D8*20261305~REF*6R*A1L1", ["IK3*DTP*24*2400*8", "IK4*3*1251*8*20261305"]),
        ("DTP*472*D8*20261005~REF*6R*A1L1", "REF*6R*A1L1", ["IK3*DTP*25*2400*3"]),
        ("LX*2", "LX*3", ["IK3*LX*26*2400*8", "IK4*1*554*I12*3"]),
        ("DMG*D8*19700102*F~", "", ["IK3*DMG*13*2010BA*I6"]),
        ("HL*2*1*22*0", "HL*2*1*22*1", ["IK3*HL*11*2000B*8", "IK4*4*736*I12*1"]),
        ("HL*2*1*22*0", "HL*2*7*22*0", ["IK4*2*734*I12*7"]),
        ("HL*2*1*22*0", "HL*3*1*22*0", ["IK4*1*628*I12*3"]),
        ("LX*1~", "ZZZ*1~LX*1~", ["IK3*ZZZ*22*2310*1"]),
        ("LX*1~", "SV2*0510*HC:99213*1*UN*1~LX*1~", ["IK3*SV2*22*2310*2"]),
        ("LX*1~", "HI*ABF:E119~LX*1~", ["IK3*HI*22*2310*7"]),
    ],
)  # fmt: skip
def test_a_syntax_error_is_named_by_segment_element_and_code(
    partner: Partner, old: str, new: str, told: list[str]
) -> None:
    text = claim_file([CLAIM])
    start = text.index("ST*")
    body = text[start:].replace(old, new, 1)
    assert body != text[start:]
    count = body[: body.index("~GE")].count("~")
    body = body.replace("SE*30*", f"SE*{count + 1}*")
    answers = partner.exchange("bad.837", text[:start] + body)
    assert answers.kinds() == ["999"]
    assert [one for one in told if one not in errors(answers)] == [], errors(answers)
    assert pick(answers.one("999"), "AK9") == ["AK9*R*1*1*0"]
    assert pick(answers.one("999"), "IK5")[0].startswith("IK5*R*")


def test_what_can_be_lived_with_is_accepted_with_errors(partner: Partner) -> None:
    answers = partner.exchange("short.837", claim_file([CLAIM]).replace("*627011234", "*62701"))
    assert pick(answers.one("999"), "IK3", "IK4", "IK5", "AK9") == [
        "IK3*N4*9*2010AA*8", "IK4*3*116*I12*62701", "IK5*E*5", "AK9*A*1*1*1",
    ]  # fmt: skip
    assert answers.paid()


def test_one_bad_set_among_good_ones_makes_the_group_partly_accepted(partner: Partner) -> None:
    claims = [replace(CLAIM, number=f"P{n}") for n in range(3)]
    sets = [transaction([claim], number=f"{n:04d}", batch=f"B{n}") for n, claim in enumerate(claims, start=1)]
    text = interchange(sets).replace("CLM*P1*160*", "CLM*P1*999*")
    answers = partner.exchange("partly.837", text)
    body = pick(answers.one("999"), "IK5", "AK9")
    assert body == ["IK5*A", "IK5*R*I5", "IK5*A", "AK9*P*3*3*2"]
    assert [row[1] for row in answers.paid()] == ["P0", "P2"]
    assert [s[2] for s in answers.one("277CA_CH") if s[0] == "TRN" and s[1] == "2" and s[2][0] == "B"] == [
        "B1",
        "B3",
    ]


@pytest.mark.parametrize(
    ("old", "new", "ik5", "ak9"),
    [
        ("SE*30*0001", "SE*29*0001", "IK5*R*4", "AK9*R*1*1*0"),
        ("SE*30*0001", "SE*30*0002", "IK5*R*3", "AK9*R*1*1*0"),
        ("SE*30*0001~", "", "IK5*R*2", "AK9*R*1*1*0"),
        ("GE*1*1", "GE*2*1", "IK5*A", "AK9*R*2*1*0*5"),
        ("GE*1*1", "GE*1*2", "IK5*A", "AK9*R*1*1*0*4"),
        ("GE*1*1~", "", "IK5*A", "AK9*R*1*1*0*3"),
        ("*X*005010X222A1", "*X*005010X999", "IK5*R*I6", "AK9*R*1*1*0*2"),
    ],
)
def test_wrong_counts_and_trailers_are_refused(
    partner: Partner, old: str, new: str, ik5: str, ak9: str
) -> None:
    answers = partner.exchange("counts.837", claim_file([CLAIM]).replace(old, new))
    assert pick(answers.one("999"), "IK5", "AK9") == [ik5, ak9]
    assert answers.kinds() == ["999"]


def test_two_sets_of_the_same_number_are_both_refused(partner: Partner) -> None:
    sets = [transaction([replace(CLAIM, number=n)]) for n in ("N1", "N2")]
    answers = partner.exchange("same.837", interchange(sets))
    assert pick(answers.one("999"), "IK5", "AK9") == ["IK5*R*23", "IK5*R*23", "AK9*R*2*2*0"]
