"""What independent readers make of every sample: oxedi's claims, amounts and adjustments, pyx12's envelope and counts.

Every difference stands in a table with its explanation; a new one fails, and so does one that is gone.
"""

import io
from decimal import Decimal, InvalidOperation
from pathlib import Path

import oxedi
import pytest
from pyx12.errors import X12Error
from pyx12.x12file import X12Reader

from bench.remit import remittance
from domain.x12.check import check
from domain.x12.decode_835 import read_835
from domain.x12.envelope import transaction_sets
from domain.x12.errors import Unreadable
from domain.x12.facts_835 import Transaction835
from domain.x12.reader import segments

ROOT = Path(__file__).parents[2] / "data" / "x12"
FILES = {
    path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.glob("*/*")) if path.name != "README.md"
}
# pyx12's codes for what our rules say of the same thing.
SAME_FAULT = {
    ("isa", "001"): "X12-ENV-003", ("isa", "021"): "X12-ENV-004", ("isa", "023"): "X12-ENV-002", ("isa", "025"): "X12-ENV-017",
    ("gs", "3"): "X12-ENV-005", ("gs", "4"): "X12-ENV-006", ("gs", "5"): "X12-ENV-007", ("gs", "6"): "X12-ENV-017",
    ("st", "2"): "X12-ENV-008", ("st", "3"): "X12-ENV-009", ("st", "4"): "X12-ENV-010", ("st", "23"): "X12-ENV-017",
    ("seg", "HL1"): "HL-001", ("seg", "HL2"): "HL-002",
}  # fmt: skip
Envelope = tuple[list[str], list[tuple[str, str]], set[str]]


def is_835(path: Path) -> bool:
    try:
        return any(one.kind == "835" for one in transaction_sets(path.read_bytes()))
    except Unreadable:
        return False


REMITTANCES = [name for name, path in FILES.items() if is_835(path)]

# ---- oxedi -------------------------------------------------------------------------------------------------------

OXEDI_DIFFERS: dict[str, str] = {
    "pyx12/x12testdata.mult_isa.source.txt": "Its 835s are empty envelopes of 4010: we refuse a payment without BPR, oxedi reads "
    "it as one without claims.",
}  # fmt: skip


def rows(result: oxedi.Result, table: str) -> list[dict[str, str]]:
    """A table of oxedi's from its text form; its other forms need an Arrow library."""
    lines = [line for line in result.tables[table].render().split("\n") if " | " in line]
    if not lines:
        return []
    names = [column.split(":")[0] for column in lines[0].split(" | ")]
    return [dict(zip(names, line.split(" | "), strict=True)) for line in lines[1:]]


def in_cents(text: str) -> int | str:
    try:
        return 0 if text == "∅" else int(Decimal(text) * 100)
    except InvalidOperation:
        return text


def theirs_835(data: bytes) -> dict[str, list[tuple[object, ...]]] | str:
    try:
        found = oxedi.parse(data)
    except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
        return type(error).__name__
    return {
        "claims": [
            (
                one["claim_id"],
                one["claim_status"],
                in_cents(one["charge_amount"]),
                in_cents(one["payment_amount"]),
            )
            for one in rows(found, "claims")
        ],
        "services": [
            (in_cents(one["charge_amount"]), in_cents(one["payment_amount"]))
            for one in rows(found, "services")
        ],
        "adjustments": sorted(
            (one["group_code"], one["reason_code"], in_cents(one["amount"]))
            for one in rows(found, "adjustments")
        ),
        "provider": [
            (one["reason_code"], in_cents(one["amount"])) for one in rows(found, "provider_adjustments")
        ],
    }


def ours_835(data: bytes) -> dict[str, list[tuple[object, ...]]] | str:
    try:
        payments: list[Transaction835] = list(read_835(data))
    except Unreadable as refusal:
        return refusal.code
    claims = [claim for payment in payments for claim in payment.claims]
    return {
        "claims": [(one.claim_number, one.status, one.charge_cents, one.paid_cents) for one in claims],
        "services": [(line.charge_cents, line.paid_cents) for one in claims for line in one.services],
        "adjustments": sorted(one[:3] for claim in claims for one in claim.all_adjustments),
        "provider": [
            (one.reason, one.cents) for payment in payments for one in payment.trailer.provider_adjustments
        ],
    }


@pytest.mark.parametrize("name", [*REMITTANCES, "generated"])
def test_oxedi_reads_the_same_claims_amounts_and_adjustments(name: str) -> None:
    data = b"".join(remittance(60_000)) if name == "generated" else FILES[name].read_bytes()
    theirs, ours = theirs_835(data), ours_835(data)
    if isinstance(theirs, str) or isinstance(ours, str):
        difference = (
            "" if isinstance(theirs, str) and isinstance(ours, str) else f"oxedi: {theirs}, ours: {ours}"
        )
    else:
        difference = ", ".join(table for table in ours if ours[table] != theirs[table])
    assert bool(difference) == (name in OXEDI_DIFFERS), (difference, theirs, ours)


# ---- pyx12 -------------------------------------------------------------------------------------------------------

_VERSION = "pyx12 takes the ISA's version by its fixed place and stops at one that it does not know: "
PYX12_DIFFERS: dict[str, str] = {
    "genformai-edi-cli/shared__test-data__simple-835.edi": f"{_VERSION}this ISA is a byte short, which we tell (X12-ENV-001).",
    "imsweb-x12-parser/src__test__resources__837_5010__x12_bad_first_line.txt": f"{_VERSION}this ISA is a byte short, which we "
    "tell (X12-ENV-001).",
    "xlate-staedi/src__test__resources__x12__sample837-original.edi": f"{_VERSION}00402, which we tell (X12-ENV-018) and read on.",
    "xlate-staedi/src__test__resources__x12__sample837-small.edi": f"{_VERSION}00402, which we tell (X12-ENV-018) and read on.",
    "xlate-staedi/src__test__resources__x12__sample837-HL-nested.edi": "Its sets name no guide of ours (GS08 005010), so that we "
    "check envelope and elements alone; pyx12 counts HL in any set.",
}  # fmt: skip


def theirs_envelope(data: bytes) -> Envelope | str:
    """(segment ids, control numbers, faults of the envelope) as pyx12's reader has them."""
    ids, numbers, faults = [], [], []
    try:
        reader = X12Reader(io.StringIO(data.decode("latin-1")))
        for one in reader:
            ids.append(one.get_seg_id())
            numbers += control_number(
                ids[-1],
                {at: one.get_value(f"{ids[-1]}{at:02d}") or "" for at in (2, 6, 13)}
                if ids[-1] in CONTROL
                else {},
            )
            faults += reader.pop_errors()
        reader.cleanup()
        faults += reader.pop_errors()
    except X12Error as error:
        return f"{error}"
    return ids, numbers, {SAME_FAULT[kind, code] for kind, code, *_ in faults if (kind, code) in SAME_FAULT}


CONTROL = {"ISA": 13, "GS": 6, "ST": 2, "SE": 2, "GE": 2, "IEA": 2}


def control_number(segment_id: str, elements: dict[int, str]) -> list[tuple[str, str]]:
    return [(segment_id, elements[CONTROL[segment_id]].strip())] if segment_id in CONTROL else []


def ours_envelope(data: bytes) -> Envelope | str:
    try:
        found = list(segments(data))
        told = {one.rule for one in check(data)}
    except Unreadable as refusal:
        return refusal.code
    numbers = [
        pair for one in found for pair in control_number(one.id, {at: one.get(at) for at in (2, 6, 13)})
    ]
    known = set(SAME_FAULT.values())
    faults = {rule if rule in known else rule.partition("-")[2] for rule in told}
    return [one.id for one in found], numbers, faults & known


@pytest.mark.parametrize("name", FILES)
def test_pyx12_sees_the_same_segments_control_numbers_and_envelope_faults(name: str) -> None:
    data = FILES[name].read_bytes()
    theirs, ours = theirs_envelope(data), ours_envelope(data)
    if isinstance(theirs, str) or isinstance(ours, str):
        difference = f"pyx12: {theirs}" if isinstance(theirs, str) else f"ours: {ours}"
    else:
        pairs = zip(("segments", "control numbers", "faults"), theirs, ours, strict=True)
        difference = ", ".join(what for what, one, other in pairs if one != other)
    told = (theirs[2], ours[2]) if not isinstance(theirs, str) and not isinstance(ours, str) else ""
    assert bool(difference) == (name in PYX12_DIFFERS), (difference, told)


def test_every_difference_is_explained_and_of_a_file_that_is_there() -> None:
    assert set(OXEDI_DIFFERS) <= set(REMITTANCES) and set(PYX12_DIFFERS) <= set(FILES)
    assert all(len(why) > 30 for why in (*OXEDI_DIFFERS.values(), *PYX12_DIFFERS.values()))
    assert len(REMITTANCES) > 10
