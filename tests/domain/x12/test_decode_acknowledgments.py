"""TA1, 999 and 277CA back to facts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.x12.decode_277ca import Status, read_277ca, worst
from domain.x12.decode_999 import read_999
from domain.x12.decode_ta1 import read_ta1

Own = Callable[[str], bytes]


def test_every_set_of_a_999_is_judged_by_its_own_ik5(own: Own) -> None:
    (group,) = read_999(own("partial.999"))
    assert (group.functional_id, group.group_control_number, group.verdict) == ("HC", "17", "P")
    assert (group.included, group.received, group.accepted) == (3, 3, 2)
    assert [(one.control_number, one.verdict, one.accepted) for one in group.sets] == [
        ("0001", "A", True),
        ("0002", "E", True),
        ("0003", "R", False),
    ]


def test_a_999_tells_segment_element_and_context_of_each_fault(own: Own) -> None:
    sets = read_999(own("partial.999"))[0].sets
    first, second = sets[2].errors
    assert (first.segment_id, first.position, first.loop, first.code) == ("REF", 44, "2300", "I9")
    assert first.contexts == ("SITUATIONAL TRIGGER CLM 41 2300 5 3 1325", "CLM01 C-000006-1")
    assert [(one.element, one.reference, one.code, one.value) for one in second.elements] == [
        (3, "1251", "8", "20260230")
    ]
    assert sets[2].codes == ("5", "I5")


def test_ak9_accepting_the_group_does_not_hide_a_set_accepted_with_errors(own: Own) -> None:
    data = own("partial.999").replace(b"IK5*R*5*I5", b"IK5*E*5").replace(b"AK9*P*3*3*2", b"AK9*A*3*3*3")
    (group,) = read_999(data)
    assert [one.verdict for one in group.sets] == ["A", "E", "E"]


def test_a_set_without_ik5_is_not_accepted(own: Own) -> None:
    (group,) = read_999(own("partial.999").replace(b"IK5*A~\n", b""))
    assert [one.accepted for one in group.sets] == [False, True, False]


def test_a_ta1_is_read_with_its_verdict() -> None:
    data = (
        "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*BILLINGCO      *261121*0801*^*00501*000000900*0*P*:~\n"
        "TA1*000000401*261121*0800*R*006~\nIEA*0*000000900~\n"
    )
    (one,) = read_ta1(data.encode())
    assert (one.interchange_control_number, one.verdict, one.note, one.accepted) == (
        "000000401",
        "R",
        "006",
        False,
    )


def test_a_277ca_keeps_its_sender_and_the_batch_it_answers(own: Own) -> None:
    (answer,) = read_277ca(own("line-level.277ca"))
    assert (answer.sender.entity, answer.sender.is_payer, answer.batch_trace) == ("AY", False, "BATCH-17")
    assert answer.batch_verdict == "received"
    level = answer.levels[0]
    assert (level.accepted_count, level.rejected_count) == (1, 1)
    assert (level.accepted_cents, level.rejected_cents) == (18000, 30000)


def test_a_277ca_rejection_at_a_line_rejects_the_claim(own: Own) -> None:
    rejected, accepted = read_277ca(own("line-level.277ca"))[0].claims
    assert (rejected.claim_number, rejected.verdict, rejected.clearinghouse_trace) == (
        "C-000001-1",
        "rejected",
        "CH-000777",
    )
    assert [(one.category, one.code, one.entity) for one in rejected.statuses] == [
        ("A8", "116", ""), ("A7", "562", "82"), ("A6", "21", ""),
    ]  # fmt: skip
    (line,) = rejected.lines
    assert (line.procedure, line.charge_cents, line.control_number, line.verdict) == (
        "99213",
        20000,
        "L1",
        "rejected",
    )
    assert (rejected.service_from, rejected.service_to) == (date(2026, 10, 1), date(2026, 10, 3))
    assert (accepted.verdict, accepted.payer_claim_control_number, accepted.lines) == (
        "accepted",
        "ICN0000003",
        (),
    )


def status(category: str, action: str = "WQ") -> Status:
    return Status(category, "20", "", None, action, 0)


@pytest.mark.parametrize(
    ("categories", "verdict"),
    [
        (["A1"], "received"),
        (["A1", "A2"], "accepted"),
        (["A2", "A3"], "rejected"),
        (["A6"], "rejected"),
        (["A7"], "rejected"),
        (["A8", "A1"], "rejected"),
        (["A4"], "not_found"),
        (["A5"], "split"),
        ([], ""),
        (["F1"], ""),
    ],
)
def test_the_worst_of_several_statuses_counts(categories: list[str], verdict: str) -> None:
    assert worst([status(one) for one in categories]) == verdict


def test_the_action_u_rejects_whatever_the_category_says() -> None:
    assert status("A1", "U").verdict == "rejected"
    assert status("A4", "U").verdict == "not_found"


def test_the_answer_to_a_status_request_is_no_acknowledgment(samples: Path) -> None:
    assert (
        read_277ca(
            (samples / "imsweb-x12-parser/src__test__resources__277_5010__x12_277_x212.txt").read_bytes()
        )
        == ()
    )


def test_a_payers_277ca_with_odd_separators_is_read(samples: Path) -> None:
    name = "imsweb-x12-parser/src__test__resources__277_5010__x12_277CA_rejected.txt"
    (answer,) = read_277ca((samples / name).read_bytes())
    (claim,) = answer.claims
    assert answer.sender.is_payer
    assert (claim.verdict, claim.bill_type, claim.payer_claim_control_number) == (
        "rejected",
        "731",
        "1107000000001120",
    )


def test_a_count_of_thousands_of_digits_is_no_count(own: Own) -> None:
    plain = own("line-level.277ca")
    odd = plain.replace(b"QTY*90*1", b"QTY*90*" + b"9" * 5_000)
    assert str(read_277ca(odd)).count("None") == str(read_277ca(plain)).count("None") + 1
