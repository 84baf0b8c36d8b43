"""Writes the 277CA (005010X214), the clearinghouse's own and the payer's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sandbox.claims import Claim, Name, Submission
from sandbox.x12 import clean, composite, line, money, transaction

GUIDE_277CA = "005010X214"
CLEARINGHOUSE = Name("SANDBOX CLEARINGHOUSE", id_qualifier="46", id="SANDBOXCH", kind="2")


@dataclass(frozen=True, slots=True)
class Status:
    """One claim's verdict; each code is category, status and perhaps entity."""

    claim: Claim
    codes: tuple[tuple[str, ...], ...]
    control_number: str = ""
    """REF*1K, the payer claim control number."""

    @property
    def accepted(self) -> bool:
        return self.codes[0][0] in ("A1", "A2")


def set_277ca(
    number: int,
    source: Name,
    submission: Submission,
    statuses: list[Status],
    received: datetime,
    when: datetime,
) -> list[str]:
    """One 277CA set: what `source` says about the claims of one 837 set."""
    return transaction(
        "277", number, GUIDE_277CA, _body(number, source, submission, statuses, received, when)
    )


def _body(
    number: int,
    source: Name,
    submission: Submission,
    statuses: list[Status],
    received: datetime,
    when: datetime,
) -> Iterator[str]:
    day, reference = when.strftime("%Y%m%d"), f"{when:%Y%m%d%H%M%S}{number:04d}"
    yield line("BHT", "0085", "08", reference, day, when.strftime("%H%M%S"), "TH")
    yield line("HL", "1", "", "20", "1")
    entity = "AY" if source is CLEARINGHOUSE else "PR"
    yield _named(entity, source)
    yield line("TRN", "1", reference)
    yield line("DTP", "050", "D8", received.strftime("%Y%m%d"))
    yield line("DTP", "009", "D8", day)
    yield line("HL", "2", "1", "21", "1")
    yield _named("41", submission.submitter)
    yield line("TRN", "2", clean(submission.batch))
    yield from _totals(statuses, day, "90", "AA")
    hl = 2
    for payee, told in groupby(statuses, key=lambda one: one.claim.payee):
        group = list(told)
        hl += 1
        provider = hl
        yield line("HL", str(hl), "2", "19", "1")
        yield _named("85", payee)
        yield line("TRN", "1", "0")
        yield from _totals(group, "", "QA", "QC")
        for status in group:
            hl += 1
            yield line("HL", str(hl), str(provider), "PT")
            yield from _claim(status, day)


def _totals(statuses: list[Status], day: str, accepted: str, rejected: str) -> Iterator[str]:
    """What was received on a level; the billing provider level (QA, QC) tells no day in its STC."""
    taken = [one.claim.charge for one in statuses if one.accepted]
    refused = [one.claim.charge for one in statuses if not one.accepted]
    yield line("STC", composite("A1", "19"), day, "WQ", money(sum(taken) + sum(refused)))
    if taken:
        yield line("QTY", accepted, str(len(taken)))
    if refused:
        yield line("QTY", rejected, str(len(refused)))
    if taken:
        yield line("AMT", "YU", money(sum(taken)))
    if refused:
        yield line("AMT", "YY", money(sum(refused)))


def _claim(status: Status, day: str) -> Iterator[str]:
    claim = status.claim
    patient, member = claim.patient, claim.subscriber
    yield _named("QC", Name(patient.last, patient.first, patient.middle, "MI", member.id))
    yield line("TRN", "2", clean(claim.number))
    first, *others = [composite(*code) for code in status.codes]
    action = "WQ" if status.accepted else "U"
    yield line("STC", first, day, action, money(claim.charge), "", "", "", "", "", *others[:2])
    if status.control_number:
        yield line("REF", "1K", status.control_number)
    start, end = claim.dates
    if start:
        yield line("DTP", "472", "D8", start) if start == end else line("DTP", "472", "RD8", f"{start}-{end}")


def _named(entity: str, name: Name) -> str:
    told = (clean(name.last), clean(name.first), clean(name.middle))
    return line("NM1", entity, name.kind, *told, "", "", name.id_qualifier, clean(name.id))
