"""Every scenario, chosen by the last two digits of the member id, walked through real SFTP."""

from dataclasses import replace
from decimal import Decimal

import oxedi
import pytest

from sandbox.scenarios import SCENARIOS, scenario_of
from tests.sandbox.claim_files import SentClaim, claim_file
from tests.sandbox.partner import Answers, Partner, Segments

PAYER_TWO_NPI = "1679576722"


def send(partner: Partner, control: int, *claims: SentClaim) -> Answers:
    return partner.exchange(f"file{control}.837", claim_file(list(claims), control=control))


def services(file: Segments, number: str) -> list[list[str]]:
    """SVC and what follows it, for one CLP01."""
    inside, found = False, []
    for segment in file:
        if segment[0] in ("CLP", "PLB", "SE"):
            inside = segment[0] == "CLP" and segment[1] == number
        elif inside and segment[0] in ("SVC", "CAS", "REF", "AMT", "LQ", "DTM"):
            found.append("*".join(segment))
    return found


def total(answers: Answers) -> list[str]:
    return [segment[2] for file in answers.of("835") for segment in file if segment[0] == "BPR"]


def adjustments(answers: Answers) -> list[list[str]]:
    return [segment for file in answers.of("835") for segment in file if segment[0] == "PLB"]


def test_every_scenario_is_chosen_by_the_last_two_digits() -> None:
    assert [scenario_of(f"W12345{n:02d}").key for n in range(20)] == [f"{n:02d}" for n in range(20)]
    assert scenario_of("W1234577").name == scenario_of("WXYZ").name == "contractual"
    assert scenario_of("W1234590").name == "accepted_only"
    assert len(SCENARIOS) == 22


def test_any_other_ending_is_paid_by_contract(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM55"))
    assert answers.paid()[0][1:6] == ["C1", "1", "160", "128", ""]
    assert answers.statuses("277CA_CH") == {"C1": ["A2:20"]}
    assert answers.statuses("277CA_PAYER") == {"C1": ["A2:20:PR"]}
    assert answers.control_numbers()["C1"] == answers.paid()[0][7]
    assert services(answers.one("835"), "C1")[:8] == [
        "DTM*232*20261005", "DTM*233*20261005", "SVC*HC:99213:25*100*80**1", "DTM*472*20261005", "CAS*CO*45*20",
        "REF*6R*C1L1", "AMT*B6*80", "SVC*HC:99213:25*60*48**1",
    ]  # fmt: skip


def test_00_is_paid_in_full(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM00"))
    assert answers.paid()[0][3:6] == ["160", "160", ""]
    assert not [segment for segment in answers.one("835") if segment[0] == "CAS"]


def test_01_leaves_deductible_coinsurance_and_copay_to_the_patient(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM01"))
    assert answers.paid()[0][3:6] == ["160", "90.4", "37.6"]
    told = services(answers.one("835"), "C1")
    assert "CAS*PR*1*8**2*16**3*4" in told
    assert "CAS*PR*2*9.6" in told


@pytest.mark.parametrize(
    ("ending", "reason", "remark"),
    [("02", "16", "N290"), ("03", "50", "N115"), ("04", "29", ""), ("05", "197", "")],
)
def test_denials_pay_nothing_and_name_the_reason(
    partner: Partner, ending: str, reason: str, remark: str
) -> None:
    answers = send(partner, 1, SentClaim("C1", f"MEM{ending}"))
    assert answers.paid()[0][2:5] == ["1", "160", "0"]
    told = services(answers.one("835"), "C1")
    assert f"CAS*CO*{reason}*100" in told
    assert f"CAS*CO*{reason}*60" in told
    assert [one for one in told if one.startswith("LQ")] == ([f"LQ*HE*{remark}"] * 2 if remark else [])
    assert answers.one("835")[3][1:5] == ["H", "0", "C", "NON"]


def test_06_is_partly_denied_and_its_correction_brings_a_reversal_and_full_payment(partner: Partner) -> None:
    first = send(partner, 1, SentClaim("C1", "MEM06"))
    assert first.paid()[0][3:5] == ["160", "80"]
    assert "CAS*CO*16*60" in services(first.one("835"), "C1")
    original = first.control_numbers()["C1"]
    second = send(partner, 2, SentClaim("C2", "MEM06", frequency="7", original=original))
    reversal, correction = second.paid()
    assert reversal[1:8] == ["C1", "22", "-160", "-80", "", "15", original]
    assert correction[1:5] == ["C2", "1", "160", "128"]
    assert correction[7] == second.control_numbers()["C2"] != original
    turned = services(second.one("835"), "C1")
    assert "CAS*CO*45*-20" in turned
    assert "CAS*CO*16*-60" in turned
    assert total(second) == ["48"]


@pytest.mark.parametrize(("ending", "paid"), [("02", "128"), ("05", "128"), ("03", "0"), ("04", "0")])
def test_a_correction_is_paid_where_a_correction_can_help(partner: Partner, ending: str, paid: str) -> None:
    first = send(partner, 1, SentClaim("C1", f"MEM{ending}"))
    original = first.control_numbers()["C1"]
    second = send(partner, 2, SentClaim("C2", f"MEM{ending}", frequency="7", original=original))
    assert [row[1:5] for row in second.paid()] == [["C1", "22", "-160", "0"], ["C2", "1", "160", paid]]


def test_a_void_only_reverses_and_carries_the_negative_balance_forward(partner: Partner) -> None:
    first = send(partner, 1, SentClaim("C1", "MEM55"))
    original = first.control_numbers()["C1"]
    second = send(partner, 2, SentClaim("C2", "MEM55", frequency="8", original=original))
    assert [row[1:5] for row in second.paid()] == [["C1", "22", "-160", "-128"]]
    assert total(second) == ["0"]
    assert adjustments(second)[0][3].startswith("FB:")
    assert adjustments(second)[0][4] == "-128"
    third = send(partner, 3, SentClaim("C3", "MEM55", charges=(500,)))
    assert third.paid()[0][4] == "400"
    assert total(third) == ["272"]
    assert adjustments(third)[0][4] == "128"


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_correction_without_a_known_original_is_rejected_by_the_payer(
    partner: Partner, frequency: str
) -> None:
    known = send(partner, 1, SentClaim("C0", "MEM55")).control_numbers()["C0"]
    bad = [
        SentClaim("C1", "MEM55", frequency=frequency),
        SentClaim("C2", "MEM55", frequency=frequency, original="NOSUCHNUMBER"),
        SentClaim("C3", "MEM55", frequency=frequency, original=known, payer="PAYER02"),
    ]
    answers = send(partner, 2, *bad)
    unknown = ["A3:35", "A7:464"]
    assert answers.statuses("277CA_PAYER") == {"C1": ["A7:464"], "C2": unknown, "C3": unknown}
    assert not answers.names("835")


def test_a_replaced_claim_cannot_be_replaced_again_but_its_correction_can(partner: Partner) -> None:
    original = send(partner, 1, SentClaim("C1", "MEM06")).control_numbers()["C1"]
    second = send(partner, 2, SentClaim("C2", "MEM06", frequency="7", original=original))
    again = send(partner, 3, SentClaim("C3", "MEM06", frequency="7", original=original))
    assert again.statuses("277CA_PAYER") == {"C3": ["A3:35", "A7:464"]}
    newest = second.control_numbers()["C2"]
    last = send(partner, 4, SentClaim("C4", "MEM06", frequency="8", original=newest))
    assert last.paid()[0][1:5] == ["C2", "22", "-160", "-128"]


def test_07_is_rejected_by_the_clearinghouse_once_and_its_resubmission_is_paid(partner: Partner) -> None:
    first = send(partner, 1, SentClaim("C1", "MEM07"))
    assert first.statuses("277CA_CH") == {"C1": ["A3:21", "A7:562:85"]}
    assert first.kinds() == ["277CA_CH", "999"]
    second = send(partner, 2, SentClaim("C2", "MEM07", charges=(120, 60)))
    assert second.paid()[0][1:5] == ["C2", "1", "180", "144"]
    another = send(partner, 3, SentClaim("C3", "MEM07"))
    assert another.statuses("277CA_CH") == {"C3": ["A3:21", "A7:562:85"]}


def test_08_is_rejected_by_the_payer_once_and_its_resubmission_is_paid(partner: Partner) -> None:
    first = send(partner, 1, SentClaim("C1", "MEM08"))
    assert first.statuses("277CA_CH") == {"C1": ["A2:20"]}
    assert first.statuses("277CA_PAYER") == {"C1": ["A7:33:IL", "A3:21"]}
    assert first.control_numbers() == {}
    assert not first.names("835")
    assert send(partner, 2, SentClaim("C2", "MEM08")).paid()[0][1] == "C2"


def test_09_is_silent_after_the_999(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM09"), SentClaim("C2", "MEM55"))
    assert list(answers.statuses("277CA_CH")) == list(answers.statuses("277CA_PAYER")) == ["C2"]
    assert [row[1] for row in answers.paid()] == ["C2"]
    assert send(partner, 2, SentClaim("C3", "MEM09")).kinds() == ["999"]


def test_11_is_paid_then_reversed_and_corrected_in_another_file(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM11"))
    assert [row[1:5] for row in answers.paid()] == [
        ["C1", "1", "160", "128"], ["C1", "22", "-160", "-128"], ["C1", "1", "160", "144"],
    ]  # fmt: skip
    assert total(answers) == ["128", "16"]


def test_12_is_taken_back_by_the_next_835_to_the_same_provider(partner: Partner) -> None:
    first = send(partner, 1, SentClaim("C1", "MEM12"))
    assert total(first) == ["128"]
    number = first.control_numbers()["C1"]
    elsewhere = send(
        partner, 2, SentClaim("C2", "MEM55", payee=PAYER_TWO_NPI), SentClaim("C3", "MEM55", payer="P2")
    )
    assert adjustments(elsewhere) == []
    small = send(partner, 3, SentClaim("C4", "MEM55", charges=(100,)))
    assert adjustments(small)[0][3:5] == [f"WO:{number}", "80"]
    assert total(small) == ["0"]
    rest = send(partner, 4, SentClaim("C5", "MEM55"))
    assert adjustments(rest)[0][3:5] == [f"WO:{number}", "48"]
    assert adjustments(send(partner, 5, SentClaim("C6", "MEM55"))) == []


def test_13_brings_its_835_twice_under_different_names(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM13"), SentClaim("C2", "MEM55"))
    one, again = (name for name in answers.names("835") if b"C1" in answers.files[name])
    assert answers.files[one] == answers.files[again]
    assert b"C2" not in answers.files[one]


def test_14_is_out_of_balance_by_three_cents_and_alone(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM14"), SentClaim("C2", "MEM14"), SentClaim("C3", "MEM55"))
    spoiled = [one for one in answers.files.values() if oxedi.parse(one).diagnostics and b"CLP*" in one]
    assert len(spoiled) == 2
    for one in spoiled:
        assert one.count(b"CLP*") == 1
        assert "off by 0.03" in str(oxedi.parse(one).diagnostics[0])


def test_15_carries_a_claim_that_nobody_sent(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM15"))
    sent, stranger = answers.paid()
    assert sent[1] == "C1"
    assert stranger[1].startswith("UNSENT")
    assert total(answers) == ["176"]


@pytest.mark.parametrize(
    ("number", "returned"), [("abc-123-x", "ABC-123"), ("abcdefghij0123456789", "ABCDEFGHIJ0123456")]
)
def test_16_returns_the_claim_number_upper_cased_and_truncated(
    partner: Partner, number: str, returned: str
) -> None:
    answers = send(partner, 1, SentClaim(number, "MEM16"))
    assert answers.statuses("277CA_PAYER") == {number: ["A2:20:PR"]}
    assert answers.paid()[0][1] == returned
    assert answers.paid()[0][7] == answers.control_numbers()[number]


def test_17_pays_interest_outside_the_claim_balance(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM17"))
    assert "AMT*I*1.28" in services(answers.one("835"), "C1")
    assert adjustments(answers)[0][3:5] == [f"L6:{answers.control_numbers()['C1']}", "-1.28"]
    assert answers.paid()[0][4] == "128"
    assert total(answers) == ["129.28"]


def test_18_is_forwarded_to_another_payer(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM18"))
    assert answers.paid()[0][1:6] == ["C1", "19", "160", "102.4", "25.6"]
    assert [segment[1] for segment in answers.one("835") if segment[0] == "NM1"] == ["QC", "82", "TT"]


def test_19_is_adjusted_at_claim_level_without_lines(partner: Partner) -> None:
    answers = send(partner, 1, SentClaim("C1", "MEM19"))
    file = answers.one("835")
    assert answers.paid()[0][3:5] == ["160", "128"]
    assert [segment for segment in file if segment[0] == "SVC"] == []
    assert file[[segment[0] for segment in file].index("CLP") + 1][:4] == ["CAS", "CO", "45", "32"]


def test_a_claim_number_sent_twice_is_rejected_as_a_duplicate(partner: Partner) -> None:
    first = send(partner, 1, SentClaim("C1", "MEM55"), SentClaim("C1", "MEM55"))
    assert len(first.paid()) == 1
    second = send(partner, 2, SentClaim("C1", "MEM77"), SentClaim("C2", "MEM77"))
    assert second.statuses("277CA_CH") == {"C1": ["A3:54"], "C2": ["A2:20"]}
    assert [row[1] for row in second.paid()] == ["C2"]


def test_claims_are_paid_together_per_payer_and_payee(partner: Partner) -> None:
    claims = [
        SentClaim(f"C{n}", "MEM55", payer=payer, payee=payee)
        for n, (payer, payee) in enumerate(
            [("P1", "1234567893"), ("P2", "1234567893"), ("P1", "1234567893"), ("P1", PAYER_TWO_NPI)]
        )
    ]
    answers = send(partner, 1, *claims)
    file = answers.one("835")
    assert total(answers) == ["256", "128", "128"]
    assert len({segment[2] for segment in file if segment[0] == "TRN"}) == 3
    assert [segment[1:] for segment in file if segment[0] == "N1"][:2] == [
        ["PR", "PAYER P1", "XV", "P1"], ["PE", "LAKE CLINIC", "XX", "1234567893"],
    ]  # fmt: skip
    assert [s[3] for s in answers.one("277CA_PAYER") if s[:2] == ["NM1", "PR"]] == ["PAYER P1", "PAYER P2"]


def test_a_secondary_payer_pays_what_the_primary_left_to_the_patient(partner: Partner) -> None:
    other = ("SBR*P*18*******MB", "AMT*D*90", "OI***Y***Y", "NM1*IL*1*DOE*JANE****MI*MBI1", "N3*2 ELM STREET",
             "N4*SPRINGFIELD*IL*62701", "NM1*PR*2*MEDICARE*****PI*MCARE")  # fmt: skip
    told = {1: ("SVD*MCARE*90*HC:99213:25**1", "CAS*CO*45*2", "CAS*PR*2*8", "DTP*573*D8*20261020")}
    claim = SentClaim("C1", "MEM55", charges=(100,), sbr="SBR*S*18*******CI", line_extra=told)
    text = claim_file([claim]).replace("~LX*1~", "~" + "~".join(other) + "~LX*1~")
    body = text[text.index("ST*") : text.index("~SE*") + 1]
    text = text[: text.index("~SE*") + 1] + f"SE*{body.count('~') + 1}*0001~GE*1*1~IEA*1*000000001~"
    answers = partner.exchange("second.837", text)
    assert answers.paid()[0][1:5] == ["C1", "2", "100", "8"]
    assert "CAS*OA*23*92" in services(answers.one("835"), "C1")


def test_every_835_balances_to_the_cent_whatever_the_charges(partner: Partner) -> None:
    endings = [key.key or "77" for key in SCENARIOS.values() if key.key not in ("14", "07", "08", "09", "90")]
    claims = [
        replace(SentClaim(f"C{n}", f"MEM{ending}", charges=(33 + n, 7, 199)), total=str(239 + n))
        for n, ending in enumerate(endings)
    ]
    text = claim_file(claims)
    for n, _ in enumerate(endings):
        text = text.replace(f"*{33 + n}*UN", f"*{33 + n}.33*UN").replace(
            f"*{239 + n}***", f"*{239 + n}.33***"
        )
    answers = partner.exchange("cents.837", text)
    paid = sum(Decimal(row[4]) for row in answers.paid())
    taken = sum(Decimal(segment[4]) for segment in adjustments(answers))
    assert sum(Decimal(amount) for amount in total(answers)) == paid - taken
    assert len(answers.paid()) == len(endings) + 4
